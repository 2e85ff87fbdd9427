"""Which ties will come: learned from how earlier ties came, scored on the past alone."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.errors import InputError
from triplehelix.link.evidence import EVIDENCE, evidence
from triplehelix.link.gravity import COLUMNS
from triplehelix.link.past import Past, untied
from triplehelix.link.ppml import Fit, ppml

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]

GRAVITY_ALONE = COLUMNS


class Forecast(NamedTuple):
    """A learned forecast: the columns of `EVIDENCE` it uses, and the fitted model."""

    columns: tuple[str, ...]
    fit: Fit

    def score(self, columns: Reals) -> Reals:
        """The logarithm of the expected ties of pairs, from their row of `evidence`."""
        used = [EVIDENCE.index(name) for name in self.columns]
        return self.fit.log_expected(columns[:, used])

    def parts(self, columns: Reals) -> Reals:
        """What each column adds to the score of each pair: shape (n_pairs, n_columns)."""
        used = [EVIDENCE.index(name) for name in self.columns]
        return np.asarray(columns[:, used] * self.fit.coefficients)


class Lesson(NamedTuple):
    """Rows of evidence of pairs not tied before, whether a tie came, and how many each is for."""

    columns: Reals
    came: Reals
    weight: Reals


def lesson(
    so_far: Past, first: ArrayLike, second: ArrayLike, *, n_others: int = 200_000, seed: int = 0
) -> Lesson:
    """
    All pairs whose tie came, and a sample of those whose did not, each with its weight.

    Parameters
    ----------
    so_far : the past as it was before these ties.
    first, second : the pairs whose tie came (`new_ties`).
    n_others : about how many of the pairs without one to draw.
    seed : of the draws.

    Returns
    -------
    Lesson

    Raises
    ------
    InputError
        If no tie came: there is nothing to learn from.
    """
    i, j = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    if not len(i):
        raise InputError(
            "no new tie came in the time to learn from; take an earlier day, or more participations"
        )
    n = len(so_far.node)
    rng = np.random.default_rng(seed)
    came = np.sort(i * n + j)
    drawn = np.unique(_draws(rng, n, 2 * n_others))
    drawn = drawn[~np.isin(drawn, came)]
    a, b = drawn // n, drawn % n
    free = np.asarray(so_far.tied[a, b]).ravel() == 0
    a, b = a[free], b[free]
    if len(a) > n_others:
        kept = np.sort(rng.choice(len(a), n_others, replace=False))
        a, b = a[kept], b[kept]
    without = n * (n - 1) // 2 - so_far.tied.nnz // 2 - len(i)
    weight = np.concatenate([np.ones(len(i)), np.full(len(a), without / max(len(a), 1))])
    rows = evidence(so_far, np.concatenate([i, a]), np.concatenate([j, b]))
    return Lesson(rows, np.concatenate([np.ones(len(i)), np.zeros(len(a))]), weight)


def learn(given: Lesson, columns: tuple[str, ...] = EVIDENCE) -> Forecast:
    """
    The Poisson model of new ties on some columns of evidence.

    Parameters
    ----------
    given : Lesson
    columns : of `EVIDENCE`; those of gravity alone are `GRAVITY_ALONE`.

    Returns
    -------
    Forecast

    Raises
    ------
    InputError
        As `ppml`, or if a column is not one of `EVIDENCE`.
    """
    unknown = [name for name in columns if name not in EVIDENCE]
    if unknown:
        raise InputError(f"no column {unknown[0]!r}; the columns are {', '.join(EVIDENCE)}")
    used = [EVIDENCE.index(name) for name in columns]
    return Forecast(tuple(columns), ppml(given.came, given.columns[:, used], weight=given.weight))


def most_likely(so_far: Past, how: Forecast, n: int) -> tuple[Wholes, Wholes, Reals]:
    """
    The n pairs without a tie that have the highest score; equal ones in the order of ids.

    Returns
    -------
    first, second : indices of nodes
    score : highest first
    """
    best: tuple[Wholes, Wholes, Reals] = (
        np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    )  # fmt: skip
    for i, j in untied(so_far):
        score = np.round(how.score(evidence(so_far, i, j)), 9)
        first, second, scores = (
            np.concatenate(each) for each in zip(best, (i, j, score), strict=True)
        )
        order = np.lexsort((second, first, -scores))[:n]
        best = (first[order], second[order], scores[order])
    return best


def _draws(rng: np.random.Generator, n: int, n_draws: int) -> Wholes:
    """Unordered pairs of different nodes as numbers, some of them again."""
    one, other = rng.integers(0, n, (2, n_draws))
    apart = one != other
    low, high = np.minimum(one, other)[apart], np.maximum(one, other)[apart]
    return np.asarray(low * n + high)
