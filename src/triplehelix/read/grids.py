"""
Rows of anybody's table: CSV, TSV, XLSX, Parquet and JSON Lines as one kind of stream.

A grid has named columns and rows of cells in their order. Cells of typed formats stay what
they were (numbers, dates, lists); `text_of` gives any of them as text, in the same way for
all formats: 1.0 in a column that XLSX or Parquet holds as a number is `1`, as people see it.
"""

import io
import json
import math
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from typing import Any, NamedTuple

from triplehelix.errors import SourceError
from triplehelix.read import delimited
from triplehelix.read.files import BOMB_BYTES, BOMB_RATIO, Member, members
from triplehelix.read.rows import Rejected, raw_text

ENDINGS = (".csv", ".tsv", ".xlsx", ".parquet", ".jsonl", ".ndjson")
# A line this long is a whole file without line breaks, not a row.
LINE_LONGEST = 1 << 24
_BATCH = 4_096
# What a spreadsheet shows in place of a value it could not work out.
_SHEET_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})


class Row(NamedTuple):
    """A row, numbered from 1: its text as `raw_text` makes it, its cells in column order."""

    number: int
    raw: str
    cells: Sequence[Any]


class Grid(NamedTuple):
    """
    A table whose columns are known and whose rows are read when asked for.

    `rows_total` is the number of rows where the format tells it. `open_ended` is True for JSON
    Lines, whose columns are known only at the end: there `columns` are those asked for.
    """

    member: Member
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Row | Rejected]]
    rows_total: int | None = None
    open_ended: bool = False


def open_grid(
    path: Path,
    wanted: Sequence[str] = (),
    *,
    sheet: str | None = None,
    header_row: int = 1,
    encoding: str | None = None,
) -> Grid:
    """
    Read the header of a table, whatever its format.

    Parameters
    ----------
    path : a file whose name ends in one of `ENDINGS`; CSV, TSV and JSON Lines also with `.gz`
    wanted : the columns needed; matters for JSON Lines, where they become the columns
    sheet : XLSX: the sheet's name; the first one if None
    header_row : XLSX: the row that holds the column names, from 1
    encoding : text formats: the encoding; told from the first bytes, or UTF-8, if None

    Returns
    -------
    Grid
        Each call of its `rows` reads from the first row; blank rows are no rows.

    Raises
    ------
    SourceError
        If the file is missing, empty, damaged, of another format, or has no such sheet.
    """
    member = members(path)[0]
    match Path(member.table_name).suffix:
        case ".csv":
            return _delimited(member, None, encoding)
        case ".tsv":
            return _delimited(member, "\t", encoding)
        case ".jsonl" | ".ndjson":
            return _json_lines(member, tuple(wanted), encoding or "utf-8-sig")
        case ".parquet":
            return _parquet(member)
        case ".xlsx":
            return _xlsx(member, sheet, header_row)
    raise SourceError(
        f"{path}: not a format a mapping can read; its name must end in {', '.join(ENDINGS)} "
        "(save or convert it as one of these)"
    )


def text_of(cell: Any) -> str:
    """
    Give a cell as text, without blanks around it; empty for an empty or not-a-number cell.

    Examples
    --------
    >>> text_of(" a "), text_of(2.0), text_of(0.1), text_of(None), text_of(True)
    ('a', '2', '0.1', '', 'true')
    >>> text_of(datetime(2020, 3, 1)), text_of(datetime(2020, 3, 1, 12, 30))
    ('2020-03-01', '2020-03-01T12:30:00')
    """
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number_text(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, dict | list | tuple):
        return json.dumps(cell, ensure_ascii=False, default=str)
    return str(cell)


def _number_text(number: float) -> str:
    if not math.isfinite(number):
        return ""
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)


def _delimited(member: Member, delimiter: str | None, encoding: str | None) -> Grid:
    table = delimited.table(member, delimiter=delimiter, encoding=encoding)
    return Grid(member, table.columns, table.rows)  # type: ignore[arg-type]  # Row alike


def _json_lines(member: Member, wanted: tuple[str, ...], encoding: str) -> Grid:
    def rows() -> Iterator[Row | Rejected]:
        seen: set[str] = set()
        number = 0
        for number, line in enumerate(_lines(member, encoding), start=1):
            found = _object(line)
            if isinstance(found, str):
                yield Rejected(number, raw_text({"line": line}), found)
                continue
            flat = _flat(found)
            seen.update(flat)
            yield Row(number, raw_text(found), [flat.get(column) for column in wanted])
        missing = [column for column in wanted if column not in seen]
        if missing and seen:
            raise unknown_columns(member.label, missing, sorted(seen))

    next(_lines(member, encoding), None)
    return Grid(member, wanted, rows, open_ended=True)


def unknown_columns(label: str, missing: Sequence[str], found: Sequence[str]) -> SourceError:
    """Make the error for columns a mapping names and a file does not have."""
    shown = ", ".join(map(repr, found[:60])) + (", ..." if len(found) > 60 else "")
    return SourceError(
        f"{label} has no column {', '.join(map(repr, missing))}; its columns are {shown}: "
        "correct the name in the mapping"
    )


