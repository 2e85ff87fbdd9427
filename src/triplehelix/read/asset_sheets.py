"""
The first sheet of a workbook of Excel, with each cell's text as the sheet shows it.

A workbook is a zip of XML that anybody may have made: before a library sees it, all of it is
unpacked once and counted, and a part that declares a document type is refused, for that is how
entities are smuggled in (CWE-611, CWE-776).
"""

import io
import re
import zipfile
from bisect import bisect_left
from datetime import date, datetime, time, timedelta
from typing import Any

from triplehelix.errors import InputError
from triplehelix.read.asset_files import COLUMNS_MOST, ROWS_MOST, TableRow
from triplehelix.read.asset_layouts import Layouts, first_layouts
from triplehelix.read.grids import text_of

UNPACKED_MOST = 500 << 20
PARTS_MOST = 5_000
_BLOCK = 1 << 20
_REMEDY = "save the first sheet as CSV, and send that"
_LONG_NUMBER = 10**15


def first_sheet(content: bytes) -> tuple[list[TableRow], list[str]]:
    """
    The rows of the first sheet that are not blank, the header first, and notes on the file.

    Raises
    ------
    InputError
        If the workbook is damaged, locked, a zip bomb, or declares entities.
    """
    notes: list[str] = []
    try:
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                _check(archive)
                layouts = first_layouts(archive)
        else:
            layouts = Layouts({}, {})
        rows = _rows(content, layouts, notes)
    except InputError:
        raise
    except BaseException as err:
        # The libraries raise many kinds; the one in Rust panics outside of Exception.
        if isinstance(err, KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError):
            raise
        said = " ".join(str(err).split())[:200]
        raise InputError(f"the workbook is damaged or locked ({said}); {_REMEDY}") from err
    return rows, notes


def _check(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > PARTS_MOST or sum(part.file_size for part in parts) > UNPACKED_MOST:
        raise _bomb()
    if not any(part.filename == "[Content_Types].xml" for part in parts):
        raise InputError(f"the file is a zip and no workbook; {_REMEDY}")
    unpacked = 0
    for part in parts:
        with archive.open(part) as stream:
            head = stream.read(_BLOCK)
            _refuse_types(head, part.filename)
            unpacked += len(head)
            # What a zip says of its size may be a lie: count what comes out.
            while block := stream.read(_BLOCK):
                unpacked += len(block)
                if unpacked > UNPACKED_MOST:
                    raise _bomb()


def _refuse_types(head: bytes, name: str) -> None:
    if name.lower().startswith("xl/media/"):  # pictures, which nobody reads here
        return
    plain = head.replace(b"\0", b"").upper()
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise InputError(
            f"{name} in the workbook declares entities, which no spreadsheet program writes and "
            f"attackers do; {_REMEDY}"
        )


def _bomb() -> InputError:
    return InputError(
        f"the workbook unpacks to more than {UNPACKED_MOST >> 20} MiB (a zip bomb?); {_REMEDY}"
    )


def _rows(content: bytes, layouts: Layouts, notes: list[str]) -> list[TableRow]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    if len(book.sheet_names) > 1:
        notes.append(f"only its first sheet, {book.sheet_names[0]!r}, was read")
    formats, formulas = layouts
    rows: list[TableRow] = []
    sheet = book.get_sheet_by_index(0)
    if sheet.end and sheet.end[1] >= COLUMNS_MOST:
        raise InputError(f"the sheet has more than {COLUMNS_MOST:,} columns; {_REMEDY}")
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), 1):
        shown = tuple(
            cell if isinstance(cell, str) else _shown(cell, formats.get((number, place)))
            for place, cell in enumerate(cells)
        )
        marks = {
            place: mark
            for place, cell in enumerate(cells)
            if not isinstance(cell, str) and (mark := _mark(cell))
        }
        _add(rows, TableRow(number, shown, marks))
    for (number, place), formula in formulas.items():
        _put(rows, number, place, formula)
    return rows


def _put(rows: list[TableRow], number: int, place: int, text: str) -> None:
    """Write a formula that was never worked out where the library gives an empty cell."""
    at = bisect_left(rows, number, key=lambda row: row.number)
    if at == len(rows) or rows[at].number != number:
        rows.insert(at, TableRow(number, ()))
    cells = [*rows[at].cells, *[""] * (place + 1 - len(rows[at].cells))]
    cells[place] = cells[place] or text
    rows[at] = rows[at]._replace(cells=tuple(cells))


def _add(rows: list[TableRow], row: TableRow) -> None:
    if any(cell.strip() for cell in row.cells):
        rows.append(row)
    if len(rows) > ROWS_MOST + 1:
        raise InputError(f"the sheet has over {ROWS_MOST:,} rows; split it into several")


def _mark(value: Any) -> str | None:
    if isinstance(value, datetime | date | time | timedelta):
        return "a date or a time"
    if isinstance(value, int | float) and abs(value) >= _LONG_NUMBER:
        return "a number of more digits than a spreadsheet keeps"
    return None


def _shown(value: Any, layout: str | None) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_shown(value, layout or "General")
    return value if isinstance(value, str) else text_of(value)


def number_shown(value: float, layout: str) -> str:
    """
    A number as its cell's format shows it: leading zeros, decimals, thousands, percent.

    Any other format is passed over and the number written plainly.

    Examples
    --------
    >>> number_shown(7, "000"), number_shown(12, "0.0"), number_shown(12.0, "General")
    ('007', '12.0', '12')
    >>> number_shown(1234.5, "#,##0.00"), number_shown(0.25, "0%")
    ('1,234.50', '25%')
    """
    match = re.fullmatch(r"(#,##)?(0+)(?:\.(0+))?(%)?", layout.split(";")[0].strip())
    if not match:
        return text_of(value)
    thousands, whole, decimals, percent = match.groups()
    places = len(decimals or "")
    number = value * 100 if percent else value
    text = f"{abs(number):{',' if thousands else ''}.{places}f}"
    width = len(whole) + (places + 1 if places else 0)
    text = text if thousands else text.zfill(width)
    return ("-" if number < 0 else "") + text + (percent or "")
