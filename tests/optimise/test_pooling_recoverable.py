"""Plans with the cheapest mending: every group, every loss and every way to mend it tried."""

from dataclasses import replace
from itertools import chain, combinations, product

import numpy as np
import pytest
from scipy.optimize import linprog

from tests.optimise.poolings import is_sound
from triplehelix.errors import InputError
from triplehelix.optimise.highs.pooling import solve_pooling
from triplehelix.optimise.highs.pooling_recoverable import solve_recoverable
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Pooling, Row, small
from triplehelix.optimise.pooling_value import Plan, cost_of

LIMITS = Limits(seconds=30)


def little(seed: int) -> tuple[Pooling, np.ndarray]:
    """Four partners, two demands; some must be met, a stock may be shared, some goes with others."""
    rng = np.random.default_rng(seed)
    owner = np.repeat(np.arange(4), rng.integers(1, 3, 4))
    arcs = [
        (d, s, float(rng.integers(0, 9)))
        for d in range(2)
        for s in range(len(owner))
        if rng.random() < 0.8
    ]
    problem = small(
        demand=rng.integers(2, 9, 2).tolist(), capacity=rng.integers(2, 12, len(owner)).tolist(),
        owner=owner.tolist(), partner_cost=rng.integers(0, 20, 4).tolist(), arcs=arcs,
    )  # fmt: skip
    if rng.random() < 0.3:
        problem = replace(problem, short_cost=np.array([np.inf, float(rng.integers(1, 20))]))
    if rng.random() < 0.4:
        some = rng.choice(len(arcs), min(4, len(arcs)), replace=False)
        over = {int(a): 1.0 for a in some}
        shared = Row("a shared stock", high=float(rng.integers(3, 12)), arcs=over, lasting=True)
        problem = replace(problem, rows=(shared,))
    other = rng.integers(0, 4, len(owner))
    return problem, np.where((rng.random(len(owner)) < 0.3) & (other != owner), other, -1)


def _subsets(names: list[int]) -> list[tuple[int, ...]]:
    return list(chain.from_iterable(combinations(names, n) for n in range(len(names) + 1)))


def brute(problem: Pooling, losses: int, goes_with: np.ndarray) -> float:
    """The least sum of cost and dearest mending; infinite where nothing can be mended always."""
    best = np.inf
    for group in _subsets(list(range(4))):
        ways = [
            (lost, _subsets([p for p in range(4) if p not in group]))
            for n in range(1, losses + 1)
            for lost in combinations(group, n)
        ]
        for added in product(*(adds for _, adds in ways)):
            mended = [(lost, add) for (lost, _), add in zip(ways, added, strict=True)]
            best = min(best, _sum(problem, group, mended, goes_with))
    return best


def _sum(
    problem: Pooling,
    group: tuple[int, ...],
    mended: list[tuple[tuple[int, ...], tuple[int, ...]]],
    goes_with: np.ndarray,
) -> float:
    """One linear programme: amounts before, amounts added after each loss, the dearest mending."""
    n, m = len(problem.arc_cost), len(problem.demand)
    size = n + m + n * len(mended) + 1
    supply = problem.arc_supply
    owner, other = problem.owner[supply], goes_with[supply]
    must = np.isinf(problem.short_cost)
    cost = np.zeros(size)
    cost[:n], cost[-1] = problem.arc_cost, 1.0
    cost[n : n + m] = np.where(must, 0.0, problem.short_cost)
    high = np.zeros(size)
    high[:n] = np.where(np.isin(owner, group), problem.arc_most, 0.0)
    high[n : n + m] = np.where(must, 0.0, np.inf)
    high[-1] = np.inf
    above, limit = [], []
    first = np.zeros((m, size))
    for d in range(m):
        first[d, :n] = -1.0 * (problem.arc_demand == d)
        first[d, n + d] = -1.0
    above += list(first)
    limit += (-problem.demand).tolist()
    _held(problem, above, limit, [(0, np.ones(n, bool))], size)
    for k, (lost, add) in enumerate(mended):
        at = n + m + k * n
        gone = np.isin(owner, lost) | np.isin(other, lost)
        there = np.isin(owner, [*add, *(p for p in group if p not in lost)]) & ~gone
        high[at : at + n] = np.where(there, problem.arc_most, 0.0)
        for d in np.flatnonzero(must):
            row = np.zeros(size)
            row[:n] = -1.0 * ((problem.arc_demand == d) & ~gone)
            row[at : at + n] = -1.0 * (problem.arc_demand == d)
            above.append(row)
            limit.append(-problem.demand[d])
        for a in range(n):
            row = np.zeros(size)
            row[a], row[at + a] = float(not gone[a]), 1.0
            above.append(row)
            limit.append(problem.arc_most[a])
        _held(problem, above, limit, [(0, ~gone), (at, np.ones(n, bool))], size)
        row = np.zeros(size)
        row[at : at + n], row[-1] = problem.arc_cost, -1.0
        above.append(row)
        limit.append(-float(problem.partner_cost[list(add)].sum()))
    found = linprog(cost, np.array(above), np.array(limit), bounds=[(0, h) for h in high])
    return (
        float(found.fun) + problem.partner_cost[list(group)].sum() if found.status == 0 else np.inf
    )


