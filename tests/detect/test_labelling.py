"""Clusters of one theme against random labelling: all labellings looked at, planted truth, laws."""

from collections import Counter
from fractions import Fraction
from itertools import combinations
from math import comb, sqrt

import numpy as np
import pytest
from scipy.stats import chisquare, hypergeom, poisson

from triplehelix.detect.dbscan import dbscan
from triplehelix.detect.labelling import labelling_test, random_labels
from triplehelix.errors import InputError


def runs_of_two(weight):
    """Sites on a line: neighbours that all have weight 2 or more are one cluster."""
    labels, cluster, before = [], -1, False
    for dense in (w >= 2 for w in weight):
        cluster += dense and not before
        labels.append(cluster if dense else -1)
        before = dense
    return labels


def least_tail(sites_of, marked, n_sites):
    """The least tail over the clusters of the marked, from sets and fractions alone."""
    weight = [sum(s in sites_of[a] for a in marked) for s in range(n_sites)]
    labels, tails = runs_of_two(weight), {}
    n_all, n_marked = len(sites_of), len(marked)
    for cluster in set(labels) - {-1}:
        inside = {a for a in range(n_all) if any(labels[s] == cluster for s in sites_of[a])}
        k, n = len(inside & set(marked)), len(inside)
        ways = sum(
            comb(n, x) * comb(n_all - n, n_marked - x) for x in range(k, min(n, n_marked) + 1)
        )
        tails[cluster] = Fraction(ways, comb(n_all, n_marked))
    return tails


def pairs_of(sites_of):
    pairs = [(site, a) for a, sites in enumerate(sites_of) for site in sites]
    return np.array(pairs, dtype=int).reshape(-1, 2).T


def outcome(sites_of, marked, n_sites, **options):
    site, activity = pairs_of(sites_of)
    n = len(sites_of)
    return labelling_test(
        site, activity, activity_id=[f"activity {i}" for i in range(n)],
        has_theme=np.isin(np.arange(n), list(marked)), n_sites=n_sites,
        **({"find": runs_of_two} | options),
    )  # fmt: skip


SITES_OF = [{0}, {0, 1}, {1}, {0}, {3}, {3, 4}, {4}, {2}, {1, 3}]


@pytest.mark.parametrize("marked", [(0, 1, 3), (0, 1, 2), (4, 5, 8), (1, 2, 8)])
def test_p_value_is_the_share_of_all_relabellings(marked):
    """All 84 choices of 3 of 9 activities, by sets and fractions; 4,000 drawn ones agree."""
    n_runs = 4_000
    found = outcome(SITES_OF, marked, 5, n_runs=n_runs)
    every = [min(least_tail(SITES_OF, m, 5).values(), default=9) for m in combinations(range(9), 3)]
    expected = least_tail(SITES_OF, marked, 5)
    assert len(found.tail) == len(expected) > 0
    for cluster, tail in expected.items():
        np.testing.assert_allclose(found.tail[cluster], float(tail), rtol=1e-12)
        share = np.mean([each <= tail for each in every])
        error = 4 * sqrt(share * (1 - share) / n_runs) + 1 / n_runs
        assert abs(found.p_value[cluster] - share) < error
    none_found = np.mean([each == 9 for each in every])
    assert abs(np.isinf(found.least).mean() - none_found) < 4 * sqrt(0.25 / n_runs)


def test_an_activity_counts_once_in_a_cluster_and_needs_a_place():
    """The first is at both sites of the cluster, and listed twice; the last is nowhere."""
    sites_of = [{0, 1}, {0}, {1}, {0, 1}, {1}, {3}, set()]
    site, activity = np.c_[pairs_of(sites_of), [[0], [0]]]
    found = labelling_test(
        site, activity, activity_id=list("abcdefg"), n_sites=4, find=runs_of_two, n_runs=9,
        has_theme=[True, True, True, False, False, False, True],
    )  # fmt: skip
    np.testing.assert_array_equal(found.labels, [0, 0, -1, -1])
    np.testing.assert_array_equal([found.n_marked, found.n_activities], [[3], [5]])
    np.testing.assert_allclose(found.tail, hypergeom.sf(2, 6, 3, 5))


