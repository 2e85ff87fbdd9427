"""The plan that takes back least of what is agreed, where not all of it can be kept."""

from dataclasses import dataclass, replace

import numpy as np

from triplehelix.ally.mending import dearer
from triplehelix.ally.model import Model
from triplehelix.ally.offers import Floats, Ints
from triplehelix.ally.solver import Solver, nothing
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Extra, Pooled, Pooling, Row
from triplehelix.optimise.pooling_rest import Rest, over, rest_of, unmet

# What taking back all of a need weighs beside the call's own objective.
TAKEN_BACK = 10_000.0
# So many arcs are looked at all together; of more, those that are likeliest to be used.
MOST_ARCS = 12_000
_ENOUGH = 3.0


@dataclass(frozen=True)
class TakingBack:
    """
    Looks for the plan that takes back least of what is `kept` (volumes, shape (n_arcs,)).

    The objective is the call's own, `NEW_PARTNER` for each new partner, and `TAKEN_BACK` for all
    of a need.
    """

    model: Model
    kept: Floats
    solver: Solver
    limits: Limits
    most_arcs: int = MOST_ARCS

    def anywhere(self) -> Pooled:
        """All that is agreed may be moved."""
        return self._found(np.flatnonzero(self.kept > 0))

    def nearby(self) -> Pooled:
        """
        Only what stands in the way of the needs that cannot be met otherwise may be moved.

        `infeasible` says that this much is not enough.
        """
        stuck = self._stuck()
        if not len(stuck):
            return nothing("infeasible")
        return self._found(self._in_the_way(stuck))

    def _stuck(self) -> Ints:
        """The demands that what is free leaves unmet, as little of them as can be."""
        rest = rest_of(self.model.pooling, self.kept)
        problem = rest.problem
        must = np.isinf(problem.short_cost)
        eased = replace(
            problem, short_cost=np.where(must, 1.0 / problem.demand, 0.0),
            partner_cost=np.zeros_like(problem.partner_cost),
            arc_cost=np.zeros_like(problem.arc_cost),
            extras=tuple(replace(one, cost=0.0) for one in problem.extras),
        )  # fmt: skip
        found = self.solver(eased, self.limits)
        if found.objective is None:
            return np.zeros(0, np.int64)
        return rest.demands[must & (unmet(problem, found.amount) > 0)]

    def _in_the_way(self, stuck: Ints) -> Ints:
        """The arcs that carry something of a supply, or under a condition, that could help."""
        problem = self.model.pooling
        theirs = np.isin(problem.arc_demand, stuck) & (problem.arc_most > 0)
        shared = np.isin(problem.arc_supply, problem.arc_supply[theirs])
        for row in problem.rows:
            held = np.fromiter(row.arcs, np.int64, len(row.arcs)) if row.lasting else ()
            if len(held) and theirs[held].any():
                shared[held] = True
        return np.flatnonzero(shared & (self.kept > 0))

    def _found(self, movable: Ints) -> Pooled:
        fixed = self.kept.copy()
        fixed[movable] = 0.0
        rest = rest_of(dearer(self.model.pooling, self.kept), fixed)
        if len(rest.arcs) > self.most_arcs:
            found = self._solved(over(rest, self._likely(rest)))
            if found.objective is not None:
                return found
        return self._solved(rest)

    def _solved(self, rest: Rest) -> Pooled:
        found = self.solver(self._weighed(rest), self.limits)
        if found.objective is None:
            return found
        extras = found.extras[: len(rest.problem.extras)]
        return rest.whole_of(replace(found, extras=extras))

    def _weighed(self, rest: Rest) -> Pooling:
        """With the shares that are taken back as variables of their own."""
        problem, parts = rest.problem, self.model.parts
        asked = np.zeros(len(parts.question.asked))
        for one in parts.laid.demands:
            asked[one.n] += one.volume
        held = np.flatnonzero((self.kept > 0)[rest.arcs] & (rest.fixed[rest.arcs] <= 0))
        first, rows, back = len(problem.extras), [], []
        for k, a in enumerate(held.tolist()):
            much = float(self.kept[rest.arcs[a]])
            back.append(Extra(TAKEN_BACK / float(asked[parts.need[rest.arcs[a]]]), 0.0, much))
            rows.append(Row("what is agreed", low=much, arcs={a: 1.0}, extras={first + k: 1.0}))
        return replace(
            problem, extras=(*problem.extras, *back), rows=(*problem.rows, *rows)
        )  # fmt: skip

    def _likely(self, rest: Rest) -> Ints:
        """
        The arcs that carry something now, and of each demand the cheapest, old partners first,
        that could meet it several times over.
        """
        problem = rest.problem
        share = problem.partner_cost / np.maximum(
            np.bincount(
                problem.owner[problem.arc_supply], problem.arc_most, len(problem.partner_cost)
            ),
            1e-9,
        )
        cost = problem.arc_cost + share[problem.owner[problem.arc_supply]]
        order = np.lexsort((cost, problem.arc_demand))
        demand, most = problem.arc_demand[order], problem.arc_most[order]
        before = np.cumsum(most) - most
        first = before[np.searchsorted(demand, np.arange(len(problem.demand)))[demand]]
        chosen = self.kept[rest.arcs] > 0
        chosen[order[before - first < _ENOUGH * problem.demand[demand]]] = True
        return np.flatnonzero(chosen)
