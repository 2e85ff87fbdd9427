"""
A lower bound of a whole pooling from prices: the Lagrangian relaxation of its demands.

With a price on each demand, every partner is a small problem of its own: whether what its supplies
earn at these prices, each a fractional knapsack, outweighs what bringing it in costs. The sum over
partners is a lower bound for any prices >= 0 (Geoffrion 1974; for facilities with capacities
Cornuejols, Sridharan and Thizy 1991). Prices of cuts and of side conditions enter as relief on
arcs and on partners.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from triplehelix.optimise.pooling import Floats, Ints, Pooling


class Layout:
    """
    A pooling with its arcs in the order of supplies, and its pairs of a partner and a demand.

    `pair` tells each arc's pair; `pair_partner`, `pair_demand` what a pair joins; `pair_most` the
    most that the partner could give to the demand.
    """

    def __init__(self, problem: Pooling, most: Floats) -> None:
        self.problem = problem
        self.order = np.argsort(problem.arc_supply, kind="stable")
        self.demand = problem.arc_demand[self.order]
        self.supply = problem.arc_supply[self.order]
        self.owner = problem.owner[self.supply]
        self.cost = problem.arc_cost[self.order]
        self.most = most[self.order]
        self.n_partners, self.n_demands = len(problem.partner_cost), len(problem.demand)
        self.pair_keys, self.pair = np.unique(
            self.demand * max(1, self.n_partners) + self.owner, return_inverse=True
        )
        self.pair_demand, self.pair_partner = np.divmod(self.pair_keys, max(1, self.n_partners))
        could = np.bincount(self.pair, self.most, len(self.pair_keys))
        asked = problem.demand[self.pair_demand]
        self.pair_most = np.minimum(could, asked)
        self.pair_starts = np.searchsorted(self.pair_demand, np.arange(self.n_demands + 1))

    @cached_property
    def capacity(self) -> Floats:
        """Of each arc's supply."""
        return self.problem.capacity[self.supply]

    def pairs_of(self, demand: int) -> slice:
        """The pairs of one demand."""
        return slice(int(self.pair_starts[demand]), int(self.pair_starts[demand + 1]))


@dataclass(frozen=True, slots=True)
class Prices:
    """
    What each demand pays for a unit, and relief from other conditions.

    `arc` (in the layout's order), `partner` and `short` are taken off what these cost; `constant`
    is added to the bound for it.
    """

    demand: Floats
    arc: Floats | None = None
    partner: Floats | None = None
    short: Floats | None = None
    constant: float = 0.0


def between(layout: Layout, one: Prices, other: Prices, share: float) -> Prices:
    """Prices on the way from one to another; share 0 is the one, 1 the other."""

    def mixed(a: Floats | None, b: Floats | None, n: int) -> Floats:
        first, second = (np.zeros(n) if part is None else part for part in (a, b))
        return first + share * (second - first)

    return Prices(
        mixed(one.demand, other.demand, layout.n_demands),
        mixed(one.arc, other.arc, len(layout.order)),
        mixed(one.partner, other.partner, layout.n_partners),
        mixed(one.short, other.short, layout.n_demands),
        one.constant + share * (other.constant - one.constant),
    )


@dataclass(frozen=True, slots=True)
class Relaxed:
    """
    The bound that prices give.

    `worth` is what bringing in each partner would change, below 0 where it pays; `given` what
    each demand gets in the relaxed solution; `reduced` what each arc costs beyond its price.
    """

    value: float
    worth: Floats
    given: Floats
    reduced: Floats


def relaxed(layout: Layout, prices: Prices) -> Relaxed:
    """The bound of the whole problem at these prices; valid for any prices >= 0."""
    problem = layout.problem
    reduced = layout.cost - prices.demand[layout.demand]
    if prices.arc is not None:
        reduced -= prices.arc
    arcs, taken = knapsacks(layout, reduced)
    worth = problem.partner_cost + np.bincount(
        layout.owner[arcs], taken * reduced[arcs], layout.n_partners
    )
    if prices.partner is not None:
        worth -= prices.partner
    chosen = ((worth < 0) & (problem.at_most == 1)) | (problem.at_least == 1)
    short = np.where(np.isfinite(problem.short_cost), problem.short_cost - prices.demand, 0.0)
    if prices.short is not None:
        short = np.where(np.isfinite(problem.short_cost), short - prices.short, 0.0)
    unmet = np.where(short < 0, problem.demand, 0.0)
    value = prices.demand @ problem.demand + worth[chosen].sum() + short @ unmet
    given = np.bincount(
        layout.demand[arcs], np.where(chosen[layout.owner[arcs]], taken, 0.0), layout.n_demands
    )
    got = (given + unmet).astype(np.float64)
    return Relaxed(float(value + prices.constant), worth, got, reduced)


def knapsacks(layout: Layout, reduced: Floats) -> tuple[Ints, Floats]:
    """Which arcs each supply would use if its partner were in, and how far; others use none."""
    paying = np.flatnonzero(reduced < 0)
    if not len(paying):
        return paying, np.zeros(0)
    supply = layout.supply[paying]
    begins = np.r_[True, supply[1:] != supply[:-1]]
    group = np.cumsum(begins) - 1
    dearest = np.minimum.reduceat(reduced[paying], np.flatnonzero(begins))
    at = np.flatnonzero(reduced[paying] == dearest[group])
    lead = paying[at[np.r_[True, group[at][1:] != group[at][:-1]]]]
    # Most supplies are used up by the arc that pays best, and need no sorting.
    alone = layout.most[lead] >= layout.capacity[lead]
    arcs, taken = _filled(layout, reduced, paying[~alone[group]])
    return np.r_[lead[alone], arcs], np.r_[layout.capacity[lead[alone]], taken]


def _filled(layout: Layout, reduced: Floats, paying: Ints) -> tuple[Ints, Floats]:
    """Supplies filled by their arcs, those that pay best first."""
    arcs = paying[np.lexsort((reduced[paying], layout.supply[paying]))]
    if not len(arcs):
        return arcs, np.zeros(0)
    most, supply = layout.most[arcs], layout.supply[arcs]
    used = np.cumsum(most) - most
    first = np.flatnonzero(np.r_[True, supply[1:] != supply[:-1]])
    before = used - np.repeat(used[first], np.diff(np.r_[first, len(arcs)]))
    return arcs, np.clip(layout.capacity[arcs] - before, 0.0, most)
