"""What resampling and random labelling said, taken up into profiles: worked by hand."""

import pytest

from tests.engine import tables_after
from triplehelix import measure

CLUSTERS = [
    {"cluster_id": "a", "theme": "all", "period": "all", "level": 0, "area_km2": 50.0,
     "n_organisations": 10, "n_activities": 7, "countries": ["GB"]},
    {"cluster_id": "b", "theme": "ageing", "period": "all", "level": 0, "area_km2": 0.0,
     "n_organisations": 4, "n_activities": 3, "countries": ["GB"]},
]  # fmt: skip
INTERVALS = [
    {"cluster_id": c, "measure": m, "value": v, "low": v - 2, "high": v + 5, "n": 200}
    for c, m, v in [("a", "rank", 4), ("a", "weight", 30), ("a", "n_organisations", 10),
                    ("b", "n_organisations", 4), ("b", "n_activities", 3)]
]  # fmt: skip
TESTS = [
    {"cluster_id": "a", "theme": "ageing", "p_value": 0.0123, "q_value": 0.04, "n": 3},
    {"cluster_id": "a", "theme": "cancer", "p_value": 1.0, "q_value": 1.0, "n": 0},
]


@pytest.fixture(scope="module")
def profiles():
    # Members, so that a has its counts; nothing else is asked of them here.
    made = tables_after(
        measure.steps(), ["profiles"], found_clusters=CLUSTERS, cluster_intervals=INTERVALS,
        theme_tests=TESTS,
        memberships=[{"cluster_id": "a", "site_id": "s", "organisation_id": "o"}],
        sites=[{"site_id": "s", "organisation_id": "o"}],
        organisations=[{"organisation_id": "o", "helix": "industry"}],
    )  # fmt: skip
    return {(r["cluster_id"], r["measure"], r["theme"]): r for r in made["profiles"]}


@pytest.mark.parametrize(("key", "value", "low", "high"), [
    (("a", "rank", "all"), 4, 2, 9),
    (("a", "weight", "all"), 30, 28, 35),
    (("a", "organisations_per_km2", "all"), 0.2, 0.16, 0.3),
    (("b", "n_organisations", "ageing"), 4, 2, 9),
    (("b", "n_activities", "ageing"), 3, 1, 8),
])  # fmt: skip
def test_bounds_are_those_of_resampling(profiles, key, value, low, high):
    row = profiles[key]
    assert (row["value"], row["low"], row["high"]) == pytest.approx((value, low, high))


def test_a_theme_beyond_chance_has_its_q_and_says_its_p(profiles):
    row = profiles["a", "concentration_q", "ageing"]
    assert (row["value"], row["low"], row["high"], row["n"]) == (0.04, None, None, 3)
    assert "p = 0.012" in row["note"]
    assert ("a", "concentration_q", "cancer") not in profiles  # none of its activities is here


def test_no_ground_no_density(profiles):
    assert ("b", "organisations_per_km2", "ageing") not in profiles
