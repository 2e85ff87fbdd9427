"""The method for large poolings: forced on small ones, its bound never exceeds the optimum."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from benchmarks.pooling_world import World, drawn
from tests.optimise.poolings import brute_force, is_sound, random_pooling
from triplehelix.optimise.highs.pooling import exactly
from triplehelix.optimise.highs.pooling_dive import dive
from triplehelix.optimise.highs.pooling_large import solve_large
from triplehelix.optimise.highs.pooling_master import Master
from triplehelix.optimise.highs.pooling_model import most
from triplehelix.optimise.outcome import Limits, Progress
from triplehelix.optimise.pooling import Pooling
from triplehelix.optimise.pooling_ascent import climb, first_prices
from triplehelix.optimise.pooling_checking import checked
from triplehelix.optimise.pooling_greedy import first_plan
from triplehelix.optimise.pooling_relaxed import Layout, Prices, knapsacks, relaxed
from triplehelix.optimise.pooling_value import cost_of, kept

SMALL = World(n_needs=30, n_assets=500, n_partners=100, n_capabilities=12, n_towns=20)


@pytest.mark.parametrize("seed", range(80))
def test_forced_on_a_small_problem_it_is_right_about_it(seed: int) -> None:
    problem = checked(random_pooling(seed))
    best = brute_force(problem)
    found = solve_large(problem, Limits(seconds=20))
    if np.isinf(best):
        assert found.status in ("infeasible", "unknown")
        assert found.objective is None
    else:
        assert found.bound is None or found.bound <= best + 1e-6 * max(1, best)
        if found.objective is not None:
            assert found.objective >= best - 1e-6
            assert is_sound(problem, found)
        if found.status == "optimal":
            assert found.objective == pytest.approx(best, abs=1e-5)


@pytest.mark.parametrize("seed", range(40))
def test_any_prices_give_a_bound(seed: int) -> None:
    problem = checked(random_pooling(seed, side=False))
    best = brute_force(problem)
    layout = Layout(problem, most(problem))
    rng = np.random.default_rng(seed)
    prices = np.minimum(rng.uniform(0, 30, len(problem.demand)), problem.short_cost)
    assert relaxed(layout, Prices(prices)).value <= best + 1e-6


def test_steps_raise_the_bound() -> None:
    problem = checked(drawn(SMALL, 1))
    layout = Layout(problem, most(problem))
    begun = first_prices(layout)
    _, found = climb(layout, begun, n_steps=60)
    assert found.value > relaxed(layout, Prices(begun)).value


@pytest.mark.parametrize("world", [SMALL, replace(SMALL, fixed=1), replace(SMALL, may=0.5)])
def test_as_good_as_the_solver_given_the_whole(world: World) -> None:
    problem = checked(drawn(world, 2))
    whole = exactly(problem, Limits(seconds=30, gap=1e-4))
    found = solve_large(problem, Limits(seconds=30, gap=0.005))
    assert whole.objective is not None and found.objective is not None and found.bound is not None
    assert found.bound <= whole.objective + 1e-6 * whole.objective
    assert found.objective <= whole.objective * 1.01
    assert is_sound(problem, found)


def test_shuffled_rows_have_the_same_cost() -> None:
    problem = drawn(SMALL, 3)
    order = np.random.default_rng(0).permutation(len(problem.arc_cost))
    shuffled = replace(
        problem,
        **{name: getattr(problem, name)[order] for name in ARC_FIELDS},
    )
    one, other = (solve_large(checked(p), Limits(60, 1e-3)) for p in (problem, shuffled))
    assert one.objective == pytest.approx(other.objective, rel=2e-3)


ARC_FIELDS = ("arc_demand", "arc_supply", "arc_cost", "arc_most")


def test_a_true_answer_stops_it() -> None:
    heard: list[Progress] = []

    def stop(progress: Progress) -> bool:
        heard.append(progress)
        return progress.objective is not None

    found = solve_large(checked(drawn(SMALL, 1)), Limits(60), on_progress=stop)
    assert found.status == "feasible"
    assert heard[-1].objective is not None and heard[-1].bound is not None


def test_it_keeps_to_its_time_by_the_clock_given() -> None:
    ticks = iter(np.arange(0, 1e6, 0.5))
    found = solve_large(checked(drawn(SMALL, 1)), Limits(30), clock=lambda: float(next(ticks)))
    assert found.seconds < 60


def test_the_same_call_twice_is_the_same_answer() -> None:
    problem: Pooling = checked(drawn(SMALL, 4))
    one, other = (solve_large(problem, Limits(60, 1e-3)) for _ in range(2))
    assert (one.objective, one.bound, one.partners) == (
        other.objective,
        other.bound,
        other.partners,
    )


@pytest.mark.parametrize("filled", [0.1, 0.3])
def test_where_there_is_plenty_the_first_plan_is_sound(filled: float) -> None:
    problem = checked(drawn(replace(SMALL, filled=filled), 5))
    layout = Layout(problem, most(problem))
    prices = first_prices(layout)
    plan = first_plan(layout, relaxed(layout, Prices(prices)))
    assert kept(problem, plan)
    assert cost_of(problem, plan) >= relaxed(layout, Prices(prices)).value


@pytest.mark.parametrize("seed", range(60))
def test_knapsacks_of_supplies_are_as_good_as_the_solver(seed: int) -> None:
    problem = checked(random_pooling(seed, side=False))
    layout = Layout(problem, most(problem))
    reduced = np.random.default_rng(seed).integers(-4, 3, len(layout.order)).astype(float)
    arcs, taken = knapsacks(layout, reduced)
    assert len(set(arcs.tolist())) == len(arcs)
    earned = np.bincount(layout.supply[arcs], -taken * reduced[arcs], len(problem.capacity))
    for supply, capacity in enumerate(problem.capacity.tolist()):
        own = np.flatnonzero(layout.supply == supply)
        if len(own):
            limit = min(capacity, float(layout.most[own].sum()))
            best = linprog(
                reduced[own],
                A_ub=np.ones((1, len(own))),
                b_ub=[limit],
                bounds=[(0, top) for top in layout.most[own].tolist()],
            )
            assert earned[supply] == pytest.approx(-best.fun, abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("pace", [0.05, 0.5])
def test_a_dive_ends_in_a_plan_near_the_least(seed: int, pace: float) -> None:
    problem = checked(drawn(SMALL, seed))
    layout = Layout(problem, most(problem))
    master = Master(layout, np.arange(len(problem.arc_cost)))
    top = master.solve(20.0)
    assert top is not None
    bottom = dive(master, top, pace=pace, left=lambda: 20.0, count=lambda _: None)
    assert bottom is not None
    part = np.minimum(bottom.partners, 1 - bottom.partners)
    assert part.max() < 1e-6
    least = exactly(problem, Limits(seconds=30, gap=1e-4))
    assert least.objective is not None and least.bound is not None
    assert least.bound <= bottom.value * (1 + 1e-9) <= 1.08 * least.objective
    again = master.solve(20.0)
    assert again is not None and again.value <= least.objective * (1 + 1e-9)
