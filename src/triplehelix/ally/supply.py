"""What the capacities of some members could give to each need, on runs of days without change."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf

from triplehelix.ally.assets import Asset, Capacity
from triplehelix.ally.checks.caps import most_from_one
from triplehelix.ally.checks.case import Case, Period
from triplehelix.ally.checks.fitness import ready_on, unfit
from triplehelix.ally.curves import after, level_on
from triplehelix.ally.free import free_levels, worth

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Run:
    """Days from the first to the last, both counted, on which nothing changes; None: for good."""

    first: date
    last: date | None

    @property
    def days(self) -> int:
        """How many days it has; 1 where it has no end."""
        return 1 if self.last is None else (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Way:
    """
    A way in which a capacity can serve a need: on one run of days, or (`run` None) from stock.

    `free` is what the capacity has there, in its own unit (a day), shared by all its ways on the
    run; one unit of it is `each` units of the need, over the run for things made in all.
    `holder` is the member whose it is; `bringers` can bring it in, and it takes one of them. Where
    the holder is among them it takes the holder: who stays out takes its assets along.
    """

    need: str
    holder: str
    asset: str
    capacity: str
    run: int | None
    free: float
    each: float
    bringers: frozenset[str]


@dataclass(frozen=True)
class Supply:
    """
    All ways of some members' capacities to some needs.

    `whole` has, for each need met by yes or no, each asset that meets it and who can bring it in;
    `most_from_one` the most of each other need that may come from one holder.
    """

    periods: tuple[Period, ...]
    runs: tuple[Run, ...]
    ways: tuple[Way, ...]
    whole: dict[str, dict[str, frozenset[str]]]
    most_from_one: dict[str, float]

    def period(self, need: str) -> Period:
        """The days of a need."""
        return next(one for one in self.periods if one.need.need == need)

    def within(self, period: Period, run: Run) -> bool:
        """Whether a run is one of a need's days."""
        return run.first >= period.first and (period.last is None or run.first <= period.last)


def supply_of(
    case: Case, members: Iterable[str], periods: Iterable[Period], *, capped: bool
) -> Supply:
    """
    What members could give to some needs of a call, whether or not the alliance uses it.

    A need without a first day is taken from the day on which all who can serve it are ready.
    `capped`: whether the call's caps on single members hold.
    """
    bringers = _bringers(case, members)
    found = [
        (period, asset, capacity, bringers[asset.asset])
        for period in periods
        for asset in map(case.assets.__getitem__, bringers)
        for capacity in _capacities(period, asset)
        if not any(unfit(case, period.need, asset, capacity))
    ]
    settled = _settled(case, periods, [(p, c) for p, _, c, _ in found])
    runs = tuple(_runs(case, settled.values(), {c.capacity: c for _, _, c, _ in found if c}))
    ways: list[Way] = []
    whole: dict[str, dict[str, frozenset[str]]] = {
        name: {} for name, period in settled.items() if period.kind == "whole"
    }
    for period, asset, capacity, who in found:
        name = period.need.need
        if period.kind == "whole":
            if _there(case, settled[name], capacity):
                whole[name][asset.asset] = who
        elif capacity is not None:
            ways += _ways(case, settled[name], asset, capacity, runs, who)
    most = {name: most_from_one(case, one) if capped else inf for name, one in settled.items()}
    return Supply(tuple(settled.values()), runs, tuple(ways), whole, most)


def _bringers(case: Case, members: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each asset its holder, if among them; else the networks that can bring it in."""
    among = set(members)
    bringers: dict[str, set[str]] = defaultdict(set)
    for member in among:
        for name in case.held(member):
            bringers[name].add(member)
    excluded = set(case.rules.exclude)
    return {
        asset.asset: frozenset(among & {asset.member} or bringers[asset.member])
        for asset in sorted(case.assets.values(), key=lambda one: one.asset)
        if asset.member in bringers and not {asset.asset, asset.member} & excluded
    }


def _capacities(period: Period, asset: Asset) -> Sequence[Capacity | None]:
    return asset.capacities if period.kind != "whole" else (*asset.capacities, None)


def _settled(
    case: Case, periods: Iterable[Period], found: Sequence[tuple[Period, Capacity | None]]
) -> dict[str, Period]:
    settled = {}
    for period in periods:
        name = period.need.need
        ready = [ready_on(case, capacity) for one, capacity in found if one is period]
        first = period.first
        if period.kind == "level" and not period.dated and ready:
            first = max(first, min(max(ready), period.last or date.max))
        settled[name] = Period(
            period.need, period.kind, first, period.last, period.dated, period.days
        )
    return settled


def _runs(case: Case, periods: Iterable[Period], capacities: dict[str, Capacity]) -> Iterator[Run]:
    spans = [one for one in periods if one.kind != "whole"]
    if not spans:
        return
    marks = {one.first for one in spans} | {d for one in spans if (d := after(one.last))}
    for capacity in capacities.values():
        marks |= {ready_on(case, capacity), ready_on(case, capacity, surge=True)}
        marks |= {one.starts for one in capacity.promised}
        ends = [capacity.ends, *(one.ends for one in capacity.promised)]
        marks |= {day for one in ends if (day := after(one))}
    begin = min(one.first for one in spans)
    open_ended = any(one.last is None for one in spans)
    end = date.max if open_ended else max(one.last or date.max for one in spans)
    days = sorted(day for day in marks if begin <= day <= end)
    for day, following in zip(days, [*days[1:], None], strict=True):
        last = (None if open_ended else end) if following is None else following - _DAY
        yield Run(day, last)


def _there(case: Case, period: Period, capacity: Capacity | None) -> bool:
    """Whether what is met by yes or no can be met from the first day to the last."""
    ready = ready_on(case, capacity)
    last = period.last or date.max
    if ready > (period.first if period.dated else last):
        return False
    if capacity is None:
        return True
    if capacity.ends is not None and capacity.ends < last:
        return False
    free = free_levels(capacity)
    days = [max(ready, period.first), *(one.day for one in free)]
    return all(level_on(free, day) > 0 for day in days if max(ready, period.first) <= day <= last)


def _ways(
    case: Case, period: Period, asset: Asset, capacity: Capacity, runs: Sequence[Run],
    who: frozenset[str],
) -> Iterator[Way]:  # fmt: skip
    each = worth(period.need, capacity, case.capabilities)
    names = period.need.need, asset.member, asset.asset, capacity.capacity
    ready = ready_on(case, capacity)
    if period.kind == "in_all" and capacity.per is None:
        stock = capacity.amount - sum(one.amount for one in capacity.promised)
        if ready <= (period.last or date.max) and stock > 0:
            yield Way(*names, None, stock, each, who)
        return
    surge_from = None
    if case.rules.surge and capacity.surge_amount is not None:
        surge_from = ready_on(case, capacity, surge=True)
    free = free_levels(capacity, surge_from)
    for n, run in enumerate(runs):
        if run.first < max(period.first, ready) or run.first > (period.last or date.max):
            continue
        left = level_on(free, run.first)
        if left > 0:
            days = run.days if period.kind == "in_all" else 1
            yield Way(*names, n, left, each * days, who)
