"""Hill numbers, by hand, by the formula term by term, and by their laws."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import binomtest, entropy
from scipy.stats import t as student

from triplehelix.errors import InputError
from triplehelix.measure import hill_number_interval, hill_numbers

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


def moments(draws):
    """Totals, products, and the draws of each field, of draws x fields."""
    table = np.asarray(draws, dtype=float)
    return {"totals": table.sum(axis=0), "products": table.T @ table,
            "draws": len(table), "draws_of": (table > 0).sum(axis=0)}  # fmt: skip


def of_one_field(counts):
    return {"totals": counts, "products": np.diag(counts), "draws": sum(counts), "draws_of": counts}


@given(st.lists(st.integers(2, 60), min_size=2, max_size=7).filter(lambda c: sum(c) > 5))
def test_interval_of_draws_of_one_field_is_the_textbooks(counts):
    """Entropy's variance (sum p log^2 p - H^2) / (n - 1), and (S - 1) / 2 (n - 1) of bias."""
    n, s = sum(counts), len(counts)
    p = np.array(counts) / n
    h = -(p * np.log(p)).sum()
    variance = ((p * np.log(p) ** 2).sum() - h**2) / (n - 1) + (s - 1) / 2 / (n - 1) ** 2
    centre, width = h + (s - 1) / 2 / (n - 1), student.ppf(0.975, n - 1) * math.sqrt(variance)
    low, high = hill_number_interval(**of_one_field(counts), q=1)
    assert low == pytest.approx(min(max(math.exp(centre - width), 1), math.exp(h)), rel=1e-9)
    assert high == pytest.approx(min(math.exp(centre + width), s), rel=1e-9)


def test_interval_hand_worked():
    """Thirty and ten of forty: H 0.5623, centre 0.5752, deviation 0.0783, t(39) 2.0227."""
    low, high = hill_number_interval(**of_one_field([30, 10]), q=1)
    assert low == pytest.approx(math.exp(0.5752 - 2.0227 * 0.0783), abs=2e-3)
    assert high == 2


@pytest.mark.parametrize("q", [1, 2])
def test_interval_is_as_wide_as_resampling_the_draws_says(q):
    """Draws of several fields and unequal weight, against a plain bootstrap of whole draws."""
    rng = np.random.default_rng(3)
    draws = rng.choice([1, 2, 5], (400, 1)) * (rng.random((400, 5)) < [0.6, 0.4, 0.2, 0.2, 0.1])
    draws = draws[draws.sum(axis=1) > 0]
    again = draws[rng.integers(0, len(draws), (1500, len(draws)))].sum(axis=1)
    resampled = np.log(hill_numbers(again, q)).std()
    low, high = hill_number_interval(**moments(draws), q=q)
    assert (math.log(high) - math.log(low)) / 2 == pytest.approx(1.97 * resampled, rel=0.12)


@pytest.mark.parametrize("n", [20, 60])
def test_interval_covers_what_was_planted(n):
    """Eight fields, each with 0.6 of the share before it: 300 samples."""
    p = 0.6 ** np.arange(8)
    truth = math.exp(entropy(p))
    rng = np.random.default_rng(5)
    missed = np.zeros(2)
    for counts in rng.multinomial(n, p / p.sum(), 300):
        low, high = hill_number_interval(**of_one_field(counts), q=1)
        missed += [low > truth, high < truth]
    assert (missed / 300 <= [0.05, 0.09]).all()


@given(st.lists(st.integers(0, 30), min_size=2, max_size=6).filter(any), st.sampled_from([1, 2]))
def test_interval_takes_in_the_number_and_knows_no_unit(counts, q):
    low, high = hill_number_interval(**of_one_field(counts), q=q)
    assert 1 <= low <= hill_numbers(counts, q) + 1e-9
    assert hill_numbers(counts, q) <= high + 1e-9 <= len(counts) + 2e-9
    given_ = of_one_field(counts)
    given_ |= {"totals": np.array(counts) * 7.0, "products": np.diag(counts) * 49.0}
    np.testing.assert_allclose(hill_number_interval(**given_, q=q), (low, high), rtol=1e-9)


def test_interval_where_all_is_in_one_field_or_one_draw():
    """None of 20 elsewhere leaves 0.161 open (Wilson): spread over two more fields, at most."""
    low, high = hill_number_interval(**of_one_field([20, 0, 0]), q=1)
    unseen = binomtest(0, 20).proportion_ci(method="wilson").high
    assert (low, high) == (
        1,
        pytest.approx(math.exp(entropy([1 - unseen, unseen / 2, unseen / 2]))),
    )
    assert hill_number_interval(**of_one_field([5]), q=1) == (1, 1)
    assert hill_number_interval(**moments([[1, 1, 0]]), q=1) == (1, 3)
    assert np.isnan(hill_number_interval(**of_one_field([0, 0]), q=1)).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"q": 0}, "q is 0; an interval needs an order above 0"),
        ({"q": math.inf}, "q is inf; an interval"),
        ({"products": [[1]]}, r"totals have shape \(2,\) and products \(1, 1\)"),
        ({"products": [[1, -1], [0, 1]]}, "products hold a negative"),
    ],
)
def test_wrong_moments_are_named_with_the_remedy(change, words):
    with pytest.raises(InputError, match=words):
        hill_number_interval(**{**of_one_field([3, 4]), "q": 1, **change})
