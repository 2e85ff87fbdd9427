"""The most of a call's needs that a group of members can cover with what they have free."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import fsum, inf

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from triplehelix.ally.checks.case import Case, Period
from triplehelix.ally.supply import Run, Supply, Way, supply_of
from triplehelix.errors import SolverError

Floats = NDArray[np.float64]
Parts = dict[int | None, float]
"""Which part of a need each run is, by its number; None is what comes from stock."""


class Coverable:
    """
    The largest weighted share of needs that groups of some members can cover, each worked out once.

    Members bring all that they have free and that fits, and amounts fall where they cover most.
    The share of a need is that of its amount, averaged over its days (of things in all: of the
    whole); needs count by their weights. Where no capacity serves two needs the share is a sum;
    else a linear program.

    Parameters
    ----------
    members : who can be in a group.
    strictly : only needs that must be met count, and each run of days without a change as much as
        any other, so that a share is 1 only where the need is covered on every one of its days.
        Caps on single members then do not hold: in want, they would be lifted.
    """

    def __init__(self, case: Case, members: Iterable[str], *, strictly: bool = False) -> None:
        periods = [one for one in case.periods.values() if one.need.must or not strictly]
        self._supply = supply_of(case, members, periods, capped=not strictly)
        self._weight = {one.need.need: one.need.weight for one in periods}
        self._whole_weight = fsum(self._weight.values())
        alone, shared = _apart(self._supply)
        parts = {
            one.need.need: portions_of(self._supply, one, strictly)
            for one in self._supply.periods
            if one.kind != "whole"
        }
        self._alone = {
            need: _Alone(
                self._supply.period(need), ways, parts[need], self._supply.most_from_one[need]
            )
            for need, ways in alone.items()
        }
        self._shared = _Shared(self._supply, shared, parts, self._weight) if shared else None
        self._whole = {
            need: frozenset().union(*found.values()) for need, found in self._supply.whole.items()
        }
        everyone = [way.bringers for way in self._supply.ways]
        self._useful = frozenset().union(*everyone, *self._whole.values())
        self._known: dict[frozenset[str], Mapping[str, float]] = {}

    def shares(self, members: Iterable[str]) -> Mapping[str, float]:
        """
        The share of each need, from 0 to 1, that these members cover when all is counted together.

        Raises
        ------
        SolverError
            If the linear program finds no answer.
        """
        group = self._useful & frozenset(members)
        if group not in self._known:
            self._known[group] = self._worked_out(group)
        return self._known[group]

    def share(self, members: Iterable[str]) -> float:
        """The weighted share of all needs that these members cover, from 0 to 1."""
        shares = self.shares(members)
        if not self._whole_weight:
            return 1.0
        covered = fsum(self._weight[need] * share for need, share in shares.items())
        return covered / self._whole_weight

    def _worked_out(self, group: frozenset[str]) -> Mapping[str, float]:
        found = dict.fromkeys(self._weight, 0.0)
        found |= {need: float(bool(who & group)) for need, who in self._whole.items()}
        found |= {need: alone.share(group) for need, alone in self._alone.items()}
        if self._shared is not None:
            found |= self._shared.shares(group)
        return found


def portion(period: Period, run: Run) -> float:
    """Which part of a need's measured days a run is."""
    end = period.first + timedelta(days=period.days - 1)
    days = (min(run.last or date.max, end) - max(run.first, period.first)).days + 1
    return max(0, days) / period.days


def _apart(supply: Supply) -> tuple[dict[str, list[Way]], list[Way]]:
    """Ways of needs whose capacities serve no other need, by need, and all other ways."""
    serves: dict[str, set[str]] = defaultdict(set)
    for way in supply.ways:
        serves[way.capacity].add(way.need)
    mixed = {need for needs in serves.values() if len(needs) > 1 for need in needs}
    alone: dict[str, list[Way]] = defaultdict(list)
    for way in supply.ways:
        if way.need not in mixed:
            alone[way.need].append(way)
    return alone, [way for way in supply.ways if way.need in mixed]


