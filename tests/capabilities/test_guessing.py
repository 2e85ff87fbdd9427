"""Guesses by single words, hand-worked on a list of the test's own."""

import math

import pytest

from triplehelix.capabilities.guessing import Guesser
from triplehelix.capabilities.listed import Capabilities, Capability
from triplehelix.capabilities.words import words

LIST = Capabilities((
    Capability("beds", "Hospital beds", "Places to nurse", signs=("ward|nurse patient",)),
    Capability("surge", "Surge beds", broader="beds", synonyms=("tent",)),
    Capability("filling", "Filling of vials", signs=("ampoule patient",)),
    Capability("culture", "Petri dish"), Capability("kitchen", "Petri dish"),
))  # fmt: skip


def guess(text: str, enough: float = 0.1, margin: float = 1.1):
    return Guesser(LIST).guess(words(text), enough, margin)


def test_by_hand():
    got = guess("nurses for patients")
    assert (got.capability, got.telling) == ("beds", {"nurs", "patient"})
    # One of five has "nurse", two have "patient".
    assert got.score == pytest.approx(math.log(5) + math.log(5 / 2))


@pytest.mark.parametrize(("text", "enough", "margin"), [
    ("nurses", math.log(5) + 0.01, 1.1), ("a petri dish", 0.1, 1.1), ("ward vials", 0.1, 1.1),
    ("for the and with", 0.1, 1.1), ("", 0.1, 1.1),
    ("nurses patients", 0.1, 3.0),
])  # fmt: skip
def test_nothing_where_it_is_not_clear(text, enough, margin):
    assert guess(text, enough, margin) is None


def test_kin_do_not_compete():
    # Both have "beds"; the narrower has "tent" besides.
    assert guess("beds in a tent", margin=5).capability == "surge"


def test_the_order_of_list_and_words_does_not_matter():
    backwards = Guesser(Capabilities(tuple(reversed(LIST.entries))))
    said = words("tent ward nurses patient ampoule")
    straight = Guesser(LIST).guess(said, 0.1, 1.1)
    assert straight is not None
    assert straight == backwards.guess(list(reversed(said)), 0.1, 1.1)
