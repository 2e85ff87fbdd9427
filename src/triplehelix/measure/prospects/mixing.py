"""Whether a helix is missing among a cluster's members, against the other clusters."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.stats import hypergeometric_tail, wilson_interval

Reals = NDArray[np.float64]

# Missing: no more than half of what there is elsewhere.
AT_MOST = 0.5


class Lack(NamedTuple):
    """
    Shares of a helix among members with bounds (95 %, Wilson); arrays of shape (n,).

    `elsewhere`: the same among the members of all other clusters; NaN where there are none.
    `p_value`: the chance of so few, were all members dealt to the clusters at random.
    """

    share: Reals
    low: Reals
    high: Reals
    elsewhere: Reals
    p_value: Reals
    there: NDArray[np.bool_]


def lacks(k: ArrayLike, n: ArrayLike, all_k: ArrayLike, all_n: ArrayLike) -> Lack:
    """
    Whether clusters have few members of a helix, or none.

    Parameters
    ----------
    k, n : shape (n_clusters,)
        Members of the helix, and members whose helix is known.
    all_k, all_n : same shape
        The same over all clusters, each of its members once per cluster.

    Returns
    -------
    Lack
        It counts where the share is no more than half of that elsewhere.

    Raises
    ------
    InputError
        If the counts are not of one table.

    Examples
    --------
    None of five, where five of the other five are:

    >>> found = lacks([0], [5], [5], [10])
    >>> found.share.tolist(), found.elsewhere.tolist(), (1 / found.p_value).round(6).tolist()
    ([0.0], [1.0], [252.0])
    """
    mine, members = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    everywhere, whole = np.asarray(all_k, dtype=float), np.asarray(all_n, dtype=float)
    low, high = wilson_interval(mine, members)
    with np.errstate(invalid="ignore", divide="ignore"):
        share, elsewhere = mine / members, (everywhere - mine) / (whole - members)
        there = share <= AT_MOST * elsewhere
    # Few of the helix are many of the others.
    p_value = hypergeometric_tail(members - mine, members, whole - everywhere, whole)
    return Lack(share, low, high, elsewhere, p_value, there & (elsewhere > 0))
