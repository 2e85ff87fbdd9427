"""Prices of demands that come near to the best lower bound, by subgradient steps."""

from collections.abc import Callable

import numpy as np

from triplehelix.optimise.pooling import Floats
from triplehelix.optimise.pooling_relaxed import Layout, Prices, Relaxed, relaxed


def first_prices(layout: Layout) -> Floats:
    """
    What each demand's last unit would cost if its cheapest supplies met it.

    A supply's cost is that of its arc and a part of its partner's, as if a third of all that the
    partner could give were used.
    """
    problem = layout.problem
    could = np.bincount(layout.owner, layout.most, layout.n_partners)
    fixed = problem.partner_cost / np.maximum(could, 1e-9)
    cost = layout.cost + 3.0 * fixed[layout.owner]
    order = np.lexsort((cost, layout.demand))
    demand, running = layout.demand[order], np.cumsum(layout.most[order])
    starts = np.searchsorted(demand, np.arange(layout.n_demands))
    before = np.r_[0.0, running][starts]
    last = np.searchsorted(running, before + problem.demand)
    ends = np.searchsorted(demand, np.arange(layout.n_demands), side="right")
    some = ends > starts
    at = np.minimum(last, ends - 1)[some]
    prices = np.zeros(layout.n_demands)
    prices[some] = cost[order[at]]
    return np.minimum(prices, problem.short_cost)


def climb(
    layout: Layout, prices: Floats, *, n_steps: int, going: Callable[[], bool] = lambda: True
) -> tuple[Floats, Relaxed]:
    """
    The best prices found in `n_steps` steps from the given ones, and their bound.

    Steps follow the demands that the relaxed solution leaves unmet, smoothed by half of the step
    before, towards a target 5 % above the best bound (Held, Wolfe and Crowder 1974); ten steps
    without gain shorten them. It ends early where `going` no longer says so.
    """
    problem = layout.problem
    here = prices
    best, found = prices, relaxed(layout, Prices(prices))
    direction = problem.demand - found.given
    target, length, idle = _target(found.value), 1.0, 0
    for _ in range(n_steps):
        square = float(direction @ direction)
        if square < 1e-18 or not going():
            break
        step = length * max(target - found.value, 0.0) / square
        here = np.clip(here + step * direction, 0.0, problem.short_cost)
        now = relaxed(layout, Prices(here))
        gain = now.value - found.value
        idle = 0 if gain > 1e-4 * abs(found.value) else idle + 1
        if gain > 0:
            best, found = here, now
        if found.value > target - 0.01 * abs(target):
            target = _target(found.value)
        if idle >= 10:
            length, idle, here = 0.7 * length, 0, best
        direction = problem.demand - now.given + 0.5 * direction
    return best, found


def _target(value: float) -> float:
    return value + 0.05 * max(abs(value), 1.0)
