"""Published maps: rows worked by hand, in files that other libraries write."""

import re
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import shapely

from triplehelix.errors import SourceError
from triplehelix.read.outlines import UnfitRowError, outline_of
from triplehelix.read.published import COLUMNS, as_areas, published_clusters

SQUARE = "POLYGON ((-1.6 53.7, -1.4 53.7, -1.4 53.9, -1.6 53.9, -1.6 53.7))"
TWO = "MULTIPOLYGON (((-2 53, -1 53, -1 54, -2 53)), ((0 53, 1 53, 1 54, 0 53)))"
ROWS = [
    ["Field", "AI", "Leeds", 12, 340.5, "c", SQUARE],
    ["Field", "AI", "Two places", "c", "", "1,200", TWO],
    ["Field", "AI", "No outline", 7, "[c]", "[x]", ""],
]


def ods(path: Path, rows: list[list[object]], header: tuple[str, ...] = COLUMNS) -> Path:
    pd.DataFrame(rows, columns=list(header)).to_excel(path, engine="odf", index=False)
    return path


def xlsx(path: Path, rows: list[list[object]]) -> Path:
    """With a cover, and lines above the table."""
    book = openpyxl.Workbook()
    book.active.append(["Innovation clusters"])
    page = book.create_sheet("Data")
    for row in (["A title"], [], [None, *COLUMNS, "More"], *([None, *r, "x"] for r in rows)):
        page.append(row)
    book.save(path)
    return path


def csv(path: Path, rows: list[list[object]]) -> Path:
    pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(path, index=False)
    return path


@pytest.mark.parametrize("write", [ods, xlsx, csv])
def test_rows_are_understood_in_each_format(write, tmp_path):
    found = published_clusters(write(tmp_path / f"map.{write.__name__}", ROWS))
    assert found.rejected == []
    leeds, two, bare = found.clusters
    assert leeds[:7] == (1, "Field", "AI", "Leeds", 12, 340.5, None)
    assert leeds.suppressed == ("Turnover",)
    assert leeds.geometry == shapely.from_wkt(SQUARE)
    assert two[4:8] == (None, None, 1200.0, ("Site Count",))
    assert two.geometry == shapely.from_wkt(TWO)
    assert bare[4:9] == (7, None, None, ("Employment",), None)


def test_cells_that_office_programs_write_once_for_several(tmp_path):
    """Equal neighbours are one cell with a count, and so are the million blank rows below."""

    def cell(text: str, times: int = 1, value: str = "") -> str:
        kind = f'"float" office:value="{value}"' if value else '"string"'
        return (f'<table:table-cell office:value-type={kind} '
                f'table:number-columns-repeated="{times}"><text:p>{text}</text:p></table:table-cell>')  # fmt: skip

    rows = [
        "".join(cell(column) for column in COLUMNS),
        cell("AI", 2) + cell("Bath<text:s/>and <text:span>Bristol</text:span>")
        + cell("1,234", 2, "1234") + cell("c") + cell(SQUARE),
    ]  # fmt: skip
    blank = ('<table:table-row table:number-rows-repeated="1048574"><table:table-cell '
             'table:number-columns-repeated="16384"/></table:table-row>')  # fmt: skip
    names = "urn:oasis:names:tc:opendocument:xmlns"
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    path = tmp_path / "map.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", (
            f'<office:document-content xmlns:office="{names}:office:1.0" '
            f'xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0">'
            f'<office:body><office:spreadsheet><table:table table:name="Data">{body}{blank}'
            "</table:table></office:spreadsheet></office:body></office:document-content>"))  # fmt: skip
        archive.writestr("META-INF/manifest.xml", (
            f'<m:manifest xmlns:m="{names}:manifest:1.0"><m:file-entry m:full-path="/" '
            'm:media-type="application/vnd.oasis.opendocument.spreadsheet"/></m:manifest>'))  # fmt: skip
    [bath] = published_clusters(path).clusters
    assert bath[:8] == (1, "AI", "AI", "Bath and Bristol", 1234, 1234.0, None, ("Turnover",))
    assert bath.geometry == shapely.from_wkt(SQUARE)


