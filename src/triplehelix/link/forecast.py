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
# Chosen step by step on the years before those that the forecast is judged on; of these and the
# others of `EVIDENCE` together the weights are less sure, and foretell less.
CHOSEN = (
    "constant", "size", "distance", "partners", "closeness", "complementary", "helix_industry",
    "helix_affinity", "seats", "three_steps",
)  # fmt: skip

# As much as this many ties' worth of doubt about each weight: of few ties, columns that say
# nearly the same would else get large weights against each other.
_SHRINK = 10.0


class Forecast(NamedTuple):
    """A learned forecast: the columns of `EVIDENCE` it uses, and the fitted model."""

    columns: tuple[str, ...]
    fit: Fit

    def score(self, columns: Reals) -> Reals:
        """The logarithm of the expected ties of pairs, from their row of `evidence`."""
        used = [EVIDENCE.index(name) for name in self.columns]
        return self.fit.log_expected(columns[:, used])

    def of(self, so_far: Past, first: ArrayLike, second: ArrayLike) -> Reals:
        """The same for pairs of nodes, computing no column that it does not use."""
        return self.fit.log_expected(evidence(so_far, first, second, self.columns))

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
    so_far: Past,
    first: ArrayLike,
    second: ArrayLike,
    *,
    n_others: int = 200_000,
    seed: int = 0,
    among: ArrayLike | None = None,
) -> Lesson:
    """
    All pairs whose tie came, and a sample of those whose did not, each with its weight.

    Parameters
    ----------
    so_far : the past as it was before these ties.
    first, second : the pairs whose tie came (`new_ties`).
    n_others : about how many of the pairs without one to draw.
    seed : of the draws.
    among : indices of the nodes whose pairs to learn from, sorted; by default all.

    Returns
    -------
    Lesson

    Raises
    ------
    InputError
        If no tie came: there is nothing to learn from.
    """
    i, j = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    nodes = np.arange(len(so_far.node)) if among is None else np.asarray(among, dtype=np.int64)
    both = np.isin(i, nodes) & np.isin(j, nodes)
    i, j = i[both], j[both]
    if not len(i):
        raise InputError(
            "no new tie came in the time to learn from; take an earlier day, or more participations"
        )
    a, b = _others(so_far, nodes, (i, j), np.random.default_rng(seed), n_others)
    tied = so_far.tied[nodes][:, nodes].nnz // 2
    without = len(nodes) * (len(nodes) - 1) // 2 - tied - len(i)
    weight = np.concatenate([np.ones(len(i)), np.full(len(a), without / max(len(a), 1))])
    rows = evidence(so_far, np.concatenate([i, a]), np.concatenate([j, b]))
    return Lesson(rows, np.concatenate([np.ones(len(i)), np.zeros(len(a))]), weight)


def learn(given: Lesson, columns: tuple[str, ...] = CHOSEN) -> Forecast:
    """
    The Poisson model of new ties on some columns of evidence.

    Parameters
    ----------
    given : Lesson
    columns : of `EVIDENCE`; by default those of the tested forecast (`CHOSEN`); those of
        gravity alone are `GRAVITY_ALONE`.

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
    fit = ppml(given.came, given.columns[:, used], weight=given.weight, shrink=_SHRINK)
    return Forecast(tuple(columns), fit)


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
        score = np.round(how.of(so_far, i, j), 9)
        first, second, scores = (
            np.concatenate(each) for each in zip(best, (i, j, score), strict=True)
        )
        order = np.lexsort((second, first, -scores))[:n]
        best = (first[order], second[order], scores[order])
    return best


def _others(
    so_far: Past, nodes: Wholes, came: tuple[Wholes, Wholes], rng: np.random.Generator, n: int
) -> tuple[Wholes, Wholes]:
    """About n pairs of these nodes, each once, that were not tied and whose tie did not come."""
    size = len(so_far.node)
    drawn = np.unique(_draws(rng, len(nodes), 2 * n))
    a, b = nodes[drawn // len(nodes)], nodes[drawn % len(nodes)]
    free = np.asarray(so_far.tied[a, b]).ravel() == 0
    free &= ~np.isin(a * size + b, came[0] * size + came[1])
    a, b = a[free], b[free]
    if len(a) > n:
        kept = np.sort(rng.choice(len(a), n, replace=False))
        a, b = a[kept], b[kept]
    return a, b


def _draws(rng: np.random.Generator, n: int, n_draws: int) -> Wholes:
    """Unordered pairs of different nodes as numbers, some of them again."""
    one, other = rng.integers(0, n, (2, n_draws))
    apart = one != other
    low, high = np.minimum(one, other)[apart], np.maximum(one, other)[apart]
    return np.asarray(low * n + high)
