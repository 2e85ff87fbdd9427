"""Which ties matter: those heavier than the noise of their two ends would make them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from triplehelix.errors import InputError
from triplehelix.link.pairs import Pairs, checked_pairs

Reals = NDArray[np.float64]


class Backbone(NamedTuple):
    """
    What each pair says, in the order given.

    `score`: noise-corrected, -1 (never tied) over 0 (as by chance) to 1, with its standard
    `deviation`; disparity, the larger share that the tie has of an end's weight (deviation is
    NaN). `p_value` is one-sided; `kept` marks p_value < level.
    """

    kept: NDArray[np.bool_]
    p_value: Reals
    score: Reals
    deviation: Reals


def backbone(
    first: ArrayLike,
    second: ArrayLike,
    weight: ArrayLike,
    *,
    method: str = "noise-corrected",
    level: float = 0.05,
) -> Backbone:
    """
    The significant ties of a weighted network without direction.

    Parameters
    ----------
    first, second : shape (n_pairs,)
        The two ends; a pair comes once.
    weight : shape (n_pairs,)
        Above 0. For the noise-corrected filter its unit matters, since it counts draws: give
        activities.
    method : `noise-corrected` or `disparity`.
    level : above 0, below 1; 0.05 keeps ties 1.64 standard deviations above chance.

    Returns
    -------
    Backbone
        One entry per pair; empty for none.

    Raises
    ------
    InputError
        If the pairs are faulty (see the message), or method or level is not one of those.

    Notes
    -----
    Noise-corrected: the weight is a binomial number of draws out of all, whose probability
    has a beta prior with the mean and variance of drawing both ends without replacement. The
    prior's second parameter is that of the moments; the authors' program has mu (1 - mu^2) / s^2
    there, where the moments give mu (1 - mu)^2 / s^2.

    Disparity: p is the smaller of (1 - w / s)^(k - 1) over the two ends, s and k being the
    end's weight and number of ties. An end with one tie says nothing (p = 1).

    References
    ----------
    Coscia and Neffke (2017), IEEE ICDE, 425-436. doi:10.1109/ICDE.2017.100
    Serrano, Boguna and Vespignani (2009), PNAS 106(16), 6483-6488. doi:10.1073/pnas.0808904106

    Examples
    --------
    >>> found = backbone(["a", "a", "a"], ["b", "c", "d"], [8, 1, 1], method="disparity")
    >>> found.p_value.round(2).tolist(), found.kept.tolist()
    ([0.04, 0.81, 0.81], [True, False, False])
    """
    if method not in _METHODS:
        raise InputError(f"method is {method!r}; give one of {', '.join(_METHODS)}")
    if not 0 < level < 1:
        raise InputError(f"level is {level}; give a share such as 0.05")
    pairs = checked_pairs(first, second, weight)
    p_value, score, deviation = (pairs.as_given(each) for each in _METHODS[method](pairs))
    return Backbone(p_value < level, p_value, score, deviation)


def _noise_corrected(pairs: Pairs) -> tuple[Reals, Reals, Reals]:
    ends = pairs.strength()
    s, t, w = ends[pairs.first], ends[pairs.second], pairs.weight
    # Each tie stands in the table of a network without direction twice.
    total = ends.sum()
    mean = s * t / total**2
    with np.errstate(divide="ignore", invalid="ignore"):
        # s^2 of a hypergeometric number of draws, over the square of their number.
        prior = s * t * (total - s) * (total - t) / (total**4 * (total - 1))
        draws = mean * (1 - mean) / prior - 1
        probability = (mean * draws + w) / (draws + total)
        lift, slope = _lift(w, s, t, total)
        deviation = np.sqrt(total * probability * (1 - probability)) * np.abs(slope)
        score = (lift - 1) / (lift + 1)
        z = score / deviation
    # Less than one draw in all has no variance, and says nothing.
    z = np.where((prior > 0) & np.isfinite(z), z, 0.0)
    return ndtr(-z), score, deviation


def _lift(w: Reals, s: Reals, t: Reals, total: float) -> tuple[Reals, Reals]:
    """Weight over its expectation, and how fast (lift - 1) / (lift + 1) grows with the weight."""
    kappa = total / (s * t)
    # Of kappa: the tie is a part of both ends' weights and of the whole.
    growth = 1 / (s * t) - total * (s + t) / (s * t) ** 2
    return kappa * w, 2 * (kappa + w * growth) / (kappa * w + 1) ** 2


def _disparity(pairs: Pairs) -> tuple[Reals, Reals, Reals]:
    ends, n = pairs.strength(), len(pairs.names)
    degree = np.bincount(np.concatenate([pairs.first, pairs.second]), minlength=n)
    p_value, score = np.ones(len(pairs.weight)), np.zeros(len(pairs.weight))
    for end in (pairs.first, pairs.second):
        part = np.minimum(pairs.weight / ends[end], 1.0)
        p_value = np.minimum(p_value, (1 - part) ** (degree[end] - 1))
        score = np.maximum(score, part)
    return p_value, score, np.full(len(score), np.nan)


_METHODS = {"noise-corrected": _noise_corrected, "disparity": _disparity}
