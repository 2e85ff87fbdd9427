"""The inner loops of the bootstrap of clusters, compiled by Numba."""

from typing import Any, NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from triplehelix.compiling import compiled
from triplehelix.sphere import Floats, Whole

Weights = NDArray[np.uint8]


class Groups(NamedTuple):
    """Items by group: group g holds item[start[g]] to item[start[g + 1]], last left out."""

    start: Whole
    item: Whole


_FLOATS, _WHOLE, _BYTES = types.float64[::1], types.int64[::1], types.uint8[::1]
_INT, _FLAG = types.int64, types.boolean
_GROUPS: Any = types.NamedUniTuple(_WHOLE, 2, Groups)  # type: ignore[no-untyped-call]


@compiled(_WHOLE(_WHOLE, _BYTES, _GROUPS, _BYTES, _FLAG))
def site_weights(
    organisation: Whole,
    of_organisation: Weights,
    work: Groups,
    of_activity: Weights,
    by_activities: bool,
) -> Whole:
    """
    What each site weighs in a run: its organisation's weight times that of its activities.

    A site without activities is listed, and counts once; so does every site if not
    `by_activities`.
    """
    weight = np.empty(len(organisation), dtype=np.int64)
    for s in range(len(organisation)):
        first, last = work.start[s], work.start[s + 1]
        times = 1
        if by_activities and last > first:
            times = 0
            for k in range(first, last):
                times += of_activity[work.item[k]]
        weight[s] = times * of_organisation[organisation[s]]
    return weight


@compiled(types.void(_GROUPS, _WHOLE, _WHOLE, _WHOLE, _WHOLE, _FLOATS, _WHOLE))
def counterparts(
    members: Groups,
    weight: Whole,
    found: Whole,
    size: Whole,
    mass: Whole,
    jaccard: Floats,
    counterpart: Whole,
) -> None:
    """
    The cluster of a run that is most like each cluster of the whole, and how like it is.

    Parameters
    ----------
    members : the sites of each cluster of the whole
    weight, found : shape (n_sites,)
        What each site weighs in the run (0: not drawn), and the run's cluster it is in, or -1.
    size, mass : shape (n_found,)
        Drawn sites, and their weight, of each of the run's clusters.
    jaccard, counterpart : shape (n_clusters,), written
        The greatest similarity to a cluster of the run, on drawn sites, and which cluster
        that is: of equals the heavier, then the one of lesser number; -1 without any.
    """
    shared = np.zeros(len(size), dtype=np.int64)
    for c in range(len(members.start) - 1):
        drawn = 0
        jaccard[c], counterpart[c] = 0.0, -1
        for k in range(members.start[c], members.start[c + 1]):
            s = members.item[k]
            drawn += weight[s] > 0
            if found[s] >= 0:
                shared[found[s]] += 1
        for k in range(members.start[c], members.start[c + 1]):
            f = found[members.item[k]]
            if f < 0 or shared[f] == 0:
                continue
            likeness = shared[f] / (drawn + size[f] - shared[f])
            shared[f] = 0
            best = counterpart[c]
            if (
                likeness > jaccard[c]
                or likeness == jaccard[c]
                and (mass[f] > mass[best] or mass[f] == mass[best] and f < best)
            ):
                jaccard[c], counterpart[c] = likeness, f


@compiled(_WHOLE(_WHOLE, _WHOLE, _WHOLE, _WHOLE))
def settled(weight: Whole, found: Whole, whole: Whole, counterpart: Whole) -> Whole:
    """
    The run's cluster that each site counts for, or -1.

    A site that was drawn counts where it was found. One that was not keeps its place: it
    counts for the counterpart of its cluster in the whole.
    """
    where = np.empty(len(weight), dtype=np.int64)
    for s in range(len(weight)):
        if weight[s] > 0:
            where[s] = found[s]
        else:
            where[s] = counterpart[whole[s]] if whole[s] >= 0 else -1
    return where


@compiled(_WHOLE(_GROUPS, _BYTES, _WHOLE, _INT))
def drawn_organisations(
    sites: Groups, of_organisation: Weights, where: Whole, n_found: int
) -> Whole:
    """
    How many organisations were drawn in each of the run's clusters.

    One counts as often as it was drawn, and in one cluster once for all its sites.

    Parameters
    ----------
    sites : the sites of each organisation
    of_organisation : how often each was drawn
    where : shape (n_sites,), the run's cluster that each site counts for, or -1
    """
    count = np.zeros(n_found, dtype=np.int64)
    last = np.full(n_found, -1, dtype=np.int64)
    for o in range(len(of_organisation)):
        if of_organisation[o] > 0:
            for k in range(sites.start[o], sites.start[o + 1]):
                f = where[sites.item[k]]
                if f >= 0 and last[f] != o:
                    last[f] = o
                    count[f] += of_organisation[o]
    return count


@compiled(_FLOATS(_GROUPS, _BYTES, _WHOLE, _BYTES, _WHOLE, _INT))
def drawn_activities(
    sites: Groups,
    of_activity: Weights,
    organisation: Whole,
    of_organisation: Weights,
    where: Whole,
    n_found: int,
) -> Floats:
    """
    How many activities were drawn in each of the run's clusters.

    One counts as often as it was drawn, times the mean of how often the organisations of its
    sites in the cluster were: what a big organisation does comes and goes with it.
    """
    count = np.zeros(n_found)
    n_sites, times = np.zeros(n_found, dtype=np.int64), np.zeros(n_found, dtype=np.int64)
    for a in range(len(of_activity)):
        if of_activity[a] == 0:
            continue
        for k in range(sites.start[a], sites.start[a + 1]):
            s = sites.item[k]
            if where[s] >= 0:
                n_sites[where[s]] += 1
                times[where[s]] += of_organisation[organisation[s]]
        for k in range(sites.start[a], sites.start[a + 1]):
            f = where[sites.item[k]]
            if f >= 0 and n_sites[f] > 0:
                count[f] += of_activity[a] * times[f] / n_sites[f]
                n_sites[f] = times[f] = 0
    return count