def on_the_map(rng, n_towns=12, each=60):
    """Towns 100 km apart with 6 sites each; activities at one site, every fifth at a second."""
    lat = 45 + np.repeat(np.arange(n_towns), 6) * 0.9 + rng.normal(0, 0.01, n_towns * 6)
    lon = rng.normal(5, 0.01, n_towns * 6)
    home = rng.integers(0, 6, n_towns * each) + np.repeat(np.arange(n_towns), each) * 6
    second = rng.integers(0, n_towns * 6, len(home))
    sites_of = [
        {h, s} if i % 5 == 0 else {h} for i, (h, s) in enumerate(zip(home, second, strict=True))
    ]
    return lat, lon, sites_of


def test_planted_theme_is_found_and_a_spread_one_is_not():
    """In town 3 half of the activities have the theme, elsewhere one in ten; then everywhere."""
    rng = np.random.default_rng(1)
    lat, lon, sites_of = on_the_map(rng)
    town = np.repeat(np.arange(12), 60)

    def find(weight):
        return dbscan(lat, lon, radius_km=10, min_weight=5, weight=weight)

    planted = np.flatnonzero(rng.random(720) < np.where(town == 3, 0.5, 0.1))
    found = outcome(sites_of, planted, 72, find=find, n_runs=99)
    here = found.labels[18]
    assert found.p_value[here] == 0.01
    assert (np.delete(found.p_value, here) > 0.05).all()
    spread = np.flatnonzero(rng.random(720) < 0.15)
    found = outcome(sites_of, spread, 72, find=find, n_runs=99)
    assert len(found.tail) >= 8
    assert (found.p_value > 0.05).all()


def test_chance_alone_is_called_as_often_as_stated():
    """400 random labellings tested with 39 runs each: any cluster has p <= 0.05 in at most 5 %."""
    rng = np.random.default_rng(7)
    sites_of = [set(rng.integers(0, 12, rng.integers(1, 4)).tolist()) for _ in range(60)]
    repeats, called = 400, 0
    for seed in range(repeats):
        marked = rng.choice(60, 12, replace=False)
        found = outcome(sites_of, marked, 12, n_runs=39, seed=seed)
        called += (found.p_value <= 0.05).any()
    error = 3 * sqrt(0.05 * 0.95 / repeats)
    assert 0.05 - 2 * error < called / repeats <= 0.05 + error


def test_the_tail_alone_would_call_too_much():
    """Why runs are needed: the same labellings by the plain hypergeometric p-value."""
    rng = np.random.default_rng(7)
    sites_of = [set(rng.integers(0, 12, rng.integers(1, 4)).tolist()) for _ in range(60)]
    called = [
        (outcome(sites_of, rng.choice(60, 12, replace=False), 12, n_runs=1).tail <= 0.05).any()
        for _ in range(200)
    ]
    assert np.mean(called) > 0.15


def test_rows_in_any_order_and_runs_in_any_number():
    rng = np.random.default_rng(3)
    _, _, sites_of = on_the_map(rng, n_towns=4, each=30)
    site, activity = pairs_of(sites_of)
    ids = np.array([f"activity {i}" for i in range(120)])
    theme = rng.random(120) < 0.2
    common = {"n_sites": 24, "find": runs_of_two, "seed": 5}
    straight = labelling_test(
        site, activity, activity_id=ids.tolist(), has_theme=theme, n_runs=60, **common
    )
    rows, order = rng.permutation(len(site)), rng.permutation(120)
    place = np.argsort(order)
    shuffled = labelling_test(
        site[rows], place[activity[rows]], activity_id=ids[order].tolist(),
        has_theme=theme[order], n_runs=25, **common,
    )  # fmt: skip
    np.testing.assert_array_equal(shuffled.least, straight.least[:25])
    np.testing.assert_array_equal(shuffled.tail, straight.tail)
    np.testing.assert_array_equal(shuffled.labels, straight.labels)
    other = labelling_test(
        site, activity, activity_id=ids.tolist(), has_theme=theme, n_runs=60,
        **(common | {"seed": 6}),
    )  # fmt: skip
    assert (other.least != straight.least).any()


def test_every_choice_of_marks_is_as_likely():
    drawn = Counter(
        tuple(np.flatnonzero(m)) for m in random_labels("abcde", 2, n_runs=8_000, seed=2)
    )
    assert len(drawn) == 10
    assert chisquare(list(drawn.values())).pvalue > 0.001


