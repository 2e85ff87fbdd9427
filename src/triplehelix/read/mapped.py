"""
Anybody's tables, read through a mapping file (see `mapping` and the how-to "Map your own tables").

Each row goes two steps: its mapped columns are picked as text (compiled once per table), then
the texts become values (dates, amounts, positions, words of a list). Whatever cannot become
one rejects the row, with the reason and the remedy.

The data set's address, licence and rhythm of updates are those the mapping states.
"""

import glob
import html
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

from triplehelix.errors import InputError
from triplehelix.read import gazetteer
from triplehelix.read.countries import code_of
from triplehelix.read.grids import Grid, open_grid, text_of, unknown_columns
from triplehelix.read.inputs import Input
from triplehelix.read.letters import repaired
from triplehelix.read.mapping import (
    WORDS,
    Block,
    Cell,
    Clause,
    Condition,
    Mapping,
    Table,
    read_mapping,
    takes_list,
)
from triplehelix.read.positions import looks_swapped
from triplehelix.read.rows import Kept, Outcome, Rejected, mention_id

Text = str | tuple[Any, ...]
Texts = dict[str, Any]
Cells = Sequence[Any]
Staged = tuple[tuple[str, dict[str, Any]], ...]

_POSITION = ("lat", "lon", "easting", "northing", "precision")
_OWN = frozenset({"activity", "role", "amount", "currency", "source_url", "confidence", "note"})
_DOUBT = ("source_url", "confidence", "note")
_SYMBOLS = {"£": "GBP", "€": "EUR"}
_MENTIONS_KEPT = 50_000


class _UnfitError(Exception):
    """A row cannot be kept; the text is the reason it is rejected with."""


class _Rules(NamedTuple):
    """What the values of a block depend on beside the row's texts."""

    source: str
    decimal: str
    date_format: str | None
    crs: str
    cells: Block


def shipped() -> list[Path]:
    """List the mapping files that come with the package, in order of name."""
    return sorted((Path(__file__).parent / "mappings").glob("*.map.yaml"))


def inputs(path: Path) -> list[Input]:
    """
    List the files a mapping names, each checked for the columns it needs.

    Parameters
    ----------
    path : a `*.map.yaml`

    Returns
    -------
    One input for each file of each table. A file used by two tables is two inputs, the label
    of each ending with the table's number: `folder/members.csv#2`.

    Raises
    ------
    InputError
        If the mapping is wrong.
    SourceError
        If a file is missing, damaged, or lacks a column.
    """
    mapping = read_mapping(path)
    found = [(table, file) for table in mapping.tables for file in _files(mapping, table)]
    times = Counter(file for _, file in found)
    return [_input(mapping, table, file, times[file] > 1) for table, file in found]


def _files(mapping: Mapping, table: Table) -> list[Path]:
    root = os.path.expandvars(mapping.root)
    if "$" in root:
        raise InputError(
            f"{mapping.path.name}, root: {mapping.root!r} names an environment variable that is "
            "not set; set it to the folder of the data"
        )
    folder = mapping.path.parent / Path(root).expanduser()
    if not glob.has_magic(table.file):
        return [folder / table.file]
    anchor = Path(table.file).anchor
    files = sorted((folder / anchor).glob(table.file.removeprefix(anchor)))
    if not files:
        raise InputError(
            f"{mapping.path.name}, table {table.number}: no file in {folder} matches "
            f"{table.file!r}; correct `file` or `root`"
        )
    return files


def _input(mapping: Mapping, table: Table, file: Path, again: bool) -> Input:
    grid = open_grid(file, table.used, sheet=table.sheet, header_row=table.header_row,
                     encoding=table.encoding)  # fmt: skip
    positions = _positions(grid, table.used)
    make = _maker(mapping.source, table, positions)
    label = grid.member.label + (f"#{table.number}" if again else "")
    # The gazetteer's towns decide which positions look swapped.
    parameters = (f"table {table.number}", gazetteer.version())
    return Input(
        mapping.source, label, file, (mapping.path,), parameters,
        rows=lambda: _outcomes(grid, make), rows_total_hint=grid.rows_total,
    )  # fmt: skip


