"""The smallest cover, and of these the strongest: against every subset, and against HiGHS."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp

from triplehelix.errors import InputError
from triplehelix.optimise.least_cover import least_cover

CASES = st.integers(1, 6).flatmap(
    lambda m: st.lists(st.tuples(st.integers(0, 2**m - 1), st.integers(0, 4)), max_size=8).map(
        lambda members: (m, members)
    )
)


def union(masks):
    covered = 0
    for mask in masks:
        covered |= mask
    return covered


def by_every_subset(covers, strength, needed):
    """The best of all subsets: fewest, then strongest, then first by content."""
    for size in range(len(covers) + 1):
        fit = [s for s in combinations(range(len(covers)), size)
               if union(covers[n] for n in s) & needed == needed]  # fmt: skip
        if fit:
            return min(fit, key=lambda s: (-sum(strength[n] for n in s), s))
    return None


@given(CASES)
@settings(max_examples=300, deadline=None)
def test_as_every_subset_tried(case):
    m, members = case
    covers, strength = [c for c, _ in members], [s for _, s in members]
    needed = 2**m - 1
    best = by_every_subset(covers, strength, needed)
    found = least_cover(covers, strength, needed)
    if best is None:
        assert found.status == "infeasible"
        assert found.chosen == ()
    else:
        assert found.status == "optimal"
        assert found.chosen == best
        assert found.objective == found.bound == len(best)


@pytest.mark.parametrize("seed", range(6))
def test_as_small_as_a_mixed_integer_programme_says(seed):
    """400 members and 18 requirements, as three themes at once have."""
    rng = np.random.default_rng(seed)
    there = rng.random((400, 18)) < 0.12
    covers = [int(sum(1 << at for at in np.flatnonzero(row))) for row in there]
    strength = rng.integers(0, 1000, 400).tolist()
    found = least_cover(covers, strength, 2**18 - 1)
    # One member more costs more than all strength together can save.
    cost = 1.0 + sum(strength) - np.array(strength)
    big = milp(cost, integrality=np.ones(400), bounds=(0, 1), options={"mip_rel_gap": 0},
               constraints=LinearConstraint(there.T.astype(float), 1, np.inf))  # fmt: skip
    chosen = np.flatnonzero(big.x > 0.5)
    assert found.status == "optimal"
    assert found.objective == len(chosen)
    assert sum(strength[n] for n in found.chosen) == sum(strength[n] for n in chosen)


def test_nothing_needed_takes_nobody():
    assert least_cover([1, 2], [1, 1], 0).chosen == ()


def test_what_nobody_covers_is_proven_impossible():
    assert least_cover([0b01], [1], 0b11).status == "infeasible"


def test_a_search_cut_short_gives_a_cover_and_how_far_it_is_proven():
    """Pairs on a path of six: three are needed; after one step two states are too many."""
    covers = [0b000011, 0b000110, 0b001100, 0b011000, 0b110000, 0b100001]
    found = least_cover(covers, [1] * 6, 0b111111, most_states=1)
    assert union(covers[n] for n in found.chosen) == 0b111111
    assert found.status == "feasible"
    assert found.bound <= 3 <= found.objective


def test_lengths_must_agree():
    with pytest.raises(InputError, match="2 members and 1 strengths; give one for each"):
        least_cover([1, 2], [1], 3)


def test_strengths_must_not_be_negative():
    with pytest.raises(InputError, match=r"strength\[1\] is -1; it must be 0 or more"):
        least_cover([1, 2], [1, -1], 3)
