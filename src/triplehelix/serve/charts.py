"""Where the marks of the small charts stand, for the templates to draw as SVG."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from triplehelix.app.cluster_profile import HelixCount, Measure, YearCount

# A quotient of 1/8 stands at the left edge, of 8 at the right, 1 in the middle.
_DOUBLINGS = 3.0


class Dot(NamedTuple):
    """A value and its interval on a scale from 0 to 100; None where there is no interval."""

    at: float
    low: float | None
    high: float | None
    clear: bool


class Bar(NamedTuple):
    """A bar of a chart 200 wide and 46 high, with the room it stands in; some bear no label."""

    year: int
    n: int
    left: float
    room: float
    top: float
    height: float
    label: str


class Band(NamedTuple):
    """A band of a stacked bar 100 wide."""

    helix: str
    start: float
    width: float
    share: float


def on_scale(quotient: float) -> float:
    """
    Place of a location quotient on a scale from 0 to 100 that is even in doublings.

    Examples
    --------
    >>> on_scale(1), on_scale(2), on_scale(0.5), on_scale(0), on_scale(99)
    (50.0, 66.67, 33.33, 0.0, 100.0)
    """
    if quotient <= 0:
        return 0.0
    doublings = min(_DOUBLINGS, max(-_DOUBLINGS, math.log2(quotient)))
    return round(50 + 50 * doublings / _DOUBLINGS, 2)


def dot(measure: Measure) -> Dot | None:
    """Where a quotient is drawn; `clear` if its interval lies to one side of 1."""
    if measure.value is None:
        return None
    if measure.low is None or measure.high is None:
        return Dot(on_scale(measure.value), None, None, False)
    clear = measure.low > 1 or measure.high < 1
    return Dot(on_scale(measure.value), on_scale(measure.low), on_scale(measure.high), clear)


def bars(counts: Sequence[YearCount]) -> list[Bar]:
    """One bar for each year from the first to the last, those without activities too."""
    known = {c.year: c.n_activities for c in counts if c.year is not None}
    if not known:
        return []
    # A mistyped year must not make a chart of centuries: the last thirty are drawn.
    last = max(known)
    first = max(min(known), last - 29)
    most = max(known[y] for y in known if y >= first)
    room = 200 / max(7, last - first + 1)
    every = -(-(last - first + 1) // 7)
    drawn = []
    for place, year in enumerate(range(first, last + 1)):
        n = known.get(year, 0)
        height = round(46 * n / most, 2)
        label = str(year) if (last - year) % every == 0 else ""
        left = round(place * room, 2)
        drawn.append(Bar(year, n, left, round(room, 2), round(46 - height, 2), height, label))
    return drawn


def bands(helices: Sequence[HelixCount]) -> list[Band]:
    """A stacked bar of the sectors' shares of activity; empty where they are not known."""
    known = [(h.helix, h.activity_share) for h in helices if h.activity_share is not None]
    whole = sum(share for _, share in known)
    drawn, start = [], 0.0
    for helix, share in known:
        width = 100 * share / whole if whole > 0 else 0.0
        drawn.append(Band(helix, round(start, 3), round(width, 3), share))
        start += width
    return drawn
