"""The same rows in another order make the same tables, byte for byte."""

import csv
import gzip
import json
import os
import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests import landscape
from tests.landscape import organization, project, ror, shuffled
from triplehelix.app.build import build
from triplehelix.app.config import Config, Detection
from triplehelix.tables import EDITION

DATA = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data"))

TOWNS = {"CAMBRIDGE": (52.2, 0.117), "OXFORD": (51.752, -1.256), "LEEDS": (53.796, -1.548),
         "LONDON": (51.509, -0.126), "YORK": (53.958, -1.083)}  # fmt: skip
WORDS = "Granta Isis Ouse Tees Fen Moor Vale Dale Cell Gene Scan Drug".split()

GRANTS = """\
source: grants
tables:
  - file: grants.csv
    rows: activity
    columns:
      id: id
      kind: {constant: project}
      title: title
      summary: summary
      start: start
      amount: amount
      currency: {constant: GBP}
      themes: {column: themes, split: "|"}
      note: note
    participants:
      - {name: {column: who, split: "|"}, country: {constant: GB}, city: town}
      - {name: payer, country: {constant: GB}, role: {constant: funder}}
  - file: staff.csv
    rows: figure
    columns: {name: who, country: {constant: GB}, measure: {constant: staff}, value: n, period: year}
"""


