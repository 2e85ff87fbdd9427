"""
A plan mended after partners were lost: what is agreed stays, and as little as possible is added.

First all that the others give is kept to the letter, and only what is now unmet is covered anew, by
what they have left and by new partners. Only where that cannot be done are their amounts moved.
"""

from dataclasses import dataclass, replace

import numpy as np

from triplehelix.errors import InputError
from triplehelix.optimise.highs.mip import Clock
from triplehelix.optimise.highs.pooling import solve_pooling
from triplehelix.optimise.highs.pooling_missing import as_much_as_possible, without
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Extra, Floats, Ints, Pooled, Pooling, Row
from triplehelix.optimise.pooling_checking import checked
from triplehelix.optimise.pooling_value import Plan, cost_of, kept, nothing, plan_of, pooled

_PATIENT = Limits(seconds=10.0)


@dataclass(frozen=True, slots=True)
class Upset:
    """
    What a change counts, to be made least: each new partner, each demand's worth of agreed amounts
    moved, and the cost, as a part of what the old plan cost.
    """

    new_partner: float = 1.0
    moved: float = 1.0
    cost: float = 1.0


@dataclass(frozen=True, slots=True)
class Repaired:
    """
    A mended plan and what changed.

    `found` is the plan, its cost, and no bound of that cost: what was made least is `upset`, of
    which `bound` is a proven lower bound. `new` are partners brought in, `raised` and `lowered`
    arcs of which more or less is now asked, those of lost partners apart. `moved` tells that agreed
    amounts had to be changed. `enough` is false where something that must be met stays unmet.
    """

    found: Pooled
    upset: float | None
    bound: float | None
    new: tuple[int, ...]
    raised: tuple[int, ...]
    lowered: tuple[int, ...]
    moved: bool
    enough: bool


def repair(
    problem: Pooling,
    old: Pooled,
    lost: tuple[int, ...],
    limits: Limits = _PATIENT,
    *,
    upset: Upset = Upset(),  # noqa: B008 - frozen
    clock: Clock | None = None,
) -> Repaired:
    """
    The plan mended without the partners that are lost.

    Parameters
    ----------
    problem, old : the problem and the plan that was agreed.
    lost : partners that cannot be used any more.
    limits : of each of at most three solves.
    upset : what a change counts.

    Raises
    ------
    InputError
        If there is no plan to mend, or a lost partner is not of the problem.

    Examples
    --------
    >>> from triplehelix.optimise.pooling import small
    >>> problem = small(demand=[2], capacity=[1, 1, 1], owner=[0, 1, 2], partner_cost=[1, 1, 3],
    ...                 arcs=[(0, 0, 1), (0, 1, 1), (0, 2, 1)])
    >>> mended = repair(problem, solve_pooling(problem), lost=(0,))
    >>> mended.found.partners, mended.new, mended.moved
    ((1, 2), (2,), False)
    """
    sound = checked(problem)
    if not len(old.amount) == len(sound.arc_cost) or old.objective is None:
        raise InputError("there is no plan to mend; solve the problem first")
    if bad := [p for p in lost if not 0 <= p < len(sound.partner_cost)]:
        raise InputError(f"partner {bad[0]} is lost, but there are {len(sound.partner_cost)}")
    left = without(sound, lost)
    plan = _stripped(sound, plan_of(sound, old), lost)
    size = max(abs(old.objective), 1e-9)
    added = _kept_to_the_letter(left, plan, size, limits, upset, clock)
    if added is not None:
        return _told(left, plan, *added)
    shifted = solve_pooling(_movable(left, plan, size, upset), limits, clock=clock)
    if shifted.objective is not None:
        extras = shifted.extras[: len(left.extras)]
        mended = replace(plan_of(left, shifted), extras=extras)
        return _told(left, plan, mended, shifted.objective, shifted.bound)
    partial = as_much_as_possible(left, limits, clock=clock)
    if partial.objective is None:
        return Repaired(nothing(partial.status), None, None, (), (), (), False, False)
    told = _told(left, plan, plan_of(left, partial), None, None)
    return replace(told, found=partial, enough=False)


def _stripped(problem: Pooling, plan: Plan, lost: tuple[int, ...]) -> Plan:
    """The old plan without what the lost partners gave."""
    partners = plan.partners.copy()
    partners[list(lost)] = 0.0
    gone = np.isin(problem.owner[problem.arc_supply], lost)
    return replace(plan, partners=partners, amount=np.where(gone, 0.0, plan.amount))


