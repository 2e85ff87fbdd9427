"""Branch and cut, and the search by exchanges before it: against every subset, and SciPy's solver."""

from time import perf_counter

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, milp

from tests.optimise.small_cases import RANDOM_CASES, least_robust, some_covering
from triplehelix.optimise.covering import Covering, cost_of, robust
from triplehelix.optimise.covering_search import cheap
from triplehelix.optimise.highs.branching import grow
from triplehelix.optimise.highs.covering import conditions, programme, solve_covering
from triplehelix.optimise.outcome import Limits


def _going(bound, chosen):
    return False


@pytest.mark.parametrize("losses", [0, 1])
def test_the_cheapest_is_found_if_it_is_cheap_enough_and_nothing_otherwise(losses):
    found = set()
    for seed in range(RANDOM_CASES):
        cover = robust(some_covering(seed)[0], losses)
        least = least_robust(some_covering(seed)[0], losses)
        whole = grow(programme(cover), most=1e3, step=1.0, told=_going)
        found.add(least is None)
        if least is None:
            assert (whole.chosen, whole.bound) == (None, np.inf)
            continue
        assert (whole.cost, whole.bound) == (least, least)
        assert cost_of(cover, whole.chosen) == least
        dearer = grow(programme(cover), most=least - 1, step=1.0, told=_going)
        assert (dearer.chosen, dearer.bound) == (None, np.inf)
    assert found == {True, False}


def _larger(seed, n=120, m=30):
    rng = np.random.default_rng(seed)
    has = rng.random((m, n)) < 0.08
    has[np.arange(m), rng.integers(0, n, m)] = True
    return Covering(rng.integers(1, 30, n).astype(float),
                    tuple(np.flatnonzero(row) for row in has), np.ones(m, dtype=np.int64))  # fmt: skip


def _least(cover):
    matrix, low, high = conditions(cover)
    whole = milp(cover.cost, constraints=LinearConstraint(matrix, low, high), integrality=1,
                 bounds=(0, 1))  # fmt: skip
    assert whole.status == 0
    return whole.fun


@pytest.mark.parametrize("seed", range(4))
def test_conditions_can_be_told_of_when_they_are_broken(seed):
    """Half of the requirements are kept back; the cheapest is that of all."""
    cover = _larger(seed)
    rows = np.zeros((len(cover.who), len(cover.cost)))
    for at, who in enumerate(cover.who):
        rows[at, who] = 1
    half = len(rows) // 2
    first = Covering(cover.cost, cover.who[:half], cover.times[:half])

    def cuts(values, whole):
        return [row for row in rows[half:] if row @ values < 1 - 1e-6][:3]

    grown = grow(programme(first), most=1e4, step=1.0, told=_going, cuts=cuts)
    assert grown.cost == pytest.approx(_least(cover))
    assert cost_of(cover, grown.chosen) == grown.cost


def test_it_ends_when_told_to_with_a_bound_that_holds():
    cover = _larger(5)
    grown = grow(programme(cover), most=1e4, step=1.0, told=lambda bound, chosen: True)
    assert grown.bound <= _least(cover) + 1e-6


@pytest.mark.parametrize("seed", range(3))
def test_costs_need_not_be_multiples_of_anything(seed):
    rng = np.random.default_rng(seed)
    cover = _larger(seed, n=300)
    cover = Covering(rng.uniform(1, 2, 300), cover.who, cover.times)
    outcome = solve_covering(cover, Limits(30), clock=perf_counter)
    assert outcome.status == "optimal"
    assert outcome.objective == pytest.approx(_least(cover))


@pytest.mark.parametrize(("seed", "times"), [(0, 1), (1, 1), (2, 2), (3, 3)])
def test_exchanges_find_coverings_never_cheaper_than_the_cheapest_and_seldom_much_dearer(
    seed, times
):
    cover = _larger(seed, n=200)
    cover = Covering(cover.cost, tuple(np.union1d(who, np.arange(3)) for who in cover.who),
                     np.full(len(cover.who), times))  # fmt: skip
    chosen = cheap(cover, steps=500, rng=np.random.default_rng(1), over=lambda: False)
    again = cheap(cover, steps=500, rng=np.random.default_rng(1), over=lambda: False)
    least = _least(cover)
    assert least - 1e-9 <= cost_of(cover, chosen) <= 1.15 * least
    assert chosen.tolist() == again.tolist()


def test_exchanges_tell_that_nothing_covers():
    cover = Covering(np.ones(2), (np.array([0]), np.array([1])), np.array([1, 2]))
    assert cheap(cover, steps=5, rng=np.random.default_rng(0), over=lambda: False) is None
