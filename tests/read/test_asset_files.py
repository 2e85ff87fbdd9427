"""Files people send: encodings, delimiters, sheets as shown, and files made to do harm."""

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import xlwt

from triplehelix.errors import InputError
from triplehelix.read import asset_files, asset_layouts, asset_sheets
from triplehelix.read.asset_files import JsonFile, TableFile, asset_file

TEXT = "ID,Name\n1,Größe\n2,naïve\n"


def table(content: bytes) -> list[tuple[str, ...]]:
    found = asset_file(content)
    assert isinstance(found, TableFile)
    return [found.columns, *(row.cells for row in found.rows)]


def workbook(*rows: list[object], **formats: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cell, layout in formats.items():
        sheet[cell].number_format = layout
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def altered(content: bytes, part: str, change: object) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))  # type: ignore[operator]
    return out.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_any_usual_encoding_and_line_end_is_read(encoding: str, ends: str) -> None:
    expected = [("ID", "Name"), ("1", "Größe"), ("2", "naïve")]
    assert table(TEXT.replace("\n", ends).encode(encoding)) == expected


def test_windows_1252_is_said_to_be_a_guess() -> None:
    assert "read as Windows-1252" in asset_file(TEXT.encode("cp1252")).notes[0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_one_that_parts_the_header(delimiter: str) -> None:
    text = delimiter.join(["a", "b", '"c,;\t"']) + "\n" + delimiter.join(["1", '"x\n""y"', "3"])
    assert table(text.encode()) == [("a", "b", "c,;\t"), ("1", 'x\n"y', "3")]


def test_excel_s_line_that_names_the_delimiter_is_passed_over() -> None:
    found = asset_file(b"sep=;\r\na;b\r\n\r\n1;2\r\n")
    assert isinstance(found, TableFile)
    assert found.columns == ("a", "b")
    assert [(row.number, row.cells) for row in found.rows] == [(4, ("1", "2"))]


def test_nul_bytes_and_mixed_line_ends_do_no_harm() -> None:
    found = asset_file(b"a,b\r1,\x002\r\n3,4\n")
    assert isinstance(found, TableFile)
    assert [row.cells for row in found.rows] == [("1", "2"), ("3", "4")]
    assert "NUL" in found.notes[0]


def test_rows_of_another_width_are_told_and_short_ones_filled() -> None:
    found = asset_file(b"a,b,c\n1\n1,2,3,4\n1,2,3,,\n")
    assert isinstance(found, TableFile)
    assert [row.cells for row in found.rows] == [("1", "", ""), ("1", "2", "3"), ("1", "2", "3")]
    assert [row.fault for row in found.rows] == [
        None, "the row has 4 cells where the header has 3", None
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"  \n\n", b"\xef\xbb\xbf", b",,\n,,\n"])
def test_an_empty_file_is_said_to_be_empty(content: bytes) -> None:
    with pytest.raises(InputError, match="empty; send one with a header"):
        asset_file(content)


def test_a_header_alone_has_no_rows() -> None:
    assert table(b"a,b\n") == [("a", "b")]


def test_an_address_is_never_fetched() -> None:
    for address in ("https://example.org/a.csv", "ftp://x/y", "https:/example.org/a"):
        with pytest.raises(InputError, match="download it first"):
            asset_file(address)


def test_a_missing_file_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv cannot be read \(No such file"):
        asset_file(tmp_path / "none.csv")


def test_size_limits_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asset_files, "ROWS_MOST", 3)
    assert len(table(b"a\n1\n2\n3\n")) == 4
    with pytest.raises(InputError, match="over 3; split it into several"):
        asset_file(b"a\n1\n2\n3\n4\n")
    monkeypatch.setattr(asset_files, "BYTES_MOST", 1 << 20)
    with pytest.raises(InputError, match="more than 1; split it"):
        asset_file(b"x" * (2 << 20))


def test_a_page_is_no_table() -> None:
    with pytest.raises(InputError, match="page or XML, no table"):
        asset_file(b"<!DOCTYPE html><html></html>")


def test_numbers_in_a_sheet_are_read_as_they_are_shown() -> None:
    rows = [7, 12, 1234.5, 0.25, 3, 3.5, True, datetime(2026, 2, 1), "007", None, 1e16]
    formats = {"A2": "000", "B2": "0.0", "C2": "#,##0.00", "D2": "0%"}
    content = workbook([f"c{i}" for i in range(11)], rows, **formats)
    assert table(content)[1] == (
        "007", "12.0", "1,234.50", "25%", "3", "3.5", "TRUE", "2026-02-01", "007", "", "1e+16",
    )  # fmt: skip
    found = asset_file(content)
    assert isinstance(found, TableFile) and set(found.rows[0].marks) == {7, 10}


