"""Proofs from below: is there a solution of so little cost, and if not, of a little more?"""

from collections.abc import Callable

import numpy as np

from triplehelix.optimise.covering import Ints
from triplehelix.optimise.highs.branching import Cuts, grow
from triplehelix.optimise.highs.mip import Programme
from triplehelix.optimise.steps import raised
from triplehelix.optimise.watch import Watch

# How much of the way from the bound to the best known solution is asked for at once, and from
# which share of its cost on all of it.
PART = 0.3
NEAR = 0.01

# Of solutions that cost up to so much: the programme, the members in it, and its cuts.
Asked = Callable[[float], tuple[Programme, Ints, Cuts | None]]


def rise(watch: Watch, asked: Asked, *, first: float, step: float, total: float) -> None:
    """
    Look for solutions up to a cost, then up to a higher one, until the best is proven.

    Parameters
    ----------
    watch : with a bound; hears of what is found and proven.
    first : cost to begin with where no solution is known.
    step : costs are multiples of it (0: of nothing).
    total : what all members cost; no solution up to this is none at all.

    References
    ----------
    Klein and Scholl (1999), Computing lower bounds by destructive improvement, European Journal
    of Operational Research 112(2), 322-346. doi:10.1016/S0377-2217(97)00442-6
    """
    assert watch.bound is not None
    least, most = watch.bound, max(first, watch.bound)
    while not (watch.over() or watch.proven() or watch.infeasible):
        most = next_cost(watch.bound, watch.objective, most, step)
        _look(watch, asked, most, step)
        if watch.objective is None:
            watch.infeasible = watch.bound > total + step
            most = min(2 * most - least + step, total + step)


def next_cost(bound: float, known: float | None, most: float, step: float) -> float:
    """
    Up to which cost to look for solutions.

    The less is asked for, the fewer members can be in, and the sooner it is answered.

    Examples
    --------
    >>> next_cost(70, 77, 0, 1), next_cost(75, 76, 0, 1), next_cost(70, None, 72.5, 1)
    (72.0, 75.0, 72.0)
    """
    if known is not None:
        last = known - (step or 1e-9 * abs(known))
        near = known - bound <= max(1.5 * step, NEAR * abs(known))
        most = last if near else min(last, bound + PART * (known - bound))
    if step:
        most = step * float(np.floor(most / step + 1e-6))
    return float(max(most, bound))


def _look(watch: Watch, asked: Asked, most: float, step: float) -> None:
    """`watch` then has a bound above `most`, or a solution so cheap, unless time is over."""
    programme, members, cuts = asked(most)
    if watch.over() or watch.proven():
        return
    if watch.objective is not None:
        # What was found while the question was put need not be found again.
        most = min(most, watch.objective - step) if step else most

    def told(bound: float, chosen: Ints | None) -> bool:
        if chosen is not None:
            at = members[chosen]
            watch.found(float(programme.cost[chosen].sum()), at)
        if np.isfinite(bound):
            watch.proved(min(raised(bound, step), most + step))
        return watch.stopped or watch.over()

    grown = grow(programme, most=most, step=step, told=told, cuts=cuts)
    if np.isinf(grown.bound):
        watch.proved(most + step)
    elif grown.bound > -np.inf:
        watch.proved(min(raised(grown.bound, step), most + step))
