"""How far joint work reaches: by hand, against every pair taken singly, by law, shuffled."""

import random
from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest

from tests.link.test_expecting import landscape as ten_clusters
from tests.link.test_link_steps import COUNTRY, landscape
from triplehelix.link.reach_expected import share_within
from triplehelix.tables import EDITION

SCOPES = ("local", "national", "international")


def measures(table, theme="all", period="all"):
    """Value by cluster and measure."""
    return {
        (r["cluster_id"], r["measure"]): r["value"]
        for r in table.to_pylist()
        if (r["theme"], r["period"]) == (theme, period)
    }


def test_hand_worked(links):
    """
    One activity: two of A (o0, o1) and a Frenchman outside (o10). Of A's four ends of pairs two
    are with each other (local) and two go to France.
    """
    found = measures(links("cluster_roles", **landscape({"p": ["o0", "o1", "o10"]})))
    assert found["A", "joint_local_share"] == pytest.approx(1 / 2)
    assert found["A", "joint_national_share"] == 0
    assert found["A", "joint_international_share"] == pytest.approx(1 / 2)
    # Whom o0 may draw, by how much they do (a third each): o1 or o10, as likely; so o1.
    assert found["A", "joint_local_share_by_size"] == pytest.approx(1 / 2)


def scopes_of_each_pair(work, cluster):
    """The definition, one pair of organisations at a time."""
    ends = defaultdict(lambda: dict.fromkeys([*SCOPES, "unknown"], 0.0))
    for organisations in work.values():
        n = len(organisations)
        for pair in combinations(organisations, 2):
            for one, other in (pair, pair[::-1]):
                if not cluster(one):
                    continue
                here, there = COUNTRY[one], COUNTRY[other]
                scope = (
                    "local" if cluster(one) == cluster(other)
                    else "unknown" if here is None or there is None
                    else "national" if here == there else "international"
                )  # fmt: skip
                ends[cluster(one)][scope] += 2 / (n * (n - 1)) / 2
    return ends


@pytest.mark.parametrize("seed", range(5))
def test_agrees_with_every_pair_taken_singly(links, seed):
    chance = random.Random(seed)
    work = {f"p{i}": chance.sample(sorted(COUNTRY), chance.randint(2, 6)) for i in range(12)}
    tables = landscape(work)
    home = {m["organisation_id"]: m["cluster_id"] for m in tables["memberships"]}
    found = measures(links("cluster_roles", **tables))
    expected = scopes_of_each_pair(work, home.get)
    for cluster, ends in expected.items():
        for scope in SCOPES:
            share = ends[scope] / sum(ends.values())
            assert found[cluster, f"joint_{scope}_share"] == pytest.approx(share, abs=1e-8)
    assert {cluster for cluster, _ in found} == set(expected)


def test_sectors_are_those_of_what_goes_beyond_the_cluster(links):
    """A's only work beyond itself: once with another of academia, once with industry."""
    tables = landscape({"p": ["o0", "o4"], "q": ["o0", "o5"], "r": ["o0", "o1"]})
    helix = {"o0": "academia", "o1": "industry", "o4": "academia", "o5": "industry"}
    for row in tables["organisations"]:
        row["helix"] = helix.get(row["organisation_id"], "unknown")
    found = measures(links("cluster_roles", **tables))
    assert found["A", "joint_other_sector_share"] == pytest.approx(1 / 2)


def test_a_theme_is_told_of_from_five_shared_activities_on(links):
    work = {f"p{i}": ["o0", "o4"] for i in range(5)}
    labels = [(f"p{i}", "cancer", 1.0) for i in range(5)] + [("p0", "brain", 1.0)]
    table = links("cluster_roles", **landscape(work, labels))
    assert measures(table, "cancer")["A", "joint_national_share"] == 1
    assert measures(table, "brain") == {}


def test_by_place_shares_divide_what_does_not_stay_local(links):
    """Ten clusters in two countries, and two more countries: forty pairs to tell from."""
    tables = ten_clusters()
    for n, cluster in enumerate("ABCDEFGHIJ"):
        for k, country in enumerate(("DE", "ES")):
            tables["organisations"].append({"organisation_id": f"{country}{n}", "country": country})
            for which, end, site in ((0, f"o{cluster}", f"s{cluster}"), (1, f"{country}{n}", None)):
                tables["participations"].append({
                    "participation_id": f"y{n}{k}{which}", "activity_id": f"y{n}{k}",
                    "organisation_id": end, "site_id": site, "role": "partner"})  # fmt: skip
    found = measures(links("cluster_roles", **tables))
    for cluster in "ABCDEFGHIJ":
        beyond = sum(found[cluster, f"joint_{scope}_share"] for scope in SCOPES[1:])
        placed = [found[cluster, f"joint_{scope}_share_by_place"] for scope in SCOPES[1:]]
        assert sum(placed) == pytest.approx(beyond, abs=1e-8)
        assert all(0 < share < 1 for share in placed)


def test_the_interval_of_an_expected_share_is_that_of_simulated_coefficients():
    rng = np.random.default_rng(4)
    columns = np.column_stack([np.ones(6), rng.normal(size=6)])
    own = np.array([True, False, False, True, False, False])
    beta, covariance = np.array([0.3, 0.5]), np.array([[0.002, 0.0005], [0.0005, 0.003]])
    share, low, high = share_within(np.exp(columns @ beta), columns, own, covariance)
    drawn = np.exp(columns @ rng.multivariate_normal(beta, covariance, size=40_000).T)
    shares = drawn[own].sum(axis=0) / drawn.sum(axis=0)
    assert share == pytest.approx(np.exp(columns @ beta)[own].sum() / np.exp(columns @ beta).sum())
    np.testing.assert_allclose([low, high], np.quantile(shares, [0.025, 0.975]), atol=0.003)


def test_columns_are_those_of_profiles_and_rows_in_any_order_give_the_same_bytes(links):
    tables = ten_clusters([("D", "G")] * 5)
    shuffled = {name: random.Random(9).sample(rows, len(rows)) for name, rows in tables.items()}
    key = [(name, "ascending") for name in EDITION["profiles"].key]
    one, other = (links("cluster_roles", **t).sort_by(key) for t in (tables, shuffled))
    assert one.schema.names == EDITION["profiles"].schema.names
    assert one.num_rows > 100
    assert one.equals(other)


def test_an_empty_edition_has_no_roles(links):
    assert links("cluster_roles").num_rows == 0
    assert links("cluster_roles", **landscape({})).num_rows == 0
