"""Whether what a cluster does rests on one alone: one member, one payer, one source."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc

from triplehelix.errors import InputError
from triplehelix.stats import wilson_interval

Reals = NDArray[np.float64]

# The one that carries more than all others together.
HALF = 0.5


class Resting(NamedTuple):
    """
    The share that rests on one alone, with its bounds (95 %, Wilson); arrays of shape (n,).

    `p_value`: the chance of so large a share, were no more than `above` to rest on any one.
    """

    share: Reals
    low: Reals
    high: Reals
    above: Reals
    p_value: Reals
    there: NDArray[np.bool_]


def rests_on_one(n_alone: ArrayLike, n: ArrayLike, elsewhere: ArrayLike = 0.0) -> Resting:
    """
    Whether more than half of some activities rest on one alone, and more than elsewhere.

    Parameters
    ----------
    n_alone, n : shape (n,)
        Of n activities, those that rest on the one with the most of them and on no other.
    elsewhere : shape (n,)
        The share of all other activities that rests on this same one, 0 to 1: what is so
        everywhere is no trait of a cluster.

    Returns
    -------
    Resting
        `above` is half, or the share elsewhere where that is more. The binomial tail is
        doubled: two can each hold half, and the larger of them is looked at. It counts where
        the share is above.

    Raises
    ------
    InputError
        If n_alone exceeds n, or a share is none.

    Examples
    --------
    Nine of ten rest on one; with half in truth that would come 11 in 1,024 times, for either:

    >>> found = rests_on_one([9, 5], [10, 10])
    >>> found.share.tolist(), (found.p_value * 1024).round(6).tolist()
    ([0.9, 0.5], [22.0, 1024.0])
    """
    alone, whole = np.asarray(n_alone, dtype=float), np.asarray(n, dtype=float)
    base = np.broadcast_to(np.asarray(elsewhere, dtype=float), alone.shape)
    bad = np.flatnonzero(~((base >= 0) & (base <= 1)))
    if len(bad):
        raise InputError(f"elsewhere holds {base[bad[0]]} ({len(bad)} such); shares are 0 to 1")
    low, high = wilson_interval(alone, whole)
    above = np.maximum(HALF, base)
    with np.errstate(invalid="ignore"):
        share = alone / whole
    # The chance of `alone` or more of `whole`, as an incomplete beta function.
    tail = np.where(alone > 0, betainc(np.maximum(alone, 1), whole - alone + 1, above), 1.0)
    return Resting(share, low, high, above, np.minimum(1.0, 2 * tail), share > above)
