"""
The mapping file: what the columns of somebody's own tables mean.

`read_mapping` turns a `*.map.yaml` into a `Mapping`, or says in which table and field it is
wrong. The format is described for users in docs/how-to/map-your-own-tables.md.
"""

import codecs
import difflib
import re
from collections.abc import Collection, Hashable, Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from triplehelix.errors import InputError
from triplehelix.tables import ACTIVITY_KINDS, HELICES, PRECISIONS, ROLES

_SITE = "name helix country street postcode city lat lon easting northing precision identifiers"
_MONEY = "amount currency"
_DOUBT = "source_url confidence note"
_WITHIN = f"organisation {_SITE} role {_MONEY} {_DOUBT}"

# The fields of each kind of row; a participant is a participation named in an activity's row.
FIELDS = {
    kind: tuple(fields.split())
    for kind, fields in {
        "organisation": f"id names parent {_SITE} {_DOUBT}",
        "activity": f"id kind title start end years {_MONEY} amount_note summary language themes "
        f"codes url {_DOUBT}",
        "participation": f"activity names {_WITHIN}",
        "participant": _WITHIN,
        "figure": "organisation name country measure period value unit",
        "code": "activity scheme value",
    }.items()
}
ROWS = tuple(kind for kind in FIELDS if kind != "participant")
BY_SCHEME = frozenset({"identifiers", "codes"})
_LISTS = frozenset({("code", "value")} | {(k, f) for k in FIELDS for f in ("names", "themes")})

# At least one field of each group has to be mapped.
_NEEDED = {
    "organisation": (("name", "id"),),
    "activity": (("id", "title"), ("kind",)),
    "participation": (("activity",), ("organisation", "name")),
    "participant": (("organisation", "name"),),
    "figure": (("organisation", "name"), ("measure",), ("value",)),
    "code": (("activity",), ("scheme",), ("value",)),
}
_TOGETHER = (("lat", "lon"), ("lon", "lat"), ("easting", "northing"), ("northing", "easting"),
             ("lat", "precision"), ("easting", "precision"))  # fmt: skip
_APART = (("lat", "easting"), ("years", "start"), ("years", "end"))
WORDS = {"helix": HELICES, "role": ROLES, "kind": ACTIVITY_KINDS, "precision": PRECISIONS}

# What somebody who has read our tables would write, and what the mapping calls it.
_STAGED_NAMES = {"source_record_id": "id", "parent_record_id": "parent",
                 "activity_record_id": "activity", "activity_id": "activity",
                 "organisation_record_id": "organisation", "organisation_id": "organisation",
                 "town": "city", "latitude": "lat", "longitude": "lon",
                 "sector": "helix", "abstract": "summary", "theme": "themes"}  # fmt: skip

_ABOUT = ("title", "licence", "address", "attribution", "updated")
_READING = ("encoding", "unknown", "decimal", "date_format")
_MAPPING_KEYS = ("source", *_ABOUT, "sample", "root", *_READING, "tables")
_TABLE_KEYS = ("file", "rows", "columns", "participants", "sheet", "header_row", *_READING,
               "crs", "skip_when", "ignore_positions_when")  # fmt: skip
_BASES = ("column", "constant", "join", "first")
_CELL_KEYS = (*_BASES, "with", "split", "match", "map", "otherwise", "default", "format", "times")


class Cell(NamedTuple):
    """
    How one value is got from a row: where its text stands, then what is done to it, in order.

    `how` is one of column, constant, join, first; `replace` has its keys casefolded.
    """

    how: str
    columns: tuple[str, ...] = ()
    constant: str = ""
    glue: str = " "
    split: str | None = None
    match: re.Pattern[str] | None = None
    replace: dict[str, str] | None = None
    otherwise: str | None = None
    default: str = ""
    format: str | None = None
    times: Decimal | None = None


Block = dict[str, Cell | dict[str, Cell]]


class Clause(NamedTuple):
    """What one column of a condition is asked: one of the texts (casefolded), or a pattern."""

    column: str
    texts: frozenset[str]
    pattern: re.Pattern[str] | None
    negated: bool


Condition = tuple[Clause, ...]


class Skip(NamedTuple):
    """Rows left out on purpose, and why."""

    when: Condition
    because: str


