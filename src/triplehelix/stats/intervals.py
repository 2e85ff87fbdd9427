"""Intervals for shares and for ratios of shares, from counts of independent draws."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from triplehelix.errors import InputError

Reals = NDArray[np.float64]


def wilson_interval(
    successes: ArrayLike, trials: ArrayLike, *, confidence: float = 0.95
) -> tuple[Reals, Reals]:
    """
    Score interval of Wilson for the share `successes / trials`.

    Parameters
    ----------
    successes, trials : shapes that broadcast together
        Numbers >= 0 with successes <= trials. Either may be fractional, as an effective
        number of draws is (see `effective_size`).
    confidence : float
        How often, over repeated draws, the interval holds the true share; above 0, below 1.

    Returns
    -------
    low, high : the broadcast shape
        Bounds in [0, 1]. NaN where there are no trials: nothing was seen, so nothing is said.

    Raises
    ------
    InputError
        If a number is negative or not finite, if successes exceed trials, or if confidence
        is not between 0 and 1.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22(158), 209-212.
    doi:10.1080/01621459.1927.10502953

    Examples
    --------
    >>> low, high = wilson_interval(7, 10)
    >>> print(round(float(low), 3), round(float(high), 3))
    0.397 0.892
    """
    k, n = _draws(successes, trials, "successes", "trials")
    z = _normal_quantile(confidence)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = k / n
        centre = share + z**2 / (2 * n)
        half_width = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
        low, high = ((centre + side * half_width) / (1 + z**2 / n) for side in (-1, 1))
    # The bounds at no and at all successes are exactly 0 and 1; rounding can miss them.
    return (
        np.where((k == 0) & (n > 0), 0.0, np.where(n > 0, np.maximum(low, 0), np.nan)),
        np.where((k == n) & (n > 0), 1.0, np.where(n > 0, np.minimum(high, 1), np.nan)),
    )


def katz_interval(
    successes: ArrayLike,
    trials: ArrayLike,
    other_successes: ArrayLike,
    other_trials: ArrayLike,
    *,
    confidence: float = 0.95,
) -> tuple[Reals, Reals]:
    """
    Log interval of Katz for the ratio of two shares found in two separate groups.

    The ratio is (successes / trials) / (other_successes / other_trials), and its logarithm
    is taken as normal with variance 1/a - 1/m + 1/b - 1/n for a of m and b of n.

    Parameters
    ----------
    successes, trials, other_successes, other_trials : shapes that broadcast together
        Numbers >= 0, successes <= trials in each group; fractional numbers are allowed.
    confidence : float
        Above 0, below 1.

    Returns
    -------
    low, high : the broadcast shape
        Bounds >= 0, without unit. NaN where either group has no successes (and so where it
        has no trials): the logarithm of the ratio has no variance to speak of there.

    Raises
    ------
    InputError
        If a number is negative or not finite, if successes exceed trials, or if confidence
        is not between 0 and 1.

    References
    ----------
    Katz, Baptista, Azen and Pike (1978), Biometrics 34(3), 469-474, method C.
    doi:10.2307/2530610

    Examples
    --------
    >>> low, high = katz_interval(20, 50, 30, 150)
    >>> print(round(float(low), 2), round(float(high), 2))
    1.25 3.19
    """
    a, m = _draws(successes, trials, "successes", "trials")
    b, n = _draws(other_successes, other_trials, "other_successes", "other_trials")
    z = _normal_quantile(confidence)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = (a / m) / (b / n)
        deviation = np.sqrt(1 / a - 1 / m + 1 / b - 1 / n)
        low, high = ratio * np.exp(-z * deviation), ratio * np.exp(z * deviation)
    seen = (a > 0) & (b > 0)
    return np.where(seen, low, np.nan), np.where(seen, high, np.nan)


def effective_size(total: ArrayLike, total_of_squares: ArrayLike) -> Reals:
    """
    Number of equal draws that tell as much as these unequal ones: (sum w)^2 / sum w^2.

    Parameters
    ----------
    total, total_of_squares : shapes that broadcast together
        Sum of the weights of the draws, and sum of their squares; both >= 0.

    Returns
    -------
    the broadcast shape
        Between 1 and the number of draws, which it reaches when all weights are equal;
        0 where there are none.

    Raises
    ------
    InputError
        If a number is negative or not finite.

    References
    ----------
    Kish (1992), Weighting for unequal Pi, Journal of Official Statistics 8(2), 183-200.

    Examples
    --------
    Three activities of which a cluster holds one half, one quarter and one quarter:

    >>> print(round(float(effective_size(0.5 + 0.25 + 0.25, 0.25 + 0.0625 + 0.0625)), 2))
    2.67
    """
    weight, squares = (
        not_negative(total, "total"),
        not_negative(total_of_squares, "total_of_squares"),
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(squares > 0, weight**2 / squares, 0.0)


def _draws(
    successes: ArrayLike, trials: ArrayLike, successes_name: str, trials_name: str
) -> tuple[Reals, Reals]:
    k, n = np.broadcast_arrays(
        not_negative(successes, successes_name), not_negative(trials, trials_name)
    )
    # Shares summed in floating point may pass their total by a rounding error.
    too_many = np.argwhere(k > n * (1 + 1e-9))
    if len(too_many):
        where = tuple(too_many[0])
        raise InputError(
            f"{successes_name} is {k[where]} of {n[where]} {trials_name} "
            f"({len(too_many)} such cells); it cannot exceed them: check that both count "
            "the same draws"
        )
    return np.minimum(k, n), n


def not_negative(values: ArrayLike, name: str) -> Reals:
    numbers = np.asarray(values, dtype=float)
    bad = np.argwhere(~np.isfinite(numbers) | (numbers < 0))
    if len(bad):
        first = numbers[tuple(bad[0])]
        raise InputError(
            f"{name} holds {first} ({len(bad)} such cells); it must be finite and >= 0: "
            "use 0 where nothing was counted"
        )
    return numbers


def _normal_quantile(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise InputError(f"confidence is {confidence}; give a number between 0 and 1, such as 0.95")
    return float(ndtri((1 + confidence) / 2))
