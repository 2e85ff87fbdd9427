"""A search in a large pooling: its time, the best bound and plan so far, and its relaxation."""

from dataclasses import dataclass, replace

import numpy as np

from triplehelix.optimise.highs.mip import Clock, OnProgress
from triplehelix.optimise.highs.pooling_master import Master, Point
from triplehelix.optimise.highs.pooling_model import most, plan_from
from triplehelix.optimise.outcome import Limits, Progress
from triplehelix.optimise.pooling import Floats, Ints, Pooling
from triplehelix.optimise.pooling_ascent import climb, first_prices
from triplehelix.optimise.pooling_greedy import first_plan
from triplehelix.optimise.pooling_relaxed import Layout, Prices, Relaxed
from triplehelix.optimise.pooling_value import Plan, cost_of, kept

_STEPS = 120
_CLIMB_SHARE = 0.2
SECONDS_PER_ARC = 3e-8


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
class Standing:
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


class Search:
    """What is known of a problem so far; `point`: the last solution of what `master` holds."""

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
        self.standing, self.prices = Standing(found.value, found), Prices(prices)
        self.offer(first_plan(self.layout, found))
        # Beyond what a demand could cost: one small demand may need partners of its own.
        fixed = problem.partner_cost.max(initial=0.0) / problem.demand
        self.dear = 10.0 * (problem.arc_cost.max(initial=1.0) + 10.0 * fixed)
        arcs = _worth_a_look(self.layout, prices, found)
        self.master = Master(self.layout, arcs, dear=self.dear)
        self.watch.count(40 * len(problem.arc_cost) * SECONDS_PER_ARC)
        self.point: Point | None = None
        self.infeasible = False

    def _climbing(self) -> bool:
        self.watch.count(len(self.problem.arc_cost) * SECONDS_PER_ARC)
        return self.watch.now() < _CLIMB_SHARE * self.limits.seconds

    def left(self) -> float:
        """Seconds left of the limit."""
        return self.limits.seconds - self.watch.now()

    def done(self) -> bool:
        """Whether there is no time left, or nothing to gain."""
        standing = self.standing
        return standing.stopped or self.left() <= 0.05 or standing.close(self.limits.gap)

    def tell(self, progress: Progress | None = None) -> None:
        """Pass on how far it is; a true answer ends it."""
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

    def rounded_up(self, point: Point) -> Plan:
        """Every partner that the relaxation uses at all is in, with the amounts as they are."""
        values = point.values.copy()
        y = np.where(values[: self.layout.n_partners] > 1e-7, 1.0, 0.0)
        values[: self.layout.n_partners] = y
        return self.widened(plan_from(self.master.problem, values), self.master.kept)

    def widened(self, plan: Plan, arcs: Ints) -> Plan:
        """A plan over some arcs as one over all."""
        amount = np.zeros(len(self.problem.arc_cost))
        amount[arcs] = plan.amount
        return replace(plan, amount=amount)


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
