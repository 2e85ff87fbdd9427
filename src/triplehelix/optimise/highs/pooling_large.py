"""
Pooling at a size that no solver takes whole: priced arcs, cuts, and a bound of all of it.

Prices from subgradient steps tell which arcs matter; the linear relaxation over these sharpens the
prices, takes in what they show to be missing, and is cut; each round's prices give a lower bound of
the whole problem, whatever was left out. The plan comes from HiGHS over the partners that the
relaxation uses, begun with its solution rounded up.
"""

from dataclasses import replace
from functools import partial

import numpy as np
from scipy import sparse

from triplehelix.optimise.highs.mip import Clock, OnProgress, Programme, Ran, run
from triplehelix.optimise.highs.pooling_dive import dive
from triplehelix.optimise.highs.pooling_master import Master
from triplehelix.optimise.highs.pooling_model import stacked, values_of
from triplehelix.optimise.highs.pooling_relaxing import LP_SHARE, relax
from triplehelix.optimise.highs.pooling_rounding import rounded
from triplehelix.optimise.highs.pooling_search import Search, Watch
from triplehelix.optimise.outcome import Limits, Progress
from triplehelix.optimise.pooling import Bools, Ints, Pooled, Pooling
from triplehelix.optimise.pooling_value import Plan, nothing, pooled

# A problem of no more arcs is solved whole.
EXACT_ARCS = 12_000
_FIRST_SHARE = 0.45
_SOON = 1e-3
_PACES = (0.3, 0.12, 0.05)


def solve_large(
    problem: Pooling,
    limits: Limits,
    *,
    on_progress: OnProgress | None = None,
    start: Plan | None = None,
    clock: Clock | None = None,
) -> Pooled:
    """A checked problem, by prices and cuts; the bound holds for the whole problem."""
    search = Search(problem, limits, on_progress, Watch(clock))
    if start is not None:
        search.offer(start)
    relax(search, least_gain=_SOON, until=_FIRST_SHARE)
    _dives(search)
    _plan(search)
    _close(search)
    standing, seconds = search.standing, search.watch.now()
    bound = standing.bound if np.isfinite(standing.bound) else None
    if search.infeasible:
        return nothing("infeasible", seconds=seconds)
    if standing.plan is None:
        return nothing("unknown", bound=bound, seconds=seconds)
    return pooled(problem, standing.plan, bound=bound, seconds=seconds)


def _dives(search: Search) -> None:
    """Plans by dives of several paces; the cuts of each stay for the relaxation after it."""
    for pace in _PACES:
        if search.point is None or search.done():
            return
        bottom = dive(
            search.master, search.point, pace=pace, left=search.left, count=search.watch.count
        )
        if bottom is not None:
            search.offer(search.rounded_up(bottom))
        relax(search, until=LP_SHARE)


def _plan(search: Search) -> None:
    """
    HiGHS over the partners that the relaxation uses: first with those held in that it uses
    fully, then freely, then with those that it nearly used.
    """
    if search.point is None or search.done():
        return
    worth = search.standing.found.worth / np.maximum(1e-9, search.problem.partner_cost)
    used = search.point.partners > 1e-6
    _solve_over(search, _arcs_of(search, used), held=search.point.partners > 0.999)
    for nearly in (-np.inf, 0.1, 0.3, 1.0):
        if search.done():
            return
        _solve_over(search, _arcs_of(search, used | (worth < nearly)))


def _arcs_of(search: Search, partners: Bools) -> Ints:
    if search.standing.plan is not None:
        partners = partners | (search.standing.plan.partners > 0.5)
    owner = search.problem.owner[search.problem.arc_supply[search.master.kept]]
    return search.master.kept[partners[owner]]


def _solve_over(search: Search, arcs: Ints, *, held: Bools | None = None) -> Ran:
    """The best plan over some arcs, from the best known; the cuts stand in it as rows."""
    small = Master(search.layout, arcs)
    model = stacked(small.problem, small.blocks)
    if held is not None:
        low = model.low.copy()
        low[: len(held)] = np.maximum(low[: len(held)], held)
        model = replace(model, low=np.minimum(low, model.high))
    if search.master.cuts:
        model = _with_rows(model, small.cut_rows(search.master.cuts))
    start = None
    if search.standing.plan is not None:
        best = search.standing.plan
        start = values_of(small.problem, replace(best, amount=best.amount[arcs]))
    seconds = max(0.0, search.left() - 0.1)
    limits = Limits(seconds if held is None else 0.3 * seconds, min(search.limits.gap, 1e-4))
    ran = run(model, limits, on_progress=partial(_listen, search), start=start)
    search.watch.count(ran.seconds)
    if ran.values is not None:
        search.offer(search.widened(rounded(small.problem, model, ran), arcs))
    return ran


def _listen(search: Search, progress: Progress) -> bool:
    """Pass progress on; enough is enough where the whole problem's bound says so."""
    search.tell(progress)
    found = progress.objective
    near = found is not None and (
        found - search.standing.bound <= max(1e-6, search.limits.gap * abs(found))
    )
    return near or search.standing.stopped


def _close(search: Search) -> None:
    """
    What is left if every partner that no better plan can use is left out, solved whole.

    A partner whose worth at the best prices exceeds the gap is in no better plan: the bound
    with it in would exceed the best plan's cost (reduced-cost fixing).
    """
    if search.done() or search.standing.plan is None:
        return
    slack = search.standing.cost - search.standing.bound
    may = (search.standing.found.worth <= slack) | (search.problem.at_least == 1)
    arcs = np.flatnonzero(may[search.problem.owner[search.problem.arc_supply]])
    if len(arcs) > EXACT_ARCS:
        return
    ran = _solve_over(search, arcs)
    if ran.bound is not None:
        bound = min(ran.bound, search.standing.cost)
        search.standing.bound = max(search.standing.bound, bound)


def _with_rows(model: Programme, rows: sparse.csr_array) -> Programme:
    n = rows.shape[0]
    return replace(
        model,
        matrix=sparse.csr_array(sparse.vstack([model.matrix, rows], format="csr")),
        row_low=np.r_[model.row_low, np.ones(n)],
        row_high=np.r_[model.row_high, np.full(n, np.inf)],
    )
