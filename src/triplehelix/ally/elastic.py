"""What can be covered at best where not everything can: the least shortage, then the least cost."""

from dataclasses import dataclass, replace

import numpy as np

from triplehelix.ally.model import Model
from triplehelix.ally.offers import Floats
from triplehelix.ally.solver import Solver
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Pooled, Row


@dataclass(frozen=True)
class Shortage:
    """The least shortage of the needs that must be met: by demand (volume), and weighed in all."""

    short: Floats
    weighed: float


def least_shortage(model: Model, solver: Solver, limits: Limits) -> Shortage | None:
    """
    The least weighed share that stays missing of needs that must be met, whatever it costs.

    None where the rules cannot be kept even with every need unmet, or time ran out.
    """
    problem = model.pooling
    n_partners, n_arcs = len(problem.partner_cost), len(problem.arc_cost)
    share = share_of(model)
    pooled = solver(
        replace(
            problem, short_cost=share, partner_cost=np.zeros(n_partners),
            arc_cost=np.zeros(n_arcs),
            extras=tuple(replace(one, cost=0.0) for one in problem.extras),
        ),
        limits,
    )  # fmt: skip
    if pooled.objective is None:
        return None
    short = shortage(model, pooled)
    return Shortage(short, float(share @ short))


def at_least_shortage(model: Model, least: Shortage, solver: Solver, limits: Limits) -> Pooled:
    """The cheapest of the choices that leave no more missing than the least shortage."""
    problem, share = model.pooling, share_of(model)
    must = np.isinf(problem.short_cost)
    allowed = least.weighed + 1e-7 * (1 + least.weighed)
    held = {int(d): float(share[d]) for d in np.flatnonzero(must)}
    row = Row("the least shortage", high=allowed, short=held)
    return solver(
        replace(
            problem, short_cost=np.where(must, 0.0, problem.short_cost), rows=(*problem.rows, row)
        ),
        limits,
    )


def shortage(model: Model, pooled: Pooled) -> Floats:
    """What each demand lacks, in volume; traces of rounding are none."""
    given = np.zeros(len(model.pooling.demand))
    np.add.at(given, model.pooling.arc_demand, pooled.amount)
    short = np.maximum(0.0, model.pooling.demand - given)
    return np.asarray(np.where(short <= 1e-6 * model.pooling.demand, 0.0, short))


def share_of(model: Model) -> Floats:
    """The weight of one unit of volume that is missing: its need's, by its share of the need."""
    asked = model.parts.question.asked
    demands = model.parts.laid.demands
    in_all = np.zeros(len(asked))
    for one in demands:
        in_all[one.n] += one.volume
    return np.array(
        [asked[d.n].need.weight / in_all[d.n] if asked[d.n].need.must else 0.0 for d in demands],
        float,
    )
