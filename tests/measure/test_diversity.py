"""Hill numbers, by hand, by the formula term by term, and by their laws."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import entropy

from triplehelix.errors import InputError
from triplehelix.measure import hill_numbers

ORDERS = st.one_of(st.floats(0, 20), st.sampled_from([0.0, 1.0, 2.0, math.inf]))
FIELDS = arrays(float, st.integers(1, 8), elements=st.integers(0, 50).map(float)).filter(
    lambda counts: counts.sum() > 0
)


def test_hand_worked():
    """Halves, quarters: richness 3, exp(entropy) = 2^1.5, 1 / (1/4 + 1/16 + 1/16), 1 / (1/2)."""
    numbers = hill_numbers([2, 1, 1, 0], [0, 1, 2, math.inf])
    np.testing.assert_allclose(numbers, [3, 2**1.5, 8 / 3, 2])


@given(st.integers(1, 40), st.floats(0.01, 100), ORDERS)
def test_equally_common_fields_count_as_they_are(n, each, q):
    np.testing.assert_allclose(hill_numbers([each] * n, q), n, rtol=1e-9)


@given(FIELDS, ORDERS.filter(lambda q: abs(q - 1) > 1e-4 and q != math.inf))
def test_agrees_with_the_formula_term_by_term(counts, q):
    """Hill 1973, equation 1, summed without rounding error."""
    p = [c / counts.sum() for c in counts if c > 0]
    expected = math.fsum(x**q for x in p) ** (1 / (1 - q))
    np.testing.assert_allclose(hill_numbers(counts, q), expected, rtol=1e-9)


@given(FIELDS)
def test_order_one_is_the_exponential_of_scipys_entropy(counts):
    np.testing.assert_allclose(hill_numbers(counts, 1), np.exp(entropy(counts)))


@given(FIELDS, st.floats(-8, -4).map(lambda e: 10**e), st.sampled_from([-1, 1]))
def test_no_jump_at_order_one(counts, step, side):
    """Within 1e-4 of order 1 the number moves by less than its logarithm's square times it."""
    slope = math.log(len(counts) + 1) ** 2
    near, at = hill_numbers(counts, [1 + side * step, 1])
    assert abs(near - at) <= at * slope * step + 1e-9


@given(FIELDS, ORDERS, ORDERS)
def test_never_rises_with_the_order_and_stays_between_one_and_all(counts, q, r):
    low, high = sorted((q, r))
    at_low, at_high = hill_numbers(counts, [low, high])
    assert 1 - 1e-9 <= at_high <= at_low * (1 + 1e-9)
    assert at_low <= np.count_nonzero(counts) * (1 + 1e-9)


@given(FIELDS, ORDERS, st.integers(2, 5))
def test_doubling_principle(counts, q, times):
    """Several regions alike but with fields of their own: as many times as diverse."""
    alike = np.tile(counts, times)
    np.testing.assert_allclose(hill_numbers(alike, q), times * hill_numbers(counts, q), rtol=1e-9)


def test_shapes_and_regions_without_activity():
    counts = [[1, 1, 0], [0, 0, 0]]
    assert hill_numbers(counts, 2).shape == (2,)
    np.testing.assert_allclose(hill_numbers(counts, [0, 1, 2, 3, math.inf])[0], 2)
    assert np.isnan(hill_numbers(counts, [0, 1, 2, 3, math.inf])[1]).all()
    assert np.isnan(hill_numbers([], 1))
    assert hill_numbers([3, 1], []).shape == (0,)
    assert hill_numbers(np.empty((0, 3)), 1).shape == (0,)


@pytest.mark.parametrize(
    ("counts", "q", "words"),
    [
        ([1, 2], -1, "q is -1.0; an order is a number >= 0"),
        ([1, 2], math.nan, "q is nan"),
        ([1, 2], [[1]], r"q has shape \(1, 1\)"),
        ([1, -2], 1, r"counts\[1\] is -2.0 .*use 0 for no activity"),
        (3, 1, r"got shape \(\); pass one number per field"),
    ],
)
def test_wrong_values_are_named_with_the_remedy(counts, q, words):
    with pytest.raises(InputError, match=words):
        hill_numbers(counts, q)
