"""Needs read from texts: on a list of the test's own, and on the one that ships."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.ally.needs_in_text import SuggestedNeed, suggest_needs
from triplehelix.capabilities.listed import Capabilities, Capability, Unit
from triplehelix.capabilities.spotting import Spotter
from triplehelix.read.capabilities import read_capabilities

LIST = Capabilities((
    Capability("testing", "Diagnostic testing", units=(Unit("tests", "day"),), synonyms=("blood test",)),
    Capability("pcr", "PCR", broader="testing", units=(Unit("tests", "day"),), synonyms=("swab test",)),
    Capability("beds", "Hospital beds", units=(Unit("beds"),), signs=("bed intensive|staffed",)),
    Capability("reading", "Genome reading", units=(Unit("genomes", "week"),), signs=("decode|read genome|virus",)),
    Capability("nurses", "Nursing staff", units=(Unit("people"),), signs=("extra|lend nurse",)),
))  # fmt: skip
TODAY = date(2026, 11, 2)


def read(text: str, listed: Capabilities = LIST) -> dict[str, SuggestedNeed]:
    return {one.capability: one for one in suggest_needs(text, listed, TODAY)}


def test_a_call_by_hand():
    text = (
        "We need 300 swab tests a day by 1 May 2027. Lend us 40 nurses until the end of June. "
        "Staffed intensive beds would be welcome."
    )
    found = read(text)
    assert list(found) == ["pcr", "nurses", "beds"]
    assert (found["pcr"].amount, found["pcr"].unit) == (300, "tests/day")
    assert (found["pcr"].by, found["pcr"].until) == (date(2027, 5, 1), None)
    assert (found["nurses"].amount, found["nurses"].unit) == (40, "people")
    assert found["nurses"].until == date(2027, 6, 30)
    assert (found["beds"].amount, found["beds"].unit, found["beds"].must) == (None, None, False)
    assert found["pcr"].must


def test_the_reasons_are_words_of_the_text():
    text = "Hello.\n  We need someone to decode the virus, 500 genomes a week."
    (one,) = suggest_needs(text, LIST, TODAY)
    assert [because.text for because in one.because] == ["decode the virus", "500"]
    assert all(text[b.start : b.end] == b.text for b in one.because)


@pytest.mark.parametrize("text", [
    "We do not need swab tests.", "We already have enough staffed intensive beds.",
    "In 2020 the network ran swab tests.", "Swab tests are not needed, thank you.",
    "The weather is fine.", "", "   \n", "Read the letter.", "We need a lift to the station.",
])  # fmt: skip
def test_what_is_no_need(text):
    assert read(text) == {}


def test_what_is_refused_does_not_hide_what_is_asked_in_the_same_sentence():
    assert list(read("We do not need staffed beds, but we need swab tests.")) == ["pcr"]


def test_the_narrower_stays():
    assert list(read("We need diagnostic testing by PCR.")) == ["pcr"]


def test_a_broader_one_stays_if_it_is_asked_for_apart():
    found = read("We need 300 swab tests a day. We also need 200 blood tests a day.")
    assert {slug: one.amount for slug, one in found.items()} == {"pcr": 300, "testing": 200}


@pytest.mark.parametrize(("text", "amounts"), [
    ("We need 12 staffed beds and 300 swab tests a day.", {"beds": 12, "pcr": 300}),
    ("We need swab tests, 300 a day, and staffed beds (12).", {"pcr": 300, "beds": 12}),
    ("We need swab tests. At the peak it will be 300 tests a day.", {"pcr": 300}),
    ("We need swab tests for 40 hospitals within 10 days.", {"pcr": None}),
    ("We ran 900 swab tests a day in 2020. We need swab tests.", {"pcr": None}),
    ("We need between 100 and 300 swab tests a day.", {"pcr": 300}),
])  # fmt: skip
def test_amounts_go_where_their_unit_is(text, amounts):
    assert {slug: one.amount for slug, one in read(text).items()} == amounts


def test_without_a_day_no_dates_are_read():
    (one,) = suggest_needs("We need swab tests within six weeks.", LIST)
    assert (one.by, one.until) == (None, None)


def test_the_order_of_the_list_does_not_matter():
    text = "We need 300 swab tests a day, extra nurses, staffed beds, and to decode the virus."
    wanted = suggest_needs(text, LIST, TODAY)
    assert len(wanted) == 4
    for entries in permutations(LIST.entries):
        assert suggest_needs(text, Capabilities(entries), TODAY) == wanted


SHIPPED = Spotter(read_capabilities())


@given(st.text(max_size=400))
def test_any_text_can_be_read(text):
    for one in suggest_needs(text, SHIPPED, TODAY):
        assert one.because
        assert all(text[b.start : b.end] == b.text for b in one.because)
        assert (one.amount is None) == (one.unit is None)


def test_a_note_in_capitals():
    found = suggest_needs("URGENT: WE NEED 12 INTENSIVE CARE BEDS", SHIPPED, TODAY)
    assert [(one.capability, one.amount) for one in found] == [("critical-care-beds", 12)]


def test_an_amount_of_other_things_is_none_of_the_capability():
    """Cells for patients are not so many suites; three suites are."""
    suites = Capability(
        "cells", "Making cells", units=(Unit("suites"),), signs=("make cell patient",)
    )
    listed = Capabilities((suites,))
    (one,) = suggest_needs("We must make cells for 30 patients.", listed, TODAY)
    assert (one.amount, one.unit, one.not_counted.text) == (None, None, "30 patients")
    assert one.without_amount == "No amount: “30 patients” is not counted in suites"
    (one,) = suggest_needs("We must make cells for patients in 3 suites.", listed, TODAY)
    assert (one.amount, one.unit, one.not_counted) == (3, "suites", None)


def test_an_amount_that_another_need_has_is_told_of_none():
    found = read("We need swab tests and 40 nurses to lend extra help.")
    assert found["nurses"].amount == 40 and found["pcr"].not_counted is None
