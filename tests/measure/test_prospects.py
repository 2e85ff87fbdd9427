"""Prospects: each rule by hand, planted and found again; none where chance alone is at work."""

import re
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from scipy.stats import binom

from tests.measure.prospect_worlds import HELICES, THEMES, World, by_chance
from triplehelix.errors import InputError
from triplehelix.measure.prospects.carrying import rests_on_one
from triplehelix.measure.prospects.judging import evidence_of
from triplehelix.measure.prospects.mixing import lacks
from triplehelix.measure.prospects.openings import LEAST_THEMES
from triplehelix.measure.prospects.trends import trend

SURE = ("strong", "moderate")


def of(rows, cluster, theme="all", subject=None):
    """The one row of a cluster, theme and subject."""
    [row] = [r for r in rows if (r["cluster_id"], r["theme"]) == (cluster, theme)
             and subject in (None, r["subject"])]  # fmt: skip
    return row


def two_towns() -> World:
    """Two towns of four, and somebody in neither; no activities yet."""
    world = World()
    for town in (0, 1, -1):
        for k in range(4):
            world.organisation(f"c{town}-o{k}", town, HELICES[k % 3])
    return world


# What one member carries


def test_what_one_carries_is_counted_by_hand():
    """In cancer: o0 alone in 6, o0 with o1 in 2, o1 alone in 1, o2 with somebody elsewhere in 1."""
    world = two_towns()
    who = [["c0-o0"]] * 6 + [["c0-o0", "c0-o1"]] * 2 + [["c0-o1"]] + [["c0-o2", "c-1-o0"]]
    for k, each in enumerate(who):
        world.activity(f"a{k}", 2015, each, ["cancer"])
    row = of(world.found("carried"), "c0", "cancer")
    assert (row["subject"], row["n"], row["value"]) == ("c0-o0", 10, 0.6)
    assert row["note"] == "alone in 6 of 10; has part in 8"
    assert row["p_value"] == pytest.approx(2 * binom.sf(5, 10, 0.5))
    assert row["evidence"] == "none"


def test_a_theme_carried_by_one_is_found_and_one_shared_by_many_is_not():
    world = two_towns()
    for k in range(20):
        world.activity(f"a{k:02}", 2015, ["c0-o0"], ["cancer"])
        world.activity(f"b{k:02}", 2015, [f"c0-o{k % 4}"], ["vaccines"])
    found = world.found("carried")
    assert of(found, "c0", "cancer")["evidence"] == "strong"
    assert of(found, "c0", "vaccines")["evidence"] == "none"
    # Of all 40, o0 does 20 + 5 alone: 62.5 %, p = 2 * P(25 or more of 40).
    assert of(found, "c0")["p_value"] == pytest.approx(2 * binom.sf(24, 40, 0.5))


def test_of_a_themes_cluster_only_that_themes_work_is_looked_at():
    """The second town was found among cancer alone: that all its vaccines are o0's is nothing."""
    world = two_towns()
    world.of[1] = "cancer"
    for k in range(20):
        world.activity(f"a{k:02}", 2012 + k % 6, [f"c1-o{k % 4}"], ["cancer"])
        world.activity(f"b{k:02}", 2012 + k % 6, ["c1-o0"], ["vaccines"])
        world.activity(f"d{k:02}", 2012 + k % 6, ["c0-o0"], ["vaccines", "cancer"])
    found = [r for r in world.found() if r["cluster_id"] == "c1"]
    assert {r["theme"] for r in found} == {"cancer"}
    assert {r["kind"] for r in found} <= {"carried", "growing", "losing"}
    row = of([r for r in found if r["kind"] == "carried"], "c1", "cancer")
    assert (row["n"], row["value"], row["evidence"]) == (20, 0.25, "none")
    # The two towns are of different layers: neither is a test among the other's.
    assert row["q_value"] == row["p_value"]