class Table(NamedTuple):
    """One entry of `tables`: a file (or several of one pattern) and what its rows mean."""

    number: int
    file: str
    rows: str
    columns: Block
    participants: tuple[Block, ...]
    sheet: str | None
    header_row: int
    encoding: str | None
    unknown: frozenset[str]
    decimal: str
    date_format: str | None
    crs: str
    skip_when: tuple[Skip, ...]
    ignore_positions_when: tuple[Condition, ...]

    @property
    def used(self) -> list[str]:
        """Every column the table's entry names, sorted."""
        cells = [cell for block in (self.columns, *self.participants) for cell in _cells(block)]
        tests = [t for condition in self.ignore_positions_when for t in condition]
        tests += [t for skip in self.skip_when for t in skip.when]
        return sorted({c for cell in cells for c in cell.columns} | {t.column for t in tests})


class Mapping(NamedTuple):
    """A whole mapping file; `about` holds what was given of title, licence, address ..."""

    path: Path
    source: str
    about: dict[str, str]
    sample: bool
    root: str
    tables: tuple[Table, ...]


def read_mapping(path: Path) -> Mapping:
    """
    Read and check a mapping file.

    Parameters
    ----------
    path : the `*.map.yaml`, in UTF-8

    Raises
    ------
    InputError
        If the file is missing, is no YAML, has a key twice, or says something that is not in
        the format; the message names the table and the field.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as err:
        raise InputError(f"{path}: the mapping cannot be read ({err}); check the path") from err
    except UnicodeDecodeError as err:
        raise InputError(f"{path}: the mapping is not UTF-8 ({err}); save it as UTF-8") from err
    return parse_mapping(text, path)


def parse_mapping(text: str, path: Path) -> Mapping:
    """
    Check the text of a mapping file; `path` is for messages and the place of its data.

    Raises
    ------
    InputError
        As `read_mapping`.

    Examples
    --------
    >>> mapping = parse_mapping(
    ...     "{source: ours, tables: [{file: a.csv, rows: organisation, columns: {name: Firm}}]}",
    ...     Path("ours.map.yaml"))
    >>> mapping.source, mapping.tables[0].used
    ('ours', ['Firm'])
    """
    where = path.name
    top = _mapping(_load(text, where), _MAPPING_KEYS, where)
    source = _text(_needed(top, "source", where), f"{where}, source")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", source):
        raise InputError(
            f"{where}, source: {source!r} becomes part of ids; use lower-case letters, digits "
            "and hyphens only"
        )
    tables = _list(_needed(top, "tables", where), f"{where}, tables")
    defaults = {key: top[key] for key in _READING if key in top}
    return Mapping(
        path=path,
        source=source,
        about={key: _text(top[key], f"{where}, {key}") for key in _ABOUT if key in top},
        sample=_word(top.get("sample", "false"), ("true", "false"), f"{where}, sample") == "true",
        root=_text(top.get("root", "."), f"{where}, root"),
        tables=tuple(_table(t, n, defaults, where) for n, t in enumerate(tables, start=1)),
    )


class _Loader(yaml.SafeLoader):
    """YAML in which every plain value is text, and no key stands twice."""

    # Without these, `NO` (Norway) would be false, and 007 would be 7.
    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  (PyYAML's own name)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen: dict[str, int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise InputError(
                    f"the key {key.value!r} stands twice, on lines {seen[key.value]} and {line}; "
                    "remove or rename one of them"
                )
            seen[str(key.value)] = line
        return super().construct_mapping(node, deep)


def _load(text: str, where: str) -> Any:
    try:
        return yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError) as err:
        raise InputError(
            f"{where} is not YAML: {' '.join(str(err).split())}; texts with ': ', '#', '*' or "
            "'{' need quotation marks"
        ) from err
    except InputError as err:
        raise InputError(f"{where}: {err}") from err


def _table(node: Any, number: int, defaults: dict[str, Any], where: str) -> Table:
    where = f"{where}, table {number}"
    given = _mapping(node, _TABLE_KEYS, where)
    file = _text(_needed(given, "file", where), f"{where}, file")
    where = f"{where} ({file})"
    rows = _word(_needed(given, "rows", where), ROWS, f"{where}, rows")
    reading = {**defaults, **given}
    columns = _block(_needed(given, "columns", where), rows, f"{where}, columns")
    if "participants" in given and rows != "activity":
        raise InputError(
            f"{where}: `participants` goes with `rows: activity`; in `rows: {rows}` map the "
            "organisation among the columns"
        )
    return Table(
        number, file, rows, columns,
        participants=_participants(given.get("participants", []), f"{where}, participants"),
        sheet=_optional(given, "sheet", where),
        header_row=_count(given.get("header_row", "1"), f"{where}, header_row"),
        encoding=_encoding(_optional(reading, "encoding", where), where),
        unknown=frozenset(t.casefold() for t in _texts(reading.get("unknown", []), where)),
        decimal=_word(reading.get("decimal", "."), (".", ","), f"{where}, decimal"),
        date_format=_optional(reading, "date_format", where),
        crs=_optional(given, "crs", where) or "EPSG:27700",
        skip_when=tuple(_skip(s, f"{where}, skip_when")
                        for s in _list(given.get("skip_when", []), f"{where}, skip_when")),
        ignore_positions_when=_conditions(given.get("ignore_positions_when", []),
                                          f"{where}, ignore_positions_when"),
    )  # fmt: skip


def _participants(node: Any, where: str) -> tuple[Block, ...]:
    return tuple(_block(group, "participant", where) for group in _list(node, where))


def _block(node: Any, kind: str, where: str) -> Block:
    """The fields of one kind of row, each with its cell (or its cells by scheme)."""
    given = _mapping(node, FIELDS[kind], where)
    for group in _NEEDED[kind]:
        if not any(field in given for field in group):
            raise InputError(f"{where}: {' or '.join(map(repr, group))} is needed; map it")
    for one, other in _TOGETHER:
        if one in given and other not in given:
            raise InputError(f"{where}: {one!r} needs {other!r} beside it{_how_good(other)}")
    for one, other in _APART:
        if one in given and other in given:
            raise InputError(f"{where}: give {one!r} or {other!r}, not both")
    return {field: _field(kind, field, value, where) for field, value in given.items()}


def _how_good(field: str) -> str:
    if field != "precision":
        return ""
    return f": say how good the positions are, one of {', '.join(PRECISIONS)}"


def _field(kind: str, field: str, node: Any, where: str) -> Cell | dict[str, Cell]:
    where = f"{where}, {field}"
    many = takes_list(kind, field)
    if field in BY_SCHEME:
        if not isinstance(node, dict) or not node:
            raise InputError(f"{where}: name the scheme, as in `{field}: {{scheme: column}}`")
        return {scheme: _cell(value, many, f"{where}, {scheme}") for scheme, value in node.items()}
    cell = _cell(node, many, where)
    if field in WORDS:
        outcomes = [*(cell.replace or {}).values(), cell.otherwise, cell.default, cell.constant]
        for outcome in filter(None, outcomes):
            _word(outcome, WORDS[field], where)
    return cell


def takes_list(kind: str, field: str) -> bool:
    """Whether a field of a kind of row may have several values; all of a participant's may."""
    return kind == "participant" or field in BY_SCHEME or (kind, field) in _LISTS


