"""Where the names of places stand on a map: beside their circles, and never over one another."""

from collections.abc import Sequence
from typing import NamedTuple

from triplehelix.offer.document import Mark

ORDER = ("first", "second", "third", "other", "partner")


class Place(NamedTuple):
    """A rectangle, from its top left corner."""

    left: float
    top: float
    width: float
    height: float


class Spot(NamedTuple):
    """A circle, and how wide the name beside it is; of no width: it is not to be named."""

    x: float
    y: float
    radius: float
    width: float


class Spacing(NamedTuple):
    """How tall a name is, and how far it stands off its circle, beside it and above it."""

    tall: float
    beside: float
    above: float


def large(mark: Mark) -> tuple[float, str, str]:
    """Orders marks: the largest first, of equals by name."""
    return -(mark.figure.value or 0), mark.name.text, mark.name.path


def by_set(mark: Mark) -> tuple[int, float, str, str]:
    """Orders marks: those of the first set first, and of each set the largest."""
    kind = mark.kind
    return ORDER.index(kind) if kind in ORDER else len(ORDER), *large(mark)


def placed(spots: Sequence[Spot], frame: Place, spacing: Spacing) -> list[Place | None]:
    """
    Where names stand; None for one that finds no free place, which is left to the table.

    Each in turn takes the first place in the frame that touches neither a circle nor a name that
    stands already: right, left, above, below, then the corners.

    Examples
    --------
    >>> frame, near = Place(0, 0, 200, 100), Spot(100, 50, 5, 40)
    >>> placed([near], frame, Spacing(14, 3, 1))
    [Place(left=108, top=43.0, width=40, height=14)]
    """
    taken = [Place(s.x - s.radius, s.y - s.radius, 2 * s.radius, 2 * s.radius) for s in spots]
    found: list[Place | None] = []
    for spot in spots:
        tried = _round(spot, spacing) if spot.width else []
        free = next((place for place in tried if _free(place, frame, taken)), None)
        if free is not None:
            taken.append(free)
        found.append(free)
    return found


def _round(spot: Spot, spacing: Spacing) -> list[Place]:
    x, y, r, wide = spot
    tall, beside, above = spacing
    slant = r * 0.75
    return [
        Place(left, top, wide, tall)
        for left, top in (
            (x + r + beside, y - tall / 2), (x - r - beside - wide, y - tall / 2),
            (x - wide / 2, y - r - tall - above), (x - wide / 2, y + r + above),
            (x + slant, y - slant - tall), (x + slant, y + slant),
            (x - slant - wide, y - slant - tall), (x - slant - wide, y + slant),
        )
    ]  # fmt: skip


def _free(place: Place, frame: Place, taken: Sequence[Place]) -> bool:
    inside = (
        place.left >= frame.left and place.top >= frame.top
        and place.left + place.width <= frame.left + frame.width
        and place.top + place.height <= frame.top + frame.height
    )  # fmt: skip
    return inside and not any(_touch(place, other) for other in taken)


def _touch(a: Place, b: Place) -> bool:
    return (
        a.left < b.left + b.width and b.left < a.left + a.width
        and a.top < b.top + b.height and b.top < a.top + a.height
    )  # fmt: skip
