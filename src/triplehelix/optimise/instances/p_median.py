"""OR-Library's p-median files (`pmed*`): p places so that the way to the nearest is short."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from triplehelix.errors import InputError
from triplehelix.optimise.instances.numbers import Floats, Ints, Numbers

# Distances fill n x n numbers of 8 bytes, and are gone through as often as there are steps.
MOST_NODES = 3_000


@dataclass(frozen=True, slots=True)
class PMedian:
    """
    A graph of `n` nodes, of which `p` are to be chosen.

    `ends` has shape (n_edges, 2), nodes from 0, each pair once; `length` shape (n_edges,), >= 0.
    """

    n: int
    p: int
    ends: Ints
    length: Floats


def read_p_median(text: str, name: str = "the file") -> PMedian:
    """
    Read a p-median instance: nodes, edges, p, then an edge a line.

    Of an edge that is given twice the last length counts, as OR-Library says.

    Raises
    ------
    InputError
        If numbers are missing, left over or out of range, or p is more than the nodes.

    References
    ----------
    Beasley (1985), A note on solving large p-median problems, European Journal of Operational
    Research 21(2), 270-273. doi:10.1016/0377-2217(85)90040-2

    Examples
    --------
    >>> read_p_median("3 3 1  1 2 5  2 3 4  2 1 7").length
    array([7., 4.])
    """
    numbers = Numbers(text, name)
    n, n_edges, p = map(int, numbers.whole(3, "the numbers of nodes, edges and medians", low=0))
    if n < 1 or not 1 <= p <= n:
        raise InputError(
            f"{name}: {p} medians among {n} nodes; there must be from 1 to as many as nodes"
        )
    if n > MOST_NODES:
        raise InputError(f"{name}: {n} nodes; at most {MOST_NODES} can be read: leave some out")
    if len(numbers) < 3 + 3 * n_edges:
        raise InputError(
            f"{name}: {n_edges} edges need {3 + 3 * n_edges} numbers, and it ends after "
            f"{len(numbers)}; it is cut off or of another format: fetch it again"
        )
    edges = np.empty((n_edges, 3))
    for at in range(n_edges):
        edges[at, :2] = numbers.whole(2, f"the ends of edge {at + 1}", low=1, high=n)
        edges[at, 2] = numbers.take(1, f"the length of edge {at + 1}", low=0)[0]
    numbers.end(f"edge {n_edges}, the last")
    ends = np.sort(edges[:, :2].astype(np.int64) - 1, axis=1)
    # Read from the back, the first of each pair is the one that counts.
    _, last = np.unique((ends[:, 0] * n + ends[:, 1])[::-1], return_index=True)
    keep = n_edges - 1 - last
    return PMedian(n, p, ends[keep], edges[keep, 2])


def distances(instance: PMedian) -> Floats:
    """
    Length of the shortest way between each two nodes, shape (n, n); infinite where there is none.

    Examples
    --------
    >>> distances(read_p_median("3 2 1  1 2 5  2 3 4"))
    array([[0., 5., 9.],
           [5., 0., 4.],
           [9., 4., 0.]])
    """
    n = instance.n
    # A sparse matrix takes a stored 0 for "no edge"; the least number above 0 stands in for it.
    length = np.maximum(instance.length, np.finfo(float).tiny)
    graph = csr_array((length, (instance.ends[:, 0], instance.ends[:, 1])), shape=(n, n))
    found = shortest_path(graph, directed=False, method="D")
    found[found < 1e-300] = 0.0
    np.fill_diagonal(found, 0.0)
    return np.asarray(found, dtype=np.float64)
