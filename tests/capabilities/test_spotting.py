"""Spotting, hand-worked on a list of the test's own."""

import pytest

from triplehelix.capabilities.listed import Capabilities, Capability
from triplehelix.capabilities.spotting import (
    ABBREVIATION,
    ALONE,
    COMMON,
    GAP,
    OF_COMMON,
    WHOLE,
    Spotter,
)

LIST = Capabilities((
    Capability("testing", "Testing"),
    Capability("pcr", "PCR", broader="testing", synonyms=("swab test",)),
    Capability("computing", "Number crunching", synonyms=("XRF", "abacus")),
    Capability("filling", "Filling line", signs=("fill|put vial|glass", "fill bottle sterile")),
    Capability("growing", "Growing", synonyms=("petri dish",)),
    Capability("eating", "Eating out", synonyms=("petri dish",)),
))  # fmt: skip


def spot(text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in Spotter(LIST).spot(text.split()):
        found.setdefault(one.capability, one.strength)
    return found


@pytest.mark.parametrize(("text", "strengths"), [
    ("swab tests", {"pcr": OF_COMMON, "testing": COMMON}), ("tests by swab", {"pcr": OF_COMMON * (1 - GAP), "testing": COMMON}),
    ("PCR", {"pcr": ABBREVIATION}), ("pcr", {}), ("XRF works", {"computing": ABBREVIATION}), ("xrf", {}),
    ("an abacus", {"computing": ALONE}), ("put it into glass", {"filling": WHOLE - 2 * GAP}),
    ("glass was put", {"filling": WHOLE - GAP}), ("glass", {}), ("", {}),
    ("fill the green and the blue and the red bottle", {}),
])  # fmt: skip
def test_by_hand(text, strengths):
    assert spot(text) == pytest.approx(strengths)


def test_words_of_a_sign_stand_near_each_other():
    assert "filling" in spot("put one two three four five six vial")
    assert "filling" not in spot("put one two three four five six seven vial")


def test_what_names_two_tells_less_of_each():
    assert spot("petri dish") == pytest.approx(
        {"growing": WHOLE / 2**0.5, "eating": WHOLE / 2**0.5}
    )


def test_the_order_of_the_list_does_not_matter():
    words = "we put swab tests into glass near the abacus and the petri dish".split()
    backwards = Capabilities(tuple(reversed(LIST.entries)))
    assert Spotter(LIST).spot(words) == Spotter(backwards).spot(words)


def test_a_common_word_alone_tells_little_as_a_sign_too():
    listed = Capabilities((Capability("jabs", "Jabs", signs=("vaccinators|marquee",)),))
    spotter = Spotter(listed)
    assert [one.strength for one in spotter.spot(["vaccine"])] == [COMMON]
    assert [one.strength for one in spotter.spot(["marquee"])] == [ALONE]


def test_a_word_said_twice_is_not_two_words_of_a_sign():
    listed = Capabilities((Capability("storage", "Keeping", signs=("store|hold store|cold",)),))
    spotter = Spotter(listed)
    assert spotter.spot("store in store".split()) == []
    assert spotter.spot("store it cold".split())


def test_what_is_left_of_a_sign_without_one_word_tells_something():
    listed = Capabilities((Capability("lab", "Lab", signs=("who can pipette",)),))
    spotter = Spotter(listed)
    assert spotter.spot("who can".split()) == [], "words of asking alone"
    assert spotter.spot("who can pipette".split())
