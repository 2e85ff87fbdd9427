"""Where marks stand, against the arithmetic of the scale."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.app.cluster_profile import HelixCount, Measure, YearCount
from triplehelix.serve.charts import bands, bars, dot, on_scale


@given(st.floats(1 / 8, 8))
def test_scale_is_even_in_doublings(quotient: float) -> None:
    assert on_scale(quotient) == pytest.approx(50 + 50 * math.log(quotient, 8), abs=0.01)


@given(st.floats(0, 100), st.floats(0, 100))
def test_scale_never_turns_back(a: float, b: float) -> None:
    assert (on_scale(a) <= on_scale(b)) or a > b


def _measure(value: float | None, low: float | None, high: float | None) -> Measure:
    return Measure("location_quotient", "t", "T", value, low, high, 1, None)


def test_dots() -> None:
    assert dot(_measure(None, None, None)) is None
    unbounded = dot(_measure(2.0, None, None))
    assert unbounded is not None
    assert (unbounded.low, unbounded.clear) == (None, False)
    assert [dot(_measure(1.5, low, 2.0)).clear for low in (0.9, 1.1)] == [False, True]  # type: ignore[union-attr]


def test_years_without_activity_have_an_empty_bar() -> None:
    drawn = bars([YearCount(2014, 2), YearCount(2016, 4), YearCount(None, 9)])
    assert [(b.year, b.n, b.height) for b in drawn] == [(2014, 2, 23), (2015, 0, 0), (2016, 4, 46)]
    assert bars([YearCount(None, 3)]) == []


def test_a_mistyped_year_makes_no_chart_of_centuries() -> None:
    drawn = bars([YearCount(215, 1), YearCount(2015, 1)])
    assert (drawn[0].year, len(drawn)) == (1986, 30)
    # Thirty labels would overlap: the last year has one, and some before it.
    assert drawn[-1].label == "2015"
    assert 5 <= sum(bool(b.label) for b in drawn) <= 7


def test_bands_fill_the_bar() -> None:
    shares = [("academia", 0.5), ("industry", 0.3), ("health", 0.2)]
    drawn = bands([HelixCount(h, 1, s, None, None) for h, s in shares])
    assert [(b.start, b.width) for b in drawn] == [(0, 50), (50, 30), (80, 20)]
    assert bands([HelixCount("academia", 1, None, None, None)]) == []
