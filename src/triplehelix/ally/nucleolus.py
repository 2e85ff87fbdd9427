"""The split whose greatest grievances are as small as can be, one after the other."""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from triplehelix.ally.shapley import Value, remembered
from triplehelix.errors import InputError, SolverError

Floats = NDArray[np.float64]
LARGEST = 12
_NEAR = 1e-8


def prenucleolus(players: Sequence[str], value: Value) -> Mapping[str, float]:
    """
    The split of what all are worth together that lexicographically minimises the excesses.

    The excess of a group is what it is worth by itself less what it gets. The greatest is made as
    small as can be, then the next, and so on, until one split is left. Nobody is promised what
    they are worth alone: where no split gives everybody that, there still is an answer; where one
    does, and groups gain by joining, it is the nucleolus.

    Parameters
    ----------
    players : distinct, at most 12, in any order.
    value : what a group is worth; that of nobody is 0.

    Raises
    ------
    InputError
        If there are too many players, or none.
    SolverError
        If a linear program finds no answer.

    References
    ----------
    Schmeidler (1969), SIAM Journal on Applied Mathematics 17(6), 1163-1170. doi:10.1137/0117107
    Kopelowitz (1967), Computation of the kernels of simple games and the nucleolus of n-person
    games, Hebrew University of Jerusalem.

    Examples
    --------
    The Talmud's man who owes 100, 200 and 300 and leaves 200 (Aumann and Maschler 1985):

    >>> owed = {"a": 100.0, "b": 200.0, "c": 300.0}
    >>> left = lambda group: max(0.0, 200 - sum(owed[p] for p in owed if p not in group))
    >>> {name: round(share, 6) for name, share in prenucleolus(list(owed), left).items()}
    {'a': 50.0, 'b': 75.0, 'c': 75.0}
    """
    names = sorted(set(players))
    if not 1 <= len(names) <= LARGEST:
        raise InputError(
            f"there are {len(names)} players; give 1 to {LARGEST}, or ask for the least core"
        )
    worth = remembered(value)
    groups = [set(g) for k in range(1, len(names)) for g in combinations(names, k)]
    rows = np.array([[float(name in g) for name in names] for g in groups]).reshape(-1, len(names))
    worths = np.array([worth(frozenset(g)) for g in groups])
    fixed = np.ones((1, len(names)))
    fixed_to = np.array([worth(frozenset(names))])
    split = np.full(len(names), fixed_to[0] / len(names))
    while np.linalg.matrix_rank(fixed) < len(names):
        open_rows = ~_within(fixed, rows)
        rows, worths = rows[open_rows], worths[open_rows]
        split, excess, tight = _least_excess(rows, worths, fixed, fixed_to)
        fixed = np.vstack([fixed, rows[tight]])
        fixed_to = np.concatenate([fixed_to, worths[tight] - excess])
    split[np.abs(split) < _NEAR * max(1.0, abs(float(fixed_to[0])))] = 0.0
    return dict(zip(names, split.tolist(), strict=True))


def _within(fixed: Floats, rows: Floats) -> NDArray[np.bool_]:
    """Which groups get an amount that is settled by those of the groups that are fixed."""
    _, sizes, directions = np.linalg.svd(fixed)
    basis = directions[: int((sizes > _NEAR).sum())]
    return np.asarray(np.abs(rows - rows @ basis.T @ basis).max(axis=1) < _NEAR)


def _least_excess(
    rows: Floats, worths: Floats, fixed: Floats, fixed_to: Floats
) -> tuple[Floats, float, NDArray[np.bool_]]:
    """A split with the least greatest excess, that excess, and groups that have it in each."""
    n = rows.shape[1]
    scale = max(1.0, float(np.abs(worths).max()), float(np.abs(fixed_to).max()))
    found = linprog(
        np.append(np.zeros(n), 1.0),
        A_ub=np.hstack([-rows, -np.ones((len(rows), 1))]),
        b_ub=-worths / scale,
        A_eq=np.hstack([fixed, np.zeros((len(fixed), 1))]),
        b_eq=fixed_to / scale,
        bounds=(None, None),
    )
    if found.status != 0:
        raise SolverError(f"the split was not found: {found.message}; ask for the least core")
    # A price above 0 says that the group cannot get more in any best split.
    prices = -found.ineqlin.marginals
    tight = prices > _NEAR if (prices > _NEAR).any() else prices >= prices.max()
    return found.x[:n] * scale, float(found.x[n]) * scale, tight
