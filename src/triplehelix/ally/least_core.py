"""The splits whose greatest grievance is as small as can be, for many players."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from triplehelix.ally.shapley import Value, remembered
from triplehelix.errors import SolverError

Floats = NDArray[np.float64]
Worst = Callable[[Mapping[str, float]], frozenset[str]]
"""The group that is worth the most beyond what a split gives it: neither nobody nor all."""
_NEAR = 1e-7


@dataclass(frozen=True)
class LeastCore:
    """
    A split of the least core, its greatest excess, and the groups that were looked at.

    `excess` is what some group is worth beyond what it gets, as small as it can be made; at 0 or
    less no group is better off by itself.
    """

    shares: Mapping[str, float]
    excess: float
    groups: tuple[frozenset[str], ...]


def least_core(
    players: Sequence[str], value: Value, worst: Worst, *, near: Mapping[str, float]
) -> LeastCore:
    """
    Of all splits with the least greatest excess one that is nearest to given shares.

    Groups are added as a split breaks them, until `worst` finds none that is worse off than the
    excess allows. Nearest: the largest distance of a share from `near` is as small as can be.

    Parameters
    ----------
    players : distinct, at least two, in any order.
    value : what a group is worth; that of nobody is 0.
    worst : exact; the proof rests on it.
    near : shares to stay near to, say the Shapley value.

    Raises
    ------
    SolverError
        If a linear program finds no answer.

    References
    ----------
    Maschler, Peleg and Shapley (1979), Mathematics of Operations Research 4(4), 303-338.
    doi:10.1287/moor.4.4.303

    Examples
    --------
    Three share 1 by majority: some pair always gets a third less than it could.

    >>> majority = lambda group: float(len(group) > 1)
    >>> poorest = lambda split: frozenset(sorted(split, key=split.__getitem__)[:2])
    >>> even = dict.fromkeys("abc", 1 / 3)
    >>> found = least_core("abc", majority, poorest, near=even)
    >>> round(found.excess, 6), [round(share, 6) for share in found.shares.values()]
    (0.333333, [0.333333, 0.333333, 0.333333])
    """
    names, worth = sorted(players), remembered(value)
    search = _Search(names, worth, worst)
    excess = search.run(lambda: search.least())
    search.hold = excess
    wanted = np.array([near[name] for name in names])
    search.run(lambda: search.nearest(wanted))
    return LeastCore(
        dict(zip(names, search.split.tolist(), strict=True)), excess, tuple(search.groups)
    )


class _Search:
    """Splits under the groups found so far; `hold` is the excess that is kept once it is known."""

    def __init__(self, names: Sequence[str], worth: Value, worst: Worst) -> None:
        self._names, self._worth, self._worst = names, worth, worst
        self._all = worth(frozenset(names))
        self._scale = max(1.0, abs(self._all))
        self.groups = [frozenset({name}) for name in names]
        self.split = np.zeros(len(names))
        self.hold: float | None = None

    def run(self, solve: Callable[[], float]) -> float:
        """Solve and add the worst group, until it was known or is no worse than allowed."""
        while True:
            excess = solve()
            allowed = excess if self.hold is None else self.hold
            split = dict(zip(self._names, self.split.tolist(), strict=True))
            group = self._worst(split)
            beyond = self._worth(group) - sum(split[name] for name in group)
            if beyond <= allowed + _NEAR * self._scale or group in self.groups:
                return excess
            self.groups.append(group)

    def least(self) -> float:
        """The least excess over the groups found so far."""
        n = len(self._names)
        return self._solved(
            np.append(np.zeros(n), 1.0), -np.ones((len(self.groups), 1)), self._worths(), None
        )

    def nearest(self, wanted: Floats) -> float:
        """The least largest distance from shares that are wanted, at the excess that is held."""
        n, scale = len(self._names), self._scale
        assert self.hold is not None
        far = np.vstack([
            np.hstack([np.eye(n), -np.ones((n, 1))]), np.hstack([-np.eye(n), -np.ones((n, 1))]),
        ])  # fmt: skip
        more = far, np.concatenate([wanted, -wanted]) / scale
        worths = self._worths() - (self.hold / scale + _NEAR)
        none = np.zeros((len(self.groups), 1))
        return self._solved(np.append(np.zeros(n), 1.0), none, worths, more)

    def _worths(self) -> Floats:
        return np.array([self._worth(group) for group in self.groups]) / self._scale

    def _solved(
        self, cost: Floats, last: Floats, worths: Floats, more: tuple[Floats, Floats] | None
    ) -> float:
        n = len(self._names)
        rows = np.array([[float(name in g) for name in self._names] for g in self.groups])
        upper, limits = np.hstack([-rows, last]), -worths
        if more is not None:
            upper, limits = np.vstack([upper, more[0]]), np.concatenate([limits, more[1]])
        found = linprog(
            cost, A_ub=upper, b_ub=limits, A_eq=np.append(np.ones(n), 0.0)[None, :],
            b_eq=[self._all / self._scale], bounds=(None, None),
        )  # fmt: skip
        if found.status != 0:
            raise SolverError(f"the split was not found: {found.message}; ask with fewer partners")
        self.split = found.x[:n] * self._scale
        return float(found.x[n]) * self._scale