def _cell(node: Any, many: bool, where: str) -> Cell:
    if isinstance(node, str):
        return Cell("column", (_text(node, where),))
    given = _mapping(node, _CELL_KEYS, where)
    bases = [key for key in _BASES if key in given]
    if len(bases) != 1:
        raise InputError(f"{where}: give exactly one of {', '.join(_BASES)}")
    if "split" in given and not many:
        raise InputError(f"{where}: `split` makes a list, and this field takes one value")
    if "otherwise" in given and "map" not in given:
        raise InputError(f"{where}: `otherwise` says what a `map` does not; add the map")
    how = bases[0]
    constant = how == "constant"
    return Cell(
        how,
        columns=() if constant else tuple(_texts(given[how], where, least=1)),
        constant=_text(given[how], where) if constant else "",
        glue=str(given.get("with", " ")),
        split=_optional(given, "split", where),
        match=_pattern(given["match"], where) if "match" in given else None,
        replace=_replacements(given["map"], f"{where}, map") if "map" in given else None,
        otherwise=str(given["otherwise"]) if "otherwise" in given else None,
        default=_optional(given, "default", where) or "",
        format=_optional(given, "format", where),
        times=_number(given["times"], f"{where}, times") if "times" in given else None,
    )


def _replacements(node: Any, where: str) -> dict[str, str]:
    if not isinstance(node, dict) or not all(isinstance(v, str) for v in node.values()):
        raise InputError(f"{where}: give pairs of texts, as in `map: {{Company: industry}}`")
    folded: dict[str, str] = {}
    for text, value in node.items():
        key = str(text).strip().casefold()
        if folded.setdefault(key, value) != value:
            raise InputError(
                f"{where}: {text!r} stands twice but for capital letters, with two values; keep one"
            )
    return folded


def _skip(node: Any, where: str) -> Skip:
    given = _mapping(node, ("when", "because"), where)
    because = _text(_needed(given, "because", where), f"{where}, because")
    return Skip(_condition(_needed(given, "when", where), f"{where}, when"), because)


