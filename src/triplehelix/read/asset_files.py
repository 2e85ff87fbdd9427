"""
Files that people send of their assets: told by their content, never by their name.

A table (CSV, TSV, XLS, XLSX) becomes columns and rows of text, JSON and JSON Lines objects with
their numbers. Nothing that a file names is ever fetched.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from triplehelix.errors import InputError
from triplehelix.read.delimited import FIELD_LONGEST

BYTES_MOST = 100 << 20
ROWS_MOST = 200_000
COLUMNS_MOST = 1_000
DELIMITERS = ",\t;"
_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:/")
_SEPARATOR_LINE = re.compile(r'"?sep=."?\r?\n', re.IGNORECASE)
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)  # fmt: skip


class TableRow(NamedTuple):
    """
    A row, numbered as a spreadsheet shows it; `fault` says why it cannot be read.

    `marks` tells of cells, by place, that a spreadsheet holds as something else than text and
    that may have been another thing when they were typed.
    """

    number: int
    cells: tuple[str, ...]
    marks: Mapping[int, str] = {}
    fault: str | None = None


class TableFile(NamedTuple):
    """A table: its columns, its rows that are not blank, and what to know of the file."""

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    notes: tuple[str, ...] = ()


class JsonRow(NamedTuple):
    """An object by its line or its place in a list; `fault` says why there is none."""

    number: int
    value: Mapping[str, Any]
    fault: str | None = None


class JsonFile(NamedTuple):
    """The objects of a file of JSON or JSON Lines."""

    rows: tuple[JsonRow, ...]
    notes: tuple[str, ...] = ()


def asset_file(source: Path | str | bytes) -> TableFile | JsonFile:
    """
    Read a file.

    Parameters
    ----------
    source : the path of a file, or its bytes.

    Raises
    ------
    InputError
        If it is missing, empty, too large, damaged, dangerous, or neither table nor JSON; or if
        it is an address of the web, which is never fetched.
    """
    content = source if isinstance(source, bytes) else _content(source)
    if len(content) > BYTES_MOST:
        raise InputError(
            f"the file has {len(content) / 2**20:.0f} MiB, more than {BYTES_MOST >> 20}; "
            "split it into several"
        )
    if content.startswith((_ZIP, _OLD_EXCEL)):
        from triplehelix.read.asset_sheets import first_sheet

        return _table(*first_sheet(content))
    text, notes = _decoded(content)
    if not text.strip():
        raise InputError("the file is empty; send one with a header and at least one row")
    if text.lstrip()[0] in "{[":
        return JsonFile(tuple(_json_rows(text)), tuple(notes))
    if text.lstrip()[0] == "<":
        raise InputError(
            "the file is a page or XML, no table; save it as CSV or XLSX, or send JSON"
        )
    found, said = _delimited(text)
    return _table(found, [*notes, *said])


def _content(source: Path | str) -> bytes:
    if _ADDRESS.match(str(source)):
        raise InputError(
            "this is an address, not a file, and nothing is fetched from addresses; download it "
            "first, and give the downloaded file"
        )
    path = Path(source)
    try:
        with path.open("rb") as stream:
            return stream.read(BYTES_MOST + 1)
    except (OSError, ValueError) as err:
        why = getattr(err, "strerror", None) or err
        raise InputError(f"{path.name} cannot be read ({why}); check the path") from err


def _decoded(content: bytes) -> tuple[str, list[str]]:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    notes = []
    if encoding is None and b"\0" in content[:200]:
        # UTF-16 without its mark: every other byte of plain letters is 0.
        encoding = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
        encoding = encoding if 0 in (content[0], content[1] if len(content) > 1 else 1) else None
    try:
        text = content.decode(encoding or "utf-8")
    except UnicodeDecodeError as err:
        if encoding not in (None, "utf-16-le", "utf-16-be"):
            raise InputError(
                f"the file begins as {encoding} and is not ({err.reason}); save it as UTF-8"
            ) from err
        text = content.decode("cp1252", "replace")
        notes.append("it is not UTF-8 and was read as Windows-1252: check letters with accents")
    if "\0" in text:
        notes.append("it holds NUL bytes, which were left out: check that it is whole")
    return text.replace("\0", ""), notes


def _json_rows(text: str) -> Iterator[JsonRow]:
    try:
        whole = json.loads(text, parse_constant=_no_number)
    except RecursionError as err:
        raise InputError("the JSON is nested too deep; write it flatter") from err
    except ValueError as err:
        if text.lstrip()[0] == "{" and "\n" in text.strip():
            yield from _lines(text)
            return
        raise InputError(f"the file is no JSON ({err}); mend it there") from err
    for number, value in enumerate(_listed(whole), 1):
        yield _json_row(number, value)


def _lines(text: str) -> Iterator[JsonRow]:
    # Lines of JSON end at \n alone: other separators may stand inside its texts.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield _json_row(number, json.loads(line, parse_constant=_no_number))
        except (ValueError, RecursionError) as err:
            yield JsonRow(number, {"line": line[:1000]}, f"the line is no JSON ({err})")
        if number > ROWS_MOST:
            raise _too_many(number)


def _json_row(number: int, value: Any) -> JsonRow:
    if isinstance(value, dict):
        return JsonRow(number, value)
    return JsonRow(number, {"value": value}, "there is no object in braces")


def _listed(whole: Any) -> list[Any]:
    """The list in a file of JSON: the whole of it, the only list in it, or one object alone."""
    if isinstance(whole, list):
        found = whole
    else:
        lists = [one for one in whole.values() if isinstance(one, list)]
        objects = [one for one in lists if one and all(isinstance(each, dict) for each in one)]
        wrapped = len(objects) == 1 and not {"name", "Name"} & set(whole)
        found = objects[0] if wrapped else [whole]
    if len(found) > ROWS_MOST:
        raise _too_many(len(found))
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number in JSON")


def _too_many(n: int) -> InputError:
    return InputError(f"the file has {n:,} rows or more, over {ROWS_MOST:,}; split it into several")


def _delimited(text: str) -> tuple[list[TableRow], list[str]]:
    """Each record with its number, the header among them; blank ones counted and left out."""
    text = text.lstrip("\ufeff")
    skipped = 0
    if match := _SEPARATOR_LINE.match(text):  # Excel's own way to name the delimiter
        skipped, text = 1, text[match.end() :]
    delimiter = _delimiter(text)
    csv.field_size_limit(FIELD_LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[TableRow] = []
    number = skipped
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error as err:
            fault = f"the row cannot be read ({err}), most likely for a quote that is not closed"
            rows.append(TableRow(number, (), {}, fault))
            continue
        if cells is None:
            return rows, []
        if any(cell.strip() for cell in cells):
            rows.append(TableRow(number, tuple(cells)))
        if len(rows) > ROWS_MOST + 1:
            raise _too_many(len(rows) - 1)


def _delimiter(text: str) -> str:
    head = text.lstrip()[:FIELD_LONGEST]
    counts = {}
    for delimiter in DELIMITERS:
        try:
            cells = next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), [])
        except csv.Error:
            cells = []
        counts[delimiter] = len(cells)
    return max(counts, key=lambda delimiter: counts[delimiter])


def _table(rows: list[TableRow], notes: list[str]) -> TableFile:
    if not rows or rows[0].fault:
        raise InputError("the file is empty; send one with a header and at least one row")
    columns = _trimmed(rows[0].cells)
    if len(columns) > COLUMNS_MOST:
        raise InputError(f"the header has {len(columns):,} columns, more than {COLUMNS_MOST:,}")
    return TableFile(columns, tuple(_fitted(row, len(columns)) for row in rows[1:]), tuple(notes))


def _fitted(row: TableRow, width: int) -> TableRow:
    cells = _trimmed(row.cells)
    if len(cells) > width:
        fault = f"the row has {len(cells)} cells where the header has {width}"
        return row._replace(cells=cells[:width], fault=row.fault or fault)
    return row._replace(cells=cells + ("",) * (width - len(cells)))


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Cells without the blank ones at the end."""
    n = len(cells)
    while n and not cells[n - 1].strip():
        n -= 1
    return cells[:n]
