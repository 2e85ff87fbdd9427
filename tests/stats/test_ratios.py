"""The stratified ratio: by hand, against the plain one, and against statsmodels."""

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import StratifiedTable

from triplehelix.errors import InputError
from triplehelix.stats import katz_interval, stratified_ratio


def test_by_hand():
    """Greenland and Robins, worked out: the sums are 40/11, 20/11 and 2.4545..."""
    found = stratified_ratio([[20, 2]], [[100, 20]], [[1, 10]], [[10, 200]])
    assert found.ratio[0] == pytest.approx(2.0)
    spread = 18_800 / 12_100 + 43_600 / 48_400
    error = np.sqrt(spread / ((40 / 11) * (20 / 11)))
    assert found.low[0] == pytest.approx(2 * np.exp(-1.959963985 * error))
    assert found.high[0] == pytest.approx(2 * np.exp(1.959963985 * error))


def test_one_stratum_is_the_plain_ratio_with_katzs_bounds():
    found = stratified_ratio([[20]], [[50]], [[30]], [[150]])
    low, high = katz_interval(20, 50, 30, 150)
    assert found.ratio[0] == pytest.approx(2.0)
    assert (found.low[0], found.high[0]) == pytest.approx((float(low), float(high)))


def test_the_pooled_ratio_is_that_of_statsmodels():
    rng = np.random.default_rng(0)
    n, m = rng.integers(20, 60, (2, 8, 4))
    a, b = rng.binomial(n, 0.4), rng.binomial(m, 0.3)
    found = stratified_ratio(a, n, b, m)
    for i in range(8):
        tables = [np.array([[a[i, s], n[i, s] - a[i, s]], [b[i, s], m[i, s] - b[i, s]]])
                  for s in range(4)]  # fmt: skip
        assert found.ratio[i] == pytest.approx(StratifiedTable(tables).riskratio_pooled)


def test_bounds_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(1)
    n, m = np.array([30, 80, 200]), np.array([120, 60, 50])
    base = np.array([0.1, 0.3, 0.5])
    a, b = rng.binomial(n, 1.5 * base, (4000, 3)), rng.binomial(m, base, (4000, 3))
    found = stratified_ratio(a, np.broadcast_to(n, a.shape), b, np.broadcast_to(m, b.shape))
    held = np.mean((found.low <= 1.5) & (found.high >= 1.5))
    assert 0.94 < held < 0.965


def test_nothing_to_compare_is_nan_and_nothing_marked_has_no_bounds():
    found = stratified_ratio([[3], [0], [2]], [[9], [9], [9]], [[0], [2], [0]], [[0], [9], [9]])
    np.testing.assert_array_equal(found.ratio, [np.nan, 0.0, np.inf])
    assert np.isnan(found.low).all()


def test_wrong_counts_are_named():
    with pytest.raises(InputError, match="marked is 3 of 2 .* cannot exceed its total"):
        stratified_ratio([[3]], [[2]], [[1]], [[2]])
    with pytest.raises(InputError, match="give groups x strata"):
        stratified_ratio([3], [4], [[1]], [[2]])
    with pytest.raises(InputError, match="give a share such as 0.95"):
        stratified_ratio([[1]], [[2]], [[1]], [[2]], confidence=1)
