"""Location quotients, by hand, by their laws, and their intervals against SciPy's."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats.contingency import relative_risk

from triplehelix.errors import InputError
from triplehelix.measure import location_quotient, location_quotient_interval

SHAPES = st.tuples(st.integers(1, 6), st.integers(1, 6))
COUNTS = arrays(float, SHAPES, elements=st.integers(1, 1_000).map(float))
GAPPY = arrays(float, SHAPES, elements=st.integers(0, 2).map(float))


def test_hand_worked():
    """Two equal regions; the first holds 2 of 10 biotech grants."""
    np.testing.assert_allclose(location_quotient([[2, 8], [8, 2]]), [[0.4, 1.6], [1.6, 0.4]])


@given(COUNTS)
def test_quotients_weighted_by_region_size_average_one(counts):
    size = counts.sum(axis=1) / counts.sum()
    np.testing.assert_allclose(size @ location_quotient(counts), 1.0)


@given(COUNTS, st.floats(0.001, 1_000))
def test_unit_does_not_matter(counts, scale):
    np.testing.assert_allclose(location_quotient(counts * scale), location_quotient(counts))


@given(GAPPY)
def test_cell_by_cell_and_nan_only_where_nothing_is(counts):
    """Against the definition in plain Python, cell by cell."""
    frame, quotient = pd.DataFrame(counts), location_quotient(counts)
    for (i, j), value in np.ndenumerate(quotient):
        if frame.loc[i].sum() == 0 or frame[j].sum() == 0:
            assert np.isnan(value)
        else:
            field = frame[j].sum() / frame.to_numpy().sum()
            assert value == pytest.approx(frame.loc[i, j] / frame.loc[i].sum() / field)


def test_empty_input_gives_its_shape():
    assert location_quotient(np.empty((0, 3))).shape == (0, 3)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([1, 2], r"got shape \(2,\); for a single region pass \[counts\]"),
        ([[1, -2], [-3, 4]], r"counts\[0, 1\] is -2.0 \(2 such cells\).*use 0 for no activity"),
        ([[np.nan]], r"counts\[0, 0\] is nan .*must be finite"),
    ],
)
def test_wrong_counts_are_named_with_the_remedy(counts, words):
    with pytest.raises(InputError, match=words):
        location_quotient(counts)


@given(arrays(int, SHAPES, elements=st.integers(1, 300)).filter(lambda c: min(c.shape) > 1))
def test_interval_holds_the_quotient_and_matches_scipy_carried_over(counts):
    """SciPy's interval for region against rest; the quotient from the whole table."""
    whole, field, total = counts.sum(axis=1), counts.sum(axis=0), counts.sum()
    a, m = counts[0, 0], whole[0]
    b, n = field[0] - a, total - m
    low, high = location_quotient_interval(
        a / m, b / n, size=m / total, trials=m, trials_elsewhere=n
    )
    expected = relative_risk(int(a), int(m), int(b), int(n)).confidence_interval(0.95)
    bounds = [r / (r * m / total + n / total) for r in (expected.low, expected.high)]
    np.testing.assert_allclose([low, high], bounds)
    quotient = location_quotient(counts)[0, 0]
    assert low <= quotient * (1 + 1e-9) and quotient <= high * (1 + 1e-9)


def test_interval_cannot_pass_the_largest_possible_quotient():
    """A region with a quarter of everything cannot hold more than four times its share."""
    _, high = location_quotient_interval(0.9, 0.01, size=0.25, trials=10, trials_elsewhere=30)
    assert high < 4


def test_interval_is_nan_where_the_field_is_on_one_side_only():
    low, high = location_quotient_interval(
        [0, 0.5, 0], [0.5, 0, 0], size=0.5, trials=[10, 10, 0], trials_elsewhere=10
    )
    assert np.isnan(low).all() and np.isnan(high).all()


def test_interval_covers_as_often_as_it_says():
    """Planted truth: quotient 0.4 / (0.2 * 0.4 + 0.8 * 0.2) = 5/3, found in 95 % (+- 2)."""
    rng = np.random.default_rng(20_240_102)
    inside, outside = rng.binomial(80, 0.4, 4_000) / 80, rng.binomial(320, 0.2, 4_000) / 320
    low, high = location_quotient_interval(
        inside, outside, size=0.2, trials=80, trials_elsewhere=320
    )
    assert 0.93 < np.mean((low <= 5 / 3) & (high >= 5 / 3)) < 0.97
