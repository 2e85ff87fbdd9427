"""
Pooling as a mixed-integer programme.

Variables, in this order: y of each partner (0 or 1), z of each arc (the share of its most that it
carries), s of each demand (the share that stays unmet), and the extras. All coefficients of the
structure are at most 1, whatever the units of the amounts are.

Every arc is held to z <= y, the strong form (Balinski 1965) without which the linear relaxation is
nearly worthless: by a row of its supply where that gives no more than the arc could carry, by a
row of its partner and demand where the demand bounds it, else by a row of its own.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from triplehelix.optimise.highs.mip import Programme
from triplehelix.optimise.pooling import Bools, Floats, Ints, Pooling, Row
from triplehelix.optimise.pooling_value import Plan


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of one kind; `ids` tell them apart: demands, supplies, pairs, arcs or conditions."""

    matrix: sparse.csr_array
    low: Floats
    high: Floats
    ids: Ints


def blocks(problem: Pooling) -> list[Block]:
    """All rows: of demands, supplies, pairs of a partner and a demand, arcs, conditions."""
    return [
        _demands(problem),
        _supplies(problem),
        _pairs(problem),
        _links(problem),
        side_block(problem),
    ]


def programme(problem: Pooling) -> Programme:
    """The whole problem, every side condition and every link in it."""
    return stacked(problem, blocks(problem))


def stacked(problem: Pooling, rows: list[Block]) -> Programme:
    """A problem's variables under the given rows."""
    return Programme(
        cost=_cost(problem),
        low=_low(problem),
        high=_high(problem),
        whole=_whole(problem),
        matrix=sparse.csr_array(sparse.vstack([block.matrix for block in rows], format="csr")),
        row_low=np.concatenate([block.low for block in rows]),
        row_high=np.concatenate([block.high for block in rows]),
    )


def most(problem: Pooling) -> Floats:
    """Most that each arc can carry; shape (n_arcs,). 0 for a whole one beyond its supply."""
    capacity = problem.capacity[problem.arc_supply]
    split = np.minimum(np.minimum(problem.arc_most, capacity), problem.demand[problem.arc_demand])
    whole = np.where(problem.arc_most <= capacity, problem.arc_most, 0.0)
    return np.where(problem.whole[problem.arc_demand], whole, split)


def values_of(problem: Pooling, plan: Plan) -> Floats:
    """A plan as values of the programme's variables."""
    size = np.maximum(most(problem), 1e-300)
    return np.concatenate(
        [plan.partners, plan.amount / size, plan.short / problem.demand, plan.extras]
    )


def plan_from(problem: Pooling, values: Floats) -> Plan:
    """The plan nearest to values of the programme's variables, without what rounding left."""
    n_partners, n_arcs, n_demands = _sizes(problem)
    y = np.round(values[:n_partners])
    z = np.clip(values[n_partners : n_partners + n_arcs], 0.0, 1.0)
    z = np.where(problem.whole[problem.arc_demand], np.round(z), z)
    z = np.where(z < 1e-10, 0.0, z) * y[problem.owner[problem.arc_supply]]
    amount = _within_supply(problem, z * most(problem))
    asked = values[n_partners + n_arcs : n_partners + n_arcs + n_demands] * problem.demand
    extras = _rounded_extras(problem, values[n_partners + n_arcs + n_demands :])
    return Plan(y, amount, _short(problem, amount, asked), extras)


def _within_supply(problem: Pooling, amount: Floats) -> Floats:
    """The amounts, scaled where rounding took a supply a hair over what it has."""
    used = np.bincount(problem.arc_supply, amount, len(problem.capacity))
    over = (used > problem.capacity) & (used <= problem.capacity * (1 + 1e-6))
    scale = np.where(over, problem.capacity / np.maximum(used, 1e-300), 1.0)
    split = ~problem.whole[problem.arc_demand]
    return np.where(split, amount * scale[problem.arc_supply], amount)


def _short(problem: Pooling, amount: Floats, asked: Floats) -> Floats:
    given = np.bincount(problem.arc_demand, amount, len(problem.demand))
    short = np.maximum(asked, problem.demand - given)
    return np.where(short < 1e-7 * problem.demand, 0.0, np.minimum(short, problem.demand))


