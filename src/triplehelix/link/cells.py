"""The groups present in one activity, counted by Numba without a sort; imported when needed."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from triplehelix.compiling import part

Wholes = NDArray[np.int64]


class Cells(NamedTuple):
    """
    Groups found one after the other: `group` says which, the first n[0] of them.

    `size` has the number of participants per group, `place` where it stands among those found.
    """

    size: Wholes
    place: Wholes
    group: Wholes
    n: Wholes


@part
def empty_cells(n_groups: int, most: int) -> Cells:
    """None yet, of groups 1 to n_groups; there is room for `most`."""
    return Cells(np.zeros(n_groups + 1, np.int64), np.zeros(n_groups + 1, np.int64),
                 np.zeros(most, np.int64), np.zeros(1, np.int64))  # fmt: skip


@part
def count_in(cells: Cells, group: int) -> None:
    """One participant more in a group; 0 is none."""
    if group > 0:
        if cells.size[group] == 0:
            cells.place[group] = cells.n[0]
            cells.group[cells.n[0]] = group
            cells.n[0] += 1
        cells.size[group] += 1


@part
def clear(cells: Cells) -> None:
    """Forget what was found."""
    for k in range(cells.n[0]):
        cells.size[cells.group[k]] = 0
    cells.n[0] = 0


@part
def count_both(
    both: Wholes, one: Cells, other: Cells, group: Wholes, kind: Wholes, first: int, last: int
) -> None:  # fmt: skip
    """Participants by place in `one` and place in `other`, of rows `first` to `last`."""
    both[: one.n[0], : other.n[0]] = 0
    for row in range(first, last):
        if group[row] > 0 and kind[row] > 0:
            both[one.place[group[row]], other.place[kind[row]]] += 1


@part
def largest(start: Wholes, activities: Wholes) -> int:
    """The most participants that any of these activities has, at least 1."""
    most = 1
    for k in activities:
        most = max(most, start[k + 1] - start[k])
    return most
