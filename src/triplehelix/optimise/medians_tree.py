"""p-medians proven by branch and bound over the nodes that a Lagrangian bound leaves."""

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triplehelix.optimise.instances.numbers import Floats, Ints
from triplehelix.optimise.medians import Bounded, candidates, cost_of, exchanged
from triplehelix.optimise.steps import raised
from triplehelix.optimise.watch import Watch

FIRST_ROUNDS, ROUNDS = 400, 60
FREE, IN, OUT = 0, 1, -1


@dataclass(frozen=True, slots=True)
class _Node:
    """Candidates decided so far, and the prices that bound what is left best."""

    state: NDArray[np.int8]
    prices: Floats
    bound: float
    split_on: int


def search_tree(distance: Floats, p: int, known: Bounded, step: float, watch: Watch) -> None:
    """
    Prove the best choice, or find a better one and prove that.

    Where `known` leaves candidates undecided, one is taken in or out in turn, and the Lagrangian
    bound is worked out anew for each half, over the candidates alone. The half of the lowest bound
    is looked at first; what costs no less than the best known is dropped. `watch` hears of the
    lowest bound that is open.

    Parameters
    ----------
    distance : shape (n, n), finite
    p : medians, 1 to n
    known : of the whole; its choice must be known to `watch`.
    step : costs are multiples of this; 0: of nothing.
    """
    may, must = candidates(known, p, step)
    tree = _Tree(distance, may, p, step, watch)
    state = np.zeros(len(may), dtype=np.int8)
    state[np.isin(may, must)] = IN
    root = tree.bounded(state, known.multipliers, FIRST_ROUNDS)
    heap = [] if root is None else [(root.bound, 0, root)]
    n = 1
    while heap:
        bound, _, node = heapq.heappop(heap)
        if bound >= tree.enough():
            break
        watch.proved(min(raised(bound, step), watch.objective or np.inf))
        if watch.over():
            return
        for side in (IN, OUT):
            state = node.state.copy()
            state[node.split_on] = side
            child = tree.bounded(state, node.prices, ROUNDS)
            if child is not None:
                heapq.heappush(heap, (child.bound, n, child))
                n += 1
    watch.proved(watch.objective)


class _Tree:
    """Bounds of parts of the problem, over the candidates `may`."""

    def __init__(self, distance: Floats, may: Ints, p: int, step: float, watch: Watch) -> None:
        self.distance, self.may, self.p, self.watch = distance, may, p, watch
        self.to_may = np.ascontiguousarray(distance[:, may])
        self.step = step

    def enough(self) -> float:
        """A bound of this or more means that nothing better than the best known is there."""
        assert self.watch.objective is not None
        return self.watch.objective - max(0.999 * self.step, 1e-9 * self.watch.objective)

    def bounded(self, state: NDArray[np.int8], prices: Floats, rounds: int) -> _Node | None:
        """
        The best bound that some subgradient steps find; None where nothing better can be there.

        Candidates that the bound decides on the way are marked in `state`.
        """
        best, best_prices, pace, idle = -np.inf, prices, 1.0, 0
        best_picked = np.zeros(0, dtype=np.int64)
        picked_often = np.zeros(len(state))
        for _ in range(rounds):
            if not self._possible(state):
                return None
            gain = np.minimum(self.to_may - prices[:, None], 0).sum(axis=0)
            picked = self._picked(state, gain)
            picked_often[picked] += 1
            bound = float(prices.sum() + gain[picked].sum())
            self._try(picked)
            if bound >= self.enough():
                return None
            idle = 0 if bound > best + 1e-6 * abs(bound) else idle + 1
            if bound > best:
                best, best_prices, best_picked = bound, prices, picked
                self._decide(state, gain, bound)
            if idle >= 8:
                pace, idle = pace / 2, 0
            slope = 1.0 - (self.to_may[:, picked] < prices[:, None]).sum(axis=1)
            length = float(slope @ slope)
            if length == 0 or pace < 0.01:
                break
            assert self.watch.objective is not None
            prices = prices + pace * (1.001 * self.watch.objective - bound) / length * slope
        self._try(exchanged(self.to_may, best_picked))
        free = np.flatnonzero(state == FREE)
        if not free.size:
            self._try(np.flatnonzero(state == IN))
            return None
        unsure = np.abs(picked_often[free] / max(1.0, picked_often.max()) - 0.5)
        return _Node(state, best_prices, best, int(free[np.argmin(unsure)]))

    def _possible(self, state: NDArray[np.int8]) -> bool:
        return bool((state == IN).sum() <= self.p <= (state != OUT).sum())

    def _picked(self, state: NDArray[np.int8], gain: Floats) -> Ints:
        """Those that are in, and the best of the free ones up to p."""
        order = np.where(state == IN, -np.inf, np.where(state == OUT, np.inf, gain))
        return np.argsort(order, kind="stable")[: self.p]

    def _try(self, picked: Ints) -> None:
        chosen = self.may[picked]
        if len(chosen) == self.p:
            cost = cost_of(self.distance, chosen)
            if self.watch.objective is None or cost < self.watch.objective:
                self.watch.found(cost, chosen)

    def _decide(self, state: NDArray[np.int8], gain: Floats, bound: float) -> None:
        """Rule free candidates out, or in, whose other side cannot hold anything better."""
        free = np.flatnonzero(state == FREE)
        left = self.p - int((state == IN).sum())
        order = np.sort(gain[free])
        room = self.enough() - bound
        if left == 0:
            state[free] = OUT
            return
        state[free[gain[free] - order[left - 1] >= room]] = OUT
        if left < len(order):
            state[free[order[left] - gain[free] >= room]] = IN