def _positions(grid: Grid, used: Sequence[str]) -> dict[str, int]:
    """Each column's place: by its exact name, else whatever its capital letters."""
    exact = {column: i for i, column in reversed(list(enumerate(grid.columns)))}
    folded = {column.casefold(): i for i, column in reversed(list(enumerate(grid.columns)))}
    found = {column: exact.get(column, folded.get(column.casefold())) for column in used}
    missing = [column for column, place in found.items() if place is None]
    if missing:
        raise unknown_columns(grid.member.label, missing, grid.columns)
    return {column: place for column, place in found.items() if place is not None}


def _outcomes(grid: Grid, make: Callable[[Cells], Staged]) -> Iterator[Outcome]:
    for row in grid.rows():
        if isinstance(row, Rejected):
            yield row
            continue
        number, raw, cells = row
        try:
            yield Kept(number, raw, make(cells))
        except _UnfitError as why:
            yield Rejected(number, raw, str(why))


# --- A table's rows, compiled ------------------------------------------------------------------


def _maker(source: str, table: Table, places: dict[str, int]) -> Callable[[Cells], Staged]:
    """Compile a table: a function from a row's cells to its staged values."""

    def rules(block: Block) -> _Rules:
        if "easting" in block:
            _transform(table.crs)
        return _Rules(source, table.decimal, table.date_format, table.crs, block)

    no_position = _any([_holds(c, places) for c in table.ignore_positions_when])
    pick = _picker(table.columns, table.rows, places, table.unknown)
    own = rules(table.columns)
    if table.rows == "participation":
        make: Callable[[Cells], Staged] = _participation_maker(own, pick, no_position)
    elif table.rows == "activity":
        groups = [
            (
                rules(group),
                _picker(group, "participant", places, table.unknown),
                _Mentions(rules(group)),
            )
            for group in table.participants
        ]
        make = _activity_maker(own, pick, groups, no_position)
    elif table.rows == "organisation":

        def make(cells: Cells) -> Staged:
            mention = _mention(_placed(pick(cells), no_position, cells), own, "id")
            return (("staged_organisations", mention),)
    else:
        build = _figure if table.rows == "figure" else _codes

        def make(cells: Cells) -> Staged:
            return build(pick(cells), own)

    skips = [(_holds(skip.when, places), skip.because) for skip in table.skip_when]
    if not skips:
        return make

    def unless_skipped(cells: Cells) -> Staged:
        for holds, because in skips:
            if holds(cells):
                raise _UnfitError(f"left out on purpose by the mapping (skip_when): {because}")
        return make(cells)

    return unless_skipped


class _Mentions:
    """Mentions by the texts they are made of: most rows of a table repeat an organisation."""

    def __init__(self, rules: _Rules) -> None:
        self.rules = rules
        self._made: dict[tuple[Any, ...], dict[str, Any]] = {}

    def of(self, texts: Texts) -> dict[str, Any]:
        said = tuple(item for item in texts.items() if item[0] not in _OWN)
        made = self._made.get(said)
        if made is None:
            made = _mention(dict(said), self.rules, "organisation")
            if len(self._made) >= _MENTIONS_KEPT:
                self._made.clear()
            self._made[said] = made
        return made


def _participation_maker(
    rules: _Rules, pick: Callable[[Cells], Texts], no_position: Callable[[Cells], bool]
) -> Callable[[Cells], Staged]:
    mentions = _Mentions(rules)

    def make(cells: Cells) -> Staged:
        texts = _placed(pick(cells), no_position, cells)
        return _participation(texts, rules, texts["activity"], mentions)

    return make


