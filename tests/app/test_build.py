"""From files to an edition, on a landscape small enough to be worked by hand."""

import errno
import hashlib
import json
import os
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests import landscape
from tests.landscape import CAMBRIDGE, FEW, OXFORD, PASTEUR, organization, project
from triplehelix.app.build import build
from triplehelix.app.config import Config, Kinds
from triplehelix.errors import EditionError, SourceError
from triplehelix.query import Query
from triplehelix.store import parquet
from triplehelix.tables import EDITION

ISIS = "companies:isis cells limited, GB"
GRANTA = "companies:granta genomics ltd, GB"


@pytest.fixture(scope="module", autouse=True)
def _gazetteer_once():
    with landscape.gazetteer_once():
        yield


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """The edition of the few organisations of `landscape`."""
    home = tmp_path_factory.mktemp("few")
    return build(landscape.write(home / "files"), home / "edition", FEW)


def rows(edition, sql):
    return [tuple(row.values()) for row in edition.rows(Query("asked", sql))]


def test_organisations_are_those_of_the_sources_and_no_others(few):
    asked = "select organisation_id, name, helix, country, sources from organisations order by 1"
    assert rows(few, asked) == [
        (GRANTA, "Granta Genomics Ltd", "industry", "GB", ["companies"]),
        (ISIS, "Isis Cells Limited", "industry", "GB", ["companies", "cordis"]),
        ("cordis:1002", "Babraham Bio Ltd", "industry", "GB", ["cordis"]),
        ("cordis:1003", "Addenbrooke Trials Ltd", "industry", "GB", ["cordis"]),
        ("cordis:2003", "Headington Scanners Ltd", "industry", "GB", ["cordis"]),
        ("cordis:4001", "cordis:4001", "unknown", "DE", ["cordis"]),
        (CAMBRIDGE, "University of Cambridge", "academia", "GB", ["cordis"]),
        (PASTEUR, "Institut Pasteur", "nonprofit", "FR", ["cordis"]),
        (OXFORD, "University of Oxford", "academia", "GB", ["cordis"]),
    ]


def test_each_stands_where_its_best_record_says(few):
    asked = "select organisation_id, name, lat, lon, precision from sites order by 1"
    assert rows(few, asked) == [
        (GRANTA, "Cambridge", 52.21, 0.1, "address"),
        (ISIS, "Oxford", 51.75, -1.25, "address"),
        ("cordis:1002", "Cambridge", 52.19, 0.13, "district"),
        ("cordis:1003", "Cambridge", 52.17501, 0.14048, "address"),
        ("cordis:2003", "Oxford", 51.75222, -1.25596, "city"),
        ("cordis:4001", None, None, None, "country"),
        (CAMBRIDGE, "Cambridge", 52.2, 0.11667, "city"),
        (PASTEUR, "Paris", 48.85341, 2.3488, "city"),
        (OXFORD, "Oxford", 51.75222, -1.25596, "city"),
    ]


def test_activities_are_as_written_and_unknown_is_not_nought(few):
    asked = (
        """select activity_id, title, start, "end", amount, currency from activities order by 1"""
    )
    last = date(2017, 12, 31)
    assert rows(few, asked) == [
        ("cordis:101", "Vaccines for all", date(2015, 1, 1), last, Decimal(100_000), "EUR"),
        ("cordis:102", None, date(2016, 5, 1), last, Decimal("250000.50"), "EUR"),
        ("cordis:103", None, date(2015, 1, 1), last, None, "EUR"),
    ]


