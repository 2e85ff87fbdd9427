"""How sure clusters are: what becomes of them when organisations and activities are drawn anew."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.detect.dbscan import finder
from triplehelix.errors import InputError
from triplehelix.sphere import Floats, Whole, checked_degrees

if TYPE_CHECKING:
    from triplehelix.detect.stability_runs import Figures, Find, Runs, Work


class Interval(NamedTuple):
    """A figure of each cluster, and the 95 % interval that holds it; whole numbers."""

    value: Whole
    low: Whole
    high: Whole


class Certainty(NamedTuple):
    """
    How sure the clusters of one level are; the first five by cluster, in the order of labels.

    stability       mean Jaccard similarity to the counterpart over the runs, 0 to 1
    weight, n_organisations, n_activities
                    what the cluster holds
    rank            its place by weight: 1 is the heaviest
    probability     of each site or row: the share of the runs in which it was drawn where it was
                    in its cluster's counterpart; NaN for noise, and if it was never drawn
    """

    stability: Floats
    weight: Interval
    n_organisations: Interval
    n_activities: Interval
    rank: Interval
    probability: Floats


class Stability(NamedTuple):
    """What `stability` returns: the label of each row, -1 for noise, and `Certainty`."""

    labels: Whole
    stability: Floats
    weight: Interval
    n_organisations: Interval
    n_activities: Interval
    rank: Interval
    probability: Floats


def stability(
    lat: ArrayLike,
    lon: ArrayLike,
    *,
    organisation: Sequence[str],
    activity: Sequence[str | None] | None = None,
    radius_km: float,
    min_weight: float,
    n_runs: int = 200,
    seed: int = 0,
) -> Stability:
    """
    Clusters of organisations by `dbscan`, and how sure each of them is.

    Would the cluster still be there, with these members and of this rank, had a few
    organisations or activities been missing, and a few others counted twice? In each run
    every organisation and every activity is drawn 0, 1, 2, ... times (Poisson, mean 1), a
    site weighs as often as its organisation was drawn times its activities were, and clusters
    are found anew with the same radius and least weight.

    Parameters
    ----------
    lat, lon : shape (n,), degrees
        One row for each part of an organisation in an activity: where it was performed. Rows
        of one organisation at one place are one site.
    organisation : n ids
    activity : n ids, optional
        None in a row: the organisation is there, without an activity. A site weighs as many
        distinct activities as it has, and 1 without any.
    radius_km, min_weight : as for `dbscan`
    n_runs : at least 1
        With 200, a stability is known to about 0.02 where it is near 0.9, 0.04 near 0.5.
    seed : whole number
        Another seed, other draws.

    Returns
    -------
    Stability
        `labels` and `probability` of each row; of each cluster its `stability` (0.75 and more
        is usually called stable, below 0.5 dissolved), and the 95 % interval of its weight,
        its numbers of organisations and of activities, and its rank. No rows: all empty.

    Raises
    ------
    InputError
        As by `dbscan`; or if ids are fewer or more than rows or neither text nor whole number,
        an organisation is missing, or n_runs is below 1.

    References
    ----------
    Owen and Eckles (2012), Annals of Applied Statistics 6(3), 895-927. doi:10.1214/12-AOAS547
    Hennig (2007), Computational Statistics & Data Analysis 52, 258-271.
    doi:10.1016/j.csda.2006.11.025

    Examples
    --------
    Thirty organisations in one town, and five in another, each with one activity; five of
    weight are a cluster. The first is there in every run, the second often falls apart:

    >>> town = ["first"] * 30 + ["second"] * 5
    >>> found = stability(
    ...     [52.2 if each == "first" else 55.9 for each in town],
    ...     [0.1 if each == "first" else -3.2 for each in town],
    ...     organisation=[f"organisation {i}" for i in range(35)],
    ...     activity=[f"activity {i}" for i in range(35)],
    ...     radius_km=10, min_weight=5)
    >>> found.labels[[0, 34]]
    array([0, 1])
    >>> bool(found.stability[0] > 0.95), bool(found.stability[1] < 0.6)
    (True, True)
    >>> found.n_organisations.value, bool(found.n_organisations.low[1] == 0)
    (array([30,  5]), True)
    """
    rows = _rows(lat, lon, organisation, activity)
    if n_runs < 1:
        raise InputError(f"n_runs is {n_runs}; give at least 1, such as 200")
    found_by = finder(rows.lat, rows.lon, radius_km=[radius_km], min_weight=min_weight)
    if not len(rows.lat):
        return _nothing()
    # Here, because it imports Numba: see `dbscan.finder`.
    from triplehelix.detect.stability_runs import work_of

    work = work_of(
        rows.organisation, rows.site, rows.activity,
        shape=(len(rows.organisations), len(rows.activities)), by_activities=True,
    )  # fmt: skip
    weight = np.maximum(np.diff(work.activities_of_site.start), 1)
    labels = found_by(weight).labels
    (level,) = certainty(
        labels, work, lambda drawn: found_by(drawn).labels,
        organisations=rows.organisations, activities=rows.activities, n_runs=n_runs, seed=seed,
    )  # fmt: skip
    return Stability(
        labels[0][rows.of_row], *level[:-1], probability=level.probability[rows.of_row]
    )


def certainty(
    labels: Whole,
    work: "Work",
    find: "Find",
    *,
    organisations: Sequence[str],
    activities: Sequence[str],
    n_runs: int,
    seed: int,
) -> list[Certainty]:
    """
    How sure the clusters of each level are, whatever the method that finds them.

    Parameters
    ----------
    labels : shape (n_levels, n_sites), -1 for noise
    work, find : as for `stability_runs.bootstrap`
    organisations, activities : their ids, in the order of the numbers in `work`
    n_runs, seed : as for `stability`
    """
    from triplehelix.detect.stability_runs import bootstrap, figures_of

    levels = bootstrap(
        labels, work, find,
        organisation_weights=organisation_weights(organisations, n_runs=n_runs, seed=seed),
        activity_weights=activity_weights(activities, n_runs=n_runs, seed=seed),
    )  # fmt: skip
    return [
        certainty_of(runs, figures_of(each, work))
        for each, runs in zip(labels, levels, strict=True)
    ]


def organisation_weights(ids: Sequence[str], *, n_runs: int, seed: int) -> NDArray[np.uint8]:
    """How often each organisation is drawn in each run: (n_runs, n_ids)."""
    return _weights("organisation", ids, n_runs, seed)


def activity_weights(ids: Sequence[str], *, n_runs: int, seed: int) -> NDArray[np.uint8]:
    """How often each activity is drawn, whatever organisation has the same id: (n_runs, n_ids)."""
    return _weights("activity", ids, n_runs, seed)


def _weights(kind: str, ids: Sequence[str], n_runs: int, seed: int) -> NDArray[np.uint8]:
    # Here, because it imports SciPy, which most of what imports this never needs.
    from triplehelix.stats import poisson_weights

    return poisson_weights([f"{kind} {each}" for each in ids], n_runs=n_runs, seed=seed)


def certainty_of(runs: "Runs", whole: "Figures") -> Certainty:
    """The means and the intervals of one level over its runs."""
    found = runs.figures
    return Certainty(
        runs.jaccard.mean(axis=0),
        _interval(whole.weight, found.weight),
        _interval(whole.n_organisations, found.n_organisations),
        _interval(whole.n_activities, found.n_activities),
        _interval(whole.rank, found.rank),
        runs.probability,
    )


def _interval(value: Whole | Floats, runs: Whole | Floats) -> Interval:
    """From the 2.5th to the 97.5th percentile of the runs, outward to whole numbers."""
    low = np.quantile(runs, 0.025, axis=0, method="lower")
    high = np.quantile(runs, 0.975, axis=0, method="higher")
    # Sums of thirds may miss a whole number by a rounding error.
    whole, least, most = np.rint(value), np.floor(low.round(6)), np.ceil(high.round(6))
    bounds = np.minimum(least, whole), np.maximum(most, whole)
    return Interval(*(each.astype(np.int64) for each in (whole, *bounds)))


class _Rows(NamedTuple):
    """The distinct sites and pairs of rows, all sorted by content."""

    lat: Floats
    lon: Floats
    organisation: Whole
    site: Whole
    activity: Whole
    of_row: Whole
    organisations: list[str]
    activities: list[str]


def _rows(
    lat: ArrayLike,
    lon: ArrayLike,
    organisation: Sequence[str],
    activity: Sequence[str | None] | None,
) -> _Rows:
    latitude, longitude = checked_degrees(lat, lon)
    n = len(latitude)
    organisations, of_row = _numbered("organisation", organisation, n)
    if len(of_row) and of_row.min() < 0:
        raise InputError(
            f"organisation[{of_row.argmin()}] is missing ({(of_row < 0).sum()} such rows); "
            "give each row an organisation: one of its own if it is not known"
        )
    given = [None] * n if activity is None else activity
    activities, of_pair = _numbered("activity", given, n)
    keys, site = np.unique(np.c_[latitude, longitude, of_row], axis=0, return_inverse=True)
    site, paired = site.reshape(-1), of_pair >= 0
    lat_of, lon_of, owner = (np.ascontiguousarray(each) for each in keys.T)
    return _Rows(
        lat_of, lon_of, owner.astype(np.int64), site[paired], of_pair[paired], site,
        organisations, activities,
    )  # fmt: skip


def _numbered(what: str, ids: Sequence[Any], n: int) -> tuple[list[str], Whole]:
    """The distinct ids as sorted texts, and the number of each row's; -1 for None and NaN."""
    if len(ids) != n:
        raise InputError(f"{what} has {len(ids)} ids, but there are {n} rows; give one for each")
    texts = [_text(what, i, each) for i, each in enumerate(ids)]
    names = sorted({text for text in texts if text is not None})
    number: dict[str | None, int] = {name: i for i, name in enumerate(names)} | {None: -1}
    return names, np.array([number[text] for text in texts], dtype=np.int64)


def _text(what: str, i: int, given: object) -> str | None:
    if isinstance(given, str | int | np.integer):
        return str(given)
    # NaN is what pandas writes for what is missing, and the one number unlike itself.
    if given is None or (isinstance(given, float) and given != given):
        return None
    raise InputError(f"{what}[{i}] is {given!r}; give ids as texts or whole numbers, or None")


def _nothing() -> Stability:
    whole, real = np.empty(0, dtype=np.int64), np.empty(0)
    empty = Interval(whole, whole, whole)
    return Stability(whole, real, empty, empty, empty, empty, real)
