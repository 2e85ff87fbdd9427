"""Profiles of clusters: a landscape worked by hand, a plain-Python reference, the shuffle law."""

import math
import random
from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from triplehelix import measure
from triplehelix.tables import EDITION, HELICES

# Two British clusters; o4 stands elsewhere in Britain, o5 in France, o6 nobody knows where.
ORGANISATIONS = [
    {"organisation_id": "o1", "helix": "academia", "country": "GB"},
    {"organisation_id": "o2", "helix": "industry", "country": "GB"},
    {"organisation_id": "o3", "helix": "health", "country": "GB"},
    {"organisation_id": "o4", "helix": "nonprofit", "country": "GB"},
    {"organisation_id": "o5", "helix": "academia", "country": "FR"},
    {"organisation_id": "o6", "helix": "unknown", "country": "GB"},
    {"organisation_id": "funder", "helix": "government", "country": "GB"},
]
SITES = [
    {"site_id": f"s{i}", "organisation_id": f"o{i}", "precision": precision}
    for i, precision in enumerate(
        ("address", "postcode", "district", "city", "city", "country"), start=1
    )
]
CLUSTERS = [
    {"cluster_id": "A", "countries": ["GB"], "theme": "all", "period": "all", "level": 1},
    {"cluster_id": "B", "countries": ["GB"], "theme": "all", "period": "all", "level": 1},
]
MEMBERSHIPS = [
    {"cluster_id": "A", "site_id": "s1", "organisation_id": "o1"},
    {"cluster_id": "A", "site_id": "s2", "organisation_id": "o2"},
    {"cluster_id": "B", "site_id": "s3", "organisation_id": "o3"},
]
ACTIVITIES = [
    {"activity_id": "p1", "start": date(2014, 1, 31)},
    {"activity_id": "p2", "start": date(2014, 12, 31)},
    {"activity_id": "p3", "start": date(2015, 1, 1)},
    {"activity_id": "p4", "start": date(2015, 6, 1)},
    {"activity_id": "p5", "start": None},
]
PERFORMERS = {
    "p1": ("o1", "o2", "o5"),
    "p2": ("o1", "o3"),
    "p3": ("o1", "o6"),
    "p4": ("o4", "o5"),
    "p5": ("o2",),
}
THEMES = [
    {"activity_id": "p1", "theme": "cancer", "weight": 1.0},
    {"activity_id": "p2", "theme": "cancer", "weight": 0.5},
    {"activity_id": "p2", "theme": "vaccines", "weight": 0.5},
    {"activity_id": "p4", "theme": "vaccines", "weight": 1.0},
    {"activity_id": "p5", "theme": "vaccines", "weight": 1.0},
]


def participations(performers):
    """Rows with the shares of an edition: 1/n in parts of 1e-9, the rest to the first."""
    rows = []
    for activity, organisations in performers.items():
        part, rest = divmod(10**9, len(organisations))
        for i, organisation in enumerate(sorted(organisations)):
            rows.append({
                "participation_id": f"{activity}/{organisation}", "activity_id": activity,
                "organisation_id": organisation, "site_id": "s" + organisation[1:],
                "role": "partner", "share": (part + (rest if i == 0 else 0)) / 1e9,
            })  # fmt: skip
    return rows


def landscape():
    rows = participations(PERFORMERS)
    rows[0] |= {"amount": Decimal("100.50"), "currency": "EUR"}
    money = {"amount": Decimal("1000000.00"), "currency": "USD"}
    rows.append({
        "participation_id": "p1/funder", "activity_id": "p1", "organisation_id": "funder",
        "site_id": "s1", "role": "funder", "share": 0.0, **money,
    })  # fmt: skip
    return {
        "organisations": ORGANISATIONS, "sites": SITES, "found_clusters": CLUSTERS,
        "memberships": MEMBERSHIPS, "activities": ACTIVITIES, "participations": rows,
        "activity_themes": THEMES,
    }  # fmt: skip


@pytest.fixture(scope="module")
def found(profiles):
    """The hand-worked landscape's profiles by (cluster, measure, theme, period)."""
    rows = profiles(**landscape()).to_pylist()
    return {(r["cluster_id"], r["measure"], r["theme"], r["period"]): r for r in rows}


def value(found, cluster, name, theme="all", period="all"):
    return found[cluster, name, theme, period]["value"]


def test_columns_are_those_of_the_edition(profiles):
    table = profiles(**landscape())
    assert table.schema.names == EDITION["profiles"].schema.names
    assert table.schema.types == EDITION["profiles"].schema.types


