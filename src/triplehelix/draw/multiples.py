"""Small multiples as SVG: one measure of several, each a dot with its interval, on one scale."""

from collections.abc import Sequence
from html import escape
from math import log2
from typing import NamedTuple

WIDTH = 320
_ROW, _TOP, _NAME, _VALUE = 22, 6, 112, 96
_LEFT, _RIGHT = _NAME + 6, WIDTH - _VALUE - 8
_DOUBLINGS = 3.0
_FONT = 'font-family="Source Sans 3, sans-serif" font-size="12"'


class Row(NamedTuple):
    """One of those compared: its name, value and 95 % interval (None: not known), as written."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    text: str


def multiple_svg(rows: Sequence[Row], scale: str, alt: str, most: float | None = None) -> str:
    """
    One panel, 320 wide.

    Parameters
    ----------
    scale : `counts` runs from 0 to `most` (the largest bound of the rows without), `shares` from
        0 to `most` (1 without), `ratios` from 1/8 to 8, even in doublings, with a line at 1; what
        lies beyond an end is drawn at it.
    alt : what it shows, in words.

    Examples
    --------
    >>> drawn = multiple_svg([Row("York", 0.5, 0.25, 0.75, "50 %")], "shares", "York: 50 %")
    >>> 'cx="167.0"' in drawn
    True
    """
    largest = max((r.high or r.value or 0.0 for r in rows), default=0.0)
    end = most or (1.0 if scale == "shares" else largest) or 1.0
    height = _TOP * 2 + _ROW * len(rows)
    base = _x(1.0, "ratios", end) if scale == "ratios" else float(_LEFT)
    drawn = "".join(_row(row, at, scale, end) for at, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="multiple" viewBox="0 0 {WIDTH} {height}" '
        f'role="img" aria-label="{escape(alt)}"><line class="base" x1="{base:.1f}" '
        f'x2="{base:.1f}" y1="{_TOP}" y2="{height - _TOP}" stroke="#9fb3b2"/>{drawn}</svg>'
    )


def _row(row: Row, at: int, scale: str, end: float) -> str:
    middle = _TOP + _ROW * at + _ROW / 2
    text = (
        f'<text x="{_NAME}" y="{middle + 4:.1f}" text-anchor="end" {_FONT} fill="#16302f">'
        f"{escape(_short(row.name))}</text>"
        f'<text x="{WIDTH}" y="{middle + 4:.1f}" text-anchor="end" {_FONT} fill="#16302f">'
        f"{escape(row.text)}</text>"
    )
    if row.value is None:
        return text
    span = ""
    if row.low is not None and row.high is not None:
        span = (
            f'<line class="span" x1="{_x(row.low, scale, end):.1f}" '
            f'x2="{_x(row.high, scale, end):.1f}" y1="{middle:.1f}" y2="{middle:.1f}" '
            'stroke="#5fa0a5" stroke-width="4"/>'
        )
    dot = (
        f'<circle class="dot" cx="{_x(row.value, scale, end):.1f}" cy="{middle:.1f}" r="4" '
        'fill="#0b5563"/>'
    )
    return span + dot + text


def _x(value: float, scale: str, end: float) -> float:
    if scale == "ratios":
        doublings = log2(value) if value > 0 else -_DOUBLINGS
        share = 0.5 + min(_DOUBLINGS, max(-_DOUBLINGS, doublings)) / _DOUBLINGS / 2
    else:
        share = min(value / end, 1.0)
    return _LEFT + (_RIGHT - _LEFT) * share


def _short(name: str) -> str:
    return name if len(name) <= 19 else f"{name[:18]}…"
