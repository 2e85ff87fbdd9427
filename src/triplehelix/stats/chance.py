"""Tests of counts against random labelling, and of many tests at once."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

from triplehelix.errors import InputError
from triplehelix.stats.intervals import Reals, not_negative


def hypergeometric_tail(
    n_both: ArrayLike, n_group: ArrayLike, n_marked: ArrayLike, n_all: ArrayLike
) -> Reals:
    """
    Chance that a group holds at least so many of the marked, were the marks given at random.

    Of `n_all` things `n_marked` are marked, each choice of them equally likely. The number of
    marked ones among the `n_group` things of a group is then hypergeometric, and this is its
    upper tail: P(at least `n_both` in the group are marked).

    Parameters
    ----------
    n_both, n_group, n_marked, n_all : shapes that broadcast together
        Whole numbers: how many are in the group and marked, in the group, marked, and there.

    Returns
    -------
    the broadcast shape
        Above 0, to 1; right to 11 digits or better also where it is as small as 1e-300. A
        chance below 2.2e-308, the least normal number, is given as that.

    Raises
    ------
    InputError
        If a number is negative, not whole or not finite, or if the four cannot be counts of
        one table: more in both than in the group, more in the group than there are.

    References
    ----------
    Loader (2000), Fast and accurate computation of binomial probabilities, for the first term
    of the sum; the others follow by their ratios. Fisher (1935), Journal of the Royal
    Statistical Society 98(1), 39-82, for the test. doi:10.2307/2342435

    Examples
    --------
    Two of five are marked; that a group of two holds both has one chance in ten:

    >>> print(round(float(hypergeometric_tail(2, 2, 2, 5)), 12))
    0.1
    >>> print(hypergeometric_tail([0, 1], 3, 1, 4))
    [1.   0.75]
    """
    k, n, m, total = _counts_of_one_table(n_both, n_group, n_marked, n_all)
    tail = np.ones(k.shape)
    # At its least possible count the tail is the whole; this also covers every group or mark
    # of none or of all, so that what follows divides by no zero.
    open_ = k > np.maximum(n + m - total, 0.0)
    tail[open_] = _tail(k[open_], n[open_], m[open_], total[open_])
    return np.clip(tail, np.finfo(float).tiny, 1.0)


def stratified_hypergeometric_tail(
    n_both: ArrayLike, n_group: ArrayLike, n_marked: ArrayLike, n_all: ArrayLike
) -> Reals:
    """
    The same where marks are given at random within each of several strata.

    Things differ in kind, and marks may be more common in one kind than in another; so each
    kind keeps its number of marks, and only which of its things have them is drawn. The number
    of marked ones in a group is then a sum of independent hypergeometric numbers.

    Parameters
    ----------
    n_both : shape (n,)
        Marked ones in the group, all strata together.
    n_group, n_marked : shape (n, n_strata)
    n_all : shape (n_strata,)
        Whole numbers: how many of each stratum are in the group, marked, and there.

    Returns
    -------
    shape (n,)
        Above 0, to 1; right to 9 digits. A chance below 2.2e-308 is given as that.

    Raises
    ------
    InputError
        As for `hypergeometric_tail`, or if shapes do not fit.

    References
    ----------
    Mantel and Haenszel (1959), Journal of the National Cancer Institute 22(4), 719-748, for the
    null; here its distribution is exact, by convolution. doi:10.1093/jnci/22.4.719

    Examples
    --------
    A group holds one of the two small things and one of the two large ones; one of each kind is
    marked. That it holds both has one chance in four; taken as one kind, one in six:

    >>> print(stratified_hypergeometric_tail([2], [[1, 1]], [[1, 1]], [2, 2]).round(12))
    [0.25]
    >>> print(hypergeometric_tail([2], [2], [2], [4]).round(12))
    [0.16666667]
    """
    k = np.asarray(n_both, dtype=float)
    shape = (len(k), np.shape(n_all)[0])
    if np.shape(n_group) != shape or np.shape(n_marked) != shape:
        raise InputError(
            f"n_group has shape {np.shape(n_group)} and n_marked {np.shape(n_marked)}, for "
            f"{shape[0]} groups and {shape[1]} strata; give groups x strata"
        )
    none = np.zeros(shape)
    _, group, marked, total = _counts_of_one_table(
        np.maximum(none, np.asarray(n_group) + np.asarray(n_marked) - np.asarray(n_all)),
        n_group, n_marked, np.broadcast_to(n_all, shape),
    )  # fmt: skip
    tail = [_convolved_tail(*row) for row in zip(k, group, marked, total, strict=True)]
    return np.asarray(np.clip(tail, np.finfo(float).tiny, 1.0), dtype=np.float64)


def _convolved_tail(k: float, group: Reals, marked: Reals, total: Reals) -> float:
    least, mass = 0.0, np.ones(1)
    for n, m, in_all in zip(group, marked, total, strict=True):
        if n > 0 and m > 0:
            first = max(n + m - in_all, 0.0)
            counts = np.arange(first, min(n, m) + 1)
            least, mass = least + first, np.convolve(mass, _mass(counts, n, m, in_all))
    if not least <= k < least + len(mass) and k != 0:
        raise InputError(
            f"{k:g} are in the group and marked, but it can hold {least:g} to "
            f"{least + len(mass) - 1:g}; count the same things in all strata"
        )
    return float(mass[max(int(k - least), 0) :].sum())


def _mass(k: Reals, n: float, m: float, total: float) -> Reals:
    """The hypergeometric probabilities of counts k."""
    logs = _log_choose(m, k) + _log_choose(total - m, n - k) - _log_choose(total, np.full(1, n))
    return np.asarray(np.exp(logs))


def _log_choose(n: float, k: Reals) -> Reals:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


def benjamini_hochberg(p_values: ArrayLike) -> Reals:
    """
    The q-value of each of many tests: the least false-discovery rate at which it is called.

    Calling every test with q <= 0.05 a discovery leaves, on average, at most 5 % of the
    discoveries false, when the tests are independent or depend on each other positively.

    Parameters
    ----------
    p_values : any shape
        Each from 0 to 1; NaN where nothing was tested.

    Returns
    -------
    the same shape
        From 0 to 1, never below the p-value; NaN where nothing was tested, which counts as no
        test. Nothing in, nothing out.

    Raises
    ------
    InputError
        If a value lies outside 0 to 1.

    References
    ----------
    Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57(1), 289-300.
    doi:10.1111/j.2517-6161.1995.tb02031.x

    Examples
    --------
    >>> print(benjamini_hochberg([0.01, 0.04, np.nan, 0.03]))
    [0.03 0.04  nan 0.04]
    """
    p = _probabilities(p_values, "p_values")
    q = np.full(p.shape, np.nan)
    tested = ~np.isnan(p)
    values = p[tested]
    order = np.argsort(values)
    scaled = values[order] * (len(values) / np.arange(1, len(values) + 1))
    within = np.empty(len(values))
    within[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    q[tested] = np.minimum(within, 1.0)
    return q


def _counts_of_one_table(
    n_both: ArrayLike, n_group: ArrayLike, n_marked: ArrayLike, n_all: ArrayLike
) -> tuple[Reals, Reals, Reals, Reals]:
    names = ("n_both", "n_group", "n_marked", "n_all")
    given = (n_both, n_group, n_marked, n_all)
    k, n, m, total = np.broadcast_arrays(*map(_whole, given, names))
    wrong = (k > n) | (k > m) | (n > total) | (m > total) | (k < n + m - total)
    bad = np.argwhere(wrong)
    if len(bad):
        at = tuple(bad[0])
        raise InputError(
            f"{k[at]:g} are in the group and marked, {n[at]:g} in the group, {m[at]:g} marked, "
            f"{total[at]:g} there ({len(bad)} such cells); these cannot be counts of the same "
            "things: count each thing once in all four"
        )
    return k, n, m, total


def _whole(values: ArrayLike, name: str) -> Reals:
    numbers = not_negative(values, name)
    bad = np.argwhere(numbers != np.floor(numbers))
    if len(bad):
        raise InputError(
            f"{name} holds {numbers[tuple(bad[0])]} ({len(bad)} such cells); it must be a whole "
            "number: count things, not their shares"
        )
    return numbers


def _tail(k: Reals, n: Reals, m: Reals, total: Reals) -> Reals:
    """The tail from k on; below the mean as what the other tail leaves, which is shorter."""
    above = k > n * (m / total)
    first = np.where(above, k, k - 1.0)
    with np.errstate(under="ignore"):
        part = np.exp(_log_chance(first, n, m, total)) * _in_firsts(first, n, m, total, above)
    return np.where(above, part, 1.0 - part)


def _in_firsts(first: Reals, n: Reals, m: Reals, total: Reals, above: NDArray[np.bool_]) -> Reals:
    """The sum of the chances from `first` on, up or down, in units of the first of them."""
    rest = total - n - m
    x, term, whole = first.copy(), np.ones(first.shape), np.ones(first.shape)
    left = np.arange(len(first))
    while len(left):
        i = left
        up = (m[i] - x[i]) * (n[i] - x[i]) / ((x[i] + 1) * (rest[i] + x[i] + 1))
        down = x[i] * (rest[i] + x[i]) / ((m[i] - x[i] + 1) * (n[i] - x[i] + 1))
        term[i] *= np.where(above[i], up, down)
        whole[i] += term[i]
        x[i] += np.where(above[i], 1.0, -1.0)
        left = i[term[i] > 1e-17 * whole[i]]
    return whole


def _log_chance(x: Reals, n: Reals, m: Reals, total: Reals) -> Reals:
    """Logarithm of the chance of exactly x, as three binomial chances (Loader 2000, section 6)."""
    return np.asarray(
        _log_binomial(x, m, n, total)
        + _log_binomial(n - x, total - m, n, total)
        - _log_binomial(n, total, n, total)
    )


def _log_binomial(x: Reals, trials: Reals, n: Reals, total: Reals) -> Reals:
    """Logarithm of the chance of x in `trials`, each with chance n / total."""
    y, p = trials - x, n / total
    inside = (x > 0) & (y > 0)
    a, b = np.where(inside, x, 1.0), np.where(inside, y, 1.0)
    c = a + b
    spread = np.log(2 * np.pi * a) + np.log(b / c)
    between = (
        _stirling_error(c) - _stirling_error(a) - _stirling_error(b)
        - _deviance(a, c * p) - _deviance(b, c * (1 - p)) - spread / 2
    )  # fmt: skip
    at_end = np.where(y > 0, trials * np.log1p(-np.where(y > 0, p, 0.0)), x * np.log(p))
    return np.where(inside, between, at_end)


def _stirling_error(n: Reals) -> Reals:
    """log n! less Stirling's log(sqrt(2 pi n)) + n log n - n."""
    small = np.minimum(n, 16.0)
    exact = gammaln(small + 1) - (small + 0.5) * np.log(small) + small - np.log(2 * np.pi) / 2
    s = n**-2.0
    series = (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s / 1188)))) / n
    return np.where(n <= 15, exact, series)


def _deviance(x: Reals, mean: Reals) -> Reals:
    """x log(x / mean) + mean - x, without loss where x is near the mean."""
    return np.asarray(x * np.log1p((x - mean) / mean) - (x - mean))


def _probabilities(values: ArrayLike, name: str) -> Reals:
    numbers = np.asarray(values, dtype=float)
    bad = np.argwhere(~(np.isnan(numbers) | ((numbers >= 0) & (numbers <= 1))))
    if len(bad):
        raise InputError(
            f"{name} holds {numbers[tuple(bad[0])]} ({len(bad)} such cells); it must lie between "
            "0 and 1: use NaN where nothing was tested"
        )
    return numbers
