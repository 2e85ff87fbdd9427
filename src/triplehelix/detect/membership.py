"""Which cluster a town belongs to."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from triplehelix.sphere import Floats, arc_km, unit_vectors

_Texts = NDArray[np.object_]


class _Found(NamedTuple):
    """Rows: a place, a cluster it could belong to, and how far its nearest member is."""

    place: NDArray[np.int64]
    cluster_id: _Texts
    distance_km: Floats


def nearest_clusters(
    places: pa.Table, cluster_sites: pa.Table, clusters: pa.Table, *, radius_km: float
) -> tuple[_Texts, _Texts, Floats]:
    """
    The nearest cluster of each place that is in one or near one.

    A place where members stand belongs to the cluster that is heaviest there, at 0 km. Any
    other place goes with the nearest member within `radius_km`; beyond that, with the
    cluster whose footprint it lies in. No tie is decided by the order of rows.

    Returns
    -------
    place_id, cluster_id, distance_km (3 decimals) : one row per place that has a cluster
    """
    ids = _texts(places, "place_id")
    if not len(ids) or not len(clusters):
        return ids[:0], ids[:0], np.empty(0)
    here = unit_vectors(_numbers(places, "lat"), _numbers(places, "lon"))
    at_home = _at_home(ids, cluster_sites)
    located = np.flatnonzero(np.isfinite(here).all(axis=1))
    away = np.setdiff1d(located, at_home.place)
    near = _near(here, away, cluster_sites, radius_km)
    rest = np.setdiff1d(away, near.place)
    inside = _inside(places, here, rest, cluster_sites, clusters)
    found = (at_home, near, inside)
    place = np.concatenate([each.place for each in found])
    cluster_id = np.concatenate([each.cluster_id for each in found])
    return ids[place], cluster_id, np.concatenate([each.distance_km for each in found]).round(3)


def _texts(table: pa.Table, column: str) -> _Texts:
    return np.array(table[column].to_pylist(), dtype=object)


def _numbers(table: pa.Table, column: str) -> Floats:
    return np.asarray(table[column].cast(pa.float64()).to_numpy(), dtype=np.float64)


def _at_home(ids: _Texts, cluster_sites: pa.Table) -> _Found:
    weights = cluster_sites.group_by(["place_id", "cluster_id"]).aggregate([("weight", "sum")])
    heaviest: dict[str, tuple[int, str]] = {}
    for row in weights.to_pylist():
        rival = (-row["weight_sum"], row["cluster_id"])
        heaviest[row["place_id"]] = min(heaviest.get(row["place_id"], rival), rival)
    place = np.array([i for i, key in enumerate(ids) if key in heaviest], dtype=np.int64)
    cluster_id = np.array([heaviest[ids[i]][1] for i in place], dtype=object)
    return _Found(place, cluster_id, np.zeros(len(place)))


def _near(here: Floats, away: NDArray[np.int64], sites: pa.Table, radius_km: float) -> _Found:
    from scipy.spatial import cKDTree

    # Sorted, so that the tree, and with it the answer to a tie, hangs on content alone.
    members = unit_vectors(_numbers(sites, "lat"), _numbers(sites, "lon"))
    members, first = np.unique(members, axis=0, return_index=True)
    chords, nearest = cKDTree(members).query(here[away])
    distance = arc_km(chords)
    within = distance <= radius_km
    cluster_id = _texts(sites, "cluster_id")[first[nearest[within]]]
    return _Found(away[within], cluster_id, distance[within])


def _inside(
    places: pa.Table, here: Floats, rest: NDArray[np.int64], sites: pa.Table, clusters: pa.Table
) -> _Found:
    import shapely
    from scipy.spatial import cKDTree

    clusters = clusters.sort_by("cluster_id")
    points = shapely.points(_numbers(places, "lon")[rest], _numbers(places, "lat")[rest])
    tree = shapely.STRtree(shapely.from_wkb(clusters["footprint"].to_pylist()))
    point, outline = tree.query(points, predicate="intersects")
    best: dict[int, tuple[float, str]] = {}
    keys, of_site = _texts(clusters, "cluster_id"), _texts(sites, "cluster_id")
    members = unit_vectors(_numbers(sites, "lat"), _numbers(sites, "lon"))
    for c in np.unique(outline):
        rows = rest[point[outline == c]]
        chords, _ = cKDTree(members[of_site == keys[c]]).query(here[rows])
        for row, distance in zip(rows.tolist(), arc_km(chords).tolist(), strict=True):
            best[row] = min(best.get(row, (distance, keys[c])), (distance, keys[c]))
    found = sorted(best)
    return _Found(
        np.array(found, dtype=np.int64),
        np.array([best[row][1] for row in found], dtype=object),
        np.array([best[row][0] for row in found], dtype=np.float64),
    )
