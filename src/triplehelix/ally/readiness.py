"""How an alliance grows to what a call needs: the curve of each need, and what holds it back."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.answers import Answers, agreed, expected
from triplehelix.ally.assets import Landscape
from triplehelix.ally.curves import (
    Level,
    at_least,
    level_on,
    lowest,
    made_by,
    made_on,
    reached,
)
from triplehelix.ally.free import in_all, known
from triplehelix.ally.plan import Pair, Plan, contributions_of, day_one, plan_of
from triplehelix.ally.said import day_said
from triplehelix.ally.steps import Parts, Step, View, line_of, steps_of
from triplehelix.capabilities.listed import Capabilities

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Curve:
    """
    A need's amount over days, in its unit, and the first day with the whole target (or None).

    Each level holds until the next; for things made in all each tells what is made by the end of
    its day, and between two of them it rises along a line.
    """

    levels: tuple[Level, ...]
    reached: date | None
    in_all: bool

    def on(self, day: date) -> float:
        """The amount on a day; for things made in all, by its end."""
        return made_by(self.levels, day) if self.in_all else level_on(self.levels, day)


@dataclass(frozen=True, slots=True)
class NeedReadiness:
    """
    A need's way to its target: as planned, as can still be expected, and as agreed.

    `target` is 1 where it is met by yes or no. `steps` tell the expected curve. `kept` is whether
    the whole target is there, as expected, on each day that the need asks for; None where it
    names no day.
    """

    need: str
    unit: str | None
    target: float
    by: date | None
    until: date | None
    planned: Curve
    expected: Curve
    agreed: Curve
    steps: tuple[Step, ...]
    kept: bool | None
    said: str


@dataclass(frozen=True)
class Readiness:
    """The way of all needs, in the call's order, looked at from `as_of`, which is day 1."""

    as_of: date
    needs: tuple[NeedReadiness, ...]

    def of(self, need: str) -> NeedReadiness:
        """The readiness of a need of the call."""
        return next(one for one in self.needs if one.need == need)


def readiness(
    alliance: Alliance,
    landscape: Landscape,
    capabilities: Capabilities,
    *,
    today: date,
    answers: Answers | None = None,
) -> Readiness:
    """
    The way of an alliance to each need's target, step by step.

    Parameters
    ----------
    landscape : what the reader may see; of other assets only the published days are told.
    today : the day it is looked at from where neither the call nor a contribution tells.
    answers : by (need, asset), where each contribution stands; one that is not named has not
        been answered, and is expected but not agreed.

    Raises
    ------
    InputError
        If units do not match.
    UnknownName
        If an answer is about an asset that gives nothing to that need.
    """
    as_of = day_one(alliance, today)
    plan = plan_of(alliance, landscape, capabilities, as_of)
    views = views_of(alliance, landscape, capabilities, as_of)
    return readiness_of(views, plan, answers or {}, as_of)


def views_of(
    alliance: Alliance, landscape: Landscape, capabilities: Capabilities, as_of: date
) -> tuple[View, ...]:
    """Each need of a call, in its order, with what is known of those who give to it."""
    here, given = known(landscape), _by_need(contributions_of(alliance))
    return tuple(
        View(
            need, in_all(need, capabilities), alliance.call.rules, as_of, here,
            given.get(need.need, {}),
        )
        for need in alliance.call.needs
    )  # fmt: skip


def made_in_all(views: tuple[View, ...]) -> frozenset[str]:
    """The needs of things made or done in all."""
    return frozenset(view.need.need for view in views if view.in_all)


def readiness_of(views: tuple[View, ...], plan: Plan, answers: Answers, as_of: date) -> Readiness:
    """The readiness of a plan, which may be one that was changed (`what_if`)."""
    counted = made_in_all(views)
    plans = plan, expected(plan, answers, counted), agreed(plan, answers, counted)
    by_need = [_by_need(which) for which in plans]
    return Readiness(
        as_of,
        tuple(
            _of_need(view, *(parts.get(view.need.need, {}) for parts in by_need)) for view in views
        ),
    )


def _of_need(view: View, planned: Parts, hoped: Parts, sure: Parts) -> NeedReadiness:
    need, curve = view.need, _curve(view, hoped)
    return NeedReadiness(
        need.need,
        need.unit,
        view.target,
        need.by,
        need.until,
        _curve(view, planned),
        curve,
        _curve(view, sure),
        steps_of(view, hoped),
        _kept(view, curve),
        _said(view, curve),
    )


def _curve(view: View, parts: Parts) -> Curve:
    line = line_of(view, parts)
    when = made_on if view.in_all else reached
    return Curve(line, when(line, view.target), view.in_all)


def _by_need(of_pairs: Mapping[Pair, T]) -> dict[str, dict[str, T]]:
    found: dict[str, dict[str, T]] = defaultdict(dict)
    for pair, value in of_pairs.items():
        found[pair.need][pair.asset] = value
    return dict(found)


def _kept(view: View, curve: Curve) -> bool | None:
    by = view.need.by
    if by is None:
        return None
    if view.in_all:
        return curve.reached is not None and curve.reached <= by
    return at_least(lowest(curve.levels, by, view.need.until).amount, view.target)


def _said(view: View, curve: Curve) -> str:
    if curve.reached is not None:
        number = view.number(curve.reached)
        return f"{view.said(view.target)} from {day_said(curve.reached)} (day {number:,}) on"
    if view.need.unit is None:
        return "not met"
    most = max((level.amount for level in curve.levels), default=0.0)
    return f"{view.said(most)} at most, of {view.said(view.target)} needed"