def _kept_to_the_letter(
    problem: Pooling, plan: Plan, size: float, limits: Limits, upset: Upset, clock: Clock | None
) -> tuple[Plan, float | None, float | None] | None:
    """The plan with what is unmet covered anew; None where agreed amounts cannot all stay."""
    open_demands, arcs, rest = _residual(problem, plan, size, upset)
    found = solve_pooling(rest, limits, clock=clock)
    if found.objective is None:
        return None
    amount, short = plan.amount.copy(), np.zeros(len(problem.demand))
    amount[arcs] += found.amount
    short[open_demands] = found.short
    partners = np.zeros(len(problem.partner_cost))
    partners[list(found.partners)] = 1.0
    mended = Plan(partners, amount, short, found.extras)
    return (mended, found.objective, found.bound) if kept(problem, mended) else None


def _residual(
    problem: Pooling, plan: Plan, size: float, upset: Upset
) -> tuple[Ints, Ints, Pooling]:
    """What is unmet, over what is left: its demands and arcs, and the problem of them."""
    given = np.bincount(problem.arc_demand, plan.amount, len(problem.demand))
    used = np.bincount(problem.arc_supply, plan.amount, len(problem.capacity))
    unmet = problem.demand - given
    still = unmet > 1e-7 * problem.demand
    free = problem.arc_most - plan.amount > 1e-9 * problem.arc_most
    untouched = plan.amount <= 0
    usable = free & (untouched | ~problem.whole[problem.arc_demand])
    arcs = np.flatnonzero(still[problem.arc_demand] & usable)
    open_demands = np.flatnonzero(still)
    at = np.full(len(problem.demand), -1)
    at[open_demands] = np.arange(len(open_demands))
    share = upset.cost / size
    is_in = plan.partners > 0.5
    rows = tuple(_shifted_row(row, plan, at, arcs) for row in problem.rows)
    return (
        open_demands,
        arcs,
        replace(
            problem,
            demand=unmet[open_demands],
            short_cost=problem.short_cost[open_demands] * share,
            whole=problem.whole[open_demands],
            capacity=np.maximum(0.0, problem.capacity - used),
            partner_cost=np.where(is_in, 0.0, upset.new_partner + share * problem.partner_cost),
            arc_demand=at[problem.arc_demand[arcs]],
            arc_supply=problem.arc_supply[arcs],
            arc_cost=share * problem.arc_cost[arcs],
            arc_most=(problem.arc_most - plan.amount)[arcs],
            at_least=np.maximum(problem.at_least, is_in.astype(np.int64)),
            rows=rows,
            extras=tuple(replace(extra, cost=extra.cost * share) for extra in problem.extras),
        ),
    )


def _shifted_row(row: Row, plan: Plan, at: Ints, arcs: Ints) -> Row:
    """A side condition of what is added, given what is there."""
    there = sum(value * float(plan.amount[a]) for a, value in row.arcs.items())
    place = {int(a): i for i, a in enumerate(arcs)} if row.arcs else {}
    return Row(
        row.name,
        row.low - there,
        row.high - there,
        row.partners,
        {place[a]: value for a, value in row.arcs.items() if a in place},
        {int(at[d]): value for d, value in row.short.items() if at[d] >= 0},
        row.extras,
    )


def _movable(problem: Pooling, plan: Plan, size: float, upset: Upset) -> Pooling:
    """The whole problem, where each unit of an agreed amount that is given up is counted."""
    share = upset.cost / size
    is_in = plan.partners > 0.5
    agreed = np.flatnonzero(plan.amount > 0)
    first = len(problem.extras)
    each = upset.moved / problem.demand[problem.arc_demand[agreed]]
    less = tuple(
        Extra(float(cost), 0.0, float(amount))
        for cost, amount in zip(each, plan.amount[agreed], strict=True)
    )
    rows = tuple(
        Row("agreed", low=float(plan.amount[a]), arcs={int(a): 1.0}, extras={first + i: 1.0})
        for i, a in enumerate(agreed)
    )
    partner_cost = share * problem.partner_cost + np.where(is_in, 0.0, upset.new_partner)
    return replace(
        problem,
        short_cost=problem.short_cost * share,
        partner_cost=partner_cost,
        arc_cost=problem.arc_cost * share,
        rows=(*problem.rows, *rows),
        extras=(
            *(replace(extra, cost=extra.cost * share) for extra in problem.extras),
            *less,
        ),
    )


def _told(
    problem: Pooling, before: Plan, after: Plan, upset: float | None, bound: float | None
) -> Repaired:
    little = 1e-7 * problem.demand[problem.arc_demand]
    lowered = np.flatnonzero(after.amount < before.amount - little)
    raised = np.flatnonzero(after.amount > before.amount + little)
    new = np.flatnonzero((after.partners > 0.5) & (before.partners < 0.5))
    must = np.isinf(problem.short_cost)
    return Repaired(
        replace(pooled(problem, after, bound=None), objective=cost_of(problem, after)),
        upset,
        bound,
        _numbers(new),
        _numbers(raised),
        _numbers(lowered),
        bool(len(lowered)),
        not bool((after.short[must] > 0).any()),
    )


def _numbers(found: Ints | Floats) -> tuple[int, ...]:
    return tuple(int(i) for i in found)
