"""What is missing, what would close it, and what each partner adds."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from tests.optimise.poolings import brute_force, random_pooling
from triplehelix.errors import InputError
from triplehelix.optimise.highs.pooling import solve_pooling
from triplehelix.optimise.highs.pooling_missing import (
    as_much_as_possible,
    closing,
    closing_partners,
    least_shortage,
    without,
    worth,
)
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Pooling, Row, small

LIMITS = Limits(seconds=20)


def _short_by_linprog(problem: Pooling) -> float:
    """With everybody in and nothing whole, the least sum of short over demand."""
    n_arcs, n = len(problem.arc_cost), len(problem.demand)
    meets = np.zeros((n, n_arcs + n))
    meets[problem.arc_demand, np.arange(n_arcs)] = -1
    meets[np.arange(n), n_arcs + np.arange(n)] = -1
    draws = np.zeros((len(problem.capacity), n_arcs + n))
    draws[problem.arc_supply, np.arange(n_arcs)] = 1
    must = np.isinf(problem.short_cost)
    cost = np.concatenate([np.zeros(n_arcs), np.where(must, 1 / problem.demand, 0)])
    limit = np.concatenate([-problem.demand, np.minimum(problem.capacity, 1e6)])
    bounds = [(0, most) for most in problem.arc_most] + [(0, None)] * n
    return float(linprog(cost, np.vstack([meets, draws]), limit, bounds=bounds).fun)


@pytest.mark.parametrize("seed", range(60))
def test_least_shortage_is_that_of_a_linear_programme(seed: int) -> None:
    problem = random_pooling(seed, side=False)
    found = least_shortage(problem, LIMITS)
    assert found.status == "optimal"
    assert found.share == pytest.approx(_short_by_linprog(problem), abs=1e-7)


@pytest.mark.parametrize("seed", range(40))
def test_as_much_as_possible_leaves_no_more_than_the_least(seed: int) -> None:
    problem = random_pooling(seed, side=False)
    found, least = as_much_as_possible(problem, LIMITS), least_shortage(problem, LIMITS)
    must = np.isinf(problem.short_cost)
    assert (found.short / problem.demand)[must].sum() == pytest.approx(least.share, abs=1e-6)


def test_the_condition_in_the_way_is_named() -> None:
    problem = small(
        demand=[4],
        capacity=[3, 3, 9],
        owner=[0, 1, 2],
        partner_cost=[1, 1, 1],
        arcs=[(0, 0, 5), (0, 1, 5), (0, 2, 9)],
    )
    few = Row("most partners", high=1.0, partners={0: 1.0, 1: 1.0, 2: 1.0})
    dear = Row("budget", high=30.0, arcs={0: 5.0, 1: 5.0, 2: 9.0})
    blocked = replace(problem, rows=(few, dear), at_most=np.array([1, 1, 0]))
    assert solve_pooling(blocked, LIMITS).status == "infeasible"
    assert closing(blocked, LIMITS) == ("most partners",)
    assert closing_partners(blocked, LIMITS) == ()
    only_few = replace(problem, rows=(few,), at_most=np.array([1, 1, 0]))
    assert closing_partners(only_few, LIMITS) == (2,)


@pytest.mark.parametrize("seed", [0, 1, 2, 5, 8])
def test_what_a_partner_adds_is_the_cost_of_doing_without(seed: int) -> None:
    problem = random_pooling(seed, side=False)
    found = solve_pooling(problem, LIMITS)
    for partner in found.partners:
        other = brute_force(without(problem, (partner,)))
        told = worth(problem, found, partner, LIMITS)
        if np.isinf(other):
            assert (told.status, told.adds) == ("infeasible", None)
        else:
            assert told.adds == pytest.approx(other - found.objective, abs=1e-6)


def test_the_worth_of_who_is_not_in_the_plan_is_refused() -> None:
    problem = random_pooling(0, side=False)
    with pytest.raises(InputError, match="partner 99 is not in the plan; name one of"):
        worth(problem, solve_pooling(problem, LIMITS), 99)
