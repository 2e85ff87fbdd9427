"""British postcodes: Ordnance Survey's own test points, hand-made areas, and the real table."""

import csv
import gzip
import os
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from triplehelix.errors import SourceError
from triplehelix.read import codepoint
from triplehelix.read.codepoint import Postcodes, wgs84
from triplehelix.read.files import Member, members
from triplehelix.read.inputs import Input
from triplehelix.read.rows import Kept, Rejected
from triplehelix.tables import REFERENCE

DATA = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data")) / "uk_postcodes"
real = pytest.mark.skipif(not DATA.is_dir(), reason=f"no postcodes in {DATA} (TRIPLEHELIX_DATA)")

# Ordnance Survey, OSTN15 and OSGM15 developer pack, test points: name, ETRS89 latitude and
# longitude (degrees), National Grid easting and northing (m) by OSTN15, the definitive one.
OS_TEST_POINTS = [
    ("TP01", 49.92226394, -6.29977752, 91492.146, 11318.804),
    ("TP04", 50.57563665, -1.29782277, 449816.371, 75335.861),
    ("TP07", 51.37447026, 1.44454730, 639821.835, 169565.858),
    ("TP09", 51.48936565, -0.11992557, 530624.974, 178388.464),
    ("TP10", 51.85890896, -4.30852477, 241124.584, 220332.641),
    ("TP12", 52.25529382, -2.15458614, 389544.190, 261912.153),
    ("TP14", 52.75136687, 0.40153547, 562180.547, 319784.995),
    ("TP20", 53.80021520, -1.66379168, 422242.186, 433818.701),
    ("TP26", 55.85399953, -4.29649016, 256340.925, 664697.269),
    ("TP27", 55.92478266, -3.29479219, 319188.434, 670947.534),
    ("TP31", 57.81351838, -8.57854456, 9587.909, 899448.996),
    ("TP40", 60.13308092, -2.07382823, 395999.668, 1138728.951),
]

# Rows as Code-Point Open writes them: no header, postcodes padded to seven, all quoted.
AB10 = '"AB101AA",10,394251,806376,"S92000003","","S08000020","","S12000033","S13002842"'
CB2 = '"CB2 0QQ",10,546375,255104,"E92000001","E19000002","E18000002","","E07000008","E05002712"'
B1 = '"b1  1bb",10,406500,286500,"E92000001","","","","E08000025","E05011151"'
BOX = '"BD981GA",90,0,0,"E92000001","","","","",""'


def metres(lat: Any, lon: Any, other_lat: Any, other_lon: Any) -> Any:
    """Small distances on a sphere of 6371 km."""
    east = np.radians(np.subtract(other_lon, lon)) * np.cos(np.radians(lat))
    return 6_371_000 * np.hypot(east, np.radians(np.subtract(other_lat, lat)))


def put(path: Path, lines: Iterable[str]) -> Path:
    content = ("\r\n".join(lines) + "\r\n").encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def one(path: Path) -> Input:
    theirs = [member for member in members(path) if codepoint.recognises(member)]
    [found] = codepoint.inputs(theirs)
    return found


def rows(given: Input) -> list[dict[str, Any]]:
    return [dict(out.staged[0][1]) for out in given.rows() if isinstance(out, Kept)]


def rejected(given: Input) -> list[Rejected]:
    return [out for out in given.rows() if isinstance(out, Rejected)]


@pytest.mark.parametrize(("name", "lat", "lon", "east", "north"), OS_TEST_POINTS)
def test_ordnance_surveys_test_points_within_five_metres(name, lat, lon, east, north):
    """A seven-parameter shift cannot follow the old triangulation closer (EPSG:1314)."""
    [found_lat], [found_lon] = wgs84([east], [north])
    assert metres(lat, lon, found_lat, found_lon) < 5.0, name


def test_no_points_give_no_points():
    lat, lon = wgs84([], [])
    assert lat.shape == lon.shape == (0,)


def test_the_grid_does_not_depend_on_what_a_machine_has_installed():
    """No step may name a file of shifts, which PROJ takes or leaves as it finds it."""
    operations = codepoint._transformer().to_proj4()
    assert "grids" not in operations
    assert "+proj=helmert" in operations


def test_an_area_file(tmp_path):
    given = one(put(tmp_path / "ab.csv", [AB10, CB2, B1]))
    assert given.source == "codepoint-open"
    found = rows(given)
    assert [row["postcode"] for row in found] == ["AB101AA", "CB20QQ", "B11BB"]
    assert {(row["level"], row["source"]) for row in found} == {("postcode", "codepoint-open")}
    assert set(found[0]) == set(REFERENCE["reference_postcodes"].schema.names)
    # Addenbrooke's Hospital, Cambridge, and Marischal College, Aberdeen, as on any map.
    assert metres(52.175, 0.14, found[1]["lat"], found[1]["lon"]) < 1_000
    assert metres(57.149, -2.097, found[0]["lat"], found[0]["lon"]) < 500


