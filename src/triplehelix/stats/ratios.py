"""The ratio of two shares over several strata, with its interval."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from triplehelix.errors import InputError
from triplehelix.stats.intervals import not_negative

Reals = NDArray[np.float64]


class StratifiedRatio(NamedTuple):
    """A ratio of shares, 0 or above, with its bounds; NaN where it cannot be told."""

    ratio: Reals
    low: Reals
    high: Reals


def stratified_ratio(
    marked: ArrayLike,
    total: ArrayLike,
    other_marked: ArrayLike,
    other_total: ArrayLike,
    *,
    confidence: float = 0.95,
) -> StratifiedRatio:
    """
    Mantel and Haenszel's ratio of two groups' shares, taken within strata.

    Parameters
    ----------
    marked, total : shape (n, n_strata)
        How many of the first group are marked, and how many there are, per stratum; >= 0.
    other_marked, other_total : same, of the second group.
    confidence : above 0, below 1.

    Returns
    -------
    StratifiedRatio
        Of shape (n,). NaN where no stratum holds both groups; the bounds also where either
        group has none marked there, for then the logarithm has no variance to speak of.

    Raises
    ------
    InputError
        If a number is negative or not finite, marked exceeds the total, or confidence is out
        of range.

    References
    ----------
    Greenland and Robins (1985), Biometrics 41(1), 55-68, equation 13. doi:10.2307/2530643

    Examples
    --------
    Twice the share in either stratum, though the groups are made up otherwise:

    >>> found = stratified_ratio([[20, 2]], [[100, 20]], [[1, 10]], [[10, 200]])
    >>> found.ratio.round(6).tolist(), found.low.round(2).tolist(), found.high.round(2).tolist()
    ([2.0], [0.61], [6.6])
    """
    a, n = not_negative(marked, "marked"), not_negative(total, "total")
    b, m = not_negative(other_marked, "other_marked"), not_negative(other_total, "other_total")
    _check(a, n, b, m, confidence)
    whole = np.where(n + m > 0, n + m, 1.0)
    up, down = (a * m / whole).sum(axis=-1), (b * n / whole).sum(axis=-1)
    spread = ((m * n * (a + b) - a * b * whole) / whole**2).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(down > 0, up / down, np.where(up > 0, np.inf, np.nan))
        error = np.sqrt(spread / (up * down))
        z = float(ndtri((1 + confidence) / 2))
        told = (up > 0) & (down > 0)
        low = np.where(told, ratio * np.exp(-z * error), np.nan)
        high = np.where(told, ratio * np.exp(z * error), np.nan)
    return StratifiedRatio(np.asarray(ratio), np.asarray(low), np.asarray(high))


def _check(a: Reals, n: Reals, b: Reals, m: Reals, confidence: float) -> None:
    for marked, total, name in ((a, n, "marked"), (b, m, "other_marked")):
        if marked.shape != total.shape or marked.ndim != 2:
            raise InputError(
                f"{name} has shape {marked.shape} and its total {total.shape}; give groups x strata"
            )
        bad = np.argwhere(marked > total)
        if len(bad):
            at = tuple(bad[0])
            raise InputError(
                f"{name} is {marked[at]:g} of {total[at]:g} ({len(bad)} such cells); it cannot "
                "exceed its total: count the same things in both"
            )
    if not 0 < confidence < 1:
        raise InputError(f"confidence is {confidence}; give a share such as 0.95")