def _activity_maker(
    rules: _Rules,
    pick: Callable[[Cells], Texts],
    groups: Sequence[tuple[_Rules, Callable[[Cells], Texts], _Mentions]],
    no_position: Callable[[Cells], bool],
) -> Callable[[Cells], Staged]:
    def make(cells: Cells) -> Staged:
        activity = _activity(pick(cells), rules)
        staged: list[tuple[str, dict[str, Any]]] = [("staged_activities", activity)]
        for group_rules, pick_group, mentions in groups:
            for texts in _each(pick_group(cells)):
                placed = _placed(texts, no_position, cells)
                staged += _participation(
                    placed, group_rules, activity["source_record_id"], mentions
                )
        return _once(staged)

    return make


def _once(staged: list[tuple[str, dict[str, Any]]]) -> Staged:
    """A row may name a participant twice in one role; that is one participation."""
    seen: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
    for table, values in staged:
        seen.setdefault((table, values.get("mention_id", "") if table == "staged_organisations"
                         else values["source_record_id"]), (table, values))  # fmt: skip
    return tuple(seen.values())


def _placed(texts: Texts, no_position: Callable[[Cells], bool], cells: Cells) -> Texts:
    if no_position(cells):
        texts.update(dict.fromkeys((f for f in _POSITION if f in texts), ""))
    return texts


def _each(group: Texts) -> Iterator[Texts]:
    """One participant's texts after another, from cells that were split into several."""
    who = "organisation" if isinstance(group.get("organisation"), tuple) else "name"
    several = {
        field: value
        for field, value in group.items()
        if isinstance(value, tuple) and field != "identifiers"
    }
    n = len(several.get(who) or group.get(who) or ()) if who in several else 1
    for field, parts in several.items():
        if len(parts) not in (n, 0):
            raise _UnfitError(
                f"{who} gives {n} participants and {field} {len(parts)}; they must be as many: "
                f"mend the cell, or do not map {field}"
            )
    for i in range(n):
        one: Texts = {f: (v[i] if v else "") if f in several else v for f, v in group.items()}
        if "identifiers" in one:
            one["identifiers"] = tuple(
                (s, v[i] if isinstance(v, tuple) and len(v) == n else v)
                for s, v in one["identifiers"]
            )
        if one.get("name") or one.get("organisation"):
            yield one


# --- Picking texts -----------------------------------------------------------------------------


def _picker(
    block: Block, kind: str, places: dict[str, int], unknown: frozenset[str]
) -> Callable[[Cells], Texts]:
    """Compile a block: a function from cells to the text, or texts, of each field."""
    getters: list[tuple[str, Callable[[Cells], Any]]] = []
    for field, cell in block.items():
        many = takes_list(kind, field)
        if isinstance(cell, dict):
            getters.append((field, _by_scheme(cell, places, unknown)))
        elif many:
            getters.append((field, _many_getter(cell, places, unknown)))
        else:
            getters.append((field, _single_getter(cell, field, places, unknown)))

    def pick(cells: Cells) -> Texts:
        return {field: get(cells) for field, get in getters}

    return pick


def _by_scheme(
    cells_of: dict[str, Cell], places: dict[str, int], unknown: frozenset[str]
) -> Callable[[Cells], tuple[tuple[str, Text], ...]]:
    getters = [(scheme, _many_getter(cell, places, unknown)) for scheme, cell in cells_of.items()]
    return lambda cells: tuple((scheme, get(cells)) for scheme, get in getters)


def _many_getter(
    cell: Cell, places: dict[str, int], unknown: frozenset[str]
) -> Callable[[Cells], Text]:
    """A list of texts for a cell that is split or holds a list; else its one text."""
    base, after = _base(cell, places), _after(cell, unknown) or (lambda text: text)

    def get(cells: Cells) -> Text:
        found = base(cells)
        if not isinstance(found, list):
            text = text_of(found)
            if cell.split is None:
                return after(text)
            found = text.split(cell.split) if text else []
        return tuple(after(text_of(part)) for part in found) or cell.default

    return get


