"""A table's rows through its mapping: compiled once, then row by row."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from triplehelix.read.mapped.picking import any_holds, condition_holds, picker
from triplehelix.read.mapped.places import grid_transform
from triplehelix.read.mapped.rules import Cells, Rules, Staged, Texts, UnfitError
from triplehelix.read.mapped.values import (
    Mentions,
    activity_of,
    codes_of,
    figure_of,
    mention_of,
    participation_of,
)
from triplehelix.read.mapping import Block, Table

_POSITION = ("lat", "lon", "easting", "northing", "precision")


def maker(source: str, table: Table, places: dict[str, int]) -> Callable[[Cells], Staged]:
    """Compile a table: a function from a row's cells to its staged values."""

    def rules(block: Block) -> Rules:
        if "easting" in block:
            grid_transform(table.crs)
        return Rules(source, table.decimal, table.date_format, table.crs, block)

    no_position = any_holds([condition_holds(c, places) for c in table.ignore_positions_when])
    pick = picker(table.columns, table.rows, places, table.unknown)
    own = rules(table.columns)
    if table.rows == "participation":
        make: Callable[[Cells], Staged] = _participation_maker(own, pick, no_position)
    elif table.rows == "activity":
        groups = [
            (
                rules(group),
                picker(group, "participant", places, table.unknown),
                Mentions(rules(group)),
            )
            for group in table.participants
        ]
        make = _activity_maker(own, pick, groups, no_position)
    elif table.rows == "organisation":

        def make(cells: Cells) -> Staged:
            mention = mention_of(_placed(pick(cells), no_position, cells), own, "id")
            return (("staged_organisations", mention),)
    else:
        build = figure_of if table.rows == "figure" else codes_of

        def make(cells: Cells) -> Staged:
            return build(pick(cells), own)

    skips = [(condition_holds(skip.when, places), skip.because) for skip in table.skip_when]
    if not skips:
        return make

    def unless_skipped(cells: Cells) -> Staged:
        for holds, because in skips:
            if holds(cells):
                raise UnfitError(f"left out on purpose by the mapping (skip_when): {because}")
        return make(cells)

    return unless_skipped


def _participation_maker(
    rules: Rules, pick: Callable[[Cells], Texts], no_position: Callable[[Cells], bool]
) -> Callable[[Cells], Staged]:
    mentions = Mentions(rules)

    def make(cells: Cells) -> Staged:
        texts = _placed(pick(cells), no_position, cells)
        return participation_of(texts, rules, texts["activity"], mentions)

    return make


def _activity_maker(
    rules: Rules,
    pick: Callable[[Cells], Texts],
    groups: Sequence[tuple[Rules, Callable[[Cells], Texts], Mentions]],
    no_position: Callable[[Cells], bool],
) -> Callable[[Cells], Staged]:
    def make(cells: Cells) -> Staged:
        activity = activity_of(pick(cells), rules)
        staged: list[tuple[str, dict[str, Any]]] = [("staged_activities", activity)]
        for group_rules, pick_group, mentions in groups:
            for texts in _each(pick_group(cells)):
                placed = _placed(texts, no_position, cells)
                staged += participation_of(
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
            raise UnfitError(
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
