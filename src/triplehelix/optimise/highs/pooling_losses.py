"""The worst loss that a plan's partners can have: what they then still cover, and its prices."""

import numpy as np
from scipy import sparse

from triplehelix.optimise.highs.mip import Programme, run
from triplehelix.optimise.highs.pooling_dropouts import Shown, Task
from triplehelix.optimise.highs.pooling_model import most
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Bools, Floats, Ints, Pooled


def worst(task: Task, found: Pooled, seconds: float) -> Shown | None:
    """
    The least weight covered after any loss from a plan's partners; None where time ran out.

    Variables: the price of each demand, supply, arc and lasting condition, and who is lost. An
    arc's demand counts no more than all of these are priced at, unless its partner is lost, or
    whom its supply goes with.
    """
    problem = task.problem
    partners = np.asarray(found.partners, dtype=np.int64)
    chosen = np.zeros(len(problem.partner_cost), dtype=bool)
    chosen[partners] = True
    arcs = np.flatnonzero(chosen[problem.owner[problem.arc_supply]] & (most(problem) > 0))
    model, first_row, first_lost = _programme(task, arcs, partners, chosen)
    ran = run(model, Limits(seconds=seconds))
    if ran.values is None or ran.status != "optimal":
        return None
    n_demands = len(problem.demand)
    return Shown(
        float(model.cost @ ran.values),
        np.clip(ran.values[:n_demands], 0.0, task.unit),
        np.maximum(0.0, ran.values[first_row:first_lost]),
        partners[ran.values[first_lost:] > 0.5],
        ran.seconds,
    )


def _programme(
    task: Task, arcs: Ints, partners: Ints, chosen: Bools
) -> tuple[Programme, int, int]:  # fmt: skip
    """The programme, and where prices of conditions and where losses begin in its variables."""
    problem = task.problem
    supplies, at_supply = np.unique(problem.arc_supply[arcs], return_inverse=True)
    n_d, n_s, n_a, n_l = len(problem.demand), len(supplies), len(arcs), len(partners)
    n_r = len(task.most_of_rows)
    first_row, first_lost = n_d + n_s + n_a, n_d + n_s + n_a + n_r
    each, held = np.arange(n_a), sparse.coo_array(task.lasting[:, arcs])
    at, lost = _lost_with(task, arcs, partners, chosen)
    unit = task.unit[problem.arc_demand[arcs]]
    rows = np.r_[each, each, each, at, np.full(n_l, n_a), held.col]
    columns = np.r_[
        problem.arc_demand[arcs], n_d + at_supply, n_d + n_s + each, first_lost + lost,
        first_lost + np.arange(n_l), first_row + held.row,
    ]  # fmt: skip
    values = np.r_[np.ones(3 * n_a), unit[at], np.ones(n_l), held.data]
    shape = (n_a + 1, first_lost + n_l)
    capacity = problem.capacity[supplies]
    endless = ~np.isfinite(capacity)
    high = np.r_[
        task.unit, np.where(endless, 0.0, np.inf), np.full(n_a + n_r, np.inf), np.ones(n_l)
    ]
    cost: Floats = np.r_[
        problem.demand, np.where(endless, 0.0, capacity), most(problem)[arcs],
        task.most_of_rows, np.zeros(n_l),
    ]  # fmt: skip
    model = Programme(
        cost, np.zeros(shape[1]), high, np.arange(shape[1]) >= first_lost,
        sparse.csr_array((values, (rows, columns)), shape=shape),
        np.r_[unit, -np.inf], np.r_[np.full(n_a, np.inf), task.losses],
    )  # fmt: skip
    return model, first_row, first_lost


def _lost_with(
    task: Task, arcs: Ints, partners: Ints, chosen: Bools
) -> tuple[Ints, Ints]:  # fmt: skip
    """Pairs of an arc (by its place) and a partner (by its place) whose loss takes it."""
    problem = task.problem
    place = np.full(len(chosen), -1)
    place[partners] = np.arange(len(partners))
    supply = problem.arc_supply[arcs]
    other = task.goes_with[supply]
    along = np.flatnonzero((other >= 0) & chosen[other])
    at = np.r_[np.arange(len(arcs)), along]
    return at, np.r_[place[problem.owner[supply]], place[other[along]]]
