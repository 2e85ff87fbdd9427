"""Days in texts, worked out with a calendar."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.ally.dates_in_text import dates

MONDAY = date(2026, 11, 2)


def said(text: str, as_of: date = MONDAY) -> list[tuple[str, str]]:
    return [(one.role, one.day.isoformat()) for one in dates(text, as_of)]


@pytest.mark.parametrize(("text", "day"), [
    ("by 2027-01-15", "2027-01-15"), ("by 15 January 2027", "2027-01-15"), ("by January 15, 2027", "2027-01-15"),
    ("by the 15th of January", "2027-01-15"), ("by 3 Nov", "2026-11-03"), ("by mid-January", "2027-01-15"),
    ("by the middle of January", "2027-01-15"), ("by the end of March", "2027-03-31"), ("by March 2027", "2027-03-31"),
    ("before March 2027", "2027-03-01"), ("from April", "2027-04-01"), ("starting in October 2027", "2027-10-01"),
    ("by Q2 2027", "2027-06-30"), ("from the third quarter of 2027", "2027-07-01"), ("in the first half of 2027", "2027-01-01"),
    ("by the end of 2027", "2027-12-31"), ("by the end of the year", "2026-12-31"), ("before Christmas", "2026-12-25"),
    ("by tomorrow", "2026-11-03"), ("by Friday", "2026-11-06"), ("by next Monday", "2026-11-09"),
    ("within six weeks", "2026-12-14"), ("within 10 days", "2026-11-12"), ("within the next two months", "2027-01-02"),
    ("by the end of February 2028", "2028-02-29"), ("by summer 2027", "2027-08-31"), ("due 31 January 2027", "2027-01-31"),
    ("by 1 November", "2027-11-01"),
])  # fmt: skip
def test_by_when(text, day):
    assert said(text) == [("by", day)]


@pytest.mark.parametrize(("text", "days"), [
    ("until the end of June 2027", [("until", "2027-06-30")]), ("until 28 February", [("until", "2027-02-28")]),
    ("from 1 May to 30 June 2027", [("by", "2027-05-01"), ("until", "2027-06-30")]),
    ("between 1 December and 28 February", [("by", "2026-12-01"), ("until", "2027-02-28")]),
    ("between January and June 2027", [("by", "2027-01-01"), ("until", "2027-06-30")]),
])  # fmt: skip
def test_over_which_time(text, days):
    assert said(text) == days


@pytest.mark.parametrize("text", [
    "in 2020 the network ran", "since March 2019", "we may sign", "they march on", "by 31 February 2027",
    "by 3 March 2020", "offers by 30 November 2026", "expressions of interest are due by 4 December 2026",
    "a sat nav", "", "by the laboratory",
])  # fmt: skip
def test_what_sets_no_day(text):
    assert said(text) == []


@given(st.dates(date(2026, 11, 2), date(2099, 12, 31)))
def test_any_day_in_two_writings(day):
    names = "January February March April May June July August September October November December".split()
    assert said(f"by {day.isoformat()}") == [("by", day.isoformat())]
    assert said(f"by {day.day} {names[day.month - 1]} {day.year}") == [("by", day.isoformat())]


@given(st.text(alphabet="by from until 0123456789JanMrchQ-/.,", max_size=60))
def test_any_text_can_be_read(text):
    for one in dates(text, MONDAY):
        assert one.day >= MONDAY
        assert 0 <= one.start < one.end <= len(text)