def test_resting_on_one_is_told_against_elsewhere():
    """What pays for 60 % everywhere is no dependence at 60 %."""
    found = rests_on_one([12, 12], [20, 20], [0.6, 0.0])
    np.testing.assert_allclose(found.above, [0.6, 0.5])
    assert found.there.tolist() == [False, True]
    np.testing.assert_allclose(found.p_value, np.minimum(1, 2 * binom.sf(11, 20, [0.6, 0.5])))
    with pytest.raises(InputError, match="elsewhere holds 1.5"):
        rests_on_one([1], [2], [1.5])


# Who pays


def test_dependence_on_one_payer_is_found_where_it_is_no_trait_of_the_whole():
    world = two_towns()
    for k in range(16):
        world.activity(f"a{k:02}", 2015, ["c0-o0"], ["cancer"], payers=("rich",))
        world.activity(f"b{k:02}", 2015, ["c1-o0"], ["cancer"], payers=(f"poor{k % 4}",))
        world.activity(f"d{k:02}", 2015, ["c1-o1"], ["cancer"])  # payer unknown: not counted
    found = world.found("one_funder")
    assert of(found, "c0")["subject"] == "rich"
    assert (of(found, "c0")["value"], of(found, "c0")["n"]) == (1.0, 16)
    assert of(found, "c0")["evidence"] == "strong"
    assert (of(found, "c1")["value"], of(found, "c1")["n"]) == (0.25, 16)
    assert of(found, "c1")["evidence"] == "none"
    for k in range(16):
        world.activity(f"e{k:02}", 2015, ["c-1-o0"], ["cancer"], payers=("rich",))
    again = of(world.found("one_funder"), "c0")
    # Elsewhere it now pays for 16 of 32: no more than half, so it is a dependence still.
    assert (again["expected"], again["evidence"]) == (0.5, "strong")


def test_an_edition_of_one_source_says_nothing_of_sources():
    world = two_towns()
    for k in range(10):
        world.activity(f"a{k}", 2015, ["c0-o0"], [])
    assert world.found("one_source") == []
    for k in range(10):
        world.activity(f"b{k}", 2015, ["c1-o0"], [], source="other")
    assert of(world.found("one_source"), "c1")["subject"] == "other"


# Trends


def test_a_trend_is_the_exact_test_in_fractions():
    found = trend([[2, 0]], [[5, 1]], [6, 2], [9, 3])
    # Sizes apart: 7 of 15 in the first, 1 of 5 in the second; later 9 and 3.
    tail = sum(
        Fraction(comb(9, a) * comb(6, 7 - a), comb(15, 7)) * Fraction(comb(3, b) * comb(2, 1 - b), 5)
        for a in range(1, 8) for b in range(2) if a + b >= 6
    )  # fmt: skip
    assert found.p_value[0] == pytest.approx(float(min(1, 2 * tail)))


def test_growth_and_decline_that_were_planted_are_found_with_their_size():
    world = two_towns()
    for k in range(60):
        early, late = (f"{when}{k:02}" for when in "ab")
        world.activity(early, 2012, ["c0-o0" if k < 12 else "c1-o0" if k < 48 else "c-1-o0"], ["x"])
        world.activity(late, 2017, ["c0-o0" if k < 36 else "c1-o0" if k < 48 else "c-1-o0"], ["x"])
    found = world.found()
    grew, fell = (
        of([r for r in found if r["kind"] == "growing"], "c0", "x"),
        of([r for r in found if r["kind"] == "losing"], "c1", "x"),
    )
    assert (grew["value"], fell["value"]) == (pytest.approx(3.0), pytest.approx(1 / 3))
    assert grew["note"] == "in 36 of 60 since 2017, in 12 of 60 before"
    assert (grew["evidence"], fell["evidence"]) == ("strong", "strong")
    assert grew["low"] < 3 < grew["high"]


