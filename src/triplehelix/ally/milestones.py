"""The days that matter on the way of an alliance: dates of the call, first help, half, all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from triplehelix.ally.call import Call
from triplehelix.ally.curves import at_least, made_on, reached
from triplehelix.ally.readiness import NeedReadiness, Readiness
from triplehelix.ally.said import number_said

Kind = Literal["opens", "closes", "first", "half", "reached", "by", "short", "until"]


@dataclass(frozen=True, slots=True)
class Milestone:
    """
    A day that matters, of a need or of the whole call (`need` None).

    `first`, `half` and `reached`: so much of the target as expected, of one day the furthest. `by`
    and `until`: the days asked for. `short`: the first day on which less than the target is left
    while it is needed.
    """

    day: date
    kind: Kind
    need: str | None
    said: str


def milestones(call: Call, ready: Readiness) -> tuple[Milestone, ...]:
    """
    All milestones by day; on one day those of the call first, then by need.

    Examples
    --------
    >>> call = Call.model_validate({"title": "Tests", "opens": "2020-12-01",
    ...     "needs": [{"need": "a", "capability": "pcr-testing"}]})
    >>> [one.said for one in milestones(call, Readiness(date(2020, 12, 1), ()))]
    ['the call opens']
    """
    found = list(_of_call(call))
    for one in ready.needs:
        found.extend(_of_curve(one))
        found.extend(_asked(one))
    order = {name: n for n, name in enumerate([None, *(need.need for need in call.needs)])}
    return tuple(sorted(found, key=lambda one: (one.day, order[one.need], one.kind)))


def _of_call(call: Call) -> Iterator[Milestone]:
    if call.opens:
        yield Milestone(call.opens, "opens", None, "the call opens")
    if call.closes:
        yield Milestone(call.closes, "closes", None, "the call closes")


def _of_curve(one: NeedReadiness) -> Iterator[Milestone]:
    if one.unit is None:
        if one.expected.reached:
            yield Milestone(one.expected.reached, "reached", one.need, f"{one.need}: met")
        return
    days: dict[date, tuple[Kind, str]] = {}
    starts = next((step.day for step in one.steps), None)
    if starts:
        amount = f" with {number_said(one.expected.on(starts))} {one.unit}"
        days[starts] = "first", "starts" + ("" if one.expected.in_all else amount)
    when = made_on if one.expected.in_all else reached
    half = when(one.expected.levels, one.target / 2)
    if half:
        days[half] = "half", f"half, or {number_said(one.target / 2)} {one.unit}"
    if one.expected.reached:
        days[one.expected.reached] = "reached", f"all of {number_said(one.target)} {one.unit}"
    # Of what falls on one day only the furthest is told.
    for day, (kind, words) in days.items():
        yield Milestone(day, kind, one.need, f"{one.need}: {words}")


def _asked(one: NeedReadiness) -> Iterator[Milestone]:
    what = "" if one.unit is None else f" {number_said(one.target)} {one.unit}"
    if one.by:
        yield Milestone(one.by, "by", one.need, f"{one.need}: needed{what}")
    if one.until:
        yield Milestone(one.until, "until", one.need, f"{one.need}: needed until here")
    if (day := _short_again(one)) is not None:
        left = one.expected.on(day)
        said = f"{one.need}: only {number_said(left)} {one.unit or ''}".rstrip() + " left"
        yield Milestone(day, "short", one.need, said)


def _short_again(one: NeedReadiness) -> date | None:
    """The first day after the target was reached, and while it is needed, with less than it."""
    begin = one.expected.reached
    if begin is None or one.expected.in_all:
        return None
    return next(
        (
            level.day
            for level in one.expected.levels
            if level.day > begin
            and (one.by is None or level.day >= one.by)
            and (one.until is None or level.day <= one.until)
            and not at_least(level.amount, one.target)
        ),
        None,
    )