def _lines(member: Member, encoding: str) -> Iterator[str]:
    """The lines that are not blank, without their line breaks."""
    errors = "strict" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    with io.TextIOWrapper(member.open(), encoding, errors) as text:
        while line := text.readline(LINE_LONGEST):
            if len(line) == LINE_LONGEST:
                raise SourceError(
                    f"{member.label} has a line of more than {LINE_LONGEST:,} characters; JSON "
                    "Lines hold one object per line: convert it, for instance with `jq -c '.[]'`"
                )
            if line.strip():
                yield line.strip()


def _object(line: str) -> dict[str, Any] | str:
    """A line's object, or why there is none."""
    try:
        line.encode()
        found = json.loads(line)
    except UnicodeEncodeError:
        return "is not UTF-8; name the file's `encoding` in the mapping, or convert the file"
    except (ValueError, RecursionError) as err:
        return f"is not JSON ({err}); write one object per line"
    if not isinstance(found, dict):
        return "is not a JSON object in braces; write one object per line (`jq -c '.[]'`)"
    return found


def _flat(found: dict[str, Any], before: str = "") -> dict[str, Any]:
    """An object's values under dotted names: `{"a": {"b": 1}}` has `a.b`."""
    flat: dict[str, Any] = {}
    for key, value in found.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{before}{key}.")
        else:
            flat[before + key] = value
    return flat


def _parquet(member: Member) -> Grid:
    import pyarrow.parquet as pq

    with _damage(member, "Parquet"), pq.ParquetFile(member.path) as file:
        columns, total = tuple(file.schema_arrow.names), file.metadata.num_rows
    if len(set(columns)) < len(columns):
        raise SourceError(f"{member.label} has two columns of one name; rename one of them")

    def rows() -> Iterator[Row | Rejected]:
        with _damage(member, "Parquet"), pq.ParquetFile(member.path) as file:
            number = 0
            for batch in file.iter_batches(batch_size=_BATCH):
                for row in batch.to_pylist():
                    number += 1
                    yield Row(number, raw_text(row), list(row.values()))

    return Grid(member, columns, rows, total)


def _xlsx(member: Member, sheet: str | None, header_row: int) -> Grid:
    def values() -> Iterator[tuple[Any, ...]]:
        """The rows from the header on, the header first, blank ones left out."""
        import openpyxl

        with _damage(member, "XLSX"):
            check_unpacked(member)
            # A zip is read from its end: a stream that only runs forward will not do.
            with member.path.open("rb") as stream:
                book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
                if sheet is not None and sheet not in book.sheetnames:
                    raise SourceError(
                        f"{member.label} has no sheet {sheet!r}; its sheets are "
                        f"{', '.join(map(repr, book.sheetnames))}: correct `sheet`"
                    )
                page = book[sheet] if sheet is not None else book.worksheets[0]
                # Some programs write a wrong size, beyond which nothing would be read.
                page.reset_dimensions()
                for row in page.iter_rows(min_row=header_row, values_only=True):
                    if any(cell not in (None, "") for cell in row):
                        yield tuple(row)

    header = next(values(), None)
    if header is None:
        raise SourceError(
            f"{member.label} is empty: no column names in row {header_row}; set `sheet` or "
            "`header_row` in the mapping"
        )
    columns = _apart(text_of(c) or f"column {n}" for n, c in enumerate(header, start=1))

    def rows() -> Iterator[Row | Rejected]:
        found = values()
        next(found)
        width = len(columns)
        for number, row in enumerate(found, start=1):
            cells = [*row[:width], *[None] * (width - len(row))]
            raw = raw_text(dict(zip(columns, cells, strict=True)))
            yield Row(number, raw, [None if c in _SHEET_ERRORS else c for c in cells])

    return Grid(member, columns, rows)


def _apart(header: Iterable[str]) -> tuple[str, ...]:
    """Column names of which none stands twice: a second `Name` is `Name (2)`."""
    names: dict[str, None] = {}
    for column in header:
        times, name = 1, column
        while name in names:
            times += 1
            name = f"{column} ({times})"
        names[name] = None
    return tuple(names)


def check_unpacked(member: Member) -> None:
    """Refuse a spreadsheet that is a zip bomb."""
    with zipfile.ZipFile(member.path) as archive:
        unpacked = sum(info.file_size for info in archive.infolist())
    if unpacked > max(BOMB_BYTES, BOMB_RATIO * member.path.stat().st_size):
        raise SourceError(
            f"{member.label} unpacks to {unpacked / 2**30:.1f} GiB (a zip bomb?); save the sheet "
            "as CSV and map that"
        )


@contextmanager
def _damage(member: Member, form: str) -> Iterator[None]:
    """Turn what the format's library raises into an error that names the file."""
    try:
        yield
    except SourceError:
        raise
    except (OSError, ValueError, KeyError, IndexError, zipfile.BadZipFile, SyntaxError) as err:
        said = " ".join(str(err).split())[:200]
        raise SourceError(
            f"{member.label} is damaged or no {form} ({said}); save or fetch it again"
        ) from err
