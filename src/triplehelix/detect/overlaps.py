"""How far clusters and official areas are the same ground, and whose organisations stand there."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from triplehelix.detect.straight_areas import straight_area_km2
from triplehelix.query import Calculation, Query, Step
from triplehelix.sphere import Floats, Whole
from triplehelix.tables import EDITION

_SCHEMA = EDITION["overlaps"].schema
# A share below this is what rounding leaves along a border, not ground.
_LEAST_SHARE = 1e-12


def overlap_steps() -> list[Step]:
    """
    The step that makes `overlaps`, of the clusters of all activity at every level.

    It reads `found_clusters`, `memberships`, `sites` and `reference_areas`.
    """
    return [
        Query("mapped_clusters", """
            select cluster_id, footprint from found_clusters
            where theme = 'all' and period = 'all' order by cluster_id"""),
        Query("mapped_members", """
            select cluster_id, site_id, organisation_id
            from memberships join mapped_clusters using (cluster_id)
            order by cluster_id, site_id"""),
        Calculation(
            "overlaps", ("mapped_clusters", "mapped_members", "sites", "reference_areas"), overlaps
        ),
    ]  # fmt: skip


def overlaps(
    clusters: pa.Table, memberships: pa.Table, sites: pa.Table, areas: pa.Table
) -> pa.Table:
    """
    The overlap of each cluster with each area, in both directions.

    Parameters
    ----------
    clusters : cluster_id and footprint (WKB, degrees; NULL for none)
    memberships : cluster_id, site_id and organisation_id
    sites : site_id, lat and lon
    areas : `reference_areas`: area_scheme, area_id, area_name and geometry (WKB, degrees)
        Areas of several schemes may overlap, those of one should not.

    Returns
    -------
    A table of `overlaps`, in order of its key, with a row where a cluster and an area share
    ground or a member stands in the area. `share_of_cluster` is of the footprint's area, and
    NULL without a footprint; `share_of_area` of the area's; both 0 to 1. `n_organisations`
    counts the cluster's members with a site in the area; one that stands on a border stands in
    both. No clusters or no areas give an empty table.

    References
    ----------
    As for `straight_area_km2`: the shares of one footprint in areas that do not overlap, and
    what is in none of them, add up to 1 (to some 1e-12).

    Examples
    --------
    >>> import shapely
    >>> clusters = pa.table({"cluster_id": ["c"], "footprint": [shapely.box(0, 0, 2, 1).wkb]})
    >>> areas = pa.table({"area_scheme": ["s"], "area_id": ["west"], "area_name": ["West"],
    ...                   "geometry": [shapely.box(-1, 0, 1, 1).wkb]})
    >>> memberships = pa.table({"cluster_id": ["c"], "site_id": ["x"], "organisation_id": ["o"]})
    >>> sites = pa.table({"site_id": ["x"], "lat": [0.5], "lon": [0.5]})
    >>> [row] = overlaps(clusters, memberships, sites, areas).to_pylist()
    >>> row["area_name"], row["share_of_cluster"], row["share_of_area"], row["n_organisations"]
    ('West', 0.5, 0.5, 1)
    """
    clusters, areas = clusters.sort_by("cluster_id"), _sorted(areas)
    footprints, shapes = _shapes(clusters["footprint"]), _shapes(areas["geometry"])
    ground = _shared_ground(footprints, shapes)
    members = _members_inside(clusters, memberships, sites, shapes)
    whole = straight_area_km2(footprints), straight_area_km2(shapes)
    rows = [
        _row(clusters, areas, pair, ground.get(pair, 0.0), members.get(pair, 0), whole)
        for pair in sorted(ground.keys() | members.keys())
    ]
    return pa.Table.from_pylist([row for row in rows if row], schema=_SCHEMA).sort_by(
        [(column, "ascending") for column in EDITION["overlaps"].key]
    )


def outside(
    clusters: pa.Table, memberships: pa.Table, sites: pa.Table, areas: pa.Table
) -> pa.Table:
    """
    What of each cluster is in none of the areas.

    Parameters
    ----------
    clusters, memberships, sites, areas : as for `overlaps`

    Returns
    -------
    A table of cluster_id, share_of_cluster and n_organisations, a row for each cluster, in
    order of cluster_id: the share of its footprint, 0 to 1, NULL without one; and its members
    that have a site, but none in any area.
    """
    import shapely

    clusters = clusters.sort_by("cluster_id")
    footprints, shapes = _shapes(clusters["footprint"]), _shapes(areas["geometry"])
    tree = shapely.STRtree(shapes)
    rest = [
        shapely.difference(each, shapely.union_all(shapes[tree.query(each)])) for each in footprints
    ]
    whole = straight_area_km2(footprints).tolist()
    shares = [_share(a, b) for a, b in zip(straight_area_km2(rest).tolist(), whole, strict=True)]
    member, cluster, organisation, points = _placed(clusters, memberships, sites)
    inside = np.isin(member, np.unique(tree.query(points, "intersects")[0]))
    everyone = np.unique(np.c_[cluster, organisation], axis=0)[:, 0]
    within = np.unique(np.c_[cluster, organisation][inside], axis=0)[:, 0]
    counts = [np.bincount(each, minlength=len(clusters)) for each in (everyone, within)]
    n = pa.array(counts[0] - counts[1], pa.int64())
    return pa.table({
        "cluster_id": clusters["cluster_id"], "share_of_cluster": pa.array(shares, pa.float64()),
        "n_organisations": n,
    })  # fmt: skip


def _sorted(areas: pa.Table) -> pa.Table:
    return areas.sort_by([("area_scheme", "ascending"), ("area_id", "ascending")])


def _shapes(column: pa.ChunkedArray) -> NDArray[Any]:
    import shapely

    return np.asarray(shapely.from_wkb(np.array(column.to_pylist(), dtype=object)))


def _shared_ground(footprints: NDArray[Any], shapes: NDArray[Any]) -> dict[tuple[int, int], float]:
    """Area in km2 that a footprint and a shape have in common, where there is any."""
    import shapely

    i, j = shapely.STRtree(shapes).query(footprints, "intersects")
    shapely.prepare(footprints)
    shapely.prepare(shapes)
    # What holds the other whole needs no cutting, and so no rounding.
    common = np.where(shapely.covers(footprints[i], shapes[j]), shapes[j], footprints[i])
    cut = ~shapely.covers(footprints[i], shapes[j]) & ~shapely.covers(shapes[j], footprints[i])
    common[cut] = shapely.intersection(footprints[i[cut]], shapes[j[cut]])
    areas = straight_area_km2(_polygons(common))
    return {(a, b): km2 for a, b, km2 in zip(i.tolist(), j.tolist(), areas.tolist(), strict=True)}


def _polygons(shapes: NDArray[Any]) -> NDArray[Any]:
    """Without the points and lines in which two polygons also meet."""
    import shapely

    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    for k in np.flatnonzero(mixed):
        parts = shapely.get_parts(shapes[k])
        shapes[k] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    shapes[shapely.get_dimensions(shapes) < 2] = shapely.Polygon()
    return shapes


def _members_inside(
    clusters: pa.Table, memberships: pa.Table, sites: pa.Table, shapes: NDArray[Any]
) -> dict[tuple[int, int], int]:
    """Of each cluster, by row, how many organisations stand in each area, by row."""
    import shapely

    _, cluster, organisation, points = _placed(clusters, memberships, sites)
    member, area = shapely.STRtree(shapes).query(points, "intersects")
    once = np.unique(np.c_[cluster[member], area, organisation[member]], axis=0)
    pairs, counts = np.unique(once[:, :2], axis=0, return_counts=True)
    return {(a, b): n for (a, b), n in zip(pairs.tolist(), counts.tolist(), strict=True)}


def _placed(
    clusters: pa.Table, memberships: pa.Table, sites: pa.Table
) -> tuple[Whole, Whole, Whole, NDArray[Any]]:
    """Members with a place, numbered: their cluster's row, their organisation, and where."""
    import shapely

    wanted = sites.select(["site_id", "lat", "lon"]).drop_null()
    rows = memberships.select(["cluster_id", "site_id", "organisation_id"])
    rows = rows.join(wanted, "site_id", join_type="inner")
    cluster = _positions(clusters["cluster_id"], rows["cluster_id"])
    rows, cluster = rows.filter(pa.array(cluster >= 0)), cluster[cluster >= 0]
    _, organisation = np.unique(np.array(rows["organisation_id"], dtype=str), return_inverse=True)
    points = shapely.points(rows["lon"].to_numpy(), rows["lat"].to_numpy())
    return np.arange(len(rows)), cluster, organisation, np.atleast_1d(points)


