"""Which cluster has the ground that the outlines of several claim."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from triplehelix.detect.footprint_globe import DECIMALS, GRID, exact
from triplehelix.sphere import Floats, Whole, distance_km, from_plane, to_plane, unit_vectors

_STRAIGHT_KM = 20.0


def settled(outlines: list[Any], places: list[Floats]) -> list[Any]:
    """
    Outlines without overlap: what several claim goes to the one with the nearest member.

    All outlines and the lines halfway between their members are drawn on one grid and cut each
    other into faces; each face goes to one cluster. Two neighbours so have the same corners
    along their border, and no gap or overlap can come of rounding.

    Parameters
    ----------
    outlines : polygons in degrees, on the grid of 5 decimals
    places : for each outline the (lat, lon) of its members, shape (n, 2)
        A place is in one of them only.

    Returns
    -------
    list of polygons in degrees, in the same order
        Together they cover what the outlines cover. Halfway is by distance on the sphere; over
        contested ground that is d km across, the border is right to about d (d / 13,000)^2.

    References
    ----------
    Okabe, Boots, Sugihara and Chiu (2000), Spatial Tessellations, section 2.1 (Voronoi
    diagrams). doi:10.1002/9780470317013
    Hobby (1999), Computational Geometry 13(4), 199-214 (cutting lines on a grid).
    doi:10.1016/S0925-7721(99)00021-8
    """
    import shapely

    pairs = _meeting(outlines) if outlines else np.empty((0, 2), dtype=np.int64)
    involved = np.unique(pairs)
    if not len(involved):
        return outlines
    halves = [line for a, b in pairs for line in _halfway(a, b, outlines, places)]
    drawn = [shapely.boundary(outlines[k]) for k in involved] + halves
    lines = shapely.transform(shapely.union_all(drawn, grid_size=GRID), _rounded)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    owner = _owners(faces, involved, outlines, places)
    result = list(outlines)
    for k in involved:
        own = faces[owner == k]
        result[k] = exact(shapely.union_all(own)) if len(own) else _square(places[k][0])
    return result


def _rounded(xy: Floats) -> Floats:
    return np.asarray(xy.round(DECIMALS) + 0.0)


def _meeting(outlines: list[Any]) -> Whole:
    """Pairs of outlines that overlap, or are so near that drawing on the grid could move them."""
    import shapely

    tree = shapely.STRtree(outlines)
    pairs = tree.query(outlines, predicate="dwithin", distance=3 * GRID).T
    return np.asarray(np.unique(pairs[pairs[:, 0] < pairs[:, 1]], axis=0))


def _halfway(a: int, b: int, outlines: list[Any], places: list[Floats]) -> list[Any]:
    """The lines halfway between the members of two clusters, on the ground both claim."""
    import shapely

    both = shapely.get_parts(shapely.intersection(outlines[a], outlines[b]))
    return [
        shapely.intersection(lines, shapely.buffer(ground, 2 * GRID))
        for ground in both[shapely.area(both) > 0]
        for lines in _voronoi_lines(ground, places[a], places[b])
    ]


def _voronoi_lines(ground: Any, of_a: Floats, of_b: Floats) -> list[Any]:
    import shapely

    lon, lat = shapely.get_coordinates(shapely.centroid(ground))[0]
    corners = shapely.get_coordinates(ground)
    reach = 1.01 * float(distance_km(lat, lon, corners[:, 1], corners[:, 0]).max())
    near = [_within_reach(each, (lat, lon), reach) for each in (of_a, of_b)]
    of_whom = np.repeat([0, 1, 2], [len(near[0]), len(near[1]), 8])
    xy = np.c_[to_plane(*np.concatenate(near).T, centre=(lat, lon))]
    # Far sites of nobody, so that every line between members has two ends.
    far, angle = 20 * (np.abs(xy).max() + reach), np.arange(8) * np.pi / 4
    ends = _ridges(np.r_[xy, far * np.c_[np.cos(angle), np.sin(angle)]], of_whom)
    box = 1.1 * reach
    lines: Any = shapely.clip_by_rect(shapely.multilinestrings(ends), -box, -box, box, box)
    return [_in_degrees(lines, (lat, lon))] if not lines.is_empty else []


def _within_reach(places: Floats, centre: tuple[float, float], reach: float) -> Floats:
    """All places that can be the nearest to a point within reach: by the triangle inequality."""
    away = distance_km(*centre, places[:, 0], places[:, 1])
    return np.asarray(places[away <= away.min() + 2 * reach])


def _ridges(sites: Floats, of_whom: NDArray[Any]) -> Floats:
    """Ends, shape (n, 2, 2), of the lines between sites of 0 and sites of 1."""
    from scipy.spatial import Voronoi

    diagram = Voronoi(sites)
    between = of_whom[diagram.ridge_points].sum(axis=1) == 1
    ends = np.asarray(diagram.ridge_vertices)[between]
    return np.asarray(diagram.vertices[ends[(ends >= 0).all(axis=1)]])


def _in_degrees(lines: Any, centre: tuple[float, float]) -> Any:
    import shapely

    def on_the_sphere(xy: Floats) -> Floats:
        lat, lon = from_plane(xy[:, 0], xy[:, 1], centre=centre)
        return np.stack([lon, lat], axis=1)

    return shapely.transform(shapely.segmentize(lines, _STRAIGHT_KM), on_the_sphere)


def _owners(
    faces: NDArray[Any], involved: Whole, outlines: list[Any], places: list[Floats]
) -> Whole:
    """The cluster of each face, -1 where no outline covers it."""
    import shapely
    from scipy.spatial import cKDTree

    inside = shapely.point_on_surface(faces)
    lon, lat = shapely.get_coordinates(inside).T
    points = unit_vectors(lat, lon)
    owner, nearest = np.full(len(faces), -1), np.full(len(faces), np.inf)
    claimed, by = shapely.STRtree(inside).query([outlines[k] for k in involved], "intersects")[::-1]
    for i, k in enumerate(involved):
        here = claimed[by == i]
        away, _ = cKDTree(unit_vectors(*places[k].T)).query(points[here])
        nearer = away < nearest[here]
        owner[here[nearer]], nearest[here[nearer]] = k, away[nearer]
    return owner


def _square(place: Floats) -> Any:
    """The least ground there is: for a cluster all of whose places are those of others."""
    import shapely

    lat, lon = place.round(DECIMALS)
    box = shapely.box(lon - GRID, lat - GRID, lon + GRID, lat + GRID)
    return exact(shapely.intersection(box, shapely.box(-180, -90, 180, 90)))
