"""The relaxation of a large pooling, cut, missing arcs taken in; its prices make the bound."""

import numpy as np

from triplehelix.optimise.highs.pooling_master import Master, Point
from triplehelix.optimise.highs.pooling_search import SECONDS_PER_ARC, Search
from triplehelix.optimise.pooling import Ints
from triplehelix.optimise.pooling_cuts import violated
from triplehelix.optimise.pooling_relaxed import Prices, Relaxed, between, relaxed

# The part of the time after which relaxing gives way to looking for plans.
LP_SHARE = 0.8


def relax(search: Search, *, least_gain: float = 0.0, until: float = 1.0) -> None:
    """
    Relaxation, cuts, missing arcs, again, until nothing moves, a round gains less than
    `least_gain` of the bound, or the part `until` of the time is gone.
    """
    bounds = [search.standing.bound]
    while not search.done() and (
        search.point is None or search.watch.now() < until * search.limits.seconds
    ):
        before = search.master.highs.getRunTime()
        point = search.master.solve(search.left())
        search.watch.count(search.master.highs.getRunTime() - before)
        if point is None:
            _without_point(search)
            return
        if not _round(search, point):
            if search.master.dear is not None and _lacks(search, point):
                _over_all_arcs(search)
            return
        bounds.append(search.standing.bound)
        last, all_five = bounds[-1] - bounds[-2], bounds[-1] - bounds[max(0, len(bounds) - 6)]
        slow = len(bounds) > 5 and all_five < 2e-5 * abs(bounds[-1])
        if slow or (len(bounds) > 2 and last < least_gain * abs(bounds[-1])):
            return


def _lacks(search: Search, point: Point) -> bool:
    """Whether the relaxation leaves unmet what must be met."""
    must = np.isinf(search.problem.short_cost)
    return bool((point.short[must] > 1e-6 * search.problem.demand[must]).any())


def _without_point(search: Search) -> None:
    """The relaxation over some arcs had no solution: over all arcs it may have one."""
    if not search.master.is_infeasible():
        return
    if search.master.dear is None:
        search.infeasible = True
    else:
        _over_all_arcs(search)


def _over_all_arcs(search: Search) -> None:
    """The last word on whether all can be met."""
    search.master = Master(search.layout, np.arange(len(search.layout.order)))
    search.point = None
    relax(search, until=LP_SHARE)


def _round(search: Search, point: Point) -> bool:
    """Take in a solution of the relaxation; whether there is anything left to do."""
    layout = search.layout
    search.point = point
    prices = search.master.prices(point)
    found = relaxed(layout, prices)
    _best_prices(search, prices, found)
    search.offer(search.rounded_up(point))
    search.tell()
    cuts = violated(layout, point.flow, point.partners, point.short)
    missing = _missing(search, found)
    if len(missing):
        arcs = np.sort(np.r_[search.master.kept, missing])
        search.master = Master(layout, arcs, search.master, dear=search.master.dear)
    search.master.add(cuts)
    return bool(len(missing) or cuts)


def _best_prices(search: Search, prices: Prices, found: Relaxed) -> None:
    """
    The best of these prices and of some on the way to them from the best so far: duals of a
    relaxation that lacks arcs leap about, and a point on the way gives the better bound.
    """
    standing, before = search.standing, search.prices
    search.watch.count(10 * len(search.layout.order) * SECONDS_PER_ARC)
    for share in (1.0, 0.5, 0.2):
        some = prices if share == 1.0 else between(search.layout, before, prices, share)
        value = found if share == 1.0 else relaxed(search.layout, some)
        if value.value > standing.bound:
            standing.bound, standing.found, search.prices = value.value, value, some


def _missing(search: Search, found: Relaxed) -> Ints:
    """Arcs left out so far that pay at the new prices, of partners that then pay."""
    pays = found.worth < -1e-7 * (1.0 + search.problem.partner_cost)
    new = (found.reduced < -1e-9) & pays[search.layout.owner]
    new[search.master.at] = False
    return search.layout.order[np.flatnonzero(new)]
