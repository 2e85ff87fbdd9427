"""What a plan costs, and how well it keeps its conditions: arithmetic without a solver."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from triplehelix.optimise.outcome import Status
from triplehelix.optimise.pooling import Floats, Pooled, Pooling

PROVEN_RELATIVE = 1e-9
PROVEN_ABSOLUTE = 1e-6
_KEPT = 1e-6


@dataclass(frozen=True, slots=True)
class Plan:
    """Values of all variables: who is in (0 or 1), amounts on arcs, what is short, extras."""

    partners: Floats
    amount: Floats
    short: Floats
    extras: Floats


def cost_of(problem: Pooling, plan: Plan) -> float:
    """
    The objective, added up anew.

    Examples
    --------
    >>> from triplehelix.optimise.pooling import small
    >>> problem = small(demand=[2], capacity=[3], owner=[0], partner_cost=[1], arcs=[(0, 0, 5)])
    >>> cost_of(problem, Plan(np.array([1.]), np.array([2.]), np.zeros(1), np.zeros(0)))
    11.0
    """
    lacking = plan.short > 0
    parts = (
        problem.partner_cost @ plan.partners,
        problem.arc_cost @ plan.amount,
        problem.short_cost[lacking] @ plan.short[lacking],
        np.array([extra.cost for extra in problem.extras]) @ plan.extras,
    )
    return float(sum(parts))


def broken(problem: Pooling, plan: Plan) -> float:
    """
    How far a plan is from keeping every condition, relative to its size; 0 where all are kept.

    Examples
    --------
    >>> from triplehelix.optimise.pooling import small
    >>> problem = small(demand=[2], capacity=[3], owner=[0], partner_cost=[1], arcs=[(0, 0, 5)])
    >>> broken(problem, Plan(np.array([1.]), np.array([1.5]), np.zeros(1), np.zeros(0)))
    0.25
    """
    given = np.bincount(problem.arc_demand, plan.amount, len(problem.demand))
    used = np.bincount(problem.arc_supply, plan.amount, len(problem.capacity))
    in_use = plan.partners[problem.owner[problem.arc_supply]]
    size = np.maximum(problem.arc_most, 1e-9)
    held = np.isfinite(problem.capacity)
    misses = [
        (problem.demand - plan.short - given) / problem.demand,
        (used - problem.capacity)[held] / np.maximum(problem.capacity, 1e-9)[held],
        (plan.amount - problem.arc_most * in_use) / size,
        -plan.amount / size,
        -plan.short / problem.demand,
        problem.at_least - plan.partners,
        plan.partners - problem.at_most,
        _off_whole(problem, plan),
        _off_rows(problem, plan),
        _off_extras(problem, plan),
    ]
    return max((float(miss.max(initial=0.0)) for miss in misses), default=0.0)


def _off_whole(problem: Pooling, plan: Plan) -> Floats:
    arcs = np.flatnonzero(problem.whole[problem.arc_demand])
    share = plan.amount[arcs] / np.maximum(problem.arc_most[arcs], 1e-9)
    return np.abs(share - np.round(share))


def _off_rows(problem: Pooling, plan: Plan) -> Floats:
    misses = []
    for row in problem.rows:
        parts = (
            _products(row.partners, plan.partners),
            _products(row.arcs, plan.amount),
            _products(row.short, plan.short),
            _products(row.extras, plan.extras),
        )
        terms = np.concatenate(parts)
        # The sum's size, not the bound, sets what rounding can do to it.
        size = max(1.0, float(np.abs(terms).max(initial=0.0)))
        value = float(terms.sum())
        misses.append(max(row.low - value, value - row.high) / size)
    return np.array(misses)


def _products(coefficients: Mapping[int, float], values: Floats) -> Floats:
    at = np.fromiter(coefficients.keys(), np.int64, len(coefficients))
    return np.fromiter(coefficients.values(), np.float64, len(coefficients)) * values[at]


def _off_extras(problem: Pooling, plan: Plan) -> Floats:
    misses = [
        max(
            extra.low - value,
            value - extra.high,
            abs(value - round(value)) if extra.whole else 0.0,
        )
        for extra, value in zip(problem.extras, plan.extras.tolist(), strict=True)
    ]
    return np.array(misses)


def kept(problem: Pooling, plan: Plan) -> bool:
    """Whether every condition is kept to one part in a million."""
    return broken(problem, plan) <= _KEPT


def proven(objective: float, bound: float | None) -> bool:
    """Whether a bound proves an objective least: equal to 1e-9 relative, or 1e-6 absolute."""
    if bound is None:
        return False
    return objective - bound <= max(PROVEN_ABSOLUTE, PROVEN_RELATIVE * abs(objective))


def nothing(status: Status, *, bound: float | None = None, seconds: float = 0.0) -> Pooled:
    """A pooling that ended without a plan."""
    none = np.zeros(0)
    return Pooled(status, None, bound, (), none, none, none, seconds)


def pooled(problem: Pooling, plan: Plan, *, bound: float | None, seconds: float = 0.0) -> Pooled:
    """A plan as the end of a pooling: `optimal` only where the bound proves it."""
    objective = cost_of(problem, plan)
    held = None if bound is None else min(bound, objective)
    status: Status = "optimal" if proven(objective, held) else "feasible"
    chosen = tuple(np.flatnonzero(plan.partners > 0.5).tolist())
    return Pooled(status, objective, held, chosen, plan.amount, plan.short, plan.extras, seconds)


def plan_of(problem: Pooling, found: Pooled) -> Plan:
    """The plan that a pooling ended with."""
    partners = np.zeros(len(problem.partner_cost))
    partners[list(found.partners)] = 1.0
    return Plan(partners, found.amount, found.short, found.extras)
