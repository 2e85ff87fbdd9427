"""The rule by which enquiries are sent on, and what can be done about one: against its own words."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.errors import InputError
from triplehelix.registry.enquiries import (
    OVER,
    Act,
    EnquiryRules,
    State,
    acts,
    after,
    checked_asker,
    checked_words,
)
from triplehelix.registry.routing import FRONT_DESK, RULES, Step, is_of_place, route

HOLDERS = st.frozensets(st.sampled_from(["nw_a", "nw_b", "nw_c", "mb_d"]), max_size=4)
STEPS = st.lists(
    st.builds(Step, st.sampled_from(sorted(RULES)), HOLDERS.map(tuple)), max_size=4
)  # fmt: skip


@given(STEPS, HOLDERS)
def test_the_first_step_with_somebody_who_reads_gets_it_all_of_them(steps, read_for):
    """The rule's own words, step by step."""
    way = route(steps, read_for)
    for step in steps:
        reading = set(step.found) & read_for
        if reading:
            assert (way.rule, set(way.to)) == (step.rule, reading)
            return
    assert (way.rule, way.to) == (FRONT_DESK, ())


@given(STEPS, HOLDERS, st.randoms())
def test_the_order_in_which_networks_stand_changes_nothing(steps, read_for, random):
    mixed = [Step(s.rule, tuple(random.sample(s.found, len(s.found)))) for s in steps]
    assert route(steps, read_for) == route(mixed, read_for)


def test_whoever_is_passed_over_is_named_and_those_of_later_steps_are_not():
    steps = [Step("theme and place", ("nw_a",)), Step("theme", ("nw_b", "nw_c")),
             Step("place", ("nw_d",))]  # fmt: skip
    way = route(steps, {"nw_b", "nw_d"})
    assert (way.rule, way.to, way.passed_over) == ("theme", ("nw_b",), ("nw_a", "nw_c"))


@pytest.mark.parametrize(("area", "place", "fits"), [
    ("Greater Manchester", "manchester", True), ("Leeds", "Leeds and York", True),
    ("Île-de-France", "ile de france", True), ("Yorkshire", "York", False), ("", "York", False),
    ("York", "", False), (None, "York", False), ("North-East", "north east england", True),
])  # fmt: skip
def test_places_are_compared_by_whole_words(area, place, fits):
    assert is_of_place(area, place) is fits


def test_what_is_over_stays_so_and_what_is_answered_is_not_passed_on():
    for state in OVER:
        assert acts(state) == ()
        for act in Act:
            with pytest.raises(InputError, match=f"is {state} and cannot be dealt with by {act}"):
                after(state, act)
    assert Act.PASS_ON not in acts(State.ANSWERED)
    for state, act in product((State.RECEIVED, State.PASSED_ON), Act):
        assert after(state, act) in State


@pytest.mark.parametrize(("change", "words"), [
    ({"email": "nowhere"}, "email"), ({"text": "Hi"}, "text"), ({"name": " "}, "name"),
    ({"text": "x" * 5001}, "text"), ({"name": "x" * 201}, "name"), ({"boss": "me"}, "boss"),
])  # fmt: skip
def test_what_is_wrong_with_an_enquiry_is_named(change, words):
    said = {"name": "Jo", "email": "jo@example.org", "text": "We look for a clean room."}
    assert checked_asker(said).text == said["text"]
    with pytest.raises(InputError, match=f"cannot be taken .*{words}.*mend it and send again"):
        checked_asker({**said, **change})


def test_words_that_turn_their_direction_are_cleaned():
    said = {"name": "Jo\u202e", "email": "jo@example.org", "text": "A clean room, please.\x00\x07"}
    found = checked_asker(said)
    assert (found.name, found.text) == ("Jo", "A clean room, please.")


def test_a_reply_has_bounds():
    assert checked_words(" yes ", "reply") == "yes"
    for text in ("", "  ", "x" * 5001):
        with pytest.raises(InputError, match="the reply has .* characters; write 1 to 5,000"):
            checked_words(text, "reply")


@pytest.mark.parametrize(("name", "days"), [
    ("keep_days", 0), ("close_days", 366), ("longest_days", 0), ("remind_days", 91)])  # fmt: skip
def test_rules_out_of_range_are_refused(name, days):
    with pytest.raises(InputError, match=rf"enquiries\.{name} is {days}; give 1 to"):
        EnquiryRules(**{name: days})


@pytest.mark.parametrize(("field", "wrote", "said"), [
    ("text", "Who?", "text: it has 4 characters; write 20 to 5,000"),
    ("text", " " + "x" * 5_001, "text: it has 5,001 characters; write 20 to 5,000"),
    ("name", "  ", "name: it has 0 characters; write 1 to 200"),
])  # fmt: skip
def test_what_is_too_short_or_long_is_told_in_characters(field, wrote, said):
    asked = {"name": "Ada", "email": "ada@example.org", "text": "x" * 20, field: wrote}
    with pytest.raises(InputError, match=re.escape(f"the enquiry cannot be taken ({said})")):
        checked_asker(asked)