class _Alone:
    """A need whose capacities serve no other: what is free adds up."""

    def __init__(self, period: Period, ways: Sequence[Way], part: Parts, cap: float) -> None:
        self._period, self._ways, self._part, self._cap = period, ways, part, cap

    def share(self, group: frozenset[str]) -> float:
        given: dict[int | None, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        for way in self._ways:
            if way.bringers & group:
                run = None if self._period.kind == "in_all" else way.run
                given[run][way.holder].append(way.free * way.each)
        return fsum(
            min(1.0, self._most(by_holder.values()) / self._period.amount) * self._part[run]
            for run, by_holder in given.items()
        )

    def _most(self, by_holder: Iterable[list[float]]) -> float:
        return fsum(min(self._cap, fsum(parts)) for parts in by_holder)


def portions_of(supply: Supply, period: Period, strictly: bool) -> Parts:
    """The part of the need that each run is; of things in all every run is as good as another."""
    if period.kind == "in_all":
        return dict.fromkeys((None, *range(len(supply.runs))), 1.0)
    inside: Parts = {
        n: portion(period, run) for n, run in enumerate(supply.runs) if supply.within(period, run)
    }
    # A need without dates may begin after the days over which it is measured.
    if strictly or not any(inside.values()):
        return dict.fromkeys(inside, 1.0 / max(1, len(inside)))
    return inside


class _Shared:
    """Needs that compete for capacities: the most that is covered, by linear programming."""

    def __init__(
        self,
        supply: Supply,
        ways: Sequence[Way],
        parts: Mapping[str, Parts],
        weight: Mapping[str, float],
    ) -> None:
        self._ways = ways
        period = {one.need.need: one for one in supply.periods}
        amount = np.array([period[way.need].amount for way in ways])
        self._part = np.array([parts[way.need][way.run] for way in ways]) / amount
        self._gain = self._part * np.array([weight[way.need] for way in ways])
        self._rows, self._limits = limits_of(supply, ways)

    def shares(self, group: frozenset[str]) -> dict[str, float]:
        here = np.array([bool(way.bringers & group) for way in self._ways])
        bounds = np.stack([np.zeros(len(here)), np.where(here, np.inf, 0.0)], axis=1)
        found = linprog(-self._gain, A_ub=self._rows, b_ub=self._limits, bounds=bounds)
        if found.status != 0:
            raise SolverError(
                f"what {len(group)} members can cover was not found: {found.message}; "
                "ask again with fewer needs"
            )
        shares: dict[str, list[float]] = defaultdict(list)
        for way, share in zip(self._ways, found.x * self._part, strict=True):
            shares[way.need].append(float(share))
        return {need: min(1.0, fsum(parts)) for need, parts in shares.items()}


def limits_of(supply: Supply, ways: Sequence[Way]) -> tuple[csr_array, Floats]:
    """
    What bounds amounts on ways, in their needs' units: rows, shape (n_rows, n_ways), and limits.

    Each capacity on each run gives no more than it has free; each need takes no more than it asks
    for, on each run or in all, and no more from one holder than may come from one.
    """
    period = {one.need.need: one for one in supply.periods}
    held = [(way.capacity, way.run) for way in ways]
    asked = [(way.need, None if period[way.need].kind == "in_all" else way.run) for way in ways]
    free = dict(zip(held, [way.free for way in ways], strict=True))
    wanted = dict(zip(asked, [period[way.need].amount for way in ways], strict=True))
    each = np.array([way.each for way in ways])
    every = range(len(ways))
    rows = [
        _incidence(held, 1 / each, every, len(ways)),
        _incidence(asked, each**0, every, len(ways)),
    ]
    limits = [*free.values(), *wanted.values()]
    capped = [n for n in every if supply.most_from_one[ways[n].need] < inf]
    if capped:
        from_one = [(f"{ways[n].holder} {ways[n].need}", asked[n][1]) for n in capped]
        caps = [supply.most_from_one[ways[n].need] for n in capped]
        rows.append(_incidence(from_one, np.ones(len(capped)), capped, len(ways)))
        limits += dict(zip(from_one, caps, strict=True)).values()
    return csr_array(vstack(rows)), np.array(limits)


def _incidence(
    names: Sequence[tuple[str, int | None]], values: Floats, columns: Sequence[int], n_columns: int
) -> csr_array:
    """A row for each distinct name, in the order in which they first stand there."""
    place = {name: row for row, name in enumerate(dict.fromkeys(names))}
    at = np.array([place[name] for name in names])
    return csr_array((values, (at, columns)), shape=(len(place), n_columns))
