"""What would follow if an asset dropped out, came earlier or later, or gave more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.answers import Answers
from triplehelix.ally.assets import Landscape
from triplehelix.ally.curves import Stretch
from triplehelix.ally.plan import Pair, Plan, day_one, plan_of
from triplehelix.ally.readiness import NeedReadiness, readiness_of, views_of
from triplehelix.ally.said import day_said, number_said
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import InputError, UnknownName


@dataclass(frozen=True, slots=True)
class Idea:
    """
    A change of one asset: without it, earlier by some days (below 0: later), or more by an amount.

    `more` (below 0: less) is in the unit of the need that `need` names, on each day that the
    asset gives to it, or in all; None where it gives to one need only.
    """

    asset: str
    without: bool = False
    days_earlier: int = 0
    more: float = 0.0
    need: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """
    What an idea does to a need: the first day with all of it, before and after, None for never.

    `most_before` and `most_after` are the largest amounts on any day, in the need's unit. `kept`
    is whether it is there on each day asked for, None where the need names none.
    """

    idea: Idea
    need: str
    before: date | None
    after: date | None
    most_before: float
    most_after: float
    kept_before: bool | None
    kept_after: bool | None
    said: str


def what_if(
    alliance: Alliance,
    landscape: Landscape,
    capabilities: Capabilities,
    ideas: Iterable[Idea],
    *,
    today: date,
    answers: Answers | None = None,
) -> tuple[Effect, ...]:
    """
    What each idea would do, by itself, to each need that its asset gives to.

    Nothing is solved anew: the others stay as they are. In the order of the ideas, then of the
    call's needs.

    Raises
    ------
    UnknownName
        If an asset gives nothing in this alliance, or not to the need that the idea names.
    InputError
        If an idea changes nothing, or leaves open to which of its needs an asset gives more.
    """
    as_of = day_one(alliance, today)
    views = views_of(alliance, landscape, capabilities, as_of)
    plan = plan_of(alliance, landscape, capabilities, as_of)
    counted = {view.need.need: view.in_all for view in views}
    found: list[Effect] = []
    for idea in ideas:
        needs = {pair.need for pair in _pairs(plan, idea)}
        touched = tuple(view for view in views if view.need.need in needs)
        here = {pair: parts for pair, parts in plan.items() if pair.need in needs}
        changed = changed_plan(here, idea, counted, as_of)
        before, after = (
            readiness_of(touched, which, _about(which, answers), as_of) for which in (here, changed)
        )
        found.extend(_effect(idea, *pair) for pair in zip(before.needs, after.needs, strict=True))
    return tuple(found)


def without_each(
    alliance: Alliance,
    landscape: Landscape,
    capabilities: Capabilities,
    *,
    today: date,
    answers: Answers | None = None,
) -> tuple[Effect, ...]:
    """What would follow if each asset of the alliance dropped out alone, by asset and need."""
    assets = sorted({one.asset for one in alliance.contributions})
    ideas = [Idea(asset, without=True) for asset in assets]
    return what_if(alliance, landscape, capabilities, ideas, today=today, answers=answers)


def changed_plan(plan: Plan, idea: Idea, counted: dict[str, bool], as_of: date) -> Plan:
    """The plan with an idea carried out; `counted`: by need, whether it is of things in all."""
    mine = _pairs(plan, idea)
    if idea.without:
        return {pair: parts for pair, parts in plan.items() if pair not in mine}
    changed = dict(plan)
    for pair in mine:
        parts = _earlier(plan[pair], idea.days_earlier, counted[pair.need], as_of)
        changed[pair] = _more(parts, idea.more, counted[pair.need]) if idea.more else parts
    return changed


def _pairs(plan: Plan, idea: Idea) -> list[Pair]:
    mine = [pair for pair in plan if pair.asset == idea.asset]
    named = [pair for pair in mine if idea.need in (None, pair.need)]
    if not named:
        to = f" to the need {idea.need!r}" if mine else ""
        raise UnknownName(
            f"the asset {idea.asset!r} gives nothing{to} in this alliance; name one of its "
            "contributions"
        )
    if not (idea.without or idea.days_earlier or idea.more):
        raise InputError(
            f"the idea about {idea.asset!r} changes nothing; say without, days_earlier or more"
        )
    if idea.more and len(named) > 1:
        raise InputError(
            f"{idea.asset!r} gives to {', '.join(pair.need for pair in named)}; say with need= to "
            "which of them it would give more"
        )
    return named


def _earlier(
    parts: tuple[Stretch, ...], days: int, counted: bool, as_of: date
) -> tuple[Stretch, ...]:
    ends = max((one.last or date.max) for one in parts)
    moved = []
    for one in parts:
        # A rate that begins earlier does not end earlier; what is made in all takes as long.
        stays = not counted and (one.last or date.max) == ends
        last = one.last if stays or one.last is None else one.last - timedelta(days=days)
        first = max(one.first - timedelta(days=days), min(as_of, one.first))
        if last is None or last >= first:
            moved.append(Stretch(one.amount, first, last))
    return tuple(moved)


def _more(parts: tuple[Stretch, ...], amount: float, counted: bool) -> tuple[Stretch, ...]:
    first = min(one.first for one in parts)
    ends = [one.last for one in parts if one.last is not None]
    last = max(ends) if len(ends) == len(parts) else None
    if counted:
        last = max(ends, default=first)
    return (*parts, Stretch(amount, first, last))


def _about(plan: Plan, answers: Answers | None) -> Answers:
    return {pair: one for pair, one in (answers or {}).items() if Pair(*pair) in plan}


def _effect(idea: Idea, was: NeedReadiness, is_now: NeedReadiness) -> Effect:
    return Effect(
        idea, was.need, was.expected.reached, is_now.expected.reached, _most(was), _most(is_now),
        was.kept, is_now.kept, _said(was, is_now),
    )  # fmt: skip


def _most(one: NeedReadiness) -> float:
    return max((level.amount for level in one.expected.levels), default=0.0)


def _said(was: NeedReadiness, is_now: NeedReadiness) -> str:
    before, after = was.expected.reached, is_now.expected.reached
    if after is None:
        most = f"{number_said(_most(is_now))} of {number_said(is_now.target)} {is_now.unit or ''}"
        short = f"not met: {most.rstrip()}" if is_now.unit else "not met"
        return short if before is not None else f"still {short}"
    if before is None:
        return f"met from {day_said(after)} on"
    days = abs((after - before).days)
    if after == before:
        return f"met from {day_said(after)} on, as before"
    when = "sooner" if after < before else "later"
    return f"met from {day_said(after)} on, {days:,} {'day' if days == 1 else 'days'} {when}"
