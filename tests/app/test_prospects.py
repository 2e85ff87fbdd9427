"""Prospects in words, the records behind them, and a member's place: by hand on the small edition."""

import pytest

from tests.app.prospect_edition import with_prospects
from tests.app.small_edition import ALPHA, HOSTILE, A, B, write_edition
from triplehelix.app.cluster_place import cluster_place
from triplehelix.app.prospect_evidence import prospect_evidence
from triplehelix.app.prospects import coverage, findings, prospects
from triplehelix.errors import UnknownName


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    return write_edition(tmp_path_factory.mktemp("prospects"), with_prospects(), sample=True)


def test_each_finding_stands_in_its_section_in_words(edition):
    found = prospects(edition, A)
    assert [f.words for f in found.strengths] == [
        "Genomics: 1.8 times its share everywhere, and growing."
    ]
    # That genomics grows is told with the strength, and not again as an opening.
    assert [f.words for f in found.openings] == [
        "Vaccines: not at home in it, but in 60 % of what goes with it elsewhere; "
        "for any theme 20 % would be expected."
    ]
    assert [f.words for f in found.risks] == [
        f"{HOSTILE} works without another member in Genomics: alone in 9 of 10; has part in 9."
    ]
    assert [f.words for f in found.missing] == [
        "No hospitals and health bodies: 0 of 3 members whose sector is known; 30 % elsewhere."
    ]
    assert found.dependence == []
    assert found.n_found == 4
    assert {f.kind for f in found.not_found} == {"losing", "one_funder", "ageing_partners"}


def test_leanings_are_on_the_side_that_their_rule_asks_for(edition):
    # Half as much as before, p 0.1; one funder behind all, p 0.1; partners just as expected.
    assert {f.kind for f in prospects(edition, A).leanings} == {"losing", "one_funder"}


def test_what_cannot_be_told_and_what_to_mind_is_said(edition):
    found = prospects(edition, B)
    assert found.n_found == 0
    assert any(line.startswith("Growth: fewer than five") for line in found.untold)
    assert any("one source (table)" in line for line in found.untold)
    assert any(line.startswith("Clusters to seek: there is none") for line in found.untold)
    assert found.minded[0] == "The edition is a sample: what is found is found of the sample."


def test_the_split_and_its_coverage_by_hand(edition):
    """Known starts 2015, 2016, 2016, 2017, 2018: two or three before; 2016 and 2017 are as even."""
    cover = coverage(edition)
    assert cover.split == 2017
    # Before: joint, abroad, leeds, six participations, all placed. Since: alone, formula: 2 of 3.
    assert (cover.before, cover.since) == (1.0, pytest.approx(2 / 3))


@pytest.mark.parametrize(
    ("kind", "theme", "subject", "expected"),
    [
        ("specialised", "genomics", "all", ["table:abroad", "table:joint"]),
        ("growing", "genomics", "all", ["table:abroad", "table:joint"]),
        ("losing", "all", "all", ["table:formula", "table:alone", "table:abroad", "table:leeds",
                                  "table:joint"]),
        ("one_funder", "all", "table:funder", ["table:alone"]),
        ("carried", "genomics", "table:hostile", []),
        ("missing_helix", "all", "health", [ALPHA, "table:hostile", "table:formula/1"]),
    ],
)  # fmt: skip
def test_the_records_behind_a_finding(edition, kind, theme, subject, expected):
    found = prospect_evidence(edition, A, kind=kind, theme=theme, subject=subject)
    assert [row.id for row in found.rows] == expected
    assert found.total == len(expected)
    assert found.finding.kind == kind


def test_partners_behind_their_age_are_those_met_before_and_new(edition):
    """
    Since 2017 Cambridge works with the nameless body alone, which was not at work before.

    So it is no partner in the sense of the rule, and there is none.
    """
    assert prospect_evidence(edition, A, kind="ageing_partners").rows == []


def test_a_finding_that_is_none_is_named(edition):
    with pytest.raises(UnknownName, match="nothing was looked at of kind 'rich'.* carried / genom"):
        prospect_evidence(edition, A, kind="rich")
    with pytest.raises(UnknownName, match="no cluster"):
        prospects(edition, "nowhere")


def test_all_findings_of_a_cluster_the_surest_first(edition):
    rank = ["strong", "moderate", "weak", "none"]
    at = [rank.index(f.evidence) for f in findings(edition, A)]
    assert at == sorted(at)
    assert findings(edition, B) == []


def test_a_members_place_by_hand(edition):
    """Alpha is in three of Cambridge's five activities, alone in two of them."""
    place = cluster_place(edition, A, ALPHA)
    whole = place.themes[0]
    assert (whole.theme, whole.n, whole.n_part, whole.n_alone) == ("all", 5, 3, 2)
    assert (whole.share, whole.share_alone) == (0.6, 0.4)
    # Wilson's bounds of three in five.
    assert (whole.low, whole.high) == pytest.approx((0.2307, 0.8824), abs=1e-4)
    assert [(t.theme, t.n, t.n_part, t.n_alone) for t in place.themes[1:]] == [
        ("genomics", 2, 2, 1), ("vaccines", 1, 1, 1)
    ]  # fmt: skip
    assert (place.rank, place.n_members, place.n_of_helix) == (1, 3, 1)
    # Athens and Greece, and Leeds Hospital, are met through Alpha alone.
    assert [(b.kind, b.id) for b in place.brought] == [
        ("cluster", B), ("country", "GB"), ("country", "GR"),
        ("organisation", "table:athens"), ("organisation", "table:leeds"),
    ]  # fmt: skip
    assert "It is the only member of academia." in place.words
    assert "Of these themes the cluster would have nothing: Vaccines." in place.words
    assert place.words[0] == ("It takes part in 3 of the cluster's 5 activities, 60 % (23–88 %).")


def test_who_is_no_member_has_no_place(edition):
    with pytest.raises(UnknownName, match="Leeds Hospital has no site in the cluster Cambridge"):
        cluster_place(edition, A, "table:leeds")
    with pytest.raises(UnknownName, match="no organisation 'table:none'"):
        cluster_place(edition, A, "table:none")
