"""
Cuts that tell a linear relaxation that a demand cannot be met by thirds of partners.

Let C be partners that together fall short of a demand b by r > 0, each giving its most M. Then what
the others give, each counted as x or as min(M, r) y, whichever is chosen for it, adds up to r: one
of them with M >= r that is counted by y does so alone, and else each counts for no less than it
gives. These are the flow cover inequalities of Padberg, Van Roy and Wolsey (1985) for a demand.
"""

from dataclasses import dataclass

import numpy as np

from triplehelix.optimise.pooling import Bools, Floats, Ints
from triplehelix.optimise.pooling_relaxed import Layout

_LEAST_RESIDUAL = 1e-3
_VIOLATED = 1e-3


@dataclass(frozen=True, slots=True)
class Cut:
    """
    One cut: its demand, r, the pairs in C, and the pairs with M > r that are counted by x.

    All other pairs are counted by x where M <= r (then x <= M y makes it the stronger), else by y.
    """

    demand: int
    residual: float
    cover: Ints
    flow: Ints


def terms(layout: Layout, cut: Cut) -> tuple[slice, Bools, Floats]:
    """The demand's pairs; which are counted by x; what y counts for each, 0 where it does not."""
    pairs = layout.pairs_of(cut.demand)
    most = layout.pair_most[pairs]
    by_flow = most <= cut.residual
    by_flow[cut.flow - pairs.start] = True
    by_flow[cut.cover - pairs.start] = False
    by_partner = np.where(by_flow, 0.0, np.minimum(most, cut.residual))
    by_partner[cut.cover - pairs.start] = 0.0
    return pairs, by_flow, by_partner


def violated(layout: Layout, flow: Floats, partners: Floats, short: Floats) -> list[Cut]:
    """
    The most violated cut of each demand at a point of the relaxation; demands without one left out.

    `flow` is what each pair carries, `partners` in how far each is in, `short` what is unmet.
    """
    found = []
    for demand in range(layout.n_demands):
        cut = _most_violated(layout, demand, flow, partners, float(short[demand]))
        if cut is not None:
            found.append(cut)
    return found


def _most_violated(
    layout: Layout, demand: int, flow: Floats, partners: Floats, short: float
) -> Cut | None:
    """C is tried as the first pairs in order of the share of their most that they give."""
    span = layout.pairs_of(demand)
    asked = float(layout.problem.demand[demand])
    at_all = (partners[layout.pair_partner[span]] > 1e-9) & (layout.pair_most[span] > 0)
    pairs = np.flatnonzero(at_all) + span.start
    x, y, most = flow[pairs], partners[layout.pair_partner[pairs]], layout.pair_most[pairs]
    if not ((y < 1 - 1e-6) & (x > 1e-6 * asked)).any():
        return None
    order = np.lexsort((pairs, -most, -np.round(x / most, 9)))
    pairs, x, y, most = pairs[order], x[order], y[order], most[order]
    residual = asked - np.r_[0.0, np.cumsum(most)]
    lengths = np.flatnonzero(residual >= _LEAST_RESIDUAL * asked)
    left = residual[lengths, None]
    each = np.minimum(x, np.minimum(most, left) * y)
    outside = np.arange(len(pairs)) >= lengths[:, None]
    lacking = (left[:, 0] - (each * outside).sum(axis=1) - short) / left[:, 0]
    best = int(np.argmax(lacking))
    if lacking[best] < _VIOLATED:
        return None
    r = float(left[best, 0])
    rest = slice(int(lengths[best]), None)
    by_x = (most[rest] > r) & (x[rest] < r * y[rest])
    return Cut(demand, r, pairs[: rest.start], pairs[rest][by_x])
