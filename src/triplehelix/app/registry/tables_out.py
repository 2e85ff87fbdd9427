"""Rows of UNIQUIP as a file: CSV, TSV or a sheet, each cell harmless to spreadsheets."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from triplehelix.errors import InputError
from triplehelix.formulas import guarded
from triplehelix.registry.exchange.uniquip import is_note, written_columns
from triplehelix.registry.exchange.uniquip_columns import order

# ECMA-376 part 1, 22.9.2.19: _xHHHH_ in a cell stands for a letter.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
CELL_MOST = 32_767  # characters in a cell of XLSX; more would be cut off without a word


def table(rows: Sequence[Mapping[str, str]], form: str) -> Iterator[bytes]:
    """A file of rows, in pieces; `form` is `csv`, `tsv` or `xlsx`."""
    columns = order({key for row in rows for key in row if not is_note(key)})
    written = written_columns(rows)
    head = [written.get(column, column) for column in columns]
    cells = ([guarded(row.get(column, "")) for column in columns] for row in rows)
    lines = [[guarded(column) for column in head]]
    if form == "xlsx":
        yield _workbook([*lines, *cells])
        return
    yield b"\xef\xbb\xbf" if form == "csv" else b""  # Excel takes CSV for Windows-1252 without it
    for line in lines:
        yield _line(line, form)
    for line in cells:
        yield _line(line, form)


def _line(cells: Sequence[str], form: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter="\t" if form == "tsv" else ",").writerow(cells)
    return out.getvalue().encode()


def _workbook(lines: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    _check_lengths(lines)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("UNIQUIP")
    for line in lines:
        row = []
        for text in line:
            cell = WriteOnlyCell(sheet, value=_legal(text))
            if text:
                cell.data_type = "s"  # text, whatever it begins with: never a formula
            row.append(cell)
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _check_lengths(lines: Sequence[Sequence[str]]) -> None:
    for number, line in enumerate(lines, 1):
        for column, text in zip(lines[0], line, strict=True):
            if len(text) > CELL_MOST:
                raise InputError(
                    f"row {number}, {column}: {len(text):,} characters are more than a cell of a "
                    f"sheet holds ({CELL_MOST:,}); export it as .csv"
                )


def _legal(text: str) -> str:
    """Text that XML can hold; what looks like an escape of a sheet's own is escaped."""
    text = _ESCAPE.sub("_x005F_", text)
    return text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
