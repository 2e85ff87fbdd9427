"""Figures as people read them, by the Unicode locale data of their language."""

from babel.numbers import format_compact_currency, format_decimal, format_percent

from triplehelix.offer.figures import Figure

UNKNOWN = "–"
# Between the ends of an interval (CLDR, miscellaneous patterns, range; as the fonts have it).
_TO = {"ja": "〜"}
_COUNTED = ("activities", "organisations", "assets", "clusters", "people", "pieces", "roles")


def number(value: float | None, unit: str, language: str = "en") -> str:
    """
    A number in a unit; a dash for unknown.

    Examples
    --------
    >>> number(128_000_000, "GBP"), number(0.425, "share"), number(13_680_052, "people")
    ('£128M', '42.5%', '13,680,052')
    >>> number(None, "people"), number(0.0861, "activities"), number(1, "ratio")
    ('–', '0.09', '1.0')
    """
    if value is None:
        return UNKNOWN
    if unit == "share":
        tenths = round(value, 3)
        return str(format_percent(tenths, locale=language, decimal_quantization=False))
    if len(unit) == 3 and unit.isupper():
        return str(format_compact_currency(value, unit, fraction_digits=1, locale=language))
    if unit == "ratio":
        return str(format_decimal(value, "#,##0.0", locale=language))
    if unit in _COUNTED and float(value).is_integer():
        return str(format_decimal(value, "#,##0", locale=language))
    return str(format_decimal(value, "#,##0.##", locale=language))


def shown(figure: Figure, language: str = "en") -> str:
    """The figure's value."""
    return number(figure.value, figure.unit, language)


def interval(figure: Figure, language: str = "en") -> str:
    """The figure's 95 % interval; nothing where it has none."""
    low, high = figure.doubt.low, figure.doubt.high
    if low is None or high is None:
        return ""
    to = _TO.get(language, "–")
    return f"{number(low, figure.unit, language)}{to}{number(high, figure.unit, language)}"
