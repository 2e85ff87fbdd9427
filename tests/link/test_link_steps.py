"""Links of clusters: by hand, against `collaboration` and single pairs, by law, shuffled."""

import random
from collections import defaultdict
from datetime import date
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triplehelix.link import backbone, collaboration
from triplehelix.tables import EDITION

COUNTRY = {f"o{i}": ("GB", "GB", "FR", None)[i % 4] for i in range(12)}
CLUSTER = {f"o{i}": "ABC"[i // 3] for i in range(9)}  # o9, o10 and o11 stand outside


def landscape(work, labels=()):
    """Organisations o0 ... o11, three each in clusters A, B and C, three outside."""
    return {
        "organisations": [{"organisation_id": o, "country": c} for o, c in COUNTRY.items()],
        "clusters": [
            {"cluster_id": c, "method": "dbscan", "theme": "all", "period": "all", "level": 1}
            for c in "ABC"
        ],
        "memberships": [
            {"cluster_id": c, "site_id": "s" + o[1:], "organisation_id": o}
            for o, c in CLUSTER.items()
        ],
        "participations": [
            {"participation_id": f"{a}/{o}", "activity_id": a, "organisation_id": o,
             "site_id": "s" + o[1:], "role": "partner"}
            for a, organisations in work.items() for o in organisations
        ],
        "activity_themes": [
            {"activity_id": a, "theme": t, "weight": w} for a, t, w in labels
        ],
    }  # fmt: skip


def by_key(table, theme="all"):
    return {
        (r["from"], r["to"]): (r["weight"], r["n_activities"])
        for r in table.to_pylist()
        if r["theme"] == theme and r["from"] not in COUNTRY.values()
    }  # fmt: skip


def test_hand_worked(links):
    """
    Two of A, one of B and a Frenchman (o10) outside: six pairs, each one sixth.

    The second activity has one of A and one of B: one pair. The third has one organisation.
    """
    work = {"p1": ["o0", "o1", "o4", "o10"], "p2": ["o0", "o4"], "p3": ["o7"]}
    found = by_key(links(**landscape(work)))
    assert found == {
        ("A", "A"): (pytest.approx(1 / 6, abs=1e-9), 1),
        ("A", "B"): (pytest.approx(2 / 6 + 1, abs=1e-9), 2),
        ("A", "FR"): (pytest.approx(2 / 6, abs=1e-9), 1),
        ("A", "GB"): (pytest.approx(2 / 6 + 1, abs=1e-9), 2),
        ("B", "FR"): (pytest.approx(1 / 6, abs=1e-9), 1),
        ("B", "GB"): (pytest.approx(2 / 6 + 1, abs=1e-9), 2),
    }


def test_themes_weigh_and_count(links):
    labels = [("p1", "cancer", 0.25), ("p2", "cancer", 1.0), ("p2", "brain", 0.0)]
    table = links(**landscape({"p1": ["o0", "o4"], "p2": ["o0", "o4", "o7"]}, labels))
    assert by_key(table, "cancer")["A", "B"] == (pytest.approx(0.25 + 1 / 3, abs=1e-9), 2)
    assert by_key(table)["A", "B"] == (pytest.approx(1 + 1 / 3, abs=1e-9), 2)
    assert by_key(table, "brain") == {}


def test_columns_are_those_of_the_edition_and_expectations_are_unknown(links):
    table = links(**landscape({"p1": ["o0", "o4"]}))
    assert table.schema.names == EDITION["links"].schema.names
    assert table.schema.types == EDITION["links"].schema.types
    for row in table.to_pylist():
        assert row["period"] == "all"
        assert [row[c] for c in ("expected", "residual", "low", "high")] == [None] * 4


def test_an_empty_edition_has_no_links(links):
    assert links().num_rows == 0
    assert links(**landscape({})).num_rows == 0


def test_funders_are_tied_to_nobody(links):
    tables = landscape({"p1": ["o0", "o4"]})
    tables["participations"][1]["role"] = "funder"
    assert links(**tables).num_rows == 0


def test_an_organisation_at_two_clusters_ties_them_and_twice_at_one_counts_once(links):
    tables = landscape({"p1": ["o0"]})
    here = tables["participations"][0]
    for n, site in enumerate(("s1", "s4")):  # a second site in A, one in B
        tables["participations"].append(here | {"participation_id": f"x{n}", "site_id": site})
    assert by_key(links(**tables))["A", "B"] == (1, 1)
    assert ("A", "A") not in by_key(links(**tables))


def test_a_site_in_two_clusters_of_a_level_is_a_participant_in_each(links):
    """o0 in A and in B with o4 in B: three pairs, two between A and B and one inside B."""
    tables = landscape({"p1": ["o0", "o4"]})
    tables["memberships"].append({"cluster_id": "B", "site_id": "s0", "organisation_id": "o0"})
    found = by_key(links(**tables))
    assert found["A", "B"] == (pytest.approx(2 / 3, abs=1e-9), 1)
    assert found["B", "B"] == (pytest.approx(1 / 3, abs=1e-9), 1)


def test_squares_of_many_activities_are_whole(links):
    """Thirty times a part of one, and thirty of a theme's half: more than 64 bits can hold."""
    work = {f"p{i}": ["o0", "o4"] for i in range(30)}
    tables = landscape(work, [(a, "cancer", 0.5) for a in work])
    rows = links("links_counted", **tables).to_pylist()
    found = {r["theme"]: r for r in rows if (r["from"], r["to"]) == ("A", "B")}
    assert [found["all"][c] for c in ("weight", "squares", "largest")] == [30, 30, 1]
    assert [found["cancer"][c] for c in ("weight", "squares", "largest")] == [15, 7.5, 0.5]


def test_an_unplaced_partner_counts_for_its_country(links):
    tables = landscape({"p1": ["o0", "o1"]})
    tables["participations"][1]["site_id"] = None
    assert by_key(links(**tables)) == {("A", "GB"): (1, 1)}


def test_clusters_of_another_level_are_not_tied_to_those_within_them(links):
    tables = landscape({"p1": ["o0", "o4"]})
    tables["clusters"].append(tables["clusters"][0] | {"cluster_id": "wide", "level": 2})
    tables["memberships"] += [
        {"cluster_id": "wide", "site_id": f"s{i}", "organisation_id": f"o{i}"} for i in (0, 4)
    ]
    found = by_key(links(**tables))
    assert found["wide", "wide"] == (1, 1)
    assert found["A", "B"] == (1, 1)
    assert not {("A", "wide"), ("B", "wide"), ("wide", "GB")} & found.keys()


def of_countries(table, period="all"):
    """Ties of and inside countries, by both ends."""
    return {
        (r["from"], r["to"]): (r["weight"], r["n_activities"])
        for r in table.to_pylist()
        if r["from"] in COUNTRY.values() and (r["theme"], r["period"]) == ("all", period)
    }


def test_countries_hand_worked(links):
    """
    Of p's six pairs three are within GB, three between GB and FR: clusters do not matter. An
    organisation at two clusters is one; whose country is unknown is in the activity, not tied.
    """
    tables = landscape({"p": ["o0", "o1", "o4", "o10"], "q": ["o0", "o3"]})
    here = tables["participations"][0]
    tables["participations"].append(here | {"participation_id": "again", "site_id": "s4"})
    assert of_countries(links(**tables)) == {
        ("GB", "GB"): (pytest.approx(3 / 6, abs=1e-9), 1),
        ("FR", "GB"): (pytest.approx(3 / 6, abs=1e-9), 1),
    }


def test_countries_are_tied_where_no_cluster_is(links):
    tables = landscape({"p": ["o0", "o2"]}) | {"clusters": [], "memberships": []}
    assert of_countries(links(**tables)) == {("FR", "GB"): (1, 1)}


def test_periods_hold_the_activities_that_began_then(links):
    tables = landscape({"p": ["o0", "o4"], "q": ["o0", "o4"], "r": ["o0", "o2"]})
    years = {"p": 2014, "q": 2018, "r": None}
    tables["activities"] = [
        {"activity_id": a, "start": date(y, 5, 1) if y else None} for a, y in years.items()
    ]
    table = links("links", ["2014/2016", "2017/2020"], **tables)
    for period, n in (("all", 2), ("2014/2016", 1), ("2017/2020", 1)):
        rows = {(r["from"], r["to"]): r for r in table.to_pylist() if r["period"] == period}
        assert rows["A", "B"]["n_activities"] == n
        assert (("A", "A") in rows) == (period == "all")


def test_the_p_value_is_that_of_the_backbone(links):
    chance = random.Random(2)
    work = {f"p{i}": chance.sample(sorted(COUNTRY), 3) for i in range(60)}
    rows = [r for r in links(**landscape(work)).to_pylist() if r["theme"] == "all"]
    for ends in (CLUSTER.values(), COUNTRY.values()):
        tied = [r for r in rows if {r["from"], r["to"]} <= set(ends) and r["from"] != r["to"]]
        found = backbone([r["from"] for r in tied], [r["to"] for r in tied],
                         [r["weight"] for r in tied])  # fmt: skip
        assert [r["p_value"] for r in tied] == pytest.approx(found.p_value, abs=1e-8)
    assert {r["p_value"] for r in rows if r["from"] == r["to"]} == {None}


SMALL = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WORK = st.dictionaries(
    st.sampled_from([f"p{i}" for i in range(8)]), st.sets(st.sampled_from(sorted(COUNTRY)))
).map(lambda work: {a: sorted(o) for a, o in work.items()})


def pair_by_pair(work):
    """The definition, one pair of organisations at a time, in fractions."""
    weight, together = defaultdict(Fraction), defaultdict(set)
    for activity, organisations in work.items():
        n = len(organisations)
        for pair in combinations(organisations, 2):
            homes = [CLUSTER.get(o) for o in pair]
            ends = {tuple(sorted(homes))} if None not in homes else set()
            tied = [*ends]
            for here, there, partner in ((0, 1, pair[1]), (1, 0, pair[0])):
                if homes[here] and homes[here] != homes[there] and COUNTRY[partner]:
                    tied.append((homes[here], COUNTRY[partner]))
            for end in tied:
                weight[end] += Fraction(2, n * (n - 1))
                together[end].add(activity)
    return {end: (float(weight[end]), len(together[end])) for end in weight}


@SMALL
@given(WORK)
def test_agrees_with_every_pair_taken_singly(links, work):
    found, expected = by_key(links(**landscape(work))), pair_by_pair(work)
    assert found.keys() == expected.keys()
    for end, (weight, n) in expected.items():
        assert found[end] == (pytest.approx(weight, abs=1e-7), n)


@SMALL
@given(WORK)
def test_agrees_with_the_pure_function(links, work):
    ends = [(a, CLUSTER.get(o, "~")) for a, organisations in work.items() for o in organisations]
    ties = collaboration([a for a, _ in ends], [c for _, c in ends])
    expected = {
        (str(first), str(second)): (pytest.approx(weight, abs=1e-7), n)
        for first, second, weight, n in zip(*ties, strict=True) if "~" not in (first, second)
    }  # fmt: skip
    found = {end: row for end, row in by_key(links(**landscape(work))).items() if end[1] in "ABC"}
    assert found == expected


@SMALL
@given(WORK)
def test_ties_of_clusters_weigh_one_per_activity_when_all_are_in_clusters(links, work):
    inside = {a: [o for o in organisations if o in CLUSTER] for a, organisations in work.items()}
    found = by_key(links(**landscape(inside)))
    total = sum(weight for (_, to), (weight, _) in found.items() if to in "ABC")
    assert total == pytest.approx(sum(len(o) > 1 for o in inside.values()), abs=1e-6)


@settings(SMALL, max_examples=8)
@given(WORK, st.randoms(use_true_random=False))
def test_row_order_changes_no_byte(links, work, chance):
    assert_same_bytes(links, landscape(work, [(a, "cancer", 1 / 3) for a in work]), chance)


def test_many_rows_in_any_order_sum_to_the_same_bytes(links):
    chance = random.Random(7)
    work = {f"p{i}": chance.sample(sorted(COUNTRY), chance.randint(1, 7)) for i in range(3_000)}
    assert_same_bytes(links, landscape(work, [(a, "cancer", 1 / 3) for a in work]), chance)


def assert_same_bytes(links, tables, chance):
    shuffled = {name: chance.sample(rows, len(rows)) for name, rows in tables.items()}
    key = [(name, "ascending") for name in EDITION["links"].key]
    assert links(**tables).sort_by(key).equals(links(**shuffled).sort_by(key))
