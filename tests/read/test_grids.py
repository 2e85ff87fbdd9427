"""Rows of five formats: pandas, openpyxl and json write them, and one table is the same in each."""

import gzip
import json
import zipfile
from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest

from triplehelix.errors import SourceError
from triplehelix.read.grids import Row, open_grid, text_of
from triplehelix.read.rows import Rejected

COLUMNS = ("id", "name", "share", "since", "open")
PEOPLE_SEE = [
    ["1", "Harbour, University", "0.5", "2020-03-01", "true"],
    ["2", "Zoë & Söhne", "", "2021-12-31", "false"],
    ["3", "", "12", "", "true"],
]
FRAME = pd.DataFrame({
    "id": [1, 2, 3], "name": ["Harbour, University", "Zoë & Söhne", None],
    "share": [0.5, None, 12.0], "open": [True, False, True],
    "since": pd.to_datetime(["2020-03-01", "2021-12-31", None]),
})[list(COLUMNS)]  # fmt: skip


def write(path, name):
    file = path / name
    records = [dict(zip(COLUMNS, row, strict=True)) for row in PEOPLE_SEE]
    text = "".join(json.dumps(record) + "\n" for record in records)
    match name.split(".", 1)[1]:
        case "csv" | "csv.gz":
            pd.DataFrame(records).to_csv(file, index=False)
        case "tsv":
            pd.DataFrame(records).to_csv(file, index=False, sep="\t")
        case "parquet":
            FRAME.to_parquet(file)
        case "xlsx":
            FRAME.to_excel(file, index=False)
        case "jsonl":
            file.write_text(text)
        case "jsonl.gz":
            file.write_bytes(gzip.compress(text.encode()))
    return file


def texts(grid):
    return [[text_of(cell) for cell in row.cells] for row in grid.rows()]


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "t.tsv", "t.parquet", "t.xlsx", "t.jsonl",
                                  "t.jsonl.gz"])  # fmt: skip
def test_one_table_is_the_same_in_every_format(tmp_path, name):
    grid = open_grid(write(tmp_path, name), COLUMNS)
    assert grid.columns == COLUMNS
    assert texts(grid) == PEOPLE_SEE
    assert [row.number for row in grid.rows()] == [1, 2, 3]
    assert grid.rows_total == (3 if name.endswith("parquet") else None)
    assert grid.member.label == f"{tmp_path.name}/{name}"


@pytest.mark.parametrize("name", ["t.csv", "t.parquet", "t.xlsx", "t.jsonl"])
def test_raw_is_json_of_the_whole_row(tmp_path, name):
    """Also of columns that nobody asked for."""
    rows = list(open_grid(write(tmp_path, name), ("id",)).rows())
    assert [list(json.loads(row.raw)) for row in rows] == [list(COLUMNS)] * 3


@pytest.mark.parametrize("cell, text", [
    ("  a b ", "a b"), (None, ""), (True, "true"), (7, "7"), (7.0, "7"), (-0.25, "-0.25"),
    (float("nan"), ""), (float("inf"), ""), (1e300, "1e+300"), (date(2020, 1, 2), "2020-01-02"),
    (datetime(2020, 1, 2), "2020-01-02"), (datetime(2020, 1, 2, 3, 4), "2020-01-02T03:04:00"),
    ({"a": "ö"}, '{"a": "ö"}'),
])  # fmt: skip
def test_a_cell_as_text(cell, text):
    assert text_of(cell) == text


def test_xlsx_sheets_titles_blank_rows_and_errors(tmp_path):
    """A title above the header, an empty row between, a cell Excel could not work out."""
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    page = book.create_sheet("Data")
    for row in (["Our members"], [], ["Name", None, "Name"], ["A", 1, 2], [], ["#REF!", 3]):
        page.append(row)
    book.save(tmp_path / "t.xlsx")
    grid = open_grid(tmp_path / "t.xlsx", sheet="Data", header_row=3)
    assert grid.columns == ("Name", "column 2", "Name (2)")
    assert texts(grid) == [["A", "1", "2"], ["", "3", ""]]
    with pytest.raises(SourceError, match="no sheet 'Date'; its sheets are 'Notes', 'Data'"):
        open_grid(tmp_path / "t.xlsx", sheet="Date")
    with pytest.raises(SourceError, match="no column names in row 1"):
        open_grid(tmp_path / "t.xlsx")