@pytest.mark.parametrize(("column", "text", "reason"), [
    ("Cluster", "", "has no Cluster; fill it in"),
    ("Sector", "", "has no Sector; fill it in"),
    ("Site Count", "few", "Site Count is 'few'; write a number of 0 or more, c if it is held"),
    ("Site Count", "2.5", "Site Count is '2.5', which is no whole number"),
    ("Employment", "-3", "Employment is '-3'; write a number of 0 or more"),
    ("Turnover", "inf", "Turnover is 'inf'"),
    ("Geometry", "POLYGON ((-1.6 53.7, -1.4", "is no WKT .*; write it as POLYGON"),
    ("Geometry", "POINT (-1.5 53.8)", "Geometry is a POINT, which has no area"),
    ("Geometry", "GEOMETRYCOLLECTION EMPTY", "Geometry is a GEOMETRYCOLLECTION, which"),
    ("Geometry", "POLYGON EMPTY", "Geometry is empty; write the outline"),
    ("Geometry", "POLYGON ((53.7 -1.6, 53.7 -1.4, 53.9 -1.4, 53.7 -1.6))",
     "longitude 53.75, latitude -1.50, which looks swapped; write longitude first"),
    ("Geometry", "POLYGON ((430000 433000, 431000 433000, 431000 434000, 430000 433000))",
     "which are no degrees; .* not metres of a grid"),
    ("Geometry", "POLYGON ((35 139, 36 139, 36 140, 35 139))", "looks swapped"),
    ("Geometry", "POLYGON ((-1 53, -1 54, -1 53))", "is no WKT|without an area"),
])  # fmt: skip
def test_what_is_not_understood_is_rejected_with_its_row_and_reason(column, text, reason, tmp_path):
    bad = dict(zip(COLUMNS, ROWS[0], strict=True)) | {column: text}
    path = csv(tmp_path / "map.csv", [ROWS[1], [bad[c] for c in COLUMNS], ROWS[2]])
    found = published_clusters(path)
    [rejected] = found.rejected
    assert rejected.row == 2
    assert re.search(reason, rejected.reason)
    assert (text or '""') in rejected.raw
    assert [cluster.row for cluster in found.clusters] == [1, 3]


def test_a_row_that_stands_twice_is_kept_once(tmp_path):
    found = published_clusters(ods(tmp_path / "map.ods", [ROWS[0], ROWS[1], ROWS[0]]))
    assert [cluster.row for cluster in found.clusters] == [1, 2]
    assert found.rejected[0].reason == "repeats row 1; remove one of them"


def test_every_row_is_accounted_for(tmp_path):
    rows = [*ROWS, ["Field", "AI", "", 1, 1, 1, ""], ["", "", "", "", "", "", ""]]
    found = published_clusters(ods(tmp_path / "map.ods", rows))
    assert len(found.clusters) + len(found.rejected) == 4


def test_a_cut_off_outline_is_told_as_such():
    text = "POLYGON ((" + ", ".join(["-1.5 53.8"] * 4000)
    with pytest.raises(UnfitRowError, match="cut off at the end of a cell: simplify"):
        outline_of(text[:32_767])


def test_an_outline_that_crosses_itself_is_mended_with_a_note():
    """A bow tie is two triangles of a quarter of a square degree each."""
    shape, note = outline_of("POLYGON ((-2 53, -1 54, -1 53, -2 54, -2 53))")
    assert shape is not None
    assert shape.is_valid
    assert shape.area == pytest.approx(0.5)
    assert note == "the outline crossed or touched itself and was mended"


def test_heights_are_dropped():
    shape, _ = outline_of("POLYGON Z ((-2 53 9, -1 53 9, -1 54 9, -2 53 9))")
    assert shape == shapely.from_wkt("POLYGON ((-2 53, -1 53, -1 54, -2 53))")


def test_outlines_elsewhere_are_not_taken_for_swapped():
    athens = "POLYGON ((23.6 37.9, 23.8 37.9, 23.8 38, 23.6 37.9))"
    assert outline_of(athens)[0] == shapely.from_wkt(athens)


def test_areas_have_ids_of_their_own_whatever_the_order(tmp_path):
    other = TWO.replace("-2 53", "-2.5 53")
    rows = [ROWS[0], [*ROWS[0][:6], TWO], ["Other", "AI", "Leeds", 1, 1, 1, SQUARE],
            ["Other", "Bio", "Leeds", 1, 1, 1, other], ROWS[2]]  # fmt: skip
    one = as_areas(published_clusters(ods(tmp_path / "a.ods", rows)).clusters)
    two = as_areas(published_clusters(ods(tmp_path / "b.ods", rows[::-1])).clusters)
    assert one == two
    ids = [area.area_id for area in one]
    assert len(set(ids)) == 4
    assert ids[0] == "Bio/Leeds"
    assert [i.split("#")[0] for i in ids[1:]] == ["Field/AI/Leeds"] * 2 + ["Other/AI/Leeds"]
    assert {area.area_scheme for area in one} == {"dsit"}


def test_files_that_are_no_such_map_are_said(tmp_path):
    lacking = ods(tmp_path / "a.ods", [row[:6] for row in ROWS], COLUMNS[:6])
    with pytest.raises(SourceError, match="nearest lacks 'Geometry': rename its columns so"):
        published_clusters(lacking)
    with pytest.raises(SourceError, match=r"ends in .ods, .xlsx, .csv; save or convert"):
        (tmp_path / "a.geojson").write_text("{}")
        published_clusters(tmp_path / "a.geojson")
    (tmp_path / "broken.ods").write_bytes(lacking.read_bytes()[:200])
    with pytest.raises(SourceError, match="broken.ods is damaged, locked, or no spreadsheet"):
        published_clusters(tmp_path / "broken.ods")
    with pytest.raises(SourceError, match=r"none.ods"):
        published_clusters(tmp_path / "none.ods")
