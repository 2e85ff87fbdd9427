"""
How the cells of a workbook's first sheet look: what a library that reads values leaves out.

Office Open XML, ECMA-376 part 1, 18.3.1.4 (cells), 18.8.30 (number formats). The XML has been
looked over by `asset_sheets` before; declarations are refused here once more.
"""

import posixpath
import zipfile
from typing import NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

from triplehelix.errors import InputError

AREA_MOST = 20_000_000
_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}


class Layouts(NamedTuple):
    """Formats of the cells that hold numbers, and formulas never worked out, by (row, column)."""

    formats: dict[tuple[int, int], str]
    formulas: dict[tuple[int, int], str]


def first_layouts(archive: zipfile.ZipFile) -> Layouts:
    """
    The layouts of the first sheet; rows count from 1, columns from 0.

    Raises
    ------
    InputError
        If cells lie so far apart that reading the area between them would fill memory.
    """
    sheet = _Sheet(_formats(archive))
    with archive.open(_first_part(archive)) as stream:
        parser = expat.ParserCreate(namespace_separator="}")
        parser.StartElementHandler, parser.EndElementHandler = sheet.start, sheet.end
        parser.CharacterDataHandler = sheet.text
        parser.StartDoctypeDeclHandler = _no_types
        parser.buffer_text = True
        parser.ParseFile(stream)
    return Layouts(sheet.formats, sheet.formulas)


def _no_types(*_: object) -> None:
    raise InputError("the workbook declares entities; save its first sheet as CSV, and send that")


class _Sheet:
    """Takes in the cells of a sheet one after the other."""

    def __init__(self, known: list[str]) -> None:
        self.known = known
        self.formats: dict[tuple[int, int], str] = {}
        self.formulas: dict[tuple[int, int], str] = {}
        self._row = self._column = 0
        self._last_row = self._last_column = 0
        self._format, self._formula, self._said = "General", "", False
        self._in_formula = self._in_value = self._number = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = -1
        elif name == "c":
            self._cell(attributes)
        elif name in ("v", "is"):
            self._in_value = True
            self._reach()
        elif name == "f":
            self._in_formula = True
            self._reach()

    def _cell(self, attributes: dict[str, str]) -> None:
        letters = attributes.get("r", "").rstrip("0123456789")
        self._column = _column(letters) if letters else self._column + 1
        style = int(attributes.get("s", 0))
        self._format = self.known[style] if style < len(self.known) else "General"
        self._number = attributes.get("t", "n") == "n"
        self._formula, self._said = "", False

    def _reach(self) -> None:
        self._last_row = max(self._last_row, self._row)
        self._last_column = max(self._last_column, self._column)
        if self._last_row * (self._last_column + 1) > AREA_MOST:
            raise InputError(
                f"the sheet's cells reach to row {self._last_row:,} and column "
                f"{self._last_column + 1:,}, most of them empty; delete the far ones, or save the "
                "sheet as CSV"
            )

    def text(self, text: str) -> None:
        if self._in_formula:
            self._formula += text
        elif self._in_value:
            self._said = True

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        if name == "f":
            self._in_formula = False
        elif name in ("v", "is"):
            self._in_value = False
        elif name == "c":
            here = (self._row, self._column)
            if self._said and self._number and self._format != "General":
                self.formats[here] = self._format
            elif self._formula and not self._said:
                self.formulas[here] = "=" + self._formula


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _first_part(archive: zipfile.ZipFile) -> str:
    """The part of the first sheet, by way of the workbook's relations."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    first = next(one for one in book.iter() if one.tag.endswith("}sheet"))
    wanted = next(value for name, value in first.items() if name.endswith("}id"))
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = next(one.get("Target", "") for one in relations if one.get("Id") == wanted)
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join("xl", target))


def _formats(archive: zipfile.ZipFile) -> list[str]:
    """The number format of each style of cell, in the styles' order."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
    own = {
        int(one.get("numFmtId", 0)): one.get("formatCode", "General")
        for one in styles.iter()
        if one.tag.endswith("}numFmt")
    }
    cells = next((one for one in styles if one.tag.endswith("}cellXfs")), ())
    ids = [int(one.get("numFmtId", 0)) for one in cells]
    return [own.get(i, _BUILT_IN.get(i, "General")) for i in ids]
