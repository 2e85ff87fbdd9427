"""
Pooling at a size that no solver takes whole: priced arcs, cuts, and a bound of all of it.

Prices from subgradient steps tell which arcs matter; the linear relaxation over these sharpens the
prices, takes in what they show to be missing, and is cut; each round's prices give a lower bound of
the whole problem, whatever was left out. The plan comes from HiGHS over the partners that the
relaxation uses, begun with its solution rounded up.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from triplehelix.optimise.highs.mip import Clock, OnProgress, Programme, Ran, run
from triplehelix.optimise.highs.pooling_dive import dive
from triplehelix.optimise.highs.pooling_master import Master, Point
from triplehelix.optimise.highs.pooling_model import most, plan_from, stacked, values_of
from triplehelix.optimise.highs.pooling_rounding import rounded
from triplehelix.optimise.outcome import Limits, Progress
from triplehelix.optimise.pooling import Bools, Floats, Ints, Pooled, Pooling
from triplehelix.optimise.pooling_ascent import climb, first_prices
from triplehelix.optimise.pooling_cuts import violated
from triplehelix.optimise.pooling_greedy import first_plan
from triplehelix.optimise.pooling_relaxed import Layout, Prices, Relaxed, between, relaxed
from triplehelix.optimise.pooling_value import Plan, cost_of, kept, nothing, pooled

_STEPS = 120
_CLIMB_SHARE = 0.2
_FIRST_SHARE = 0.45
_LP_SHARE = 0.8
_SOON = 1e-3
_PACES = (0.3, 0.12, 0.05)
_SECONDS_PER_ARC = 3e-8


class Watch:
    """Seconds gone by: of the clock that was passed in, else as HiGHS and the work done tell."""

    def __init__(self, clock: Clock | None) -> None:
        self.clock, self.begun, self.counted = clock, clock() if clock else 0.0, 0.0

    def count(self, seconds: float) -> None:
        """Seconds of work that a clock would have seen."""
        self.counted += seconds

    def now(self) -> float:
        """Seconds since the start."""
        return self.clock() - self.begun if self.clock else self.counted


@dataclass(slots=True)
class _Standing:
    """The best bound, its prices' findings, the best plan and its cost, and whether to stop."""

    bound: float
    found: Relaxed
    plan: Plan | None = None
    cost: float = np.inf
    stopped: bool = False

    def close(self, gap: float) -> bool:
        """Whether the plan is proven to be within the gap."""
        if self.plan is None:
            return False
        return self.cost - self.bound <= max(1e-6, gap * abs(self.cost))


def solve_large(
    problem: Pooling,
    limits: Limits,
    *,
    on_progress: OnProgress | None = None,
    start: Plan | None = None,
    clock: Clock | None = None,
) -> Pooled:
    """A checked problem, by prices and cuts; the bound holds for the whole problem."""
    search = _Search(problem, limits, on_progress, Watch(clock))
    if start is not None:
        search.offer(start)
    search.relax(least_gain=_SOON, until=_FIRST_SHARE)
    search.dive()
    search.plan()
    search.close()
    standing, seconds = search.standing, search.watch.now()
    bound = standing.bound if np.isfinite(standing.bound) else None
    if search.infeasible:
        return nothing("infeasible", seconds=seconds)
    if standing.plan is None:
        return nothing("unknown", bound=bound, seconds=seconds)
    return pooled(problem, standing.plan, bound=bound, seconds=seconds)


