"""Poisson weights, against SciPy's distribution and SHA-256 by hand."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, chisquare, poisson

from triplehelix.errors import InputError
from triplehelix.stats import poisson_weights

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
