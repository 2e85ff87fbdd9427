"""What members tell that they give, beside what was planned, and who is behind."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.answers import Answers, expected
from triplehelix.ally.assets import Landscape
from triplehelix.ally.curves import Level, at_least, level_on, reached
from triplehelix.ally.plan import Pair, day_one, plan_of
from triplehelix.ally.readiness import Curve, made_in_all, views_of
from triplehelix.ally.said import day_said
from triplehelix.ally.steps import View, line_of
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import InputError, UnknownName


@dataclass(frozen=True, slots=True)
class Report:
    """
    What an asset gives to a need from a day on, as its member told, in the need's unit.

    For things made in all, how many it has made by the end of that day; 1 or 0 for a need met by
    yes or no. It holds until the asset's next report.
    """

    asset: str
    need: str
    day: date
    amount: float


@dataclass(frozen=True, slots=True)
class Behind:
    """
    An asset that gives less than is expected of it by now, in the need's unit.

    `told` is the day of its last report; None where it has not told anything, and then `actual`
    is 0.
    """

    asset: str
    member: str
    expected: float
    actual: float
    told: date | None
    said: str


@dataclass(frozen=True, slots=True)
class NeedActual:
    """
    A need as it is reported, beside what is expected by `today`, in its unit.

    `actual` has a level for each day of a report. `short` is by how much less there is than
    expected, 0 where there is as much; assets beyond the alliance count as well. `behind` are the
    assets that give less than expected, the most first.
    """

    need: str
    expected: float
    actual: Curve
    now: float
    short: float
    behind: tuple[Behind, ...]
    said: str


def actual(
    alliance: Alliance,
    landscape: Landscape,
    capabilities: Capabilities,
    reports: Iterable[Report],
    *,
    today: date,
    answers: Answers | None = None,
) -> tuple[NeedActual, ...]:
    """
    Each need as reported until `today`, beside what the plan and the answers let expect.

    Raises
    ------
    UnknownName
        If a report is about a need that the call does not have.
    InputError
        If an amount is below 0 or no number, or an asset tells two amounts for one need and day.
    """
    as_of = day_one(alliance, today)
    views = views_of(alliance, landscape, capabilities, as_of)
    plan = plan_of(alliance, landscape, capabilities, as_of)
    hoped = expected(plan, answers or {}, made_in_all(views))
    told = _told(reports, {view.need.need for view in views}, today)
    return tuple(
        _of_need(
            view,
            {pair.asset: line_of(view, {pair.asset: parts}) for pair, parts in hoped.items()
             if pair.need == view.need.need},
            {pair.asset: levels for pair, levels in told.items() if pair.need == view.need.need},
            today,
        )
        for view in views
    )  # fmt: skip


def _told(reports: Iterable[Report], needs: set[str], today: date) -> dict[Pair, tuple[Level, ...]]:
    found: dict[Pair, dict[date, float]] = defaultdict(dict)
    for one in reports:
        if one.need not in needs:
            raise UnknownName(
                f"{one.asset!r} reports on the need {one.need!r}, which the call does not have; "
                f"use {', '.join(sorted(needs))}"
            )
        _require_sound(one, found[Pair(one.need, one.asset)])
        if one.day <= today:
            found[Pair(one.need, one.asset)][one.day] = one.amount
    return {
        pair: tuple(Level(day, amount) for day, amount in sorted(days.items()))
        for pair, days in sorted(found.items())
    }


def _require_sound(one: Report, before: Mapping[date, float]) -> None:
    if not 0 <= one.amount < float("inf"):
        raise InputError(
            f"{one.asset!r} reports {one.amount} for {one.need!r} on {one.day}; give a number from "
            "0 up"
        )
    if before.get(one.day, one.amount) != one.amount:
        raise InputError(
            f"{one.asset!r} reports {before[one.day]:g} and {one.amount:g} for {one.need!r} on "
            f"{one.day}; keep one of them"
        )


def _of_need(
    view: View,
    hoped: Mapping[str, Sequence[Level]],
    told: Mapping[str, Sequence[Level]],
    today: date,
) -> NeedActual:
    levels = _together(told)
    now = level_on(levels, today)
    wanted = {
        asset: Curve(tuple(line), None, view.in_all).on(today) for asset, line in hoped.items()
    }
    behind = [
        found
        for asset, amount in wanted.items()
        if (found := _behind(view, asset, amount, told.get(asset, ()), today))
    ]
    behind.sort(key=lambda one: (one.actual - one.expected, one.asset))
    due = fsum(wanted.values())
    short = 0.0 if at_least(now, due) else due - now
    said = f"{view.said(now)} reported, {view.said(due)} expected by {day_said(today)}"
    return NeedActual(
        view.need.need, due, Curve(levels, reached(levels, view.target), False), now, short,
        tuple(behind), said,
    )  # fmt: skip


def _together(told: Mapping[str, Sequence[Level]]) -> tuple[Level, ...]:
    days = sorted({level.day for levels in told.values() for level in levels})
    return tuple(
        Level(day, fsum(level_on(levels, day) for levels in told.values())) for day in days
    )


def _behind(
    view: View, asset: str, wanted: float, told: Sequence[Level], today: date
) -> Behind | None:
    now, last = level_on(told, today), told[-1].day if told else None
    if at_least(now, wanted):
        return None
    of = f"of {view.said(wanted)} expected by {day_said(today)}"
    said = (
        f"{view.said(now)} as told on {day_said(last)}, {of}" if last else f"nothing told yet, {of}"
    )
    return Behind(asset, view.member(asset), wanted, now, last, said)
