"""An alliance as three tables in CSV (RFC 4180): who gives what, how needs are met, who is in."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from triplehelix.ally.alliance import Alliance, Contribution
from triplehelix.ally.answers import Answers
from triplehelix.ally.assets import Landscape
from triplehelix.formulas import guarded

Cell = str | float | bool | date | None
CONTRIBUTIONS = (
    "need", "asset", "asset_name", "member", "member_name", "capacity", "amount", "unit", "starts",
    "ends", "ready", "lead_days", "cost", "currency", "km", "surge", "answer",
)  # fmt: skip
COVERAGE = (
    "need", "capability", "asked", "unit", "by", "until", "must", "given", "missing", "to_spare",
    "weakest_day", "why_missing",
)  # fmt: skip
PARTNERS = (
    "member", "member_name", "helix", "country", "nation", "cluster", "organisation_id", "assets",
    "needs", "answers",
)  # fmt: skip


def csv_tables(
    alliance: Alliance, landscape: Landscape, answers: Answers | None = None
) -> dict[str, str]:
    """
    The tables `contributions`, `coverage` and `partners` as CSV text, by name.

    Lines end in CRLF; an empty cell is not known or not there; several values in one cell are
    joined by `|`. A text that a spreadsheet would run as a formula has an apostrophe before it.
    Rows are in the order of the alliance, which does not depend on the order of the facts.

    Parameters
    ----------
    landscape : whose names of assets and members may be shown; of others only ids are.
    answers : by (need, asset), where each contribution stands.
    """
    given = answers or {}
    return {
        "contributions": _table(CONTRIBUTIONS, _contributions(alliance, landscape, given)),
        "coverage": _table(COVERAGE, _coverage(alliance)),
        "partners": _table(PARTNERS, _partners(alliance, landscape, given)),
    }


def _contributions(
    alliance: Alliance, landscape: Landscape, answers: Answers
) -> Iterable[tuple[Cell, ...]]:
    asset_names = {one.asset: one.name for one in landscape.assets}
    member_names = {one.member: one.name for one in landscape.members}
    units = {need.need: need.unit for need in alliance.call.needs}
    currencies = {one.asset: one.currency for one in landscape.assets}
    for one in alliance.contributions:
        currency = alliance.call.rules.currency or currencies.get(one.asset)
        yield (
            one.need, one.asset, asset_names.get(one.asset), one.member,
            member_names.get(one.member), one.capacity, one.amount, units[one.need], one.starts,
            one.ends, one.ready, one.lead_days, one.cost,
            currency if one.cost is not None else None, one.km, one.surge, _answer(one, answers),
        )  # fmt: skip


def _coverage(alliance: Alliance) -> Iterable[tuple[Cell, ...]]:
    needs = {need.need: need for need in alliance.call.needs}
    why = {one.need: one.why for one in alliance.gaps}
    for one in alliance.coverage:
        need = needs[one.need]
        yield (
            one.need, need.capability, one.asked, one.unit, need.by, need.until, need.must,
            one.given, one.missing, one.to_spare, one.weakest_day, why.get(one.need),
        )  # fmt: skip


def _partners(
    alliance: Alliance, landscape: Landscape, answers: Answers
) -> Iterable[tuple[Cell, ...]]:
    members = {one.member: one for one in landscape.members}
    given: Mapping[str, list[Contribution]] = defaultdict(list)
    for one in alliance.contributions:
        given[one.member].append(one)
    for name in alliance.partners:
        member, mine = members.get(name), given[name]
        facts: tuple[Cell, ...] = (None,) * 6
        if member is not None:
            facts = (
                member.name, member.helix, member.country, member.nation, member.cluster,
                member.organisation_id,
            )  # fmt: skip
        yield (
            name, *facts, _joined(one.asset for one in mine), _joined(one.need for one in mine),
            _joined(_answer(one, answers) or "" for one in mine),
        )  # fmt: skip


def _answer(one: Contribution, answers: Answers) -> str | None:
    found = answers.get((one.need, one.asset))
    return found.state if found else None


def _joined(values: Iterable[str]) -> str:
    return "|".join(sorted({value for value in values if value}))


def _table(columns: Iterable[str], rows: Iterable[tuple[Cell, ...]]) -> str:
    lines = _Lines()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_written(cell) for cell in row])
    return "".join(lines.written)


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return f"{cell:.15g}"
    return guarded(cell) if isinstance(cell, str) else cell.isoformat()


class _Lines:
    """Where a CSV writer writes: no file is opened here."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, text: str) -> int:
        self.written.append(text)
        return len(text)
