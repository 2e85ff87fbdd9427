"""Figures inside sentences: shares, ranks, lists, and which way a figure differs."""

from collections.abc import Sequence
from math import hypot
from typing import NamedTuple

SPACE = "\N{NO-BREAK SPACE}"
VERDICTS = {"more": "clearly more", "less": "clearly less", "as": "as expected, within chance"}


class Bounded(NamedTuple):
    """A figure with its 95 % interval; without one it is taken as exact."""

    value: float
    low: float | None = None
    high: float | None = None


def percent(share: float) -> str:
    """
    A share as a percentage; what is neither none nor all never reads as 0 or 100.

    Examples
    --------
    >>> percent(0.613), percent(0.004), percent(0.9996), percent(0.0)
    ('61\\xa0%', '0.4\\xa0%', '>99.9\\xa0%', '0\\xa0%')
    """
    hundredths = 100 * share
    if 0 < hundredths < 1:
        text = f"{hundredths:.1f}" if hundredths >= 0.05 else "<0.1"
    elif 99 < hundredths < 100:
        text = ">99.9" if hundredths > 99.9 else f"{hundredths:.1f}"
    else:
        text = f"{hundredths:.0f}"
    return text + SPACE + "%"


def with_bounds(found: Bounded) -> str:
    """
    A share with its interval.

    Examples
    --------
    >>> with_bounds(Bounded(0.61, 0.57, 0.65)), with_bounds(Bounded(0.5))
    ('61\\xa0% (57–65\\xa0%)', '50\\xa0%')
    """
    if found.low is None or found.high is None:
        return percent(found.value)
    low = percent(found.low).removesuffix(SPACE + "%")
    return f"{percent(found.value)} ({low}–{percent(found.high)})"


def amount(weight: float) -> str:
    """
    A fractional number of activities.

    Examples
    --------
    >>> amount(12.34), amount(1.155), amount(0.0312), amount(0.0)
    ('12', '1.2', '0.031', '0')
    """
    if weight == 0:
        return "0"
    return f"{weight:,.0f}" if weight >= 10 else f"{weight:.2g}"


def listed(names: Sequence[str]) -> str:
    """
    Names as a sentence has them.

    Examples
    --------
    >>> listed(["Leeds"]), listed(["Leeds", "York"]), listed(["A", "B", "C"])
    ('Leeds', 'Leeds and York', 'A, B and C')
    """
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def against(found: Bounded, expected: Bounded) -> str:
    """
    Whether a figure is `more` than expected, `less`, or `as` expected within chance.

    The bounds of the difference join those of both in quadrature (Zou and Donner 2008).

    Examples
    --------
    >>> against(Bounded(0.61, 0.57, 0.65), Bounded(0.48, 0.44, 0.52))
    'more'
    >>> against(Bounded(0.5, 0.2, 0.8), Bounded(0.4))
    'as'
    """
    low, high = _filled(found)
    below, above = _filled(expected)
    difference = found.value - expected.value
    if difference - hypot(found.value - low, above - expected.value) > 0:
        return "more"
    if difference + hypot(high - found.value, expected.value - below) < 0:
        return "less"
    return "as"


def _filled(found: Bounded) -> tuple[float, float]:
    return (
        found.value if found.low is None else found.low,
        found.value if found.high is None else found.high,
    )
