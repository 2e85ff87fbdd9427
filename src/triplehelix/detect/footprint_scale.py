"""Footprints with no more corners than a map of a scale can show."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from triplehelix.detect.footprint_globe import exact
from triplehelix.detect.straight_areas import straight_area_km2
from triplehelix.errors import InputError
from triplehelix.sphere import EARTH_RADIUS_KM

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_KM_PER_DEGREE = float(np.pi * EARTH_RADIUS_KM / 180)
# Side in pixels of the square that a web map shows the world on at zoom 0.
_WORLD_PIXELS = 512


def tolerance_km(zoom: float) -> float:
    """
    Half a pixel at the equator on a web map: the tolerance that nobody sees at a zoom.

    Examples
    --------
    >>> [round(tolerance_km(zoom), 2) for zoom in (0, 4, 8)]
    [39.09, 2.44, 0.15]
    """
    return 360 * _KM_PER_DEGREE / (_WORLD_PIXELS * 2**zoom) / 2


def at_scale(geometries: "Sequence[BaseGeometry]", *, tolerance_km: float) -> "list[BaseGeometry]":
    """
    Footprints of one level with fewer corners.

    A corner goes when the triangle it makes with its neighbours is smaller than the square of
    the tolerance; the corners that stay do not move. Borders that two footprints share lose the
    same corners, so no gap or overlap opens. Islands and holes smaller than that square go too,
    where they touch no other footprint. The largest part of each stays, if only as a triangle.

    Parameters
    ----------
    geometries : those of `footprints`: polygons in degrees without overlap, none empty
    tolerance_km : kilometres, 0 or more
        North and south; east and west it is shorter by the cosine of the latitude. See
        `tolerance_km` for that of a map's zoom.

    Returns
    -------
    list of Polygon or MultiPolygon, in the same order, valid; the same for 0

    Raises
    ------
    InputError
        If the tolerance is not a number of 0 or more, or the footprints overlap.

    References
    ----------
    Visvalingam and Whyatt (1993), The Cartographic Journal 30(1), 46-51.
    doi:10.1179/000870493786962263

    Examples
    --------
    >>> import shapely
    >>> disc = shapely.Point(0, 0).buffer(0.1)
    >>> [len(s.exterior.coords) for s in (disc, *at_scale([disc], tolerance_km=2))]
    [65, 13]
    """
    import shapely

    if not 0 <= tolerance_km < np.inf:
        raise InputError(f"tolerance_km is {tolerance_km}; give kilometres, 0 or more")
    shapes = np.array(geometries, dtype=object)
    if not len(shapes) or not tolerance_km:
        return list(geometries)
    if not shapely.coverage_is_valid(shapes):
        raise InputError(
            "the footprints overlap, so they cannot be simplified together; give those of one "
            "level, theme and period as `footprints` draws them"
        )
    large = _without_specks(shapes, tolerance_km)
    simple = shapely.coverage_simplify(large, tolerance_km / _KM_PER_DEGREE)
    return list(exact(simple))


def _without_specks(shapes: NDArray[Any], tolerance_km: float) -> NDArray[Any]:
    """Each shape without the small parts and holes that touch no other shape."""
    import shapely

    tree = shapely.STRtree(shapes)
    least = tolerance_km**2

    def alone(pieces: NDArray[Any], shape: int) -> NDArray[np.bool_]:
        piece, other = tree.query(pieces, "intersects")
        met = np.bincount(piece[other != shape], minlength=len(pieces))
        return np.asarray((straight_area_km2(pieces) < least) & (met == 0))

    return np.array([_large(shape, k, alone) for k, shape in enumerate(shapes)], dtype=object)


def _large(shape: Any, k: int, alone: Any) -> Any:
    import shapely

    parts = shapely.get_parts(shape)
    largest = np.arange(len(parts)) == np.argmax(straight_area_km2(parts))
    kept = [_filled(part, k, alone) for part in parts[largest | ~alone(parts, k)]]
    return kept[0] if len(kept) == 1 else shapely.multipolygons(kept)


def _filled(part: Any, k: int, alone: Any) -> Any:
    import shapely

    if not part.interiors:
        return part
    holes = np.array([shapely.Polygon(ring) for ring in part.interiors], dtype=object)
    return shapely.Polygon(part.exterior, shapely.get_rings(holes[~alone(holes, k)]))
