"""
Branch and cut over members, 0 or 1, for programmes whose conditions need not all be written down.

HiGHS solves the linear programmes. Its own branch and bound cannot be told of conditions that a
solution breaks, and on most coverings took longer than this: it works on cuts of its own, where
branching on well chosen members and leaving out whoever costs too much does more.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triplehelix.optimise.covering import Floats, Ints
from triplehelix.optimise.highs.mip import Programme
from triplehelix.optimise.highs.warm import Warm
from triplehelix.optimise.steps import raised

Bits = NDArray[np.int8]
# Conditions (each, summed over the variables, 1 or more) that values break; the second argument
# tells that the values are whole, and then no condition means a solution.
Cuts = Callable[[Floats, bool], list[Floats]]
# Told of each node's bound on all that is open, and of solutions; a true answer ends it.
Told = Callable[[float, Ints | None], bool]

# Members looked at on both sides before one is branched on, and iterations for each look.
LOOKED_AT = 4
LOOK = 100
# After so many looks a member's estimates are relied on.
RELIED_ON = 4
# Rounds of cuts at a node, and how much one must have raised the bound for another.
ROUNDS = 3
RAISED = 0.02


@dataclass(frozen=True, slots=True)
class Grown:
    """The cheapest solution of those asked for (None: none found), and a bound on all of them."""

    cost: float
    chosen: Ints | None
    bound: float


def grow(
    programme: Programme, *, most: float, step: float, told: Told, cuts: Cuts | None = None
) -> Grown:
    """
    Look for the cheapest solution of cost up to `most`; those that are dearer are of no use.

    Parameters
    ----------
    programme : variables 0 or 1, all whole.
    step : costs of solutions are multiples of it (0: of nothing).

    Returns
    -------
    Grown
        `bound` is inf where it is proven that there is no solution, or none so cheap as `most`.

    References
    ----------
    Achterberg, Koch and Martin (2005), Branching rules revisited, Operations Research Letters
    33(1), 42-54. doi:10.1016/j.orl.2004.04.002: reliability branching.

    Examples
    --------
    >>> from scipy import sparse
    >>> pairs = sparse.csr_array(np.array([[1.0, 1, 0], [0, 1, 1], [1, 0, 1]]))
    >>> odd = Programme(np.ones(3), np.zeros(3), np.ones(3), np.ones(3, dtype=bool), pairs,
    ...                 np.ones(3), np.full(3, np.inf))
    >>> grow(odd, most=3, step=1, told=lambda bound, chosen: False).cost
    2.0
    """
    return _Tree(programme, most, step, told, cuts or (lambda values, whole: [])).grown()


@dataclass(slots=True)
class _Node:
    """Which variables are still 0 to 1, and what all solutions inside cost at least."""

    bound: float
    low: Bits
    high: Bits


class _Tree:
    def __init__(
        self, programme: Programme, most: float, step: float, told: Told, cuts: Cuts
    ) -> None:
        self.cost, self.step, self.told, self.cuts = programme.cost, step, told, cuts
        self.most = most
        self.warm = Warm(programme)
        size = len(programme.cost)
        self.open: list[_Node] = []
        self.best: Ints | None = None
        self.ended = False
        # For each side and variable: by how much looks raised the bound for one unit, and how many.
        self.rise, self.looks = np.zeros((2, size)), np.zeros((2, size))
        # Where nobody is left, only a programme that asks for nobody has a solution.
        if size or not (programme.row_low > 0).any():
            self.open = [_Node(-np.inf, np.zeros(size, np.int8), np.ones(size, np.int8))]

    def too_dear(self, bound: float) -> bool:
        if np.isinf(bound):
            return bound > 0
        return raised(bound, self.step) > self.most + 1e-9

    def grown(self) -> Grown:
        while self.open and not self.ended:
            # The last one first: solutions lie deep, and whether there is one is what is asked.
            node = self.open.pop()
            if not self.too_dear(node.bound):
                self.work_on(node)
            self.ended = self.ended or self.told(self.bound(), None)
        cost = np.inf if self.best is None else float(self.cost[self.best].sum())
        return Grown(cost, self.best, min(cost, self.bound()))

    def bound(self) -> float:
        """On all that is open; inf where nothing is."""
        bounds = (node.bound for node in self.open)
        return min((one for one in bounds if not self.too_dear(one)), default=np.inf)

    def work_on(self, node: _Node) -> None:
        self.warm.within(node.low.astype(float), node.high.astype(float))
        found = self.relaxed()
        if found is None:
            return
        value, values = found
        node.bound = max(node.bound, value)
        self.leave_out(node, value, values)
        self.branch(node, value, values)

    def ceiling(self) -> float:
        """Where a linear programme may stop: what costs more is too dear by rounding errors too."""
        return self.most + 4e-6 * max(1.0, abs(self.most))

    def relaxed(self) -> tuple[float, Floats] | None:
        """The relaxation's value and values under the cuts that were found; None: nothing here."""
        before, rounds = -np.inf, 0
        while True:
            value = self.warm.solve(most=self.ceiling())
            if self.too_dear(value):
                return None
            values = self.warm.values()
            whole = bool((np.minimum(values, 1 - values) < 1e-6).all())
            if not whole and (rounds >= ROUNDS or (rounds and value - before < RAISED)):
                return value, values
            rows = self.cuts(np.round(values) if whole else values, whole)
            if whole and not rows:
                self.solved(np.flatnonzero(values > 0.5))
                return None
            if not rows:
                return value, values
            self.warm.add(rows)
            before, rounds = value, rounds + 1

    def solved(self, chosen: Ints) -> None:
        cost = float(self.cost[chosen].sum())
        self.best = chosen
        self.most = cost - (self.step or max(1e-6, 1e-9 * abs(cost)))
        self.ended = self.told(self.bound(), chosen)

    def leave_out(self, node: _Node, value: float, values: Floats) -> None:
        """Fix whom the reduced costs show to be too dear, in or out."""
        reduced, spare = self.warm.reduced(), self.ceiling() - value
        free = node.high > node.low
        node.high[free & (values < 1e-9) & (reduced > spare)] = 0
        node.low[free & (values > 1 - 1e-9) & (-reduced > spare)] = 1
        self.warm.within(node.low.astype(float), node.high.astype(float))

    def branch(self, node: _Node, value: float, values: Floats) -> None:
        part = np.flatnonzero(np.minimum(values, 1 - values) > 1e-6)
        away = np.array([values[part], 1 - values[part]])
        rises = self.expected(part) * away
        basis, best, pick, looked = self.warm.basis(), -1.0, int(part[0]), 0
        sides = (node.bound, node.bound)
        for k in np.argsort(-np.maximum(rises, 1e-6).prod(axis=0), kind="stable"):
            j, seen = int(part[k]), (node.bound, node.bound)
            both = rises[:, k]
            if self.looks[:, j].min() < RELIED_ON:
                if looked == LOOKED_AT:
                    break
                looked += 1
                both, seen = self.look(node, j, value, away[:, k], basis)
            if np.isinf(seen).any():
                self.one_side(node, j, seen)
                return
            if (score := float(np.maximum(both, 1e-6).prod())) > best:
                best, pick, sides = score, j, seen
        self.open += [_with(node, pick, 0, sides[0]), _with(node, pick, 1, sides[1])]

    def expected(self, part: Ints) -> Floats:
        """By how much the bound should rise for one unit, on each side: shape (2, n)."""
        known = self.looks.sum(axis=1)
        usual = np.where(known > 0, self.rise.sum(axis=1) / np.maximum(known, 1), 1.0)
        looks = self.looks[:, part]
        own = self.rise[:, part] / np.maximum(looks, 1)
        return np.where(looks > 0, own, usual[:, None])

    def look(
        self, node: _Node, j: int, value: float, away: Floats, basis: Any
    ) -> tuple[Floats, tuple[float, float]]:
        """By how much the bound rises on each side, and the bounds there, inf where none is."""
        rises, bounds = np.zeros(2), [node.bound, node.bound]
        for side in (0, 1):
            there = _with(node, j, side, node.bound)
            self.warm.within(there.low.astype(float), there.high.astype(float))
            seen = self.warm.solve(most=self.ceiling(), iterations=LOOK)
            # Where it was stopped early its value is no proof.
            proof = np.isinf(seen) or self.warm.ended
            none = np.isinf(seen) or (proof and self.too_dear(seen))
            rises[side] = self.ceiling() - value if none else max(0.0, seen - value)
            bounds[side] = np.inf if none else max(node.bound, seen if proof else node.bound)
            self.rise[side, j] += rises[side] / away[side]
            self.looks[side, j] += 1
            self.warm.within(node.low.astype(float), node.high.astype(float))
            self.warm.back_to(basis)
        return rises, (bounds[0], bounds[1])

    def one_side(self, node: _Node, j: int, seen: tuple[float, float]) -> None:
        """Nothing on one side, or on both: go on with what is left."""
        for side in (0, 1):
            if np.isfinite(seen[side]):
                self.open.append(_with(node, j, side, seen[side]))


def _with(node: _Node, j: int, side: int, bound: float) -> _Node:
    low, high = node.low.copy(), node.high.copy()
    low[j] = high[j] = side
    return replace(node, bound=max(node.bound, bound), low=low, high=high)
