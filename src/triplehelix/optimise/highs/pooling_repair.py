"""
A plan mended after partners were lost: what is agreed stays, and as little as possible is added.

First all that the others give is kept to the letter, and only what is now unmet is covered anew, by
what they have left and by new partners. Only where that cannot be done are their amounts moved.
"""

from dataclasses import dataclass, replace

import numpy as np

from triplehelix.errors import InputError
from triplehelix.optimise.highs.mip import Clock
from triplehelix.optimise.highs.pooling import solve_checked
from triplehelix.optimise.highs.pooling_missing import as_much_as_possible, without
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Floats, Ints, Pooled, Pooling, Row
from triplehelix.optimise.pooling_checking import checked
from triplehelix.optimise.pooling_value import Plan, cost_of, kept, nothing, plan_of, pooled

_PATIENT = Limits(seconds=1.5, gap=0.01)
_LONGER = 6.0


@dataclass(frozen=True, slots=True)
class Upset:
    """
    What a change counts, to be made least: each new partner; each demand's worth of amounts that
    are newly asked of somebody; and the cost, as a part of what the old plan cost.
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
    limits : of the first solve; where amounts must be moved, six times as long for the next two.
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
    >>> mended = repair(problem, solve_checked(problem), lost=(0,))
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
    longer = replace(limits, seconds=_LONGER * limits.seconds)
    shifted = _moved(left, plan, size, longer, upset, clock)
    if shifted is not None:
        return _told(left, plan, *shifted)
    partial = as_much_as_possible(left, longer, clock=clock)
    if partial.objective is None:
        return Repaired(nothing(partial.status), None, None, (), (), (), False, False)
    told = _told(left, plan, plan_of(left, partial), None, None)
    return replace(told, found=partial)


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
    found = solve_checked(rest, limits, clock=clock)
    if found.objective is None:
        return None
    there = float(upset.cost * (problem.arc_cost @ plan.amount))
    amount, short = plan.amount.copy(), np.zeros(len(problem.demand))
    amount[arcs] += found.amount
    short[open_demands] = found.short
    partners = np.zeros(len(problem.partner_cost))
    partners[list(found.partners)] = 1.0
    mended = Plan(partners, amount, short, found.extras)
    bound = None if found.bound is None else (found.bound + there) / size
    return (mended, (found.objective + there) / size, bound) if kept(problem, mended) else None


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
    is_in = plan.partners > 0.5
    rows = tuple(_shifted_row(row, plan, at, arcs) for row in problem.rows)
    counted = _counted(problem, plan, size, upset)
    asked = problem.demand[problem.arc_demand[arcs]]
    rest = replace(
        counted,
        demand=unmet[open_demands],
        short_cost=counted.short_cost[open_demands],
        whole=problem.whole[open_demands],
        capacity=np.maximum(0.0, problem.capacity - used),
        arc_demand=at[problem.arc_demand[arcs]],
        arc_supply=problem.arc_supply[arcs],
        arc_cost=upset.cost * problem.arc_cost[arcs] + upset.moved * size / asked,
        arc_most=(problem.arc_most - plan.amount)[arcs],
        at_least=np.maximum(problem.at_least, is_in.astype(np.int64)),
        rows=rows,
    )
    return open_demands, arcs, rest


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


def _moved(
    problem: Pooling, plan: Plan, size: float, limits: Limits, upset: Upset, clock: Clock | None
) -> tuple[Plan, float | None, float | None] | None:
    """
    The least upset where agreed amounts may be moved; None where nothing was found.

    Each agreed arc is split in two: what is agreed, and what is newly asked beyond it.
    """
    agreed = np.flatnonzero((plan.amount > 0) & ~problem.whole[problem.arc_demand])
    new = problem.arc_most - np.where(problem.whole[problem.arc_demand], 0.0, plan.amount)
    arcs = np.r_[np.arange(len(problem.arc_cost)), agreed]
    asked = problem.demand[problem.arc_demand]
    is_new = np.where(
        problem.whole[problem.arc_demand] & (plan.amount > 0), 0.0, upset.moved * size
    )
    cost = upset.cost * problem.arc_cost + is_new / asked
    split = replace(
        _counted(problem, plan, size, upset),
        arc_demand=problem.arc_demand[arcs],
        arc_supply=problem.arc_supply[arcs],
        arc_cost=np.r_[cost, upset.cost * problem.arc_cost[agreed]],
        arc_most=np.r_[new, plan.amount[agreed]],
        rows=tuple(_split_row(row, agreed, len(problem.arc_cost)) for row in problem.rows),
    )
    found = solve_checked(split, limits, clock=clock)
    if found.objective is None:
        return None
    amount = np.bincount(arcs, found.amount, len(problem.arc_cost)).astype(np.float64)
    mended = replace(plan_of(problem, found), amount=amount)
    bound = None if found.bound is None else found.bound / size
    return mended, found.objective / size, bound


def _counted(problem: Pooling, plan: Plan, size: float, upset: Upset) -> Pooling:
    """Costs as the upset counts them, times what the old plan cost."""
    new = np.where(plan.partners > 0.5, 0.0, upset.new_partner * size)
    return replace(
        problem,
        short_cost=problem.short_cost * upset.cost if upset.cost else problem.short_cost,
        partner_cost=upset.cost * problem.partner_cost + new,
        extras=tuple(replace(extra, cost=extra.cost * upset.cost) for extra in problem.extras),
    )


def _split_row(row: Row, agreed: Ints, n_arcs: int) -> Row:
    """A side condition counts both parts of an arc alike."""
    if not row.arcs:
        return row
    more = {n_arcs + i: row.arcs[int(a)] for i, a in enumerate(agreed) if int(a) in row.arcs}
    return replace(row, arcs={**row.arcs, **more})


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