class _Search:
    def __init__(
        self, problem: Pooling, limits: Limits, on_progress: OnProgress | None, watch: Watch
    ) -> None:
        self.problem, self.limits, self.on_progress, self.watch = (
            problem,
            limits,
            on_progress,
            watch,
        )
        self.layout = Layout(problem, most(problem))
        prices, found = climb(
            self.layout, first_prices(self.layout), n_steps=_STEPS, going=self._climbing
        )
        self.standing, self.prices = _Standing(found.value, found), Prices(prices)
        self.offer(first_plan(self.layout, found))
        # Beyond what a demand could cost: one small demand may need partners of its own.
        fixed = problem.partner_cost.max(initial=0.0) / problem.demand
        self.dear = 10.0 * (problem.arc_cost.max(initial=1.0) + 10.0 * fixed)
        arcs = _worth_a_look(self.layout, prices, found)
        self.master = Master(self.layout, arcs, dear=self.dear)
        self.watch.count(40 * len(problem.arc_cost) * _SECONDS_PER_ARC)
        self.point: Point | None = None
        self.infeasible = False

    def _climbing(self) -> bool:
        self.watch.count(len(self.problem.arc_cost) * _SECONDS_PER_ARC)
        return self.watch.now() < _CLIMB_SHARE * self.limits.seconds

    def left(self) -> float:
        """Seconds left of the limit."""
        return self.limits.seconds - self.watch.now()

    def done(self) -> bool:
        standing = self.standing
        return standing.stopped or self.left() <= 0.05 or standing.close(self.limits.gap)

    def tell(self, progress: Progress | None = None) -> None:
        if self.on_progress is None:
            return
        cost = self.standing.cost if self.standing.plan is not None else np.inf
        if progress is not None and progress.objective is not None:
            cost = min(cost, progress.objective)
        said = Progress(self.watch.now(), cost if np.isfinite(cost) else None, self.standing.bound)
        self.standing.stopped = bool(self.on_progress(said)) or self.standing.stopped

    def offer(self, plan: Plan) -> None:
        """A plan takes the lead if it keeps all conditions and costs less."""
        if not kept(self.problem, plan):
            return
        cost = cost_of(self.problem, plan)
        if cost < self.standing.cost:
            self.standing.plan, self.standing.cost = plan, cost
            self.tell()

    def relax(self, *, least_gain: float = 0.0, until: float = 1.0) -> None:
        """
        Relaxation, cuts, missing arcs, again, until nothing moves, a round gains less than
        `least_gain` of the bound, or the part `until` of the time is gone.
        """
        bounds = [self.standing.bound]
        while not self.done() and (
            self.point is None or self.watch.now() < until * self.limits.seconds
        ):
            before = self.master.highs.getRunTime()
            point = self.master.solve(self.left())
            self.watch.count(self.master.highs.getRunTime() - before)
            if point is None:
                self._without_point()
                return
            if not self._round(point):
                if self.master.dear is not None and self._lacks(point):
                    self._over_all_arcs()
                return
            bounds.append(self.standing.bound)
            last, all_five = bounds[-1] - bounds[-2], bounds[-1] - bounds[max(0, len(bounds) - 6)]
            slow = len(bounds) > 5 and all_five < 2e-5 * abs(bounds[-1])
            if slow or (len(bounds) > 2 and last < least_gain * abs(bounds[-1])):
                return

    def dive(self) -> None:
        """Plans by dives of several paces; the cuts of each stay for the relaxation after it."""
        for pace in _PACES:
            if self.point is None or self.done():
                return
            bottom = dive(
                self.master, self.point, pace=pace, left=self.left, count=self.watch.count
            )
            if bottom is not None:
                self.offer(self._rounded_up(bottom))
            self.relax(until=_LP_SHARE)

    def _lacks(self, point: Point) -> bool:
        """Whether the relaxation leaves unmet what must be met."""
        must = np.isinf(self.problem.short_cost)
        return bool((point.short[must] > 1e-6 * self.problem.demand[must]).any())

    def _without_point(self) -> None:
        """The relaxation over some arcs had no solution: over all arcs it may have one."""
        if not self.master.is_infeasible():
            return
        if self.master.dear is None:
            self.infeasible = True
        else:
            self._over_all_arcs()

    def _over_all_arcs(self) -> None:
        """The last word on whether all can be met."""
        self.master = Master(self.layout, np.arange(len(self.layout.order)))
        self.point = None
        self.relax(until=_LP_SHARE)

    def _round(self, point: Point) -> bool:
        """Take in a solution of the relaxation; whether there is anything left to do."""
        layout = self.layout
        self.point = point
        prices = self.master.prices(point)
        found = relaxed(layout, prices)
        self._best_prices(prices, found)
        self.offer(self._rounded_up(point))
        self.tell()
        cuts = violated(layout, point.flow, point.partners, point.short)
        missing = self._missing(found)
        if len(missing):
            arcs = np.sort(np.r_[self.master.kept, missing])
            self.master = Master(layout, arcs, self.master, dear=self.master.dear)
        self.master.add(cuts)
        return bool(len(missing) or cuts)

    def _best_prices(self, prices: Prices, found: Relaxed) -> None:
        """
        The best of these prices and of some on the way to them from the best so far: duals of a
        relaxation that lacks arcs leap about, and a point on the way gives the better bound.
        """
        standing, before = self.standing, self.prices
        self.watch.count(10 * len(self.layout.order) * _SECONDS_PER_ARC)
        for share in (1.0, 0.5, 0.2):
            some = prices if share == 1.0 else between(self.layout, before, prices, share)
            value = found if share == 1.0 else relaxed(self.layout, some)
            if value.value > standing.bound:
                standing.bound, standing.found, self.prices = value.value, value, some

    def _missing(self, found: Relaxed) -> Ints:
        """Arcs left out so far that pay at the new prices, of partners that then pay."""
        pays = found.worth < -1e-7 * (1.0 + self.problem.partner_cost)
        new = (found.reduced < -1e-9) & pays[self.layout.owner]
        new[self.master.at] = False
        return self.layout.order[np.flatnonzero(new)]

    def _rounded_up(self, point: Point) -> Plan:
        """Every partner that the relaxation uses at all is in, with the amounts as they are."""
        values = point.values.copy()
        y = np.where(values[: self.layout.n_partners] > 1e-7, 1.0, 0.0)
        values[: self.layout.n_partners] = y
        return self._widened(plan_from(self.master.problem, values), self.master.kept)

    def _widened(self, plan: Plan, arcs: Ints) -> Plan:
        amount = np.zeros(len(self.problem.arc_cost))
        amount[arcs] = plan.amount
        return replace(plan, amount=amount)

    def plan(self) -> None:
        """
        HiGHS over the partners that the relaxation uses: first with those held in that it uses
        fully, then freely, then with those that it nearly used.
        """
        if self.point is None or self.done():
            return
        worth = self.standing.found.worth / np.maximum(1e-9, self.problem.partner_cost)
        used = self.point.partners > 1e-6
        self._solve_over(self._arcs_of(used), held=self.point.partners > 0.999)
        for nearly in (-np.inf, 0.1, 0.3, 1.0):
            if self.done():
                return
            self._solve_over(self._arcs_of(used | (worth < nearly)))

    def _arcs_of(self, partners: Bools) -> Ints:
        if self.standing.plan is not None:
            partners = partners | (self.standing.plan.partners > 0.5)
        owner = self.problem.owner[self.problem.arc_supply[self.master.kept]]
        return self.master.kept[partners[owner]]

    def _solve_over(self, arcs: Ints, *, held: Bools | None = None) -> Ran:
        """The best plan over some arcs, from the best known; the cuts stand in it as rows."""
        small = Master(self.layout, arcs)
        model = stacked(small.problem, small.blocks)
        if held is not None:
            low = model.low.copy()
            low[: len(held)] = np.maximum(low[: len(held)], held)
            model = replace(model, low=np.minimum(low, model.high))
        if self.master.cuts:
            model = _with_rows(model, small.cut_rows(self.master.cuts))
        start = None
        if self.standing.plan is not None:
            best = self.standing.plan
            start = values_of(small.problem, replace(best, amount=best.amount[arcs]))
        seconds = max(0.0, self.left() - 0.1)
        limits = Limits(seconds if held is None else 0.3 * seconds, min(self.limits.gap, 1e-4))
        ran = run(model, limits, on_progress=self._listen, start=start)
        self.watch.count(ran.seconds)
        if ran.values is not None:
            self.offer(self._widened(rounded(small.problem, model, ran), arcs))
        return ran

    def _listen(self, progress: Progress) -> bool:
        """Pass progress on; enough is enough where the whole problem's bound says so."""
        self.tell(progress)
        found = progress.objective
        near = found is not None and (
            found - self.standing.bound <= max(1e-6, self.limits.gap * abs(found))
        )
        return near or self.standing.stopped

    def close(self) -> None:
        """
        What is left if every partner that no better plan can use is left out, solved whole.

        A partner whose worth at the best prices exceeds the gap is in no better plan: the bound
        with it in would exceed the best plan's cost (reduced-cost fixing).
        """
        if self.done() or self.standing.plan is None:
            return
        slack = self.standing.cost - self.standing.bound
        may = (self.standing.found.worth <= slack) | (self.problem.at_least == 1)
        arcs = np.flatnonzero(may[self.problem.owner[self.problem.arc_supply]])
        if len(arcs) > EXACT_ARCS:
            return
        ran = self._solve_over(arcs)
        if ran.bound is not None:
            bound = min(ran.bound, self.standing.cost)
            self.standing.bound = max(self.standing.bound, bound)


