"""Intervals and weights, against SciPy's and against counts worked by hand."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2_contingency, chisquare, poisson
from scipy.stats.contingency import relative_risk

from triplehelix.errors import InputError
from triplehelix.stats import effective_size, katz_interval, poisson_weights, wilson_interval

CONFIDENCES = st.sampled_from([0.5, 0.9, 0.95, 0.99])
DRAWS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(DRAWS, CONFIDENCES)
def test_wilson_agrees_with_scipy(draws, confidence):
    k, n = draws
    expected = binomtest(k, n).proportion_ci(confidence, method="wilson")
    low, high = wilson_interval(k, n, confidence=confidence)
    np.testing.assert_allclose([low, high], [expected.low, expected.high], atol=1e-12)


def test_wilson_hand_worked():
    """With z = 1.96 and 5 of 10: centre 1/2, half width 0.2634 (Wilson 1927, equation 3)."""
    low, high = wilson_interval(5, 10)
    z = 1.959963984540054
    half = z * np.sqrt(10 * 0.25 + z**2 / 4) / (10 + z**2)
    np.testing.assert_allclose([low, high], [0.5 - half, 0.5 + half])


def test_wilson_holds_its_ends_and_says_nothing_of_no_trials():
    low, high = wilson_interval([0, 7, 0], [7, 7, 0])
    assert low[0] == 0 < high[0] < 1
    assert 0 < low[1] < high[1] == 1
    assert np.isnan([low[2], high[2]]).all()


@given(st.floats(0, 1), st.floats(0.1, 1e6))
def test_wilson_takes_fractional_trials_and_holds_the_share(share, trials):
    low, high = wilson_interval(share * trials, trials)
    assert 0 <= low <= share * (1 + 1e-9) + 1e-12
    assert share * (1 - 1e-9) - 1e-12 <= high <= 1


def test_wilson_covers_as_often_as_it_says():
    """Planted truth: of 4,000 draws of 60 with share 0.3, 95 % (+- 1.5) hold it."""
    k = np.random.default_rng(20_240_101).binomial(60, 0.3, size=4_000)
    low, high = wilson_interval(k, 60)
    assert 0.935 < np.mean((low <= 0.3) & (high >= 0.3)) < 0.965


@given(DRAWS, DRAWS, CONFIDENCES)
def test_katz_agrees_with_scipy(draws, other, confidence):
    (a, m), (b, n) = draws, other
    low, high = katz_interval(a, m, b, n, confidence=confidence)
    if a == 0 or b == 0:
        assert np.isnan([low, high]).all()
    else:
        expected = relative_risk(a, m, b, n).confidence_interval(confidence)
        np.testing.assert_allclose([low, high], [expected.low, expected.high], rtol=1e-10)


def test_katz_broadcasts_and_is_nan_without_draws():
    low, high = katz_interval([[3], [0]], [[5], [0]], [2, 0], [4, 9])
    assert low.shape == high.shape == (2, 2)
    assert np.isnan(low).tolist() == [[False, True], [True, True]]


@given(st.lists(st.floats(0.01, 10), min_size=1, max_size=20))
def test_effective_size_lies_between_one_and_the_number_of_draws(weights):
    w = np.array(weights)
    assert 1 - 1e-9 <= effective_size(w.sum(), (w**2).sum()) <= len(w) + 1e-9


def test_effective_size_of_equal_and_of_no_draws():
    np.testing.assert_allclose(effective_size([4 * 0.25, 0], [4 * 0.0625, 0]), [4, 0])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: wilson_interval(-1, 5), "successes holds -1.0 .*use 0 where nothing"),
        (lambda: wilson_interval([1, 6], [2, 5]), r"successes is 6.0 of 5.0 trials \(1 such"),
        (lambda: wilson_interval(1, np.inf), "trials holds inf .*must be finite"),
        (lambda: wilson_interval(1, 5, confidence=95), "confidence is 95; .*such as 0.95"),
        (lambda: katz_interval(1, 5, 3, 2), "other_successes is 3.0 of 2.0 other_trials"),
        (lambda: effective_size(1, np.nan), "total_of_squares holds nan"),
    ],
)
def test_wrong_values_are_named_with_the_remedy(call, words):
    with pytest.raises(InputError, match=words):
        call()


IDS = [f"https://ror.org/{i:09d}" for i in range(4000)]


def test_poisson_weights_are_as_frequent_as_scipy_says():
    """Chi-square over 0, 1, ..., 6 and more, of 400,000 draws in 100 runs."""
    weights = poisson_weights(IDS, n_runs=100, seed=3)
    assert weights.shape == (100, 4000)
    assert weights.dtype == np.uint8
    share = poisson.pmf(np.arange(6), 1)
    observed = np.bincount(np.minimum(weights, 6).ravel(), minlength=7)
    expected = np.append(share, 1 - share.sum()) * weights.size
    assert chisquare(observed, expected).pvalue > 0.001


@pytest.mark.parametrize("other", [1, 7, 8, 64])
def test_poisson_weights_of_two_runs_are_independent(other):
    """In one digest and in another; by the table of 0, 1, 2 and more in both runs."""
    weights = np.minimum(poisson_weights(IDS, n_runs=65), 2)
    table = np.zeros((3, 3))
    np.add.at(table, (weights[0], weights[other]), 1)
    assert chi2_contingency(table).pvalue > 0.001


def test_poisson_weights_follow_from_sha_256_by_hand():
    """The digest of seed, block and id in 8 numbers, each through Poisson's quantiles."""
    digest = hashlib.sha256(b"7 1 Kew").digest()
    uniform = [(int.from_bytes(digest[4 * i : 4 * i + 4], "big") + 0.5) / 2**32 for i in range(8)]
    weights = poisson_weights(["Kew"], n_runs=16, seed=7)
    np.testing.assert_array_equal(weights[8:, 0], poisson.ppf(uniform, 1))


@given(st.lists(st.text(max_size=5), max_size=20), st.integers(0, 20), st.integers(-5, 5))
def test_poisson_weights_depend_on_the_id_alone(ids, n_runs, seed):
    weights = poisson_weights(ids, n_runs=n_runs, seed=seed)
    more = poisson_weights(["another", *reversed(ids)], n_runs=n_runs + 9, seed=seed)
    np.testing.assert_array_equal(weights, more[:n_runs, :0:-1])


def test_poisson_weights_of_another_seed_are_others():
    one, other = (poisson_weights(IDS, n_runs=1, seed=seed) for seed in (1, 2))
    # Two independent Poisson(1) numbers are equal with probability e^-2 I0(2) = 0.3085.
    assert 0.28 < (one == other).mean() < 0.34


@pytest.mark.parametrize(
    ("ids", "changes", "words"),
    [
        (["a"], {"n_runs": -1}, "n_runs is -1; give the number of runs"),
        (["a"], {"n_runs": 2.5}, "n_runs is 2.5; give a whole number"),
        (["a"], {"seed": "x"}, "seed is 'x'; give a whole number"),
        (["a", 3], {}, r"ids\[1\] is 3; ids must be strings"),
    ],
)
def test_poisson_weights_explain_bad_input(ids, changes, words):
    with pytest.raises(InputError, match=words):
        poisson_weights(ids, **{"n_runs": 2} | changes)
