"""Intervals for shares and ratios of shares from independent draws; weights to resample with."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, pdtr

from triplehelix.errors import InputError

Reals = NDArray[np.float64]

# One digest of SHA-256 has 32 bytes: 8 runs of 4.
_RUNS_PER_DIGEST = 8


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
        _not_negative(total, "total"),
        _not_negative(total_of_squares, "total_of_squares"),
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(squares > 0, weight**2 / squares, 0.0)


def poisson_weights(ids: Sequence[str], *, n_runs: int, seed: int = 0) -> NDArray[np.uint8]:
    """
    How often each thing is drawn in each run of a bootstrap: independent Poisson(1) numbers.

    They are read off SHA-256 of the seed, the run and the id. So a thing's weights depend on
    nothing else: not on the order of the ids, nor on which others are there; more runs keep
    those of fewer.

    Parameters
    ----------
    ids : n_ids strings
        Equal ids get equal weights.
    n_runs : at least 0
    seed : integer
        Another seed, other weights.

    Returns
    -------
    shape (n_runs, n_ids)
        0 to 12; the mean is 1. Probabilities are those of Poisson(1) to within 2^-32.

    Raises
    ------
    InputError
        If n_runs is negative, n_runs or seed is not an integer, or an id is not a string.

    References
    ----------
    Oza and Russell (2001), AISTATS, 229-236: Poisson(1) in place of drawing with replacement.
    Owen and Eckles (2012), Annals of Applied Statistics 6(3), 895-927: products of such
    weights for tables of two ways or more. doi:10.1214/12-AOAS547

    Examples
    --------
    >>> first = poisson_weights(["a", "b", "c"], n_runs=3)
    >>> alone = poisson_weights(["c"], n_runs=3)
    >>> bool((first[:, 2] == alone[:, 0]).all())
    True
    """
    _check_whole("n_runs", n_runs)
    _check_whole("seed", seed)
    if n_runs < 0:
        raise InputError(f"n_runs is {n_runs}; give the number of runs, such as 200")
    texts = [_encoded(each, i) for i, each in enumerate(ids)]
    # The number is how many of P(X <= 0), P(X <= 1), ... the uniform draw has reached.
    steps = (pdtr(np.arange(12), 1.0) * 2.0**32).astype(np.uint32)
    weights = np.empty((-(-n_runs // _RUNS_PER_DIGEST), _RUNS_PER_DIGEST, len(texts)), np.uint8)
    for block in range(len(weights)):
        prefix = f"{seed} {block} ".encode()
        digests = b"".join([hashlib.sha256(prefix + text).digest() for text in texts])
        draws = np.frombuffer(digests, dtype=">u4").astype(np.uint32)
        number = np.searchsorted(steps, draws, side="right").astype(np.uint8)
        weights[block] = number.reshape(len(texts), _RUNS_PER_DIGEST).T
    return weights.reshape(len(weights) * _RUNS_PER_DIGEST, len(texts))[:n_runs]


def _check_whole(name: str, value: object) -> None:
    if not isinstance(value, int | np.integer) or isinstance(value, bool):
        raise InputError(f"{name} is {value!r}; give a whole number")


def _encoded(given: object, i: int) -> bytes:
    if not isinstance(given, str):
        raise InputError(f"ids[{i}] is {given!r}; ids must be strings, so that they hash alike")
    return given.encode("utf-8", "surrogatepass")


def _draws(
    successes: ArrayLike, trials: ArrayLike, successes_name: str, trials_name: str
) -> tuple[Reals, Reals]:
    k, n = np.broadcast_arrays(
        _not_negative(successes, successes_name), _not_negative(trials, trials_name)
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


def _not_negative(values: ArrayLike, name: str) -> Reals:
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
