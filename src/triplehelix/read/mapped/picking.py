"""Picking the mapped cells of a row, as text."""

from collections.abc import Callable, Sequence
from typing import Any

from triplehelix.read.grids import text_of
from triplehelix.read.mapped.rules import Cells, Text, Texts, UnfitError
from triplehelix.read.mapping import Block, Cell, Clause, Condition, takes_list


def picker(
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
            raise UnfitError(
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


def condition_holds(condition: Condition, places: dict[str, int]) -> Callable[[Cells], bool]:
    tests = [(places[test.column], test) for test in condition]
    return lambda cells: all(_passes(test, cells[place]) for place, test in tests)


def _passes(test: Clause, cell: Any) -> bool:
    text = text_of(cell)
    if test.pattern is not None:
        return test.pattern.search(text) is not None
    return (text.casefold() in test.texts) != test.negated


def any_holds(conditions: Sequence[Callable[[Cells], bool]]) -> Callable[[Cells], bool]:
    return lambda cells: any(holds(cells) for holds in conditions)
