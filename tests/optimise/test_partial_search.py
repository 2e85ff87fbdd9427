"""The search by exchanges: what it tells is true, and on small cases it finds what there is."""

import numpy as np
import pytest

from tests.optimise.small_cases import keeps_apart, least_partial, some_covering
from tests.optimise.test_partial_lifted import is_robust
from triplehelix.optimise.covering import Covering
from triplehelix.optimise.partial import partially_robust
from triplehelix.optimise.partial_search import cheaper


def searched(problem, most, start=(), steps=60, seed=0):
    everybody = np.arange(len(problem.cover.cost))
    return cheaper(problem, np.array(start, dtype=np.int64), most, free=everybody, steps=steps,
                   rng=np.random.default_rng(seed))  # fmt: skip


@pytest.mark.parametrize(("losses", "percent"), [(0, 50), (1, 60), (2, 70)])
def test_what_is_found_is_robust_and_cheap_enough(losses, percent):
    """Against every subset: never below the least cost, and mostly found at it."""
    found = there = 0
    for seed in range(60):
        cover, weight, _ = some_covering(seed, most=8)
        problem = partially_robust(cover, weight, losses, percent)
        least = least_partial(cover, weight, losses, percent)
        if least is None:
            assert searched(problem, np.inf) is None
            continue
        there += 1
        if least:
            assert searched(problem, least - 1) is None
        if (team := searched(problem, least)) is not None:
            found += 1
            chosen = tuple(team.tolist())
            assert is_robust(cover, weight, chosen, losses, percent)
            assert keeps_apart(cover, chosen)
            assert cover.cost[team].sum() == least
    assert found >= 0.8 * there > 10


def test_a_planted_team_is_found_from_a_worse_one():
    """Members 0 to 3 have half of all skills each, in two pairs, for 1; all others have one."""
    halves = [np.arange(0, 4), np.arange(4, 8)]
    has = np.zeros((8, 12), dtype=bool)
    for member in range(4):
        has[halves[member % 2], member] = True
    has[np.arange(8), 4 + np.arange(8)] = True
    cost = np.r_[np.ones(4), np.full(8, 3.0)]
    cover = Covering(cost, tuple(np.flatnonzero(row) for row in has), np.ones(8, dtype=np.int64))
    problem = partially_robust(cover, np.ones(8), 1, 100)
    team = searched(problem, 4.0, start=range(4, 12))
    assert team is not None
    assert team.tolist() == [0, 1, 2, 3]


def test_the_same_seed_gives_the_same_team():
    cover, weight, _ = some_covering(7)
    problem = partially_robust(cover, weight, 1, 60)
    one, two = (searched(problem, 30.0, seed=5) for _ in range(2))
    assert one is not None
    assert two is not None
    assert one.tolist() == two.tolist()