class Messy:
    """Files with everything that makes an order matter to careless code: doubles, ties, faults."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        one_of = self.random.choice
        self.projects = [self._project(n) for n in range(100, 130)]
        # Ids that stand twice with other values, and rows that stand twice whole.
        self.projects += [self._project(one_of(range(100, 130))) for _ in range(12)]
        self.projects += [one_of(self.projects) for _ in range(6)]
        self.organizations = [self._organization() for _ in range(220)]
        self.organizations += [one_of(self.organizations) for _ in range(15)]
        self.organizations += [
            {**one_of(self.organizations), "ecContribution": one_of(["1", "2", "", "-3"])}
            for _ in range(30)
        ]
        self.codes = [
            {"projectID": str(one_of(range(95, 130))), "euroSciVocPath": one_of([
                "/medical and health sciences/basic medicine/immunology", "/natural sciences",
                "/medical and health sciences/clinical medicine/oncology", ""])}
            for _ in range(40)
        ]  # fmt: skip
        self.registry = [self._record(n) for n in range(14)] * 2
        self.registry += [self._record(one_of(range(14))) for _ in range(8)]
        self.postcodes = [
            {"outcode": one_of(["CB2", "OX1", "LS2", "CB", "YO1"]), "lat": one_of(["52.1", "52.2"]),
             "lng": one_of(["0.1", "-1.2", "99"])}
            for _ in range(12)
        ]  # fmt: skip
        self.firms = [
            {"name": self._name(), "town": one_of([*TOWNS, "Nowhere"]).title(),
             "lat": one_of(["", "52.2", "51.75"]), "lon": one_of(["", "0.12", "-1.25"]),
             "number": one_of(["", "01", "02", "03"]), "page": one_of(["", "https://example.org"])}
            for _ in range(40)
        ]  # fmt: skip
        self.grants = [self._grant() for _ in range(40)]
        self.staff = [
            {
                "who": self._name(),
                "n": one_of(["1", "20", "many"]),
                "year": one_of(["2019", "2020"]),
            }
            for _ in range(30)
        ]

    def _name(self) -> str:
        word = self.random.choice
        name = f"{word(WORDS)} {word(WORDS)} {word(['Ltd', 'Limited', 'LTD', 'Group'])}"
        return word([name, name.upper()])

    def _project(self, number: int):
        one_of = self.random.choice
        return project(
            number, basis=one_of(["H2020-EU.3.1.", "H2020-EU.3.2.;H2020-EU.3.1.", ""]),
            title=one_of(["", "Vaccines", "Cancer cells", "Données"]),
            ecMaxContribution=one_of(["", "1", "2,5", "lots"]),
            startDate=one_of(["2014-01-01", "2016-02-29", "2019-01-01"]),
        )  # fmt: skip

    def _organization(self):
        one_of = self.random.choice
        city = one_of([*TOWNS, "PARIS CEDEX 05", "", "LEEDS WEST YORKSHIRE"])
        lat, lon = TOWNS.get(city, (0.0, 0.0))
        return organization(
            one_of(range(97, 130)), one_of(range(1000, 1080)),
            one_of([self._name(), self._name(), "", f"University of {city.title()}"]), city,
            activityType=one_of(["HES", "PRC", "PUB", "REC", "OTH"]),
            country=one_of(["UK", "UK", "UK", "FR", "", "ATLANTIS"]),
            postCode=one_of(["", "CB2 1TN", "OX1 2JD", "LS2 9JT", "XX"]),
            geolocation=one_of(["", "", f"{lat},{lon}", f"{lat},{lon + 0.01}", "0.1,520"]),
            role=one_of(["participant", "coordinator", "thirdParty", "guest"]),
            ecContribution=one_of(["", "0", "1000,5"]),
            vatNumber=one_of(["", "", f"GB{self.random.randrange(40):09}"]),
            order=str(self.random.randrange(9)),
        )  # fmt: skip

    def _record(self, n: int):
        one_of = self.random.choice
        town, place = one_of(
            [("Cambridge", landscape.IN_CAMBRIDGE), ("Oxford", landscape.IN_OXFORD)]
        )
        moved = (*place[:3], place[3], place[4] + one_of([0.0, 0.001]))
        return ror(
            f"https://ror.org/0aaaaa{n}{n % 10}{n * 7 % 10}"[:25].ljust(25, "5"),
            one_of([f"University of {town}", f"{WORDS[n % 12]} {WORDS[n // 2]}"]), moved,
            types=[one_of(["education", "company", "funder"])],
            status=one_of(["active", "active", "withdrawn"]),
            external_ids=[{"type": "grid", "all": [f"grid.{one_of('12')}.{n}"], "preferred": None}],
            relationships=[{"type": one_of(["successor", "parent"]), "label": "x",
                            "id": f"https://ror.org/0aaaaa{n // 2}{n // 2 % 10}{n // 2 * 7 % 10}"[:25]
                            .ljust(25, "5")}],
        )  # fmt: skip

    def _grant(self):
        one_of = self.random.choice
        return {
            "id": str(one_of(range(25))), "title": one_of(["", "Tumour vaccines", "Old age"]),
            "summary": one_of(["", "Of cancer and cancer", "Stroke, and stroke"]),
            "start": one_of(["2018-01-01", "2019-01-01", "soon"]),
            "amount": one_of(["", "10", "12.345"]), "themes": one_of(["", "ageing", "no-such|ageing"]),
            "who": "|".join(self._name() for _ in range(self.random.randrange(4))),
            "town": one_of(["Leeds", "York", ""]), "payer": one_of(["", "A Fund"]),
            "note": one_of(["", "seen", "not seen"]),
        }  # fmt: skip

    def write(self, folder: Path, seed: int | None = None) -> list[Path]:
        """The files, their rows in the order of a seed."""

        def mixed(rows):
            return list(rows) if seed is None else shuffled(rows, seed)

        paths = landscape.write(
            folder, projects=mixed(self.projects), organizations=mixed(self.organizations),
            codes=mixed(self.codes), registry=mixed(self.registry), firms=mixed(self.firms),
            postcodes=mixed(self.postcodes),
        )  # fmt: skip
        for name in ("grants", "staff"):
            rows = mixed(getattr(self, name))
            text = landscape.csv_text(list(rows[0]), rows, ",")
            (folder / f"{name}.csv").write_text(text, "utf-8")
        (folder / "grants.map.yaml").write_text(GRANTS, "utf-8")
        return mixed([*paths, folder / "grants.map.yaml"])


def assert_same_but_for_rows_of_rejects(one: Path, other: Path) -> None:
    here, there = landscape.table_bytes(one), landscape.table_bytes(other)
    assert set(here) == set(EDITION)
    assert {name for name in here if here[name] != there[name]} <= {"rejects"}
    tables = [pq.read_table(edition / "rejects.parquet").drop(["row"]) for edition in (one, other)]
    assert tables[0].equals(tables[1])


def without_checksums(edition):
    """The manifest but for what depends on the input's bytes."""
    said = {k: v for k, v in edition.manifest.items() if k != "id"}
    said["inputs"] = [{k: v for k, v in each.items() if k != "sha256"} for each in said["inputs"]]
    said["tables"] = {k: v for k, v in said["tables"].items() if k != "rejects"}
    return said