def _single_getter(
    cell: Cell, field: str, places: dict[str, int], unknown: frozenset[str]
) -> Callable[[Cells], str]:
    base, after = _base(cell, places), _after(cell, unknown)
    if cell.how != "column":

        def get(cells: Cells) -> str:
            return _single(base(cells), field)
    else:
        place = places[cell.columns[0]]

        def get(cells: Cells) -> str:
            found = cells[place]
            # The usual case by far, kept free of calls.
            return found.strip() if found.__class__ is str else _single(found, field)

    return get if after is None else lambda cells: after(get(cells))


def _base(cell: Cell, places: dict[str, int]) -> Callable[[Cells], Any]:
    at = [places[column] for column in cell.columns]
    if cell.how == "constant":
        return lambda _: cell.constant
    if cell.how == "join":
        return lambda cells: cell.glue.join(t for t in (text_of(cells[i]) for i in at) if t)
    if cell.how == "first":
        return lambda cells: next((cells[i] for i in at if text_of(cells[i])), "")
    only = at[0]
    return lambda cells: cells[only]


def _single(found: Any, field: str) -> str:
    if isinstance(found, list | tuple):
        if len(found) > 1:
            raise _UnfitError(
                f"{field} holds a list of {len(found)} where one value is needed; "
                "map another column"
            )
        found = found[0] if found else None
    return text_of(found)


def _after(cell: Cell, unknown: frozenset[str]) -> Callable[[str], str] | None:
    """What is done to each text of a cell; None for nothing."""
    if not (unknown or cell.match or cell.replace is not None or cell.default):
        return None
    pattern, replace, otherwise = cell.match, cell.replace, cell.otherwise

    def after(text: str) -> str:
        if unknown and text.casefold() in unknown:
            text = ""
        if pattern and text:
            found = pattern.search(text)
            text = (found.group(1 if pattern.groups else 0) or "").strip() if found else ""
        if replace is not None and text:
            text = replace.get(text.casefold(), text if otherwise is None else otherwise)
        return text or cell.default

    return after


def _holds(condition: Condition, places: dict[str, int]) -> Callable[[Cells], bool]:
    tests = [(places[test.column], test) for test in condition]
    return lambda cells: all(_passes(test, cells[place]) for place, test in tests)


def _passes(test: Clause, cell: Any) -> bool:
    text = text_of(cell)
    if test.pattern is not None:
        return test.pattern.search(text) is not None
    return (text.casefold() in test.texts) != test.negated


def _any(conditions: Sequence[Callable[[Cells], bool]]) -> Callable[[Cells], bool]:
    return lambda cells: any(holds(cells) for holds in conditions)


# --- Values ------------------------------------------------------------------------------------


def _mention(texts: Texts, rules: _Rules, id_field: str) -> dict[str, Any]:
    """What a row says of an organisation: values of `staged_organisations`."""
    name = _clean(texts.get("name", ""))
    country = _country(texts.get("country", ""))
    record = texts.get(id_field) or _derived(name, country)
    if not record:
        raise _UnfitError(
            "has neither a name nor an id of the organisation; fill in one, or leave "
            "such rows out with `skip_when`"
        )
    position = _position(texts, rules, country)
    values = {
        "source": rules.source,
        "source_record_id": record,
        "name": name,
        "names": _distinct(_clean(n) for n in _many(texts.get("names", ())) if n != name),
        "helix": _word("helix", texts),
        "country": country,
        "street": _clean(texts.get("street", "")),
        "postcode": texts.get("postcode", "").upper(),
        "city": _clean(texts.get("city", "")),
        "identifiers": _coded(texts.get("identifiers", ())),
        "parent_record_id": texts.get("parent", ""),
        **position,
    }
    if id_field == "id":
        values |= _doubt(texts)
    said = {field: value for field, value in values.items() if value not in ("", [], None)}
    return {"mention_id": mention_id(said), **said}


