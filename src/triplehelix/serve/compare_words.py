"""Comparisons as people read them: values with their intervals, panels as small multiples."""

from markupsafe import Markup

from triplehelix.app.compare import Comparison, Panel, Value
from triplehelix.draw.multiples import Row, multiple_svg
from triplehelix.serve import words

# Of what a comparison is made, in its order, and how each part is headed.
GROUPS = {
    "size": "Size", "helices": "Who is at work", "reach": "Reach of the work",
    "trend": "Trend", "specialisation": "What each is good at",
    "share": "What the work is about",
}  # fmt: skip
# So many themes are drawn; the table has all of them.
DRAWN = 12


def said(panel: Panel, value: Value | None) -> str:
    """A value in the unit of its panel; a dash for unknown."""
    if value is None or value.value is None:
        return "–"
    if panel.scale == "shares":
        return words.percent(value.value)
    return words.ratio(value.value) if panel.scale == "ratios" else words.number(value.value)


def between(panel: Panel, value: Value | None) -> str:
    """The interval of a value; nothing where there is none."""
    if value is None:
        return ""
    if panel.scale == "shares":
        return words.percent_interval(value.low, value.high)
    if panel.scale == "ratios":
        return words.interval(value.low, value.high)
    return words.between(value.low, value.high)


def drawn(found: Comparison, panel: Panel) -> Markup:
    """The panel as a small multiple."""
    texts = [said(panel, value) for value in panel.values]
    rows = [
        Row(side.name, *((v.value, v.low, v.high) if v else (None,) * 3), text)
        for side, v, text in zip(found.sides, panel.values, texts, strict=True)
    ]
    listed = "; ".join(f"{s.name} {t}" for s, t in zip(found.sides, texts, strict=True))
    alt = f"{panel.label}: {listed}."
    return Markup(multiple_svg(rows, panel.scale, alt, _end(found, panel)))  # noqa: S704


def _end(found: Comparison, panel: Panel) -> float | None:
    """Themes' shares are small: their scale ends at the largest bound of any of them."""
    if panel.group != "share":
        return None
    bounds = [v.high or 0.0 for each in found.of("share") for v in each.values if v]
    return max(bounds, default=0.0) or None


def title(found: Comparison) -> str:
    """What is compared: `Athens, Cambridge and Leeds`."""
    *first, last = [side.name for side in found.sides]
    return f"{', '.join(first)} and {last}"
