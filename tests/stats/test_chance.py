"""Tests against chance, and many at once: against exact fractions, SciPy, and tables by hand."""

from fractions import Fraction
from itertools import combinations, product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, hypergeom

from triplehelix.errors import InputError
from triplehelix.stats import (
    benjamini_hochberg,
    hypergeometric_tail,
    stratified_hypergeometric_tail,
)


@st.composite
def tables(draw, most=2_000):
    """n_both, n_group, n_marked, n_all of one possible table."""
    n_all = draw(st.integers(0, most))
    n_group, n_marked = draw(st.integers(0, n_all)), draw(st.integers(0, n_all))
    least, greatest = max(0, n_group + n_marked - n_all), min(n_group, n_marked)
    return draw(st.integers(least, greatest)), n_group, n_marked, n_all


def exact_tail(k, n, m, total):
    ways = sum(comb(m, x) * comb(total - m, n - x) for x in range(k, min(n, m) + 1))
    return Fraction(ways, comb(total, n))


@given(tables())
def test_tail_is_the_exact_fraction(table):
    expected = max(float(exact_tail(*table)), np.finfo(float).tiny)
    np.testing.assert_allclose(hypergeometric_tail(*table), expected, rtol=1e-11)


@pytest.mark.parametrize(
    ("n_all", "n_group", "n_marked"), [(6, 3, 2), (7, 4, 4), (5, 5, 2), (4, 0, 2)]
)
def test_tail_is_the_share_of_all_labellings(n_all, n_group, n_marked):
    """The group is the first n_group things; every choice of the marked ones is looked at."""
    counts = [
        sum(thing < n_group for thing in marks) for marks in combinations(range(n_all), n_marked)
    ]
    for k in set(counts):
        share = np.mean([count >= k for count in counts])
        np.testing.assert_allclose(hypergeometric_tail(k, n_group, n_marked, n_all), share)


def test_tail_agrees_with_scipy_at_the_size_of_real_data():
    rng = np.random.default_rng(5)
    n = rng.integers(1, 6_000, size=300)
    k = rng.hypergeometric(1_105, 31_451 - 1_105, n)
    expected = hypergeom.sf(k - 1, 31_451, 1_105, n)
    np.testing.assert_allclose(hypergeometric_tail(k, n, 1_105, 31_451), expected, rtol=1e-9)


@pytest.mark.parametrize(
    "table", [(500, 3_000, 1_105, 31_451), (90, 100, 2_000, 10**6), (60, 60, 60, 10**6)]
)
def test_far_tail_keeps_its_digits(table):
    """Beyond 1e-200, where one less the sum of the rest would be 0."""
    expected = float(exact_tail(*table))
    assert 0 < expected < 1e-150
    np.testing.assert_allclose(hypergeometric_tail(*table), expected, rtol=1e-11)


def test_a_tail_too_small_for_a_number_is_never_zero():
    assert 0 < hypergeometric_tail(1_000, 1_000, 1_000, 10**6) < 1e-300


def test_tail_agrees_with_drawing():
    drawn = np.random.default_rng(11).hypergeometric(30, 70, 20, size=200_000)
    for k in (4, 6, 9):
        share = np.mean(drawn >= k)
        assert abs(hypergeometric_tail(k, 20, 30, 100) - share) < 4 * np.sqrt(share / 200_000)


def test_tail_broadcasts_and_is_the_same_one_by_one():
    k, n = np.arange(9)[:, None], np.array([10, 20, 40])
    together = hypergeometric_tail(k, n, 15, 100)
    assert together.shape == (9, 3)
    alone = [[float(hypergeometric_tail(i, j, 15, 100)) for j in n] for i in range(9)]
    assert (together == alone).all()


def test_tail_of_nothing():
    assert hypergeometric_tail([], 3, 2, 5).shape == (0,)
    assert hypergeometric_tail(0, 0, 0, 0) == 1


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ((3, 2, 4, 9), "3 are in the group and marked, 2 in the group.*count each thing once"),
        ((3, 4, 2, 9), "cannot be counts of the same things"),
        ((1, 10, 2, 9), "cannot be counts"),
        ((0, 6, 6, 9), "cannot be counts"),
        ((-1, 2, 2, 9), "n_both holds -1.0.*use 0 where nothing was counted"),
        ((1, 2.5, 2, 9), "n_group holds 2.5.*whole number"),
        ((1, 2, np.nan, 9), "n_marked holds nan.*finite"),
    ],
)
def test_tail_refuses_what_is_no_table(table, words):
    with pytest.raises(InputError, match=words):
        hypergeometric_tail(*table)