def _conditions(node: Any, where: str) -> tuple[Condition, ...]:
    several = node if isinstance(node, list) else [node]
    return tuple(_condition(each, where) for each in several)


def _condition(node: Any, where: str) -> Condition:
    if not isinstance(node, dict) or not node:
        raise InputError(f"{where}: a condition is written {{column: text}}")
    return tuple(_clause(str(column), asked, where) for column, asked in node.items())


def _clause(column: str, asked: Any, where: str) -> Clause:
    where = f"{where}, {column}"
    negated = False
    if isinstance(asked, dict):
        given = _mapping(asked, ("not", "matches"), where)
        if len(given) != 1:
            raise InputError(f"{where}: give either `not` or `matches`")
        if "matches" in given:
            return Clause(column, frozenset(), _pattern(given["matches"], where), False)
        negated, asked = True, given["not"]
    texts = frozenset(t.strip().casefold() for t in _texts(asked, where, least=1))
    return Clause(column, texts, None, negated)


def _cells(block: Block) -> Iterable[Cell]:
    for value in block.values():
        yield from value.values() if isinstance(value, dict) else (value,)


def _mapping(node: Any, allowed: Collection[str], where: str) -> dict[str, Any]:
    if not isinstance(node, dict) or not node:
        raise InputError(f"{where}: expected pairs `key: value`; known keys: {', '.join(allowed)}")
    for key in node:
        if key not in allowed:
            raise InputError(
                f"{where}: {key!r} is not known here; {_near(str(key), allowed)}"
                f"known: {', '.join(allowed)}"
            )
    return node


def _near(word: str, allowed: Collection[str]) -> str:
    meant = _STAGED_NAMES.get(word)
    near = [meant] if meant in allowed else difflib.get_close_matches(word, allowed, n=1)
    return f"did you mean {near[0]!r}? " if near else ""


def _needed(given: dict[str, Any], key: str, where: str) -> Any:
    if key not in given:
        raise InputError(f"{where}: `{key}` is missing; add it")
    return given[key]


def _optional(given: dict[str, Any], key: str, where: str) -> str | None:
    return _raw_text(given[key], f"{where}, {key}") if key in given else None


def _text(node: Any, where: str) -> str:
    return _raw_text(node, where).strip()


def _raw_text(node: Any, where: str) -> str:
    if not isinstance(node, str) or not node:
        raise InputError(f"{where}: a text is needed here, got {_short(node)}")
    return node


def _texts(node: Any, where: str, least: int = 0) -> list[str]:
    """One text or a list of them; the empty text is one, too."""
    several = node if isinstance(node, list) else [node]
    if not all(isinstance(each, str) for each in several) or len(several) < least:
        raise InputError(f"{where}: a text or a list of texts is needed, got {_short(node)}")
    return several


def _list(node: Any, where: str) -> list[Any]:
    if not isinstance(node, list):
        raise InputError(
            f"{where}: a list is needed (lines starting with `- `), got {_short(node)}"
        )
    return node


def _word(node: Any, words: Collection[str], where: str) -> str:
    text = _text(node, where)
    if text not in words:
        raise InputError(
            f"{where}: {text!r} is not one of {', '.join(words)}; {_near(text, words)}".rstrip("; ")
        )
    return text


def _pattern(node: Any, where: str) -> re.Pattern[str]:
    try:
        return re.compile(_raw_text(node, where))
    except re.error as err:
        raise InputError(f"{where}: {node!r} is no regular expression ({err}); mend it") from err


def _number(node: Any, where: str) -> Decimal:
    try:
        number = Decimal(_text(node, where))
    except InvalidOperation as err:
        raise InputError(f"{where}: {node!r} is no number; write it like 1000 or 0.5") from err
    if not number.is_finite() or number <= 0:
        raise InputError(f"{where}: {node!r} must be finite and above 0")
    return number


def _count(node: Any, where: str) -> int:
    number = _number(node, where)
    if number != int(number):
        raise InputError(f"{where}: {node!r} must be a whole number from 1 on")
    return int(number)


def _encoding(name: str | None, where: str) -> str | None:
    try:
        return codecs.lookup(name).name if name else None
    except LookupError as err:
        raise InputError(
            f"{where}, encoding: {name!r} is not an encoding; try cp1252, latin-1 or utf-16"
        ) from err


def _short(node: Any) -> str:
    text = repr(node)
    return text if len(text) <= 40 else text[:37] + "..."