def test_the_zip_as_downloaded_is_one_input_over_its_areas(tmp_path):
    path = tmp_path / "codepo_gb.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Data/CSV/cb.csv", CB2 + "\r\n")
        archive.writestr("Data/CSV/ab.csv", f"{AB10}\r\n{BOX}\r\n")
        archive.writestr("Doc/licence.txt", "OGL")
        archive.writestr("Doc/Code-Point_Open_Column_Headers.csv", "PC,PQ,EA,NO\r\n")
    given = one(path)
    assert given.file == "codepo_gb.zip/Data/CSV"
    outcomes = list(given.rows())
    assert [outcome.row for outcome in outcomes] == [1, 2, 3]
    assert [row["postcode"] for row in rows(given)] == ["AB101AA", "CB20QQ"]
    assert [out.row for out in rejected(given)] == [2]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (BOX, r"no coordinates are known \(positional quality 90"),
        (BOX.replace(",90,", ",10,"), "no coordinates are known"),
        (CB2.replace(",10,", ",90,"), "no coordinates are known"),
        (CB2.replace("CB2 0QQ", "CB2 QQQ"), "Postcode is not a British postcode"),
        (CB2.replace("CB2 0QQ", ""), "Postcode is not a British postcode"),
        (CB2.replace("546375", "x"), "Eastings or Northings is not a number"),
        (CB2.replace("546375", ""), "Eastings or Northings is not a number"),
        (CB2.replace("546375", "-5"), "outside Great Britain"),
        (CB2.replace("546375", "1255104"), "outside Great Britain"),
        (CB2 + ',"more"', "11 columns where the others have 10"),
        ('"CB2 0QQ",10', "2 columns where the others have 10"),
    ],
)
def test_an_unfit_row_is_rejected_and_the_others_keep_their_numbers(tmp_path, line, reason):
    given = one(put(tmp_path / "cb.csv", [AB10, line, "", B1, line]))
    outcomes = list(given.rows())
    assert [(type(out), out.row) for out in outcomes] == [
        (Kept, 1), (Rejected, 2), (Kept, 3), (Rejected, 4)
    ]  # fmt: skip
    for out in rejected(given):
        assert re.search(reason, out.reason)
        assert out.reason.endswith("(`triplehelix fetch codepoint-open`)")


def test_rows_and_batches_are_the_same(tmp_path, monkeypatch):
    """Over several batches and areas, with rows that fit and rows that do not."""
    lines = [AB10, BOX, CB2, "too,short", B1] * 40
    path = tmp_path / "codepo_gb.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Data/CSV/ab.csv", "\r\n".join(lines))
        archive.writestr("Data/CSV/zz.csv", "\r\n".join([AB10, *lines[::-1]]))
    monkeypatch.setattr(codepoint, "_BLOCK_BYTES", 2_000)
    given = one(path)
    assert isinstance(given.rows, Postcodes)
    batches = list(given.rows.batches())
    assert len(batches) > 10
    tables = pa.concat_tables([kept for kept, _ in batches])
    assert tables.schema == REFERENCE["reference_postcodes"].schema
    assert tables.to_pylist() == rows(given)
    assert sorted(out for _, outs in batches for out in outs) == rejected(given)
    assert [out.row for out in given.rows()] == list(range(1, 402))
    assert len(rejected(given)) == 160


def test_units_in_parquet_are_those_of_the_csv(tmp_path):
    table = pa.table({
        "postcode": ["AB10 1AA", "CB2 0QQ", "BD98 1GA"], "pq": ["10", "10", "90"],
        "easting": [394251.0, 546375.0, 0.0], "northing": [806376.0, 255104.0, 0.0],
    })  # fmt: skip
    pq.write_table(table, tmp_path / "units.parquet")
    given = one(tmp_path / "units.parquet")
    assert given.rows_total_hint == 3
    assert rows(given) == rows(one(put(tmp_path / "x.csv", [AB10, CB2])))
    [out] = rejected(given)
    assert (out.row, "BD98 1GA" in out.raw) == (3, True)