def test_an_empty_edition_has_no_profiles(profiles):
    assert profiles().num_rows == 0


def test_only_documented_measures_are_made(found):
    documented = measure.steps.__doc__
    families = {name.removesuffix("_" + name.rsplit("_")[-1]) for _, name, _, _ in found}
    for name in families - {"helix_activity_share", "helix_share", "amount", "diversity_themes"}:
        assert f"`{name}" in documented


@pytest.mark.parametrize(
    ("cluster", "theme", "period", "n", "share"),
    [
        ("A", "all", "all", 4, 2 / 3 + 1 / 2 + 1 / 2 + 1),
        ("A", "all", "2014/2014", 2, 2 / 3 + 1 / 2),
        ("A", "all", "2015/2015", 1, 1 / 2),
        ("A", "cancer", "all", 2, 2 / 3 + 1 / 4),
        ("A", "vaccines", "all", 2, 1 / 4 + 1),
        ("A", "vaccines", "2014/2014", 1, 1 / 4),
        ("B", "all", "all", 1, 1 / 2),
        ("B", "cancer", "2014/2014", 1, 1 / 4),
    ],
)
def test_activities_by_theme_and_year(found, cluster, theme, period, n, share):
    assert value(found, cluster, "n_activities", theme, period) == n
    assert value(found, cluster, "activity_share", theme, period) == pytest.approx(share, abs=3e-9)
    assert found[cluster, "activity_share", theme, period]["n"] == n


def test_no_row_where_nothing_is_counted(found):
    assert ("A", "n_activities", "vaccines", "2015/2015") not in found
    assert not any(period.startswith("None") for *_, period in found)


def test_organisations(found):
    assert value(found, "A", "n_organisations") == 2
    assert value(found, "A", "n_organisations", "all", "2015/2015") == 1
    assert value(found, "A", "n_organisations", "vaccines") == 2


def test_a_cluster_without_activity_still_has_its_members(profiles):
    tables = landscape() | {"participations": []}
    rows = {(r["cluster_id"], r["measure"]): r["value"] for r in profiles(**tables).to_pylist()}
    assert rows["A", "n_organisations"] == 2
    assert rows["A", "n_activities"] == 0
    assert rows["A", "helix_share_industry"] == 0.5
    assert ("A", "location_quotient") not in rows


def test_money_is_known_or_null_and_never_a_funders(found):
    euros = found["A", "amount_EUR", "all", "all"]
    assert (euros["value"], euros["n"]) == (100.5, 1)
    assert euros["note"] == "4 of 5 participations state no amount"
    unknown = found["B", "amount_EUR", "all", "all"]
    assert (unknown["value"], unknown["n"]) == (None, 0)
    assert unknown["note"] == "1 of 1 participations state no amount"
    assert ("A", "amount_USD", "all", "all") not in found


def test_location_quotient_by_hand(found):
    """Everywhere: 10 participations, of which cancer 3 + 2/2 and vaccines 2/2 + 2 + 1."""
    expected = {
        ("A", "cancer"): (2 + 1 / 2) / 5 / (4 / 10),
        ("A", "vaccines"): (1 / 2 + 1) / 5 / (4 / 10),
        ("B", "cancer"): 0.5 / (4 / 10),
        ("B", "vaccines"): 0.5 / (4 / 10),
    }
    for (cluster, theme), quotient in expected.items():
        row = found[cluster, "location_quotient", theme, "all"]
        assert row["value"] == pytest.approx(quotient, abs=1e-8)
        assert row["low"] < quotient < row["high"]
        assert "Katz" in row["note"] and "independent" in row["note"]
    assert found["A", "location_quotient", "cancer", "all"]["n"] == 2


def test_location_quotient_interval_by_hand(found):
    """B holds one participation in p2 only: one effective activity, a half of it in cancer."""
    elsewhere = np.array([3, 1, 2, 2, 1])  # what of p1 ... p5 is not B's
    n = elsewhere.sum() ** 2 / (elsewhere**2).sum()
    p = (3 + 1 / 2) / elsewhere.sum()
    ratio, size = 0.5 / p, 1 / 10
    z = 1.959963984540054
    width = math.exp(z * math.sqrt(1 / 0.5 - 1 / 1 + 1 / (p * n) - 1 / n))
    row = found["B", "location_quotient", "cancer", "all"]
    for bound, r in (("low", ratio / width), ("high", ratio * width)):
        assert row[bound] == pytest.approx(r / (size * r + 1 - size), rel=1e-7)