def _derived(name: str, country: str) -> str:
    """The id of an organisation that is known by name and country only."""
    plain = " ".join(name.casefold().split())
    return f"{plain}, {country}" if plain and country else plain


def _activity(texts: Texts, rules: _Rules) -> dict[str, Any]:
    title = _clean(texts.get("title", ""))
    record = texts.get("id") or " ".join(title.casefold().split())
    if not record:
        raise _UnfitError("has neither an id nor a title of the activity; fill in one")
    start, end = _span(texts, rules)
    amount, currency = _amount(texts, rules)
    values = {
        "source": rules.source,
        "source_record_id": record,
        "kind": _word("kind", texts, needed=True),
        "title": title,
        "start": start,
        "end": end,
        "amount": amount,
        "currency": currency,
        "amount_note": _clean(texts.get("amount_note", "")),
        "summary": _clean(texts.get("summary", "")),
        "language": texts.get("language", ""),
        "themes": _distinct(_many(texts.get("themes", ()))),
        "codes": _coded(texts.get("codes", ())),
        "url": texts.get("url", ""),
        **_doubt(texts),
    }
    return {field: value for field, value in values.items() if value not in ("", [], None)}


def _participation(texts: Texts, rules: _Rules, activity: str, mentions: _Mentions) -> Staged:
    if not activity:
        raise _UnfitError("does not say which activity it belongs to; fill in the activity's id")
    mention = mentions.of(texts)
    role = _word("role", texts) or "partner"
    amount, currency = _amount(texts, rules)
    place = (mention.get("city") or mention.get("postcode") or "").casefold()
    record = "/".join(filter(None, (activity, mention["source_record_id"], role, place)))
    values = {
        "source": rules.source,
        "source_record_id": record,
        "activity_record_id": activity,
        "mention_id": mention["mention_id"],
        "role": role,
        "amount": amount,
        "currency": currency,
        **_doubt(texts),
    }
    kept = {field: value for field, value in values.items() if value not in ("", None)}
    return (("staged_organisations", dict(mention)), ("staged_participations", kept))


def _figure(texts: Texts, rules: _Rules) -> Staged:
    country = _country(texts.get("country", ""))
    who = texts.get("organisation") or _derived(_clean(texts.get("name", "")), country)
    measure, period = texts["measure"], _period(texts.get("period", ""))
    if not who or not measure:
        raise _UnfitError(
            "does not say which organisation or which measure it is about; fill it in"
        )
    if not texts["value"]:
        raise _UnfitError(
            "has no value; an unknown figure is left out, not 0: fill it in when known"
        )
    value = float(_number("value", texts["value"], rules))
    figure = {"source": rules.source, "source_record_id": f"{who}/{measure}/{period}",
              "organisation_record_id": who, "measure": measure, "period": period,
              "value": value}  # fmt: skip
    if texts.get("unit"):
        figure["unit"] = texts["unit"]
    return (("staged_figures", figure),)


def _codes(texts: Texts, rules: _Rules) -> Staged:
    activity, scheme = texts["activity"], texts["scheme"]
    values = _distinct(_many(texts["value"]))
    if not (activity and scheme and values):
        raise _UnfitError("lacks the activity, the scheme or the value of a code; fill it in")
    return tuple(
        ("staged_codes", {"source": rules.source, "activity_record_id": activity,
                          "source_record_id": f"{activity}/{scheme}/{value}",
                          "scheme": scheme, "value": value})
        for value in values
    )  # fmt: skip


_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);")


def _clean(text: str) -> str:
    """Text with damaged letters, `&amp;` and the like, and runs of blanks put right."""
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity.group()), text)
    return repaired(text) if text else ""


def _doubt(texts: Texts) -> dict[str, str]:
    return {field: _clean(texts[field]) for field in _DOUBT if field in texts}


