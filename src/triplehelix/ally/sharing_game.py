"""
What groups of partners are worth by themselves: the gain of the needs that they can cover.

Each amount on a way from a capacity to a need has a gain; a group takes the amounts that gain it
most (a linear production game, Owen 1975).
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array, hstack

from triplehelix.ally.checks.case import Case
from triplehelix.ally.coverable import limits_of, portions_of
from triplehelix.ally.supply import Supply, supply_of
from triplehelix.errors import SolverError

Floats = NDArray[np.float64]
Gain = Callable[[str, str, str | None], float]
"""What it gains if an asset (with a capacity) covers a whole need: (need, asset, capacity)."""


class SharingGame:
    """
    The game of some partners over the needs of their call.

    Parameters
    ----------
    gain : what covering the whole of a need by an asset gains; less than 0 counts as 0, for then
        nobody would do it.
    """

    def __init__(self, case: Case, partners: Sequence[str], gain: Gain) -> None:
        self.players = tuple(sorted(partners))
        supply = supply_of(case, self.players, case.periods.values(), capped=True)
        gains = _gains(supply, gain)
        self._ways = [(way.bringers, g) for way, g in zip(supply.ways, gains, strict=True)]
        self._most = np.array([way.free * way.each for way in supply.ways])
        self._rows, self._limits = limits_of(supply, supply.ways) if supply.ways else _none()
        self._wholes = [
            (need, who, max(0.0, gain(need, asset, None)))
            for need, found in supply.whole.items()
            for asset, who in found.items()
        ]

    def value(self, group: frozenset[str]) -> float:
        """
        What a group gains by itself, at the most.

        Raises
        ------
        SolverError
            If the linear program finds no answer.
        """
        best: dict[str, float] = {}
        for need, who, gain in self._wholes:
            if who & group:
                best[need] = max(best.get(need, 0.0), gain)
        return sum(best.values()) + self._of_ways(group)

    def worst(self, split: Mapping[str, float]) -> frozenset[str]:
        """
        The group that is worth the most beyond what a split gives it: neither nobody nor all.

        Raises
        ------
        SolverError
            If the mixed-integer program finds no answer.
        """
        n, ways, wholes = len(self.players), len(self._ways), len(self._wholes)
        gain = [g for _, g in self._ways] + [g for *_, g in self._wholes]
        cost = np.array([split[name] for name in self.players] + [-g for g in gain])
        link = self._links()
        once, needs = self._each_need_once()
        limits = hstack([coo_array((len(self._limits), n)), self._rows,
                         coo_array((len(self._limits), wholes))])  # fmt: skip
        some = np.array([[1.0] * n + [0.0] * (ways + wholes)])
        found = milp(
            cost,
            integrality=[1] * n + [0] * (ways + wholes),
            bounds=Bounds(0, [1.0] * n + [np.inf] * ways + [1.0] * wholes),
            constraints=[
                LinearConstraint(csr_array(limits), -np.inf, self._limits),
                LinearConstraint(link, -np.inf, 0),
                LinearConstraint(once, -np.inf, np.ones(needs)),
                LinearConstraint(some, 1, n - 1),
            ],
            options={"mip_rel_gap": 0.0},
        )
        if found.status != 0:
            raise SolverError(f"no group was found: {found.message}; ask with fewer partners")
        return frozenset(
            name for name, here in zip(self.players, found.x[:n], strict=True) if here > 0.5
        )

    def _of_ways(self, group: frozenset[str]) -> float:
        if not self._ways:
            return 0.0
        gain = np.array([g for _, g in self._ways])
        here = np.array([bool(who & group) for who, _ in self._ways])
        bounds = np.stack([np.zeros(len(here)), np.where(here, np.inf, 0.0)], axis=1)
        found = linprog(-gain, A_ub=self._rows, b_ub=self._limits, bounds=bounds)
        if found.status != 0:
            raise SolverError(
                f"what {len(group)} partners gain was not found: {found.message}; ask with fewer"
            )
        return float(-found.fun)

    def _links(self) -> csr_array:
        """An amount needs one of those who can bring it in: amount <= most x members in."""
        place = {name: n for n, name in enumerate(self.players)}
        able = [who for who, _ in self._ways] + [who for _, who, _ in self._wholes]
        most = [*self._most.tolist(), *[1.0] * len(self._wholes)]
        at = [
            (row, place[name], -most[row]) for row, who in enumerate(able) for name in sorted(who)
        ]
        of_members = coo_array(
            ([v for *_, v in at], ([r for r, *_ in at], [c for _, c, _ in at])),
            shape=(len(able), len(self.players)),
        )
        amounts = coo_array(np.eye(len(able)))
        return csr_array(hstack([of_members, amounts]))

    def _each_need_once(self) -> tuple[csr_array, int]:
        """What is met by yes or no is met once."""
        needs = sorted({need for need, *_ in self._wholes})
        before = coo_array((len(needs), len(self.players) + len(self._ways)))
        each = np.array([[float(need == other) for other, *_ in self._wholes] for need in needs])
        return csr_array(hstack([before, coo_array(each.reshape(len(needs), -1))])), len(needs)


def _gains(supply: Supply, gain: Gain) -> list[float]:
    """What one unit on each way gains."""
    period = {one.need.need: one for one in supply.periods}
    parts = {
        name: portions_of(supply, one, False) for name, one in period.items() if one.kind != "whole"
    }
    return [
        max(0.0, gain(way.need, way.asset, way.capacity))
        * parts[way.need][way.run]
        / period[way.need].amount
        for way in supply.ways
    ]


def _none() -> tuple[csr_array, Floats]:
    return csr_array((0, 0)), np.zeros(0)
