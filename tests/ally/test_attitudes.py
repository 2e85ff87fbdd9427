"""What clauses want: judged by reading them."""

from datetime import date

import pytest

from triplehelix.ally.attitudes import ASKED, PAST, PLANNED, REFUSED, TOLD, attitudes
from triplehelix.ally.sentences import LONGEST, sentences


def weights(text: str) -> list[float]:
    return [
        a.weight for s in sentences(text) for a in attitudes(s, date(2026, 11, 2)).values()
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "weight"), [
    ("We need beds.", ASKED), ("Looking for a partner with beds.", ASKED), ("Beds are urgently required.", ASKED),
    ("Can you lend us beds?", ASKED), ("The project will sequence genomes.", PLANNED),
    ("Beds are a matter of comfort.", TOLD), ("In 2020 the network ran PCR.", PAST),
    ("Over the past decade partners published papers.", PAST), ("Since 2018 we treated patients.", PAST),
    ("We already have beds.", PAST), ("Beds have been arranged.", PAST), ("Nurses are on call.", PAST),
    ("We do not need beds.", REFUSED), ("We don't require beds.", REFUSED), ("Beds are not needed.", REFUSED),
    ("The client has no need of beds.", REFUSED), ("We are not looking for beds.", REFUSED),
    ("Wet-lab work is not part of this project.", REFUSED), ("Beds are out of scope.", REFUSED),
])  # fmt: skip
def test_one_clause(text, weight):
    assert weights(text) == [weight]


@pytest.mark.parametrize(("text", "of_clauses"), [
    ("We do not need beds, but we need nurses.", [REFUSED, ASKED]),
    ("We need beds; nurses; oxygen.", [ASKED, ASKED, ASKED]),
    ("We have enough beds, but lack nurses.", [PAST, ASKED]),
])  # fmt: skip
def test_clauses_of_one_sentence(text, of_clauses):
    assert weights(text) == of_clauses


def test_a_list_below_a_heading_is_asked_for():
    text = "We need the following:\n- beds\n- nurses\n\nThe hall is tall."
    assert weights(text) == [ASKED, ASKED, ASKED, TOLD]


@pytest.mark.parametrize(("text", "must"), [
    ("We need beds.", True), ("Beds would be welcome.", False), ("We may need beds.", False),
    ("Ideally we would get beds.", False), ("Beds would be an advantage.", False),
])  # fmt: skip
def test_must_or_may(text, must):
    assert [a.must for s in sentences(text) for a in attitudes(s).values()] == [must]


def test_places_are_those_of_the_text():
    text = (
        '  We lack beds (12), e.g. in tents.\n\nDr. Who helps! "Nurses" too - all RT-PCR\'s fans.'
    )
    for sentence in sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text
        for word in sentence.words:
            assert text[word.start : word.end] == word.text
            assert any(c.start <= word.start < c.end for c in sentence.clauses)


def test_compounds_are_read_in_parts_and_as_one():
    words = sentences("A knock-out mouse.")[0].words
    assert [w.stems for w in words] == [("a",), ("knock", "knockout"), ("out",), ("mous",)]


def test_what_is_no_sentence_is_read_in_pieces():
    pieces = sentences("table " * 1000)
    assert sum(len(one.words) for one in pieces) == 1000
    assert all(len(one.text) <= LONGEST for one in pieces)
    assert sum(len(one.text) for one in sentences("x" * 5000)) == 5000
