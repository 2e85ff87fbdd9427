"""A map of places as SVG: land as silhouettes, places as circles, the largest with their names."""

from collections.abc import Iterator, Sequence
from html import escape
from math import cos, radians, sqrt
from typing import NamedTuple

from triplehelix.draw.bars import COLOURS, columns
from triplehelix.draw.labels import Place, Spacing, Spot, by_set, large, placed
from triplehelix.offer.document import Map, Mark

Box = tuple[float, float, float, float]
Rings = Sequence[Sequence[tuple[float, float]]]

_LONGEST, _MOST_NAMED, _LARGEST = 560.0, 24, 17.0
_NARROWEST = 0.8
_LETTER, _LINE = 6.2, 14.0
_FONT = 'font-family="Source Sans 3, Noto Sans JP, sans-serif" font-size="12"'


def box_of(drawn: Map, margin: float = 0.12) -> Box:
    """
    West, south, east, north round the marks, with a margin, in degrees.

    Where most marks are in few places and some far away, the far ones widen it all the same: no
    cluster is left off the map.
    """
    lats, lons = [m.lat for m in drawn.marks], [m.lon for m in drawn.marks]
    tall, wide = max(max(lats) - min(lats), 2.0), max(max(lons) - min(lons), 2.0)
    middle_lat, middle_lon = (max(lats) + min(lats)) / 2, (max(lons) + min(lons)) / 2
    # A strip of land without its coasts is not known again.
    wide = max(wide, _NARROWEST * tall / cos(radians(middle_lat)))
    up, out = margin * tall, margin * wide
    return (
        max(middle_lon - wide / 2 - out, -180.0), max(middle_lat - tall / 2 - up, -85.0),
        min(middle_lon + wide / 2 + out, 180.0), min(middle_lat + tall / 2 + up, 85.0),
    )  # fmt: skip


class _Frame(NamedTuple):
    """Where degrees stand on the paper: even in both directions at the middle latitude."""

    west: float
    north: float
    across: float
    down: float
    width: float
    height: float

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        return (lon - self.west) * self.across, (self.north - lat) * self.down


def _frame(box: Box) -> _Frame:
    west, south, east, north = box
    squeeze = cos(radians((south + north) / 2))
    wide, tall = (east - west) * squeeze, north - south
    scale = _LONGEST / max(wide, tall)
    return _Frame(west, north, scale * squeeze, scale, wide * scale, tall * scale)


def map_svg(drawn: Map, land: Rings) -> str:
    """
    A map as SVG; `land` are rings of (longitude, latitude) within `box_of` the map.

    A circle's area is its mark's figure. Names that would overlap others are left out: the table
    beside the map has all.
    """
    frame = _frame(box_of(drawn))
    most = max((mark.figure.value or 0 for mark in drawn.marks), default=0) or 1
    marks = sorted(drawn.marks, key=large)
    shapes = "".join(_ring(ring, frame) for ring in land)
    circles = "".join(_circle(mark, frame, most) for mark in marks)
    names = "".join(_names(sorted(marks, key=by_set), frame, most))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="drawn-map" role="img" '
        f'viewBox="0 0 {frame.width:.0f} {frame.height:.0f}" aria-label="{escape(drawn.alt)}">'
        f'<rect class="water" width="{frame.width:.0f}" height="{frame.height:.0f}" '
        f'fill="#eef2f1"/><g class="land" fill="#ffffff" stroke="#c3cdca" stroke-width="0.6">'
        f"{shapes}</g>{circles}{names}</svg>"
    )


def _ring(ring: Sequence[tuple[float, float]], frame: _Frame) -> str:
    points = " ".join("{:.1f},{:.1f}".format(*frame.at(lat, lon)) for lon, lat in ring)
    return f'<polygon points="{points}"/>'


def _radius(mark: Mark, most: float) -> float:
    return max(2.5, _LARGEST * sqrt((mark.figure.value or 0) / most))


def _circle(mark: Mark, frame: _Frame, most: float) -> str:
    x, y = frame.at(mark.lat, mark.lon)
    return (
        f'<circle class="mark {mark.kind}" cx="{x:.1f}" cy="{y:.1f}" '
        f'r="{_radius(mark, most):.1f}" fill="{COLOURS.get(mark.kind, COLOURS["other"])}" '
        f'fill-opacity="0.85" stroke="#ffffff" stroke-width="0.8"/>'
    )


def _names(marks: Sequence[Mark], frame: _Frame, most: float) -> Iterator[str]:
    spots = [
        Spot(*frame.at(mark.lat, mark.lon), _radius(mark, most),
             _LETTER * columns(mark.name.text) if at < _MOST_NAMED else 0.0)
        for at, mark in enumerate(marks)
    ]  # fmt: skip
    places = placed(spots, Place(0, 0, frame.width, frame.height), Spacing(_LINE, 3, 1))
    for mark, place in zip(marks, places, strict=True):
        if place is not None:
            x, y, text = place.left, place.top + place.height - 3, escape(mark.name.text)
            yield (
                f'<text x="{x:.1f}" y="{y:.1f}" {_FONT} fill="#16302f" stroke="#ffffff" '
                f'stroke-width="2.5" paint-order="stroke">{text}</text>'
            )
            # WeasyPrint does not know paint-order: the letters once more, above their edge.
            yield f'<text x="{x:.1f}" y="{y:.1f}" {_FONT} fill="#16302f">{text}</text>'
