"""How much of each cluster of one time is found in each cluster of another."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from triplehelix.errors import InputError
from triplehelix.sphere import Floats, Whole, arc_km, checked_degrees, unit_vectors

Shares = dict[tuple[str, str], float]

# A distance worked out from either end differs by less than this; sites are no better known.
_ROUNDING_KM = 1e-6


class Members(NamedTuple):
    """
    Who stands where in the clusters of one time: a row for each site in a cluster.

    Parameters
    ----------
    cluster : shape (n,), the cluster's id, never ''
    organisation : shape (n,), the id of the organisation that stands there
    lat, lon : shape (n,), degrees
    weight : shape (n,), each >= 0; 1 each when left out
    """

    cluster: Sequence[str]
    organisation: Sequence[str]
    lat: ArrayLike
    lon: ArrayLike
    weight: ArrayLike | None = None


class Standing(NamedTuple):
    """Checked members: row i is of cluster `names[cluster[i]]`, at the unit vector `at[i]`."""

    names: list[str]
    cluster: Whole
    organisation: list[str]
    at: Floats
    weight: Floats


def checked_members(what: str, members: Members, successors: Mapping[str, str]) -> Standing:
    """Members as arrays, their organisations under the ids of today."""
    lat, lon = checked_degrees(members.lat, members.lon)
    weight = np.ones(len(lat)) if members.weight is None else _weights(what, members.weight)
    cluster, organisation = list(members.cluster), list(members.organisation)
    if not len(cluster) == len(organisation) == len(weight) == len(lat):
        raise InputError(
            f"{what} has {len(cluster)} clusters, {len(organisation)} organisations, {len(lat)} "
            f"places and {len(weight)} weights; give one of each for every site"
        )
    if "" in cluster:
        raise InputError(f"{what} has a cluster whose id is ''; that stands for no cluster")
    names = sorted(set(cluster))
    number = {name: n for n, name in enumerate(names)}
    return Standing(
        names, np.array([number[name] for name in cluster], dtype=np.int64),
        [_today(name, successors) for name in organisation], unit_vectors(lat, lon), weight,
    )  # fmt: skip


def _weights(what: str, given: ArrayLike) -> Floats:
    weight = np.asarray(given, dtype=np.float64)
    bad = np.flatnonzero(~np.isfinite(weight) | (weight < 0))
    if len(bad):
        raise InputError(
            f"{what}.weight[{bad[0]}] is {weight[bad[0]]} ({len(bad)} such); "
            "weights must be finite and >= 0"
        )
    return weight


def _today(organisation: str, successors: Mapping[str, str]) -> str:
    """The id that succeeded the last; one that leads round in a circle stops where it began."""
    seen = {organisation}
    here = organisation
    while (following := successors.get(here)) is not None and following not in seen:
        seen.add(following)
        here = following
    return organisation if following is not None else here


def shares(of: Standing, among: Standing, *, near_km: float, by_place: float) -> Shares:
    """
    The share of each cluster of `of` that is found in each of `among`, where there is any.

    A site's weight goes by place to the cluster of the nearest site within `near_km`, and by
    organisation to the cluster where the nearest site of the same organisation stands:
    `by_place` of it the one way, the rest the other. If one of the two ways leads nowhere,
    all of it goes the other way. So the shares of one cluster add up to 1 at most.
    """
    place, kin = _by_place(of, among, near_km), _by_organisation(of, among)
    whole_by_place = (kin < 0) | (kin == place)
    to_place = np.where(place < 0, 0.0, np.where(whole_by_place, 1.0, by_place)) * of.weight
    rest = np.where(place < 0, 1.0, np.where(whole_by_place, 0.0, 1.0 - by_place))
    to_kin = np.where(kin < 0, 0.0, rest) * of.weight
    found: dict[tuple[int, int], list[float]] = {}
    for to, part in ((place, to_place), (kin, to_kin)):
        here = part > 0
        for *pair, weight in zip(of.cluster[here], to[here], part[here].tolist(), strict=True):
            found.setdefault((int(pair[0]), int(pair[1])), []).append(weight)
    whole = _totals(of)
    return {
        (of.names[a], among.names[b]): _share(parts, whole[a])
        for (a, b), parts in sorted(found.items())
    }


def _totals(of: Standing) -> list[float]:
    """The weight of each cluster, the same whatever the order of the rows."""
    weights: list[list[float]] = [[] for _ in of.names]
    for cluster, weight in zip(of.cluster.tolist(), of.weight.tolist(), strict=True):
        weights[cluster].append(weight)
    return [math.fsum(each) for each in weights]


def _share(parts: list[float], whole: float) -> float:
    # Nine decimals: equal shares are equal, though halves of weights were added.
    return min(round(math.fsum(parts) / whole, 9), 1.0)


def _by_place(of: Standing, among: Standing, near_km: float) -> Whole:
    """The cluster of the nearest site, -1 where none is near."""
    from scipy.spatial import cKDTree

    if not len(of.at) or not len(among.at):
        return np.full(len(of.at), -1, dtype=np.int64)
    # Each place once and sorted, so that a tie hangs on content; of clusters that share a
    # place the first by id has it.
    rows = np.argsort(among.cluster, kind="stable")
    at, first = np.unique(among.at[rows], axis=0, return_index=True)
    chords, nearest = cKDTree(at).query(of.at)
    near = arc_km(chords) <= near_km + _ROUNDING_KM
    return np.where(near, among.cluster[rows][first[nearest]], -1)


def _by_organisation(of: Standing, among: Standing) -> Whole:
    """The cluster where the nearest site of the same organisation stands, or -1."""
    number = {name: n for n, name in enumerate(sorted(set(among.organisation)))}
    body = np.array([number.get(name, -1) for name in of.organisation], dtype=np.int64)
    theirs = np.array([number[name] for name in among.organisation], dtype=np.int64)
    order = np.lexsort((among.cluster, *among.at.T, theirs))
    start = np.searchsorted(theirs[order], body)
    count = np.searchsorted(theirs[order], body, side="right") - start
    # Every pair of a site with a site of the same organisation, then the nearest of each.
    row = np.repeat(np.arange(len(body)), count)
    step = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    candidate = order[np.repeat(start, count) + step]
    away = ((of.at[row] - among.at[candidate]) ** 2).sum(axis=1)
    best = np.lexsort((step, away, row))
    first = best[np.flatnonzero(np.diff(row[best], prepend=-1))]
    found = np.full(len(body), -1, dtype=np.int64)
    found[row[first]] = among.cluster[candidate[first]]
    return found
