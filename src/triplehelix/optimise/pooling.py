"""Pooling: demands met by amounts of supplies, whose owners each cost something to bring in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from triplehelix.optimise.outcome import Status

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Row:
    """
    A side condition: low <= sum of coefficients times variables <= high.

    `partners`, `arcs`, `short` and `extras` map an index to its coefficient: a partner brought in
    (0 or 1), the amount on an arc, what a demand is short of, an extra variable. `name` is what
    the condition is called when it is in the way. `lasting`: it holds after losses too; such
    a condition has arcs alone, coefficients >= 0 and no `low`.
    """

    name: str
    low: float = -np.inf
    high: float = np.inf
    partners: Mapping[int, float] = field(default_factory=dict)
    arcs: Mapping[int, float] = field(default_factory=dict)
    short: Mapping[int, float] = field(default_factory=dict)
    extras: Mapping[int, float] = field(default_factory=dict)
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Extra:
    """A variable that only side conditions know: its cost for each unit, its bounds."""

    cost: float
    low: float = 0.0
    high: float = 1.0
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Pooling:
    """
    Choose partners and amounts on arcs, so that demands are met at the least cost.

    Parameters
    ----------
    demand : shape (n_demands,)
        Amount asked for, > 0.
    short_cost : shape (n_demands,)
        Cost of each unit that stays unmet; infinite where all must be met.
    whole : shape (n_demands,)
        True where an arc gives its `arc_most` or nothing (a piece of advice cannot be halved).
    capacity : shape (n_supplies,)
        Most that a supply gives over all its arcs, >= 0; infinite where it is shared freely.
    owner : shape (n_supplies,)
        The partner whose supply it is.
    partner_cost : shape (n_partners,)
        Cost of bringing a partner in at all, >= 0.
    arc_demand, arc_supply : shape (n_arcs,)
        The demand and the supply that an arc joins; no pair twice.
    arc_cost : shape (n_arcs,)
        Cost of each unit on the arc, >= 0.
    arc_most : shape (n_arcs,)
        Most that an arc carries, >= 0, never more than its demand and its supply; solvers take
        the least of the three, but an arc of a whole demand beyond its supply as of no use.
    rows, extras : side conditions and the variables that only they know.
    at_least, at_most : shape (n_partners,)
        Bounds of each partner: (1, 1) must be in, (0, 0) must not, (0, 1) free.
    """

    demand: Floats
    short_cost: Floats
    whole: Bools
    capacity: Floats
    owner: Ints
    partner_cost: Floats
    arc_demand: Ints
    arc_supply: Ints
    arc_cost: Floats
    arc_most: Floats
    at_least: Ints
    at_most: Ints
    rows: tuple[Row, ...] = ()
    extras: tuple[Extra, ...] = ()


@dataclass(frozen=True, slots=True)
class Pooled:
    """
    The end of a pooling.

    `partners` are the indices brought in, ascending; `amount` what each arc carries, shape
    (n_arcs,); `short` what each demand lacks, shape (n_demands,); `extras` the values of extra
    variables. `objective` was worked out anew from these; `bound` is a proven lower bound of the
    whole problem. All but `status` and `bound` are empty where nothing was found.
    """

    status: Status
    objective: float | None
    bound: float | None
    partners: tuple[int, ...]
    amount: Floats
    short: Floats
    extras: Floats
    seconds: float = 0.0

    @property
    def gap(self) -> float | None:
        """(objective - bound) / objective, 0 or more; None while one of them is unknown."""
        if self.objective is None or self.bound is None:
            return None
        return max(0.0, self.objective - self.bound) / max(abs(self.objective), 1e-9)


def small(
    *,
    demand: Sequence[float],
    capacity: Sequence[float],
    owner: Sequence[int],
    partner_cost: Sequence[float],
    arcs: Sequence[tuple[int, int, float]],
    short_cost: float = np.inf,
) -> Pooling:
    """
    A pooling written by hand, without side conditions: arcs are (demand, supply, cost).

    Each arc carries as much as its demand and its supply allow; amounts may be split, and every
    partner is free.

    Examples
    --------
    >>> small(demand=[2], capacity=[3], owner=[0], partner_cost=[1], arcs=[(0, 0, 5)]).arc_most
    array([2.])
    """
    to, by, cost = (np.array(column) for column in zip(*arcs, strict=True)) if arcs else ([],) * 3
    asked, most = np.array(demand, dtype=float), np.array(capacity, dtype=float)
    arc_demand, arc_supply = np.array(to, dtype=np.int64), np.array(by, dtype=np.int64)
    return Pooling(
        demand=asked,
        short_cost=np.full(len(asked), short_cost),
        whole=np.zeros(len(asked), dtype=bool),
        capacity=most,
        owner=np.array(owner, dtype=np.int64),
        partner_cost=np.array(partner_cost, dtype=float),
        arc_demand=arc_demand,
        arc_supply=arc_supply,
        arc_cost=np.array(cost, dtype=float),
        arc_most=np.minimum(asked[arc_demand], most[arc_supply]),
        at_least=np.zeros(len(partner_cost), dtype=np.int64),
        at_most=np.ones(len(partner_cost), dtype=np.int64),
    )
