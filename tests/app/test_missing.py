"""Missing links of an edition: what is told, in what words, and what is refused."""

import pytest

from triplehelix.app.missing import missing
from triplehelix.errors import InputError, UnknownName


def test_pairs_fall_short_of_what_is_expected_and_say_why(sample):
    found = missing(sample, limit=10)
    assert found.total >= len(found.links) > 0
    scores = [link.score for link in found.links]
    assert scores == sorted(scores, reverse=True)
    for link in found.links:
        assert link.expected > link.weight
        assert link.a.id < link.b.id
        for reason in link.reasons:
            assert 0.75 < reason.rank < 1
            assert reason.words


def test_a_country_keeps_its_own_pairs(sample):
    countries = {
        row["cluster_id"]: row["countries"]
        for row in sample.clusters.drop(columns="footprint", errors="ignore").to_dict("records")
    }
    for link in missing(sample, country="GB", limit=20).links:
        assert "GB" in [*countries[link.a.id], *countries[link.b.id]]


def test_an_edition_without_ties_to_learn_from_says_so(single):
    found = missing(single)
    assert (found.links, found.total) == ([], 0)
    assert found.note.startswith("no expectation can be told: nothing was observed")


def test_wrong_use_is_named(many):
    with pytest.raises(UnknownName, match="level"):
        missing(many, level=9)
    with pytest.raises(InputError, match="limit is 0; give a number from 1 to 1000"):
        missing(many, limit=0)
