"""Median waits, against a table worked by hand, textbook data, and statsmodels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from triplehelix.errors import InputError
from triplehelix.stats.survival import Waited, median_wait

# Remission under 6-mercaptopurine, in weeks: Freireich and others (1963), Blood 21, 699-716; the
# table of Cox and Oakes (1984), Analysis of Survival Data, p. 8. A minus: still in remission.
REMISSION = [
    6,
    6,
    6,
    7,
    10,
    13,
    16,
    22,
    23,
    -6,
    -9,
    -10,
    -11,
    -17,
    -19,
    -20,
    -25,
    -32,
    -32,
    -34,
    -35,
]


def test_hand_worked():
    """
    Ends at 1, 2 and 4; one stops being watched at 3. Of five 4/5 wait after 1, 3/5 after 2, and
    after 4, with two left at risk, 3/10.
    """
    waited = median_wait([1, 2, 3, 4, 5], [True, True, False, True, False])
    assert (waited.median, waited.n, waited.n_events) == (4.0, 5, 3)


def test_a_known_table():
    """Median 23 weeks; the log-log interval begins at 13 and has no end (R's survival says so)."""
    weeks = np.abs(REMISSION)
    assert median_wait(weeks, np.array(REMISSION) > 0) == Waited(23.0, 13.0, None, 21, 9)


def test_nobody_answers_is_told_and_not_zero():
    assert median_wait([3.0, 9.0], [False, False]) == Waited(None, None, None, 2, 0)
    assert median_wait([], []) == Waited(None, None, None, 0, 0)


def test_fewer_than_half_answered_has_no_median():
    waited = median_wait([1, 50, 50, 50], [True, False, False, False])
    assert (waited.median, waited.high) == (None, None)


def test_waiting_longer_never_shortens_the_median():
    """What is still waiting counts: dropped, it would make the median 1."""
    short = median_wait([1, 1, 9], [True, True, True])
    long = median_wait([1, 1, 9, 30, 30, 30], [True, True, True, False, False, False])
    assert short.median == 1.0
    assert long.median is not None and long.median > short.median


WAITS = st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=60)


@given(WAITS)
def test_as_statsmodels(waits):
    """Where the curve neither meets one half exactly (conventions differ) nor ends at none."""
    days, ended = (np.array(each) for each in zip(*waits, strict=True))
    if not ended.any():
        return
    other = SurvfuncRight(days, ended)
    if np.isclose(other.surv_prob, 0.5).any() or other.surv_prob[-1] == 0:
        return
    ours = median_wait(days, ended)
    low, high = other.quantile_ci(0.5, method="cloglog")
    for mine, theirs in ((ours.median, other.quantile(0.5)), (ours.low, low), (ours.high, high)):
        assert (mine is None) == (not np.isfinite(theirs))
        assert mine is None or mine == theirs


@given(WAITS, st.randoms())
def test_order_does_not_matter(waits, random):
    mixed = random.sample(waits, len(waits))
    first, second = (median_wait(*zip(*each, strict=True)) for each in (waits, mixed))
    assert first == second


@pytest.mark.parametrize(("days", "ended", "words"), [
    ([1, 2], [True], "give one of each for every wait"),
    ([1, -2], [True, True], r"durations\[1\] is -2.0 \(1 such\); durations must be finite"),
    ([float("nan")], [True], "leave out what has not begun"),
])  # fmt: skip
def test_what_cannot_be_a_wait_is_told(days, ended, words):
    with pytest.raises(InputError, match=words):
        median_wait(days, ended)
