"""p-medians and facility location against every choice of small cases, and SciPy's solver."""

from itertools import combinations, product
from time import perf_counter

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, linprog, milp

from triplehelix.errors import InputError
from triplehelix.optimise.highs import facility
from triplehelix.optimise.highs.facility import cost_of, programme, solve_facility_location
from triplehelix.optimise.instances.facility import FacilityLocation
from triplehelix.optimise.instances.p_median import PMedian, distances
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.p_medians import solve_p_median

LIMITS = Limits(30)


def some_graph(seed, n=None):
    rng = np.random.default_rng(seed)
    n = n or int(rng.integers(1, 12))
    pairs = np.array(list(combinations(range(n), 2))).reshape(-1, 2)
    pairs = pairs[rng.random(len(pairs)) < rng.uniform(0.1, 0.9)]
    length = rng.integers(0, 30, len(pairs)) / float(rng.choice([1, 1, 4]))
    return PMedian(n, int(rng.integers(1, n + 1)), pairs, length)


def ways(instance):
    """Shortest ways by trying every node between (Floyd 1962)."""
    far = np.full((instance.n, instance.n), np.inf)
    np.fill_diagonal(far, 0)
    for (a, b), length in zip(instance.ends, instance.length, strict=True):
        far[a, b] = far[b, a] = min(length, far[a, b])
    for between in range(instance.n):
        far = np.minimum(far, far[:, [between]] + far[[between]])
    return far


def test_distances_are_the_shortest_ways():
    """Edges of length 0 are edges too, and what is not connected is infinitely far."""
    for seed in range(60):
        instance = some_graph(seed)
        np.testing.assert_allclose(distances(instance), ways(instance))


def test_p_medians_are_the_least_of_all_choices():
    found = set()
    for seed in range(250):
        instance = some_graph(seed)
        distance = ways(instance)
        least = min(distance[:, list(chosen)].min(axis=1).sum()
                    for chosen in combinations(range(instance.n), instance.p))  # fmt: skip
        outcome = solve_p_median(instance, LIMITS, clock=perf_counter)
        found.add(outcome.status)
        if np.isinf(least):
            assert outcome.status == "infeasible"
            continue
        assert (outcome.status, outcome.objective) == ("optimal", pytest.approx(least))
        chosen = list(outcome.chosen)
        assert len(chosen) == instance.p
        assert distance[:, chosen].min(axis=1).sum() == pytest.approx(least)
    assert found == {"optimal", "infeasible"}


@pytest.mark.parametrize("seed", range(6))
def test_larger_p_medians_against_another_solver(seed):
    """The classic formulation (ReVelle and Swain 1970) in SciPy's solver."""
    rng = np.random.default_rng(seed)
    n, p = 28, int(rng.integers(2, 8))
    pairs = np.array(list(combinations(range(n), 2)))
    pairs = pairs[rng.random(len(pairs)) < 0.3]
    instance = PMedian(n, p, pairs, rng.integers(1, 60, len(pairs)).astype(float))
    distance = ways(instance)
    served = np.kron(np.eye(n), np.ones((1, n)))
    opened = np.tile(np.eye(n), (n, 1))
    result = milp(
        np.r_[distance.ravel(), np.zeros(n)], bounds=(0, 1),
        integrality=np.r_[np.zeros(n * n), np.ones(n)],
        constraints=[
            LinearConstraint(np.c_[served, np.zeros((n, n))], 1, 1),
            LinearConstraint(np.c_[np.eye(n * n), -opened], -np.inf, 0),
            LinearConstraint(np.r_[np.zeros(n * n), np.ones(n)][None, :], p, p),
        ],
    )  # fmt: skip
    outcome = solve_p_median(instance, LIMITS, clock=perf_counter)
    assert (outcome.status, outcome.objective) == ("optimal", pytest.approx(result.fun))


def test_renumbered_nodes_give_the_same_objective():
    instance = some_graph(5, n=60)
    order = np.random.default_rng(0).permutation(instance.n)
    other = PMedian(instance.n, instance.p, np.sort(order[instance.ends], axis=1)[::-1],
                    instance.length[::-1])  # fmt: skip
    here, there = (solve_p_median(one, LIMITS, clock=perf_counter) for one in (instance, other))
    assert (here.status, here.objective) == (there.status, there.objective)


def some_places(seed):
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(1, 6)), int(rng.integers(1, 6))
    return FacilityLocation(
        rng.integers(0, 20, n).astype(float), rng.integers(0, 50, n).astype(float),
        rng.integers(0, 9, m).astype(float), rng.integers(0, 40, (m, n)).astype(float),
    )  # fmt: skip


def least_plan(places):
    """For each set of open warehouses the transport problem, by linear programming."""
    best = np.inf
    n, m = len(places.capacity), len(places.demand)
    for open_ in product([False, True], repeat=n):
        there = np.flatnonzero(open_)
        if not there.size:
            continue
        load = np.zeros((len(there), m * len(there)))
        for w in range(len(there)):
            load[w, w :: len(there)] = places.demand
        served = np.kron(np.eye(m), np.ones((1, len(there))))
        plan = linprog(places.cost[:, there].ravel(), A_ub=load, b_ub=places.capacity[there],
                       A_eq=served, b_eq=np.ones(m), bounds=(0, 1))  # fmt: skip
        if plan.status == 0:
            best = min(best, plan.fun + places.fixed_cost[there].sum())
    return best


def test_facility_location_is_the_least_of_all_choices():
    found = set()
    for seed in range(80):
        places = some_places(seed)
        least = least_plan(places)
        outcome = solve_facility_location(places, LIMITS, clock=perf_counter)
        found.add(outcome.status)
        if np.isinf(least):
            assert outcome.status == "infeasible"
        else:
            assert (outcome.status, outcome.objective) == ("optimal", pytest.approx(least))
    assert found == {"optimal", "infeasible"}


def test_links_found_round_by_round_change_nothing(monkeypatch):
    """As for a large instance, whose links are not all written down."""
    monkeypatch.setattr(facility, "ALL_LINKS", 0)
    for seed in range(40):
        places = some_places(seed)
        least = least_plan(places)
        outcome = solve_facility_location(places, LIMITS, clock=perf_counter)
        if np.isinf(least):
            assert outcome.status == "infeasible"
        else:
            assert (outcome.status, outcome.objective) == ("optimal", pytest.approx(least))


@pytest.mark.parametrize(
    ("shares", "words"),
    [([[0.5, 0.4]], "not served whole"), ([[1.0, 0.0]], "serves more than its capacity")],
)
def test_what_is_no_plan_is_told(shares, words):
    places = FacilityLocation(np.array([3.0, 9.0]), np.ones(2), np.array([4.0]), np.ones((1, 2)))
    with pytest.raises(InputError, match=words):
        cost_of(places, np.ones(2, dtype=bool), np.array(shares))


def test_the_strong_formulation_links_each_pair():
    """1 customer, 2 warehouses: 1 row for its demand, 2 capacities, 2 links, 1 for all demand."""
    places = FacilityLocation(np.array([3.0, 9.0]), np.ones(2), np.array([4.0]), np.ones((1, 2)))
    assert programme(places, np.arange(2)).matrix.shape == (6, 4)
