"""Intervals for sums of unequal parts, each part the mark of an event that came by chance."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtri

from triplehelix.errors import InputError

Reals = NDArray[np.float64]


def sum_interval(
    total: ArrayLike, squares: ArrayLike, largest: ArrayLike, *, confidence: float = 0.95
) -> tuple[Reals, Reals]:
    """
    Gamma interval of Fay and Feuer for a sum of weighted events.

    Parameters
    ----------
    total : shapes that broadcast together
        The sum of the weights of the events seen, >= 0.
    squares : the sum of their squares, >= 0.
    largest : the greatest weight that one more event could have, > 0.
    confidence : above 0, below 1.

    Returns
    -------
    low, high : the broadcast shape
        Bounds on the sum that is to be expected; low is 0 where nothing was seen. With equal
        weights they are the exact bounds for a Poisson number (Garwood).

    Raises
    ------
    InputError
        If a number is negative or not finite, `largest` is 0, or confidence is out of range.

    References
    ----------
    Fay and Feuer (1997), Statistics in Medicine 16(7), 791-801, equations 1 and 4.

    Examples
    --------
    Ten events of weight one; tables of Poisson bounds give 4.795 and 18.39:

    >>> low, high = sum_interval(10, 10, 1)
    >>> print(f"{low:.3f} {high:.2f}")
    4.795 18.39
    """
    total, squares, largest = (np.asarray(v, dtype=float) for v in (total, squares, largest))
    _check(total, squares, largest, confidence)
    tail = (1 - confidence) / 2
    above, spread = total + largest, squares + largest**2
    with np.errstate(divide="ignore", invalid="ignore"):
        low = squares / (2 * total) * chdtri(2 * total**2 / squares, 1 - tail)
    high = spread / (2 * above) * chdtri(2 * above**2 / spread, tail)
    return np.where(total > 0, low, 0.0), np.asarray(high)


def _check(total: Reals, squares: Reals, largest: Reals, confidence: float) -> None:
    for name, values in (("total", total), ("squares", squares), ("largest", largest)):
        least = np.nextafter(0, 1) if name == "largest" else 0
        bad = values[~(np.isfinite(values) & (values >= least))]
        if bad.size:
            raise InputError(
                f"{name} holds {bad.flat[0]} ({bad.size} such); sums of weights are finite and "
                ">= 0, and one event weighs more than 0"
            )
    if not 0 < confidence < 1:
        raise InputError(f"confidence is {confidence}; give a share such as 0.95")
