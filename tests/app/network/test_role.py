"""The role of a cluster: what its sentences say against figures known by hand."""

from itertools import combinations

import pytest

from tests.app.networked_edition import HUB, LONE, NEAR, NORTH, SOUTH, WORK, networked
from triplehelix.app.cluster_activities import cluster_activities
from triplehelix.app.network.reach import reach_headline
from triplehelix.app.network.role import role_of
from triplehelix.app.network.wording import Bounded, against
from triplehelix.errors import UnknownName

SPACE = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    return networked(tmp_path_factory.mktemp("networked"))


def said(edition, cluster, rule, **asked):
    return [each for each in role_of(edition, cluster, **asked).claims if each.rule == rule]


def test_the_summary_says_the_most_telling(edition):
    summary = role_of(edition, HUB).summary.replace(SPACE, " ")
    assert summary.startswith(
        "Hub & <Sons> works mostly abroad: 70 % (55–85 %) of its joint work is with partners abroad; "
        "its size and place would give 45 % (40–50 %): clearly more."
    )
    assert (
        "30 % (15–45 %) of its joint work is with others in the United Kingdom; its size and place would give 55 % (50–60 %): clearly less"
        in summary
    )
    assert "stands between others more than clusters do on average" in summary


def test_reach_is_held_against_size_and_place(edition):
    first, second, third = said(edition, HUB, "reach")
    assert (first.value, first.expected, first.verdict) == (0.7, 0.45, "more")
    assert (second.value, second.expected, second.verdict) == (0.3, 0.55, "less")
    # 0 (0 to 0.2) against 0.1 by size alone: the interval takes it in.
    assert (third.value, third.expected, third.verdict) == (0.0, 0.1, "as")
    assert first.evidence[0].asked == {"scope": "international"}


def test_periods_stand_apart_and_change_nothing_of_the_whole(edition):
    found = role_of(edition, HUB)
    assert [(each.period, each.n_activities) for each in found.periods] == [("2014/2015", 6)]
    assert [(s.scope, s.value, s.low, s.high) for s in found.periods[0].shares] == [
        (s.scope, s.value, s.low, s.high) for s in found.themes[0].shares
    ]
    assert found.n_activities == 10
    assert role_of(edition, NORTH).periods == []


@pytest.mark.parametrize(
    ("found", "expected", "verdict"),
    [
        (Bounded(0.6, 0.5, 0.7), Bounded(0.4, 0.3, 0.5), "more"),  # 0.2 - hypot(0.1, 0.1) > 0
        (Bounded(0.6, 0.4, 0.8), Bounded(0.4, 0.2, 0.6), "as"),  # 0.2 - hypot(0.2, 0.2) < 0
        (Bounded(0.2, 0.1, 0.3), Bounded(0.4), "less"),
        (Bounded(0.4), Bounded(0.4), "as"),
    ],
)
def test_a_difference_is_told_where_its_range_leaves_out_0(found, expected, verdict):
    assert against(found, expected) == verdict


@pytest.mark.parametrize(
    ("local", "national", "abroad", "says"),
    [
        ((0.6, 0.51, 0.7), (0.3, 0.1, 0.4), (0.1, 0.0, 0.2), "works mostly within itself"),
        (
            (0.2, 0.1, 0.3), (0.5, 0.4, 0.6), (0.3, 0.2, 0.39),
            "works more within the United Kingdom than elsewhere",
        ),
        (
            (0.3, 0.1, 0.5), (0.3, 0.1, 0.5), (0.4, 0.2, 0.6),
            "works abroad most, but not surely so",
        ),
    ],
)  # fmt: skip
def test_the_headline_follows_its_rule(local, national, abroad, says):
    measures = {
        f"joint_{scope}_share": dict(zip(("value", "low", "high"), bounds, strict=True))
        for scope, bounds in (("local", local), ("national", national), ("international", abroad))
    }
    assert reach_headline(measures, ["GB"]) == says


def test_betweenness_has_its_rank_and_the_average(edition):
    [claim] = said(edition, HUB, "betweenness")
    assert claim.expected == pytest.approx((0.8 + 0.1 + 0.1) / 5)
    assert claim.verdict == "more"
    assert "place 1 of 5" in claim.words


def test_freedom_is_one_over_constraint(edition):
    [claim] = said(edition, HUB, "constraint")
    assert "as free as 2.5 (2.0–4.0) equal partners" in claim.words


def joined_by_brute_force(cluster):
    """Every pair of partners, counted from the activities themselves."""

    def shared(*these):
        return sum(set(these) <= set(work) for work in WORK)

    partners = {c for work in WORK for c in work if shared(c, cluster) >= 3} - {cluster}
    return {
        (a, b): (shared(a, b), shared(a, b, cluster))
        for a, b in combinations(sorted(partners), 2)
        if 10 * (shared(a, b) - shared(a, b, cluster))
        <= min(shared(a, cluster), shared(b, cluster))
    }


@pytest.mark.parametrize("cluster", [HUB, NORTH, SOUTH, NEAR])
def test_it_joins_partners_that_hardly_meet_otherwise(edition, cluster):
    expected = joined_by_brute_force(cluster)
    claims = said(edition, cluster, "joins")
    assert len(claims) == len(expected)
    counts = sorted((claim.n, round((claim.value or 0) * claim.n)) for claim in claims)
    assert counts == sorted(expected.values())


def test_joins_in_words(edition):
    words = [claim.words for claim in said(edition, HUB, "joins")]
    assert words[0] == (
        "It joins North\x01 and South, which hardly meet otherwise: it shares 4 with the one and 4 with "
        "the other, and they share 1 themselves, all of them with it"
    )
    assert "share nothing themselves" in words[1]


def test_every_piece_of_evidence_has_the_activities_it_speaks_of(edition):
    for claim in role_of(edition, HUB).claims:
        for each in claim.evidence:
            if each.kind == "activities" and "partner" in each.asked:
                found = cluster_activities(edition, each.cluster_id, **each.asked)
                both = {each.cluster_id, each.asked["partner"]}
                assert found.total == sum(both <= set(work) for work in WORK) > 0


def test_groups_are_named_only_where_they_come_back(edition):
    [sure], [unsure] = said(edition, HUB, "group"), said(edition, NEAR, "group")
    assert sure.words.startswith("It works most within group A, with North\x01 and South")
    assert unsure.words.startswith("It belongs to no group surely")


def test_ties_that_stand_out_leave_out_the_expectation(edition):
    """1 is expected of each; bounds are half and twice the weight."""
    beyond = {claim.value for claim in said(edition, HUB, "beyond")}
    assert beyond == {3 + 1 / 3, 3.0}
    assert said(edition, NORTH, "short") != []
    assert all(claim.high < claim.expected for claim in said(edition, NORTH, "short"))


def test_what_cannot_be_told_says_why(edition, many):
    assert role_of(edition, LONE).note == (
        "It does not share any activity with others in this edition: too little to tell."
    )
    assert "five activities in Genomics" in role_of(edition, HUB, theme="genomics").note
    with pytest.raises(UnknownName, match="no theme 'x'"):
        role_of(edition, HUB, theme="x")
    with pytest.raises(UnknownName, match="no cluster 'x'"):
        role_of(edition, "x")
