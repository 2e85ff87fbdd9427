"""
From a relaxation down to a plan: partners that are in the most are taken in for good, a few at a
time, and the relaxation solved again from where it stood (diving: Berthold 2006, section 2).
"""

from collections.abc import Callable

import numpy as np

from triplehelix.optimise.highs.pooling_master import Master, Point
from triplehelix.optimise.pooling import Bools, Floats
from triplehelix.optimise.pooling_cuts import violated

_IN = 0.999
_OUT = 1e-6
_MOST_ROUNDS = 60


def dive(
    master: Master,
    point: Point,
    *,
    pace: float,
    left: Callable[[], float],
    count: Callable[[float], None],
) -> Point | None:
    """
    A solution of the relaxation in which every partner is in or out; None where time ran out.

    Of the partners that are in in part, `pace` of them, at least one, are taken in at a time;
    `left` gives seconds left, `count` hears of seconds spent. The master has its own bounds and
    none of the dive's when it returns; cuts found on the way stay. It may leave unmet what must be
    met, at the master's price.
    """
    problem = master.layout.problem
    least = problem.at_least.astype(np.float64)
    taken: Bools = problem.at_least == 1
    here: Point | None = point
    try:
        for _ in range(_MOST_ROUNDS):
            if here is None or left() <= 0:
                return None
            more = _next(here.partners, taken, pace)
            if not more.any():
                return here
            taken = taken | more
            master.hold(np.where(taken, 1.0, least))
            before = master.highs.getRunTime()
            here = master.solve(left())
            if here is not None:
                cuts = violated(master.layout, here.flow, here.partners, here.short)
                master.add(cuts)
            count(master.highs.getRunTime() - before)
        return None
    finally:
        master.hold(least)


def _next(partners: Floats, taken: Bools, pace: float) -> Bools:
    """Who is taken in next: all that are in as good as wholly, and some of those nearest to it."""
    open_still = (partners > _OUT) & ~taken
    part = np.flatnonzero(open_still & (partners < _IN))
    more = open_still & (partners >= _IN)
    if len(part):
        order = part[np.lexsort((part, -np.round(partners[part], 9)))]
        more[order[: max(1, int(pace * len(part)))]] = True
    return more if len(part) else np.zeros_like(taken)
