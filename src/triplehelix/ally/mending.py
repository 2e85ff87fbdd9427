"""The plan that keeps what is agreed: only what is missing is added, else least is taken back."""

from dataclasses import replace

import numpy as np

from triplehelix.ally.model import Model
from triplehelix.ally.offers import Floats, Ints
from triplehelix.ally.solver import Solver
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Extra, Pooled, Pooling, Row

# What a change weighs beside the call's own objective: see docs/methods/alliances.md, "Repair".
NEW_PARTNER, TAKEN_BACK = 1_000.0, 10_000.0


def mended_plan(model: Model, kept: Floats, solver: Solver, limits: Limits) -> Pooled:
    """A plan that keeps volumes on arcs, shape (n_arcs,), as far as it can be."""
    added = _adding(model, kept, solver, limits)
    return added if added.objective is not None else _taking_back(model, kept, solver, limits)


def keeping(model: Model, kept: Floats) -> Model:
    """The model with what is agreed as conditions."""
    rows = tuple(
        Row("what is agreed", low=float(kept[a]), arcs={int(a): 1.0})
        for a in np.flatnonzero(kept > 0)
    )
    pooling = replace(model.pooling, rows=(*model.pooling.rows, *rows))
    return replace(model, pooling=pooling)


def _adding(model: Model, kept: Floats, solver: Solver, limits: Limits) -> Pooled:
    """What is missing as a pooling of its own: small, however large the whole is."""
    whole = model.pooling
    given = np.bincount(whole.arc_demand, kept, minlength=len(whole.demand))
    left = np.where(whole.demand - given > 1e-9 * whole.demand, whole.demand - given, 0.0)
    open_demands = np.flatnonzero(left)
    room = np.minimum(whole.arc_most - kept, left[whole.arc_demand])
    arcs = np.flatnonzero((left[whole.arc_demand] > 0) & (room > 1e-12))
    found = solver(_residual(whole, kept, left, open_demands, arcs), limits)
    if found.objective is None:
        return found
    amount = kept.copy()
    amount[arcs] += found.amount
    return replace(found, amount=amount)


def _residual(
    whole: Pooling, kept: Floats, left: Floats, open_demands: Ints, arcs: Ints
) -> Pooling:  # fmt: skip
    used = np.bincount(whole.arc_supply, kept, minlength=len(whole.capacity))
    place = np.zeros(len(whole.demand), np.int64)
    place[open_demands] = np.arange(len(open_demands))
    old = np.zeros(len(whole.partner_cost), bool)
    old[whole.owner[whole.arc_supply[kept > 0]]] = True
    rows = tuple(_shifted(row, kept, arcs) for row in whole.rows)
    return replace(
        whole, demand=left[open_demands], short_cost=whole.short_cost[open_demands],
        whole=whole.whole[open_demands], capacity=np.maximum(0.0, whole.capacity - used),
        partner_cost=np.where(old, 0.0, whole.partner_cost + NEW_PARTNER),
        arc_demand=place[whole.arc_demand[arcs]], arc_supply=whole.arc_supply[arcs],
        arc_cost=whole.arc_cost[arcs],
        arc_most=np.minimum(whole.arc_most - kept, left[whole.arc_demand])[arcs],
        at_least=np.where(old, 1, whole.at_least), rows=rows,
    )  # fmt: skip


def _shifted(row: Row, kept: Floats, arcs: Ints) -> Row:
    """A condition over what is added alone, what is kept taken off its bounds."""
    if not row.arcs:
        return row
    already = sum(much * float(kept[a]) for a, much in row.arcs.items())
    place = {int(a): n for n, a in enumerate(arcs)} if len(arcs) else {}
    over = {place[a]: much for a, much in row.arcs.items() if a in place}
    return replace(row, low=row.low - already, high=row.high - already, arcs=over)


def _taking_back(model: Model, kept: Floats, solver: Solver, limits: Limits) -> Pooled:
    """The whole pooling, where what falls short of what is kept weighs heavily."""
    whole = model.pooling
    held = np.flatnonzero(kept > 0)
    asked = np.zeros(len(model.parts.question.asked))
    for one in model.parts.laid.demands:
        asked[one.n] += one.volume
    old = np.zeros(len(whole.partner_cost), bool)
    old[whole.owner[whole.arc_supply[held]]] = True
    first = len(whole.extras)
    back = tuple(
        Extra(TAKEN_BACK / float(asked[model.parts.need[a]]), 0.0, float(kept[a])) for a in held
    )
    rows = tuple(
        Row("what is agreed", low=float(kept[a]), arcs={int(a): 1.0}, extras={first + k: 1.0})
        for k, a in enumerate(held)
    )
    cost = np.where(old, whole.partner_cost, whole.partner_cost + NEW_PARTNER)
    changed = replace(
        whole, partner_cost=cost, extras=(*whole.extras, *back), rows=(*whole.rows, *rows)
    )
    return solver(changed, limits)
