"""Shapes as files give them, made polygons in degrees: valid, and apart from each other."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from triplehelix.detect.footprint_globe import wrapped
from triplehelix.detect.straight_areas import straight_area_km2
from triplehelix.errors import InputError

REMEDY = "export the areas as GeoJSON (OGC:CRS84) or GeoPackage and give that file"

# Edges that are straight on a projected map are cut so fine before they are turned into degrees.
_STRAIGHT_M = 2000.0
# Neighbours drawn coarsely overlap by less than this share of either; nested areas by more.
_SLIVER = 0.01


def has_polygon(shapes: NDArray[Any]) -> NDArray[np.bool_]:
    """Which shapes have an area, if need be once they are mended."""
    flat = shapely.get_dimensions(shapes) == 2
    found = np.zeros(len(shapes), dtype=np.bool_)
    found[flat] = shapely.area(_made_valid(shapes[flat])) > 0
    return found


def in_degrees(shapes: NDArray[Any], crs: str | None, path: Path) -> NDArray[Any]:
    """
    Polygons of a file in longitude and latitude, within -180 to 180.

    Raises
    ------
    InputError
        If the file states no coordinate reference system, or its coordinates are not of it.
    """
    if crs is None:
        raise InputError(
            f"{path} does not say in which coordinate reference system it is (a Shapefile needs "
            f"its .prj beside it); {REMEDY}"
        )
    turn, straight = _to_degrees(crs, path)
    if turn is not None:
        shapes = shapely.transform(shapely.segmentize(shapes, straight), turn)
    west, south, east, north = shapely.bounds(shapes).T
    bad = ~((west >= -540) & (east <= 540) & (south >= -90.000001) & (north <= 90.000001))
    if bad.any():
        x, y = shapely.get_coordinates(shapes[bad][0])[0]
        raise InputError(
            f"{path} says its coordinates are {crs.split('[')[0][:40]}, but one is ({x:g}, {y:g}) "
            f"({bad.sum()} such areas); {REMEDY}, with its true reference system"
        )
    beyond = (west < -180) | (east > 180)
    shapes[beyond] = [wrapped(shapely.make_valid(shape)) for shape in shapes[beyond]]
    return shapes


def _to_degrees(
    crs: str, path: Path
) -> tuple[Callable[[NDArray[np.float64]], NDArray[np.float64]] | None, float]:
    """How coordinates become longitude and latitude (None: they are), and what is straight."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError
    from pyproj.transformer import TransformerGroup

    try:
        stated = CRS.from_user_input(crs)
    except CRSError as err:
        raise InputError(
            f"{path} states a coordinate reference system that is none ({crs[:80]}); {REMEDY}"
        ) from err
    if stated.equals(CRS("OGC:CRS84"), ignore_axis_order=True):
        return None, np.inf
    # The best way that needs no file of its own, so that every machine takes the same one.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that a better way would need a file
        ways = TransformerGroup(stated, CRS("OGC:CRS84"), always_xy=True).transformers
    way = next((w for w in ways if not any(o.grids for o in w.operations or ())), ways[0])

    def turned(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = way.transform(xy[:, 0], xy[:, 1])
        return np.stack([lon, lat], axis=1)

    unit = stated.axis_info[0].unit_conversion_factor if stated.axis_info else 1.0
    return turned, _STRAIGHT_M / unit if stated.is_projected else np.inf


def mended(shapes: NDArray[Any], told: list[str]) -> tuple[NDArray[Any], list[str]]:
    """Valid shapes; and which were not, by how they are told to people, with the reason."""
    bad = np.flatnonzero(~shapely.is_valid(shapes))
    reasons = shapely.is_valid_reason(shapes[bad])
    said = [f"{told[k]}: {why}" for k, why in zip(bad, reasons, strict=True)]
    return _made_valid(shapes), said


def apart(shapes: NDArray[Any], told: list[str]) -> tuple[NDArray[Any], list[str], list[str]]:
    """
    Shapes without the slivers in which neighbours overlap, so that shares of them add up.

    A sliver, less than a hundredth of each of the two, stays with the one that comes first.
    What overlaps more is meant to, and stays.

    Returns
    -------
    The shapes; the pairs whose sliver was cut, and the pairs that overlap more
    """
    a, b = shapely.STRtree(shapes).query(shapes, "intersects")
    a, b = a[a < b], b[a < b]
    whole = straight_area_km2(shapes)
    common = _km2_of(shapely.intersection(shapes[a], shapes[b]))
    share = common / np.minimum(whole[a], whole[b])
    # Below this is what rounding leaves where two share a border.
    overlapping = share > 1e-12
    small = overlapping & (share < _SLIVER)
    for i, j in sorted(zip(a[small].tolist(), b[small].tolist(), strict=True)):
        shapes[j] = _polygonal(shapely.difference(shapes[j], shapes[i]))
    pairs = [f"{told[i]} and {told[j]}" for i, j in zip(a, b, strict=True)]
    return (
        shapes,
        [pairs[k] for k in np.flatnonzero(small)],
        [pairs[k] for k in np.flatnonzero(overlapping & ~small)],
    )


def _made_valid(shapes: NDArray[Any]) -> NDArray[Any]:
    made, bad = shapes.copy(), ~shapely.is_valid(shapes)
    made[bad] = [
        _polygonal(shapely.make_valid(shape, method="structure", keep_collapsed=False))
        for shape in shapes[bad]
    ]
    return made


def _km2_of(shapes: NDArray[Any]) -> NDArray[np.float64]:
    flat = shapely.get_dimensions(shapes) < 2
    mixed = ~flat & (shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION)
    shapes[mixed] = [_polygonal(shape) for shape in shapes[mixed]]
    shapes[flat] = shapely.Polygon()
    return straight_area_km2(shapes)


def _polygonal(shape: Any) -> Any:
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
