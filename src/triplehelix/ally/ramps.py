"""What contributions to one capacity give between the day they are ready and the day asked for."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from math import fsum
from typing import NamedTuple

from triplehelix.ally.alliance import Contribution
from triplehelix.ally.assets import Capacity
from triplehelix.ally.curves import Stretch, after, covers
from triplehelix.ally.free import free_on, surge_day

_DAY = timedelta(days=1)


class Use(NamedTuple):
    """A contribution, what it takes of its capacity on a day, and whether it could start sooner."""

    contribution: Contribution
    daily: float
    waits: bool


def ramps(
    uses: Iterable[Use], capacity: Capacity | None, as_of: date
) -> Iterable[tuple[Contribution, Stretch]]:
    """
    Each waiting contribution's stretches before its first day, in its need's unit.

    `uses` are all contributions of one capacity; None is no capacity to share (advice, say). A
    later stretch of the same need and asset waits for the earlier one's end, so it has none.
    """
    all_of_them = list(uses)
    waiting = _firsts(all_of_them)
    for first, last in _runs(waiting, all_of_them, capacity, as_of):
        on = [use for use in waiting if use.contribution.ready <= first < use.contribution.starts]
        share = _share(on, first, all_of_them, capacity, as_of)
        for use in on:
            yield use.contribution, Stretch(use.contribution.amount * share, first, last)


def _firsts(uses: Sequence[Use]) -> list[Use]:
    first: dict[tuple[str, str, bool], date] = {}
    for use in uses:
        key = _whose(use.contribution)
        first[key] = min(first.get(key, date.max), use.contribution.starts)
    return [
        use
        for use in uses
        if use.waits and use.contribution.starts == first[_whose(use.contribution)]
    ]


def _whose(one: Contribution) -> tuple[str, str, bool]:
    return one.need, one.asset, one.surge


def _runs(
    waiting: Sequence[Use], uses: Sequence[Use], capacity: Capacity | None, as_of: date
) -> list[tuple[date, date]]:
    """Runs of days on which nothing changes, from the first that is ready to the last start."""
    if not waiting:
        return []
    every = [use.contribution for use in uses]
    marks = {one.ready for one in every} | {one.starts for one in every}
    marks |= {day for one in every if (day := after(one.ends))}
    if capacity is not None:
        marks |= {one.starts for one in capacity.promised}
        marks |= {day for one in capacity.promised if (day := after(one.ends))}
        marks |= {day for day in (surge_day(capacity, as_of), capacity.starts) if day}
    begin = min(use.contribution.ready for use in waiting)
    end = max(use.contribution.starts for use in waiting)
    days = sorted(day for day in marks if begin <= day <= end)
    return [(a, b - _DAY) for a, b in zip(days, days[1:], strict=False)]


def _share(
    on: Sequence[Use], day: date, uses: Sequence[Use], capacity: Capacity | None, as_of: date
) -> float:
    """The share of their amounts that those which wait can have on a day, 0 to 1."""
    wanted = fsum(use.daily for use in on)
    if capacity is None or not wanted:
        return 1.0
    surge = surge_day(capacity, as_of) if any(use.contribution.surge for use in on) else None
    taken = fsum(
        use.daily
        for use in uses
        if covers(Stretch(1, use.contribution.starts, use.contribution.ends), day)
    )
    return min(1.0, max(0.0, free_on(capacity, day, surge) - taken) / wanted)