def test_marks_of_none_and_of_all():
    assert not any(m.any() for m in random_labels("abc", 0, n_runs=9, seed=0))
    assert all(m.all() for m in random_labels("abc", 3, n_runs=9, seed=0))


def test_a_theme_of_all_tells_nothing():
    found = outcome(SITES_OF, range(9), 5, n_runs=19)
    assert len(found.p_value) > 0
    np.testing.assert_array_equal(found.tail, 1)
    np.testing.assert_array_equal(found.p_value, 1)


def test_a_theme_of_one_activity_in_one_cluster():
    """Any one of the nine marked makes one cluster of its sites; only activity 7 is alone there."""

    def find(weight):
        return [0 if w else -1 for w in weight]

    found = outcome(SITES_OF, [7], 5, find=find, n_runs=3_000)
    np.testing.assert_allclose(found.tail, [1 / 9])
    assert abs(found.p_value[0] - 1 / 9) < 4 * sqrt(8 / 81 / 3_000)


def test_nothing_found_and_nothing_there():
    found = outcome(SITES_OF, [], 5, n_runs=9)
    assert found.p_value.shape == found.n_marked.shape == (0,)
    assert (found.labels == -1).all()
    nothing = outcome([], [], 0, n_runs=9)
    assert nothing.p_value.shape == nothing.labels.shape == (0,)


GOOD = {"site": [0, 1], "activity": [0, 1], "activity_id": ["a", "b"], "has_theme": [True, False],
        "n_sites": 2, "find": lambda weight: [0, 0]}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"site": [0, 2]}, r"site\[1\] is 2 .*from 0 to 1.*leave out pairs without a place"),
        ({"activity": [0, -1]}, r"activity\[1\] is -1"),
        ({"activity": [0.0, 1.0]}, "activity has shape .*float64; give a list of whole numbers"),
        ({"activity": [0]}, "site has 2 values and activity 1"),
        ({"activity_id": ["a", "a"]}, "holds 'a' twice; give each activity once"),
        ({"has_theme": [True]}, "has_theme has shape .*True or False for each"),
        ({"has_theme": [0.5, 1]}, "type float64, for 2 activities"),
        ({"n_runs": 0}, "n_runs is 0; a test needs at least 1"),
        ({"find": lambda weight: [0]}, "find returned labels of shape .*each of the 2 sites"),
        ({"find": lambda weight: [0, -2]}, "least -2"),
    ],
)
def test_what_cannot_be_tested_is_refused(change, words):
    with pytest.raises(InputError, match=words):
        labelling_test(**(GOOD | change))


def test_random_labels_within_strata():
    """Each stratum keeps its number, and within it each choice is as likely."""
    drawn = list(random_labels("abcdef", [2, 1], stratum=[0, 0, 0, 0, 1, 1], n_runs=6_000, seed=4))
    assert {(m[:4].sum(), m[4:].sum()) for m in drawn} == {(2, 1)}
    chosen, times = np.unique([np.flatnonzero(m) for m in drawn], axis=0, return_counts=True)
    assert len(chosen) == 6 * 2
    assert chisquare(times).pvalue > 0.001


@pytest.mark.parametrize(("stratum", "words"), [
    ([0, 0, 1], "stratum has shape"), (["a"] * 6, "give each a whole number from 0"),
    ([-1] * 6, "give each a whole number from 0"),
])  # fmt: skip
def test_strata_that_are_none(stratum, words):
    with pytest.raises(InputError, match=words):
        next(random_labels("abcdef", [2], stratum=stratum, n_runs=1, seed=0))


def test_with_strata_the_yardstick_is_the_number_that_sizes_let_expect():
    """Four sites in two clusters; one activity of the first stratum in three has the theme."""
    found = labelling_test(
        [0, 1, 0, 2, 3, 2], [0, 0, 1, 2, 2, 3], activity_id=list("abcd"), n_sites=4,
        has_theme=[True, False, False, True], stratum=[0, 0, 0, 1], n_runs=1,
        find=lambda n: [0, 0, 1, 1],
    )  # fmt: skip
    # Expected: 1/3 each for a, b and c, and 1 for d, which alone is in its stratum.
    assert found.n_marked.tolist() == [1, 1]
    np.testing.assert_allclose(found.tail, poisson.sf(0, [2 / 3, 4 / 3]))