def _many(found: Text) -> tuple[Any, ...]:
    return tuple(t for t in ((found,) if isinstance(found, str) else found) if t)


def _distinct(texts: Any) -> list[str]:
    return sorted({text for text in texts if text})


def _word(field: str, texts: Texts, needed: bool = False) -> str:
    word: str = texts.get(field, "")
    if word in WORDS[field] or (not word and not needed):
        return word
    folded = word.casefold()
    if folded in WORDS[field]:
        return folded
    raise _UnfitError(
        f"{field} {word!r} is not one of {', '.join(WORDS[field])}; "
        f"add it to the `map` of {field} in the mapping"
    )


def _country(text: str) -> str:
    if not text:
        return ""
    code = code_of(text)
    if code is None:
        raise _UnfitError(
            f"country {text!r} is not known; add it to the `map` of country in the "
            "mapping, with its two-letter ISO code"
        )
    return code


def _coded(found: Sequence[tuple[str, Text]]) -> list[dict[str, str]]:
    pairs = {(scheme, _code(scheme, value)) for scheme, text in found for value in _many(text)}
    return [{"scheme": scheme, "value": value} for scheme, value in sorted(pairs)]


def _code(scheme: str, value: str) -> str:
    """A code as its register writes it: the ROR's as address, a company's with its zeros."""
    if scheme == "companies-house" and value.isdecimal():
        return value.zfill(8)
    if scheme == "ror":
        found = re.fullmatch(r"(?:https?://)?(?:www\.)?(?:ror\.org/)?(0[0-9a-z]{6}\d\d)/?",
                             value.casefold())  # fmt: skip
        if not found:
            raise _UnfitError(
                f"{value!r} is no ROR id (like https://ror.org/052gg0110); correct it, "
                "or empty the cell"
            )
        return f"https://ror.org/{found.group(1)}"
    return value


# --- Dates -------------------------------------------------------------------------------------

_DAY = re.compile(r"(\d{4})(?:([-/])(\d\d)(?:\2(\d\d)(?:[T ].*)?)?|\.0)?")
_YEARS = re.compile(r"(\d{4})(?:\s*(?:[-–—/]|to)\s*(\d{4}|present)?)?")


def _span(texts: Texts, rules: _Rules) -> tuple[date | None, date | None]:
    if years := texts.get("years", ""):
        found = _YEARS.fullmatch(years.removesuffix(".0"))
        if not found:
            raise _UnfitError(f"years {years!r} are not like 2013 or 2013-2023; correct them")
        first, last = found.group(1), found.group(2)
        single = last is None and years.removesuffix(".0") == first
        start = _day("years", first, rules, False)
        ended = first if single else (last if last and last.isdecimal() else "")
        end = _day("years", ended, rules, True)
    else:
        start = _day("start", texts.get("start", ""), rules, False)
        end = _day("end", texts.get("end", ""), rules, True)
    if start and end and end < start:
        raise _UnfitError(
            f"ends ({end}) before it starts ({start}); correct the dates, or swap the "
            "columns in the mapping"
        )
    return start, end


def _day(field: str, text: str, rules: _Rules, last: bool) -> date | None:
    """A day; of a month or a year the first, or the last when it ends something."""
    if not text:
        return None
    cell = rules.cells.get(field)
    form = (cell.format if isinstance(cell, Cell) else None) or rules.date_format
    try:
        if form and (day := _in_format(text, form)):
            return day
        found = _DAY.fullmatch(text)
        if found is None:
            raise _UnfitError(
                f"{field} {text!r} is not like 2020-03-01, 2020-03 or 2020; say how it "
                'is written, as in `date_format: "%d/%m/%Y"`'
            )
        year, month, day_of_month = (int(n) if n else None for n in found.group(1, 3, 4))
        return _filled(int(year or 0), month, day_of_month, last)
    except ValueError as err:
        raise _UnfitError(
            f"{field} {text!r} is no day of the calendar ({err}); correct it"
        ) from err


