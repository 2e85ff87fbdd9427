"""A map of places as shapes that can be edited: land, circles, and names that do not overlap."""

from collections.abc import Sequence
from math import cos, radians, sqrt
from typing import NamedTuple

from triplehelix.draw.maps import Rings, box_of
from triplehelix.draw.slides.letters import width
from triplehelix.draw.slides.look import LEADING, LEAST, Box
from triplehelix.offer.document import Map, Mark

_LARGEST, _SMALLEST = 20.0, 3.0
# A map as wide as this of its height; land is cut for it before its place on a slide is known.
RATIO = 1.5
_ORDER = ("first", "second", "third", "other", "partner")

Corners = tuple[float, float, float, float]


class Circle(NamedTuple):
    """A mark on a slide, in points."""

    mark: Mark
    x: float
    y: float
    radius: float


class Label(NamedTuple):
    """A name beside its circle."""

    text: str
    box: Box


class Laid(NamedTuple):
    """A map laid out on a slide; `land` are rings of points."""

    water: Box
    land: tuple[tuple[tuple[float, float], ...], ...]
    circles: tuple[Circle, ...]
    labels: tuple[Label, ...]


def slide_box(drawn: Map) -> Corners:
    """
    West, south, east, north of the map on a slide: round its marks, as wide as a slide's maps are.
    """
    west, south, east, north = box_of(drawn)
    squeeze = cos(radians((south + north) / 2))
    wide, tall = (east - west) * squeeze, north - south
    more_wide = max(RATIO * tall - wide, 0.0) / squeeze / 2
    more_tall = max(wide / RATIO - tall, 0.0) / 2
    return (
        max(west - more_wide, -180.0), max(south - more_tall, -85.0),
        min(east + more_wide, 180.0), min(north + more_tall, 85.0),
    )  # fmt: skip


def laid_out(drawn: Map, land: Rings, place: Box) -> Laid:
    """
    Where all of a map stands in a place of a slide.

    Parameters
    ----------
    land : rings of (longitude, latitude) within `slide_box` of the map.
    """
    corners = slide_box(drawn)
    water, scale, squeeze = _water(corners, place)

    def at(lat: float, lon: float) -> tuple[float, float]:
        x = water.left + (lon - corners[0]) * squeeze * scale
        return x, water.top + (corners[3] - lat) * scale

    most = max((mark.figure.value or 0 for mark in drawn.marks), default=0) or 1
    circles = tuple(
        Circle(mark, *at(mark.lat, mark.lon), _radius(mark, most))
        for mark in sorted(drawn.marks, key=_large)
    )
    rings = tuple(tuple(at(lat, lon) for lon, lat in ring) for ring in land)
    return Laid(water, rings, circles, _labels(circles, water))


def _large(mark: Mark) -> tuple[float, str, str]:
    return -(mark.figure.value or 0), mark.name.text, mark.name.path


def _water(corners: Corners, place: Box) -> tuple[Box, float, float]:
    """The map's own rectangle, points in a degree of latitude, and how narrow degrees are."""
    west, south, east, north = corners
    squeeze = cos(radians((south + north) / 2))
    wide, tall = (east - west) * squeeze, north - south
    scale = min(place.width / wide, place.height / tall)
    return Box(place.left, place.top, wide * scale, tall * scale), scale, squeeze


def _radius(mark: Mark, most: float) -> float:
    return max(_SMALLEST, _LARGEST * sqrt((mark.figure.value or 0) / most))


def _labels(circles: Sequence[Circle], water: Box) -> tuple[Label, ...]:
    """Names, those of the sets first; one that finds no free place is left to the table."""
    taken = [_around(circle) for circle in circles]
    found = []
    for circle in sorted(circles, key=_by_set):
        place = next((box for box in _places(circle) if _free(box, water, taken)), None)
        if place is not None:
            taken.append(place)
            found.append(Label(circle.mark.name.text, place))
    return tuple(found)


def _by_set(circle: Circle) -> tuple[int, float, str, str]:
    kind = circle.mark.kind
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER), *_large(circle.mark)


def _around(circle: Circle) -> Box:
    r = circle.radius
    return Box(circle.x - r, circle.y - r, 2 * r, 2 * r)


def _places(circle: Circle) -> list[Box]:
    """Where a name may stand: right, left, above, below, and at the corners."""
    wide, tall = width(circle.mark.name.text, LEAST, 1.04) + 2, LEAST * LEADING
    x, y, r = circle.x, circle.y, circle.radius
    slant = r * 0.75
    return [
        Box(left, top, wide, tall)
        for left, top in (
            (x + r + 2, y - tall / 2), (x - r - 2 - wide, y - tall / 2),
            (x - wide / 2, y - r - tall), (x - wide / 2, y + r),
            (x + slant, y - slant - tall), (x + slant, y + slant),
            (x - slant - wide, y - slant - tall), (x - slant - wide, y + slant),
        )
    ]  # fmt: skip


def _free(box: Box, water: Box, taken: Sequence[Box]) -> bool:
    inside = (
        box.left >= water.left and box.top >= water.top
        and box.left + box.width <= water.left + water.width
        and box.top + box.height <= water.top + water.height
    )  # fmt: skip
    return inside and not any(_touch(box, other) for other in taken)


def _touch(a: Box, b: Box) -> bool:
    return (
        a.left < b.left + b.width and b.left < a.left + a.width
        and a.top < b.top + b.height and b.top < a.top + a.height
    )  # fmt: skip
