"""Another solver of the pooling: `scipy.optimize.milp`, over the formulas of the contract."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Pooled, Pooling


def solve(problem: Pooling, limits: Limits | None = None, **_: object) -> Pooled:
    """Partners y, arcs x, shortages s, extras e; whole demands by binaries z, one for each arc."""
    n_y, n_x = len(problem.partner_cost), len(problem.arc_cost)
    n_s, n_e = len(problem.demand), len(problem.extras)
    x0, s0, e0, z0 = n_y, n_y + n_x, n_y + n_x + n_s, n_y + n_x + n_s + n_e
    n = z0 + n_x
    whole_arc = problem.whole[problem.arc_demand] if n_x else np.zeros(0, bool)
    free = np.isfinite(problem.short_cost)
    cost = np.concatenate(
        [
            problem.partner_cost,
            problem.arc_cost,
            np.where(free, problem.short_cost, 0),
            [e.cost for e in problem.extras],
            np.zeros(n_x),
        ]
    )
    low = np.concatenate(
        [problem.at_least, np.zeros(n_x + n_s), [e.low for e in problem.extras], np.zeros(n_x)]
    )
    high = np.concatenate(
        [
            problem.at_most,
            problem.arc_most,
            np.where(free, problem.demand, 0),
            [e.high for e in problem.extras],
            np.where(whole_arc, 1, 0),
        ]
    )
    integral = np.concatenate(
        [
            np.ones(n_y),
            np.zeros(n_x + n_s),
            [float(e.whole) for e in problem.extras],
            np.ones(n_x),
        ]
    )
    rows: list[tuple[dict[int, float], float, float]] = []
    for d in range(n_s):
        over = {x0 + int(a): 1.0 for a in np.flatnonzero(problem.arc_demand == d)}
        rows.append(({**over, s0 + d: 1.0}, float(problem.demand[d]), np.inf))
    for u, most in enumerate(problem.capacity):
        if np.isfinite(most):
            rows.append(
                ({x0 + int(a): 1.0 for a in np.flatnonzero(problem.arc_supply == u)}, -np.inf, most)
            )
    for a in range(n_x):
        owner = int(problem.owner[problem.arc_supply[a]])
        most = float(problem.arc_most[a])
        rows.append(({x0 + a: 1.0, owner: -most}, -np.inf, 0.0))
        if whole_arc[a]:
            rows.append(({x0 + a: 1.0, z0 + a: -most}, 0.0, 0.0))
    for row in problem.rows:
        over = {
            **dict(row.partners),
            **{x0 + a: c for a, c in row.arcs.items()},
            **{s0 + d: c for d, c in row.short.items()},
            **{e0 + e: c for e, c in row.extras.items()},
        }
        rows.append((over, row.low, row.high))
    if n == 0:
        return Pooled("optimal", 0.0, 0.0, (), *(np.zeros(0),) * 3)
    at = [(r, c, v) for r, (over, _, _) in enumerate(rows) for c, v in over.items()]
    matrix = coo_array(
        ([v for _, _, v in at], ([r for r, _, _ in at], [c for _, c, _ in at])), (len(rows), n)
    ).tocsr()
    constraint = LinearConstraint(matrix, [l for _, l, _ in rows], [h for _, _, h in rows])
    told = milp(
        cost,
        integrality=integral,
        bounds=Bounds(low, high),
        constraints=constraint if rows else (),
        options={"mip_rel_gap": 0.0},
    )
    if told.x is None:
        return Pooled(
            "infeasible" if told.status == 2 else "unknown", None, None, (), *(np.zeros(0),) * 3
        )
    y = np.round(told.x[:n_y])
    x = np.where(told.x[x0:s0] < 1e-9, 0, told.x[x0:s0])
    value = float(cost @ told.x)
    return Pooled(
        "optimal", value, value, tuple(np.flatnonzero(y).tolist()), x, told.x[s0:e0], told.x[e0:z0]
    )
