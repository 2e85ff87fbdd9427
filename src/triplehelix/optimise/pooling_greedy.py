"""A first plan without a solver: demands in turn, each from the arcs that cost it least."""

import numpy as np

from triplehelix.optimise.pooling_relaxed import Layout, Relaxed
from triplehelix.optimise.pooling_value import Plan


def first_plan(layout: Layout, found: Relaxed) -> Plan:
    """
    The demands with least to spare first; a partner's cost is spread over all that it could give.

    The plan may leave unmet what must be met, and knows no side condition: it is to be checked.
    """
    problem = layout.problem
    could = np.bincount(layout.owner, layout.most, layout.n_partners)
    share = np.maximum(0.0, found.worth) / np.maximum(could, 1e-9)
    spare = np.bincount(layout.demand, layout.most, layout.n_demands) / problem.demand
    cost = found.reduced + share[layout.owner]
    order = np.lexsort((cost, layout.demand, spare[layout.demand]))
    unmet, left = problem.demand.tolist(), problem.capacity.tolist()
    demands, supplies = layout.demand[order].tolist(), layout.supply[order].tolist()
    whole, most = problem.whole.tolist(), layout.most[order].tolist()
    amount = np.zeros(len(order))
    for i, (d, s) in enumerate(zip(demands, supplies, strict=True)):
        if unmet[d] <= 0 or left[s] <= 0:
            continue
        x = most[i] if whole[d] else min(unmet[d], left[s], most[i])
        if x > left[s]:
            continue
        unmet[d], left[s], amount[i] = unmet[d] - x, left[s] - x, x
    given = np.zeros(len(order))
    given[layout.order[order]] = amount
    partners = (np.bincount(layout.owner[order], amount, layout.n_partners) > 0) | (
        problem.at_least == 1
    )
    extras = np.array([min(max(0.0, extra.low), extra.high) for extra in problem.extras])
    return Plan(partners.astype(float), given, np.maximum(0.0, np.array(unmet)), extras)
