"""Editions compared with earlier ones, on a landscape small enough to be worked by hand."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests import landscape
from tests.app import small_edition
from tests.landscape import CAMBRIDGE, OXFORD
from triplehelix import open_edition
from triplehelix.app.build import build
from triplehelix.app.config import Config
from triplehelix.app.earlier import Earlier, changes_of_method
from triplehelix.cli import triplehelix as command_line
from triplehelix.errors import EditionError
from triplehelix.query import Query
from triplehelix.store.cache import file_hash
from triplehelix.tables import EDITION

# Towns on one meridian, 0.05 degrees (5.6 km) or 1 degree apart; a firm per letter.
TABLE = """\
source: firms
title: Firms
tables:
  - file: firms.csv
    rows: organisation
    columns:
      name: name
      country: {constant: GB}
      helix: {constant: industry}
      lat: lat
      lon: lon
      precision: {constant: address}
"""
A, A2, B, C, D = 51.0, 51.05, 52.0, 53.0, 54.0


@pytest.fixture(scope="module", autouse=True)
def _gazetteer_once():
    with landscape.gazetteer_once():
        yield


def config(**detect):
    return Config(
        name=detect.pop("name", ""),
        detect={
            "radius_km": 3,
            "min_weight": 3,
            "weight": "organisations",
            "levels_km": (),
            "resamples": 0,
            **detect,
        },
    )


def written(folder, **towns):
    """Firms named by letters at latitudes; what to build from."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["name,lat,lon"]
    for letters, lat in towns.items():
        lines += [f"Firm {x.upper()} Ltd,{lat},-1.5" for x in letters]
    (folder / "firms.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "firms.map.yaml").write_text(TABLE, "utf-8")
    return [folder / "firms.map.yaml"]


def events(edition, earlier):
    """Each row of lineage with the latitudes of both clusters in place of their ids."""
    at = {
        c["cluster_id"]: round(c["centre_lat"], 2)
        for each in (earlier, edition) for c in each.rows(_CLUSTERS)
    }  # fmt: skip
    assert edition.manifest["lineage"]["earlier"]["id"] == earlier.id
    return {
        (at.get(r["cluster_id"]), at.get(r["earlier_cluster_id"])): r["event"]
        for r in edition.rows(Query("lineage", "select * from lineage"))
    }


def by_hand(folder, **rows):
    """An edition of these rows, whole as if it had been built."""
    small_edition.write_edition(folder, rows)
    tables = {name: {"sha256": file_hash(folder / f"{name}.parquet")} for name in EDITION}
    manifest = json.loads((folder / "edition.json").read_text("utf-8")) | {"tables": tables}
    (folder / "edition.json").write_text(json.dumps(manifest), "utf-8")
    return folder


_CLUSTERS = Query("clusters", "select cluster_id, centre_lat from clusters")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("editions")


@pytest.fixture(scope="module")
def first(home):
    """Firms a to c in A, d to f and x in A2 (6 km on), g to i in B, j to l in C."""
    files = written(home / "first files", abc=A, defx=A2, ghi=B, jkl=C)
    return build(files, home / "first", config(name="First"))


@pytest.fixture(scope="module")
def wider(home, first):
    """A radius in which A and A2 are one; the firms of C are gone."""
    files = written(home / "wider files", abc=A, defx=A2, ghi=B)
    return build(files, home / "wider", config(radius_km=8), earlier=first.path)


@pytest.fixture(scope="module")
def denser(home, first):
    """Only four firms are a cluster now: A2, and B that gained a firm."""
    files = written(home / "denser files", abc=A, defx=A2, ghiy=B, jkl=C)
    return build(files, home / "denser", config(min_weight=4), earlier=first.path)


def test_without_an_earlier_edition_nothing_is_compared(first):
    assert first.rows(Query("n", "select count(*) as n from lineage")) == [{"n": 0}]
    assert first.manifest["lineage"]["earlier"] is None
    assert first.manifest["lineage"]["account"] == []
    assert first.manifest["lineage"]["method"]["radius_km"] == 3


def test_what_stays_what_moves_what_ends_and_what_is_born(first, tmp_path):
    files = written(tmp_path / "files", abc=A, defx=D, mno=B, uvw=55.0)
    second = build(files, tmp_path / "edition", config(name="Second"), earlier=first.path)
    assert events(second, first) == {
        (A, A): "continues", (D, A2): "continues", (B, B): "continues", (None, C): "ended",
        (55.0, None): "born",
    }  # fmt: skip
    about = second.manifest["lineage"]
    assert (about["earlier"]["id"], about["earlier"]["name"]) == (first.id, "First")
    assert about["earlier"]["parameters"] == first.manifest["parameters"]
    assert about["account"] == ["Compared with First, whose clusters were found in the same way."]
    assert about["by_method"] == []
    assert sorted(c["level"] for c in about["earlier"]["clusters"]) == [0, 0, 0, 0]


def test_another_radius_is_not_taken_for_a_change_of_the_world(first, wider):
    """With 8 km, A and A2 are one, which is nothing that happened; that C ended is."""
    joined = 51.03
    assert events(wider, first) == {
        (joined, A): "continues", (joined, A2): "continues", (B, B): "continues",
        (None, C): "ended",
    }  # fmt: skip
    account = " ".join(wider.manifest["lineage"]["account"])
    assert "in another way than in First: radius_km was 3.0 and is 8.0." in account
    assert "Each of 4 published clusters has a counterpart in today's way." in account
    assert "2 published clusters are part of a larger one in today's way" in account
    assert [row["by_method"] for row in wider.manifest["lineage"]["by_method"]] == ["merged"] * 2


def test_what_another_threshold_does_not_show_is_due_to_the_method(first, denser):
    assert events(denser, first) == {
        (A2, A2): "continues", (B, B): "continues", (None, A): "ended", (None, C): "ended",
    }  # fmt: skip
    account = " ".join(denser.manifest["lineage"]["account"])
    assert "min_weight was 3.0 and is 4.0" in account
    assert "3 of 4 published clusters have no counterpart in today's way." in account
    assert "Given as ended because of the method, not of the world: " in account
    assert "Linked directly with a cluster here, which is not like with like: " in account
    by_method = [row["by_method"] for row in denser.manifest["lineage"]["by_method"]]
    assert sorted(by_method) == ["ended", "ended", "published"]


def test_a_lower_threshold_shows_what_was_there(denser, home, tmp_path):
    after = build([home / "denser files"], tmp_path / "x", config(), earlier=denser.path)
    assert events(after, denser) == {
        (A2, A2): "continues", (B, B): "continues", (A, None): "born", (C, None): "born",
    }  # fmt: skip
    account = " ".join(after.manifest["lineage"]["account"])
    assert "2 of the clusters here are given as born because of the method" in account


def test_what_is_a_change_of_method_and_what_is_not(tmp_path):
    """The width of a footprint is none; a rule in place of a number and a version are."""
    before = {"lineage": {"method": {"radius_km": 3, "min_weight": 2, "margin_km": 4}},
              "versions": {"triplehelix": "1"}}  # fmt: skip
    earlier = Earlier(tmp_path, before)
    same = {"radius_km": 3, "min_weight": 2, "margin_km": 9}
    assert changes_of_method(earlier, same, "1") == []
    assert changes_of_method(earlier, {"radius_km": 3, "min_weight": None, "levels": 2}, "2") == [
        "min_weight was 2 and is by the rule", "levels was not recorded and is 2",
        "Triple Helix was 1 and is 2",
    ]  # fmt: skip


def test_successors_lead_an_organisation_to_its_new_id(tmp_path):
    """Two bodies of CORDIS have a ROR id by now, and have moved far away together."""
    bodies = ["cordis:1", "cordis:2"]
    earlier = by_hand(
        tmp_path / "old",
        clusters=[small_edition._cluster("c", "Cambridge", "GB", 52.2, 0.1)],
        sites=[{"site_id": f"s{o}", "organisation_id": o, "lat": 52.2, "lon": 0.1,
                "precision": "address"} for o in bodies],
        organisations=[{"organisation_id": o} for o in bodies],
        memberships=[{"cluster_id": "c", "site_id": f"s{o}", "organisation_id": o}
                     for o in bodies],
    )  # fmt: skip
    names = ["UNIVERSITY OF CAMBRIDGE", "UNIVERSITY OF OXFORD"]
    rows = [landscape.organization(101, n, name, "LEEDS", geolocation="55.0,-3.0",
                                   activityType="HES") for n, name in enumerate(names, 1)]  # fmt: skip
    [cordis, registry, *_] = landscape.write(tmp_path / "new", organizations=rows)
    few = config(min_weight=2)
    after = build([cordis, registry], tmp_path / "x", few, earlier=earlier)
    members = after.rows(Query("m", "select organisation_id from memberships order by 1"))
    assert [m["organisation_id"] for m in members] == [CAMBRIDGE, OXFORD]
    assert after.rows(Query("l", "select earlier_cluster_id, event, overlap from lineage")) == [
        {"earlier_cluster_id": "c", "event": "continues", "overlap": 1.0}
    ]


def test_the_own_last_edition_is_compared_with_though_the_link_moves_on(tmp_path):
    into = tmp_path / "atlas"
    one = build(written(tmp_path / "files", abc=A, ghi=B), into, config())
    two = build(written(tmp_path / "files", abc=A, jkl=C), into, config(), earlier=into)
    assert events(two, one) == {(A, A): "continues", (None, B): "ended", (C, None): "born"}
    again = build([tmp_path / "files"], into, config(), earlier=into)
    assert (again.id, open_edition(into).id) == (two.id, two.id)
    there = {path.name for path in (tmp_path / "atlas.editions").iterdir()}
    assert there == {one.id, two.id}


def test_an_earlier_edition_without_clusters_and_a_copy(first, home, tmp_path):
    """The same firms as in a copy of the first: every cluster goes on whole."""
    files = [home / "first files"]
    after = build(files, tmp_path / "x", config(), earlier=by_hand(tmp_path / "empty"))
    assert {row["event"] for row in after.rows(_LINEAGE)} == {"born"}
    assert after.manifest["lineage"]["account"] == [
        "The earlier edition, Small <edition>, has no clusters, so every cluster here is born."
    ]
    shutil.copytree(first.path, tmp_path / "copy")
    again = build(files, tmp_path / "x", config(name="First"), earlier=tmp_path / "copy")
    rows = again.rows(_LINEAGE)
    assert len(rows) == 4
    for row in rows:
        assert row["cluster_id"] == row["earlier_cluster_id"]
        assert (row["event"], row["overlap"]) == ("continues", 1.0)


_LINEAGE = Query("lineage", "select * from lineage")


def test_a_missing_earlier_edition(tmp_path):
    files = written(tmp_path / "files", abc=A)
    with pytest.raises(EditionError, match="--earlier .*nowhere holds no edition .*leave --earl"):
        build(files, tmp_path / "x", config(), earlier=tmp_path / "nowhere")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("harm", ["cut", "gone", "manifest", "link"])
def test_a_damaged_earlier_edition(tmp_path, harm):
    copy, words = by_hand(tmp_path / "copy"), "damaged .*name another one of DIR.editions"
    if harm == "cut":
        file = copy / "memberships.parquet"
        file.write_bytes(file.read_bytes()[:-9])
    elif harm == "gone":
        (copy / "sites.parquet").unlink()
    elif harm == "manifest":
        (copy / "edition.json").write_text(json.dumps({"id": "x"}), "utf-8")
    else:
        (tmp_path / "x").symlink_to(Path("x.editions") / "gone")
        copy, words = tmp_path / "x", "holds no edition"
    with pytest.raises(EditionError, match=words):
        build(written(tmp_path / "f", abc=A), tmp_path / "x", config(), earlier=copy)


def test_stages_and_bytes_do_not_hang_on_the_order_of_rows(first, wider, home):
    """With the rows turned round, and again with another name: what is kept is used."""
    files, into = home / "turned files", home / "wider"
    written(files, ihg=B, xfed=A2, cba=A)
    two = build([files], into, config(radius_km=8), earlier=first.path)
    for name in ("lineage.parquet", "memberships.parquet"):
        assert (wider.path / name).read_bytes() == (two.path / name).read_bytes()
    assert wider.manifest["lineage"] == two.manifest["lineage"]
    said = []
    build([files], into, config(radius_km=8, name="Named"), earlier=first.path,
          progress=lambda stage, done, total: said.append(stage))  # fmt: skip
    assert set(said) == {"write"}


def test_the_command_says_what_it_compared(tmp_path, monkeypatch):
    """The first build of a command that always compares with its own last edition says so."""
    monkeypatch.chdir(tmp_path)
    [file] = written(tmp_path / "files", abc=A)
    asked = ["build", str(file), "--into", "atlas", "--earlier", "atlas"]
    first = CliRunner().invoke(command_line, asked)
    assert first.exit_code == 0, first.output
    assert "There was no earlier edition to compare with" in first.output
    assert open_edition("atlas").manifest["lineage"]["earlier"] is None
    again = CliRunner().invoke(command_line, asked)
    assert "Nothing is new since the earlier edition; it stays the current one." in again.output
    missing = CliRunner().invoke(command_line, [*asked[:-1], "elsewhere"])
    assert isinstance(missing.exception, EditionError)
