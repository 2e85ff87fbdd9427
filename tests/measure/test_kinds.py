"""Kinds of clusters: at both sides of each threshold, by hand, and what is not profiled."""

import math
import random

import numpy as np
import pytest
from scipy.stats import binomtest, entropy

from triplehelix.errors import InputError
from triplehelix.measure import Thresholds
from triplehelix.measure.kinds import is_told, surest_theme

THEMES = ["brain", "cancer", "heart", "lung", "skin", "vaccines"]


def participation(activity, organisation):
    return {
        "participation_id": f"{activity}/{organisation}", "activity_id": activity, "role": "partner",
        "organisation_id": organisation, "site_id": f"s-{organisation}", "share": 0.5,
    }  # fmt: skip


def landscape(times=1):
    """
    Cluster A of four members with 40 activities per `times`, 12 of which join two of them.

    Of A's activities 20 are on cancer and four on each of the other five themes; 100 elsewhere
    are spread evenly. B has a member that does nothing.
    """
    n = 40 * times
    here = {f"a{i}": ["u", "f"] if i % 10 < 3 else ["u"] for i in range(n)}
    away = {f"b{i}": ["x"] for i in range(102 * times)}
    theme = {
        f"a{i}": "cancer" if i % 2 else [*THEMES[:1], *THEMES[2:]][i // 2 % 5] for i in range(n)
    }
    theme |= {f"b{i}": THEMES[i % 6] for i in range(102 * times)}
    helix = {"u": "academia", "f": "industry", "g": "industry", "h": "health", "x": "academia",
             "idle": "government"}  # fmt: skip
    cluster = {"theme": "all", "period": "all", "countries": ["GB"]}
    return {
        "organisations": [{"organisation_id": o, "helix": h, "country": "GB"}
                          for o, h in helix.items()],
        "sites": [{"site_id": f"s-{o}", "organisation_id": o, "precision": "city"} for o in helix],
        "found_clusters": [{"cluster_id": c, **cluster} for c in "AB"],
        "memberships": [
            *({"cluster_id": "A", "site_id": f"s-{o}", "organisation_id": o} for o in "ufgh"),
            {"cluster_id": "B", "site_id": "s-idle", "organisation_id": "idle"},
        ],
        "activities": [{"activity_id": a} for a in theme],
        "participations": [participation(a, o) for a, who in (here | away).items() for o in who],
        "activity_themes": [{"activity_id": a, "theme": t, "weight": 1.0}
                            for a, t in theme.items()],
        "themes": [{"theme": t, "label": t.capitalize()} for t in THEMES],
    }  # fmt: skip


def kinds(profiles, thresholds=None, **tables):
    """The kind of each cluster."""
    rows = profiles(made="clusters", thresholds=thresholds, **tables).to_pylist()
    return {row["cluster_id"]: row["kind"] for row in rows}


@pytest.fixture(scope="module")
def found(profiles):
    rows = profiles(**landscape()).to_pylist()
    return {(r["cluster_id"], r["measure"]): r for r in rows if r["theme"] == "all"}


def test_the_reasons_by_hand(found):
    """A: 52 participations, 24 of them on cancer; everywhere 154, with 41."""
    told = found["A", "kind_rd_collaborating"]
    expected = binomtest(12, 40).proportion_ci(method="wilson")
    assert (told["value"], told["n"]) == (0.3, 40)
    assert [told["low"], told["high"]] == pytest.approx([expected.low, expected.high], abs=1e-9)
    assert told["note"] == (
        "30.0 % of 40 activities join two or more of its own organisations (18.1 % to 45.4 %)"
    )
    # Of ten in a row 0, 1 and 2 are joint, so one odd one: 4 joint ones are on cancer.
    quotient = (24 / 52) / ((24 + 17) / 154)
    special = found["A", "kind_specialised"]
    assert (special["value"], special["n"]) == (pytest.approx(quotient, abs=1e-9), 20)
    assert special["note"].startswith(f"Cancer {quotient:.1f} times its share everywhere (")
    assert special["note"].endswith("), 20 activities; not surely above 1.5")


def test_diversity_by_hand(found):
    """52 participations: 24 on cancer, and what falls on the five others."""
    tables = landscape()
    theme = {row["activity_id"]: row["theme"] for row in tables["activity_themes"]}
    per_theme = dict.fromkeys(THEMES, 0)
    for row in tables["participations"]:
        if row["activity_id"].startswith("a"):
            per_theme[theme[row["activity_id"]]] += 1
    assert per_theme["cancer"] == 24 and sum(per_theme.values()) == 52
    row = found["A", "kind_diverse"]
    number = math.exp(entropy(list(per_theme.values())))
    assert (row["value"], row["n"]) == (pytest.approx(number / 6, abs=1e-9), 40)
    assert row["low"] < row["value"] < row["high"] <= 1
    assert row["note"].startswith(f"as many as {number:.1f} equally common themes of 6 (")
    low, high = found["A", "diversity_themes_q1"]["low"], found["A", "diversity_themes_q1"]["high"]
    assert [row["low"], row["high"]] == pytest.approx([low / 6, high / 6], abs=1e-9)
    assert found["A", "diversity_themes_q0"]["low"] is None


@pytest.mark.parametrize(
    ("name", "measure", "kind"),
    [
        ("diverse_above", "kind_diverse", "diverse"),
        ("specialised_above", "kind_specialised", "specialised"),
        ("collaborating_above", "kind_rd_collaborating", "r&d-collaborating"),
    ],
)
def test_both_sides_of_each_threshold(profiles, found, name, measure, kind):
    """A bound that is the threshold is not above it; a hair lower, it is."""
    others = {"diverse_above": 0.999, "specialised_above": 1000, "collaborating_above": 0.999}
    low = found["A", measure]["low"]
    at, below = (
        Thresholds(**{**others, name: value, "min_activities": 20}) for value in (low, low - 1e-7)
    )
    assert kinds(profiles, at, **landscape()) == {"A": None, "B": None}
    assert kinds(profiles, below, **landscape()) == {"A": kind, "B": None}


def test_several_kinds_in_their_order_and_none_with_too_few_activities(profiles):
    low = {"diverse_above": 0.1, "specialised_above": 1, "collaborating_above": 0.1}
    of = {n: kinds(profiles, Thresholds(**low, min_activities=n), **landscape())["A"]
          for n in (20, 21, 40, 41)}  # fmt: skip
    assert of == {20: "diverse; specialised; r&d-collaborating", 21: "diverse; r&d-collaborating",
                  40: "diverse; r&d-collaborating", 41: None}  # fmt: skip


def test_the_same_shares_of_more_activities_are_surer(profiles, found):
    more = {(r["cluster_id"], r["measure"]): r for r in profiles(**landscape(5)).to_pylist()
            if r["theme"] == "all"}  # fmt: skip
    for measure in ("kind_diverse", "kind_specialised", "kind_rd_collaborating"):
        few, many = found["A", measure], more["A", measure]
        assert many["value"] == pytest.approx(few["value"], abs=1e-8)
        assert few["low"] < many["low"] < many["value"] and many["n"] == 5 * few["n"]


def test_no_activity_is_no_kind_and_says_so(found):
    for measure, reason in (("kind_diverse", "none of its activities has a theme"),
                            ("kind_specialised", "none of its activities has a theme"),
                            ("kind_rd_collaborating", "it has no activities")):  # fmt: skip
        row = found["B", measure]
        assert (row["value"], row["low"], row["n"], row["note"]) == (None, None, 0, reason)


def test_reasons_that_a_theme_cannot_be_told(profiles):
    tables = landscape()
    few = {t["theme"] for t in tables["activity_themes"]} - {"cancer", "skin"}
    tables["activity_themes"] = [t for t in tables["activity_themes"] if t["theme"] not in few]
    notes = {(r["cluster_id"], r["measure"]): r["note"] for r in profiles(**tables).to_pylist()}
    assert notes["A", "kind_diverse"].endswith("the edition has fewer than 5 themes")
    only_here = [t for t in tables["activity_themes"] if t["activity_id"].startswith("a")]
    rows = profiles(**tables | {"activity_themes": only_here}).to_pylist()
    notes = {(r["cluster_id"], r["measure"]): r["note"] for r in rows}
    assert "is absent elsewhere" in notes["A", "kind_specialised"]
    rows = profiles(thresholds=Thresholds(min_activities=21), **landscape()).to_pylist()
    notes = {(r["cluster_id"], r["measure"]): r["note"] for r in rows}
    assert notes["A", "kind_specialised"] == "no theme has 21 activities here; the most is 20"


def test_helix_balance_by_hand(found):
    """One in academia, two in industry, one in health; B's one member is of government."""
    row = found["A", "helix_balance"]
    assert row["value"] == pytest.approx(entropy([1, 2, 1]) / math.log(3), abs=1e-9)
    assert (row["n"], row["note"]) == (
        4,
        "evenness of members over academia 1, industry 2, health 1",
    )
    assert 0 <= row["low"] < row["value"] < row["high"] <= 1
    none = found["B", "helix_balance"]
    assert (none["value"], none["low"], none["n"]) == (None, None, 0)
    assert none["note"].endswith("left out: 1")


def test_clusters_of_a_theme_or_a_period_have_their_counts_alone(profiles):
    """And they change nothing of the others; every level over all themes is profiled."""
    tables = landscape()
    alone = profiles(**tables).to_pylist()
    counts = {"n_organisations": 3, "n_activities": 9, "countries": ["GB"]}
    tables["found_clusters"] = [
        *tables["found_clusters"],
        {"cluster_id": "T", "theme": "cancer", "period": "all", "level": 0, **counts},
        {"cluster_id": "P", "theme": "all", "period": "2014/2016", "level": 0, **counts},
        {"cluster_id": "W", "theme": "all", "period": "all", "level": 1, "countries": ["GB"]},
    ]
    tables["memberships"] = [
        *tables["memberships"],
        *({"cluster_id": c, "site_id": f"s-{o}", "organisation_id": o} for c in "TPW" for o in "ufgh"),
    ]  # fmt: skip
    rows = profiles(**tables).to_pylist()
    assert [r for r in rows if r["cluster_id"] in "AB"] == alone
    of = {c: [{**r, "cluster_id": ""} for r in rows if r["cluster_id"] == c] for c in "ATPW"}
    assert of["W"] == of["A"]
    for cluster, theme, period in (("T", "cancer", "all"), ("P", "all", "2014/2016")):
        assert [(r["measure"], r["theme"], r["period"], r["value"], r["n"]) for r in of[cluster]] == [
            ("n_activities", theme, period, 9, 9), ("n_organisations", theme, period, 3, 3),
        ]  # fmt: skip
    both = "diverse; r&d-collaborating"
    assert kinds(profiles, **tables) == {"A": both, "B": None, "P": None, "T": None, "W": both}


def test_row_order_changes_no_kind_and_no_byte(profiles):
    tables = landscape()
    chance = random.Random(2)
    mixed = {name: chance.sample(rows, len(rows)) for name, rows in tables.items()}
    for made in ("profiles", "clusters"):
        assert profiles(made=made, **tables).equals(profiles(made=made, **mixed))


def test_an_empty_edition_has_no_clusters(profiles):
    assert profiles(made="clusters").num_rows == 0


def test_is_told_needs_activities_and_a_bound_beyond():
    np.testing.assert_array_equal(
        is_told([[0.2, 0.1], [np.nan, 0.2]], [[10, 10], [10, 9]], above=0.1, least=10),
        [[True, False], [False, False]],
    )


def test_surest_theme_takes_the_highest_bound_and_the_first_of_equals():
    low = [[2.0, 3.0, 3.0], [np.nan, 0.1, 0.0], [9.0, np.nan, 8.0]]
    n = [[10, 10, 10], [99, 10, 10], [9, 10, 9]]
    assert surest_theme(low, n, least=10).tolist() == [1, 1, -1]
    assert surest_theme(np.empty((2, 0)), np.empty((2, 0)), least=1).tolist() == [-1, -1]
    with pytest.raises(InputError, match="give both as clusters x themes"):
        surest_theme([1.0], [1], least=1)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("min_activities", 0, "min_activities is 0; give a number from 1 to"),
        ("diverse_above", 1.0, "diverse_above is 1.0; give a number from 0 to 0.999"),
        ("specialised_above", math.nan, "specialised_above is nan"),
        ("collaborating_above", True, "collaborating_above is True"),
    ],
)
def test_wrong_thresholds_are_named_with_the_range(name, value, words):
    with pytest.raises(InputError, match=words):
        Thresholds(**{name: value})