def _rounded_extras(problem: Pooling, values: Floats) -> Floats:
    whole = np.array([extra.whole for extra in problem.extras], dtype=bool)
    low = np.array([extra.low for extra in problem.extras])
    high = np.array([extra.high for extra in problem.extras])
    return np.clip(np.where(whole, np.round(values), values), low, high)


def _sizes(problem: Pooling) -> tuple[int, int, int]:
    return len(problem.partner_cost), len(problem.arc_demand), len(problem.demand)


def _n_variables(problem: Pooling) -> int:
    return sum(_sizes(problem)) + len(problem.extras)


def _cost(problem: Pooling) -> Floats:
    must = np.isinf(problem.short_cost)
    short = np.where(must, 0.0, problem.short_cost) * problem.demand
    extras = [extra.cost for extra in problem.extras]
    return np.concatenate(
        [problem.partner_cost, problem.arc_cost * most(problem), short, np.array(extras)]
    )


def _low(problem: Pooling) -> Floats:
    _, n_arcs, n_demands = _sizes(problem)
    extras = np.array([extra.low for extra in problem.extras])
    return np.concatenate([problem.at_least.astype(float), np.zeros(n_arcs + n_demands), extras])


def _high(problem: Pooling) -> Floats:
    extras = np.array([extra.high for extra in problem.extras])
    arcs = (most(problem) > 0).astype(float)
    may = np.isfinite(problem.short_cost).astype(float)
    return np.concatenate([problem.at_most.astype(float), arcs, may, extras])


def _whole(problem: Pooling) -> NDArray[np.bool_]:
    n_partners, _, n_demands = _sizes(problem)
    extras = np.array([extra.whole for extra in problem.extras], dtype=bool)
    arcs = problem.whole[problem.arc_demand]
    return np.concatenate(
        [np.ones(n_partners, dtype=bool), arcs, np.zeros(n_demands, dtype=bool), extras]
    )


def _matrix(n_rows: int, problem: Pooling, *parts: tuple[Ints, Ints, Floats]) -> sparse.csr_array:
    rows, columns, values = (np.concatenate(column) for column in zip(*parts, strict=True))
    return sparse.csr_array((values, (rows, columns)), shape=(n_rows, _n_variables(problem)))


def _demands(problem: Pooling) -> Block:
    n_partners, n_arcs, n_demands = _sizes(problem)
    each = np.arange(n_demands)
    share = most(problem) / problem.demand[problem.arc_demand]
    matrix = _matrix(
        n_demands,
        problem,
        (problem.arc_demand, n_partners + np.arange(n_arcs), share),
        (each, n_partners + n_arcs + each, np.ones(n_demands)),
    )
    return Block(matrix, np.ones(n_demands), np.full(n_demands, np.inf), each)


def _by_supply(problem: Pooling) -> Bools:
    """Arcs that could use a supply up: its row, used <= has x partner, holds them."""
    capacity = problem.capacity[problem.arc_supply]
    return np.isfinite(capacity) & (most(problem) >= capacity * (1 - 1e-12)) & (capacity > 0)


def _by_pair(problem: Pooling) -> Bools:
    """
    Arcs that could meet a demand alone: a row of the partner and the demand holds them.

    Pieces of a whole demand can exceed it, and so can amounts that a side condition asks for.
    """
    if any(row.arcs for row in problem.rows):
        return np.zeros(len(problem.arc_cost), dtype=bool)
    demand = problem.demand[problem.arc_demand]
    return ~problem.whole[problem.arc_demand] & (most(problem) >= demand * (1 - 1e-12))


def _supplies(problem: Pooling) -> Block:
    """Only supplies that their arcs could use up or overdraw need a row."""
    n_partners, n_arcs, _ = _sizes(problem)
    could = np.bincount(problem.arc_supply, most(problem), len(problem.capacity))
    needed = could > problem.capacity
    needed[problem.arc_supply[_by_supply(problem)]] = True
    tight = np.flatnonzero(needed)
    at = np.full(len(problem.capacity), -1)
    at[tight] = np.arange(len(tight))
    arcs = np.flatnonzero((at[problem.arc_supply] >= 0) & (most(problem) > 0))
    share = most(problem)[arcs] / problem.capacity[problem.arc_supply[arcs]]
    matrix = _matrix(
        len(tight),
        problem,
        (at[problem.arc_supply[arcs]], n_partners + arcs, share),
        (np.arange(len(tight)), problem.owner[tight], -np.ones(len(tight))),
    )
    return Block(matrix, np.full(len(tight), -np.inf), np.zeros(len(tight)), tight)