def _in_format(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()
    except ValueError:
        return None


def _filled(year: int, month: int | None, day: int | None, last: bool) -> date:
    if day and month:
        return date(year, month, day)
    if not last:
        return date(year, month or 1, 1)
    follows = (year, month + 1) if month and month < 12 else (year + 1, 1)
    if month and month > 12:
        raise ValueError("month must be in 1..12")
    return date.fromordinal(date(*follows, 1).toordinal() - 1)


def _period(text: str) -> str:
    if text in ("", "all"):
        return "all"
    found = _YEARS.fullmatch(text.removesuffix(".0"))
    if not found or found.group(2) == "present":
        raise _UnfitError(f"period {text!r} is not like 2014 or 2014/2017; correct it")
    first, last = found.group(1), found.group(2) or found.group(1)
    if last < first:
        raise _UnfitError(f"period {text!r} ends before it starts; correct it")
    return f"{first}/{last}"


# --- Numbers -----------------------------------------------------------------------------------

_PLAIN = re.compile(r"-?\d+(\.\d{1,2}|\.\d{4,})?")
_MONEY = re.compile(r"(?P<before>[^\d\s.,()-]{1,3})?\s*(?P<number>\(?-?\s*[\d.,'’\s]*\d\)?)"
                    r"\s*(?P<after>[^\d\s.,()-]{1,3})?")  # fmt: skip
_BLANK = r"[\s'’]"
_THOUSANDS = r"\d{1,3}(?:%s\d{3})+"


def _amount(texts: Texts, rules: _Rules) -> tuple[Decimal | None, str]:
    text = texts.get("amount", "").replace("−", "-")
    currency = texts.get("currency", "").upper()
    if currency in _SYMBOLS:
        currency = _SYMBOLS[currency]
    if currency and not re.fullmatch("[A-Z]{3}", currency):
        raise _UnfitError(
            f"currency {currency!r} is not like GBP or EUR; add it to the `map` of "
            "currency in the mapping"
        )
    if not text:
        return None, ""
    if _PLAIN.fullmatch(text):
        number, sign = text, ""
    else:
        number, sign = _without_sign(text)
    amount = _number("amount", number, rules)
    if amount < 0:
        raise _UnfitError(f"amount {text!r} is negative; correct it, or empty the cell if unknown")
    if amount >= 10**16:
        raise _UnfitError(f"amount {text!r} is too large to be money; correct it")
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP), currency or sign


def _without_sign(text: str) -> tuple[str, str]:
    """An amount's number, and its currency where the sign or code beside it tells."""
    found = _MONEY.fullmatch(text)
    if not found:
        return text, ""
    sign = (found["before"] or found["after"] or "").upper()
    number = found["number"].strip()
    if number.startswith("("):
        number = "-" + number.strip("()")
    return number, _SYMBOLS.get(sign, sign if re.fullmatch("[A-Z]{3}", sign) else "")


def _number(field: str, text: str, rules: _Rules) -> Decimal:
    plain = text if _PLAIN.fullmatch(text) else _with_point(text, rules.decimal)
    if plain is None:
        raise _UnfitError(
            f"{field} {text!r} is no number; correct it, or list the text under "
            "`unknown` in the mapping"
        )
    cell = rules.cells.get(field)
    times = cell.times if isinstance(cell, Cell) else None
    return Decimal(plain) * times if times else Decimal(plain)


