"""
p-medians by HiGHS, over what a Lagrangian bound leaves.

Most nodes are ruled out as medians by the bound and a good choice, and each node can be served
from a few distances only. What is left is the radius formulation: besides y[j], whether j is a
median, z[i, k] tells whether no median stands within the k-th distance of i. It has a variable for
each distance, not for each pair (Garcia, Labbe and Marin 2011; Elloumi 2010).
"""

import numpy as np
from scipy import sparse

from triplehelix.optimise.highs.mip import Programme, run
from triplehelix.optimise.instances.numbers import Floats, Ints
from triplehelix.optimise.instances.p_median import PMedian, distances
from triplehelix.optimise.medians import Bounded, candidates, cost_of, relaxed
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
    Garcia, Labbe and Marin (2011), Solving large p-median problems with a radius formulation,
    INFORMS Journal on Computing 23(4), 546-556. doi:10.1287/ijoc.1100.0418

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
    parts = len(np.unique(apart, axis=0))
    if parts > instance.p:
        watch.infeasible = True
        return watch.outcome()
    if apart.any():
        # Dearer than any choice that reaches everybody, so never used by the best one.
        distance[apart] = np.where(apart, 0, distance).sum() + 1
    _search(distance, instance.p, watch)
    return watch.outcome()


def _search(distance: Floats, p: int, watch: Watch) -> None:
    step = step_of(distance)
    known = relaxed(distance, p, rounds=ROUNDS, step=step, over=watch.over)
    watch.proved(raised(known.bound, step))
    watch.found(known.objective, known.chosen)
    if watch.over() or watch.proven():
        return
    may, must = candidates(known, p, step)
    programme = radius(distance, p, may, must, known)
    ran = run(
        programme, watch.left(), on_progress=watch.inner(feasible=True, most=known.objective),
        options={"mip_abs_gap": max(1e-7, 0.999 * step), "mip_allow_restart": False},
    )  # fmt: skip
    watch.stopped = watch.stopped or ran.stopped
    if ran.status == "infeasible":
        # What was ruled out cannot be better than the best known, and there is nothing else.
        watch.proved(known.objective)
    elif ran.bound is not None:
        watch.proved(min(raised(ran.bound, step), known.objective))
    if ran.values is not None:
        chosen = may[ran.values[: len(may)] > 0.5]
        watch.found(cost_of(distance, chosen), chosen)


def radius(distance: Floats, p: int, may: Ints, must: Ints, known: Bounded) -> Programme:
    """
    The radius formulation over the nodes that may be medians.

    With D(1) < D(2) < ... the distances from i to them, the cost of i is D(1) plus the sum of
    (D(k+1) - D(k)) z[i, k]; z[i, k] and the medians within D(k) sum to 1 at least. Distances
    beyond the nearest node that must be a median, or beyond what the bound allows, are left out:
    there the last z is 0.
    """
    n = len(distance)
    room = known.objective - known.bound + 1e-6 * max(1.0, known.objective)
    cost, rows, columns, constant = [0.0] * len(may), [], [], 0.0
    n_rows, size = 0, len(may)
    for i in range(n):
        ways = distance[i, may]
        steps = np.unique(ways)
        last = min(ways[np.isin(may, must)].min(initial=np.inf), known.multipliers[i] + room)
        steps = steps[steps <= max(last, steps[0])]
        constant += float(steps[0])
        for k, within in enumerate(steps):
            near = np.flatnonzero(ways <= within)
            rows.append(np.full(len(near), n_rows))
            columns.append(near)
            if k + 1 < len(steps):
                rows.append(np.array([n_rows]))
                columns.append(np.array([size]))
                cost.append(float(steps[k + 1] - within))
                size += 1
            n_rows += 1
    return _programme(np.array(cost), rows, columns, p, np.isin(may, must), constant)


def _programme(
    cost: Floats, rows: list[Ints], columns: list[Ints], p: int, must: np.ndarray, constant: float
) -> Programme:
    """With a last variable, fixed to 1, that carries the constant."""
    n_medians, size, n_rows = len(must), len(cost) + 1, rows[-1][0] + 1
    at = np.r_[np.concatenate(rows), np.full(n_medians, n_rows)]
    to = np.r_[np.concatenate(columns), np.arange(n_medians)]
    matrix = sparse.csr_array((np.ones(len(at)), (at, to)), shape=(n_rows + 1, size))
    low, high = np.zeros(size), np.ones(size)
    low[:n_medians][must] = 1
    low[-1] = 1
    whole = np.zeros(size, dtype=bool)
    whole[:n_medians] = True
    row_low = np.r_[np.ones(n_rows), p]
    row_high = np.r_[np.full(n_rows, np.inf), p]
    return Programme(np.r_[cost, constant], low, high, whole, matrix, row_low, row_high)