def _held(problem: Pooling, above: list, limit: list, parts: list, size: int) -> None:
    """Supplies and shared stocks, over the amounts that begin at each place and are there."""
    n = len(problem.arc_cost)
    shared = [np.array([row.arcs.get(a, 0.0) for a in range(n)]) for row in problem.rows]
    of_supply = [1.0 * (problem.arc_supply == s) for s in range(len(problem.capacity))]
    limits = [*problem.capacity.tolist(), *(row.high for row in problem.rows)]
    for much, most in zip([*of_supply, *shared], limits, strict=True):
        row = np.zeros(size)
        for at, there in parts:
            row[at : at + n] += np.where(there, much, 0.0)
        above.append(row)
        limit.append(most)


@pytest.mark.parametrize("seed", range(14))
def test_cost_and_dearest_mending_are_least(seed: int) -> None:
    problem, goes_with = little(seed)
    best = brute(problem, 1, goes_with)
    found = solve_recoverable(problem, LIMITS, losses=1, goes_with=goes_with)
    if np.isinf(best):
        assert found.status == "infeasible"
        return
    assert (found.status, found.objective) == ("optimal", pytest.approx(best, abs=1e-5))
    assert found.bound == pytest.approx(best, abs=1e-5)
    partners = np.zeros(4)
    partners[list(found.partners)] = 1
    own = cost_of(problem, Plan(partners, found.amount, found.short, found.extras))
    assert own <= found.objective + 1e-6
    assert is_sound(problem, replace(found, objective=own))


@pytest.mark.parametrize("seed", range(3))
def test_two_losses(seed: int) -> None:
    """With few partners to add every way to mend two losses can still be tried."""
    problem, goes_with = little(seed)
    problem = replace(problem, at_least=np.array([0, 0, 1, 1]))
    found = solve_recoverable(problem, LIMITS, losses=2, goes_with=goes_with)
    one = solve_recoverable(problem, LIMITS, losses=1, goes_with=goes_with)
    none = solve_recoverable(problem, LIMITS, losses=0)
    costs = [np.inf if x.objective is None else x.objective for x in (none, one, found)]
    assert costs == sorted(costs)
    assert none.objective == pytest.approx(solve_pooling(problem, LIMITS).objective)


def test_by_hand() -> None:
    """
    Each of three can meet the demand alone. The first costs 1 and the second, its cheapest
    replacement, 3: 4 in all. To have both from the start costs as much; the second alone 3 and 1.
    Of one partner no more than one can be lost, so two losses change nothing.
    """
    problem = small(
        demand=[2], capacity=[2, 2, 2], owner=[0, 1, 2], partner_cost=[1, 3, 9],
        arcs=[(0, 0, 0), (0, 1, 0), (0, 2, 0)],
    )  # fmt: skip
    for losses in (1, 2, 3):
        assert solve_recoverable(problem, LIMITS, losses=losses).objective == pytest.approx(4)
    only = replace(problem, at_most=np.array([1, 0, 0]))
    assert solve_recoverable(only, LIMITS, losses=1).status == "infeasible"
    with pytest.raises(InputError, match="losses is -1"):
        solve_recoverable(problem, LIMITS, losses=-1)


def many(n: int = 12) -> Pooling:
    """Each of many partners could give the half of one demand; dearer ones further down."""
    return small(
        demand=[2], capacity=[1] * n, owner=list(range(n)), partner_cost=list(range(1, n + 1)),
        arcs=[(0, s, 0) for s in range(n)],
    )  # fmt: skip


def test_whoever_stops_it_has_the_first_plan_with_its_dearest_mending() -> None:
    """The two cheapest cost 3; whichever is lost, the third is added for 3. Nothing else is tried."""
    found = solve_recoverable(many(), LIMITS, losses=1, on_progress=lambda _: True)
    assert (found.objective, found.partners) == (6.0, (0, 1))
    assert found.bound is not None and found.bound <= 6.0


def test_with_a_clock_all_seconds_count() -> None:
    """Every look at the clock takes ten seconds of thirty: nothing is tried to its end."""
    ticks = iter(range(0, 10_000, 10))
    found = solve_recoverable(many(), LIMITS, losses=1, clock=lambda: float(next(ticks)))
    assert (found.status, found.objective) == ("unknown", None)
