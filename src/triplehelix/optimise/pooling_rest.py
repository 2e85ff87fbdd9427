"""What is left to decide of a pooling where some amounts stand: a smaller pooling, and back."""

from dataclasses import dataclass, replace

import numpy as np

from triplehelix.optimise.pooling import Bools, Floats, Ints, Pooled, Pooling, Row

# Rounding of amounts leaves traces: what lacks no more than this share is met.
LITTLE = 1e-6
_NO_ROOM = 1e-12


@dataclass(frozen=True, slots=True)
class Rest:
    """
    A pooling of some demands beside amounts that stand.

    `demands` and `arcs` are the indices, in the whole, of what `problem` has; partners, supplies
    and extras keep their numbers. `fixed`: amounts of the whole that stand, shape (n_arcs,).
    """

    problem: Pooling
    demands: Ints
    arcs: Ints
    fixed: Floats

    def whole_of(self, found: Pooled) -> Pooled:
        """What was found for the rest, with all that stands, as amounts of the whole."""
        amount = self.fixed.copy()
        amount[self.arcs] += found.amount
        return replace(found, amount=amount)


def unmet(problem: Pooling, amount: Floats) -> Floats:
    """What amounts on arcs leave unmet of each demand; traces of rounding are none."""
    left = problem.demand - np.bincount(problem.arc_demand, amount, len(problem.demand))
    return np.asarray(np.where(left > LITTLE * problem.demand, left, 0.0))


def rest_of(problem: Pooling, fixed: Floats) -> Rest:
    """
    The pooling of the demands that fixed amounts leave unmet, over what these leave free.

    Side conditions have what stands taken off their bounds, and whoever gives of it is in.

    Examples
    --------
    Of a demand of 5, 3 stand; 2 are left to decide, and the first partner has none free.

    >>> from triplehelix.optimise.pooling import small
    >>> problem = small(demand=[5], capacity=[3, 4], owner=[0, 1], partner_cost=[1, 1],
    ...                 arcs=[(0, 0, 1), (0, 1, 1)])
    >>> rest = rest_of(problem, np.array([3.0, 0.0]))
    >>> rest.arcs, rest.problem.demand, rest.problem.capacity
    (array([1]), array([2.]), array([0., 4.]))
    """
    left = unmet(problem, fixed)
    demands = np.flatnonzero(left)
    used = np.bincount(problem.arc_supply, fixed, len(problem.capacity))
    whole = problem.whole[problem.arc_demand]
    room = np.where(
        whole,
        np.where(fixed > 0, 0.0, problem.arc_most),
        np.minimum(problem.arc_most - fixed, left[problem.arc_demand]),
    )
    arcs = np.flatnonzero((left[problem.arc_demand] > 0) & (room > _NO_ROOM))
    place = np.full(len(problem.demand), -1)
    place[demands] = np.arange(len(demands))
    at = np.full(len(problem.arc_cost), -1)
    at[arcs] = np.arange(len(arcs))
    rest = replace(
        problem, demand=left[demands], short_cost=problem.short_cost[demands],
        whole=problem.whole[demands], capacity=np.maximum(0.0, problem.capacity - used),
        arc_demand=place[problem.arc_demand[arcs]], arc_supply=problem.arc_supply[arcs],
        arc_cost=problem.arc_cost[arcs], arc_most=room[arcs],
        at_least=np.where(giving(problem, fixed), 1, problem.at_least),
        rows=tuple(_shifted(row, fixed, at, place) for row in problem.rows),
    )  # fmt: skip
    return Rest(rest, demands, arcs, fixed)


def giving(problem: Pooling, amount: Floats) -> Bools:
    """Whose supplies carry something; shape (n_partners,)."""
    found = np.zeros(len(problem.partner_cost), bool)
    found[problem.owner[problem.arc_supply[amount > 0]]] = True
    return found


def _shifted(row: Row, fixed: Floats, at: Ints, place: Ints) -> Row:
    """A condition over what is left to decide, what stands taken off its bounds."""
    if not row.arcs and not row.short:
        return row
    there = sum(much * float(fixed[a]) for a, much in row.arcs.items())
    return replace(
        row, low=row.low - there, high=row.high - there,
        arcs={int(at[a]): much for a, much in row.arcs.items() if at[a] >= 0},
        short={int(place[d]): much for d, much in row.short.items() if place[d] >= 0},
    )  # fmt: skip


def over(rest: Rest, some: Ints) -> Rest:
    """The rest with some of its arcs alone (indices of its own, ascending)."""
    return Rest(restricted(rest.problem, some), rest.demands, rest.arcs[some], rest.fixed)


def restricted(problem: Pooling, arcs: Ints) -> Pooling:
    """The same problem with some of its arcs; partners and supplies keep their numbers."""
    at = np.full(len(problem.arc_cost), -1)
    at[arcs] = np.arange(len(arcs))
    return replace(
        problem, arc_demand=problem.arc_demand[arcs], arc_supply=problem.arc_supply[arcs],
        arc_cost=problem.arc_cost[arcs], arc_most=problem.arc_most[arcs],
        rows=tuple(_restricted_row(row, at) for row in problem.rows),
    )  # fmt: skip


def _restricted_row(row: Row, at: Ints) -> Row:
    if not row.arcs:
        return row
    return replace(row, arcs={int(at[a]): much for a, much in row.arcs.items() if at[a] >= 0})
