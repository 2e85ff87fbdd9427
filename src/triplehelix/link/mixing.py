"""How much more even two mixes of helices are together than each alone."""

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]


def gain(mix: Reals, first: Wholes, second: Wholes) -> Reals:
    """
    The divergence of Jensen and Shannon, in bits, of the mixes of each pair of nodes.

    It is the entropy of the mean mix less the mean of both entropies: 0 for equal mixes, 1 for
    those that have nothing in common; NaN where a mix is unknown (all 0).

    Parameters
    ----------
    mix : shape (n_nodes, n_helices)
        Members or work per helix, >= 0.
    first, second : shape (n_pairs,)
        Indices of nodes.

    References
    ----------
    Lin (1991), IEEE Transactions on Information Theory 37(1), 145-151. doi:10.1109/18.61115

    Examples
    --------
    >>> gain(np.array([[1.0, 0.0], [0.0, 2.0], [3.0, 0.0]]), np.array([0, 0]), np.array([1, 2]))
    array([1., 0.])
    """
    total = mix.sum(axis=1, keepdims=True)
    part = np.divide(mix, total, out=np.full_like(mix, np.nan), where=total > 0)
    own = _entropy(part)
    return _entropy((part[first] + part[second]) / 2) - (own[first] + own[second]) / 2


def _entropy(part: Reals) -> Reals:
    logs = np.log2(part, out=np.zeros_like(part), where=part > 0)
    return np.asarray(-(part * logs).sum(axis=1))
