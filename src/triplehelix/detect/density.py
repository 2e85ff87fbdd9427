"""Which places are dense, and which dense places hang together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numba import config

from triplehelix.detect import kernels
from triplehelix.detect.cells import cells
from triplehelix.detect.kernels import Cells, Flags
from triplehelix.detect.places import Places, totals
from triplehelix.sphere import Floats, Whole

# With fewer cells than this, handing work to a second thread takes longer than the work.
_CELLS_PER_TASK = 1024


class Grid(NamedTuple):
    """n places in cells for one radius: all that does not depend on what they weigh."""

    cells: Cells
    cell: Whole  # of each row of the cells
    order: Whole  # the place each row of the cells stands for
    row: Whole  # the row that stands for each place
    chord_2: float


def grid_of(places: Places, chord: float) -> Grid:
    """The places in cells for the radius `chord`, which is a chord of the unit sphere."""
    in_cells, order = cells(places.lat, places.lon, places.weight, chord)
    row = np.empty_like(order)
    row[order] = np.arange(len(order))
    cell = np.repeat(np.arange(len(in_cells.start) - 1), np.diff(in_cells.start))
    return Grid(in_cells, cell, order, row, (chord + kernels.ROUNDING) ** 2)


def dense_components(grid: Grid, weight: Floats, min_weight: float) -> tuple[Whole, Flags]:
    """
    For each of n places, the number of its cluster, and whether it is core.

    Places of one cluster share a number from 0 to n - 1; -1 is noise. `weight` is that of
    each place.
    """
    weighed = grid.cells._replace(weight=weight[grid.order])
    n_cells, chord_2 = len(weighed.start) - 1, grid.chord_2
    total = totals(grid.cell, weighed.weight, n_cells)
    core = np.zeros(len(weight), dtype=np.bool_)
    component = np.full(len(weight), -1, dtype=np.int64)

    in_parts(
        n_cells, lambda a, b: kernels.mark_core(weighed, total, chord_2, min_weight, a, b, core)
    )
    parent = kernels.join(weighed, chord_2, core)
    in_parts(
        n_cells,
        lambda a, b: kernels.attach(weighed, chord_2, core, parent, grid.order, a, b, component),
    )
    return component[grid.row], core[grid.row]


def in_parts(n_cells: int, work: Callable[[int, int], None]) -> None:
    """Do `work(from, to)` on runs of cells, on all processors that Numba may use."""
    n_threads = int(config.NUMBA_NUM_THREADS)  # type: ignore[attr-defined]
    n_tasks = min(16 * n_threads, n_cells // _CELLS_PER_TASK)
    if n_tasks < 2 or n_threads < 2:
        work(0, n_cells)
        return
    edges = np.linspace(0, n_cells, n_tasks + 1).astype(np.int64)
    with ThreadPoolExecutor(n_threads) as pool:
        list(pool.map(work, edges[:-1], edges[1:]))