def _positions(ids: pa.ChunkedArray, wanted: pa.ChunkedArray) -> Whole:
    """The row of each wanted id, -1 if it has none."""
    row = {each: i for i, each in enumerate(ids.to_pylist())}
    return np.array([row.get(each, -1) for each in wanted.to_pylist()], dtype=np.int64)


def _row(
    clusters: pa.Table, areas: pa.Table, pair: tuple[int, int], km2: float, n: int,
    whole: tuple[Floats, Floats],
) -> dict[str, Any] | None:  # fmt: skip
    (i, j), (footprint_km2, area_km2) = pair, (whole[0][pair[0]], whole[1][pair[1]])
    of_cluster, of_area = _share(km2, footprint_km2), _share(km2, area_km2)
    if not n and max(of_cluster or 0.0, of_area or 0.0) < _LEAST_SHARE:
        return None
    return {
        "cluster_id": clusters["cluster_id"][i].as_py(),
        "area_scheme": areas["area_scheme"][j].as_py(),
        "area_id": areas["area_id"][j].as_py(), "area_name": areas["area_name"][j].as_py(),
        "share_of_cluster": of_cluster, "share_of_area": of_area, "n_organisations": n,
    }  # fmt: skip


def _share(part: float, whole: float) -> float | None:
    # Rounding can lift a whole's share of itself above 1.
    return min(round(float(part / whole), 12), 1.0) if whole > 0 else None
