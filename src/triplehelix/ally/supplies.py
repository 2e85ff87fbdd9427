"""Supplies of a model: what each offer has on each stretch, counted once however it is brought."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triplehelix.ally.demands import FREELY, STEADY
from triplehelix.ally.offers import Floats, Ints
from triplehelix.ally.parts import Parts
from triplehelix.optimise.pooling import Row


@dataclass(frozen=True)
class Supplies:
    """
    `of_arc` is each arc's supply; by supply its `capacity` (volume), `owner`, and `holder`: the
    partner whose asset it is where another brings it, -1 where none.
    """

    of_arc: Ints
    capacity: Floats
    owner: Ints
    holder: Ints
    rows: tuple[Row, ...]


def supplies_of(parts: Parts) -> Supplies:
    """
    One supply for each offer and stretch, with rows where that does not tell all.

    A lot that several members could bring, that is counted in two units, or that an undated need
    draws on as well as a dated one, is held by a row.
    """
    laid, offers = parts.laid, parts.question.offers
    # One number for offer and stretch; kinds beside the stretches are below zero.
    key = laid.row * (len(laid.stretches) - STEADY) + laid.supply - STEADY
    _, first, of_arc = np.unique(key, return_index=True, return_inverse=True)
    capacity = np.zeros(len(first))
    np.maximum.at(capacity, of_arc, laid.free)
    capacity[laid.supply[first] == FREELY] = np.inf
    lot = offers.lot[laid.row]
    factor = _factors(parts)
    rows = []
    for held in _entangled(parts, lot, factor):
        capacity[of_arc[held]] = np.inf
        rows += _rows(parts, held, factor)
    return Supplies(of_arc, capacity, parts.owner[first], _holders(parts, first), tuple(rows))


def _holders(parts: Parts, arcs: Ints) -> Ints:
    """The place of the member whose the asset of each arc is, where another partner brings it."""
    rows = parts.question.offers.rows
    found = [parts.place.get(rows[i].asset.member, -1) for i in parts.laid.row[arcs].tolist()]
    holder = np.array(found, np.int64)
    return np.where(holder == parts.owner[arcs], -1, holder)


def _factors(parts: Parts) -> Floats:
    """Units of the need in one of the capacity, of each arc."""
    factor = np.ones(len(parts.need))
    order = np.argsort(parts.need, kind="stable")
    bounds = np.searchsorted(parts.need[order], np.arange(len(parts.question.candidates) + 1))
    for n, one in enumerate(parts.question.candidates):
        arcs = order[bounds[n] : bounds[n + 1]]
        factor[arcs] = one.factor[parts.laid.found[arcs]]
    return factor


def _entangled(parts: Parts, lot: Ints, factor: Floats) -> list[Ints]:
    """The arcs of each lot that one number for each offer and stretch does not hold."""
    laid = parts.laid
    arcs = np.flatnonzero(laid.supply != FREELY)
    steady = laid.supply[arcs] == STEADY
    beside = np.isin(laid.supply[arcs], list(laid.beside_steady))
    lots = lot[arcs]
    n = int(lots.max(initial=-1)) + 1
    tangled = _differ(lots, laid.row[arcs].astype(float), n) | _differ(lots, factor[arcs], n)
    tangled |= (np.bincount(lots[steady], minlength=n) > 0) & (
        np.bincount(lots[beside], minlength=n) > 0
    )
    by_lot: dict[int, list[int]] = defaultdict(list)
    for a in arcs[tangled[lots]].tolist():
        by_lot[int(lot[a])].append(a)
    return [np.array(one, np.int64) for _, one in sorted(by_lot.items())]


def _differ(lots: Ints, values: Floats, n: int) -> NDArray[np.bool_]:
    """Whether values differ within a lot."""
    least, most = np.full(n, np.inf), np.full(n, -np.inf)
    np.minimum.at(least, lots, values)
    np.maximum.at(most, lots, values)
    return np.asarray(least < most)


def _rows(parts: Parts, arcs: Ints, factor: Floats) -> list[Row]:
    """One row for each stretch of a lot; what has no dates takes part in all of them."""
    laid = parts.laid
    rows = []
    steady = arcs[laid.supply[arcs] == STEADY]
    numbers = sorted(set(laid.supply[arcs].tolist()) - {STEADY}) or [STEADY]
    for number in numbers:
        here = arcs[laid.supply[arcs] == number]
        limit = float((laid.free[here] / factor[here]).max())
        over = {int(a): 1 / float(factor[a]) for a in here}
        if number >= 0:
            volume = _volume(parts, int(here[0]))
            over |= {int(a): volume / float(factor[a]) for a in steady}
        rows.append(Row("what an asset has", high=limit, arcs=over, lasting=True))
    return rows


def _volume(parts: Parts, arc: int) -> float:
    """What one unit on every day of an arc's stretch is as volume."""
    laid = parts.laid
    number = int(laid.supply[arc])
    return laid.stretches[number].days / laid.unit_days[number]
