"""Intervals, against SciPy's and against counts worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from scipy.stats.contingency import relative_risk

from triplehelix.errors import InputError
from triplehelix.stats import effective_size, katz_interval, wilson_interval

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
