"""
Pooling as a mixed-integer programme.

Variables, in this order: y of each partner (0 or 1), z of each arc (the share of its most that it
carries), s of each demand (the share that stays unmet), and the extras. All coefficients of the
structure are at most 1, whatever the units of the amounts are. Beside the conditions that define
the problem stands z <= y for every arc: the strong form (Balinski 1965), without which the linear
relaxation is nearly worthless.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from triplehelix.optimise.highs.mip import Programme
from triplehelix.optimise.pooling import Floats, Ints, Pooling, Row
from triplehelix.optimise.pooling_value import Plan

Block = tuple[sparse.csr_array, Floats, Floats]


def programme(problem: Pooling) -> Programme:
    """The whole problem, every side condition and every link in it."""
    blocks = [_demands(problem), _supplies(problem), _links(problem), _side(problem)]
    return Programme(
        cost=_cost(problem),
        low=_low(problem),
        high=_high(problem),
        whole=_whole(problem),
        matrix=sparse.csr_array(sparse.vstack([block[0] for block in blocks], format="csr")),
        row_low=np.concatenate([block[1] for block in blocks]),
        row_high=np.concatenate([block[2] for block in blocks]),
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
    return matrix, np.ones(n_demands), np.full(n_demands, np.inf)


def _supplies(problem: Pooling) -> Block:
    """Only supplies that their arcs together could overdraw need a row: used <= has x partner."""
    n_partners, n_arcs, _ = _sizes(problem)
    could = np.bincount(problem.arc_supply, most(problem), len(problem.capacity))
    tight = np.flatnonzero(could > problem.capacity)
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
    return matrix, np.full(len(tight), -np.inf), np.zeros(len(tight))


def _links(problem: Pooling) -> Block:
    """No link is needed to a partner who is in anyway."""
    n_partners, _, _ = _sizes(problem)
    owner = problem.owner[problem.arc_supply]
    arcs = np.flatnonzero((problem.at_least[owner] == 0) & (most(problem) > 0))
    each = np.arange(len(arcs))
    matrix = _matrix(
        len(arcs),
        problem,
        (each, n_partners + arcs, np.ones(len(arcs))),
        (each, owner[arcs], -np.ones(len(arcs))),
    )
    return matrix, np.full(len(arcs), -np.inf), np.zeros(len(arcs))


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


def _side(problem: Pooling) -> Block:
    """Divided by the largest coefficient of each, as the solver's tolerance is absolute."""
    matrix = side_matrix(problem)
    low = np.array([row.low for row in problem.rows], dtype=float)
    high = np.array([row.high for row in problem.rows], dtype=float)
    if matrix.nnz == 0:
        return matrix, low, high
    largest = np.asarray(abs(matrix).max(axis=1).todense()).ravel()
    scale = 1.0 / np.where(largest > 0, largest, 1.0)
    return sparse.csr_array(sparse.diags_array(scale) @ matrix), low * scale, high * scale
