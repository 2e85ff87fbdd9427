"""Words as search compares them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.capabilities.words import kin, spelt, words


@pytest.mark.parametrize(("british", "american"), [
    ("tumour", "tumor"), ("centre", "center"), ("paediatric", "pediatric"), ("sterilised", "sterilized"),
    ("modelling", "modeling"), ("haematology", "hematology"), ("catalogue", "catalog"),
    ("licence", "license"), ("fibre", "fiber"), ("analyse", "analyze"),
])  # fmt: skip
def test_one_spelling(british, american):
    assert words(british) == words(american)


@pytest.mark.parametrize(
    ("one", "other"), [("filling", "file"), ("fill", "file"), ("tour", "torr"), ("hour", "hor")]
)
def test_what_is_not_one_word(one, other):
    assert words(one) != words(other)


def test_compounds_are_read_in_parts_and_as_one():
    assert words("COVID-19") == ["covid", "19", "covid19"]
    assert words("St Mary's") == ["st", "mari"]
    assert spelt("a BSL-3 lab")[1:4] == [("bsl", "bsl"), ("3", "3"), ("bsl3", "bsl-3")]


def test_tags_accents_and_wide_letters():
    assert words("<p>Crémant&nbsp;＆ ｐｃｒ</p>") == ["cremant", "pcr"]


@given(st.text(max_size=300))
def test_any_text_has_words_that_are_words(text):
    for word in words(text):
        assert word
        assert not set(word) & set(" \t\n\"'*^:()\x00-")


def test_kin():
    assert kin("vaccin", "vaccinolog")
    assert not kin("patholog", "pathogen")
    assert not kin("gene", "general")
