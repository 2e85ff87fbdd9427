"""
Choices that cost nothing, made for the reader: surges come last, and nothing changes needlessly.

A solver is free where two plans cost the same. These steps never add cost or break a rule.
"""

from dataclasses import replace

import numpy as np

from triplehelix.ally.model import Model
from triplehelix.ally.offers import Floats
from triplehelix.optimise.pooling import Pooled, Row


def tidied(model: Model, pooled: Pooled, *, standby: bool = False) -> Pooled:
    """A plan of the same cost that is easier to read; `standby`: partners may wait for a loss."""
    if pooled.objective is None:
        return pooled
    amount = pooled.amount.copy()
    _go_on_as_before(model, pooled, amount)
    _surge_last(model, amount)
    partners = pooled.partners if standby else _who_give(model, pooled.partners, amount)
    return replace(pooled, amount=amount, partners=partners)


def _who_give(model: Model, partners: tuple[int, ...], amount: Floats) -> tuple[int, ...]:
    """Partners without those who give nothing and are there for no rule."""
    giving = set(model.parts.owner[amount > 0].tolist())
    idle = {p for p in partners if p not in giving and not model.pooling.at_least[p]}
    for row in model.pooling.rows:
        for p in idle & row.partners.keys():
            much = row.partners[p]
            if (much > 0 and np.isfinite(row.low)) or (much < 0 and np.isfinite(row.high)):
                idle.discard(p)
    return tuple(p for p in partners if p not in idle)


def _surge_last(model: Model, amount: Floats) -> None:
    """Amounts of a surge go to what the same capacity has free: never later, never dearer."""
    laid, rows = model.parts.laid, model.parts.question.offers.rows
    of_arc, most = model.pooling.arc_supply, model.pooling.arc_most
    surging = [int(a) for a in np.flatnonzero(amount > 0) if rows[laid.row[a]].surge]
    for a in surging:
        offer = rows[laid.row[a]]
        there = np.flatnonzero((laid.demand == laid.demand[a]) & (laid.supply == laid.supply[a]))
        for b in there:
            other = rows[laid.row[b]]
            same = other.capacity == offer.capacity and other.asset == offer.asset
            if not same or other.surge or other.member != offer.member:
                continue
            capacity = model.pooling.capacity[of_arc[b]]
            if np.isfinite(capacity):
                used = float(amount[of_arc == of_arc[b]].sum())
                room = min(float(most[b] - amount[b]), float(capacity) - used, float(amount[a]))
                amount[a] -= max(0.0, room)
                amount[b] += max(0.0, room)


def _go_on_as_before(model: Model, pooled: Pooled, amount: Floats) -> None:
    """After the days that are priced, the plan of the last priced stretch, if it can go on."""
    laid = model.parts.laid
    rows: dict[int, list[Row]] = {}
    for row in model.pooling.rows:
        for a in row.arcs:
            rows.setdefault(a, []).append(row)
    before: dict[int, int] = {}
    for d, one in enumerate(laid.demands):
        if one.stretch is None:
            continue
        if one.portion == 0.0 and one.n in before:
            plan = _copied(model, amount, before[one.n], d)
            arcs = np.flatnonzero(laid.demand == d).tolist()
            held = {id(row): row for a in arcs for row in rows.get(a, ())}
            if plan is not None and all(_holds(row, pooled, plan) for row in held.values()):
                amount[:] = plan
        before[one.n] = d


def _copied(model: Model, amount: Floats, earlier: int, later: int) -> Floats | None:
    """The amounts with a later demand met as an earlier one is; None where they do not fit."""
    laid, of_arc = model.parts.laid, model.pooling.arc_supply
    there = np.flatnonzero(laid.demand == later)
    place = {int(laid.row[a]): int(a) for a in there}
    scale = laid.demands[later].volume / laid.demands[earlier].volume
    wanted = {
        int(laid.row[a]): float(amount[a]) * scale
        for a in np.flatnonzero((laid.demand == earlier) & (amount > 0))
    }
    if not wanted.keys() <= place.keys():
        return None
    plan = amount.copy()
    plan[there] = 0.0
    for row, much in wanted.items():
        plan[place[row]] = much
    used = np.bincount(of_arc, plan, minlength=len(model.pooling.capacity))
    slack = 1e-9 * (1.0 + used)
    fits = np.all(used <= model.pooling.capacity + slack) and np.all(
        plan[there] <= model.pooling.arc_most[there] * (1 + 1e-9)
    )
    return plan if fits else None


def _holds(row: Row, pooled: Pooled, plan: Floats) -> bool:
    """Whether a condition holds with other amounts."""
    chosen = set(pooled.partners)
    total = sum(much * float(plan[a]) for a, much in row.arcs.items())
    total += sum(much for p, much in row.partners.items() if p in chosen)
    total += sum(much * float(pooled.short[d]) for d, much in row.short.items())
    total += sum(much * float(pooled.extras[e]) for e, much in row.extras.items())
    slack = 1e-9 * (1.0 + abs(total))
    return row.low - slack <= total <= row.high + slack
