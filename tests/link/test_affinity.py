"""Which kinds meet: by hand, against every pair taken singly, shuffled."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from triplehelix.link.affinity import affinity

PART = st.lists(st.lists(st.integers(0, 1), min_size=6, max_size=6), min_size=1, max_size=9)
KINDS = ["x", "y", "x", "z", "y", "y"]


def pair_by_pair(part):
    met = dict.fromkeys(((k, m) for k in "xyz" for m in "xyz"), 0.0)
    for activity in part.T:
        there = np.flatnonzero(activity)
        for a, b in permutations(there, 2):
            met[KINDS[a], KINDS[b]] += 1 / (len(there) - 1)
    total = {k: sum(met[k, m] for m in "xyz") for k in "xyz"}
    whole = max(sum(total.values()), 1)
    return [
        [np.log((met[k, m] + 5) / (total[k] * total[m] / whole + 5)) for m in "xyz"] for k in "xyz"
    ]


@settings(deadline=None)
@given(PART)
def test_it_is_what_pairs_taken_singly_give(rows):
    part = np.array(rows, dtype=float).T
    number, table = affinity(sparse.csr_array(part), KINDS)
    assert number.tolist() == [0, 1, 0, 2, 1, 1]
    np.testing.assert_allclose(table, pair_by_pair(part), atol=1e-9)


def test_work_done_alone_tells_nothing():
    """A kind that never meets anybody has nothing to be told: log(5 / 5)."""
    number, table = affinity(sparse.csr_array(np.eye(3)), ["x", "y", "y"])
    assert number.tolist() == [0, 1, 1]
    assert table == pytest.approx(np.zeros((2, 2)))
