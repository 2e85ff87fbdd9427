"""From everyday words to capabilities."""

import math

import pytest

from triplehelix.capabilities.concepts import Concepts
from triplehelix.capabilities.listed import Capabilities, Capability
from triplehelix.registry.questions import read_question
from triplehelix.registry.whereabouts import Area, Spot, find_place, fitting

LIST = Capabilities((
    Capability("imaging", "Imaging"),
    Capability("mri", "MRI", broader="imaging", synonyms=("brain scanner",)),
    Capability("pcr", "PCR", synonyms=("gene copier",)),
))  # fmt: skip


def read(text: str, concepts: Concepts, public: dict[str, int] | None = None):
    public = public or {}
    return read_question(text, concepts, public.__contains__, lambda word: public.items())


def test_a_word_by_hand():
    """PCR is one of three capabilities: rarity ln(1 + 2.5 / 1.5); its label adds 0.8 of that."""
    concepts = Concepts(LIST)
    rarity = math.log(1 + 2.5 / 1.5)
    assert concepts.rarity("pcr") == pytest.approx(rarity)
    assert concepts.asked_for(concepts.read("PCR")) == pytest.approx({"pcr": 1.8 * rarity})


def test_half_a_phrase_and_the_whole_by_hand():
    """Each of two equally rare words tells sqrt(1/2); the whole phrase adds 0.8 of both."""
    concepts = Concepts(LIST)
    rarity = math.log(1 + 2.5 / 1.5)
    half = concepts.asked_for(concepts.read("brain"))
    whole = concepts.asked_for(concepts.read("scanner for brains"))
    assert half["mri"] == pytest.approx(rarity * math.sqrt(0.5))
    assert whole["mri"] == pytest.approx(2 * rarity * math.sqrt(0.5) + 0.8 * 2 * rarity)
    assert half["imaging"] == pytest.approx(0.2 * half["mri"])


def test_what_is_asked_for_passes_to_what_is_narrower():
    asked = Concepts(LIST).asked_for(Concepts(LIST).read("imaging"))
    assert list(asked) == ["imaging", "mri"]
    assert asked["mri"] == pytest.approx(0.55 * asked["imaging"])


def test_errors_of_typing():
    concepts = Concepts(LIST)
    assert read("scaner", concepts).instead == {"scaner": "scanner"}
    assert read("braim", concepts).instead == {"braim": "brain"}
    assert read("brxxm", concepts).instead == {}
    assert read("pcx", concepts).instead == {}, "too short to guess"
    assert read("microscpe", concepts, {"microscop": 2}).instead == {"microscpe": "microscop"}


def test_two_words_that_are_one():
    asked = read(
        "genec opier", concepts := Concepts(Capabilities((Capability("x", "bsl3"),)))
    ).asked
    assert [a.typed for a in asked] == ["genec", "opier"]
    assert read("bsl 3", concepts).capabilities.keys() == {"x"}


AREAS = {"wales": Area("Wales", ((51.5, -3.2), (51.5, -0.1)), (True, False))}


@pytest.mark.parametrize(("text", "place", "left"), [
    ("labs in Wales", "wales", "labs in"), ("Wales: cleanrooms", "wales", "cleanrooms"),
    ("freezers near leeds, please", "leeds", "freezers near please"), ("freezers Leeds", "leeds", "freezers"),
    ("reading genes", None, "reading genes"), ("we are reading genes", None, "we are reading genes"),
    ("genes in Reading", "reading", "genes in"), ("", None, ""),
])  # fmt: skip
def test_places_in_questions(text, place, left):
    towns = {"leeds": Spot(53.8, -1.55), "reading": Spot(51.45, -0.97)}
    assert find_place(text, AREAS, towns.get) == ((AREAS | towns).get(place), left)


def test_an_area_is_told_by_its_towns():
    cardiff, bristol, newbury = (51.48, -3.18), (51.45, -2.6), (51.4, -1.32)
    fits = fitting(AREAS["wales"], *zip(cardiff, bristol, newbury, strict=True))
    assert fits.tolist() == [1.0, 1.0, 0.08], (
        "of the two towns, Bristol is nearer to the one in Wales"
    )
