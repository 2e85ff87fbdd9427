"""
Text tables with one row per record: CSV, TSV and their kin, streamed.

The delimiter (`;`, `,`, tab or `|`) is the one that parts the header into most columns.
Quoted fields may hold delimiters, line breaks and doubled quotes. Blank lines are no rows.

Bytes are UTF-8, or UTF-16/32 where the file starts with a byte order mark. No other encoding
is guessed, because a wrong guess damages names without a trace: a row with bytes that are not
UTF-8 is rejected and says how to convert the file, and the rest is read. A caller that knows
better (a mapping) names the encoding.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from json.encoder import encode_basestring
from typing import NamedTuple

from triplehelix.errors import SourceError
from triplehelix.read.files import Member
from triplehelix.read.rows import Rejected, raw_text

DELIMITERS = ";,\t|"
# A field this long is a quote that was never closed, not a text.
FIELD_LONGEST = 1 << 20
_LINE_LONGEST = 16 * FIELD_LONGEST
_BLANK = DELIMITERS + '" \r\n'

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Row(NamedTuple):
    """A row with as many cells as there are columns; `raw` is what `raw_text` makes of it."""

    number: int
    raw: str
    cells: list[str]


class Table(NamedTuple):
    """A text table whose header has been read: its columns, in order, and how to read on."""

    member: Member
    columns: tuple[str, ...]
    delimiter: str
    encoding: str

    def position(self, *names: str) -> int | None:
        """Return the place of the first of `names` that is a column, in any case of letters."""
        folded = {column.casefold(): i for i, column in reversed(list(enumerate(self.columns)))}
        return next((folded[n.casefold()] for n in names if n.casefold() in folded), None)

    def rows(self) -> Iterator[Row | Rejected]:
        """
        Yield each data row in order, numbered from 1, or why it cannot be read.

        A row is rejected for a wrong number of fields, for bytes that are not in the file's
        encoding, for NUL bytes, and for a field of more than `FIELD_LONGEST` characters.

        Raises
        ------
        SourceError
            If the file cannot be read on: see `Member.open`; or UTF-16/32 that is damaged.
        """
        with _text(self.member, self.encoding) as text:
            try:
                yield from _rows(self, text)
            except UnicodeDecodeError as err:
                raise _not_text(self.member, self.encoding, err) from err


def table(member: Member, *, delimiter: str | None = None, encoding: str | None = None) -> Table:
    """
    Read the header of a text table.

    Parameters
    ----------
    member
        The file.
    delimiter, encoding
        As the caller knows them; told from the header and the first bytes where None.

    Returns
    -------
    The table; a column without a name is called `column 3` after its place, and of two
    of one name the second `name (2)`.

    Raises
    ------
    SourceError
        If the file is empty, not text, or see `Member.open`.
    """
    encoding = encoding or _encoding(member.head(4))
    with _text(member, encoding) as text:
        try:
            line = _header(text)
        except UnicodeDecodeError as err:
            raise _not_text(member, encoding, err) from err
    if not line:
        raise SourceError(f"{member.label} is empty: no header line; fetch it again")
    if "\0" in line or _broken(line):
        raise _not_text(member, encoding, "the header line is no text")
    delimiters = delimiter or DELIMITERS
    splits = {d: next(csv.reader(io.StringIO(line, ""), delimiter=d)) for d in delimiters}
    best = max(splits, key=lambda d: len(splits[d]))
    return Table(member, _named(splits[best]), best, encoding)


def need(held: Table, *wanted: Sequence[str]) -> None:
    """
    Check that a table has its columns.

    Parameters
    ----------
    held
        The table.
    wanted
        For each column needed, the names it may bear.

    Raises
    ------
    SourceError
        Naming the columns that are missing and those that were found.
    """
    missing = [" or ".join(names) for names in wanted if held.position(*names) is None]
    if missing:
        found = ", ".join(held.columns[:40])
        raise SourceError(
            f"{held.member.label} lacks the columns {', '.join(missing)}; found: {found}. "
            "Fetch the file again as published, or describe it in a *.map.yaml"
        )


@cache
def _rawer(columns: tuple[str, ...]) -> Callable[[list[str]], str]:
    """`raw_text` for rows of these columns: the same text, several times as fast."""
    template = "{" + ",".join(_escaped(column) + ":%s" for column in columns) + "}"
    return lambda cells: template % tuple(map(encode_basestring, cells))


def _escaped(column: str) -> str:
    return encode_basestring(column).replace("%", "%%")


def _text(member: Member, encoding: str) -> io.TextIOWrapper:
    # Bytes that are no UTF-8 pass through as lone surrogates, and are met row by row.
    errors = "strict" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    return io.TextIOWrapper(member.open(), encoding, errors, newline="")


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(_LINE_LONGEST):
        yield line


def _header(text: io.TextIOWrapper) -> str:
    """Read the first record that says something, over several lines if its quotes do."""
    line = next((line for line in _lines(text) if line.strip(_BLANK)), "")
    while line.count('"') % 2 and len(line) < FIELD_LONGEST and (more := text.readline()):
        line += more
    return line


def _rows(held: Table, text: io.TextIOWrapper) -> Iterator[Row | Rejected]:
    raw, width = _rawer(held.columns), len(held.columns)
    for number, cells in enumerate(_records(held, text), 1):
        if isinstance(cells, csv.Error):
            yield Rejected(number, raw_text({"error": str(cells)}), _overlong())
        elif len(cells) != width:
            yield Rejected(number, raw_text({"fields": cells}), _miscounted(len(cells), width))
        elif _broken(said := raw(cells)):
            yield Rejected(number, said, _undecoded(cells))
        elif "\\u0000" in said and any("\0" in cell for cell in cells):
            yield Rejected(number, said, "the row holds NUL bytes; fetch the file again")
        else:
            yield Row(number, said, cells)


def _records(held: Table, text: io.TextIOWrapper) -> Iterator[list[str] | csv.Error]:
    """Each record after the header that is not blank, or the error in its place."""
    csv.field_size_limit(FIELD_LONGEST)
    reader = csv.reader(_lines(text), delimiter=held.delimiter)
    header = True
    while True:
        try:
            for cells in reader:
                if header:
                    header = not "".join(cells).strip(_BLANK)
                elif cells:
                    yield cells
            return
        except csv.Error as err:
            yield err


def _broken(text: str) -> bool:
    """Whether bytes could not be decoded; a strict encoder is the fastest to tell."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _undecoded(cells: list[str]) -> str:
    first = next(cell for cell in cells if _broken(cell))
    shown = first.encode("utf-8", "surrogateescape")[:60]
    return (
        f"the row is not UTF-8: {shown!r}; convert the file, for instance with "
        "`iconv -f WINDOWS-1252 -t UTF-8`"
    )


def _miscounted(fields: int, width: int) -> str:
    return (
        f"the row has {fields} fields where the header has {width}; mend its quotes and "
        "delimiters, or fetch the file again"
    )


def _overlong() -> str:
    return (
        f"the row holds a field of more than {FIELD_LONGEST:,} characters, most likely a quote "
        "that is not closed; mend it, or fetch the file again"
    )


def _encoding(start: bytes) -> str:
    return next((encoding for mark, encoding in _MARKS if start.startswith(mark)), "utf-8")


def _not_text(member: Member, encoding: str, why: object) -> SourceError:
    return SourceError(
        f"{member.label} is not a text table in {encoding.removesuffix('-sig').upper()} ({why}); "
        "save it as CSV in UTF-8, or convert it, for instance with `iconv -t UTF-8`"
    )


def _named(header: list[str]) -> tuple[str, ...]:
    names: list[str] = []
    for place, column in enumerate(header, 1):
        plain = column.strip() or f"column {place}"
        times = 1
        name = plain
        while name in names:
            times += 1
            name = f"{plain} ({times})"
        names.append(name)
    return tuple(names)
