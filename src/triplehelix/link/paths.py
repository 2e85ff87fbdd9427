"""Products of rows of two tables, and ways between two nodes over two others, pair by pair."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]

ROWS_AT_ONCE = 256


def row_products(left: Any, right: Any, i: Wholes, j: Wholes) -> Reals:
    """
    The product of row i of `left` with row j of `right`, per pair.

    Examples
    --------
    >>> right = np.array([[3.0, 4.0], [5.0, 6.0]])
    >>> row_products(np.eye(2), right, np.array([0, 1]), np.array([1, 0]))
    array([5., 4.])
    """
    other = right.T.tocsr() if sparse.issparse(right) else right.T
    return _looked_up(lambda rows: left[rows] @ other, i, j)


def three_steps(tied: sparse.csr_array, i: Wholes, j: Wholes) -> Reals:
    """
    Ways of three ties between two nodes, each over the root of its two middle nodes' partners.

    Parameters
    ----------
    tied : shape (n, n)
        1 where two nodes are tied, else nothing; symmetric.
    i, j : indices of nodes.

    References
    ----------
    Kovacs et al. (2019), Nature Communications 10, 1240: ways of three steps tell
    more than common partners where those who are alike need not meet.
    doi:10.1038/s41467-019-09177-y

    Examples
    --------
    One way of three ties leads from end to end of a chain of four; both in the middle have two
    partners, and 1 / root(2 * 2) is a half:

    >>> chain = sparse.csr_array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0.0]])
    >>> three_steps(chain, np.array([0]), np.array([3])).round(2).tolist()
    [0.5]
    """
    degree = np.diff(tied.indptr).astype(float)
    worth = np.divide(1.0, np.sqrt(degree), out=np.zeros(len(degree)), where=degree > 0)
    middle = sparse.csr_array(tied * worth[:, None] * worth[None, :])
    return _looked_up(lambda rows: (tied[rows] @ middle).toarray() @ tied, i, j)


def _looked_up(table_of: Callable[[Wholes], Any], i: Wholes, j: Wholes) -> Reals:
    """Entry j of row i of a table, per pair; the table is made of some rows at a time."""
    order = np.argsort(i, kind="stable")
    sorted_i, found = i[order], np.zeros(len(i))
    rows = np.unique(i)
    # A portion of the whole table at a time: far faster than row by row.
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = rows[start : start + ROWS_AT_ONCE]
        at = order[slice(*np.searchsorted(sorted_i, [part[0], part[-1] + 1]))]
        table = table_of(part)
        table = table if isinstance(table, np.ndarray) else table.toarray()
        found[at] = table[np.searchsorted(part, i[at]), j[at]]
    return found
