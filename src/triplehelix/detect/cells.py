"""
Cells that cover the sphere, so that a place looks for neighbours in a few of them only.

Bands of latitude are cut into cells of longitude. No two places of one cell are further
apart than the radius, and every cell knows the runs of cells that its places can reach:
across the 180th meridian, and all the way round near a pole.
"""

from typing import NamedTuple

import numpy as np

from triplehelix.detect import kernels
from triplehelix.detect.kernels import Cells
from triplehelix.sphere import Floats, Whole, unit_vectors

# A cell is this much smaller than it may be, and its reach wider by as many cells: places on
# a border may be rounded into the cell next door.
_SLACK = kernels.SLACK


class _Bands(NamedTuple):
    """The occupied bands: number from the south pole, cells around, rows of the cell table."""

    number: Whole
    around: Whole
    start: Whole


def cells(lat: Floats, lon: Floats, weight: Floats, chord: float) -> tuple[Cells, Whole]:
    """
    The cells of distinct places for one radius.

    Parameters
    ----------
    lat, lon, weight : shape (n,), n >= 1
        Sorted by latitude; degrees as `sphere.checked_degrees` writes them.
    chord : radii
        The radius, as a chord of the unit sphere.

    Returns
    -------
    cells, order
        `order`, shape (n,), is the place each row of the cells stands for.
    """
    side = chord / np.sqrt(2.0) * (1.0 - 4 * _SLACK)
    height = 2.0 * np.arcsin(side / 2.0)
    band = np.floor(np.radians(lat + 90.0) / height).astype(np.int64)
    first = np.flatnonzero(np.diff(band, prepend=-1))
    number = band[first]
    around = _cells_around(number, height, side)
    row = np.repeat(np.arange(len(number)), np.diff(first, append=len(band)))
    cell = np.minimum((lon + 180.0) / 360.0 * around[row], around[row] - 1).astype(np.int64)
    key = (row << 36) | cell
    order = np.argsort(key, kind="stable")
    key = key[order]
    start = np.flatnonzero(np.diff(key, prepend=-1))
    occupied, in_band = key[start] & ((1 << 36) - 1), key[start] >> 36
    bands = _Bands(number, around, np.searchsorted(in_band, np.arange(len(number) + 1)))
    xyz = np.ascontiguousarray(unit_vectors(lat[order], lon[order]).T)
    box = np.concatenate(
        [np.minimum.reduceat(xyz, start, axis=1), np.maximum.reduceat(xyz, start, axis=1)]
    )
    reach = _reach(bands, occupied, in_band, height, chord)
    return Cells(xyz, weight[order], np.append(start, len(key)), box, reach), order


def _cells_around(number: Whole, height: float, side: float) -> Whole:
    """How many cells go round each band, so that a cell is at most `side` wide."""
    widest = _cosines(number, height)[1]
    half = np.minimum(side / (2.0 * np.maximum(widest, 1e-300)), 1.0)
    return np.asarray(np.maximum(np.floor(np.pi / np.arcsin(half)), 1)).astype(np.int64)


def _cosines(number: Whole, height: float) -> tuple[Floats, Floats]:
    """The least and the greatest cosine of latitude in each band, on the safe side."""
    south = (number - _SLACK) * height - np.pi / 2
    north = (number + 1 + _SLACK) * height - np.pi / 2
    least = np.cos(np.minimum(np.maximum(np.abs(south), np.abs(north)), np.pi / 2))
    nearest = np.where((south < 0) & (north > 0), 0.0, np.minimum(np.abs(south), np.abs(north)))
    return np.maximum(least, 0.0), np.cos(nearest)


def _reach(bands: _Bands, occupied: Whole, in_band: Whole, height: float, chord: float) -> Whole:
    """Shape (n_cells, n_runs, 2), nearest bands first; each may need two runs, to wrap round."""
    arc = 2.0 * np.arcsin(min(chord / 2.0, 1.0))
    furthest = int(np.floor(arc / height + _SLACK)) + 1
    steps = sorted(range(-furthest, furthest + 1), key=abs)
    other = np.empty((len(bands.number), len(steps)), dtype=np.int64)
    turn = np.empty(other.shape)
    for i, step in enumerate(steps):
        at = np.minimum(np.searchsorted(bands.number, bands.number + step), len(other) - 1)
        other[:, i] = np.where(bands.number[at] == bands.number + step, at, -1)
        turn[:, i] = _turn(bands.number, step, height, chord)
    reach = np.zeros((len(occupied), 2 * len(steps), 2), dtype=np.int64)
    kernels.find_runs(occupied, in_band, bands.start, bands.around, other, turn, reach)
    return reach


def _turn(number: Whole, step: int, height: float, chord: float) -> Floats:
    """
    The greatest difference in longitude (radians) between neighbours in two bands.

    From sin2(d/2) = sin2(dlat/2) + cos(lat1) cos(lat2) sin2(dlon/2), d being at most the radius.
    """
    gap = max(abs(step) - 1 - 2 * _SLACK, 0.0) * height
    left = max((chord / 2.0) ** 2 - np.sin(gap / 2.0) ** 2, 0.0)
    flat = _cosines(number, height)[0] * _cosines(number + step, height)[0]
    half = np.arcsin(np.sqrt(np.minimum(left / np.maximum(flat, 1e-300), 1.0)))
    return np.asarray(2.0 * half)