@pytest.mark.parametrize("seed", range(6))
def test_shuffled_rows_change_no_byte(seed, tmp_path):
    messy = Messy(seed)
    config = Config(detect=Detection(
        radius_km=5, min_weight=3, weight=("organisations", "activities")[seed % 2],
        method=("dbscan", "hdbscan")[seed % 3 == 2], resamples=10, relabellings=9,
        themes=("each",), periods=("2010/2016", "2017/2030")))  # fmt: skip
    with landscape.gazetteer_once():
        editions = [
            build(messy.write(tmp_path / str(order) / "files", order), tmp_path / f"{order}.edition",
                  config)
            for order in (None, seed + 1)
        ]  # fmt: skip
    one, other = editions
    assert_same_but_for_rows_of_rejects(one.path, other.path)
    assert without_checksums(one) == without_checksums(other)
    # The landscape is as messy as it is meant to be, and holds something.
    counts = one.manifest["counts"]
    assert min(counts[name] for name in ("rejects", "clusters", "links", "figures", "texts")) > 0
    for each in one.manifest["inputs"]:
        assert each["rows_read"] == each["rows_kept"] + each["rows_rejected"], each
    refused = sum(each["rows_rejected"] for each in one.manifest["inputs"])
    assert refused == counts["rejects"]


def test_every_row_is_either_kept_or_in_rejects_with_its_text(tmp_path):
    """Rows read are the lines of each file; each that is rejected is that very line."""
    messy = Messy(77)
    with landscape.gazetteer_once():
        edition = build(messy.write(tmp_path / "files"), tmp_path / "edition")
    read = {each["file"]: each["rows_read"] for each in edition.manifest["inputs"]}
    assert read == {
        "cordis/project.csv": len(messy.projects),
        "cordis/organization.csv.gz": len(messy.organizations),
        "cordis/euroSciVoc.csv": len(messy.codes), "files/ror-data.json": len(messy.registry),
        "files/outcodes.csv": len(messy.postcodes), "files/companies.csv": len(messy.firms),
        "files/grants.csv": len(messy.grants), "files/staff.csv": len(messy.staff),
    }  # fmt: skip
    given = {"cordis/project.csv": messy.projects, "cordis/euroSciVoc.csv": messy.codes,
             "cordis/organization.csv.gz": messy.organizations, "files/companies.csv": messy.firms,
             "files/grants.csv": messy.grants, "files/staff.csv": messy.staff}  # fmt: skip
    rejects = edition.rejects
    assert len(rejects) > 20
    for reject in rejects[rejects["file"].isin(given)].itertuples():
        said = {k: v for k, v in json.loads(reject.raw).items() if v}
        row = given[reject.file][reject.row - 1]
        assert said == {k: v for k, v in row.items() if v}


@pytest.mark.skipif(
    not (DATA / "cordis_h2020").is_dir(),
    reason="the files of Horizon 2020 are not there (TRIPLEHELIX_DATA)",
)
def test_the_whole_of_horizon_2020_shuffled_is_the_same(tmp_path):
    given = [DATA / "cordis_h2020" / f"{name}.csv.gz" for name in ("project", "organization")]
    registry = DATA / "ror" / "ror-data_schema_v2.json.gz"
    mixed = tmp_path / "cordis_h2020"
    mixed.mkdir()
    for path in given:
        _shuffle_lines(path, mixed / path.name)
    (tmp_path / "ror").mkdir()
    with gzip.open(registry) as file:
        records = shuffled(json.load(file), 4)
    with gzip.open(tmp_path / "ror" / registry.name, "wt", compresslevel=1) as file:
        json.dump(records, file)
    one = build([*given, registry], tmp_path / "one")
    other = build([tmp_path / "ror", mixed], tmp_path / "other")
    assert_same_but_for_rows_of_rejects(one.path, other.path)
    for each in (one, other):
        read = {i["file"]: i["rows_read"] for i in each.manifest["inputs"]}
        assert read == {"cordis_h2020/organization.csv.gz": 144_726,
                        "cordis_h2020/project.csv.gz": 31_451,
                        "ror/ror-data_schema_v2.json.gz": 35_990}  # fmt: skip
        assert all(i["rows_read"] == i["rows_kept"] + i["rows_rejected"]
                   for i in each.manifest["inputs"])  # fmt: skip


def _shuffle_lines(path: Path, to: Path) -> None:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file, delimiter=";")
    with gzip.open(to, "wt", encoding="utf-8", newline="", compresslevel=1) as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerows([head, *shuffled(rows, 3)])
