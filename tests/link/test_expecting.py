"""What links say is to be expected: laws of the fit, a planted pair, statsmodels, shuffled."""

import random
from itertools import combinations

import numpy as np
import pytest

from tests.link.test_link_steps import by_key
from triplehelix.link import Nodes, pair_columns

CLUSTERS = "ABCDEFGHIJ"


def landscape(extra=()):
    """Ten clusters of one organisation each; every pair meets, near ones more often."""
    work = {
        f"p{a}{b}{n}": [a, b]
        for a, b in combinations(CLUSTERS, 2)
        for n in range(1 + (12 - 2 * abs(ord(a) - ord(b))) // 4 if abs(ord(a) - ord(b)) < 6 else 1)
    } | {f"x{n}": list(pair) for n, pair in enumerate(extra)}
    country = {c: ("GB", "FR")[k % 2] for k, c in enumerate(CLUSTERS)}
    return {
        "organisations": [{"organisation_id": f"o{c}", "country": country[c]} for c in CLUSTERS],
        "sites": [
            {"site_id": f"s{c}", "organisation_id": f"o{c}", "lat": 45.0 + k, "lon": 5.0, "precision": "city"}
            for k, c in enumerate(CLUSTERS)
        ],
        "clusters": [
            {"cluster_id": c, "method": "dbscan", "theme": "all", "period": "all", "level": 0,
             "centre_lat": 45.0 + k, "centre_lon": 5.0, "countries": [country[c]]}
            for k, c in enumerate(CLUSTERS)
        ],
        "memberships": [{"cluster_id": c, "site_id": f"s{c}", "organisation_id": f"o{c}"} for c in CLUSTERS],
        "participations": [
            {"participation_id": f"{a}/{c}", "activity_id": a, "organisation_id": f"o{c}", "site_id": f"s{c}", "role": "partner"}
            for a, clusters in work.items() for c in clusters
        ],
    }  # fmt: skip


def rows_of(table):
    return [r for r in table.to_pylist() if len(r["to"]) == 1 and r["from"] != r["to"]]


def test_expectations_add_up_to_the_weights_and_residuals_are_the_difference(links):
    """All 45 pairs are tied, so the rows are all that the model was fitted on."""
    rows = rows_of(links(**landscape()))
    assert len(rows) == 45
    assert sum(r["expected"] for r in rows) == pytest.approx(sum(r["weight"] for r in rows))
    for r in rows:
        assert r["residual"] == pytest.approx(r["weight"] - r["expected"], abs=1e-8)
        assert r["low"] <= r["weight"] <= r["high"]


def test_they_are_those_of_statsmodels(links):
    families = pytest.importorskip("statsmodels.api")
    rows = rows_of(links(**landscape()))
    size = {c: sum(r["n_activities"] for r in rows if c in (r["from"], r["to"])) for c in CLUSTERS}
    nodes = Nodes(
        [size[c] for c in CLUSTERS], [45.0 + k for k in range(10)], [5.0] * 10,
        ["GB", "FR"] * 5, np.zeros((10, 0)),
    )  # fmt: skip
    at = [[CLUSTERS.index(r[end]) for r in rows] for end in ("from", "to")]
    columns = pair_columns(nodes, *at)[:, :4]
    fit = families.GLM(
        [r["weight"] for r in rows], columns, family=families.families.Poisson()
    ).fit()
    np.testing.assert_allclose([r["expected"] for r in rows], fit.fittedvalues, rtol=1e-4)


def test_a_planted_friendship_has_the_largest_residual(links):
    rows = rows_of(links(**landscape([("D", "G")] * 30)))
    best = max(rows, key=lambda r: r["residual"])
    assert (best["from"], best["to"]) == ("D", "G")
    assert best["residual"] > 15


def test_rows_in_any_order_give_the_same_bytes(links):
    tables = landscape()
    shuffled = {name: random.Random(3).sample(rows, len(rows)) for name, rows in tables.items()}
    one, other = (
        links(**t).sort_by([("from", "ascending"), ("to", "ascending")]) for t in (tables, shuffled)
    )
    assert one.equals(other)


def test_ties_inside_and_few_ties_have_no_expectation(links):
    tables = landscape()
    few = {"AB", "AC", "AD", "BC"}
    tables["participations"] = [p for p in tables["participations"] if p["activity_id"][1:3] in few]
    table = links(**tables)
    assert by_key(table)
    assert {r["expected"] for r in table.to_pylist()} == {None}
