"""The helix mix, by hand and by its law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from triplehelix.errors import InputError
from triplehelix.measure import helix_mix


def test_hand_worked_and_nan_for_nothing():
    np.testing.assert_allclose(helix_mix([[3, 1, 0], [0, 0, 0]]), [[0.75, 0.25, 0], [np.nan] * 3])


@given(arrays(float, (4, 6), elements=st.floats(0.001, 1_000)))
def test_shares_sum_to_one_and_keep_the_proportions(counts):
    mix = helix_mix(counts)
    np.testing.assert_allclose(mix.sum(axis=1), 1)
    np.testing.assert_allclose(mix / mix[:, :1], counts / counts[:, :1])


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([1, 2], r"got shape \(2,\); for a single region pass \[counts\]"),
        ([[1, np.inf]], r"counts\[0, 1\] is inf .*use 0 where a helix is absent"),
    ],
)
def test_wrong_counts_are_named_with_the_remedy(counts, words):
    with pytest.raises(InputError, match=words):
        helix_mix(counts)
