"""Clusters and countries side by side: against the tables, by hand, and by what must hold."""

import math

import pytest
from click.testing import CliRunner

from tests.app.small_edition import A, B, tables, write_edition
from triplehelix.app.cluster_profile import cluster_profile
from triplehelix.app.compare import compare, compare_countries, panel_rows, side_by_side
from triplehelix.app.landscape import cluster_names
from triplehelix.cli import triplehelix as command_line
from triplehelix.errors import InputError, UnknownName
from triplehelix.query import Query
from triplehelix.store.edition import Edition


def values(found, measure, theme="all"):
    [panel] = [p for p in found.panels if (p.measure, p.theme) == (measure, theme)]
    return [v and v.value for v in panel.values]


def test_clusters_stand_by_name_whatever_the_order_asked_for(small: Edition) -> None:
    found = compare(small, [A, B])
    assert [side.name for side in found.sides] == ["Athens", "Cambridge"]
    assert compare(small, [B, A]) == found
    assert [(s.a, s.b, s.n_activities) for s in found.shared] == [(B, A, 1)]


def test_clusters_have_what_the_tables_say(small: Edition) -> None:
    found = compare(small, [A, B])
    genomics, vaccines = found.themes
    assert [q.value if q else None for q in genomics.quotients] == [1.2, 1.8]
    assert [q.value if q else None for q in vaccines.quotients] == [None, 0.5]
    assert values(found, "location_quotient", "genomics") == [1.2, 1.8]
    assert values(found, "n_activities") == [2, 5]


def test_countries_by_hand(small: Edition) -> None:
    """
    Egypt's hospital is in one activity, with Greece and Germany; Greece is in two.

    Greece: both with abroad, none with two of its own. Germany: `untitled` and `formula`.
    Great Britain, without its funder: joint, abroad, leeds, alone, formula.
    """
    found = compare_countries(small, ["gr", "EG", "DE", "GB"])
    assert [side.id for side in found.sides] == ["EG", "DE", "GR", "GB"]
    assert values(found, "n_activities") == [1, 2, 2, 5]
    assert values(found, "n_organisations") == [1, 1, 1, 4]
    assert values(found, "international_share") == [1, 1, 1, 2 / 5]
    assert values(found, "national_share") == [0, 0, 0, 2 / 5]
    assert values(found, "helix_activity_share_health")[0] == 1
    shared = {(s.a, s.b): s.n_activities for s in found.shared}
    assert shared == {("EG", "DE"): 1, ("EG", "GR"): 1, ("EG", "GB"): 0, ("DE", "GR"): 1,
                      ("DE", "GB"): 1, ("GR", "GB"): 1}  # fmt: skip
    years = {row.year: row.n_activities for row in found.years}
    assert years == {2015: [0, 0, 0, 1], 2016: [0, 0, 1, 2], 2017: [0, 0, 0, 1],
                     2018: [0, 1, 0, 1]}  # fmt: skip


def test_quotients_of_all_countries_average_one_by_size(small: Edition) -> None:
    """Whatever the rows: participations of a theme, summed over all countries, are all of it."""
    found = compare_countries(small, ["DE", "EG", "GB", "GR"])
    whole = {r["country"]: r["n"] for r in small.rows(Query("sizes", """
        select country, count(*) as n from (
            select distinct country, activity_id, organisation_id from atlas.participations)
        group by country"""))}  # fmt: skip
    for panel in found.of("specialisation"):
        parts = [(v.value if v else 0) * whole[side.id]
                 for side, v in zip(found.sides, panel.values, strict=True)]  # fmt: skip
        assert sum(parts) == pytest.approx(sum(whole.values()))


def test_shares_are_those_that_quotients_are_made_of(sample: Edition) -> None:
    """A share over its quotient, which the build measured, is the share everywhere: one number."""
    ids = [id_ for id_, _ in cluster_names(sample)][:10]
    found = compare(sample, ids)
    shares = {p.theme: p for p in found.of("share")}
    for panel in found.of("specialisation"):
        everywhere = [
            share.value / quotient.value
            for share, quotient in zip(shares[panel.theme].values, panel.values, strict=True)
            if share and quotient and quotient.value
        ]
        assert max(everywhere) == pytest.approx(min(everywhere), rel=1e-6)


def test_countries_are_measured_by_the_formulas_of_clusters(tmp_path) -> None:
    """A cluster of all of Greece and the country have the same helices, shares, reach, themes."""
    edition = write_edition(tmp_path, tables())
    mine, theirs = compare(edition, [A, B]), compare_countries(edition, ["GR", "EG"])
    profile = {m.measure: m for m in cluster_profile(edition, B).measures}
    at = [side.id for side in theirs.sides].index("GR")
    for panel in theirs.of("helices"):
        if panel.measure in profile:
            assert panel.values[at].value == pytest.approx(profile[panel.measure].value)
    cluster_shares = {p.theme: p.values[0].value for p in mine.of("share") if p.values[0]}
    for panel in theirs.of("share"):
        if panel.theme in cluster_shares:
            assert panel.values[at].value == pytest.approx(cluster_shares[panel.theme])


def test_intervals_hold_their_values(sample: Edition) -> None:
    for found in (compare_countries(sample, ["GB", "US", "DE"]),
                  compare(sample, [id_ for id_, _ in cluster_names(sample)][:10])):  # fmt: skip
        for panel in found.panels:
            for v in panel.values:
                if v and v.low is not None and panel.group != "size":
                    assert v.low - 1e-9 <= v.value <= v.high + 1e-9, panel
                    assert math.isfinite(v.high)


def test_a_country_that_holds_everything_has_not_changed_its_part(sample: Edition) -> None:
    """Every activity of the sample has a British organisation, so its part was and is all."""
    found = compare_countries(sample, ["GB", "US"])
    [panel] = found.of("trend")
    assert panel.values[0].value == pytest.approx(1.0)


def test_every_value_is_a_row(small: Edition) -> None:
    found = compare(small, [A, B])
    columns, rows = panel_rows(found)
    assert len(rows) == 2 * len(found.panels)
    assert {len(row) for row in rows} == {len(columns)}


@pytest.mark.parametrize("wrong", [[], [A], [A, A], [str(n) for n in range(11)]])
def test_too_few_and_too_many_are_refused(small: Edition, wrong) -> None:
    with pytest.raises(InputError, match="clusters were given; give two to 10 different ones"):
        compare(small, wrong)
    with pytest.raises(InputError, match="cannot be read side by side, so compare them in turns"):
        compare_countries(small, wrong)


def test_what_is_wrong_is_said(small: Edition) -> None:
    with pytest.raises(UnknownName, match="at work in this edition is in 'UK'; write GB"):
        compare_countries(small, ["UK", "GR"])
    with pytest.raises(InputError, match="they are not compared with one another"):
        side_by_side(small, [A], ["GR"])


def test_clusters_of_two_layers_are_refused(many: Edition) -> None:
    ids = {(r["level"], r["theme"], r["period"]): r["cluster_id"] for r in many.rows(
        Query("c", "select level, theme, period, cluster_id from clusters order by all"))}  # fmt: skip
    one, other = list(ids.values())[0], list(ids.values())[-1]
    with pytest.raises(InputError, match="compare clusters of one level, theme and period, not"):
        compare(many, [one, other])


def test_the_command_sets_countries_side_by_side(small: Edition) -> None:
    said = (
        CliRunner()
        .invoke(command_line, ["compare", str(small.path), "--country", "GB", "--country", "GR"])
        .output
    )
    assert "Greece" in said and "United Kingdom" in said
    assert any(line.split() == ["Activities", "2", "5"] for line in said.splitlines())
