"""The outline of a cluster on the map."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from triplehelix.errors import InputError
from triplehelix.sphere import Floats, centroid, checked_degrees, from_plane, to_plane

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

# How far the outline follows bays between members: 0 every one, 1 none (the convex hull).
_HOLLOWNESS = 0.3
_DECIMALS, _GRID = 5, 1e-5
# A straight line of the flat map is bent in degrees; at this length by some 10 m.
_STRAIGHT_KM = 20.0


def footprint(lat: ArrayLike, lon: ArrayLike, *, margin_km: float) -> "BaseGeometry":
    """
    The outline around the members of a cluster, `margin_km` beyond the outermost ones.

    A concave hull of the members on a flat map around their middle, widened by the margin,
    its inner corners rounded. Members at one place give a disc. It is drawn for people:
    membership, not the outline, says who belongs to a cluster.

    Parameters
    ----------
    lat, lon : shape (n,), n >= 1
        Degrees.
    margin_km : kilometres
        From 0.01 to 1,000.

    Returns
    -------
    Polygon, or MultiPolygon where the 180th meridian cuts it
        OGC:CRS84 (x is longitude, y latitude) in degrees with 5 decimals, valid, the same for
        any order of the rows.

    Raises
    ------
    InputError
        If there is no member, a coordinate or the margin is out of range, or the members
        cancel out around the globe (see `sphere.centroid`).

    References
    ----------
    Duckham, Kulik, Worboys and Galton (2008), Pattern Recognition 41(10), 3224-3236 (concave
    hull by removing long edges of a triangulation). doi:10.1016/j.patcog.2008.03.023
    Butler et al. (2016), RFC 7946, 3.1.9 (cutting at the 180th meridian).

    Examples
    --------
    >>> disc = footprint([52.2], [0.1], margin_km=5)
    >>> disc.geom_type, [round(x, 2) for x in disc.bounds]
    ('Polygon', [0.03, 52.16, 0.17, 52.24])
    """
    latitude, longitude = checked_degrees(lat, lon)
    if not 0.01 <= margin_km <= 1000:
        raise InputError(f"margin_km is {margin_km}; give kilometres, from 0.01 to 1000")
    if not len(latitude):
        raise InputError("a footprint needs at least one member; drop the empty cluster")
    places = np.unique(np.c_[latitude, longitude], axis=0)
    centre = centroid(places[:, 0], places[:, 1])
    outline = _outline(*to_plane(places[:, 0], places[:, 1], centre=centre), margin_km)
    return _on_the_globe(outline, centre)


def _outline(x_km: Floats, y_km: Floats, margin_km: float) -> "BaseGeometry":
    import shapely

    hull = shapely.concave_hull(shapely.multipoints(np.c_[x_km, y_km]), ratio=_HOLLOWNESS)
    # Half a margin further and back again rounds the inner corners.
    wide = shapely.buffer(hull, 1.5 * margin_km, quad_segs=16)
    smooth = shapely.buffer(wide, -0.5 * margin_km, quad_segs=16)
    return shapely.segmentize(shapely.simplify(smooth, margin_km / 200), _STRAIGHT_KM)


def _on_the_globe(outline: "BaseGeometry", centre: tuple[float, float]) -> "BaseGeometry":
    """A polygon of the flat map in degrees, cut at the 180th meridian."""
    import shapely

    rings = shapely.get_rings(shapely.orient_polygons(outline))
    outer, *holes = (_region(shapely.get_coordinates(ring), centre) for ring in rings)
    region = shapely.difference(outer, shapely.union_all(holes)) if holes else outer
    exact = shapely.set_precision(region, _GRID)
    return shapely.normalize(shapely.transform(exact, lambda xy: xy.round(_DECIMALS) + 0.0))


def _region(ring: Floats, centre: tuple[float, float]) -> "BaseGeometry":
    """What lies inside a ring of the flat map, in degrees from -180 to 180."""
    import shapely

    if not shapely.is_ccw(shapely.linearrings(ring)):
        ring = ring[::-1]
    lat, lon = from_plane(ring[:, 0], ring[:, 1], centre=centre)
    lon = np.unwrap(lon, period=360.0)
    turns = round((lon[-1] - lon[0]) / 360.0)
    edge = np.c_[lon, lat]
    if turns:
        # Around a pole the inside lies left of the line: north of one that runs east.
        edge = np.r_[edge, [[lon[-1], 90.0 * turns], [lon[0], 90.0 * turns], edge[0]]]
    area = shapely.polygons(edge)
    inside = _wrapped(area if area.is_valid else shapely.make_valid(area))
    if not turns and not area.exterior.is_ccw:  # it runs around the far side of the globe
        return shapely.difference(shapely.box(-180, -90, 180, 90), inside)
    return inside


def _wrapped(area: "BaseGeometry") -> "BaseGeometry":
    """An area with longitudes beyond 180, cut and brought back to -180 to 180."""
    import shapely
    from shapely.affinity import translate

    west, _, east, _ = area.bounds
    parts = []
    for turn in range(int(np.floor((west + 180) / 360)), int(np.ceil((east - 180) / 360)) + 1):
        window = shapely.box(-180 + 360 * turn, -90, 180 + 360 * turn, 90)
        part = shapely.intersection(area, window)
        parts.append(translate(part, -360.0 * turn))
    return shapely.union_all(parts, grid_size=_GRID)
