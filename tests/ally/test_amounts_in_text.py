"""Amounts: what is counted, per what, and in which unit of a capability."""

import pytest

from triplehelix.ally.amounts_in_text import amounts, unit_of
from triplehelix.capabilities.listed import Capability, Unit

TESTS = Capability("pcr", "PCR", units=(Unit("tests", "day"), Unit("people", "day")))
BEDS = Capability("beds", "Beds", units=(Unit("beds"),))
HOURS = Capability("hpc", "HPC", units=(Unit("cores"), Unit("core-hours")))
SCANS = Capability("mri", "MRI", units=(Unit("scanner-days"), Unit("scanners")))
OXYGEN = Capability("oxygen", "Oxygen", units=(Unit("litres per minute"),))


@pytest.mark.parametrize(("text", "value", "per"), [
    ("300 tests per day", 300, "day"), ("300 tests a day", 300, "day"), ("300 tests/day", 300, "day"),
    ("300 tests daily", 300, "day"), ("300 tests each week", 300, "week"), ("300 tests every working day", 300, "day"),
    ("daily capacity of 300 tests", 300, "day"), ("300 tests a year", 300, "year"), ("300 tests per annum", 300, "year"),
    ("300 tests", 300, None), ("300 tests for a year", 300, None), ("300 tests. A day later", 300, None),
    ("a further 300 tests nightly", 300, "day"),
])  # fmt: skip
def test_periods(text, value, per):
    found = amounts(text)
    assert [(one.value, one.per) for one in found] == [(value, per)]


@pytest.mark.parametrize(
    "text", ["within six weeks", "for 10 days", "a 28-day study", "six months", "£300 a day"]
)
def test_spans_of_time_and_money_are_no_amounts(text):
    assert amounts(text) == []


@pytest.mark.parametrize(("text", "one", "unit", "sure"), [
    ("300 tests a day", TESTS, Unit("tests", "day"), 3), ("300 more people a day", TESTS, Unit("people", "day"), 3),
    ("300 swabs a week", TESTS, Unit("tests", "week"), 2), ("25 a day", TESTS, Unit("tests", "day"), 2),
    ("12 staffed beds", BEDS, Unit("beds"), 3), ("40 places", BEDS, Unit("beds"), 2),
    ("two million core hours", HOURS, Unit("core-hours"), 3), ("64 cores", HOURS, Unit("cores"), 3),
    ("15 scanner days", SCANS, Unit("scanner-days"), 3), ("3 days", SCANS, Unit("scanner-days"), 3),
    ("3,000 litres per minute", OXYGEN, Unit("litres per minute"), 3),
])  # fmt: skip
def test_units(text, one, unit, sure):
    assert unit_of(amounts(text)[0], one, ()) == (unit, sure)


@pytest.mark.parametrize(("text", "one"), [
    ("40 sheep", BEDS), ("25 a day", BEDS), ("300 hospitals", TESTS), ("4 litres", OXYGEN),
])  # fmt: skip
def test_what_is_of_something_else(text, one):
    assert unit_of(amounts(text)[0], one, ()) is None


def test_words_that_told_the_capability_count_its_usual_thing():
    amount = amounts("500 curtained cubicles")[0]
    assert unit_of(amount, BEDS, [(14, 22)]) == (Unit("beds"), 1)
    assert unit_of(amount, BEDS, [(30, 40)]) is None


def test_a_capability_without_units_takes_no_amount():
    assert unit_of(amounts("300 tests")[0], Capability("x", "X"), ()) is None
