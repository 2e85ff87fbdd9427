"""
Needs and offers as demands and arcs: which offer could give how much on which stretch.

Amounts are volumes: an amount times the days of its stretch, in units of the longest stretch of
the needs it competes with, so that rates and things made in all draw on one supply.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from triplehelix.ally.asked import Asked
from triplehelix.ally.candidates import Candidates
from triplehelix.ally.offers import Floats, Ints, Offers
from triplehelix.ally.stretches import Stretch, Together, cut, in_stock, made

# Kinds of supply beside the numbered stretches: shared freely, a stock, without dates.
FREELY, STOCK, STEADY = -1, -2, -3


@dataclass(frozen=True, slots=True)
class Demand:
    """
    A need (by its place in the call) on one stretch; `stretch` None: as a whole.

    `volume` is asked for. One unit of volume is an amount of `per_volume` in the need's unit, and
    the share `portion` of the whole need.
    """

    n: int
    stretch: Stretch | None
    volume: float
    per_volume: float
    portion: float


@dataclass(frozen=True)
class Laid:
    """
    All demands, and arcs in columns of shape (n_arcs,).

    `demand`, `row` (of the offers), `found` (place among the need's candidates), `supply` (the
    number of a stretch, or one of the kinds), `free` (volume the offer has there, > 0).
    `beside_steady`: stretches of needs that compete with undated ones. `unit_days`: by stretch,
    the days of one unit of volume.
    """

    demands: tuple[Demand, ...]
    stretches: tuple[Stretch, ...]
    unit_days: tuple[int, ...]
    beside_steady: frozenset[int]
    demand: Ints
    row: Ints
    found: Ints
    supply: Ints
    free: Floats


def lay_out(candidates: Sequence[Candidates], offers: Offers) -> Laid:
    """Cut the days, and join every need with the offers that can serve it."""
    laying = _Laying(offers)
    for together in cut(candidates, offers):
        laying.begin(together, any(_is_steady(candidates[n].asked) for n in together.needs))
        for n in together.needs:
            laying.lay(n, candidates[n])
    return laying.laid()


def _is_steady(asked: Asked) -> bool:
    return asked.kind == "level" and not asked.dated


class _Laying:
    def __init__(self, offers: Offers) -> None:
        self._offers = offers
        self._demands: list[Demand] = []
        self._stretches: list[Stretch] = []
        self._unit_days: list[int] = []
        self._beside: set[int] = set()
        self._together = Together((), ())
        self._base = 0
        self._columns: list[tuple[Ints, Ints, Ints, Ints]] = []
        self._volumes: list[Floats] = []

    def begin(self, together: Together, steady: bool) -> None:
        self._together, self._base = together, len(self._stretches)
        self._stretches += together.stretches
        self._unit_days += [together.unit_days] * len(together.stretches)
        if steady:
            self._beside |= set(range(self._base, len(self._stretches)))

    def lay(self, n: int, one: Candidates) -> None:
        if one.asked.kind == "whole":
            self._whole(n, one)
        elif one.asked.kind == "in_all":
            self._in_all(n, one)
        elif one.asked.dated:
            self._level(n, one)
        else:
            self._steady(n, one)

    def laid(self) -> Laid:
        none = np.zeros(0, np.int64)
        demand, row, found, supply = (
            np.concatenate(each) for each in zip(*[(none,) * 4, *self._columns], strict=True)
        )
        free = np.concatenate([np.zeros(0), *self._volumes])
        return Laid(
            tuple(self._demands), tuple(self._stretches), tuple(self._unit_days),
            frozenset(self._beside),            demand, row, found, supply, free,
        )  # fmt: skip

    def _arcs(self, one: Candidates, found: Ints, supply: int, free: Floats) -> None:
        """Arcs of the demand that is laid next."""
        kept = free > 0
        found, free = found[kept], free[kept]
        n = len(found)
        self._columns.append((
            np.full(n, len(self._demands), np.int64), one.rows[found], found,
            np.full(n, supply, np.int64),
        ))  # fmt: skip
        self._volumes.append(free)

    def _whole(self, n: int, one: Candidates) -> None:
        found = _ready_first(one, self._offers)
        self._arcs(one, found, FREELY, np.ones(len(found)))
        self._demands.append(Demand(n, None, 1.0, 1.0, 1.0))

    def _level(self, n: int, one: Candidates) -> None:
        asked, able = one.asked, np.flatnonzero(one.able)
        for s, stretch in enumerate(self._together.stretches):
            if asked.first <= stretch.first <= asked.last:
                volume = stretch.days / self._together.unit_days
                free = _free(self._offers, one.rows[able], stretch) * one.factor[able]
                self._arcs(one, able, self._base + s, free * volume)
                portion = asked.portion(1.0, stretch.first, stretch.last) / volume
                self._demands.append(Demand(n, stretch, asked.amount * volume, 1 / volume, portion))

    def _steady(self, n: int, one: Candidates) -> None:
        asked, able = one.asked, np.flatnonzero(one.able)
        offers = (self._offers.rows[i] for i in one.rows[able])
        free = [each.free(max(each.ready, each.first, asked.first), asked.last) for each in offers]
        self._arcs(one, able, STEADY, np.array(free, float) * one.factor[able])
        self._demands.append(Demand(n, None, asked.amount, 1.0, 1.0 / asked.amount))

    def _in_all(self, n: int, one: Candidates) -> None:
        asked, able = one.asked, np.flatnonzero(one.able)
        rows, unit = self._offers.rows, self._together.unit_days
        rated = np.array([_has_rate(self._offers, i) for i in one.rows[able]], bool)
        found = able[rated]
        for s, stretch in enumerate(self._together.stretches):
            if asked.first <= stretch.first <= asked.last:
                things = [made(rows[i], stretch.first, stretch.last) for i in one.rows[found]]
                free = np.array(things, float) * one.factor[found] / unit
                self._arcs(one, found, self._base + s, free)
        found = able[~rated]
        stock = np.array([in_stock(rows[i], asked.last) for i in one.rows[found]], float)
        self._arcs(one, found, STOCK, stock * one.factor[found] / unit)
        self._demands.append(Demand(n, None, asked.amount / unit, unit, unit / asked.amount))


def _ready_first(one: Candidates, offers: Offers) -> Ints:
    """Of each asset and the member that brings it the offer that is ready first."""
    best: dict[tuple[str, str], int] = {}
    for k in np.flatnonzero(one.able):
        offer = offers.rows[one.rows[k]]
        key = offer.asset.asset, offer.member
        if key not in best or offer.ready < offers.rows[one.rows[best[key]]].ready:
            best[key] = int(k)
    return np.array(sorted(best.values()), np.int64)


def _free(offers: Offers, rows: Ints, stretch: Stretch) -> Floats:
    start = np.maximum(offers.ready[rows], offers.first[rows])
    there = (start <= stretch.first) & (offers.last[rows] >= stretch.last)
    free = np.where(there, offers.amount[rows], 0.0)
    for k in np.flatnonzero(offers.promised[rows]):
        free[k] = offers.rows[rows[k]].free(stretch.first, stretch.last)
    return free


def _has_rate(offers: Offers, i: int) -> bool:
    capacity = offers.rows[i].capacity
    return bool(capacity and capacity.per)
