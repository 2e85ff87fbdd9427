"""Numbers as people write them: each worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.ally.numbers_in_text import numbers


def values(text: str) -> list[float]:
    return [one.value for one in numbers(text)]


@pytest.mark.parametrize(("text", "is_"), [
    ("20,500 tests", 20500), ("20 500 tests", 20500), ("20\u202f500 tests", 20500),
    ("twenty thousand five hundred", 20500), ("20k tests", 20000), ("1.5 million doses", 1_500_000),
    ("2 million tests", 2_000_000), ("two hundred and fifty beds", 250), ("half a million kits", 500_000),
    ("a dozen nurses", 12), ("two dozen beds", 24), ("a hundred benches", 100), ("forty-five beds", 45),
    ("200-bed hospital", 200), ("1.2bn doses", 1_200_000_000), ("about 90 places", 90),
    ("2000 tests a day", 2000), ("three hundred thousand slides", 300_000),
])  # fmt: skip
def test_what_is_a_number(text, is_):
    assert values(text) == [is_]


@pytest.mark.parametrize("text", [
    "£5,000", "$2 million", "EUR 300", "400 euros", "75 %", "90 percent", "in 2020", "since 2019,",
    "between 2015 and 2019", "by 2028.", "call 01632 960 123", "+44 20 7946 0000", "ISO 13485", "phase 2",
    "level 3", "CL3", "COVID-19", "3 tesla", "900 MHz", "300 kV", "minus 80", "-80", "aged 40", "over 65 years old",
    "60-year-olds", "15 January 2021", "January 15", "2021-01-15", "Q2 2027", "one of them", "the one who", "17th",
    "four out of five", "one in twenty", "work package 2", "hazard group 3", "",
])  # fmt: skip
def test_what_counts_nothing(text):
    assert values(text) == []


@pytest.mark.parametrize(("text", "is_"), [
    ("10 to 20 beds", [20]), ("10-20 beds", [20]), ("between 10 and 20 beds", [20]),
    ("10 beds and 20 nurses", [10, 20]), ("20 or 10 beds", [20, 10]),
])  # fmt: skip
def test_of_a_range_the_larger(text, is_):
    assert values(text) == is_


@given(st.integers(2, 10**9 - 1))
def test_digits_with_and_without_commas_are_one(number):
    if not 1900 <= number <= 2099:
        assert values(f"we need {number:,} tests") == values(f"we need {number} tests") == [number]


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    for one in numbers(text):
        assert 0 <= one.start < one.end <= len(text)
        assert one.value >= 0