def test_larger_consortia_and_more_rows_make_no_trend():
    """Later twice as many are known, most of six instead of one: each town is in more of them."""
    world, rng = two_towns(), np.random.default_rng(3)
    everybody = list(world.organisations)
    for k in range(600):
        late = k >= 200
        size = 6 if rng.random() < (0.8 if late else 0.2) else 1
        who = list(map(str, rng.choice(everybody, size, replace=False)))
        world.activity(f"a{k:03}", 2017 if late else 2012, who, ["x"])
    trends = [r for r in world.found() if r["kind"] in ("growing", "losing")]
    assert {r["evidence"] for r in trends} == {"none"}
    counts = of(trends, "c0", "x")["note"]
    since, all_since, before, all_before = (
        int(n) for n in re.findall(r"in (\d+) of (\d+) since 2017, in (\d+) of (\d+)", counts)[0]
    )
    assert since / all_since > 1.5 * before / all_before  # what a plain ratio would have said


def test_unknown_years_and_a_single_year_tell_no_trend():
    world = two_towns()
    for k in range(20):
        world.activity(f"a{k:02}", 2015, ["c0-o0"], ["x"])
        world.activity(f"b{k:02}", None, ["c0-o0"], ["x"])
    assert [r for r in world.found() if r["kind"] in ("growing", "losing")] == []


# Helices


def test_a_missing_helix_is_the_hypergeometric_tail():
    found = lacks([0], [10], [20], [40])
    assert found.p_value[0] == pytest.approx(comb(20, 10) / comb(40, 10))
    assert (found.elsewhere[0], bool(found.there[0])) == (pytest.approx(20 / 30), True)
    assert not lacks([4], [10], [20], [40]).there[0]


def test_a_town_without_hospitals_is_told_and_unknown_sectors_do_not_count():
    world = World()
    for town in range(3):
        for k in range(24):
            helix = "industry" if town == 0 else HELICES[k % 3]
            world.organisation(f"c{town}-o{k}", town, "unknown" if k >= 20 else helix)
    found = world.found("missing_helix")
    row = of(found, "c0", subject="health")
    assert (row["value"], row["n"], row["evidence"]) == (0.0, 20, "moderate")
    assert row["note"] == "0 of 20 members whose sector is known"
    # Of the other 40 members whose sector is known, 12 are of health: 6 in each town.
    assert row["expected"] == pytest.approx(12 / 40)
    assert of(found, "c1", subject="health")["evidence"] == "none"


# Openings


def related() -> World:
    """
    Elsewhere themes 0 to 3 come in pairs among themselves, and 4 to 11 among themselves.

    The first town does 0, 1 and 2; the second 4 and 5.
    """
    world, rng = two_towns(), np.random.default_rng(5)
    for k in range(160):
        group = THEMES[:4] if k % 2 else THEMES[4:]
        themes = list(map(str, rng.choice(group, 2, replace=False)))
        world.activity(f"a{k:03}", 2015, [f"c-1-o{k % 4}"], themes)
    for k in range(30):
        world.activity(f"b{k:03}", 2015, ["c0-o0"], [THEMES[k % 3]])
        world.activity(f"d{k:03}", 2015, ["c1-o0"], [THEMES[4 + k % 2]])
    return world


def test_an_opening_is_what_goes_with_ones_strengths_elsewhere():
    found = related().found("opening")
    row = of(found, "c0", THEMES[3])
    assert (row["value"], row["evidence"], row["n"]) == (1.0, "strong", 0)
    assert row["expected"] < 0.5
    # What goes with other things is none, and a theme one is at home in is no opening.
    assert {of(found, "c0", THEMES[k])["evidence"] for k in range(4, 12)} == {"none"}
    assert [r for r in found if r["cluster_id"] == "c0" and r["theme"] in THEMES[:3]] == []


def test_of_few_themes_nothing_is_near():
    world = two_towns()
    for k in range(100):
        world.activity(
            f"a{k:03}", 2015, [f"c{k % 2}-o0"], THEMES[: LEAST_THEMES - 1][k % 7 : k % 7 + 2]
        )
    assert world.found("opening") == []


# Partners


