"""Outlines kept to the land their members stand on."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from triplehelix.detect.footprint_globe import GRID, exact, on_the_globe
from triplehelix.sphere import Floats

if TYPE_CHECKING:
    import shapely

# How surely the coastline is known; a member off it has so much ground of its own.
_COAST_KM = 1.0


class Land:
    """
    Polygons of land to clip outlines with.

    Parameters
    ----------
    pieces : polygons in degrees, without overlap; what they do not cover is water
    """

    def __init__(self, pieces: Sequence["shapely.Geometry"]) -> None:
        import shapely

        self._tree = shapely.STRtree(np.asarray(pieces, dtype=object))

    def under(self, outline: Any, places: Floats, margin_km: float) -> Any:
        """
        The part of an outline that is land with a member on it.

        A member in the water, or within some metres of it (on a pier, or an island that the
        coastline does not know), has a disc of 1 km around it, or of the margin if that is less,
        and all land of the outline that the disc touches. So the result is never empty.

        Parameters
        ----------
        outline : polygon in degrees
        places : (lat, lon) of the members, shape (n, 2)
        """
        import shapely

        near = self._tree.query(outline)
        dry = shapely.intersection(self._tree.geometries[near], outline)
        parts = shapely.get_parts(shapely.union_all(dry, grid_size=GRID))
        parts = parts[shapely.area(parts) > 0]
        points: Any = shapely.points(places[:, ::-1])
        # Not nearer to the water than rounding could move it.
        part, inland = shapely.STRtree(points).query(shapely.buffer(parts, -5 * GRID), "intersects")
        afloat = np.setdiff1d(np.arange(len(points)), inland)
        discs = [_disc(places[k], min(margin_km, _COAST_KM)) for k in afloat]
        touched, _ = shapely.STRtree(discs).query(parts, "intersects")
        kept = parts[np.union1d(part, touched).astype(np.int64)]
        return exact(shapely.union_all([*kept, *discs], grid_size=GRID))


def _disc(place: Floats, radius_km: float) -> Any:
    import shapely

    return on_the_globe(shapely.buffer(shapely.Point(0, 0), radius_km), (place[0], place[1]))