@pytest.mark.parametrize(
    ("name", "code", "level", "plain"),
    [("sectors.csv", "AB10 1", "sector", "AB101"), ("outcodes.csv.gz", "AB10", "outcode", "AB10")],
)
def test_means_of_sectors_and_outcodes(tmp_path, name, code, level, plain):
    lines = [
        f"{level},lat,lng,n_units,district,country", f"{code},57.1441,-2.107,216,S1,S9",
        f"{code},-2.107,57.1441,216,S1,S9", f"{code}!,57.1441,-2.107,1,S1,S9", f"{code},,,0,S1,S9",
    ]  # fmt: skip
    given = one(put(tmp_path / name, lines))
    [row] = rows(given)
    assert row == {
        "level": level, "postcode": plain, "lat": 57.1441, "lon": -2.107, "source": "codepoint-open"
    }  # fmt: skip
    swapped, misnamed, empty = rejected(given)
    assert "lie outside Great Britain (swapped?)" in swapped.reason
    assert f"is not a British {level}" in misnamed.reason
    assert "is not a number" in empty.reason
    assert [out.row for out in (swapped, misnamed, empty)] == [2, 3, 4]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"a,b\n1,2\n", b"postcode,lat,lng\nAB10 1AA,57,-2\n", b"\xff\xfe\x00", b"PAR1"],
)
@pytest.mark.parametrize("name", ["other.csv", "other.parquet", "other.txt"])
def test_other_files_are_not_recognised(tmp_path, content, name):
    (tmp_path / name).write_bytes(content)
    assert not codepoint.recognises(Member(name, name, tmp_path / name))


def test_somebodys_parquet_with_postcodes_is_not_recognised(tmp_path):
    table = pa.table({"postcode": ["AB10 1AA"], "lat": [57.0], "lng": [-2.0]})
    pq.write_table(table, tmp_path / "members.parquet")
    assert not codepoint.recognises(members(tmp_path / "members.parquet")[0])


def test_an_area_of_another_layout_is_told(tmp_path):
    path = tmp_path / "codepo_gb.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Data/CSV/ab.csv", "name,town\nA,B\n")
    with pytest.raises(SourceError, match=r"ab.csv begins 'name,town', not a line of Code-Point"):
        one(path)


def test_a_truncated_file_is_told(tmp_path):
    noisy = [AB10.replace("394251", str(300000 + i * 7919 % 99991)) for i in range(20_000)]
    path = put(tmp_path / "ab.csv.gz", noisy)
    path.write_bytes(path.read_bytes()[:-2_000])
    with pytest.raises(SourceError, match="truncated or damaged"):
        list(one(path).rows())


@pytest.fixture(scope="module")
def units() -> pa.Table:
    return pq.read_table(DATA / "codepoint_open_2014_units.parquet")


@real
def test_the_real_units_lie_where_their_publisher_put_them(units):
    """Beside the latitudes that came with the file, made by others, to five decimals (1 m)."""
    given = one(DATA / "codepoint_open_2014_units.parquet")
    assert isinstance(given.rows, Postcodes)
    tables, outs = zip(*given.rows.batches(), strict=True)
    kept, unkept = pa.concat_tables(tables), [out for each in outs for out in each]
    assert kept.num_rows + len(unkept) == units.num_rows == given.rows_total_hint
    assert len(unkept) == 84
    assert all("positional quality 90" in out.reason for out in unkept)
    theirs = units.filter(np.asarray(units["pq"]) != "90")
    apart = metres(*(np.asarray(t[c]) for t, c in (
        (theirs, "lat"), (theirs, "lng"), (kept, "lat"), (kept, "lon")
    )))  # fmt: skip
    assert apart.max() < 1.0
    plain = [postcode.replace(" ", "") for postcode in theirs["postcode"].to_pylist()]
    assert kept["postcode"].to_pylist() == plain
    assert len(set(plain)) == len(plain)


@real
@pytest.mark.parametrize(
    ("postcode", "lat", "lon"),
    [
        ("SW1A1AA", 51.5014, -0.1419),  # Buckingham Palace
        ("OX13QU", 51.7585, -1.2545),  # Oxford, South Parks Road
        ("EH89YL", 55.9474, -3.1869),  # Edinburgh, Old College
        ("G128QQ", 55.8721, -4.2886),  # University of Glasgow
    ],
)
def test_where_anybody_would_look_for_a_real_postcode(units, postcode, lat, lon):
    at = np.flatnonzero(
        [code.replace(" ", "") == postcode for code in units["postcode"].to_pylist()]
    )
    [found_lat], [found_lon] = wgs84(
        units["easting"].take(pa.array(at)), units["northing"].take(pa.array(at))
    )
    assert metres(lat, lon, found_lat, found_lon) < 300


@real
@pytest.mark.parametrize(("level", "n"), [("sector", 10_820), ("outcode", 2_880)])
def test_the_real_means(level, n):
    path = DATA / f"{level}s.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        written = [
            (row[level].replace(" ", ""), float(row["lat"]), float(row["lng"]))
            for row in csv.DictReader(stream)
        ]
    found = [(row["postcode"], row["lat"], row["lon"]) for row in rows(one(path))]
    assert found == written
    assert len(found) == n
