"""p-medians: a Lagrangian bound, a local search, and which nodes the two rule out."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from triplehelix.optimise.instances.numbers import Floats, Ints


@dataclass(frozen=True, slots=True)
class Bounded:
    """
    What the relaxation tells of p-medians among n nodes.

    `bound`: no choice costs less. `gain` has shape (n,), <= 0: what node j as a median takes off
    the sum of the multipliers. `multipliers` have shape (n,): the price of serving each node.
    `chosen` is the best choice found, at `objective`.
    """

    bound: float
    gain: Floats
    multipliers: Floats
    chosen: Ints
    objective: float


def cost_of(distance: Floats, chosen: Ints) -> float:
    """
    Sum of the distances of all nodes to the nearest chosen one.

    Examples
    --------
    >>> cost_of(np.array([[0.0, 5.0], [5.0, 0.0]]), np.array([1]))
    5.0
    """
    return float(distance[:, chosen].min(axis=1).sum())


def relaxed(
    distance: Floats, p: int, *, rounds: int, step: float, over: Callable[[], bool]
) -> Bounded:
    """
    Lagrangian relaxation of "each node is served once", with subgradient steps.

    With a price u[i] for serving i, node j as a median is worth the sum of min(0, d[i, j] - u[i]);
    the p best and the sum of the prices make a lower bound for any prices. Each round's p best are
    also a choice; the better ones are improved by exchanges.

    Parameters
    ----------
    distance : shape (n, n), finite
    p : medians, 1 to n
    rounds : most steps.
    step : costs are multiples of this (0: of nothing); rounds end when less than it is open.
    over : whether to end now.

    References
    ----------
    Cornuejols, Fisher and Nemhauser (1977), Management Science 23(8), 789-810.
    doi:10.1287/mnsc.23.8.789
    """
    nearest = np.sort(distance, axis=1)[:, : min(len(distance), 2)]
    prices = nearest[:, -1].copy()
    chosen = exchanged(distance, greedy(distance, p))
    objective = cost_of(distance, chosen)
    best = Bounded(-np.inf, prices, prices, chosen, objective)
    pace, idle, tried = 1.5, 0, {chosen.tobytes()}
    for _ in range(rounds):
        gain = np.minimum(distance - prices[:, None], 0).sum(axis=0)
        picked = np.sort(np.argpartition(gain, p - 1)[:p])
        bound = float(prices.sum() + gain[picked].sum())
        idle = 0 if bound > best.bound + 1e-6 * abs(bound) else idle + 1
        if bound > best.bound:
            best = Bounded(bound, gain, prices.copy(), best.chosen, best.objective)
        if cost_of(distance, picked) < 1.02 * best.objective and picked.tobytes() not in tried:
            tried.add(picked.tobytes())
            better = exchanged(distance, picked)
            if (cost := cost_of(distance, better)) < best.objective:
                best = Bounded(best.bound, best.gain, best.multipliers, better, cost)
        if idle >= 20:
            pace, idle = pace / 2, 0
        if pace < 0.005 or best.objective - best.bound < max(step, 1e-9) * 0.999 or over():
            break
        served = (distance[:, picked] < prices[:, None]).sum(axis=1)
        slope = 1.0 - served
        length = float(slope @ slope)
        if length == 0:
            break
        prices = prices + pace * (1.01 * best.objective - bound) / length * slope
    return best


def greedy(distance: Floats, p: int) -> Ints:
    """The node that shortens the way most, p times over; of equals the first."""
    reach = np.full(len(distance), distance.max() + 1)
    chosen: list[int] = []
    for _ in range(p):
        saved = np.maximum(reach[:, None] - distance, 0).sum(axis=0)
        saved[chosen] = -1
        chosen.append(int(np.argmax(saved)))
        reach = np.minimum(reach, distance[:, chosen[-1]])
    return np.array(sorted(chosen))


def exchanged(distance: Floats, chosen: Ints) -> Ints:
    """
    The best single exchange, again and again until none helps.

    `distance` has shape (n, n_candidates), and `chosen` are positions among the candidates.

    References
    ----------
    Teitz and Bart (1968), Operations Research 16(5), 955-961. doi:10.1287/opre.16.5.955; worked
    out as in Whitaker (1983), INFOR 21(2), 95-108.
    """
    chosen = chosen.copy()
    rows = np.arange(len(distance))
    if len(chosen) == distance.shape[1]:
        return chosen
    while True:
        ways = distance[:, chosen]
        order = np.argpartition(ways, min(1, len(chosen) - 1), axis=1)
        first = order[:, 0]
        near = ways[rows, first]
        far = ways[rows, order[:, 1]] if len(chosen) > 1 else np.full(len(rows), np.inf)
        # Taking j in saves on all that are nearer to it; giving r up costs its own their second
        # best, or j where that is nearer.
        saved = np.maximum(near[:, None] - distance, 0)
        spare = np.minimum(far[:, None], np.maximum(distance, near[:, None])) - near[:, None]
        lost = np.zeros((len(chosen), distance.shape[1]))
        np.add.at(lost, first, spare)
        change = lost - saved.sum(axis=0)
        change[:, chosen] = 0
        r, j = np.unravel_index(int(np.argmin(change)), change.shape)
        if change[r, j] >= -1e-9:
            return np.sort(chosen)
        chosen[r] = j


def candidates(known: Bounded, p: int, step: float) -> tuple[Ints, Ints]:
    """
    The nodes that may be medians, and those that must, in any choice better than the best known.

    A node outside the p best would cost its gain less the p-th best's more; one inside, left out,
    the next best's less its own.
    """
    order = np.sort(known.gain)
    room = known.objective - known.bound - 0.5 * step + 1e-7 * max(1.0, abs(known.objective))
    may = np.flatnonzero(known.gain - order[p - 1] <= room)
    if p == len(order):
        return may, may
    must = np.flatnonzero(order[p] - known.gain > room)
    return may, must