def test_q_values_by_hand():
    """Six tests: p m / rank is 0.006, 0.024, 0.06, 0.06, 0.06, 0.9; from above, each the least."""
    p = [0.04, 0.001, 0.9, 0.008, 0.05, 0.03]
    np.testing.assert_allclose(benjamini_hochberg(p), [0.06, 0.006, 0.9, 0.024, 0.06, 0.06])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_q_values_agree_with_scipy(p):
    np.testing.assert_allclose(benjamini_hochberg(p), false_discovery_control(p, method="bh"))


def test_the_untested_stays_untested_and_is_not_counted():
    q = benjamini_hochberg([[0.01, np.nan], [0.02, np.nan]])
    np.testing.assert_array_equal(q, [[0.02, np.nan], [0.02, np.nan]])
    assert benjamini_hochberg([]).shape == (0,)
    assert np.isnan(benjamini_hochberg([np.nan])).all()


def test_q_values_follow_their_tests_when_shuffled():
    rng = np.random.default_rng(3)
    p = rng.choice([0.001, 0.01, 0.2, 0.7], size=200)
    order = rng.permutation(200)
    assert (benjamini_hochberg(p[order]) == benjamini_hochberg(p)[order]).all()


def test_q_values_bound_false_discoveries():
    """Planted: 20 of 100 tests are true effects; over 400 repeats at most 5 % of calls are false."""
    rng = np.random.default_rng(8)
    false_share = []
    for _ in range(400):
        p = np.append(rng.random(80), rng.random(20) ** 8)
        called = benjamini_hochberg(p) <= 0.05
        false_share.append(called[:80].sum() / max(called.sum(), 1))
    assert np.mean(false_share) < 0.05
    assert np.mean(false_share) > 0.02


@pytest.mark.parametrize("bad", [-0.1, 1.1, np.inf])
def test_q_values_refuse_what_is_no_chance(bad):
    with pytest.raises(InputError, match="p_values holds .*between 0 and 1: use NaN"):
        benjamini_hochberg([0.5, bad])


def labelled_every_way(group, kind, marks):
    """Every way of giving each kind its number of marks, as the number that the group gets."""
    kinds = [np.flatnonzero(kind == k) for k in range(len(marks))]
    ways = [list(combinations(rows, n)) for rows, n in zip(kinds, marks, strict=True)]
    return [sum(group[i] for each in way for i in each) for way in product(*ways)]


@pytest.mark.parametrize("seed", range(12))
def test_stratified_tail_is_the_share_of_all_labellings(seed):
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 3, 9)
    group = rng.integers(0, 2, 9)
    sizes = np.bincount(kind, minlength=3)
    marks = [int(rng.integers(0, n + 1)) for n in sizes]
    held = np.bincount(kind[group == 1], minlength=3)
    got = labelled_every_way(group, kind, marks)
    for k in sorted(set(got)):
        share = np.mean(np.array(got) >= k)
        found = stratified_hypergeometric_tail([k], [held], [marks], sizes)
        assert found == pytest.approx([share], rel=1e-12)


@given(st.integers(1, 60), st.integers(0, 60), st.integers(0, 60))
def test_one_stratum_is_none(n_all, n_group, n_marked):
    n_group, n_marked = min(n_group, n_all), min(n_marked, n_all)
    k = np.arange(max(0, n_group + n_marked - n_all), min(n_group, n_marked) + 1)
    one = np.ones((len(k), 1), dtype=int)
    found = stratified_hypergeometric_tail(k, n_group * one, n_marked * one, [n_all])
    np.testing.assert_allclose(found, hypergeometric_tail(k, n_group, n_marked, n_all), rtol=1e-9)


def test_stratified_counts_that_cannot_be_are_explained():
    with pytest.raises(InputError, match="4 are in the group and marked, but it can hold 0 to 3"):
        stratified_hypergeometric_tail([4], [[2, 5]], [[3, 1]], [9, 9])
    with pytest.raises(InputError, match="give groups x strata"):
        stratified_hypergeometric_tail([1], [2, 5], [3, 1], [9, 9])
    assert stratified_hypergeometric_tail([], np.empty((0, 2)), np.empty((0, 2)), [3, 4]).shape == (
        0,
    )