def _with_point(text: str, decimal: str) -> str | None:
    """
    A number as people write it, in the form computers read; None if it is none.

    Of `1,234` and `1.234`, which could be either, `decimal` decides; everything else is plain.

    Examples
    --------
    >>> [_with_point(text, ".") for text in ("1,234", "1.234,5", "12,5", "1 234 567", "1.2.3")]
    ['1234', '1234.5', '12.5', '1234567', None]
    >>> _with_point("1,234", ","), _with_point("1.234", ",")
    ('1.234', '1234')
    """
    if re.fullmatch(r"-?\d+(\.\d+)?[eE][+-]?\d{1,2}", text):
        return text
    sign, body = ("-", text[1:].strip()) if text.startswith("-") else ("", text)
    if re.fullmatch(rf"{_THOUSANDS % _BLANK}([.,]\d+)?", body):
        return sign + re.sub(_BLANK, "", body).replace(",", ".")
    for point, group in ((".", ","), (",", ".")):
        if re.fullmatch(rf"{_THOUSANDS % re.escape(group)}{re.escape(point)}\d+", body):
            return sign + body.replace(group, "").replace(point, ".")
        if re.fullmatch(rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}}){{2,}}", body):
            return sign + body.replace(group, "")
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", body):
        return sign + (body.replace(",", ".") if body[-4] == decimal else body[:-4] + body[-3:])
    return sign + body.replace(",", ".") if re.fullmatch(r"\d*[.,]?\d+", body) else None


# --- Positions ---------------------------------------------------------------------------------


def _position(texts: Texts, rules: _Rules, country: str) -> dict[str, Any]:
    """Latitude, longitude (degrees, WGS 84) and precision; nothing where there is no position."""
    one, other = ("easting", "northing") if "easting" in texts else ("lat", "lon")
    first, second = texts.get(one, ""), texts.get(other, "")
    if not first and not second:
        return {}
    if not first or not second:
        raise _UnfitError(
            f"has {one if first else other} without {other if first else one}; fill in "
            "both or empty both"
        )
    a, b = _degrees(one, first), _degrees(other, second)
    lat, lon = _from_grid(rules.crs, a, b) if one == "easting" else (a, b)
    _check_degrees(lat, lon, country)
    precision = _word("precision", texts)
    if not precision:
        raise _UnfitError("has a position without its precision; fill it in, or give a `default`")
    return {"lat": lat, "lon": lon, "precision": precision}


def _degrees(field: str, text: str) -> float:
    try:
        number = float(text.replace(",", ".") if text.count(",") == 1 else text)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise _UnfitError(f"{field} {text!r} is no number; write it like 51.4584")
    return number


def _check_degrees(lat: float, lon: float, country: str) -> None:
    if not -90 <= lat <= 90 or not -180 <= lon <= 180:
        hint = "; latitude and longitude look swapped" if abs(lat) <= 180 and abs(lon) <= 90 else ""
        raise _UnfitError(
            f"the position {lat}, {lon} is not on the Earth (latitude -90 to 90, longitude "
            f"-180 to 180){hint}; correct it, or swap the columns in the mapping"
        )
    if lat == 0 and lon == 0:
        raise _UnfitError(
            "the position 0, 0 lies in the sea and stands for unknown; empty both cells, "
            "or name the case in `ignore_positions_when`"
        )
    if looks_swapped(lat, lon, country):
        raise _UnfitError(
            f"latitude and longitude look swapped ({lat}, {lon} is far from {country}, "
            f"{lon}, {lat} is in it); swap the columns in the mapping"
        )


@cache
def _transform(crs: str) -> Callable[[float, float], tuple[float, float]]:
    from pyproj import Transformer
    from pyproj.exceptions import CRSError

    try:
        found = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    except CRSError as err:
        raise InputError(
            f"crs: {crs!r} is no coordinate system pyproj knows; write it like EPSG:27700"
        ) from err
    return lambda easting, northing: found.transform(easting, northing)


def _from_grid(crs: str, easting: float, northing: float) -> tuple[float, float]:
    lon, lat = _transform(crs)(easting, northing)
    if not (isfinite(lat) and isfinite(lon)):
        raise _UnfitError(
            f"easting {easting}, northing {northing} lies outside {crs}; correct it, or "
            "set `crs` in the mapping"
        )
    # A metre is the grid's own step; 6 decimals of a degree are a tenth of one.
    return round(lat, 6), round(lon, 6)