def test_json_lines_of_any_shape(tmp_path):
    """Objects within objects by dotted names, absent keys empty, no objects rejected."""
    lines = ['{"lead": {"name": "A", "at": {"city": "B"}}, "tags": ["x", "y"]}', "", "[1]", "{oops",
             '{"other": 1}']  # fmt: skip
    (tmp_path / "t.jsonl").write_text("\n".join(lines))
    found = list(open_grid(tmp_path / "t.jsonl", ("lead.name", "lead.at.city", "tags")).rows())
    assert found[0].cells == ["A", "B", ["x", "y"]]
    assert found[3].cells == [None, None, None]
    assert [type(row) for row in found] == [Row, Rejected, Rejected, Row]
    assert "not a JSON object" in found[1].reason
    assert "is not JSON" in found[2].reason
    assert [row[0] for row in found] == [1, 2, 3, 4]


def test_json_lines_with_a_column_nowhere(tmp_path):
    (tmp_path / "t.jsonl").write_text('{"name": "A"}\n{"town": "B"}\n')
    rows = open_grid(tmp_path / "t.jsonl", ("name", "city")).rows()
    with pytest.raises(SourceError, match="no column 'city'; its columns are 'name', 'town'"):
        list(rows)


def test_json_lines_in_other_encodings(tmp_path):
    (tmp_path / "t.jsonl").write_bytes('{"name": "Zoë"}\n{"name": "A"}'.encode("cp1252"))
    utf8, ascii_row = open_grid(tmp_path / "t.jsonl", ("name",)).rows()
    assert "name the file's `encoding`" in utf8.reason
    assert ascii_row.cells == ["A"]
    assert texts(open_grid(tmp_path / "t.jsonl", ("name",), encoding="cp1252")) == [["Zoë"], ["A"]]


def test_a_json_array_is_not_json_lines(tmp_path, monkeypatch):
    monkeypatch.setattr("triplehelix.read.grids.LINE_LONGEST", 1000)
    (tmp_path / "t.jsonl").write_text(json.dumps([{"name": "A" * 100}] * 20))
    with pytest.raises(SourceError, match="jq -c"):
        open_grid(tmp_path / "t.jsonl", ("name",))


def test_many_batches_of_parquet(tmp_path):
    frame = pd.DataFrame({"n": range(10_001), "word": [f"w{n}" for n in range(10_001)]})
    frame.to_parquet(tmp_path / "t.parquet", row_group_size=3_000)
    rows = list(open_grid(tmp_path / "t.parquet").rows())
    assert [row.cells for row in rows] == frame.to_numpy().tolist()
    assert [row.number for row in rows] == list(range(1, 10_002))


@pytest.mark.parametrize("name, content, words", [
    ("t.csv", b"", "empty"), ("t.xlsx", b"", "empty"), ("t.parquet", b"", "empty"),
    ("t.xlsx", b"no workbook", "damaged or no XLSX"),
    ("t.parquet", b"PAR1 x", "damaged or no Parquet"),
    ("t.ods", b"x", r"must end in \.csv"), ("t.json", b"{}", "must end in"),
    ("t.csv.gz", b"plain", "does not hold gzip"),
])  # fmt: skip
def test_files_that_are_not_what_they_seem(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=words):
        list(open_grid(tmp_path / name).rows())


@pytest.mark.parametrize("name", ["t.csv.gz", "t.jsonl.gz", "t.parquet", "t.xlsx"])
def test_truncated_files(tmp_path, name):
    file = write(tmp_path, name)
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(SourceError, match="truncated|damaged"):
        list(open_grid(file, COLUMNS).rows())


def test_a_workbook_that_unpacks_to_gigabytes(tmp_path, monkeypatch):
    monkeypatch.setattr("triplehelix.read.grids.BOMB_BYTES", 1 << 20)
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (4 << 20))
    with pytest.raises(SourceError, match="zip bomb"):
        open_grid(tmp_path / "t.xlsx")


def test_missing(tmp_path):
    with pytest.raises(SourceError, match="missing"):
        open_grid(tmp_path / "none.csv")
