"""The pairs of groups that activities join, added up by Numba; imported when first needed."""

import numpy as np
from numba import types
from numpy.typing import NDArray

from triplehelix.compiling import compiled

Wholes = NDArray[np.int64]
Places = NDArray[np.int32]
Reals = NDArray[np.float64]

_WHOLE, _PLACE, _REAL = types.int64[::1], types.int32[::1], types.float64[::1]
_CELLS = (_WHOLE,) * 5


@compiled(_WHOLE(*_CELLS, _WHOLE))
def count_pairs(
    begin: Wholes, activity: Wholes, group: Wholes, by_group: Wholes, start: Wholes, n_own: Wholes
) -> Wholes:  # fmt: skip
    """
    How many groups each one is tied to of those after it; itself too where `n_own` is above 0.

    Cells are sorted by activity, then group: activity a has the cells begin[a] to begin[a + 1].
    `by_group` lists the cells group by group: g has its entries start[g] to start[g + 1].
    """
    seen = np.full(len(n_own), -1)
    found = np.zeros(len(n_own), np.int64)
    for g in range(len(n_own)):
        found[g] = 1 if n_own[g] > 0 else 0
        for cell in by_group[start[g] : start[g + 1]]:
            for other in group[cell + 1 : begin[activity[cell] + 1]]:
                if seen[other] != g:
                    seen[other] = g
                    found[g] += 1
    return found


@compiled(types.void(*_CELLS, _WHOLE, _REAL, _REAL, _REAL, _WHOLE, _PLACE, _REAL, _WHOLE))
def fill_pairs(
    begin: Wholes, activity: Wholes, group: Wholes, by_group: Wholes, start: Wholes,
    n_own: Wholes, own: Reals, share: Reals, worth: Reals, row: Wholes, second: Places,
    weight: Reals, n: Wholes,
) -> None:  # fmt: skip
    """
    The second group of each pair, its weight and activities, those of g at row[g] to row[g + 1].

    A pair of an activity has the product of its two cells' shares, times the activity's worth;
    `own` are the weights of ties inside groups.
    """
    total, count = np.zeros(len(n_own)), np.zeros(len(n_own), np.int64)
    for g in range(len(n_own)):
        last = row[g]
        if n_own[g] > 0:
            second[last], total[g], count[g] = g, own[g], n_own[g]
            last += 1
        for cell in by_group[start[g] : start[g + 1]]:
            mine = share[cell] * worth[activity[cell]]
            for k in range(cell + 1, begin[activity[cell] + 1]):
                other = group[k]
                if count[other] == 0:
                    second[last] = other
                    last += 1
                total[other] += mine * share[k]
                count[other] += 1
        second[row[g] : last].sort()
        for at in range(row[g], last):
            other = second[at]
            weight[at], n[at] = total[other], count[other]
            total[other], count[other] = 0.0, 0