def test_an_activity_is_shared_out_evenly_and_wholly(few):
    """Three share the first, two the second, four the third; a third is rounded to 1e-9."""
    asked = """select activity_id, organisation_id, role, amount, round(share, 8)
               from participations order by 1, 2"""
    third = 0.33333333
    assert rows(few, asked) == [
        ("cordis:101", CAMBRIDGE, "lead", Decimal("60000.25"), third),
        ("cordis:101", PASTEUR, "partner", Decimal(0), third),
        ("cordis:101", OXFORD, "partner", None, third),
        ("cordis:102", ISIS, "partner", Decimal("125000.25"), 0.5),
        ("cordis:102", "cordis:1002", "lead", Decimal("125000.25"), 0.5),
        ("cordis:103", "cordis:1003", "partner", None, 0.25),
        ("cordis:103", "cordis:2003", "partner", None, 0.25),
        ("cordis:103", "cordis:4001", "partner", None, 0.25),
        ("cordis:103", CAMBRIDGE, "lead", None, 0.25),
    ]
    parts = (
        "select sum(round(share * 1e9)::bigint)::bigint from participations group by activity_id"
    )
    assert rows(few, parts) == [(10**9,)] * 3


def test_a_title_and_a_code_tell_their_themes(few):
    asked = "select activity_id, theme, weight, how from activity_themes order by 1"
    assert rows(few, asked) == [
        ("cordis:101", "vaccines", 1.0, "keyword"), ("cordis:102", "immunology", 1.0, "code"),
    ]  # fmt: skip


def test_two_clusters_are_found_and_named(few):
    asked = """select name, countries, n_organisations, n_activities, weight, evidence
               from clusters order by 1"""
    assert rows(few, asked) == [
        ("Cambridge", ["GB"], 4, 3, 4.0, "untested"), ("Oxford", ["GB"], 3, 3, 3.0, "untested"),
    ]  # fmt: skip
    members = "select name, list(organisation_id order by organisation_id) from memberships " \
              "join clusters using (cluster_id) group by name order by name"  # fmt: skip
    assert rows(few, members) == [
        ("Cambridge", [GRANTA, "cordis:1002", "cordis:1003", CAMBRIDGE]),
        ("Oxford", [ISIS, "cordis:2003", OXFORD]),
    ]


def test_ties_are_fractional(few):
    """
    The first activity has 3 pairs, the second 1, the third 6, of which Cambridge holds one.

    Cambridge with Oxford: 1/3 + 1 + 2/6; with Germany 2/6 (Oxford 1/6); with France 1/3.
    """
    asked = """select f.name, coalesce(t.name, "to"), round(l.weight, 8), l.n_activities
               from links l join clusters f on f.cluster_id = "from"
               left join clusters t on t.cluster_id = "to" where l.theme = 'all'"""
    between = {frozenset(row[:2]): row[2:] for row in rows(few, asked)}
    assert between == {
        frozenset(["Cambridge"]): (0.16666667, 1),
        frozenset(["Cambridge", "Oxford"]): (1.66666667, 3),
        frozenset(["Cambridge", "GB"]): (1.66666667, 3),
        frozenset(["Oxford", "GB"]): (1.66666667, 3),
        frozenset(["Cambridge", "FR"]): (0.33333333, 1),
        frozenset(["Oxford", "FR"]): (0.33333333, 1),
        frozenset(["Cambridge", "DE"]): (0.33333333, 1),
        frozenset(["Oxford", "DE"]): (0.16666667, 1),
    }


def test_counts_of_the_profiles_are_those_of_the_clusters(few):
    asked = """select name, measure, p.period, value from profiles p join clusters using (cluster_id)
               where p.theme = 'all' and measure in ('n_organisations', 'n_activities',
                                                     'activity_share', 'amount_EUR')"""
    found = {row[:3]: row[3] for row in rows(few, asked)}
    assert found["Cambridge", "n_organisations", "all"] == 4
    assert found["Cambridge", "n_activities", "all"] == 3
    assert found["Cambridge", "n_activities", "2016/2016"] == 1
    assert found["Cambridge", "activity_share", "all"] == pytest.approx(
        1 / 3 + 1 / 2 + 2 / 4, abs=2e-9
    )
    assert found["Cambridge", "amount_EUR", "all"] == 60000.25 + 125000.25
    assert found["Oxford", "amount_EUR", "all"] == 125000.25