def towns_with_partners(loyal: int) -> World:
    """Twenty-two towns: all meet new partners half of the time, but the first `loyal` never do."""
    world, rng = World(), np.random.default_rng(7)
    outside = [f"p{k:03}" for k in range(400)]
    for one in outside:
        world.organisation(one, -1)
        world.activity(
            f"own-{one}", 2011, [one, outside[0] if one != outside[0] else outside[1]], []
        )
    for town in range(22):
        world.organisation(f"c{town}-o0", town)
        friends = list(map(str, rng.choice(outside[2:], 60, replace=False)))
        for k in range(30):
            world.activity(f"e{town}-{k:02}", 2012, [f"c{town}-o0", friends[k]], [])
            kept = town < loyal or k % 2
            world.activity(
                f"l{town}-{k:02}", 2018, [f"c{town}-o0", friends[k if kept else 30 + k]], []
            )
    return world


def test_a_town_that_keeps_to_its_old_partners_is_found():
    found = towns_with_partners(loyal=1).found("ageing_partners")
    row = of(found, "c0")
    assert (row["value"], row["n"], row["evidence"]) == (1.0, 30, "strong")
    # Those met before were at work more often, so they are of classes more often met.
    assert 0.5 < row["expected"] < 0.7
    assert row["note"] == "30 of 30 partners"
    assert {r["evidence"] for r in found if r["cluster_id"] != "c0"} == {"none"}


def test_few_towns_tell_nothing_of_partners():
    assert by_chance(0).found("ageing_partners") == []


# Strengths


def test_a_strength_asks_for_both_the_test_and_the_interval():
    world = two_towns()
    for theme, low, p, q in [("x", 1.2, 0.001, 0.004), ("y", 0.9, 0.001, 0.004),
                             ("z", 1.2, 0.04, 0.2), ("u", 1.2, 0.3, 0.6)]:  # fmt: skip
        world.profiles.append(
            {
                "cluster_id": "c0",
                "measure": "location_quotient",
                "theme": theme,
                "period": "all",
                "value": 2.0,
                "low": low,
                "high": 4.0,
                "n": 9,
            }
        )
        world.tests.append({"cluster_id": "c0", "theme": theme, "p_value": p, "q_value": q, "n": 9})
    found = world.found("specialised")
    assert [of(found, "c0", t)["evidence"] for t in "xyzu"] == ["strong", "weak", "weak", "none"]


# Laws, and chance


def test_order_changes_nothing():
    world = by_chance(1)
    rows = world.found()
    assert rows == world.found(shuffle=np.random.default_rng(2))
    assert len({(r["cluster_id"], r["kind"], r["theme"], r["subject"]) for r in rows}) == len(rows)


def test_everything_twice_changes_no_share():
    """All activities a second time, under other names, by the same organisations."""
    world = by_chance(2)
    twice = by_chance(2)
    for one, (year, _) in world.activities.items():
        twice.activity(f"{one}-again", year, [o for a, o, _ in world.parts if a == one],
                       [t for a, t in world.labels if a == one])  # fmt: skip
    first = {(r["cluster_id"], r["kind"], r["theme"], r["subject"]): r for r in world.found()}
    second = {(r["cluster_id"], r["kind"], r["theme"], r["subject"]): r for r in twice.found()}
    for kind in ("carried", "growing", "losing", "missing_helix"):
        keys = [k for k in first if k[1] == kind]
        assert keys
        for key in keys:
            assert second[key]["value"] == pytest.approx(first[key]["value"])
    for key, row in first.items():
        if key[1] == "opening":
            assert second[key]["value"] == pytest.approx(row["value"])


def test_chance_alone_is_seldom_taken_for_something():
    """Of 12 random worlds with 6 towns and 12 themes each; most have no sure finding at all."""
    rows = [row for seed in range(12) for row in by_chance(seed).found()]
    for kinds in (("growing", "losing"), ("opening",), ("missing_helix",)):
        mine = [r for r in rows if r["kind"] in kinds]
        assert len(mine) > 150
        assert np.mean([r["p_value"] <= 0.05 for r in mine]) < 0.06
        assert sum(r["evidence"] in SURE for r in mine) <= 2


def test_evidence_needs_as_many_q_as_p():
    with pytest.raises(InputError, match="give one of each"):
        evidence_of([0.1, 0.2], [0.1])
