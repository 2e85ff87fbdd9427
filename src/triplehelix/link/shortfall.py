"""How much of the joint work that gravity lets one expect of a node and others is not there."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from triplehelix.errors import InputError
from triplehelix.link.gravity import Nodes, pair_columns
from triplehelix.link.joining import Work
from triplehelix.link.past import Past
from triplehelix.link.ppml import Fit, ppml

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]

# Of more nodes than this all pairs are not looked at in one go.
MOST_NODES = 4000
# Two "hardly" work together where there is no more than this part of what could be expected.
HARDLY = 0.5
_ROUNDING = 1e-6


class Short(NamedTuple):
    """
    Nodes that work with one node hardly or not at all.

    `shared` counts activities; `expected` is what gravity lets one expect, NaN if untold.
    """

    node: Wholes
    shared: Reals
    expected: Reals

    def among(self, these: Wholes) -> "Short":
        """Those that are among these nodes."""
        here = np.isin(self.node, these)
        return Short(self.node[here], self.shared[here], self.expected[here])


def expectation(so_far: Past, done: Work) -> Fit | None:
    """
    The gravity model of shared activities over all pairs of nodes; None where none can be told.

    Parameters
    ----------
    so_far : Past
        Of at most 4,000 nodes.
    done : the work that it was made of.

    Raises
    ------
    InputError
        If there are too many nodes.
    """
    n = len(so_far.node)
    if n > MOST_NODES:
        raise InputError(
            f"{n:,} nodes make too many pairs; give at most {MOST_NODES:,}, such as one country's"
        )
    if n < 2:
        return None
    i, j = np.triu_indices(n, 1)
    together = np.asarray((done.part @ done.part.T).toarray())[i, j]
    try:
        return ppml(together, pair_columns(_nodes(so_far), i, j))
    except InputError:
        # Too little, or too regular, to fit: then nothing is expected of anybody.
        return None


def short_of(
    so_far: Past, shared: Reals, node: int, expected_by: Fit | None, *, hardly: float = HARDLY
) -> Short:
    """
    The nodes with which one shares nothing, or at most a part of what could be expected.

    Parameters
    ----------
    so_far : Past
    shared : shape (n_nodes,)
        Activities that each shares with the node.
    node : its index.
    expected_by : from `expectation`; without it only those with nothing shared are given.
    hardly : which part is no more than "hardly", 0 to 1.

    Examples
    --------
    >>> from triplehelix.link.past import Traits, past
    >>> traits = Traits(list("abc"), [0.0] * 3, [0.0] * 3, ["GB"] * 3, ["academia"] * 3)
    >>> so_far = past(["p", "p", "q"], list("abc"), traits)
    >>> short_of(so_far, np.array([1.0, 1.0, 0.0]), 0, None).node.tolist()
    [2]
    """
    others = np.delete(np.arange(len(so_far.node), dtype=np.int64), node)
    seen = np.asarray(shared, dtype=float)[others]
    expected = np.full(len(others), np.nan)
    if expected_by is not None and len(others):
        columns = pair_columns(_nodes(so_far), np.full(len(others), node), others)
        expected = np.exp(expected_by.log_expected(columns))
    # A little less, so that what is met exactly does not fall short by a rounding error.
    here = (seen == 0) | (seen <= hardly * (1 - _ROUNDING) * np.nan_to_num(expected))
    return Short(others[here], seen[here], expected[here])


def _nodes(so_far: Past) -> Nodes:
    return Nodes(
        so_far.size, so_far.lat, so_far.lon, so_far.country, so_far.themes, dict(so_far.languages)
    )