@pytest.mark.parametrize(("kind", "table", "key"), [
    ("organisation", "organisations", "organisation_id"),
    ("activity", "activities", "activity_id"),
    ("participation", "participations", "participation_id"),
])  # fmt: skip
def test_records_stand_behind_every_row(few, kind, table, key):
    """And no record leads to nothing; its file is one that was read."""
    asked = f"select distinct entity_id from records where entity_kind = '{kind}' order by 1"
    assert rows(few, asked) == rows(few, f"select {key} from {table} order by 1")
    files = {each["file"] for each in few.manifest["inputs"]}
    assert {file for (file,) in rows(few, "select distinct file from records")} <= files
    named = "select count(*) from participations anti join records using (record_id)"
    assert rows(few, named) == [(0,)]


def test_a_joined_record_leads_on_from_the_id_it_had(few):
    assert rows(few, "select * from successors order by 1") == [
        ("cordis:1001", CAMBRIDGE), ("cordis:2001", OXFORD), ("cordis:2002", ISIS),
        ("cordis:3001", PASTEUR),
    ]  # fmt: skip


def test_rows_read_are_the_lines_of_the_files(few):
    counted = {each["file"]: (each["rows_read"], each["rows_kept"], each["rows_rejected"])
               for each in few.manifest["inputs"]}  # fmt: skip
    assert counted == {
        "cordis/organization.csv.gz": (9, 9, 0), "cordis/project.csv": (3, 3, 0),
        "cordis/euroSciVoc.csv": (1, 1, 0), "files/ror-data.json": (3, 3, 0),
        "files/outcodes.csv": (1, 1, 0), "files/companies.csv": (2, 2, 0),
    }  # fmt: skip


def test_every_table_is_there_with_its_columns_in_the_order_of_its_key(few):
    assert {path.stem for path in few.path.glob("*.parquet")} == set(EDITION)
    for name, spec in EDITION.items():
        table = pq.read_table(few.path / f"{name}.parquet")
        assert table.schema.remove_metadata().equals(spec.schema), name
        keys = table.select(spec.key).to_pylist()
        texts = [tuple(key.values()) for key in keys]
        assert len(set(texts)) == len(texts), f"{name}: a key stands twice"
        assert texts == sorted(texts), name


