"""Spreadsheets, read again by two libraries that are not ours."""

import io
import zipfile
from xml.etree import ElementTree

import pandas as pd
import pytest

from triplehelix.app.opendocument import CELL_LONGEST, spreadsheet
from triplehelix.errors import InputError

ROWS = [
    ["name", "n", "area"],
    ["Ω & <b>\"bold\"</b> 'q'", 3, 2.5],
    ["=1+1", None, 1e-7],
    [None, 0, 12_345_678],
]


def read(content: bytes, engine: str, sheet: str = "A & B") -> list[list[object]]:
    frame = pd.read_excel(io.BytesIO(content), sheet_name=sheet, engine=engine, header=None)
    return [[None if pd.isna(value) else value for value in row] for row in frame.values.tolist()]


@pytest.mark.parametrize("engine", ["odf", "calamine"])
def test_others_read_what_was_written(engine: str) -> None:
    content = spreadsheet([("A & B", ROWS), ("Notes", [["x"]])])
    assert read(content, engine) == ROWS
    assert read(content, engine, "Notes") == [["x"]]


def test_the_parts_of_the_file_are_as_the_standard_asks() -> None:
    """OpenDocument 1.2, part 3: `mimetype` first and unpacked; each part listed."""
    with zipfile.ZipFile(io.BytesIO(spreadsheet([("A", ROWS)]))) as archive:
        first, *others = archive.infolist()
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert not first.extra
        listed = ElementTree.fromstring(archive.read("META-INF/manifest.xml"))
        names = {entry.attrib[entry.tag.split("}")[0] + "}full-path"] for entry in listed}
        assert names == {"/", "content.xml"}
        assert {entry.filename for entry in others} == {"content.xml", "META-INF/manifest.xml"}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_text_that_xml_cannot_hold_is_left_out_and_blanks_are_one() -> None:
    content = spreadsheet([("A", [["a\x00b \x0b  c\ud800", "\ttab\nline "]])])
    assert read(content, "odf", "A") == [["a b c", "tab line"]]


def test_what_does_not_fit_is_said() -> None:
    assert spreadsheet([("A", [["x" * CELL_LONGEST]])])
    with pytest.raises(InputError, match="has 32,768 characters and a cell holds at most 32,767"):
        spreadsheet([("A", [["x" * (CELL_LONGEST + 1)]])])
    with pytest.raises(InputError, match="nan cannot stand in a spreadsheet; leave the cell empty"):
        spreadsheet([("A", [[float("nan")]])])