def _pairs(problem: Pooling) -> Block:
    """What a partner gives to a demand is at most the demand, if the partner is in."""
    n_partners, _, _ = _sizes(problem)
    owner = problem.owner[problem.arc_supply]
    keys = problem.arc_demand * max(1, n_partners) + owner
    found, pair = np.unique(keys, return_inverse=True)
    splittable = ~problem.whole[problem.arc_demand]
    demand = problem.demand[problem.arc_demand]
    could = np.bincount(pair, most(problem) / demand, len(found))
    needed = np.zeros(len(found), dtype=bool)
    if not any(row.arcs for row in problem.rows):
        needed[pair[splittable & (could[pair] > 1 + 1e-9)]] = True
        needed[pair[_by_pair(problem)]] = True
    rows = np.flatnonzero(needed)
    at = np.full(len(found), -1)
    at[rows] = np.arange(len(rows))
    arcs = np.flatnonzero((at[pair] >= 0) & (most(problem) > 0))
    matrix = _matrix(
        len(rows),
        problem,
        (at[pair[arcs]], n_partners + arcs, (most(problem) / demand)[arcs]),
        (np.arange(len(rows)), found[rows] % max(1, n_partners), -np.ones(len(rows))),
    )
    return Block(matrix, np.full(len(rows), -np.inf), np.zeros(len(rows)), found[rows])


def _links(problem: Pooling) -> Block:
    """Arcs that neither their supply's nor their pair's row holds, but to partners in anyway."""
    n_partners, _, _ = _sizes(problem)
    owner = problem.owner[problem.arc_supply]
    free = ~_by_supply(problem) & ~_by_pair(problem)
    arcs = np.flatnonzero(free & (problem.at_least[owner] == 0) & (most(problem) > 0))
    each = np.arange(len(arcs))
    matrix = _matrix(
        len(arcs),
        problem,
        (each, n_partners + arcs, np.ones(len(arcs))),
        (each, owner[arcs], -np.ones(len(arcs))),
    )
    return Block(matrix, np.full(len(arcs), -np.inf), np.zeros(len(arcs)), arcs)


def side_matrix(problem: Pooling) -> sparse.csr_array:
    """Coefficients of the side conditions; shape (n_rows, n_variables)."""
    n_partners, n_arcs, n_demands = _sizes(problem)
    scale = np.concatenate(
        [np.ones(n_partners), most(problem), problem.demand, np.ones(len(problem.extras))]
    )
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for i, row in enumerate(problem.rows):
        for offset, named in _named(row, n_partners, n_arcs, n_demands):
            rows.extend([i] * len(named))
            columns.extend(offset + at for at in named)
            values.extend(named.values())
    at = np.array(columns, dtype=np.int64)
    matrix = sparse.csr_array(
        (np.array(values, dtype=float) * scale[at], (np.array(rows, dtype=np.int64), at)),
        shape=(len(problem.rows), _n_variables(problem)),
    )
    matrix.sum_duplicates()
    return matrix


def _named(
    row: Row, n_partners: int, n_arcs: int, n_demands: int
) -> list[tuple[int, dict[int, float]]]:
    return [
        (0, dict(row.partners)),
        (n_partners, dict(row.arcs)),
        (n_partners + n_arcs, dict(row.short)),
        (n_partners + n_arcs + n_demands, dict(row.extras)),
    ]


def side_block(problem: Pooling) -> Block:
    """Side conditions, each divided by its largest coefficient: tolerances are absolute."""
    matrix = side_matrix(problem)
    low = np.array([row.low for row in problem.rows], dtype=float)
    high = np.array([row.high for row in problem.rows], dtype=float)
    each = np.arange(len(low))
    if matrix.nnz == 0:
        return Block(matrix, low, high, each)
    largest = np.asarray(abs(matrix).max(axis=1).todense()).ravel()
    scale = 1.0 / np.where(largest > 0, largest, 1.0)
    scaled = sparse.csr_array(sparse.diags_array(scale) @ matrix)
    return Block(scaled, low * scale, high * scale, each)
