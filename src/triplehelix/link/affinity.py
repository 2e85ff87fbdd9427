"""How much two kinds of nodes meet, beside what the work of both would give."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from triplehelix.link.numbered import numbered_text

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]

# So much weight of either stands against chance before a rare pair of kinds is told apart.
_FIRM = 5.0


def affinity(part: sparse.csr_array, kind: ArrayLike) -> tuple[Wholes, Reals]:
    """
    The number of each node's kind, and kinds x kinds the log of their ties over chance.

    Parameters
    ----------
    part : shape (n_nodes, n_activities)
        1 where a node takes part.
    kind : shape (n_nodes,)
        Its helix, or its country.

    Returns
    -------
    number : of each node's kind, in the order of their names
    table : shape (n_kinds, n_kinds)
        log((o + 5) / (e + 5)): o is the weight between the two, where an activity of n spreads
        n over its pairs (1 / (n - 1) each, both ways; Newman); e is what o would be if kinds
        met by how much they do. 0 where they meet as by chance.

    References
    ----------
    Newman (2001), Physical Review E 64, 016132. doi:10.1103/PhysRevE.64.016132

    Examples
    --------
    Two pairs of one kind each, ten times: each kind meets itself twice as much as by chance:

    >>> part = sparse.csr_array(np.kron(np.eye(2), np.ones((2, 10))))
    >>> affinity(part, ["x", "x", "y", "y"])[1].round(2).tolist()
    [[0.51, -1.1], [-1.1, 0.51]]
    """
    kinds, number = numbered_text(kind)
    n_in = np.asarray(part.sum(axis=0)).ravel()
    beside = np.divide(1.0, n_in - 1, out=np.zeros_like(n_in), where=n_in > 1)
    nodes = np.arange(len(number))
    of_kind = sparse.csr_array((np.ones(len(number)), (number, nodes)),
                               shape=(len(kinds), len(number)))  # fmt: skip
    there = np.asarray((of_kind @ part).toarray())
    met = (there * beside) @ there.T - np.diag(there @ beside)
    total = met.sum(axis=1)
    expected = np.outer(total, total) / max(total.sum(), 1.0)
    return number, np.log((met + _FIRM) / (expected + _FIRM))
