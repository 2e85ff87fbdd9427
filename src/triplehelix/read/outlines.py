"""Outlines written as Well-Known Text: what they are, or why they are none."""

import re

import shapely

from triplehelix.read.positions import looks_swapped

_CELL_LONGEST = 32_767
_KIND = re.compile(r"\s*([A-Za-z]+)")
# The country whose map it is: only there can a swapped outline be told.
_COUNTRY = "GB"


class UnfitRowError(Exception):
    """What is wrong with a row, and what to do about it."""


def outline_of(
    text: str, country: str | None = _COUNTRY
) -> tuple[shapely.Polygon | shapely.MultiPolygon | None, str | None]:
    """
    Read an outline in longitude and latitude, degrees.

    Parameters
    ----------
    text : WKT of a polygon or multipolygon; empty if there is none
    country : whose map it is, ISO 3166-1 alpha-2; a point of the outline that lies there only
        when turned round shows that its coordinates are swapped

    Returns
    -------
    geometry, note
        None without text. A third coordinate is dropped; an outline that crosses itself is
        mended, and the note says so.

    Raises
    ------
    UnfitRowError
        If the text is broken, of another kind, empty, not in degrees, or swapped.

    Examples
    --------
    >>> outline_of("POLYGON ((-2 53, -1 53, -1 54, -2 53))")
    (<POLYGON ((-2 53, -1 53, -1 54, -2 53))>, None)
    """
    if not text:
        return None, None
    found = _parsed(text)
    if found.is_empty:
        raise UnfitRowError("Geometry is empty; write the outline, or leave the cell empty")
    shape: shapely.Polygon | shapely.MultiPolygon = shapely.force_2d(found)
    _check_degrees(shape, country)
    if shape.is_valid:
        return shape, None
    mended = _polygons(shapely.make_valid(shape))
    if mended is None:
        raise UnfitRowError("Geometry is a polygon without an area; draw it anew")
    return mended, "the outline crossed or touched itself and was mended"


def _parsed(text: str) -> shapely.Polygon | shapely.MultiPolygon:
    try:
        shape = shapely.from_wkt(text)
    except (shapely.errors.GEOSException, ValueError) as err:
        said = " ".join(str(err).split())[:120]
        cut = len(text) >= _CELL_LONGEST
        remedy = (
            "the text was cut off at the end of a cell: simplify the outline"
            if cut
            else "write it as POLYGON ((lon lat, ...))"
        )
        raise UnfitRowError(f"Geometry {text[:40]!r} is no WKT ({said}); {remedy}") from err
    if not isinstance(shape, shapely.Polygon | shapely.MultiPolygon):
        found = _KIND.match(text)
        raise UnfitRowError(
            f"Geometry is a {found.group(1).upper() if found else shape.geom_type}, which "
            "has no area; write a POLYGON or MULTIPOLYGON"
        )
    return shape


def _check_degrees(shape: shapely.Polygon | shapely.MultiPolygon, country: str | None) -> None:
    west, south, east, north = shape.bounds
    if min(west, south) < -180 or max(east, north) > 180:
        raise UnfitRowError(
            f"Geometry reaches to {east:g}, {north:g}, which are no degrees; write longitude and "
            "latitude (WGS 84), not metres of a grid"
        )
    middle = shape.representative_point() if shape.is_valid else shape.centroid
    beyond = south < -90 or north > 90
    if beyond or looks_swapped(middle.y, middle.x, country):
        raise UnfitRowError(
            f"Geometry lies at longitude {middle.x:.2f}, latitude {middle.y:.2f}, which looks "
            "swapped; write longitude first, then latitude"
        )


def _polygons(shape: shapely.Geometry) -> shapely.Polygon | shapely.MultiPolygon | None:
    """What of a mended shape has an area."""
    if isinstance(shape, shapely.Polygon | shapely.MultiPolygon):
        return shape if shape.area else None
    flat = [part for part in shapely.get_parts(shape) if part.area]
    if not flat:
        return None
    joined = shapely.union_all(flat)
    return joined if isinstance(joined, shapely.Polygon | shapely.MultiPolygon) else None
