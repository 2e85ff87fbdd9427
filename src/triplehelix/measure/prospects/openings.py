"""Which themes a cluster is not at home in, though it is in what goes with them elsewhere."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import ndtr

from triplehelix.measure.relatedness import density, nearness
from triplehelix.stats import poisson_weights

Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Of fewer themes with work in them nothing is near or far.
LEAST_THEMES = 8
# Fewer activities elsewhere do not show what a theme goes with.
LEAST_ELSEWHERE = 5
RUNS = 200


class Work(NamedTuple):
    """
    Who does what: clusters x activities, and activities x themes, both sparse.

    parts : how many of a cluster's organisations take part, shape (n_clusters, n_activities).
    labels : the weight of each theme in each activity, shape (n_activities, n_themes).
    performed : how many organisations take part in all, shape (n_activities,).
    """

    parts: sparse.csr_array
    labels: sparse.csr_array
    performed: Reals


class Openings(NamedTuple):
    """
    For clusters x themes: how much of what goes with a theme the cluster is at home in.

    `density` is 0 to 1, with `low` and `high` (95 %); `expected`: the same over all themes, each
    as much as others go with it. `p_value`: of a density so far above, if nothing were behind
    it. `there`: whether it is above, the cluster not at home in the theme itself, and the theme
    known well enough elsewhere. `home`: where the cluster is at home. NaN where not told.
    """

    density: Reals
    low: Reals
    high: Reals
    expected: Reals
    p_value: Reals
    there: Flags
    home: Flags


def openings(
    work: Work, activity_ids: Sequence[str], *, runs: int = RUNS, seed: int = 0
) -> Openings:
    """
    Relatedness density of themes around each cluster, learned from what others do.

    Two themes are near as far as the activities outside the cluster that have the one have the
    other too (`measure.proximity`). A cluster is at home in a theme that takes a larger part
    of its work than of all work.

    Parameters
    ----------
    work : Work
    activity_ids : n_activities texts
        By which activities are drawn anew, the same in whatever order.
    runs : at least 2
        Resamples of the activities (Poisson bootstrap), from which bounds and chances are.
    seed : whole number

    Returns
    -------
    Openings
        NaN for themes that are near to none, and everywhere if fewer than eight themes have
        any work. The chance is normal, one-sided, of density less expected by its scatter.

    References
    ----------
    Hidalgo and others (2007), Science 317(5837), 482-487. doi:10.1126/science.1144581
    Boschma, Balland and Kogler (2015), Industrial and Corporate Change 24(1), 223-250.
    doi:10.1093/icc/dtu012
    """
    shape = (work.parts.shape[0], work.labels.shape[1])
    if int((work.labels.sum(axis=0) > 0).sum()) < LEAST_THEMES:
        told = np.full(shape, np.nan)
        return Openings(told, told, told, told, told, np.zeros(shape, bool), np.zeros(shape, bool))
    pairs = _pairs(work.labels)
    found, expected, home, elsewhere = _once(work, pairs, np.ones(len(activity_ids)))
    drawn = poisson_weights(activity_ids, n_runs=runs, seed=seed)
    again = np.array([_once(work, pairs, each.astype(float))[:2] for each in drawn])
    # A run in which a theme goes with none speaks neither for it nor against.
    again[:, 0] = np.where(np.isnan(again[:, 0]), again[:, 1], again[:, 0])
    scatter = np.std(again[:, 0] - again[:, 1], axis=0, ddof=1)
    low, high = np.percentile(again[:, 0], [2.5, 97.5], axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        p_value = ndtr(-(found - expected) / scatter)
    there = ~home & (found > expected) & (elsewhere >= LEAST_ELSEWHERE)
    known = np.isfinite(found) & (scatter > 0)
    return Openings(
        found, np.fmin(low, found), np.fmax(high, found), expected,
        np.where(known, p_value, np.nan), there & known, home,
    )  # fmt: skip


def _pairs(labels: sparse.csr_array) -> sparse.csr_array:
    """Activities x pairs of themes (row by row): 1 where the activity has both."""
    has = sparse.csr_array((labels > 0).astype(float))
    n = has.shape[1]
    counts = np.diff(has.indptr)
    activity = np.repeat(np.arange(has.shape[0]), counts**2)
    each = [has.indices[a:b] for a, b in zip(has.indptr, has.indptr[1:], strict=False)]
    both = [np.add.outer(i * n, i).ravel() for i in each]
    column = np.concatenate([np.zeros(0, dtype=np.int64), *both]).astype(np.int64)
    ones = np.ones(len(column))
    return sparse.csr_array((ones, (activity, column)), shape=(has.shape[0], n * n))


def _once(work: Work, pairs: sparse.csr_array, drawn: Reals) -> tuple[Reals, Reals, Flags, Reals]:
    """Density and what to expect, homes, and activities elsewhere; activities drawn so often."""
    n = work.labels.shape[1]
    home = _home(work, drawn)
    takes_part = sparse.csr_array((work.parts > 0).astype(float) * drawn)
    inside = np.asarray((takes_part @ pairs).todense()).reshape(-1, n, n)
    outside = (pairs.T @ drawn).reshape(n, n) - inside
    near = np.nan_to_num(nearness(outside))
    found = density(home.astype(float), near)
    return found, _expected(home.astype(float), near), home, np.diagonal(outside, axis1=1, axis2=2)


def _home(work: Work, drawn: Reals) -> Flags:
    mine = np.asarray(((work.parts * drawn) @ work.labels).todense())
    size = work.parts @ drawn
    everywhere = (work.performed * drawn) @ work.labels
    whole = float(work.performed @ drawn)
    return np.asarray(mine * whole > size[:, None] * everywhere)


def _expected(home: Reals, near: Reals) -> Reals:
    """The density around any theme: homes weighed by how near they are to all but the one."""
    closeness = near.sum(axis=2)
    at_home = (closeness * home).sum(axis=1, keepdims=True)
    mine = at_home - closeness * home - (near @ home[..., None])[..., 0]
    whole = closeness.sum(axis=1, keepdims=True) - 2 * closeness
    return np.asarray(np.divide(mine, whole, out=np.full(mine.shape, np.nan), where=whole > 0))
