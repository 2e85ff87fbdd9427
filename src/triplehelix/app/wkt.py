"""An outline as Well-Known Text short enough for one cell of a spreadsheet."""

from typing import NamedTuple

import shapely

from triplehelix.app.opendocument import CELL_LONGEST

# About a metre; an outline is nowhere near so exact.
DECIMALS = 5
_COARSEST_DEGREES = 1.0


class Outline(NamedTuple):
    """WKT in (longitude, latitude), None if there is no outline; how far it was simplified."""

    wkt: str | None
    tolerance_degrees: float = 0.0


def outline(wkb: bytes | None, longest: int = CELL_LONGEST) -> Outline:
    """
    Write an outline as text, simplified no further than it takes to fit.

    Parameters
    ----------
    wkb : a polygon or multipolygon in longitude and latitude, or None
    longest : characters that fit

    Returns
    -------
    Outline
        Coordinates with five decimals. The tolerance starts at 0.00001 degrees and doubles
        until the text fits; 0 means that nothing was left out.

    Examples
    --------
    >>> outline(shapely.to_wkb(shapely.box(-1.5, 53, -1, 53.123456789))).wkt
    'POLYGON ((-1.5 53, -1.5 53.12346, -1 53.12346, -1 53, -1.5 53))'
    """
    if wkb is None:
        return Outline(None)
    shape = shapely.from_wkb(bytes(wkb))
    if shapely.is_empty(shape):
        return Outline(None)
    text, tolerance = _text(shape), 0.0
    while len(text) > longest and tolerance < _COARSEST_DEGREES:
        tolerance = tolerance * 2 or 10**-DECIMALS
        text = _text(shapely.simplify(shape, tolerance, preserve_topology=True))
    if len(text) > longest:
        text = _text(shapely.convex_hull(shape))
    return Outline(text, tolerance)


def _text(shape: shapely.Geometry) -> str:
    """Rounding to a grid can make an outline cross itself; the grid is snapped to instead."""
    snapped = shapely.set_precision(shape, 10**-DECIMALS)
    kept = shape if shapely.is_empty(snapped) else snapped
    return str(shapely.to_wkt(kept, rounding_precision=DECIMALS, trim=True))
