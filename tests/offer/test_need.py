"""A need in words: which themes and roles it tells, by phrases made by hand."""

import pytest

from triplehelix.offer.chain import Chain, Role, Rule
from triplehelix.offer.need import AbilityTold, Phrases, Told, understood

THEMES = [
    Phrases("advanced-therapies", "Advanced therapies", ("gene therapy", "cell therapy")),
    Phrases("cancer", "Cancer", ("cancer", "tumour")),
    Phrases("genomics", "Genomics", ("gene", "genome")),
    Phrases("vaccines", "Vaccines", ("vaccine",)),
]
MAKES = Rule("it makes", capabilities=frozenset({"vaccine-manufacture"}))
CHAIN = Chain(
    "ours", "1",
    (Role("clinical", "Clinical work", "", (Rule("a site", part=frozenset({"site"})),), ("trial",)),
     Role("manufacturing", "Manufacturing", "", (MAKES,), ("make",))),
    (),
)  # fmt: skip


def themes(text):
    return [(one.slug, one.words) for one in understood(text, THEMES, CHAIN).themes]


def test_a_word_is_used_by_the_longest_phrase():
    """Gene therapy is no genomics; a gene by itself is."""
    assert themes("a gene therapy") == [("advanced-therapies", ("gene therapy",))]
    assert themes("gene therapy and genes") == [
        ("advanced-therapies", ("gene therapy",)), ("genomics", ("genes",)),
    ]  # fmt: skip


def test_capitals_accents_and_plurals_make_no_difference():
    assert themes("TUMOURS and Váccines") == [
        ("cancer", ("TUMOURS",)), ("vaccines", ("Váccines",)),
    ]  # fmt: skip


def test_parts_of_words_tell_nothing():
    assert themes("cancerous generations, ungenome") == []
    assert themes("gene, and therapy") == [("genomics", ("gene",))]


def test_at_most_three_from_the_one_with_the_most_words_on():
    found = themes("cancer, a vaccine, the genome, a tumour, cell therapy")
    assert [slug for slug, _ in found] == ["advanced-therapies", "cancer", "genomics"]


def test_roles_are_told_by_words_and_by_what_assets_can_do():
    able = [AbilityTold(frozenset({"vaccine-manufacture"}), ("fill and finish",))]
    found = understood("vaccines for trials: fill and finish", THEMES, CHAIN, able)
    assert found.roles == (
        Told("clinical", "Clinical work", ("trials",)),
        Told("manufacturing", "Manufacturing", ("fill and finish",)),
    )


@pytest.mark.parametrize("text", ["", "   ", "?!", "bananas and custard"])
def test_nothing_is_guessed(text):
    assert understood(text, THEMES, CHAIN).themes == ()
    assert understood(text, THEMES, CHAIN).roles == ()