def test_a_theme_the_cluster_does_not_work_in_is_zero_without_bounds(profiles):
    tables = landscape()
    tables["activity_themes"] = [*THEMES, {"activity_id": "p4", "theme": "brain", "weight": 0.3}]
    rows = profiles(**tables).to_pylist()
    (row,) = (
        r for r in rows
        if (r["cluster_id"], r["measure"], r["theme"]) == ("A", "location_quotient", "brain")
    )  # fmt: skip
    assert (row["value"], row["low"], row["high"], row["n"]) == (0, None, None, 0)
    assert "no interval" in row["note"]


def test_no_quotient_for_a_cluster_without_any_labelled_activity(profiles):
    tables = landscape() | {"activity_themes": [THEMES[0]]}
    rows = profiles(**tables).to_pylist()
    assert {r["cluster_id"] for r in rows if r["measure"] == "location_quotient"} == {"A"}


def test_diversity_by_hand(found):
    p = np.array([2 + 1 / 2, 1 / 2 + 1])
    p /= p.sum()
    assert value(found, "A", "diversity_themes_q0") == 2
    assert value(found, "A", "diversity_themes_q1") == pytest.approx(
        math.exp(-(p * np.log(p)).sum()), abs=1e-8
    )
    assert value(found, "A", "diversity_themes_q2") == pytest.approx(1 / (p**2).sum(), abs=1e-8)
    assert found["A", "diversity_themes_q2", "all", "all"]["n"] == 3


def test_helix_mix_of_members(found):
    row = found["A", "helix_share_industry", "all", "all"]
    expected = binomtest(1, 2).proportion_ci(method="wilson")
    assert (row["value"], row["n"]) == (0.5, 2)
    assert [row["low"], row["high"]] == pytest.approx([expected.low, expected.high], abs=1e-9)
    # The funder at o1's site is no member, and an absent helix is a zero with its doubt.
    government = found["A", "helix_share_government", "all", "all"]
    assert government["value"] == government["low"] == 0 < government["high"]


def test_helix_mix_of_activity(found):
    parts = np.array([2 / 3, 1 / 2, 1 / 2, 1])
    share, n = (1 / 3 + 1 / 2 + 1 / 2) / parts.sum(), parts.sum() ** 2 / (parts**2).sum()
    z2 = 1.959963984540054**2
    half = math.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n**2)))
    row = found["A", "helix_activity_share_academia", "all", "all"]
    assert row["value"] == pytest.approx(share, abs=1e-8)
    assert row["low"] == pytest.approx((share + z2 / (2 * n) - half) / (1 + z2 / n), abs=1e-8)
    assert row["n"] == 4


@pytest.mark.parametrize(
    ("cluster", "name", "successes", "n"),
    [
        ("A", "local_share", 1, 4),  # p1: o1 and o2
        ("A", "national_share", 1, 4),  # p2: o3; not p3, whose o6 may stand in A
        ("A", "international_share", 1, 4),  # p1: o5
        ("B", "local_share", 0, 1),
        ("B", "national_share", 1, 1),  # p2: o1
        ("B", "international_share", 0, 1),
    ],
)
def test_reach_by_hand(found, cluster, name, successes, n):
    row = found[cluster, name, "all", "all"]
    expected = binomtest(successes, n).proportion_ci(method="wilson")
    assert (row["value"], row["n"]) == (successes / n, n)
    assert [row["low"], row["high"]] == pytest.approx([expected.low, expected.high], abs=1e-9)


def test_reach_says_what_it_leaves_out(found):
    assert "left out: 1 with a partner" in found["A", "national_share", "all", "all"]["note"]
    assert "left out" not in found["B", "national_share", "all", "all"]["note"]


SMALL = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WORK = st.dictionaries(
    st.sampled_from([f"p{i}" for i in range(8)]),
    st.sets(st.sampled_from([f"o{i}" for i in range(10)]), min_size=1, max_size=6),
    min_size=1,
)
LABELS = st.sets(
    st.tuples(
        st.sampled_from([f"p{i}" for i in range(8)]), st.sampled_from(["brain", "cancer", "lung"])
    )
)


