"""What is computed for a call of the registry, in worker processes: watched, stopped when asked."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.alternatives import alternatives
from triplehelix.ally.assets import Landscape
from triplehelix.ally.call import Call
from triplehelix.ally.check import check
from triplehelix.ally.repair import repair
from triplehelix.ally.solve import solve
from triplehelix.ally.worth import worth
from triplehelix.app.calls.losing import NOTHING, Losing
from triplehelix.app.calls.workers import OnProgress, in_worker
from triplehelix.capabilities.listed import Capabilities
from triplehelix.optimise.outcome import Limits


@dataclass(frozen=True, slots=True)
class Question:
    """
    What is to be computed.

    `losing`: what the answer is to bear. `old` and `losses`: a repair of an alliance that these
    members have left. `several`: alternatives beside each other. `worth`: what each partner adds.
    `said` are words on how the question was put, added to the answer's notes.
    """

    call: Call
    landscape: Landscape
    capabilities: Capabilities
    today: date
    limits: Limits
    losing: Losing = NOTHING
    old: Alliance | None = None
    losses: tuple[str, ...] = ()
    several: bool = False
    worth: bool = False
    said: tuple[str, ...] = ()
    asked: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """
    An answer to a question. `about` tells of it beside the alliance: `alternative` and `trade`
    where it is one of several, `worth` of its partners where that was asked for.
    """

    alliance: Alliance
    about: Mapping[str, Any] = field(default_factory=dict)


Solve = Callable[[Question, OnProgress], tuple[Found, ...]]


def solve_question(question: Question, on_progress: OnProgress) -> tuple[Found, ...]:
    """
    The answers, models built here and solved in a worker process; the main one first.

    Raises
    ------
    InputError
        If the call contradicts itself, or its units do not match.
    SolverError
        If the worker died, ran out of memory or could not be stopped.
    """
    how: dict[str, Any] = {
        "today": question.today, "limits": question.limits, "solver": in_worker(on_progress),
    }  # fmt: skip
    seen = (question.landscape, question.capabilities)
    if question.old is not None:
        mended = repair(*left_of(question, question.old), *seen, clock=time.monotonic, **how)
        return (Found(mended),)
    if question.several:
        found = alternatives(question.call, *seen, clock=time.monotonic, **how)
        if found:
            return tuple(
                Found(one.alliance, {"alternative": one.name, "trade": one.trade})
                for one in found if one.same_as is None
            )  # fmt: skip
    bearing = {**how, **asdict(question.losing)}
    alliance = solve(question.call, *seen, clock=time.monotonic, **bearing)
    if not question.worth:
        return (Found(alliance),)
    added = worth(alliance, *seen, clock=time.monotonic, **how)
    return (Found(alliance, {"worth": [asdict(one) for one in added]}),)


def left_of(question: Question, old: Alliance) -> tuple[Alliance, tuple[str, ...]]:
    """
    What a repair starts from: what was accepted is fixed, what is gone counts as lost.

    An asset that its member has declined, or that is no longer shown, is in the old alliance and
    not in the landscape.
    """
    needs = {need.need for need in old.call.needs}
    there = {asset.asset for asset in question.landscape.assets}
    fixed = tuple(one for one in question.call.rules.fixed if one.need in needs)
    rules = old.call.rules.model_copy(update={"fixed": fixed})
    gone = {one.asset for one in old.contributions
            if one.asset not in there and one.member not in question.losses}  # fmt: skip
    call = old.call.model_copy(update={"rules": rules})
    return replace(old, call=call), (*question.losses, *sorted(gone))


def finished(question: Question, found: Found) -> Found:
    """The answer after independent code has looked at it, with how the question was put."""
    alliance = found.alliance
    problems: tuple[str, ...] = ()
    if alliance.contributions:
        problems = check(
            alliance, question.landscape, question.capabilities, today=question.today
        )  # fmt: skip
    checked = replace(
        alliance, checked=bool(alliance.contributions) and not problems, problems=problems,
        notes=(*question.said, *alliance.notes),
    )  # fmt: skip
    return replace(found, alliance=checked)
