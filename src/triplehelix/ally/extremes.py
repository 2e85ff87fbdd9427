"""The plans of a model that are best by one measure, and by the call's weights among those."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from triplehelix.ally.model import Model
from triplehelix.ally.offers import Floats
from triplehelix.ally.solver import Solver
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Extra, Pooled, Pooling, Row

# How far above the least of a measure its best plan may be: rounding alone.
SLACK = 1e-9


@dataclass(frozen=True)
class Extremes:
    """Finds plans; each is None where there is none, or where the measure tells nothing."""

    model: Model
    places: Mapping[str, str]
    solver: Solver
    limits: Limits

    def balanced(self) -> Pooled | None:
        """The best by the call's weights."""
        return self._solved(self.model.pooling)

    def cheapest(self) -> Pooled | None:
        """The least money; None where no price is stated."""
        parts = self.model.parts
        if not any(np.isfinite(one.price[one.able]).any() for one in parts.question.candidates):
            return None
        first = self._solved(self._only(arcs=parts.money))
        if first is None:
            return None
        most = float(parts.money @ first.amount)
        paid = {int(a): float(parts.money[a]) for a in np.flatnonzero(parts.money)}
        return self._held(Row("the least money", high=_slack(most), arcs=paid)) or first

    def soonest(self) -> Pooled | None:
        """The earliest day by which every partner is ready, found by halving."""
        parts = self.model.parts
        ready = parts.question.offers.ready[parts.laid.row]
        days = np.unique(ready)
        low, high, best = 0, len(days) - 1, None
        while low <= high:
            middle = (low + high) // 2
            plan = self._solved(_without_arcs(self.model.pooling, ready > days[middle]))
            if plan is None:
                low = middle + 1
            else:
                best, high = plan, middle - 1
        return best

    def fewest(self) -> Pooled | None:
        """The least partners."""
        n = len(self.model.pooling.partner_cost)
        first = self._solved(self._only(partners=np.ones(n)))
        if first is None:
            return None
        everyone = dict.fromkeys(range(n), 1.0)
        most = float(len(first.partners))
        return self._held(Row("the fewest", high=most, partners=everyone)) or first

    def most_spread(self) -> Pooled | None:
        """The least share of all needs from the place that gives most."""
        parts, pooling = self.model.parts, self.model.pooling
        by_place: dict[str, dict[int, float]] = defaultdict(dict)
        for a, i in enumerate(parts.laid.row):
            offer = parts.question.offers.rows[i]
            place = self.places.get(offer.asset.asset, offer.member)
            by_place[place][a] = float(parts.portion[a])
        if len(by_place) < 2:
            return None
        top = len(pooling.extras)
        needs = float(len(parts.question.asked))
        rows = tuple(
            Row("the largest place", high=0.0, arcs=arcs, extras={top: -1.0})
            for _, arcs in sorted(by_place.items())
        )
        free = self._only()
        largest = Extra(1.0, 0.0, needs)
        first = self._solved(
            replace(free, extras=(*free.extras, largest), rows=(*free.rows, *rows))
        )
        if first is None:
            return None
        held = Extra(0.0, 0.0, min(needs, _slack(float(first.extras[top]))))
        among = replace(pooling, extras=(*pooling.extras, held), rows=(*pooling.rows, *rows))
        return self._solved(among) or first

    def other_than(self, groups: Iterable[tuple[int, ...]]) -> Pooled | None:
        """The best by the call's weights among groups that do without one of each of these."""
        asked_for = self.model.pooling.at_least
        rows = []
        for group in sorted(set(groups)):
            free = [p for p in group if not asked_for[p]]
            over = dict.fromkeys(free, 1.0)
            rows.append(Row("another group", high=float(len(free) - 1), partners=over))
        return self._held(*rows)

    def _only(self, arcs: Floats | None = None, partners: Floats | None = None) -> Pooling:
        """The pooling with one measure as its cost; unmet needs cost as ever."""
        whole = self.model.pooling
        return replace(
            whole,
            arc_cost=np.zeros(len(whole.arc_cost)) if arcs is None else arcs,
            partner_cost=np.zeros(len(whole.partner_cost)) if partners is None else partners,
            extras=tuple(replace(one, cost=0.0) for one in whole.extras),
        )

    def _held(self, *rows: Row) -> Pooled | None:
        whole = self.model.pooling
        return self._solved(replace(whole, rows=(*whole.rows, *rows)))

    def _solved(self, problem: Pooling) -> Pooled | None:
        found = self.solver(problem, self.limits)
        return None if found.objective is None else found


def _slack(value: float) -> float:
    return value + SLACK * max(1.0, abs(value))


def _without_arcs(problem: Pooling, away: np.ndarray) -> Pooling:
    return replace(problem, arc_most=np.where(away, 0.0, problem.arc_most))
