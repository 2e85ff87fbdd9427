"""How strongly a region leans to a field, with its size taken out."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.measure.counts import checked_counts
from triplehelix.stats import katz_interval

Reals = NDArray[np.float64]


def location_quotient(counts: ArrayLike) -> Reals:
    """
    Field's share of a region's activity, as a multiple of that field's share everywhere.

    Parameters
    ----------
    counts : shape (n_regions, n_fields)
        Activity >= 0, all in one unit. The rows together are "everywhere": add a row for
        what lies outside the regions, and a column for activity of no field.

    Returns
    -------
    shape (n_regions, n_fields)
        Ratio without unit, from 0 up to the inverse of the region's share of everything; 1
        means "as everywhere". NaN in the row of a region, and the column of a field, without
        any activity: "no data" is never reported as "none". An empty input gives its shape.

    Raises
    ------
    InputError
        If counts is not 2-D, or holds a negative or non-finite value.

    References
    ----------
    Balassa (1965), Manchester School 33(2), 99-123. doi:10.1111/j.1467-9957.1965.tb00050.x
    Hoover (1936), Review of Economics and Statistics 18(4), 162-171. doi:10.2307/1927875

    Examples
    --------
    Half of the first region's work is in the first field, against three in ten everywhere:

    >>> location_quotient([[5, 5], [1, 9]])
    array([[1.66666667, 0.71428571],
           [0.33333333, 1.28571429]])
    """
    activity = checked_counts(counts)
    with np.errstate(invalid="ignore"):
        within_region = activity / activity.sum(axis=1, keepdims=True)
        everywhere = activity.sum(axis=0) / activity.sum()
        return np.asarray(within_region / everywhere)


def location_quotient_interval(
    share: ArrayLike,
    share_elsewhere: ArrayLike,
    *,
    size: ArrayLike,
    trials: ArrayLike,
    trials_elsewhere: ArrayLike,
    confidence: float = 0.95,
) -> tuple[Reals, Reals]:
    """
    Interval of a location quotient, from the ratio of the region to the rest.

    A region is part of "everywhere", so the two shares in its quotient are not separate
    groups. The region and the rest are: with r the ratio of their shares and s the region's
    size, the quotient is r / (s r + 1 - s), which grows with r. So the bounds of r, by the
    log method of Katz, are carried over.

    Parameters
    ----------
    share, share_elsewhere : shapes that broadcast together
        The field's share of the region's activity and of all activity outside it, in [0, 1].
    size : same
        The region's share of all activity, in [0, 1], taken as known.
    trials, trials_elsewhere : same
        Numbers >= 0 of independent draws behind the two shares; may be effective numbers.
    confidence : float
        Above 0, below 1.

    Returns
    -------
    low, high : the broadcast shape
        Bounds of the quotient. NaN where the field has no activity in the region, or none
        outside it: the log method has nothing to say there.

    Raises
    ------
    InputError
        If a number is negative or not finite, or a share exceeds 1.

    References
    ----------
    Katz, Baptista, Azen and Pike (1978), Biometrics 34(3), 469-474. doi:10.2307/2530610

    Examples
    --------
    Ten of a region's 20 projects are in a field that has 40 of the 180 elsewhere: 2.0.

    >>> low, high = location_quotient_interval(
    ...     10 / 20, 40 / 180, size=20 / 200, trials=20, trials_elsewhere=180)
    >>> print(round(float(low), 2), round(float(high), 2))
    1.3 2.95
    """
    inside, outside = np.asarray(share, dtype=float), np.asarray(share_elsewhere, dtype=float)
    n_inside, n_outside = np.asarray(trials, float), np.asarray(trials_elsewhere, float)
    part = np.asarray(size, dtype=float)
    low, high = katz_interval(
        inside * n_inside, n_inside, outside * n_outside, n_outside, confidence=confidence
    )
    return low / (part * low + 1 - part), high / (part * high + 1 - part)
