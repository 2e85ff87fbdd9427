"""Where answers stand beside each other on each measure, for the template to draw as SVG."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from triplehelix.ally.said import number_said
from triplehelix.app.calls.comparing import Column

# As narrow as a phone, so that its letters stay large enough to read there.
WIDTH, ROW = 360, 60
_LEFT, _RIGHT = 12.0, 348.0
# Letters are so far apart that none lies on another.
_APART = 18.0


class Mark(NamedTuple):
    """Answers of one value: `x` of it, `at` where their letters stand, the value in words."""

    letters: str
    x: float
    at: float
    said: str


class Strip(NamedTuple):
    """One measure: its name, its least and most in words, its answers from least to most."""

    name: str
    low: str
    high: str
    marks: list[Mark]


def strips(columns: Sequence[Column]) -> list[Strip]:
    """
    A strip for each measure in which the answers differ; less stands left, and is better.

    A measure that one of the answers lacks, such as money without prices, is left out.
    """
    found = (_strip(name, columns, value, said) for name, value, said in _MEASURES)
    return [one for one in found if one is not None]


def _strip(
    name: str, columns: Sequence[Column], value: Callable[[Column], float | None],
    said: Callable[[float], str],
) -> Strip | None:  # fmt: skip
    known = {one.letter: value(one) for one in columns}
    values = [each for each in known.values() if each is not None]
    if len(values) < len(known) or len({said(each) for each in values}) < 2:
        return None
    low, high = min(values), max(values)
    together: dict[float, str] = {}
    for letter, each in known.items():
        if each is not None:
            together[each] = together.get(each, "") + letter
    ordered = sorted(together.items())
    xs = [round(_LEFT + (each - low) / (high - low) * (_RIGHT - _LEFT), 1) for each, _ in ordered]
    marks = [Mark(letters, x, at, said(each))
             for (each, letters), x, at in zip(ordered, xs, _spread(xs), strict=True)]  # fmt: skip
    return Strip(name, said(low), said(high), marks)


def _spread(xs: Sequence[float]) -> list[float]:
    """Places for letters in the order of what they name, near it, none on another."""
    places: list[float] = []
    for x in xs:
        places.append(max(x, places[-1] + _APART) if places else x)
    # What was pushed beyond the right end pushes back.
    limit = _RIGHT
    for n in reversed(range(len(places))):
        places[n] = round(min(places[n], limit), 1)
        limit = places[n] - _APART
    return places


def _money(one: Column) -> float | None:
    return None if one.measures.unpriced else one.measures.money


_MEASURES: tuple[
    tuple[str, Callable[[Column], float | None], Callable[[float], str]], ...
] = (
    ("Members", lambda one: float(one.measures.partners), number_said),
    ("Days until all are ready", lambda one: one.measures.days, number_said),
    ("Money", _money, lambda value: number_said(round(value))),
    ("Share of the largest place", lambda one: one.measures.largest_share,
     lambda value: f"{value * 100:.0f} %"),
    ("Weighted sum", lambda one: one.objective, lambda value: number_said(round(value, 1))),
)  # fmt: skip
