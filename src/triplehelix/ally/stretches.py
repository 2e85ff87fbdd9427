"""
The days of a call cut into stretches over which nothing changes.

Needs that could draw on the same capacity are cut at the same days, so that on each stretch an
amount is one number. Needs that share nothing are cut apart.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from triplehelix.ally.asked import FOREVER
from triplehelix.ally.candidates import Candidates
from triplehelix.ally.offers import Offer, Offers

# How many days stand for a stretch without an end where amounts are multiplied by days.
OPEN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from first to last, both counted, within which no amount changes."""

    first: int
    last: int

    @property
    def days(self) -> int:
        """How many days it has; a fixed number where it has no end."""
        return OPEN_DAYS if self.last == FOREVER else self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Together:
    """Needs (by their place in the call) that may compete for capacity, and their stretches."""

    needs: tuple[int, ...]
    stretches: tuple[Stretch, ...]

    @property
    def unit_days(self) -> int:
        """The days that one unit of volume has: those of the longest stretch."""
        return max((one.days for one in self.stretches), default=1)


def cut(candidates: Sequence[Candidates], offers: Offers) -> tuple[Together, ...]:
    """Needs that share capacity, with their stretches; needs met by yes or no stand apart."""
    return tuple(
        Together(needs, tuple(_stretches([candidates[n] for n in needs], offers)))
        for needs in _sharing(candidates, offers)
    )


def _sharing(candidates: Sequence[Candidates], offers: Offers) -> list[tuple[int, ...]]:
    head = list(range(len(candidates)))

    def find(n: int) -> int:
        while head[n] != n:
            head[n] = head[head[n]]
            n = head[n]
        return n

    user = np.full(int(offers.lot.max(initial=-1)) + 1, -1)
    for n, found in enumerate(candidates):
        if found.asked.kind != "whole":
            lots = offers.lot[found.rows[found.able]]
            for other in np.unique(user[lots][user[lots] >= 0]).tolist():
                head[find(other)] = find(n)
            user[lots] = n
    groups: dict[int, list[int]] = {}
    for n in range(len(candidates)):
        groups.setdefault(find(n), []).append(n)
    return sorted(map(tuple, groups.values()))


def _stretches(group: Sequence[Candidates], offers: Offers) -> Iterator[Stretch]:
    dated = [one.asked for one in group if one.asked.dated and one.asked.kind != "whole"]
    if not dated:
        return
    first = min(one.first for one in dated)
    last = max(one.last for one in dated)
    cuts = {one.first for one in dated} | {one.last + 1 for one in dated if one.last < FOREVER}
    if any(one.kind == "level" for one in dated):
        cuts |= set(_changes(group, offers))
    starts = sorted(day for day in cuts | {first} if first <= day <= last)
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        yield Stretch(start, last if following is None else following - 1)


def _changes(group: Sequence[Candidates], offers: Offers) -> Iterator[int]:
    """The days on which what is free of any offer changes."""
    rows = np.unique(np.concatenate([one.rows[one.able] for one in group]))
    yield from np.unique(np.maximum(offers.ready[rows], offers.first[rows])).tolist()
    ends = np.unique(offers.last[rows])
    yield from (ends[ends < FOREVER] + 1).tolist()
    for i in rows[offers.promised[rows]]:
        yield from changes_of(offers.rows[i])


def changes_of(offer: Offer) -> Iterable[int]:
    """The days on which something promised of an offer starts, or is free again."""
    for one in offer.capacity.promised if offer.capacity else ():
        yield one.starts.toordinal()
        if one.ends:
            yield one.ends.toordinal() + 1


def made(offer: Offer, first: int, last: int) -> float:
    """How much an offer can make or do in all between two days, at its rate per day."""
    start, end = max(first, offer.ready, offer.first), min(last, offer.last)
    if start > end:
        return 0.0
    days = sorted({start, *(day for day in changes_of(offer) if start < day <= end)})
    return sum(
        offer.free(day, following - 1) * (following - day)
        for day, following in zip(days, [*days[1:], end + 1], strict=True)
    )


def in_stock(offer: Offer, last: int) -> float:
    """How much of a plain count is there by a day and promised to nobody at any time."""
    capacity = offer.capacity
    if capacity is None or max(offer.ready, offer.first) > last:
        return 0.0
    taken = sum(one.amount for one in capacity.promised)
    if offer.surge:
        return max(0.0, capacity.amount + offer.amount - max(capacity.amount, taken))
    return max(0.0, offer.amount - taken)
