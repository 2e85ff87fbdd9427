"""Totals that say too much: tables worked by hand, and laws."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.errors import InputError
from triplehelix.measure.disclosure import (
    ALL_ZERO,
    DOMINATED,
    TOO_FEW,
    Contribution,
    Rule,
    rounded,
    sensitivity,
)


def why(values: list[float], threshold: int = 3, p_percent: float | None = 10) -> str | None:
    """The reason for one total of values, each of an owner of its own."""
    units = {f"u{n}": Contribution(f"o{n}", value) for n, value in enumerate(values)}
    return sensitivity(units, units, Rule(threshold, p_percent))


@pytest.mark.parametrize(("values", "expected"), [
    ([], None),
    ([7, 7], TOO_FEW),
    ([7, 7, 7], None),
    # 1000 - 600 - 350 = 50 < 60 = 10 % of 600: the second may tell the first within 10 %.
    ([600, 350, 50], DOMINATED),
    ([600, 340, 60], None),
    # The same with the rest in small pieces, and in another order.
    ([10, 600, 10, 350, 10, 20], DOMINATED),
    ([0, 0, 0], ALL_ZERO),
    ([1, 0, 0], DOMINATED),
])  # fmt: skip
def test_hand_worked(values, expected):
    assert why(values) == expected
    assert why(values[::-1]) == expected


def test_a_plain_count_asks_for_the_number_of_contributors_only():
    assert why([900, 1, 1, 1, 1], 5, None) is None
    assert why([900, 1, 1, 1], 5, None) == TOO_FEW
    assert why([3], 1, None) is None
    assert why([3], 0, None) is None


def test_sites_of_one_owner_are_one_contributor():
    units = {f"s{n}": Contribution("the same", 1) for n in range(9)}
    assert sensitivity(units, units, Rule(2)) == TOO_FEW
    units["other"] = Contribution("another", 1)
    assert sensitivity(units, units, Rule(2)) is None


@given(st.lists(st.integers(0, 50), min_size=3, max_size=6), st.integers(0, 40))
def test_p_percent_is_what_the_second_contributor_can_tell(values, p):
    """Its guess is the total less its own; the rule asks how far that is above the first."""
    first, second, *_ = sorted(values, reverse=True)
    guess = sum(values) - second
    told = guess - first < p / 100 * first or first == 0
    assert (why(values, 3, p) is not None) == told


@given(st.integers(0, 10_000), st.sampled_from([1, 3, 5, 10, 100]))
def test_rounding_is_to_the_nearest_multiple_and_never_to_nothing(n, base):
    shown = rounded(n, base)
    if math.isnan(shown):
        assert 0 < n < base / 2
    else:
        assert shown % base == 0
        assert 2 * abs(shown - n) <= base
        assert (shown == 0) == (n == 0)


@given(st.integers(0, 500), st.integers(0, 500), st.sampled_from([5, 10]))
def test_rounding_keeps_the_order(a, b, base):
    low, high = sorted((a, b))
    shown = [0.0 if math.isnan(r) else r for r in (rounded(low, base), rounded(high, base))]
    assert shown[0] <= shown[1]


def test_wrong_values_are_said():
    one = {"a": Contribution("o", -1.0)}
    with pytest.raises(InputError, match="contribution of a is -1.0; .* leave a unit out"):
        sensitivity(one, one, Rule())
    with pytest.raises(InputError, match="threshold is -1; .* or 0 for no suppression"):
        sensitivity([], {}, Rule(-1))
    with pytest.raises(InputError, match="p_percent is -2; give a percentage"):
        sensitivity([], {}, Rule(5, -2))
    with pytest.raises(InputError, match="cannot be rounded to -5; give a whole number"):
        rounded(3, -5)
    with pytest.raises(InputError, match="nan cannot be rounded"):
        rounded(math.nan, 5)
