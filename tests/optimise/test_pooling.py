"""Pooling solved exactly: against every choice tried, against SciPy."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from benchmarks.pooling_world import World, drawn
from tests.optimise.poolings import brute_force, is_sound, random_pooling
from triplehelix.optimise.highs.pooling import solve_pooling
from triplehelix.optimise.outcome import Limits


@pytest.mark.parametrize("seed", range(120))
def test_least_cost_is_that_of_every_choice_tried(seed: int) -> None:
    problem = random_pooling(seed)
    best = brute_force(problem)
    found = solve_pooling(problem, Limits(seconds=20))
    if np.isinf(best):
        assert found.status == "infeasible"
    else:
        assert found.status == "optimal"
        assert found.objective == pytest.approx(best, rel=1e-7, abs=1e-6)
        assert found.bound <= best + 1e-6
        assert is_sound(problem, found)


@pytest.mark.parametrize("seed", range(4))
def test_scipy_finds_the_same_cost_at_a_middling_size(seed: int) -> None:
    """Written from the definition, with a plain link for each arc."""
    world = World(n_needs=10, n_assets=200, n_partners=60, n_capabilities=6, n_towns=12)
    problem = drawn(world, seed)
    n_partners, n_arcs = len(problem.partner_cost), len(problem.arc_cost)
    owner, each = problem.owner[problem.arc_supply], np.arange(n_arcs)
    meets = np.zeros((len(problem.demand), n_partners + n_arcs))
    meets[problem.arc_demand, n_partners + each] = 1
    draws = np.zeros((len(problem.capacity), n_partners + n_arcs))
    draws[problem.arc_supply, n_partners + each] = 1
    links = np.zeros((n_arcs, n_partners + n_arcs))
    links[each, n_partners + each] = 1
    links[each, owner] = -problem.arc_most
    other = milp(
        np.r_[problem.partner_cost, problem.arc_cost],
        integrality=np.r_[np.ones(n_partners), np.zeros(n_arcs)],
        bounds=Bounds(0, np.r_[np.ones(n_partners), problem.arc_most]),
        constraints=[
            LinearConstraint(meets, problem.demand, np.inf),
            LinearConstraint(draws, -np.inf, problem.capacity),
            LinearConstraint(links, -np.inf, 0),
        ],
        options={"mip_rel_gap": 1e-7},
    )
    found = solve_pooling(problem, Limits(60))
    assert found.status == "optimal"
    assert found.objective == pytest.approx(other.fun, rel=1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_rows_in_another_order_cost_the_same(seed: int) -> None:
    problem = random_pooling(seed, side=False)
    order = np.random.default_rng(seed).permutation(len(problem.arc_cost))
    names = "arc_demand arc_supply arc_cost arc_most".split()
    shuffled = replace(problem, **{name: getattr(problem, name)[order] for name in names})
    one, other = solve_pooling(problem), solve_pooling(shuffled)
    assert one.status == other.status
    if one.objective is not None:
        assert one.objective == pytest.approx(other.objective)


def test_progress_is_told_and_a_plan_to_begin_from_is_taken() -> None:
    world = World(n_needs=20, n_assets=400, n_partners=90, n_capabilities=8, n_towns=15)
    problem = drawn(world, 1)
    first = solve_pooling(problem, Limits(20, 0.05))
    heard = []
    found = solve_pooling(problem, Limits(20, 0.01), on_progress=heard.append, start=first)
    assert found.objective <= first.objective + 1e-6
    assert any(progress.objective is not None for progress in heard)