def test_a_formula_never_worked_out_is_its_text_and_runs_nowhere() -> None:
    content = workbook(["a", "b"], ["=1+1", "x"], [None, '=HYPERLINK("http://x","y")'])
    assert table(content)[1:] == [("=1+1", "x"), ("", '=HYPERLINK("http://x","y")')]


def test_blank_rows_in_a_sheet_keep_the_numbers_of_the_others() -> None:
    found = asset_file(workbook([], ["a", "b"], [], ["1", "2"]))
    assert isinstance(found, TableFile)
    assert found.columns == ("a", "b") and [row.number for row in found.rows] == [4]


XXE = b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>'
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("entity", [XXE, LAUGHS])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_entities_in_a_workbook_are_refused(entity: bytes, encoding: str, part: str) -> None:
    def change(xml: bytes) -> bytes:
        text = xml.decode()
        head, _, rest = text.partition("?>") if text.startswith("<?xml") else ("", "", text)
        return ("<?xml version='1.0'?>" + entity.decode() + (rest or head)).encode(encoding)

    with pytest.raises(InputError, match="declares entities"):
        asset_file(altered(workbook(["a"], ["b"]), part, change))


def test_a_zip_bomb_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asset_sheets, "UNPACKED_MOST", 1 << 20)
    out = io.BytesIO(workbook(["a"], ["b"]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros", bytes(3 << 20))
    with pytest.raises(InputError, match="zip bomb"):
        asset_file(out.getvalue())


def test_a_bomb_that_lies_of_its_size_is_found_out() -> None:
    out = io.BytesIO(workbook(["a"], ["b"]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros", bytes(3 << 20))
    lying = out.getvalue().replace((3 << 20).to_bytes(4, "little"), (9).to_bytes(4, "little"))
    with pytest.raises(InputError, match="damaged or locked"):
        asset_file(lying)


def test_cells_far_apart_do_not_fill_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "a", "b"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(InputError, match="reach to row 1,048,576 and column 16,384"):
        asset_file(out.getvalue())
    assert asset_layouts.AREA_MOST < 2**34


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"PK\x03\x04" + bytes(99)],
)  # fmt: skip
def test_a_damaged_workbook_is_told_with_the_remedy(content: bytes) -> None:
    with pytest.raises(InputError, match="save the first sheet as CSV"):
        asset_file(content)


def test_a_zip_that_is_no_workbook_is_told() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(InputError, match="a zip and no workbook"):
        asset_file(out.getvalue())


def test_json_is_read_in_its_three_shapes() -> None:
    objects = [{"id": 1, "t": "a\u2028b"}, {"id": 2}]
    shapes = [
        json.dumps(objects), json.dumps({"count": 2, "results": objects}),
        "\n".join(json.dumps(one, ensure_ascii=False) for one in objects) + "\n\n",
    ]  # fmt: skip
    for shape in shapes:
        found = asset_file(shape.encode())
        assert isinstance(found, JsonFile)
        assert [(row.number, row.value) for row in found.rows] == list(enumerate(objects, 1))


def test_broken_lines_of_json_are_told_by_number() -> None:
    found = asset_file(b'{"a":1}\n{"a":\n[1]\n{"a":NaN}\n{"a":2}\n')
    assert isinstance(found, JsonFile)
    assert [(row.number, bool(row.fault)) for row in found.rows] == [
        (1, False), (2, True), (3, True), (4, True), (5, False)
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"[" * 100_000, b"[1, 2", b'[{"a": NaN}]'])
def test_json_that_is_none_is_told(content: bytes) -> None:
    with pytest.raises(InputError, match="no JSON|nested too deep"):
        asset_file(content)


def old_workbook(*rows: list[object]) -> bytes:
    """A workbook in the format of Excel 97 (XLS), and a second sheet."""
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    sheet = book.add_sheet("Assets")
    for n, each in enumerate(rows):
        for m, cell in enumerate(each):
            sheet.write(n, m, cell, *([day] if isinstance(cell, datetime) else []))
    book.add_sheet("Notes").write(0, 0, "not read")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_of_excel_97_is_read_as_one_of_today() -> None:
    rows: list[list[object]] = [
        ["ID", "Name", "Amount", "Since", "Kept"],
        ["007", "Größe, naïve – 細胞", 12, datetime(2020, 3, 1), True],
        [8, "two\nlines", 0.5, "2020", False],
    ]
    found = asset_file(old_workbook(*rows))
    assert isinstance(found, TableFile)
    assert table(old_workbook(*rows)) == table(workbook(*rows))
    assert [row.cells[:3] for row in found.rows] == [
        ("007", "Größe, naïve – 細胞", "12"), ("8", "two\nlines", "0.5"),
    ]  # fmt: skip
    assert any("first sheet, 'Assets'" in note for note in found.notes)
