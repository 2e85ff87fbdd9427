"""What members have answered so far, and what of a plan is then agreed or still expected."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from triplehelix.ally.curves import Stretch, levels
from triplehelix.ally.plan import Plan
from triplehelix.errors import UnknownName

State = Literal["proposed", "invited", "offered", "countered", "accepted", "declined", "withdrawn"]
REFUSED = ("declined", "withdrawn")


@dataclass(frozen=True, slots=True)
class Answer:
    """
    Where a contribution stands.

    A counter-offer may give another `amount` (the most on any day, in the need's unit; or all of
    it, where things are made in all) and a later first day, `starts`; None leaves the plan's. One
    that was accepted keeps them.
    """

    state: State
    amount: float | None = None
    starts: date | None = None


Answers = Mapping[tuple[str, str], Answer]


def expected(plan: Plan, answers: Answers, made: frozenset[str] = frozenset()) -> Plan:
    """
    What can still be hoped for: without what was refused, with counter-offers as they stand.

    `answers` are by (need, asset); whoever has not answered is still hoped for. `made` names the
    needs of things made in all.

    Raises
    ------
    UnknownName
        If an answer is about an asset that gives nothing to that need.
    """
    _require_in(plan, answers)
    return {
        pair: _as_answered(parts, answers.get(pair), pair.need in made)
        for pair, parts in plan.items()
        if pair not in answers or answers[pair].state not in REFUSED
    }


def agreed(plan: Plan, answers: Answers, made: frozenset[str] = frozenset()) -> Plan:
    """
    What was accepted, and so can be counted on.

    Raises
    ------
    UnknownName
        If an answer is about an asset that gives nothing to that need.
    """
    _require_in(plan, answers)
    return {
        pair: _as_answered(parts, answers[pair], pair.need in made)
        for pair, parts in plan.items()
        if pair in answers and answers[pair].state == "accepted"
    }


def _as_answered(
    parts: tuple[Stretch, ...], answer: Answer | None, made: bool
) -> tuple[Stretch, ...]:
    if answer is None:
        return parts
    if answer.starts is not None:
        parts = _moved(parts, answer.starts) if made else _cut(parts, answer.starts)
    if answer.amount is None:
        return parts
    most = (
        sum(one.amount for one in parts)
        if made
        else max((level.amount for level in levels(parts)), default=0.0)
    )
    return tuple(one._replace(amount=one.amount * answer.amount / most) for one in parts if most)


def _cut(parts: tuple[Stretch, ...], first: date) -> tuple[Stretch, ...]:
    return tuple(
        one._replace(first=max(one.first, first))
        for one in parts
        if one.last is None or one.last >= first
    )


def _moved(parts: tuple[Stretch, ...], first: date) -> tuple[Stretch, ...]:
    later = first - min(one.first for one in parts)
    return tuple(
        one._replace(first=one.first + later, last=one.last and one.last + later) for one in parts
    )


def _require_in(plan: Plan, answers: Answers) -> None:
    strange = sorted(pair for pair in answers if pair not in plan)
    if strange:
        need, asset = strange[0]
        raise UnknownName(
            f"the asset {asset!r} gives nothing to the need {need!r} in this alliance "
            f"({len(strange)} such answers); answer for one of its contributions"
        )