def test_the_manifest_says_what_the_edition_is_made_of(few, tmp_path):
    manifest = json.loads((few.path / "edition.json").read_text("utf-8"))
    assert manifest["name"] == "A few"
    assert manifest["id"] == few.id == few.path.name
    assert manifest["sample"] is False
    assert manifest["warnings"] == []
    assert manifest["parameters"]["detect"]["radius_km"] == 8
    assert {"duckdb", "numba", "pyarrow", "triplehelix"} <= set(manifest["versions"])
    assert "Nobody's data" in manifest["attribution"]
    assert any("CORDIS" in words for words in manifest["attribution"])
    for name, described in manifest["tables"].items():
        file = few.path / f"{name}.parquet"
        assert described["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
        assert described["rows"] == pq.read_metadata(file).num_rows == manifest["counts"][name]


def test_an_edition_does_not_say_where_it_was_built(few):
    said = (few.path / "edition.json").read_text("utf-8")
    assert str(few.path.parent.parent) not in said


def test_without_a_name_an_edition_is_called_after_its_sources(tmp_path):
    paths = landscape.write(tmp_path / "files")
    assert build(paths[:2], tmp_path / "edition").manifest["name"] == (
        "EU research projects (CORDIS)"
    )


# --- What is read again, and what is not ---------------------------------------------------------


class Heard(list):
    """The stages that were announced, in order."""

    def __call__(self, stage, done, total):
        if not self or self[-1] != stage:
            self.append(stage)


def test_nothing_is_done_twice(tmp_path):
    paths, into = landscape.write(tmp_path / "files"), tmp_path / "edition"
    first = build(paths, into, FEW)
    changed = (first.path / "edition.json").stat().st_mtime_ns
    heard = Heard()
    again = build(paths[::-1], into, FEW, progress=heard)
    assert heard == []
    assert again.id == first.id
    assert (again.path / "edition.json").stat().st_mtime_ns == changed
    assert landscape.around(into) == {"edition", "edition.cache", "edition.editions"}


def made(into: Path) -> set[str]:
    """The finished results in the cache."""
    return {f"{place.parent.name}/{place.name}" for place in into.with_name("edition.cache").glob("*/*")
            if place.is_dir()}  # fmt: skip


def stages_of(results: set[str]) -> set[str]:
    return {result.partition("/")[0] for result in results}


def test_another_radius_is_computed_from_detection_on(tmp_path):
    paths, into = landscape.write(tmp_path / "files"), tmp_path / "edition"
    first = build(paths, into, FEW)
    before = made(into)
    wider = Config(name="A few", detect=FEW.detect.model_copy(update={"radius_km": 9.0}))
    heard = Heard()
    second = build(paths, into, wider, progress=heard)
    after = ["detect", "overlaps", "link", "measure", "forecasts", "prospects", "lineage"]
    assert heard == [*after, "write"]
    assert stages_of(made(into) - before) == set(after)
    assert second.id != first.id
    assert first.path.is_dir(), "an earlier edition stays until it is pruned"
    assert into.resolve() == second.path


def test_only_the_file_that_changed_is_read_again(tmp_path):
    paths, into = landscape.write(tmp_path / "files"), tmp_path / "edition"
    build(paths, into, FEW)
    before = made(into)
    firms = tmp_path / "files" / "companies.csv"
    firms.write_text(firms.read_text("utf-8").replace("Granta", "Cherwell"), "utf-8")
    heard = Heard()
    second = build(paths, into, FEW, progress=heard)
    new = made(into) - before
    assert [stage for stage in heard if stage.startswith("read")] == ["read files/companies.csv"]
    assert sum(result.startswith("read/") for result in new) == 1
    assert "gazetteer" not in stages_of(new)
    assert ("Cherwell Genomics Ltd",) in rows(second, "select name from organisations")


def test_going_back_to_earlier_parameters_finds_the_earlier_edition(tmp_path):
    paths, into = landscape.write(tmp_path / "files"), tmp_path / "edition"
    first = build(paths, into, FEW)
    build(paths, into, Config(name="Others"))
    heard = Heard()
    assert build(paths, into, FEW, progress=heard).id == first.id
    assert heard == []
    assert into.resolve() == first.path


def test_the_name_alone_makes_another_edition_of_the_same_tables(tmp_path):
    paths, into = landscape.write(tmp_path / "files"), tmp_path / "edition"
    first = build(paths, into, FEW)
    second = build(paths, into, FEW.model_copy(update={"name": "Other"}))
    assert second.id != first.id
    assert landscape.table_bytes(second.path) == landscape.table_bytes(first.path)


def test_an_edition_lost_from_the_disk_is_made_again_from_the_cache(tmp_path):
    paths, into = landscape.write(tmp_path / "files"), tmp_path / "edition"
    first = build(paths, into, FEW)
    before = made(into)
    (first.path / "edition.json").unlink()
    again = build(paths, into, FEW)
    assert again.id == first.id
    assert made(into) == before
    assert rows(again, "select count(*) from organisations") == [(9,)]


def test_a_disk_that_is_full_when_the_edition_is_written(tmp_path, monkeypatch):
    """Every stage is finished by then; once there is room, only the writing is left to do."""
    paths, into = landscape.write(tmp_path / "files"), tmp_path / "edition"
    earlier = build(paths, into)

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(parquet, "write", full)
        with pytest.raises(EditionError, match="No space left on device.; free some space"):
            build(paths, into, FEW)
    assert into.resolve() == earlier.path
    assert [path.name for path in into.with_name("edition.editions").iterdir()] == [earlier.id]
    heard = Heard()
    assert build(paths, into, FEW, progress=heard).manifest["name"] == "A few"
    assert heard == ["write"]


def test_a_damaged_cache_says_which_folder_to_remove(tmp_path):
    paths, into = landscape.write(tmp_path / "files"), tmp_path / "edition"
    first = build(paths, into, FEW)
    for file in into.with_name("edition.cache").glob("locate/*/sites.parquet"):
        file.write_bytes(file.read_bytes()[:-50])
    wider = FEW.model_copy(update={"detect": FEW.detect.model_copy(update={"radius_km": 9.0})})
    with pytest.raises(EditionError, match="remove the folder .*edition.cache"):
        build(paths, into, wider)
    shutil.rmtree(into.with_name("edition.cache"))
    assert build(paths, into, wider).id != first.id


def test_a_file_that_changes_while_it_is_read_is_not_taken_for_what_it_was(tmp_path):
    paths, into = landscape.write(tmp_path / "files"), tmp_path / "edition"
    firms = tmp_path / "files" / "companies.csv"

    def change(stage, done, total):
        if stage == "read files/companies.csv":
            firms.write_text(firms.read_text("utf-8").replace("Granta", "Cherwell"), "utf-8")

    with pytest.raises(SourceError, match="changed while it was read; run the same command again"):
        build(paths, into, FEW, progress=change)
    named = rows(build(paths, into, FEW), "select name from organisations")
    assert ("Cherwell Genomics Ltd",) in named


# --- Rows that are set apart ---------------------------------------------------------------------


def test_a_row_that_is_set_apart_has_left_no_trace(tmp_path):
    """An edition is the same, byte for byte, as one built without the rows in its rejects."""
    spoilt = [
        organization(101, 1001, "CAMBRIDGE UNIVERSITY", "OXFORD", role="coordinator"),  # repeats
        organization(999, 5001, "NOBODY LTD", "CAMBRIDGE"),  # a project that is in no file
        organization(101, 5002, "DEBTOR LTD", "CAMBRIDGE", ecContribution="-5"),
        organization(101, 5003, "SOMEWHERE LTD", "CAMBRIDGE", geolocation="0.1,520.2"),
    ]
    plain = build(landscape.write(tmp_path / "a" / "files"), tmp_path / "plain", FEW)
    other = build(
        landscape.write(
            tmp_path / "b" / "files",
            organizations=[*landscape.ORGANIZATIONS, *spoilt],
            projects=[*landscape.PROJECTS, project(104, endDate="2014-12-31")],
        ),
        tmp_path / "other", FEW,
    )  # fmt: skip
    here, there = landscape.table_bytes(plain.path), landscape.table_bytes(other.path)
    assert [name for name in here if here[name] != there[name]] == ["rejects"]
    reasons = dict(rows(other, "select file || ' ' || row, reason from rejects"))
    assert set(reasons) == {f"cordis/organization.csv.gz {n}" for n in range(10, 14)} | {
        "cordis/project.csv 4"}  # fmt: skip
    assert "repeats 101/1001/coordinator" in reasons["cordis/organization.csv.gz 10"]
    assert "names activity 999" in reasons["cordis/organization.csv.gz 11"]
    assert "negative" in reasons["cordis/organization.csv.gz 12"]
    assert "out of range" in reasons["cordis/organization.csv.gz 13"]
    assert "before startDate" in reasons["cordis/project.csv 4"]
    counted = {i["file"]: (i["rows_read"], i["rows_kept"], i["rows_rejected"])
               for i in other.manifest["inputs"] if i["rows_rejected"]}  # fmt: skip
    assert counted == {"cordis/organization.csv.gz": (13, 9, 4), "cordis/project.csv": (4, 3, 1)}


def test_a_withdrawn_id_leads_to_the_last_of_its_successors(tmp_path):
    def after(ror_id, successor):
        return landscape.ror(
            ror_id, f"Withdrawn {ror_id[-2:]}", landscape.IN_OXFORD, status="withdrawn",
            relationships=[{"type": "successor", "id": successor, "label": "it"}],
        )  # fmt: skip

    first, second = "https://ror.org/0aaaaaa11", "https://ror.org/0aaaaaa22"
    edition = build(
        landscape.write(tmp_path / "files",
                        registry=[*landscape.REGISTRY, after(first, second), after(second, OXFORD)]),
        tmp_path / "edition", FEW,
    )  # fmt: skip
    asked = "select earlier_id, organisation_id from successors where earlier_id like '%/0aaaaaa%'"
    assert rows(edition, asked + " order by 1") == [(first, OXFORD), (second, OXFORD)]


def test_a_figure_of_nobody_is_set_apart(tmp_path):
    (tmp_path / "staff.csv").write_text("who,n\nGranta Genomics Ltd,12\nNobody Ltd,3\n")
    (tmp_path / "firms.csv").write_text("who\nGranta Genomics Ltd\n")
    (tmp_path / "firms.map.yaml").write_text(
        "source: firms\ntables:\n"
        "  - {file: firms.csv, rows: organisation, columns: {name: who}}\n"
        "  - {file: staff.csv, rows: figure, "
        "columns: {name: who, measure: {constant: staff}, value: n}}\n"
    )
    edition = build([tmp_path / "firms.map.yaml"], tmp_path / "edition", FEW)
    assert rows(edition, "select measure, value from figures") == [("staff", 12.0)]
    [(row, reason)] = rows(edition, "select row, reason from rejects")
    assert row == 2
    assert "names organisation" in reason
    assert "give the file that lists it" in reason


def test_two_tables_of_one_file_say_two_things(tmp_path):
    """Of each row both the firm and its landlord are read; neither repeats the other."""
    (tmp_path / "firms.csv").write_text("firm,landlord\nA Ltd,B Ltd\nC Ltd,D Ltd\nA Ltd,B Ltd\n")
    (tmp_path / "firms.map.yaml").write_text(
        "source: firms\ntables:\n"
        "  - {file: firms.csv, rows: organisation, columns: {name: firm}}\n"
        "  - {file: firms.csv, rows: organisation, columns: {name: landlord}}\n"
    )
    edition = build([tmp_path / "firms.map.yaml"], tmp_path / "edition", FEW)
    assert rows(edition, "select name from organisations order by 1") == [
        ("A Ltd",), ("B Ltd",), ("C Ltd",), ("D Ltd",)]  # fmt: skip
    assert sorted(edition.rejects["row"]) == [3, 3]


def test_a_build_without_reference_data_has_all_tables(tmp_path):
    """No registry, no postcodes, no codes: the sources' own ids, the gazetteer's towns."""
    [cordis, *_] = landscape.write(tmp_path / "files")
    edition = build([cordis], tmp_path / "edition", FEW)
    assert rows(edition, "select count(*) from organisations where organisation_id like 'cordis:%'") \
        == [(8,)]  # fmt: skip
    assert rows(edition, "select name, n_organisations from clusters order by 1") == [
        ("Cambridge", 3), ("Oxford", 3)]  # fmt: skip


def test_a_build_of_reference_data_alone_adds_no_organisation(tmp_path):
    _, registry, *_ = landscape.write(tmp_path / "files")
    edition = build([registry], tmp_path / "edition", FEW)
    assert edition.manifest["counts"]["organisations"] == 0
    assert edition.manifest["counts"]["clusters"] == 0
    assert pa.types.is_binary(edition.arrow(Query("c", "select footprint from clusters"))[0].type)


def test_kinds_by_the_thresholds_of_the_config(few, tmp_path):
    """With one activity enough, what joins two of a cluster's own organisations tells it."""
    asked = "select kind from clusters order by name"
    assert rows(few, asked) == [(None,), (None,)]
    low = FEW.model_copy(update={"kinds": Kinds(min_activities=1, collaborating_above=0)})
    edition = build(landscape.write(tmp_path / "files"), tmp_path / "edition", low)
    joint = """
        select count(*) > 0 from clusters c left join (
            select m.cluster_id, p.activity_id from participations p join memberships m
                using (site_id)
            group by all having count(distinct p.organisation_id) > 1) using (cluster_id)
        where activity_id is not null group by c.cluster_id, c.name order by c.name"""
    kinds = [
        (kind or "").split("; ")[-1] == "r&d-collaborating" for (kind,) in rows(edition, asked)
    ]
    assert sum(kinds) == len(rows(edition, joint)) > 0
    assert edition.manifest["parameters"]["kinds"]["min_activities"] == 1
