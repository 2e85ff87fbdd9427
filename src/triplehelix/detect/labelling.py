"""Whether clusters sought among one theme's activities alone could be chance."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import pdtrc

from triplehelix.errors import InputError
from triplehelix.sphere import Floats, Whole
from triplehelix.stats import hypergeometric_tail

Flags = NDArray[np.bool_]

# A digest of SHA-256 is cut into this many numbers of 32 bits, one for each of as many runs.
_RUNS_PER_DIGEST = 8


class LabellingTest(NamedTuple):
    """
    The clusters found with the true labels, and how they stand against random ones.

    Parameters
    ----------
    labels : shape (n_sites,)
        Each site's cluster, -1 for none; as `find` gave them.
    n_activities : shape (n_clusters,)
        Distinct activities in the cluster, of any theme.
    n_marked : shape (n_clusters,)
        Those with the theme.
    tail : shape (n_clusters,)
        How extreme these counts are; no p-value, for the cluster was sought where the theme is
        dense. Their hypergeometric tail, or with strata Poisson's tail around the number that
        the strata of the cluster's activities let expect.
    p_value : shape (n_clusters,)
        Of the tail, corrected for the search and for the number of clusters.
    least : shape (n_runs,)
        The least tail of each relabelling, infinite without clusters.
    """

    labels: Whole
    n_activities: Whole
    n_marked: Whole
    tail: Floats
    p_value: Floats
    least: Floats


class _Incidence(NamedTuple):
    """Distinct pairs sorted by activity: activity a is at site[start[a]:start[a + 1]]."""

    start: Whole
    site: Whole
    activity: Whole
    n_sites: int


def labelling_test(
    site: ArrayLike,
    activity: ArrayLike,
    *,
    activity_id: Sequence[str],
    has_theme: ArrayLike,
    n_sites: int,
    find: Callable[[Floats], ArrayLike],
    stratum: ArrayLike | None = None,
    n_runs: int = 999,
    seed: int = 0,
) -> LabellingTest:
    """
    Test the clusters that `find` makes of one theme's activities against random labelling.

    With K of N placed activities having the theme, each run draws K of the N at random and
    calls them the theme's, finds clusters among them as among the true ones, and notes the
    most extreme concentration: the least hypergeometric tail over its clusters. The p-value
    of a true cluster is (1 + runs with a tail as small or smaller) / (1 + runs). So it allows
    for the search: clusters of drawn activities, too, lie where those happen to be dense.

    A cluster's activities are those at any site that `find` gives its label, sites without
    the theme included. So `find` should label those within the cluster's area, as DBSCAN
    labels places of weight 0; otherwise whoever does other work next door is left out, small
    sites look concentrated in every run, and the test, though valid, sees little.

    Parameters
    ----------
    site, activity : shape (n_pairs,)
        Codes, from 0: each activity with each site it is performed at; repeats count once.
    activity_id : length n
        Distinct; `activity` points into it. Activities in no pair have no place and are not
        among the N.
    has_theme : shape (n,), bool
    n_sites : int
        Codes of sites are below it.
    find : function
        Takes the number of the theme's activities at each site, shape (n_sites,), and returns
        each site's cluster, from 0, or -1. It must be what made the clusters under test, with
        any threshold drawn from the weights drawn from those it is given.
    stratum : shape (n,), codes from 0, optional
        Activities are drawn within each, as many as have the theme there: by size, so that a
        theme of large activities, which are at more sites, has no head start.
    n_runs : int
        At least 1; no p-value is below 1 / (1 + n_runs).
    seed : int
        An activity's draw in a run is a part of SHA-256 of its id, the run and the seed; the K
        least are taken. It depends on no order of rows, nor on the number of runs.

    Returns
    -------
    LabellingTest
        Clusters in the order of their labels. No pairs, or no theme, and `find` decides.

    Raises
    ------
    InputError
        If lengths differ, a code is out of range, an id comes twice, or `n_runs` is below 1.

    References
    ----------
    Kulldorff (1997), Communications in Statistics: Theory and Methods 26(6), 1481-1496, for
    the test of the most extreme. doi:10.1080/03610929708831995
    Xie and Shekhar (2019), SSTD '19, 31-40, for doing so with DBSCAN's clusters.
    doi:10.1145/3340964.3340968
    Duranton and Overman (2005), Review of Economic Studies 72(4), 1077-1106, for drawing from
    the sites in use, not from the map. doi:10.1111/0034-6527.00362

    Examples
    --------
    Ten activities at each of five sites; all ten at site 0 have the theme, two elsewhere:

    >>> site, activity = [i // 10 for i in range(50)], list(range(50))
    >>> found = labelling_test(
    ...     site, activity, activity_id=[f"a{i}" for i in activity], n_sites=5,
    ...     has_theme=[i < 10 or i in (20, 30) for i in activity],
    ...     find=lambda n: [0 if k == max(n) else -1 for k in n])
    >>> print(found.n_marked, found.n_activities, found.p_value)
    [10] [10] [0.001]
    """
    theme = _checked_theme(activity_id, has_theme)
    _check_runs(n_runs)
    incidence, placed = _incidence(site, activity, len(theme), n_sites)
    truth = theme[placed]
    ids = [activity_id[i] for i in placed.tolist()]
    kinds = _strata(stratum, len(theme))[placed]
    marks = np.bincount(kinds[truth], minlength=int(kinds.max(initial=0)) + 1)
    share = (marks / np.maximum(np.bincount(kinds, minlength=len(marks)), 1))[kinds]
    labels, n_activities, n_marked, mean = _clusters_of(incidence, truth, share, find)
    runs = [
        _clusters_of(incidence, drawn, share, find)[1:]
        for drawn in random_labels(ids, marks, stratum=kinds, n_runs=n_runs, seed=seed)
    ]  # fmt: skip
    run = np.repeat(np.arange(n_runs), [len(n) for n, *_ in runs])
    groups = np.concatenate([n_activities, *(n for n, _, _ in runs)])
    both = np.concatenate([n_marked, *(k for _, k, _ in runs)])
    expected = np.concatenate([mean, *(mu for *_, mu in runs)])
    tails = _tails(both, groups, truth) if len(marks) == 1 else _around(both, expected)
    tail, drawn_tails = np.split(tails, [len(n_activities)])
    least = np.full(n_runs, np.inf)
    np.minimum.at(least, run, drawn_tails)
    as_extreme = np.searchsorted(np.sort(least), tail, side="right")
    p_value = np.asarray((1.0 + as_extreme) / (1.0 + n_runs), dtype=np.float64)
    return LabellingTest(labels, n_activities, n_marked, tail, p_value, least)


def random_labels(
    activity_id: Sequence[str], n_marked: ArrayLike, *, n_runs: int, seed: int,
    stratum: ArrayLike | None = None,
) -> Iterator[Flags]:  # fmt: skip
    """
    For each run, which activities are marked: `n_marked` of them, each choice equally likely.

    Parameters
    ----------
    activity_id : length n
        Distinct.
    n_marked : a number from 0 to n, or with strata one for each
    n_runs, seed : int
    stratum : shape (n,), codes from 0, optional

    Yields
    ------
    shape (n,), bool
        The same activities whatever their order, and however many runs there are.

    Examples
    --------
    >>> one, = random_labels(["a", "b", "c", "d"], 2, n_runs=1, seed=0)
    >>> other, = random_labels(["d", "c", "b", "a"], 2, n_runs=1, seed=0)
    >>> int(one.sum()), bool((one == other[::-1]).all())
    (2, True)
    """
    encoded = [each.encode() for each in activity_id]
    # Equal draws, once in 2^32, go by id.
    rank = np.empty(len(encoded), dtype=np.uint64)
    rank[sorted(range(len(encoded)), key=encoded.__getitem__)] = np.arange(len(encoded))
    marks = np.atleast_1d(np.asarray(n_marked, dtype=np.int64)).tolist()
    kinds = _strata(stratum, len(encoded))
    members = [np.flatnonzero(kinds == kind) for kind in range(len(marks))]
    for block in range(-(-n_runs // _RUNS_PER_DIGEST)):
        runs = min(_RUNS_PER_DIGEST, n_runs - block * _RUNS_PER_DIGEST)
        suffix = f"\0{block}\0{seed}".encode()
        digests = b"".join([hashlib.sha256(each + suffix).digest() for each in encoded])
        words = np.frombuffer(digests, dtype=">u4").reshape(-1, _RUNS_PER_DIGEST)
        for k in range(runs):
            draws = (words[:, k].astype(np.uint64) << np.uint64(32)) | rank
            marked = np.zeros(len(draws), dtype=np.bool_)
            for rows, n in zip(members, marks, strict=True):
                marked[rows] = _least(draws[rows], n)
            yield marked


def _least(draws: NDArray[np.uint64], n: int) -> Flags:
    """Which are the n least of distinct numbers."""
    if n == 0:
        return np.zeros(len(draws), dtype=np.bool_)
    return np.asarray(draws <= np.partition(draws, n - 1)[n - 1])


def _clusters_of(
    incidence: _Incidence, marked: Flags, share: Floats, find: Callable[[Floats], ArrayLike]
) -> tuple[Whole, Whole, Whole, Floats]:
    """Clusters of the marked activities: labels, distinct activities, marked ones, expected."""
    from triplehelix.detect.tally import tally

    at = incidence.site[marked[incidence.activity]]
    weight = np.bincount(at, minlength=incidence.n_sites).astype(np.float64)
    labels = _checked_labels(find(weight), incidence.n_sites)
    n_clusters = int(labels.max(initial=-1)) + 1
    n_activities, n_marked = np.zeros((2, n_clusters), dtype=np.int64)
    last = np.full(n_clusters, -1, dtype=np.int64)
    expected = np.zeros(n_clusters)
    tally(
        incidence.start, incidence.site, labels, marked, share,
        last, n_activities, n_marked, expected,
    )  # fmt: skip
    return labels, n_activities, n_marked, expected


def _around(n_both: Whole, expected: Floats) -> Floats:
    """How extreme counts are for what is expected, by Poisson's tail: a yardstick for any size."""
    return np.asarray(np.where(n_both > 0, pdtrc(n_both - 1.0, expected), 1.0))


def _strata(stratum: ArrayLike | None, n: int) -> Whole:
    if stratum is None:
        return np.zeros(n, dtype=np.int64)
    kinds = np.asarray(stratum)
    if kinds.shape != (n,) or kinds.dtype.kind not in "iu" or kinds.min(initial=0) < 0:
        raise InputError(
            f"stratum has shape {kinds.shape} and type {kinds.dtype}, for {n} activities; give "
            "each a whole number from 0"
        )
    return kinds.astype(np.int64)


def _tails(n_both: Whole, n_group: Whole, theme: Flags) -> Floats:
    """The tail of each pair of counts: equal pairs, which are many, get the same number."""
    n_all, n_theme = len(theme), int(theme.sum())
    pair, of = np.unique(n_both * (n_all + 1) + n_group, return_inverse=True)
    both, group = np.divmod(pair, n_all + 1)
    return hypergeometric_tail(both, group, n_theme, n_all)[of]


def _checked_theme(activity_id: Sequence[str], has_theme: ArrayLike) -> Flags:
    theme = np.asarray(has_theme)
    if theme.shape != (len(activity_id),) or (len(theme) and theme.dtype != np.bool_):
        raise InputError(
            f"has_theme has shape {theme.shape} and type {theme.dtype}, for {len(activity_id)} "
            "activities; give True or False for each"
        )
    seen: set[str] = set()
    for each in activity_id:
        if each in seen:
            raise InputError(f"activity_id holds {each!r} twice; give each activity once")
        seen.add(each)
    return theme.astype(np.bool_)


def _check_runs(n_runs: int) -> None:
    if n_runs < 1:
        raise InputError(f"n_runs is {n_runs}; a test needs at least 1 relabelling, such as 999")


def _incidence(
    site: ArrayLike, activity: ArrayLike, n_activities: int, n_sites: int
) -> tuple[_Incidence, Whole]:
    """The distinct pairs, with placed activities counted anew from 0; and which those are."""
    sites = _codes("site", site, n_sites)
    activities = _codes("activity", activity, n_activities)
    if len(sites) != len(activities):
        raise InputError(
            f"site has {len(sites)} values and activity {len(activities)}; "
            "give the two ends of each pair"
        )
    pairs = np.unique(activities * max(n_sites, 1) + sites)
    at, of_site = np.divmod(pairs, max(n_sites, 1))
    placed, of_activity = np.unique(at, return_inverse=True)
    start = np.searchsorted(of_activity, np.arange(len(placed) + 1))
    return _Incidence(start, of_site, of_activity, n_sites), placed


def _codes(name: str, values: ArrayLike, n: int) -> Whole:
    codes = np.asarray(values)
    if codes.size == 0:
        return np.empty(0, dtype=np.int64)
    if codes.ndim != 1 or codes.dtype.kind not in "iu":
        raise InputError(
            f"{name} has shape {codes.shape} and type {codes.dtype}; give a list of whole numbers"
        )
    bad = np.flatnonzero((codes < 0) | (codes >= n))
    if len(bad):
        raise InputError(
            f"{name}[{bad[0]}] is {codes[bad[0]]} ({len(bad)} such values); "
            f"codes go from 0 to {n - 1}: leave out pairs without a place"
        )
    return codes.astype(np.int64)


def _checked_labels(labels: ArrayLike, n_sites: int) -> Whole:
    found = np.ascontiguousarray(labels, dtype=np.int64)
    if found.shape != (n_sites,) or found.min(initial=-1) < -1:
        raise InputError(
            f"find returned labels of shape {found.shape}, least {found.min(initial=-1)}; "
            f"it must give each of the {n_sites} sites a cluster from 0, or -1 for none"
        )
    return found
