"""Charts of bars as SVG."""

from html import escape
from unicodedata import east_asian_width

from triplehelix.draw.numbers import interval, shown
from triplehelix.offer.document import Bar, Bars

_WIDTH, _ROW, _LABEL, _VALUE = 640, 24, 190, 130
_LETTERS = 28
COLOURS = {
    "first": "#0b5563", "second": "#5fa0a5", "third": "#8a7f9c", "other": "#9fb3b2",
    "partner": "#c2702e", "": "#0b5563",
}  # fmt: skip
_FONT = 'font-family="Source Sans 3, Noto Sans JP, sans-serif" font-size="13"'


def bars_svg(chart: Bars, language: str = "en", direction: str = "ltr") -> str:
    """
    A chart as SVG, 640 wide; the interval of a bar is a line across its end.

    Colours stand as attributes, for paper; a stylesheet may set others by the classes.
    """
    most = max((_end(bar) for bar in chart.bars), default=0.0) or 1.0
    height = _ROW * len(chart.bars) + 8
    rows = "".join(_bar(bar, at, most, language, direction) for at, bar in enumerate(chart.bars))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="offer-bars" '
        f'viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(chart.alt)}">{rows}</svg>'
    )


def _end(bar: Bar) -> float:
    return max(bar.figure.value or 0.0, bar.figure.doubt.high or 0.0)


def _bar(bar: Bar, at: int, most: float, language: str, direction: str) -> str:
    room = _WIDTH - _LABEL - _VALUE
    value = bar.figure.value or 0.0
    width, top, middle = room * value / most, at * _ROW + 4, at * _ROW + 20
    span = ""
    if bar.figure.doubt.low is not None and bar.figure.doubt.high is not None:
        low, high = (_x(room * end / most, direction) for end in
                     (bar.figure.doubt.low, bar.figure.doubt.high))  # fmt: skip
        span = (f'<line class="offer-span" x1="{low:.1f}" x2="{high:.1f}" y1="{top + 10}" '
                f'y2="{top + 10}" stroke="#16302f" stroke-width="1.5"/>')  # fmt: skip
    left = min(_x(0, direction), _x(width, direction))
    text = " ".join(filter(None, [shown(bar.figure, language), _between(bar, language)]))
    label_at, anchor = (_LABEL - 8, "end") if direction == "ltr" else (_WIDTH - _LABEL + 8, "end")
    value_at = _x(room * _end(bar) / most, direction) + (6 if direction == "ltr" else -6)
    return (
        f'<text x="{label_at}" y="{middle - 3}" text-anchor="{anchor}" {_FONT} fill="#16302f">'
        f"{escape(_short(bar.label))}</text>"
        f'<rect class="offer-bar set-{bar.kind}" x="{left:.1f}" y="{top}" width="{width:.1f}" '
        f'height="{_ROW - 8}" fill="{COLOURS.get(bar.kind, COLOURS[""])}"/>{span}'
        f'<text class="offer-value" x="{value_at:.1f}" y="{middle - 3}" text-anchor="start" '
        f'{_FONT} fill="#16302f">{escape(text)}</text>'
    )


def _x(along: float, direction: str) -> float:
    return _LABEL + along if direction == "ltr" else _WIDTH - _LABEL - along


def _between(bar: Bar, language: str) -> str:
    between = interval(bar.figure, language)
    return f"({between})" if between else ""


def columns(text: str) -> int:
    """
    How wide a text is in letters of the Latin script: those of East Asian ones count two.

    Examples
    --------
    >>> columns("York"), columns("日本")
    (4, 4)
    """
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _short(label: str) -> str:
    if columns(label) <= _LETTERS:
        return label
    kept = label
    while columns(kept) > _LETTERS - 1:
        kept = kept[:-1]
    return f"{kept}…"
