"""Poisson pseudo-maximum-likelihood, with errors that allow for pairs that share an end."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.errors import InputError
from triplehelix.link.numbered import numbered
from triplehelix.link.pairs import sums

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]

_ROUNDS, _TOLERANCE = 100, 1e-8
# exp() of more than this is no expectation of anything counted here.
_STEEPEST = 30.0
# Of a column's square, what the ones before it must leave for it to say something new.
_ALIKE = 1e-10


class Fit(NamedTuple):
    """
    A fitted model: `coefficients` per column, their `covariance`, and which columns were `used`.

    A column that the others make up, or that is constant, has coefficient 0 and no variance.
    """

    coefficients: Reals
    covariance: Reals
    used: NDArray[np.bool_]

    def log_expected(self, columns: Reals) -> Reals:
        """The logarithm of what is expected, per row of columns."""
        return np.asarray(columns @ self.coefficients)

    def log_error(self, columns: Reals) -> Reals:
        """The standard error of that logarithm."""
        spread = ((columns @ self.covariance) * columns).sum(axis=1)
        return np.asarray(np.sqrt(np.maximum(spread, 0.0)))


def ppml(
    observed: ArrayLike,
    columns: ArrayLike,
    *,
    ends: tuple[ArrayLike, ArrayLike] | None = None,
    weight: ArrayLike | None = None,
    shrink: float = 0.0,
) -> Fit:
    """
    The Poisson regression of `observed` on the columns, log link, by Newton's method.

    Parameters
    ----------
    observed : shape (n,)
        >= 0, whole or not; some above 0.
    columns : shape (n, k)
        Finite; a constant is not added.
    ends : two arrays of shape (n,), optional
        The nodes of each pair. Errors are then robust to any likeness of pairs that share a
        node; else to unequal variances alone.
    weight : shape (n,), optional
        How many rows each row stands for, > 0.
    shrink : >= 0
        The precision of a normal prior around 0 of each coefficient times its column's standard
        deviation (a ridge); that of a constant is free. Errors are then those given the prior.

    Returns
    -------
    Fit

    Raises
    ------
    InputError
        If a value is negative or not finite, nothing was observed, or no fit can be found.

    References
    ----------
    Santos Silva and Tenreyro (2006), Review of Economics and Statistics 88(4), 641-658.
    doi:10.1162/rest.88.4.641
    Aronow, Samii and Assenova (2015), Political Analysis 23(4), 564-577: errors of pairs.
    doi:10.1093/pan/mpv018

    Examples
    --------
    A constant alone is the mean, here exp(0.693) = 2:

    >>> ppml([1, 3], [[1.0], [1.0]]).coefficients.round(3).tolist()
    [0.693]
    """
    y, x, w = _checked(observed, columns, weight)
    used = _independent(x)
    # A row per column from here on: NumPy is quick along long rows.
    slim = np.ascontiguousarray(x[:, used].T)
    ridge = shrink * _variances(slim, w) if shrink else np.zeros(len(slim))
    beta, mean = _newton(y, slim, w, ridge)
    bread = np.linalg.inv((slim * (w * mean)) @ slim.T + np.diag(ridge))
    scores = slim * (w * (y - mean))
    covariance = np.zeros((x.shape[1],) * 2)
    covariance[np.ix_(used, used)] = bread @ _without_negative(_meat(scores, ends)) @ bread
    coefficients = np.zeros(x.shape[1])
    coefficients[used] = beta
    return Fit(coefficients, covariance, used)


def _variances(x: Reals, w: Reals) -> Reals:
    middle = np.average(x, axis=1, weights=w)
    return np.asarray(np.average((x - middle[:, None]) ** 2, axis=1, weights=w))


def _newton(y: Reals, x: Reals, w: Reals, ridge: Reals) -> tuple[Reals, Reals]:
    mean = (y + np.average(y, weights=w)) / 2
    eta = np.log(mean)
    beta, deviance = np.zeros(len(x)), np.inf
    for _ in range(_ROUNDS):
        working = eta + (y - mean) / mean
        weighted = x * (w * mean)
        square = weighted @ x.T + np.diag(ridge)
        step = np.asarray(np.linalg.lstsq(square, weighted @ working, rcond=None)[0])
        beta, eta, mean, now = _no_worse((y, x, w), ridge, (beta, step), deviance)
        if abs(deviance - now) <= _TOLERANCE * (abs(now) + 0.1):
            return beta, mean
        deviance = now
    raise InputError(
        f"the Poisson model was not fitted in {_ROUNDS} rounds; scale its columns, or leave out "
        "one that tells for certain where nothing is observed"
    )


def _no_worse(
    rows: tuple[Reals, Reals, Reals], ridge: Reals, way: tuple[Reals, Reals], deviance: float
) -> tuple[Reals, Reals, Reals, float]:
    """The new coefficients, nearer to the old by halves until they fit at least as well."""
    (y, x, w), (old, new) = rows, way
    for _ in range(30):
        eta = np.clip(new @ x, -_STEEPEST, _STEEPEST)
        mean = np.exp(eta)
        now = _deviance(y, mean, w) + float(ridge @ new**2)
        if now <= deviance * (1 + 1e-9) + 1e-9:
            break
        new = (old + new) / 2
    return new, eta, mean, now


def _deviance(y: Reals, mean: Reals, w: Reals) -> float:
    seen = np.flatnonzero(y > 0)
    there = w[seen] * y[seen] * np.log(y[seen] / mean[seen])
    return float(2 * (there.sum() - (w * (y - mean)).sum()))


def _meat(scores: Reals, ends: tuple[ArrayLike, ArrayLike] | None) -> Reals:
    """Sums of products of scores over all pairs that share a node, each with itself."""
    own = scores @ scores.T
    if ends is None:
        return np.asarray(own)
    nodes, number = numbered(np.concatenate([np.asarray(e) for e in ends]))
    first, second = number.reshape(2, -1)
    apart = first != second
    if not apart.all():
        second = np.where(apart, second, len(nodes))
    at_node = np.column_stack([
        sums(first, column, len(nodes)) + sums(second, column, len(nodes) + 1)[: len(nodes)]
        for column in scores
    ])  # fmt: skip
    # A row with two nodes is met with itself at both; one of them is taken off.
    twice = own if apart.all() else scores[:, apart] @ scores[:, apart].T
    return np.asarray(at_node.T @ at_node - twice)


def _without_negative(meat: Reals) -> Reals:
    """The same where it can be a variance; else with its negative parts taken as 0."""
    # Of few nodes the sum over pairs that share one may come out negative in some direction
    # (Cameron, Gelbach and Miller 2011, JBES 29(2), 238-249).
    values, vectors = np.linalg.eigh(meat)
    if values.min() >= 0:
        return meat
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T)


def _independent(x: Reals) -> NDArray[np.bool_]:
    """Columns that the ones before them do not make up (Cholesky's steps on their cosines)."""
    square = x.T @ x
    size = np.sqrt(np.diag(square))
    used = size > 0
    left = square / np.outer(np.where(used, size, 1.0), np.where(used, size, 1.0))
    for k in range(len(size)):
        used[k] &= bool(left[k, k] > _ALIKE)
        if used[k]:
            left = left - np.outer(left[:, k], left[k]) / left[k, k]
    return used


def _checked(
    observed: ArrayLike, columns: ArrayLike, weight: ArrayLike | None
) -> tuple[Reals, Reals, Reals]:
    y, x = np.asarray(observed, dtype=float), np.asarray(columns, dtype=float)
    w = np.ones(y.shape) if weight is None else np.asarray(weight, dtype=float)
    if y.ndim != 1 or x.ndim != 2 or len(x) != len(y) or w.shape != y.shape:
        raise InputError(
            f"observed has shape {y.shape}, columns {x.shape}, weight {w.shape}; give one row of "
            "columns and one weight per value observed"
        )
    for name, values, good in (
        ("observed", y, np.isfinite(y) & (y >= 0)), ("columns", x, np.isfinite(x)),
        ("weight", w, np.isfinite(w) & (w > 0)),
    ):  # fmt: skip
        if not good.all():
            raise InputError(
                f"{name} holds {values[~good][0]} ({(~good).sum()} such); observed is >= 0, "
                "weight > 0, and all are finite"
            )
    if not (y > 0).any():
        raise InputError("nothing was observed: the model needs at least one value above 0")
    return y, x, w
