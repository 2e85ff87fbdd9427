"""
Truly different answers to one call: cheapest, soonest, fewest partners, most spread.

Each is the best by its own measure first, and by the weights of the call among those.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Landscape
from triplehelix.ally.build import SAME, alliance_of
from triplehelix.ally.call import Call
from triplehelix.ally.check import check
from triplehelix.ally.extremes import Extremes
from triplehelix.ally.measures import Measures, measures_of, places_of, trade_said
from triplehelix.ally.model import compile_model
from triplehelix.ally.question import put
from triplehelix.ally.solver import Solver, in_process
from triplehelix.capabilities.listed import Capabilities
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Pooled

ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Alternative:
    """
    An answer that is best in one way; `same_as` names an earlier one with the same plan.

    `measures` are comparable between alternatives; `trade` says what it gives up for what, beside
    the balanced one.
    """

    name: str
    alliance: Alliance
    measures: Measures
    same_as: str | None
    trade: str


def alternatives(
    call: Call, landscape: Landscape, capabilities: Capabilities, *, today: date,
    limits: Limits | None = None, solver: Solver = in_process,
) -> tuple[Alternative, ...]:  # fmt: skip
    """
    Three to five answers to a call, the balanced one first; fewer where there are no more.

    `balanced` is best by the call's weights, `cheapest` in money, `soonest` in the day when the
    last partner is ready, `fewest` in partners, `most spread` in the share of its largest place.
    Where fewer than three differ, the best other groups follow. Empty where the call cannot be
    met. Their `objective` is by the call's weights, `bound` that of the balanced one.

    Raises
    ------
    InputError, UnknownName, SolverError
        As `solve`.
    """
    model = compile_model(put(call, landscape, capabilities, today=today))
    extremes = Extremes(model, places_of(landscape), solver, limits or Limits())
    balanced = None if model.broken else extremes.balanced()
    found: list[Alternative] = []
    for name, plan in _plans(extremes, balanced) if balanced else ():
        if name == "another group" and len(_different(found)) >= ENOUGH:
            break
        alliance = _bounded(alliance_of(model, plan), balanced, name)
        problems = check(alliance, landscape, capabilities, today=today)
        alliance = replace(alliance, checked=not problems, problems=problems)
        measures = measures_of(alliance, landscape)
        trade = trade_said(measures, found[0].measures) if found else ""
        found.append(Alternative(name, alliance, measures, _same(alliance, found), trade))
    return tuple(found)


def _plans(extremes: Extremes, balanced: Pooled) -> Iterator[tuple[str, Pooled]]:
    yield "balanced", balanced
    seen = [balanced]
    for name, find in (
        ("cheapest", extremes.cheapest), ("soonest", extremes.soonest),
        ("fewest", extremes.fewest), ("most spread", extremes.most_spread),
    ):  # fmt: skip
        plan = find()
        if plan is not None:
            seen.append(plan)
            yield name, plan
    for _ in range(ENOUGH - 1):
        plan = extremes.other_than([one.partners for one in seen])
        if plan is None:
            return
        seen.append(plan)
        yield "another group", plan


def _different(found: list[Alternative]) -> list[Alternative]:
    return [one for one in found if one.same_as is None]


def _same(alliance: Alliance, found: list[Alternative]) -> str | None:
    plan = [(one.need, one.asset, one.member, one.starts, one.amount)
            for one in alliance.contributions]  # fmt: skip
    for other in found:
        if plan == [(one.need, one.asset, one.member, one.starts, one.amount)
                    for one in other.alliance.contributions]:  # fmt: skip
            return other.name
    return None


def _bounded(alliance: Alliance, balanced: Pooled | None, name: str) -> Alliance:
    """With the bound of the balanced one, which is a bound of every plan."""
    objective, bound = alliance.objective, balanced.bound if balanced else None
    if objective is None:
        return alliance
    near = bound is not None and objective <= bound + SAME * max(1.0, abs(objective))
    said = {**alliance.said, "alternative": name}
    return replace(
        alliance, status="optimal" if near else "feasible", said=said,
        bound=None if bound is None else min(bound, objective),
    )  # fmt: skip
