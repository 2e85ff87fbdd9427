"""Which places are dense, and which dense places hang together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import config

from triplehelix.detect import kernels
from triplehelix.detect.cells import cells
from triplehelix.detect.kernels import Flags
from triplehelix.detect.places import Places, totals
from triplehelix.sphere import Whole

# With fewer cells than this, handing work to a second thread takes longer than the work.
_CELLS_PER_TASK = 1024


def dense_components(places: Places, chord: float, min_weight: float) -> tuple[Whole, Flags]:
    """
    For each of n places, the number of its cluster, and whether it is core.

    Places of one cluster share a number from 0 to n - 1; -1 is noise. `chord` is the radius
    as a chord of the unit sphere.
    """
    grid, order = cells(places.lat, places.lon, places.weight, chord)
    n_cells, chord_2 = len(grid.start) - 1, (chord + kernels.ROUNDING) ** 2
    cell = np.repeat(np.arange(n_cells), np.diff(grid.start))
    total = totals(cell, grid.weight, n_cells)
    core = np.zeros(len(order), dtype=np.bool_)
    component = np.full(len(order), -1, dtype=np.int64)

    in_parts(n_cells, lambda a, b: kernels.mark_core(grid, total, chord_2, min_weight, a, b, core))
    parent = kernels.join(grid, chord_2, core)
    in_parts(
        n_cells, lambda a, b: kernels.attach(grid, chord_2, core, parent, order, a, b, component)
    )
    row = np.empty_like(order)
    row[order] = np.arange(len(order))
    return component[row], core[row]


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
