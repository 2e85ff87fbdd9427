"""Random small poolings, and their optima by brute force: every choice tried, amounts by linprog."""

from itertools import combinations, product

import numpy as np
from scipy.optimize import linprog

from triplehelix.optimise.pooling import Extra, Pooled, Pooling, Row
from triplehelix.optimise.pooling_value import Plan, cost_of, kept


def random_pooling(seed: int, *, side: bool = True) -> Pooling:
    """Up to five partners and five demands; some are whole, some may stay unmet, some infeasible."""
    rng = np.random.default_rng(seed)
    n_partners, n_demands = int(rng.integers(1, 6)), int(rng.integers(1, 6))
    owner = np.repeat(np.arange(n_partners), rng.integers(1, 4, n_partners))
    pairs = np.argwhere(rng.random((n_demands, len(owner))) < rng.uniform(0.3, 0.9))
    demand = rng.integers(1, 20, n_demands).astype(float)
    capacity = np.where(rng.random(len(owner)) < 0.1, np.inf, rng.integers(0, 25, len(owner)))
    whole = np.zeros(n_demands, dtype=bool)
    if side and n_partners <= 3:
        counts = np.bincount(pairs[:, 0], minlength=n_demands)
        whole[np.flatnonzero(counts <= 3)[:1]] = True
    most = np.minimum(demand[pairs[:, 0]], capacity[pairs[:, 1]])
    must = rng.random(n_demands) < rng.uniform(0.2, 1.0)
    bounds = rng.choice([0, 0, 0, 1, 2], n_partners) if side else np.zeros(n_partners, dtype=int)
    return Pooling(
        demand=demand,
        short_cost=np.where(must, np.inf, rng.integers(1, 40, n_demands)),
        whole=whole,
        capacity=capacity,
        owner=owner,
        partner_cost=rng.integers(0, 60, n_partners).astype(float),
        arc_demand=pairs[:, 0],
        arc_supply=pairs[:, 1],
        arc_cost=rng.integers(0, 9, len(pairs)).astype(float),
        arc_most=most,
        at_least=(bounds == 1).astype(int),
        at_most=(bounds != 2).astype(int),
        **_side_conditions(rng, n_partners, len(pairs), n_demands) if side else {},
    )


def _side_conditions(
    rng: np.random.Generator, n_partners: int, n_arcs: int, n_demands: int
) -> dict[str, tuple[Row, ...] | tuple[Extra, ...]]:
    extras = (
        Extra(float(rng.integers(0, 9)), 0.0, 1.0, whole=bool(rng.random() < 0.5)),
        Extra(float(rng.integers(0, 3)), 0.0, 30.0),
    )

    def some(n: int) -> dict[int, float]:
        return {int(i): float(rng.integers(-2, 4)) for i in np.flatnonzero(rng.random(n) < 0.5)}

    every = dict.fromkeys(range(n_partners), 1.0)
    rows = [
        Row("most partners", high=float(rng.integers(1, n_partners + 1)), partners=every),
        Row("least partners", low=1.0, partners=every),
        Row("budget", high=float(rng.integers(20, 200)), arcs=some(n_arcs), extras={1: -1.0}),
        Row("linked", low=0.0, partners=some(n_partners), extras={0: 1.0}),
        Row("little missing", high=float(rng.integers(1, 30)), short=some(n_demands)),
    ]
    kept_rows = [row for row in rows if rng.random() < 0.5]
    return {"rows": tuple(kept_rows), "extras": extras}


def brute_force(problem: Pooling) -> float:
    """The least cost over every choice of partners, of whole arcs and of whole extras; inf: none."""
    whole_arcs = np.flatnonzero(problem.whole[problem.arc_demand])
    whole_extras = [e for e, extra in enumerate(problem.extras) if extra.whole]
    ranges = [
        range(low, high + 1) for low, high in zip(problem.at_least, problem.at_most, strict=True)
    ]
    best = np.inf
    for chosen in product(*ranges):
        for given in product((0, 1), repeat=len(whole_arcs)):
            for extra in product((0, 1), repeat=len(whole_extras)):
                fixed_arcs = dict(zip(whole_arcs.tolist(), given, strict=True))
                fixed_extras = dict(zip(whole_extras, extra, strict=True))
                best = min(best, _amounts(problem, chosen, fixed_arcs, fixed_extras))
    return best


