"""
The inner loops of detection, compiled by Numba.

Imported only when first needed: see `compiling` for what that takes, and where it is kept.

Weights are added in more than the working precision, so that ten tenths make one, and a sum
does not depend on the order of its terms.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from triplehelix.compiling import compiled, part
from triplehelix.sphere import Floats, Whole

Flags = NDArray[np.bool_]
Short = NDArray[np.int32]

# Unit vectors of one place, turned with the globe, differ by this much (some 10 nanometres).
ROUNDING = 2e-15

# Cells are this much smaller than they may be, and reach further by as many cells: a place
# on a border may be rounded into the cell next door.
SLACK = 1e-3


class Cells(NamedTuple):
    """
    Places sorted by cell, and what is known of each of the n_cells cells.

    xyz    shape (3, n): unit vectors
    weight shape (n,)
    start  shape (n_cells + 1,): cell c holds the places start[c] to start[c + 1]
    box    shape (6, n_cells): least x, y, z and greatest x, y, z of its places
    reach  shape (n_cells, n_runs, 2): cells [from, to) that hold all places within the radius
    """

    xyz: Floats
    weight: Floats
    start: Whole
    box: Floats
    reach: Whole


_FLOATS, _WHOLE, _FLAGS = types.float64[::1], types.int64[::1], types.boolean[::1]
_SHORT = types.int32[::1]
_REAL, _INT = types.float64, types.int64
_TABLE, _PAIRS, _RUNS = types.float64[:, ::1], types.int64[:, ::1], types.int64[:, :, ::1]
_CELLS: Any = types.NamedTuple((_TABLE, _FLOATS, _WHOLE, _TABLE, _RUNS), Cells)  # type: ignore[no-untyped-call]


@compiled(_INT(_WHOLE, _WHOLE, _SHORT, _SHORT, _SHORT))
def distinct(lat_bits: Whole, lon_bits: Whole, table: Short, place: Short, first: Short) -> int:
    """
    Number the distinct places in order of appearance, and return how many there are.

    `table` holds -1 everywhere, its length a power of 2 well above the number of rows;
    `place` gets each row's number, `first` the row each number appeared in. All three are of
    half width: for millions of rows they are most of the memory that merging takes.
    """
    mask, n = len(table) - 1, 0
    for row in range(len(lat_bits)):
        a, b = lat_bits[row], lon_bits[row]
        # Odd constants from the golden ratio spread near-equal coordinates (Knuth, vol. 3, 6.4).
        mixed = (a ^ (a >> 29)) * -7046029254386353131 + b
        mixed = (mixed ^ (mixed >> 32)) * -4417276706812531889
        slot = (mixed ^ (mixed >> 29)) & mask
        while table[slot] >= 0 and (
            lat_bits[first[table[slot]]] != a or lon_bits[first[table[slot]]] != b
        ):
            slot = (slot + 1) & mask
        if table[slot] < 0:
            table[slot] = n
            first[n] = row
            n += 1
        place[row] = table[slot]
    return n


@part
def _at_least(values: Whole, first: int, last: int, bound: int) -> int:
    """The first of rows [first, last) whose value is at least `bound`, or `last`."""
    while first < last:
        middle = (first + last) // 2
        if values[middle] < bound:
            first = middle + 1
        else:
            last = middle
    return first


@compiled(types.void(_WHOLE, _WHOLE, _WHOLE, _WHOLE, _PAIRS, _TABLE, _RUNS))
def find_runs(
    occupied: Whole,
    in_band: Whole,
    band_start: Whole,
    around: Whole,
    other: Whole,
    turn: Floats,
    reach: Whole,
) -> None:
    """
    Fill `Cells.reach`, two runs for each step from a cell's own band to another.

    Parameters
    ----------
    occupied, in_band : shape (n_cells,)
        Number of the cell along its band, and the band's row.
    band_start, around : shape (n_bands + 1,), (n_bands,)
        First cell of each band; how many cells go round it.
    other, turn : shape (n_bands, n_steps)
        The band reached (-1: none), and how far its neighbours may lie to either side (radians).
    reach : shape (n_cells, 2 n_steps, 2)
        Zeros, written over: the second run of a step is there to wrap round the globe.
    """
    for c in range(len(occupied)):
        own = in_band[c]
        for step in range(other.shape[1]):
            band = other[own, step]
            if band < 0:
                continue
            first, last, n = band_start[band], band_start[band + 1], around[band]
            scale, width = n / around[own], turn[own, step] * n / (2.0 * np.pi) + SLACK
            west = int(np.floor(occupied[c] * scale - width))
            east = int(np.floor((occupied[c] + 1) * scale + width)) + 1
            if east - west >= n:
                west, east = 0, n
            run = reach[c, 2 * step]
            run[0] = _at_least(occupied, first, last, max(west, 0))
            run[1] = _at_least(occupied, first, last, min(east, n))
            if west < 0 or east > n:
                run = reach[c, 2 * step + 1]
                run[0] = _at_least(occupied, first, last, west + n if west < 0 else 0)
                run[1] = _at_least(occupied, first, last, n if west < 0 else east - n)


@part
def _add(high: float, low: float, more: float, more_low: float) -> tuple[float, float]:
    """The error of a sum, exactly: Knuth, vol. 2, 4.2.2, theorem B."""
    new = high + more
    rest = new - high
    return new, low + ((high - (new - rest)) + (more - rest)) + more_low


@compiled(types.void(_WHOLE, _FLOATS, _TABLE))
def add_up(group: Whole, weight: Floats, total: Floats) -> None:
    """Add each weight to the total of its group: `total` is (2, n_groups), high and low part."""
    for i in range(len(group)):
        g = group[i]
        total[0, g], total[1, g] = _add(total[0, g], total[1, g], weight[i], 0.0)


@compiled(_FLOATS(_WHOLE, _FLOATS, _INT))
def add_up_in_any_order(group: Whole, weight: Floats, n_groups: int) -> Floats:
    """
    Sums of weights >= 0 by group, the same to the last bit for any order of the rows.

    Each weight is cut into three pieces at bits that the greatest weight of its group sets.
    The cuts leave room for as many carries as there are rows, so pieces add up exactly, and
    exact sums know no order. What is below the last cut, some 2^-85 of that greatest weight
    for millions of rows, is left out. Weights are at most 1e200, so that no cut overflows.

    References
    ----------
    Demmel and Nguyen (2015), IEEE Transactions on Computers 64(7), 2060-2070, section 4.
    doi:10.1109/TC.2014.2345391
    """
    greatest = np.zeros(n_groups)
    for i in range(len(group)):
        greatest[group[i]] = max(greatest[group[i]], weight[i])
    room = 2.0
    while room < len(group):
        room *= 2.0
    cut, piece = np.empty((3, n_groups)), np.zeros((3, n_groups))
    for g in range(n_groups):
        bound = greatest[g]
        for k in range(3):
            # 1.5 times a power of 2: what is added to it and taken off again is rounded to
            # a multiple of that power's last bit (Demmel and Nguyen, section 3).
            power = 2.0 ** np.ceil(np.log2(bound * room)) if bound > 0.0 else 0.0
            cut[k, g] = 1.5 * power
            bound = power * 2.0**-52
    for i in range(len(group)):
        g, rest = group[i], weight[i]
        for k in range(3):
            rounded = (rest + cut[k, g]) - cut[k, g]
            piece[k, g] += rounded
            rest -= rounded
    total = np.empty(n_groups)
    for g in range(n_groups):
        high, low = _add(piece[0, g], 0.0, piece[1, g], 0.0)
        high, low = _add(high, low, piece[2, g], 0.0)
        total[g] = high + low
    return total


@part
def _nearest(box: Floats, c: int, x: float, y: float, z: float) -> float:
    """Square of the shortest way from a point to the box of a cell."""
    dx = max(box[0, c] - x, 0.0, x - box[3, c])
    dy = max(box[1, c] - y, 0.0, y - box[4, c])
    dz = max(box[2, c] - z, 0.0, z - box[5, c])
    return float(dx * dx + dy * dy + dz * dz)


@part
def _furthest(box: Floats, c: int, x: float, y: float, z: float) -> float:
    """Square of a way no shorter than that from a point to any place of a cell."""
    dx = max(x - box[0, c], box[3, c] - x)
    dy = max(y - box[1, c], box[4, c] - y)
    dz = max(z - box[2, c], box[5, c] - z)
    return float(dx * dx + dy * dy + dz * dz)


@part
def _square(xyz: Floats, i: int, j: int) -> float:
    """Square of the chord between two places."""
    dx = xyz[0, i] - xyz[0, j]
    dy = xyz[1, i] - xyz[1, j]
    dz = xyz[2, i] - xyz[2, j]
    return float(dx * dx + dy * dy + dz * dz)


@part
def _add_cell(
    cells: Cells, total: Floats, chord_2: float, i: int, d: int, high: float, low: float
) -> tuple[float, float]:
    """The sum, and the weight of the places of cell `d` within the chord of place `i`."""
    xyz, weight, start, box, _ = cells
    x, y, z = xyz[0, i], xyz[1, i], xyz[2, i]
    if _nearest(box, d, x, y, z) > chord_2:
        return high, low
    if _furthest(box, d, x, y, z) <= chord_2:
        return _add(high, low, total[0, d], total[1, d])
    for j in range(start[d], start[d + 1]):
        if _square(xyz, i, j) <= chord_2:
            high, low = _add(high, low, weight[j], 0.0)
    return high, low


@part
def _is_core(
    cells: Cells, total: Floats, chord_2: float, min_weight: float, c: int, i: int
) -> bool:
    """Whether place `i` of cell `c` is core; sums only grow, so stop as soon as it is."""
    high, low = total[0, c], total[1, c]
    for run in range(cells.reach.shape[1]):
        for d in range(cells.reach[c, run, 0], cells.reach[c, run, 1]):
            if high + low >= min_weight:
                return True
            if d != c:
                high, low = _add_cell(cells, total, chord_2, i, d, high, low)
    return bool(high + low >= min_weight)


@part
def _weight_in_reach(cells: Cells, total: Floats, c: int) -> float:
    weight = 0.0
    for run in range(cells.reach.shape[1]):
        for d in range(cells.reach[c, run, 0], cells.reach[c, run, 1]):
            weight += total[0, d] + total[1, d]
    return weight


@compiled(types.void(_CELLS, _TABLE, _REAL, _REAL, _INT, _INT, _FLAGS))
def mark_core(
    cells: Cells,
    total: Floats,
    chord_2: float,
    min_weight: float,
    from_cell: int,
    to_cell: int,
    core: Flags,
) -> None:
    """
    Flag the places of cells [from_cell, to_cell) with `min_weight` within the chord.

    A place of no weight is never core: it does not count, and so joins no others. `chord_2`
    is the square of the chord, `total` the weight of each cell in two parts.
    """
    for c in range(from_cell, to_cell):
        if _weight_in_reach(cells, total, c) * (1.0 + 1e-9) >= min_weight:
            for i in range(cells.start[c], cells.start[c + 1]):
                core[i] = cells.weight[i] > 0.0 and _is_core(
                    cells, total, chord_2, min_weight, c, i
                )


@part
def _root(parent: Whole, c: int) -> int:
    while parent[c] != c:
        parent[c] = parent[parent[c]]
        c = parent[c]
    return c


@part
def _box_squares(box: Floats, c: int, d: int) -> tuple[float, float]:
    """Squares of the shortest and of the longest way between the boxes of two cells."""
    near = far = 0.0
    for axis in range(3):
        gap = max(box[axis, c] - box[axis + 3, d], box[axis, d] - box[axis + 3, c], 0.0)
        span = max(box[axis + 3, c] - box[axis, d], box[axis + 3, d] - box[axis, c])
        near += gap * gap
        far += span * span
    return near, far


@part
def _meet(cells: Cells, core: Flags, chord_2: float, c: int, d: int) -> bool:
    """Whether a core place of one cell is within the chord of a core place of the other."""
    xyz, start, box = cells.xyz, cells.start, cells.box
    for i in range(start[c], start[c + 1]):
        if core[i] and _nearest(box, d, xyz[0, i], xyz[1, i], xyz[2, i]) <= chord_2:
            for j in range(start[d], start[d + 1]):
                if core[j] and _square(xyz, i, j) <= chord_2:
                    return True
    return False


@part
def _join_cell(
    cells: Cells, core: Flags, chord_2: float, c: int, search: bool, parent: Whole
) -> None:
    """Join a cell with later ones: those surely within the chord, or those found to be."""
    for run in range(cells.reach.shape[1]):
        for d in range(max(cells.reach[c, run, 0], c + 1), cells.reach[c, run, 1]):
            if parent[d] < 0:
                continue
            one, other = _root(parent, c), _root(parent, d)
            if one == other:
                continue
            near, far = _box_squares(cells.box, c, d)
            if far <= chord_2 or (search and near <= chord_2 and _meet(cells, core, chord_2, c, d)):
                parent[max(one, other)] = min(one, other)


@compiled(_WHOLE(_CELLS, _REAL, _FLAGS))
def join(cells: Cells, chord_2: float, core: Flags) -> Whole:
    """
    For each cell, the cell that stands for its component of core places; -1 without any.

    All core places of a cell hang together; two cells do if one core place of each are within
    the chord. Sure pairs are joined first, so that few are left to be searched.

    References
    ----------
    Gan and Tao (2015), SIGMOD, 519-530 (cells). doi:10.1145/2723372.2737792
    Tarjan (1975), Journal of the ACM 22(2), 215-225 (union-find). doi:10.1145/321879.321884
    """
    n_cells = cells.reach.shape[0]
    parent = np.full(n_cells, -1, dtype=np.int64)
    for c in range(n_cells):
        for i in range(cells.start[c], cells.start[c + 1]):
            if core[i]:
                parent[c] = c
    for search in (False, True):
        for c in range(n_cells):
            if parent[c] >= 0:
                _join_cell(cells, core, chord_2, c, search, parent)
    for c in range(n_cells):
        if parent[c] >= 0:
            parent[c] = _root(parent, c)
    return parent


@part
def _nearest_core(
    cells: Cells, core: Flags, parent: Whole, rank: Whole, limit: float, c: int, i: int
) -> tuple[int, float]:
    """The core place of least rank with a square chord up to `limit`, and the least square."""
    best, least = -1, np.inf
    for run in range(cells.reach.shape[1]):
        for d in range(cells.reach[c, run, 0], cells.reach[c, run, 1]):
            if parent[d] < 0:
                continue
            for j in range(cells.start[d], cells.start[d + 1]):
                square = _square(cells.xyz, i, j)
                if core[j] and square <= limit:
                    least = min(least, square)
                    if best < 0 or rank[j] < rank[best]:
                        best = j
    return best, least


@compiled(types.void(_CELLS, _REAL, _FLAGS, _WHOLE, _WHOLE, _INT, _INT, _WHOLE))
def attach(
    cells: Cells,
    chord_2: float,
    core: Flags,
    parent: Whole,
    rank: Whole,
    from_cell: int,
    to_cell: int,
    component: Whole,
) -> None:
    """
    The component of each place of cells [from_cell, to_cell), as a cell; -1 for noise.

    A place that is not core goes with the nearest core place within the chord. Of those as
    near as rounding can tell, with the one of least `rank`.
    """
    for c in range(from_cell, to_cell):
        for i in range(cells.start[c], cells.start[c + 1]):
            if core[i]:
                component[i] = parent[c]
                continue
            best, least = _nearest_core(cells, core, parent, rank, chord_2, c, i)
            if best >= 0:
                tie = min((np.sqrt(least) + ROUNDING) ** 2, chord_2)
                best, _ = _nearest_core(cells, core, parent, rank, tie, c, i)
                component[i] = parent[_at_least(cells.start, 0, len(cells.start), best + 1) - 1]