def random_landscape(work, labels):
    """Organisations o0-o5 in clusters A-C; o6-o9 outside; each of two countries and helices."""
    numbers = range(10)
    return {
        "organisations": [
            {"organisation_id": f"o{i}", "country": ("GB", "FR", None)[i % 3],
             "helix": HELICES[i % 4]} for i in numbers
        ],
        "sites": [
            {"site_id": f"s{i}", "organisation_id": f"o{i}",
             "precision": "none" if i == 9 else "city"} for i in numbers
        ],
        "found_clusters": [
            {"cluster_id": c, "countries": ["GB"], "theme": "all", "period": "all"} for c in "ABC"
        ],
        "memberships": [
            {"cluster_id": "ABC"[i // 2], "site_id": f"s{i}", "organisation_id": f"o{i}"}
            for i in range(6)
        ],
        "activities": [{"activity_id": a, "start": date(2014, 1, 1)} for a in work],
        "participations": participations(work),
        "activity_themes": [
            {"activity_id": a, "theme": t, "weight": 0.5} for a, t in labels if a in work
        ],
    }  # fmt: skip


def reference(work, labels):
    """Quotients, reach and shares by the definitions, one activity at a time, in fractions."""
    cluster_of = {f"o{i}": "ABC"[i // 2] for i in range(6)}
    country_of = {f"o{i}": ("GB", "FR", None)[i % 3] for i in range(10)}
    expected, counts = {}, defaultdict(Fraction)
    for activity, organisations in work.items():
        for organisation in organisations:
            home, part = cluster_of.get(organisation), Fraction(1, len(organisations))
            counts[home, "all"] += part
            counts[home, "participations"] += 1
            counts[home, HELICES[int(organisation[1]) % 4]] += part
            for theme in (t for a, t in labels if a == activity):
                counts[home, theme] += Fraction(1, 2)
    everywhere = {c: sum(v for (_, d), v in counts.items() if c == d) for _, c in counts}
    for cluster in sorted({c for c, _ in counts} - {None}):
        own = {a: {o for o in p if cluster_of.get(o) == cluster} for a, p in work.items()}
        here = [a for a in work if own[a]]
        whole = counts[cluster, "all"]
        expected[cluster, "activity_share", "all"] = whole
        for helix in HELICES:
            expected[cluster, f"helix_activity_share_{helix}", "all"] = (
                counts[cluster, helix] / whole
            )
        if any(a in here for a, _ in labels):
            for theme in {t for a, t in labels if a in work}:
                share = everywhere[theme] / everywhere["participations"]
                expected[cluster, "location_quotient", theme] = (
                    counts[cluster, theme] / counts[cluster, "participations"] / share
                )
        others = {a: [o for o in work[a] if o not in own[a]] for a in here}
        reached = {
            "local_share": [len(own[a]) > 1 for a in here],
            "national_share": [
                any(country_of[o] == "GB" and o != "o9" for o in others[a]) for a in here
            ],
            "international_share": [any(country_of[o] == "FR" for o in others[a]) for a in here],
        }
        for name, holds in reached.items():
            expected[cluster, name, "all"] = Fraction(sum(holds), len(here))
    return expected


@SMALL
@given(WORK, LABELS)
def test_agrees_with_the_definitions_in_plain_python(profiles, work, labels):
    expected = reference(work, labels)
    compared = {name for _, name, _ in expected}
    found = {
        (r["cluster_id"], r["measure"], r["theme"]): r
        for r in profiles(**random_landscape(work, labels)).to_pylist()
        if r["period"] == "all" and r["measure"] in compared and r["value"] is not None
    }
    totals = {k: v for k, v in found.items() if k[1] != "activity_share" or k[2] == "all"}
    active = {k for k in totals if k[1] != "activity_share" or totals[k]["n"] > 0}
    assert active == set(expected)
    for key, number in expected.items():
        assert found[key]["value"] == pytest.approx(float(number), abs=1e-6), key
    for row in found.values():
        if row["low"] is not None:
            assert row["low"] <= row["value"] + 1e-9 and row["value"] <= row["high"] + 1e-9


@settings(SMALL, max_examples=8)
@given(WORK, LABELS, st.randoms(use_true_random=False))
def test_row_order_changes_no_byte(profiles, work, labels, chance):
    tables = random_landscape(work, labels)
    shuffled = {name: chance.sample(rows, len(rows)) for name, rows in tables.items()}
    assert profiles(**tables).equals(profiles(**shuffled))


def test_many_rows_in_any_order_sum_to_the_same_bytes(profiles):
    chance = random.Random(7)
    work = {f"p{i}": {f"o{chance.randrange(10)}" for _ in range(5)} for i in range(3_000)}
    labels = {(a, chance.choice(["brain", "cancer", "lung"])) for a in work}
    tables = random_landscape(work, sorted(labels))
    shuffled = {name: chance.sample(rows, len(rows)) for name, rows in tables.items()}
    assert profiles(**tables).equals(profiles(**shuffled))