EXACT_ARCS = 12_000


def _with_rows(model: Programme, rows: sparse.csr_array) -> Programme:
    n = rows.shape[0]
    return replace(
        model,
        matrix=sparse.csr_array(sparse.vstack([model.matrix, rows], format="csr")),
        row_low=np.r_[model.row_low, np.ones(n)],
        row_high=np.r_[model.row_high, np.full(n, np.inf)],
    )


def _worth_a_look(layout: Layout, prices: Floats, found: Relaxed) -> Ints:
    """
    Arcs to begin with: near their price and of a partner near its worth; and for each demand the
    best arcs that together could meet it twice.
    """
    problem, price = layout.problem, prices[layout.demand]
    near = found.reduced < 0.1 * price
    chosen = near & (found.worth < 0.6 * problem.partner_cost)[layout.owner]
    chosen |= (problem.at_least == 1)[layout.owner] & near
    could = np.bincount(layout.owner, np.where(near, layout.most, 0.0), layout.n_partners)
    # Where a partner has no arc near its price, its cost is spread over all it could give.
    could = np.where(could > 0, could, np.bincount(layout.owner, layout.most, layout.n_partners))
    share = np.maximum(0.0, found.worth) / np.maximum(could, 1e-9)
    order = np.lexsort((found.reduced + share[layout.owner], layout.demand))
    demand, running = layout.demand[order], np.cumsum(layout.most[order])
    starts = np.searchsorted(demand, np.arange(layout.n_demands))
    before = running - layout.most[order] - np.r_[0.0, running][starts][demand]
    chosen[order[before < 2 * problem.demand[demand]]] = True
    return np.sort(layout.order[np.flatnonzero(chosen)])
