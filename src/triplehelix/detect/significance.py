"""Whether a cluster's mix of themes could be chance, and in which words its evidence is given."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from triplehelix.errors import InputError
from triplehelix.sphere import Floats
from triplehelix.stats import (
    benjamini_hochberg,
    hypergeometric_tail,
    stratified_hypergeometric_tail,
)

# The published rule of `evidence`: docs/methods/random-labelling.md has it as a table.
STABLE, HALF_STABLE, MOST_Q = 0.75, 0.5, 0.05


class ThemeConcentration(NamedTuple):
    """
    p- and q-values of n_clusters clusters and n_themes themes; NaN is untested.

    Parameters
    ----------
    p_value, q_value : shape (n_clusters, n_themes)
    cluster_p_value, cluster_q_value : shape (n_clusters,)
    """

    p_value: Floats
    q_value: Floats
    cluster_p_value: Floats
    cluster_q_value: Floats


def theme_concentration(
    n_both: ArrayLike, n_cluster: ArrayLike, n_theme: ArrayLike, n_all: ArrayLike
) -> ThemeConcentration:
    """
    Whether themes concentrate in clusters beyond what random labelling would bring about.

    The activities keep their places, and what is drawn is which of them have a theme. The
    number of a cluster's activities with the theme is then hypergeometric; its p-value is the
    chance of at least as many. The q-values are over all clusters and themes together.

    A cluster's own p-value is that of its most concentrated theme times the number of themes
    (Bonferroni). It holds however themes depend on each other; the bound of Simes (1986) would
    be a little sharper but may fail where themes shut each other out.

    Parameters
    ----------
    n_both : shape (n_clusters, n_themes)
        Distinct activities that are in the cluster and have the theme.
    n_cluster : shape (n_clusters,), or (n_clusters, n_strata)
        Distinct activities in the cluster, with any theme or none.
    n_theme : shape (n_themes,), or (n_themes, n_strata)
        Distinct activities with the theme.
    n_all : a number, or shape (n_strata,)
        Distinct activities. Here and in `n_theme` count only those that have a place: others
        could be in no cluster, and would make every cluster look concentrated.

        With strata, themes are dealt out within each of them. Large activities are in more
        clusters than small ones, so where a theme's activities are larger than others they
        would look concentrated nearly everywhere; strata by size take that out.

    Returns
    -------
    ThemeConcentration
        NaN for a theme or a cluster without activities, which is not tested and not counted.
        No clusters or no themes give arrays of that shape.

    Raises
    ------
    InputError
        If shapes do not fit, or a number is not a count of the same activities.

    References
    ----------
    Fisher (1935), Journal of the Royal Statistical Society 98(1), 39-82. doi:10.2307/2342435
    Chi, Ramdas and Wang (2022), Multiple testing under negative dependence, on the bound of
    Simes. arXiv:2212.09706. For the q-values see `stats.benjamini_hochberg`.

    Examples
    --------
    Of 100 activities 20 have the theme; the first cluster has 8 of them among 10:

    >>> found = theme_concentration([[8], [2]], [10, 10], [20], 100)
    >>> print(found.p_value.ravel().round(5), found.cluster_q_value.round(5))
    [2.0000e-05 6.3695e-01] [5.0000e-05 6.3695e-01]
    """
    both = np.asarray(n_both, dtype=float)
    group = np.asarray(n_cluster, dtype=float)
    themed = np.asarray(n_theme, dtype=float)
    strata = np.shape(n_all)
    if both.ndim != 2 or (group.shape, themed.shape) != (
        (both.shape[0], *strata), (both.shape[1], *strata)
    ):  # fmt: skip
        raise InputError(
            f"n_both has shape {both.shape}, n_cluster {group.shape}, n_theme {themed.shape}, "
            f"n_all {strata}; give clusters x themes, one number for each cluster, and one for "
            "each theme; or one for each of their strata"
        )
    p = _tails(both, group, themed, np.asarray(n_all, dtype=float))
    if strata:
        group, themed = group.sum(axis=1), themed.sum(axis=1)
    p = np.where((group[:, None] > 0) & (themed[None, :] > 0), p, np.nan)
    cluster_p = _least_of_many(p)
    return ThemeConcentration(p, benjamini_hochberg(p), cluster_p, benjamini_hochberg(cluster_p))


def _tails(both: Floats, group: Floats, themed: Floats, n_all: Floats) -> Floats:
    """The tail of each cluster and theme; 1 where they have no activity in common."""
    if not n_all.ndim:
        return hypergeometric_tail(both, group[:, None], themed[None, :], n_all)
    tails = np.ones(both.shape)
    cluster, theme = np.nonzero(both)
    tails[cluster, theme] = stratified_hypergeometric_tail(
        both[cluster, theme], group[cluster], themed[theme], n_all
    )
    return tails


def _least_of_many(p: Floats) -> Floats:
    """Bonferroni over the tested values of each row; NaN where none was tested."""
    n_tested = np.sum(~np.isnan(p), axis=1)
    least = np.min(np.where(np.isnan(p), np.inf, p), axis=1, initial=np.inf)
    return np.where(n_tested > 0, np.minimum(least * np.maximum(n_tested, 1), 1.0), np.nan)


def q_over_themes(p_value: ArrayLike, theme: ArrayLike, *, n_themes: int) -> Floats:
    """
    q-values of clusters found theme by theme, from p-values that hold within each theme.

    `labelling_test` gives such p-values: within a theme, the chance that any cluster at all is
    called falsely is at most the bound. What is left to control is the choice of themes. A
    theme is selected by Benjamini and Hochberg on the least p-value of its clusters; with R
    of T themes selected at a bound of a, its clusters are then called at a R / T. The q-value
    is the least such a.

    Parameters
    ----------
    p_value : shape (n,)
        From 0 to 1, corrected for the number of clusters within its theme.
    theme : shape (n,)
        The theme each cluster was found in: names or codes.
    n_themes : int
        Themes in which clusters were sought, those without any cluster included.

    Returns
    -------
    shape (n,)
        From 0 to 1, never below the p-value. The rate it bounds is the chance of a false
        cluster within a theme, averaged over the selected themes. With one theme, the p-value.

    Raises
    ------
    InputError
        If a value lies outside 0 to 1 or is NaN, shapes differ, or there are more themes than
        `n_themes`.

    References
    ----------
    Benjamini and Bogomolov (2014), Journal of the Royal Statistical Society B 76(1), 297-318.
    doi:10.1111/rssb.12028

    Examples
    --------
    >>> print(q_over_themes([0.01, 0.3, 0.02], ["cancer", "cancer", "ageing"], n_themes=2))
    [0.02 0.3  0.02]
    """
    p, families = np.asarray(p_value, dtype=float), np.asarray(theme)
    if p.ndim != 1 or p.shape != families.shape or not ((p >= 0) & (p <= 1)).all():
        raise InputError(
            f"p_value (shape {p.shape}) and theme (shape {families.shape}) must be lists of one "
            "length, the p-values between 0 and 1: leave out what was not tested"
        )
    names, family = np.unique(families, return_inverse=True)
    if len(names) > n_themes:
        raise InputError(
            f"n_themes is {n_themes}, but clusters of {len(names)} themes are given; "
            "count every theme in which clusters were sought"
        )
    least = np.ones(n_themes)
    np.minimum.at(least, family, p)
    rank = np.arange(1, n_themes + 1)
    q = np.empty(len(p))
    for each in range(len(names)):
        # The r-th smallest of all themes' values, with this theme's replaced by the cluster's.
        others = np.append(0.0, np.sort(np.delete(least, each)))
        mine = family == each
        q[mine] = np.min(np.maximum(p[mine, None], others) * (n_themes / rank), axis=1)
    return np.minimum(q, 1.0)


def evidence(stability: ArrayLike, q_value: ArrayLike) -> list[str]:
    """
    In one word, how far each cluster can be trusted.

    ========  =====================================================
    word      rule
    ========  =====================================================
    strong    stability >= 0.75 and q <= 0.05
    moderate  stability >= 0.75; or stability >= 0.5 and q <= 0.05
    weak      any other that was resampled
    untested  not resampled
    ========  =====================================================

    Parameters
    ----------
    stability : shape (n,)
        Mean Jaccard similarity under resampling, 0 to 1; NaN where nothing was resampled.
    q_value : shape (n,)
        From 0 to 1; NaN where chance was not tested, and then the word is at most moderate.

    Raises
    ------
    InputError
        If a value lies outside 0 to 1, or lengths differ.

    References
    ----------
    Hennig (2007), Computational Statistics and Data Analysis 52(1), 258-271, for the bounds of
    stability. doi:10.1016/j.csda.2006.11.025

    Examples
    --------
    >>> evidence([0.9, 0.9, 0.6, 0.2, float("nan")], [0.01, float("nan"), 0.01, 0.01, 0.01])
    ['strong', 'moderate', 'moderate', 'weak', 'untested']
    """
    stable, q = (np.asarray(v, dtype=float) for v in (stability, q_value))
    if stable.ndim != 1 or stable.shape != q.shape:
        raise InputError(
            f"stability has shape {stable.shape} and q_value {q.shape}; "
            "give one of each for each cluster"
        )
    _check_shares("stability", stable)
    _check_shares("q_value", q)
    beyond_chance = q <= MOST_Q
    rules = [
        np.isnan(stable),
        (stable >= STABLE) & beyond_chance,
        (stable >= STABLE) | ((stable >= HALF_STABLE) & beyond_chance),
    ]
    words: list[str] = np.select(rules, ["untested", "strong", "moderate"], "weak").tolist()
    return words


def _check_shares(name: str, values: Floats) -> None:
    bad = np.flatnonzero(~(np.isnan(values) | ((values >= 0) & (values <= 1))))
    if len(bad):
        raise InputError(
            f"{name}[{bad[0]}] is {values[bad[0]]} ({len(bad)} such values); it must lie "
            "between 0 and 1: use NaN where nothing was tested"
        )
