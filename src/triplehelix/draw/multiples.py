"""Small multiples as SVG: one measure of several, each a dot with its interval, on one scale."""

from collections.abc import Sequence
from html import escape
from math import log2
from typing import NamedTuple

WIDTH = 320
_ROW, _TOP, _NAMES, _VALUES = 22, 6, 112, 96
# What a letter takes of the room for names.
_LETTER = 5.9
_DOUBLINGS = 3.0
_FONT = 'font-family="Source Sans 3, sans-serif" font-size="12"'


class Row(NamedTuple):
    """One of those compared: its name, value and 95 % interval (None: not known), as written."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    text: str


class _Frame(NamedTuple):
    """Where names end, the scale runs, and how far."""

    names: float
    left: float
    right: float
    width: float
    scale: str
    end: float


def multiple_svg(
    rows: Sequence[Row], scale: str, alt: str, most: float | None = None, *, names: float = _NAMES,
    values: float = _VALUES,
) -> str:  # fmt: skip
    """
    One panel, 320 wide, or wider by what names and values take more.

    Parameters
    ----------
    scale : `counts` runs from 0 to `most` (the largest bound of the rows without), `shares` from
        0 to `most` (1 without), `ratios` from 1/8 to 8, even in doublings, with a line at 1; what
        lies beyond an end is drawn at it.
    alt : what it shows, in words.
    names, values : how much room the names and the written values have.

    Examples
    --------
    >>> drawn = multiple_svg([Row("York", 0.5, 0.25, 0.75, "50 %")], "shares", "York: 50 %")
    >>> 'cx="167.0"' in drawn
    True
    """
    largest = max((r.high or r.value or 0.0 for r in rows), default=0.0)
    end = most or (1.0 if scale == "shares" else largest) or 1.0
    height = _TOP * 2 + _ROW * len(rows)
    width = WIDTH + names - _NAMES + values - _VALUES
    frame = _Frame(names, names + 6, width - values - 8, width, scale, end)
    base = _x(1.0, frame) if scale == "ratios" else frame.left
    drawn = "".join(_row(row, at, frame) for at, row in enumerate(rows))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="multiple" '
        f'viewBox="0 0 {width:g} {height}" role="img" aria-label="{escape(alt)}">'
        f'<line class="base" x1="{base:.1f}" '
        f'x2="{base:.1f}" y1="{_TOP}" y2="{height - _TOP}" stroke="#9fb3b2"/>{drawn}</svg>'
    )


def _row(row: Row, at: int, frame: _Frame) -> str:
    middle = _TOP + _ROW * at + _ROW / 2
    text = (
        f'<text x="{frame.names:g}" y="{middle + 4:.1f}" text-anchor="end" {_FONT} fill="#16302f">'
        f"{escape(_short(row.name, frame))}</text>"
        f'<text x="{frame.width:g}" y="{middle + 4:.1f}" text-anchor="end" {_FONT} fill="#16302f">'
        f"{escape(row.text)}</text>"
    )
    if row.value is None:
        return text
    span = ""
    if row.low is not None and row.high is not None:
        span = (
            f'<line class="span" x1="{_x(row.low, frame):.1f}" x2="{_x(row.high, frame):.1f}" '
            f'y1="{middle:.1f}" y2="{middle:.1f}" stroke="#5fa0a5" stroke-width="4"/>'
        )
    dot = (
        f'<circle class="dot" cx="{_x(row.value, frame):.1f}" cy="{middle:.1f}" r="4" '
        'fill="#0b5563"/>'
    )
    return span + dot + text


def _x(value: float, frame: _Frame) -> float:
    if frame.scale == "ratios":
        doublings = log2(value) if value > 0 else -_DOUBLINGS
        share = 0.5 + min(_DOUBLINGS, max(-_DOUBLINGS, doublings)) / _DOUBLINGS / 2
    else:
        share = min(value / frame.end, 1.0)
    return frame.left + (frame.right - frame.left) * share


def _short(name: str, frame: _Frame) -> str:
    most = int(frame.names / _LETTER)
    return name if len(name) <= most else f"{name[: most - 1]}…"
