"""Intervals of weighted sums: against Poisson tables and SciPy, by law, by how often they hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from triplehelix.errors import InputError
from triplehelix.stats import sum_interval


@pytest.mark.parametrize(
    ("seen", "low", "high"),
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39), (100, 81.36, 121.63)],
)
def test_equal_weights_give_the_bounds_that_poisson_tables_print(seen, low, high):
    found = sum_interval(seen, seen, 1)
    assert found[0] == pytest.approx(low, abs=5e-3)
    assert found[1] == pytest.approx(high, abs=5e-3)


@given(st.integers(1, 500), st.floats(0.01, 100))
def test_equal_weights_scale_garwoods_bounds_as_scipy_has_them(seen, weight):
    low, high = sum_interval(seen * weight, seen * weight**2, weight, confidence=0.9)
    assert low == pytest.approx(weight * stats.chi2.ppf(0.05, 2 * seen) / 2)
    assert high == pytest.approx(weight * stats.chi2.ppf(0.95, 2 * seen + 2) / 2)


def test_it_holds_the_truth_as_often_as_it_says():
    """Events of weights 1 and 1/10, 5 and 20 of them to be expected: 7 in all."""
    rng = np.random.default_rng(4)
    big, small = rng.poisson(5, 4000), rng.poisson(20, 4000)
    low, high = sum_interval(big + small / 10, big + small / 100, 1)
    assert 0.94 < ((low <= 7) & (high >= 7)).mean() < 0.995


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((-1, 1, 1), "total holds -1.0"),
        ((1, np.nan, 1), "squares holds nan"),
        ((1, 1, 0), "largest holds 0.0"),
    ],
)
def test_wrong_numbers_are_named(arguments, words):
    with pytest.raises(InputError, match=words):
        sum_interval(*arguments)


def test_wrong_confidence_is_named():
    with pytest.raises(InputError, match="confidence is 95; give a share such as 0.95"):
        sum_interval(1, 1, 1, confidence=95)
