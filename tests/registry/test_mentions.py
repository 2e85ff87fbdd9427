"""Who is found in a text, and who only looks like it."""

import pytest

from triplehelix.registry.mentions import Person

ANN = Person("ann@example.org", "Ann Lee")


@pytest.mark.parametrize("text", ["ann@example.org", "to Ann@Example.org, now", "<ann@example.org>",
                                  "mailto:ann@example.org.", "ANN LEE", "Dr Ann Lee's room"])  # fmt: skip
def test_found(text):
    assert ANN.is_in(text)
    assert not ANN.is_in(ANN.taken_out_of(text))


@pytest.mark.parametrize("text", ["joann@example.org", "x.ann@example.org", "ann@example.organic",
                                  "ann@example-org", "Ann", "Joann Leeds", "Ann Leech", "", 3, None])  # fmt: skip
def test_not_found(text):
    assert not ANN.is_in(text)
    assert ANN.taken_out_of(text) == text


def test_one_word_may_be_anything():
    al = Person("al@example.org", "Al")
    assert not al.is_in("Al, Fe and Cu")
    assert al.is_in({"name": "al"})
    assert not Person("al@example.org").is_in("")


@pytest.mark.parametrize(("contact", "gone"), [
    ({"name": "A. L.", "email": "ANN@example.org", "telephone": "1"}, True),
    ({"name": "Ann Lee", "telephone": "1"}, True),
    ({"name": "Ann Lee", "email": "another.ann@example.org"}, False),
    ({"name": "Bea", "telephone": "1"}, False),
])  # fmt: skip
def test_contacts_go_whole(contact, gone):
    left = ANN.taken_out_of({"contacts": [contact]})["contacts"]
    assert (left == []) is gone


def test_what_is_looked_for_is_found_as_json_writes_it():
    assert "Zo\\u00eb" in Person("z@example.org", "Zoë").words
    assert 'a\\"b' in Person("z@example.org", 'a"b').words
