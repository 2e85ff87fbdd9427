"""The bootstrap of clusters: in each run things are drawn, and clusters found, anew."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numba import config

from triplehelix.detect import stability_kernels as kernels
from triplehelix.detect.kernels import Flags
from triplehelix.detect.stability_kernels import Groups, Weights
from triplehelix.errors import InputError
from triplehelix.sphere import Floats, Whole

# Gets what each site weighs, returns labels of shape (n_levels, n_sites), -1 for noise, numbered
# by content: the heaviest first. A weight of 0 means that the site is not there.
Find = Callable[[Whole], Whole]

# Runs handed to a thread at once: few enough to share the work out evenly.
_RUNS_PER_TASK = 8

_NO_SITES = np.empty(0, dtype=np.bool_)


class Work(NamedTuple):
    """
    Who does what: n sites of organisations, and the activities performed there.

    organisation       shape (n,): number of each site's organisation
    activities_of_site the distinct activities of each site
    sites_of_organisation, sites_of_activity
    by_activities      whether a site weighs as many activities as it has, or 1
    """

    organisation: Whole
    activities_of_site: Groups
    sites_of_organisation: Groups
    sites_of_activity: Groups
    by_activities: bool


class Figures(NamedTuple):
    """
    What clusters hold, and their rank by weight (1: heaviest; equals share the best rank).

    In a run, activities are counted in fractions: see `bootstrap`.
    """

    weight: Whole
    n_organisations: Whole
    n_activities: Floats
    rank: Whole


class Runs(NamedTuple):
    """
    What became of each cluster of one level in each run.

    jaccard     shape (n_runs, n_clusters): greatest similarity to a cluster of the run, on the
                sites drawn; 0 to 1
    figures     each of shape (n_runs, n_clusters), of that cluster, its counterpart; without
                one they are 0, and the rank is one more than there are clusters in the run
    probability shape (n_sites,): of the runs in which the site was drawn, the share in which it
                was in its cluster's counterpart; NaN for noise, and for a site never drawn
    """

    jaccard: Floats
    figures: Figures
    probability: Floats


class _Compared(NamedTuple):
    """One run beside the whole, on one level."""

    jaccard: Floats
    figures: Figures
    in_counterpart: Flags


def work_of(
    organisation: Whole,
    site: Whole,
    activity: Whole,
    *,
    shape: tuple[int, int],
    by_activities: bool,
) -> Work:
    """
    Who does what, from arrays of numbers.

    Parameters
    ----------
    organisation : shape (n_sites,)
        Number of each site's organisation.
    site, activity : shape (n_pairs,)
        The sites at which activities are performed; a pair given twice is one.
    shape : n_organisations, n_activities
        How many there are, with or without a site.
    by_activities : whether a site weighs as many activities as it has (1 without any), or 1

    Raises
    ------
    InputError
        If a number is none of a site, organisation or activity.
    """
    n_organisations, n_activities = shape
    n_sites = len(organisation)
    _check_numbers("organisation", organisation, n_organisations)
    _check_numbers("site", site, n_sites)
    _check_numbers("activity", activity, n_activities)
    pairs = np.unique(site.astype(np.int64) * max(n_activities, 1) + activity)
    site, activity = np.divmod(pairs, max(n_activities, 1))
    return Work(
        np.ascontiguousarray(organisation, dtype=np.int64),
        _grouped(site, activity, n_sites),
        _grouped(organisation, np.arange(n_sites), n_organisations),
        _grouped(activity, site, n_activities),
        by_activities,
    )


def _check_numbers(what: str, numbers: Whole, n: int) -> None:
    bad = np.flatnonzero((numbers < 0) | (numbers >= n))
    if len(bad):
        raise InputError(
            f"{what}[{bad[0]}] is {numbers[bad[0]]} ({len(bad)} such values), but they are "
            f"numbered from 0 to {n - 1}: leave out what has no number"
        )


def _grouped(group: Whole, item: Whole, n_groups: int) -> Groups:
    order = np.argsort(group, kind="stable")
    start = np.searchsorted(group[order], np.arange(n_groups + 1))
    return Groups(start, np.ascontiguousarray(item[order]))


def bootstrap(
    labels: Whole,
    work: Work,
    find: Find,
    *,
    organisation_weights: Weights,
    activity_weights: Weights,
) -> list[Runs]:
    """
    What becomes of clusters when organisations and activities are drawn anew.

    A run counts each organisation and each activity as often as its weight says, and finds
    the clusters of the sites so weighed. Each cluster of the whole is compared with its
    counterpart: the run's cluster that is most like it by Jaccard's measure on the sites
    drawn, of equals the heavier, then the one numbered lower by `find`.

    An organisation is in the counterpart where a site of it is, and counts as often as it was
    drawn. An activity is there where a site at which it is performed is, and counts as often
    as it was drawn, times the mean of how often the organisations of those sites were. A site
    that was not drawn keeps its place, in the counterpart of its cluster: an organisation
    drawn without any of its activities is still there. So with clusters that stand as they
    are, every figure has the whole's as its mean over the runs.

    Parameters
    ----------
    labels : shape (n_levels, n_sites)
        The clusters of the whole, -1 for noise.
    work : who does what at the sites
    find : from weights of the sites, shape (n_sites,), to labels of such shape
        May be called from several threads at once. What a site of weight 0 gets is ignored,
        and no site may owe its label to one.
    organisation_weights, activity_weights : shape (n_runs, n_organisations), (n_runs, n_activities)
        How often each is drawn, as by `stats.poisson_weights`.

    Returns
    -------
    one `Runs` for each level

    Raises
    ------
    InputError
        If there is no run, weights are not of the shape that `work` asks for, or `find`
        returns labels of another shape than those of the whole.
    """
    labels = np.require(labels, np.int64, ["C", "W"])
    organisation_weights = _checked(
        "organisation", organisation_weights, work.sites_of_organisation
    )
    activity_weights = _checked("activity", activity_weights, work.sites_of_activity)
    runs = np.arange(len(organisation_weights))
    tasks = np.split(runs, runs[_RUNS_PER_TASK::_RUNS_PER_TASK])
    members = [_members(level) for level in labels]

    def work_off(task: Whole) -> tuple[list[list[_Compared]], Whole, Whole]:
        compared, drawn, kept = [], np.zeros_like(labels), np.zeros_like(labels)
        for run in task:
            draw = _drawn(work, organisation_weights[run], activity_weights[run])
            found = _found(find, draw.weight, labels.shape)
            levels = [
                _compared(*level, draw, work) for level in zip(labels, members, found, strict=True)
            ]
            drawn += draw.weight > 0
            kept += np.stack([level.in_counterpart for level in levels])
            compared.append([level._replace(in_counterpart=_NO_SITES) for level in levels])
        return compared, drawn, kept

    with ThreadPoolExecutor(int(config.NUMBA_NUM_THREADS)) as pool:  # type: ignore[attr-defined]
        parts = list(pool.map(work_off, tasks))
    compared = [run for part in parts for run in part[0]]
    drawn = sum((part[1] for part in parts), np.zeros_like(labels))
    kept = sum((part[2] for part in parts), np.zeros_like(labels))
    with np.errstate(invalid="ignore"):
        probability = np.where(labels >= 0, kept / drawn, np.nan)
    return [_runs([run[i] for run in compared], probability[i]) for i in range(len(labels))]


def _checked(kind: str, weights: Weights, sites: Groups) -> Weights:
    n_units = len(sites.start) - 1
    if weights.ndim != 2 or weights.shape[1] != n_units or not len(weights):
        raise InputError(
            f"{kind}_weights has shape {weights.shape}, and the sites have {n_units} of that kind; "
            f"give at least one run, and in each a weight for each {kind}"
        )
    return np.require(weights, np.uint8, ["C", "W"])


def figures_of(labels: Whole, work: Work) -> Figures:
    """The figures of the whole: of the clusters of one level, each thing counted once."""
    once = [
        np.ones(len(sites.start) - 1, dtype=np.uint8)
        for sites in (work.sites_of_organisation, work.sites_of_activity)
    ]
    draw = _drawn(work, *once)
    mass = _mass(labels, draw.weight)
    return _figures(labels, np.arange(len(mass)), mass, draw, work)


class _Draw(NamedTuple):
    """How often each organisation and activity is drawn, and so what each site weighs."""

    organisation: Weights
    activity: Weights
    weight: Whole


def _drawn(work: Work, organisation: Weights, activity: Weights) -> _Draw:
    weight = kernels.site_weights(
        work.organisation, organisation, work.activities_of_site, activity, work.by_activities
    )
    return _Draw(organisation, activity, weight)


def _found(find: Find, weight: Whole, shape: tuple[int, ...]) -> Whole:
    if not weight.any():
        return np.full(shape, -1, dtype=np.int64)
    found = np.asarray(find(weight), dtype=np.int64)
    if found.shape != shape:
        raise InputError(
            f"find returned labels of shape {found.shape}, but those of the whole have {shape}; "
            "it must return a row for each level, with a label for each site"
        )
    return np.where(weight > 0, found, -1)


def _members(labels: Whole) -> Groups:
    site = np.flatnonzero(labels >= 0)
    return _grouped(labels[site], site, labels.max(initial=-1) + 1)


def _compared(labels: Whole, members: Groups, found: Whole, draw: _Draw, work: Work) -> _Compared:
    n_clusters = len(members.start) - 1
    jaccard, counterpart = np.empty(n_clusters), np.empty(n_clusters, dtype=np.int64)
    size, mass = np.bincount(found[found >= 0]), _mass(found, draw.weight)
    kernels.counterparts(members, draw.weight, found, size, mass, jaccard, counterpart)
    where = kernels.settled(draw.weight, found, labels, counterpart)
    in_counterpart = (found >= 0) & (found == np.append(counterpart, -1)[labels])
    return _Compared(jaccard, _figures(where, counterpart, mass, draw, work), in_counterpart)


def _mass(found: Whole, weight: Whole) -> Whole:
    member = found >= 0
    # Sums of whole numbers, exact in floating point up to 2^53.
    return np.bincount(found[member], weight[member]).astype(np.int64)


def _figures(where: Whole, counterpart: Whole, mass: Whole, draw: _Draw, work: Work) -> Figures:
    """Of each cluster's counterpart among the found ones, which weigh `mass`."""
    n_found = len(mass)
    lighter_or_equal = np.searchsorted(np.sort(mass), mass, side="right")
    of_found = [
        mass,
        kernels.drawn_organisations(work.sites_of_organisation, draw.organisation, where, n_found),
        kernels.drawn_activities(
            work.sites_of_activity,
            draw.activity,
            work.organisation,
            draw.organisation,
            where,
            n_found,
        ),
        n_found + 1 - lighter_or_equal,
    ]
    # Counterpart -1, none, picks what is appended.
    without = (0, 0, 0, n_found + 1)
    return Figures(
        *(np.append(each, none)[counterpart] for each, none in zip(of_found, without, strict=True))
    )


def _runs(compared: list[_Compared], probability: Floats) -> Runs:
    jaccard = np.stack([run.jaccard for run in compared])
    figures = zip(*(run.figures for run in compared), strict=True)
    return Runs(jaccard, Figures(*map(np.stack, figures)), probability)
