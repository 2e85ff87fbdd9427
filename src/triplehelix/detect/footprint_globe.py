"""From the flat map around a place to polygons in degrees, cut at the 180th meridian."""

from typing import TYPE_CHECKING, Any

import numpy as np

from triplehelix.sphere import Floats, from_plane

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

DECIMALS, GRID = 5, 1e-5


def on_the_globe(outline: "BaseGeometry", centre: tuple[float, float]) -> "BaseGeometry":
    """
    Polygons of the flat map around `centre` (lat, lon), in degrees with 5 decimals.

    What crosses the 180th meridian is cut there; what holds a pole reaches to its latitude.
    """
    import shapely

    parts = [_part(part, centre) for part in shapely.get_parts(shapely.orient_polygons(outline))]
    region = parts[0] if len(parts) == 1 else shapely.union_all(parts)
    outlines: BaseGeometry = exact(shapely.set_precision(region, GRID))
    return outlines


def exact(polygons: Any) -> Any:
    """Polygons of the grid in one spelling: each coordinate the nearest to its five decimals."""
    import shapely

    return shapely.normalize(shapely.transform(polygons, lambda xy: xy.round(DECIMALS) + 0.0))


def wrapped(area: "BaseGeometry") -> "BaseGeometry":
    """An area with longitudes beyond 180, cut and brought back to -180 to 180."""
    import shapely
    from shapely.affinity import translate

    west, _, east, _ = area.bounds
    parts = []
    for turn in range(int(np.floor((west + 180) / 360)), int(np.ceil((east - 180) / 360)) + 1):
        window = shapely.box(-180 + 360 * turn, -90, 180 + 360 * turn, 90)
        part = shapely.intersection(area, window)
        parts.append(translate(part, -360.0 * turn))
    return shapely.union_all(parts, grid_size=GRID)


def _part(polygon: "BaseGeometry", centre: tuple[float, float]) -> "BaseGeometry":
    import shapely

    rings = shapely.get_rings(polygon)
    outer, *holes = (_region(shapely.get_coordinates(ring), centre) for ring in rings)
    return shapely.difference(outer, shapely.union_all(holes)) if holes else outer


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
    inside = wrapped(area if area.is_valid else shapely.make_valid(area))
    if not turns and not area.exterior.is_ccw:  # it runs around the far side of the globe
        return shapely.difference(shapely.box(-180, -90, 180, 90), inside)
    return inside
