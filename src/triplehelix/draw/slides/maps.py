"""A map of places as shapes that can be edited: land, circles, and names that do not overlap."""

from collections.abc import Sequence
from math import cos, radians, sqrt
from typing import NamedTuple

from triplehelix.draw.labels import Place, Spacing, Spot, by_set, large, placed
from triplehelix.draw.maps import Rings, box_of
from triplehelix.draw.slides.letters import width
from triplehelix.draw.slides.look import LEADING, LEAST, Box
from triplehelix.offer.document import Map, Mark

_LARGEST, _SMALLEST = 20.0, 3.0
# A map as wide as this of its height; land is cut for it before its place on a slide is known.
RATIO = 1.5

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
        for mark in sorted(drawn.marks, key=large)
    )
    rings = tuple(tuple(at(lat, lon) for lon, lat in ring) for ring in land)
    return Laid(water, rings, circles, _labels(circles, water))


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
    ordered = sorted(circles, key=lambda circle: by_set(circle.mark))
    spots = [Spot(c.x, c.y, c.radius, width(c.mark.name.text, LEAST, 1.04) + 2) for c in ordered]
    places = placed(spots, Place(*water), Spacing(LEAST * LEADING, 2, 0))
    return tuple(
        Label(circle.mark.name.text, Box(*place))
        for circle, place in zip(ordered, places, strict=True)
        if place is not None
    )