def _amounts(
    problem: Pooling,
    chosen: tuple[int, ...],
    fixed_arcs: dict[int, int],
    fixed_extras: dict[int, int],
) -> float:
    """Least cost of amounts, shortages and extras, with all that is whole fixed."""
    n_arcs, n_demands, n_extras = len(problem.arc_cost), len(problem.demand), len(problem.extras)
    n = n_arcs + n_demands + n_extras
    bounds: list[tuple[float, float | None]] = []
    for a in range(n_arcs):
        most = problem.arc_most[a] * chosen[problem.owner[problem.arc_supply[a]]]
        low = 0.0
        if a in fixed_arcs:
            low = problem.arc_most[a] * fixed_arcs[a]
            if low > most:
                return np.inf
            most = low
        bounds.append((low, most))
    bounds += [(0, None if np.isfinite(cost) else 0) for cost in problem.short_cost]
    bounds += [
        (fixed_extras.get(e, extra.low), fixed_extras.get(e, extra.high))
        for e, extra in enumerate(problem.extras)
    ]
    above: list[np.ndarray] = []
    limit: list[float] = []
    for d in range(n_demands):
        row = np.zeros(n)
        row[:n_arcs][problem.arc_demand == d] = -1
        row[n_arcs + d] = -1
        above.append(row)
        limit.append(-problem.demand[d])
    for s in np.flatnonzero(np.isfinite(problem.capacity)):
        row = np.zeros(n)
        row[:n_arcs][problem.arc_supply == s] = 1
        above.append(row)
        limit.append(problem.capacity[s])
    for side in problem.rows:
        row = np.zeros(n)
        for offset, named in (
            (0, side.arcs),
            (n_arcs, side.short),
            (n_arcs + n_demands, side.extras),
        ):
            for at, value in named.items():
                row[offset + at] += value
        already = sum(value * chosen[p] for p, value in side.partners.items())
        if np.isfinite(side.high):
            above.append(row)
            limit.append(side.high - already)
        if np.isfinite(side.low):
            above.append(-row)
            limit.append(already - side.low)
    short = np.where(np.isfinite(problem.short_cost), problem.short_cost, 0)
    cost = np.concatenate([problem.arc_cost, short, [extra.cost for extra in problem.extras]])
    found = linprog(cost, np.array(above), np.array(limit), bounds=bounds)
    if found.status != 0:
        return np.inf
    return float(found.fun + problem.partner_cost @ np.array(chosen))


def is_sound(problem: Pooling, found: Pooled) -> bool:
    """Whether what was found keeps every condition and costs what it says."""
    partners = np.zeros(len(problem.partner_cost))
    partners[list(found.partners)] = 1
    plan = Plan(partners, found.amount, found.short, found.extras)
    assert found.objective is not None
    return kept(problem, plan) and bool(np.isclose(cost_of(problem, plan), found.objective))


def least_covered(
    problem: Pooling,
    chosen: tuple[int, ...],
    weights: np.ndarray,
    gone: np.ndarray | None = None,
) -> float:
    """
    The greatest weight that the partners chosen can cover; 1 in `chosen` for each who is in.

    Side conditions hold where they are lasting. `gone`: supplies that cannot be used.
    """
    n_arcs, n_demands = len(problem.arc_cost), len(problem.demand)
    if n_arcs == 0:
        return 0.0
    in_use = np.array([chosen[p] for p in problem.owner[problem.arc_supply]])
    if gone is not None:
        in_use = in_use * ~gone[problem.arc_supply]
    above = np.zeros((n_demands + len(problem.capacity), n_arcs))
    above[problem.arc_demand, np.arange(n_arcs)] = 1
    above[n_demands + problem.arc_supply, np.arange(n_arcs)] = 1
    limit = np.concatenate([problem.demand, np.minimum(problem.capacity, 1e6)])
    for row in problem.rows:
        if row.lasting:
            held = np.zeros((1, n_arcs))
            held[0, list(row.arcs)] = list(row.arcs.values())
            above, limit = np.concatenate([above, held]), np.r_[limit, row.high]
    worth = (weights / problem.demand)[problem.arc_demand]
    bounds = [(0, most) for most in problem.arc_most * in_use]
    return float(-linprog(-worth, above, limit, bounds=bounds).fun)


def brute_force_robust(
    problem: Pooling,
    losses: int,
    *,
    share: float,
    weights: np.ndarray,
    goes_with: np.ndarray | None = None,
) -> float:
    """The least cost of a choice that covers enough after every loss, each of which is tried."""
    best = np.inf
    n = len(problem.partner_cost)
    for chosen in product((0, 1), repeat=n):
        cost = _amounts(problem, chosen, {}, {})
        if cost >= best:
            continue
        there = [p for p in range(n) if chosen[p]]
        after = [
            least_covered(
                problem,
                tuple(0 if p in lost else chosen[p] for p in range(n)),
                weights,
                None if goes_with is None else np.isin(goes_with, lost),
            )
            for lost in combinations(there, min(losses, len(there)))
        ]
        if min(after) >= share * weights.sum() - 1e-7:
            best = cost
    return best
