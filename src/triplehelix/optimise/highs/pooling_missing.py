"""What a pooling lacks: the least shortage, what would close it, and what each partner adds."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import maximum_flow

from triplehelix.errors import InputError
from triplehelix.optimise.highs.mip import Clock, OnProgress
from triplehelix.optimise.highs.pooling import solve_pooling
from triplehelix.optimise.highs.pooling_model import most
from triplehelix.optimise.outcome import Limits, Status
from triplehelix.optimise.pooling import Floats, Pooled, Pooling, Row
from triplehelix.optimise.pooling_checking import checked

_PATIENT = Limits()
_LITTLE = 1e-7
_LEAST = 1e-9
_STEPS = 500_000_000


@dataclass(frozen=True, slots=True)
class Shortage:
    """
    How little can be missing: `short` of each demand, and `share`, the sum of short over demand.

    `bound` is a proven lower bound of `share`. Status `infeasible`: the side conditions and the
    partners' bounds contradict each other, whatever is left unmet. `short` is empty if unknown.
    """

    status: Status
    share: float | None
    bound: float | None
    short: Floats


def least_shortage(problem: Pooling, limits: Limits = _PATIENT) -> Shortage:
    """
    The least that stays unmet of what must be met, as a sum of parts of each demand.

    Costs count for nothing here; a demand that may stay unmet does not count.

    Examples
    --------
    >>> from triplehelix.optimise.pooling import small
    >>> problem = small(demand=[4], capacity=[3], owner=[0], partner_cost=[1], arcs=[(0, 0, 5)])
    >>> least_shortage(problem).share
    0.25
    """
    sound = checked(problem)
    if _surely_met(sound):
        return Shortage("optimal", 0.0, 0.0, np.zeros(len(sound.demand)))
    found = solve_pooling(_elastic(sound), limits)
    return Shortage(found.status, found.objective, found.bound, found.short)


def _surely_met(problem: Pooling) -> bool:
    """
    Whether a flow in whole steps meets all demands: where nothing but amounts stands in the way.

    Demands are rounded up and all else down (but an arc that meets a demand alone still does), so
    a flow that meets them is a plan.
    """
    if problem.rows or problem.whole.any() or not len(problem.demand):
        return False
    n_supplies, n_demands = len(problem.capacity), len(problem.demand)
    step = float(problem.demand.sum()) / _STEPS
    carried = most(problem) * (problem.at_most == 1)[problem.owner[problem.arc_supply]]
    asked = np.ceil(problem.demand / step)
    alone = carried >= problem.demand[problem.arc_demand] * (1 - 1e-12)
    steps = np.where(alone, asked[problem.arc_demand], np.floor(carried / step))
    source, sink = n_supplies + n_demands, n_supplies + n_demands + 1
    tails = np.r_[
        np.full(n_supplies, source), problem.arc_supply, n_supplies + np.arange(n_demands)
    ]
    heads = np.r_[np.arange(n_supplies), n_supplies + problem.arc_demand, np.full(n_demands, sink)]
    flows = np.r_[np.minimum(problem.capacity / step, _STEPS), steps, asked]
    graph = sparse.csr_matrix((np.floor(flows).astype(np.int32), (tails, heads)), (sink + 1,) * 2)
    return bool(maximum_flow(graph, source, sink).flow_value >= asked.sum())


def _elastic(problem: Pooling) -> Pooling:
    must = np.isinf(problem.short_cost)
    return replace(
        problem,
        short_cost=np.where(must, 1.0 / problem.demand, 0.0),
        partner_cost=np.zeros_like(problem.partner_cost),
        arc_cost=np.zeros_like(problem.arc_cost),
        extras=tuple(replace(extra, cost=0.0) for extra in problem.extras),
        # Without conditions on who is in, all may be in for nothing: no choice is left.
        at_least=problem.at_least if problem.rows else problem.at_most,
    )


def as_much_as_possible(
    problem: Pooling,
    limits: Limits = _PATIENT,
    *,
    on_progress: OnProgress | None = None,
    clock: Clock | None = None,
) -> Pooled:
    """
    The cheapest plan among those that leave least unmet: an answer where not all can be met.

    `objective` is what the plan costs; what is short of a demand that must be met costs nothing.

    Examples
    --------
    >>> from triplehelix.optimise.pooling import small
    >>> problem = small(demand=[4], capacity=[3], owner=[0], partner_cost=[1], arcs=[(0, 0, 5)])
    >>> found = as_much_as_possible(problem)
    >>> round(found.objective, 6), found.short.round(6)
    (16.0, array([1.]))
    """
    sound = checked(problem)
    least = least_shortage(sound, limits)
    if least.share is None or least.share == 0:
        return solve_pooling(sound, limits, on_progress=on_progress, clock=clock)
    must = np.isinf(sound.short_cost)
    each = {int(d): 1.0 / float(sound.demand[d]) for d in np.flatnonzero(must)}
    row = Row("least unmet", high=least.share + _LEAST, short=each)
    eased = replace(
        sound,
        short_cost=np.where(must, 0.0, sound.short_cost),
        rows=(*sound.rows, row) if each else sound.rows,
    )
    return solve_pooling(eased, limits, on_progress=on_progress, clock=clock)


def closing(problem: Pooling, limits: Limits = _PATIENT) -> tuple[str, ...]:
    """
    Names of side conditions of which each, given up alone, lets all that must be met be met.

    Empty if none does. All conditions of one name are given up together. In order of their names.
    `limits` hold for each try; one that is not settled in time is not named.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from triplehelix.optimise.pooling import small
    >>> problem = small(demand=[4], capacity=[3, 3], owner=[0, 1], partner_cost=[1, 1],
    ...                 arcs=[(0, 0, 5), (0, 1, 5)])
    >>> few = Row("most partners", high=1, partners={0: 1, 1: 1})
    >>> one = Row("at least one", low=1, partners={0: 1, 1: 1})
    >>> closing(replace(problem, rows=(few, one)))
    ('most partners',)
    """
    sound = checked(problem)
    names = sorted({row.name for row in sound.rows})
    return tuple(name for name in names if _meets_all(_without_rows(sound, name), limits))


def closing_partners(problem: Pooling, limits: Limits = _PATIENT) -> tuple[int, ...]:
    """
    Partners kept out by their bounds of whom each, let in alone, lets all that must be met be met.

    As `closing` does for side conditions.
    """
    sound = checked(problem)
    out = np.flatnonzero(sound.at_most == 0)
    return tuple(int(p) for p in out if _meets_all(_let_in(sound, int(p)), limits))


def _without_rows(problem: Pooling, name: str) -> Pooling:
    return replace(problem, rows=tuple(row for row in problem.rows if row.name != name))


def _let_in(problem: Pooling, partner: int) -> Pooling:
    at_most = problem.at_most.copy()
    at_most[partner] = 1
    return replace(problem, at_most=at_most)


def _meets_all(problem: Pooling, limits: Limits) -> bool:
    least = least_shortage(problem, limits)
    return least.share is not None and least.share <= _LITTLE * max(1, len(problem.demand))


@dataclass(frozen=True, slots=True)
class Worth:
    """
    What a partner adds: the plan without it, and by how much that costs more.

    `adds` is None where all that must be met cannot be met without it (status `infeasible`), or
    where no plan was found in time (`unknown`). It is exact where both plans are proven, else
    `least` is what it adds at least as far as is proven.
    """

    partner: int
    status: Status
    adds: float | None
    least: float | None


def worth(problem: Pooling, found: Pooled, partner: int, limits: Limits = _PATIENT) -> Worth:
    """
    The cost of doing without one of a plan's partners.

    Raises
    ------
    InputError
        If the plan does not have that partner.

    Examples
    --------
    >>> from triplehelix.optimise.pooling import small
    >>> problem = small(demand=[2], capacity=[3, 3], owner=[0, 1], partner_cost=[1, 4],
    ...                 arcs=[(0, 0, 1), (0, 1, 1)])
    >>> worth(problem, solve_pooling(problem), 0)
    Worth(partner=0, status='optimal', adds=3.0, least=3.0)
    """
    if partner not in found.partners or found.objective is None:
        raise InputError(f"partner {partner} is not in the plan; name one of {found.partners}")
    other = solve_pooling(without(problem, (partner,)), limits)
    adds = None if other.objective is None else other.objective - found.objective
    least = None if other.bound is None else other.bound - found.objective
    return Worth(partner, other.status, adds, least)


def without(problem: Pooling, lost: tuple[int, ...]) -> Pooling:
    """The same problem with some partners kept out, even those who had to be in."""
    at_least, at_most = problem.at_least.copy(), problem.at_most.copy()
    at_least[list(lost)] = 0
    at_most[list(lost)] = 0
    return replace(problem, at_least=at_least, at_most=at_most)
