"""Where the lines of a readiness curve stand, for the template to draw as SVG."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from triplehelix.ally.readiness import Curve, NeedReadiness

WIDTH, HEIGHT = 480.0, 190.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 8.0, 472.0, 26.0, 158.0
_HEAD_ROOM = 1.12


class Tick(NamedTuple):
    """A day below the chart."""

    x: float
    label: str


class Drawn(NamedTuple):
    """Paths of a chart `WIDTH` by `HEIGHT`; None where a line would lie on another or is empty."""

    planned: str
    expected: str | None
    agreed: str | None
    actual: str | None
    target: float
    by: float | None
    ticks: list[Tick]


class Row(NamedTuple):
    """A day of the chart in its table."""

    day: date
    number: int
    planned: float
    expected: float
    agreed: float


def draw(need: NeedReadiness, as_of: date, actual: Curve | None = None) -> Drawn:
    """
    A need's curve as planned, as can still be expected, as agreed, as reported; from day 1 on.

    Examples
    --------
    >>> from datetime import date
    >>> from triplehelix.ally.curves import Level
    >>> curve = Curve((Level(date(2021, 1, 11), 50.0),), date(2021, 1, 11), False)
    >>> none = Curve((), None, False)
    >>> need = NeedReadiness("a", "tests/day", 50.0, date(2021, 1, 11), None, curve, curve, none,
    ...                      (), True, "")
    >>> drawn = draw(need, date(2021, 1, 1))
    >>> drawn.planned.startswith("M8 158"), drawn.expected, drawn.agreed
    (True, None, None)
    """
    curves = [need.planned, need.expected, need.agreed, *([actual] if actual else [])]
    last = _last_day(need, curves, as_of)
    most = max([need.target, *(one.amount for curve in curves for one in curve.levels)])
    days = max(1, (last - as_of).days)

    def x(day: date) -> float:
        share = min(1.0, max(0.0, (day - as_of).days / days))
        return round(_LEFT + share * (_RIGHT - _LEFT), 1)

    def y(amount: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * amount / (most * _HEAD_ROOM or 1.0), 1)

    def path(curve: Curve | None) -> str | None:
        return _path(curve, x, y) if curve and curve.levels else None

    planned, expected = path(need.planned) or f"M{_LEFT:g} {_BOTTOM:g}", path(need.expected)
    return Drawn(
        planned, None if expected == planned else expected, path(need.agreed), path(actual),
        y(need.target), x(need.by) if need.by else None, _ticks(as_of, last, days, x),
    )  # fmt: skip


def rows(need: NeedReadiness, as_of: date) -> list[Row]:
    """The days on which one of the lines changes, and what each has from then on."""
    days = {level.day for curve in (need.planned, need.expected, need.agreed)
            for level in curve.levels}  # fmt: skip
    return [
        Row(day, (day - as_of).days + 1, need.planned.on(day), need.expected.on(day),
            need.agreed.on(day))
        for day in sorted(days)
    ]  # fmt: skip


def _last_day(need: NeedReadiness, curves: Sequence[Curve], as_of: date) -> date:
    days = [level.day for curve in curves for level in curve.levels]
    days += [one for one in (need.by, need.until) if one]
    last = max(days, default=as_of)
    # Room behind the last change, so that it is seen to last.
    beyond = max(1, (last - as_of).days // 8)
    return last + timedelta(days=beyond) if (date.max - last).days > beyond else last


def _path(curve: Curve, x, y) -> str:  # type: ignore[no-untyped-def]
    first, floor = curve.levels[0], y(0.0)
    parts = [f"M{_LEFT:g} {floor:g}", f"L{x(first.day):g} {floor:g}"]
    before = floor
    for level in curve.levels:
        # A rate jumps on its day; what is made in all rises along a line.
        if not curve.in_all:
            parts.append(f"L{x(level.day):g} {before:g}")
        before = y(level.amount)
        parts.append(f"L{x(level.day):g} {before:g}")
    parts.append(f"L{_RIGHT:g} {before:g}")
    return " ".join(parts)


def _ticks(as_of: date, last: date, days: int, x) -> list[Tick]:  # type: ignore[no-untyped-def]
    every = next(n for n in (1, 2, 5, 7, 10, 14, 20, 30, 60, 100, 200, 400, 1_000, 100_000)
                 if days / n <= 6)  # fmt: skip
    return [Tick(x(as_of + timedelta(days=n)), f"{n + 1:,}") for n in range(0, days + 1, every)]
