"""
p-medians solved with proof: a Lagrangian bound, exchanges, then branch and bound.

It needs no solver. On OR-Library's files the bound rules out all but 20 to 60 of up to 900 nodes;
handing these to HiGHS in the radius formulation (Garcia, Labbe and Marin 2011) took 25 to 75 s
without a proof where p is 5 (pmed26, pmed38), and branching on the same bound took 1 s.
"""

import numpy as np

from triplehelix.optimise.instances.p_median import PMedian, distances
from triplehelix.optimise.medians import relaxed
from triplehelix.optimise.medians_tree import search_tree
from triplehelix.optimise.outcome import Limits, Outcome
from triplehelix.optimise.steps import raised, step_of
from triplehelix.optimise.watch import Clock, OnProgress, Watch

ROUNDS = 1500


def solve_p_median(
    instance: PMedian, limits: Limits, *, clock: Clock, on_progress: OnProgress | None = None
) -> Outcome:
    """
    Find the p medians of least total distance, with proof; `chosen` are nodes from 0.

    Infeasible if the graph has more parts than medians.

    References
    ----------
    Christofides and Beasley (1982), A tree search algorithm for the p-median problem, European
    Journal of Operational Research 10(2), 196-204. doi:10.1016/0377-2217(82)90160-6

    Examples
    --------
    >>> from time import perf_counter
    >>> path = PMedian(3, 1, np.array([[0, 1], [1, 2]]), np.array([5.0, 4.0]))
    >>> solve_p_median(path, Limits(), clock=perf_counter).chosen
    (1,)
    """
    watch = Watch(clock, limits, on_progress)
    distance = distances(instance)
    apart = ~np.isfinite(distance)
    if len(np.unique(apart, axis=0)) > instance.p:
        watch.infeasible = True
        return watch.outcome()
    if apart.any():
        # Dearer than any choice that reaches everybody, so never used by the best one.
        distance[apart] = np.where(apart, 0, distance).max(axis=1).sum() + 1
    step = step_of(distance)
    known = relaxed(distance, instance.p, rounds=ROUNDS, step=step, over=watch.over)
    watch.proved(raised(known.bound, step))
    watch.found(known.objective, known.chosen)
    if not (watch.over() or watch.proven()):
        search_tree(distance, instance.p, known, step, watch)
    return watch.outcome()
