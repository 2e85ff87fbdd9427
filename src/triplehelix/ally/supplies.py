"""Supplies of a model: what each offer has on each stretch, counted once however it is brought."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from triplehelix.ally.demands import FREELY, STEADY
from triplehelix.ally.offers import Floats, Ints
from triplehelix.ally.parts import Parts
from triplehelix.optimise.pooling import Row


@dataclass(frozen=True)
class Supplies:
    """`of_arc` is each arc's supply; by supply its `capacity` (volume) and `owner`."""

    of_arc: Ints
    capacity: Floats
    owner: Ints
    rows: tuple[Row, ...]


def supplies_of(parts: Parts) -> Supplies:
    """
    One supply for each offer and stretch, with rows where that does not tell all.

    A lot that several members could bring, that is counted in two units, or that an undated need
    draws on as well as a dated one, is held by a row.
    """
    laid, offers = parts.laid, parts.question.offers
    keys, first, of_arc = np.unique(
        np.stack([laid.row, laid.supply]), axis=1, return_index=True, return_inverse=True
    )
    of_arc = of_arc.reshape(-1)
    capacity = np.zeros(keys.shape[1])
    np.maximum.at(capacity, of_arc, laid.free)
    capacity[keys[1] == FREELY] = np.inf
    lot = np.array([offers.rows[i].lot for i in laid.row], np.int64)
    factor = _factors(parts)
    rows = []
    for held in _entangled(parts, lot, factor):
        capacity[of_arc[held]] = np.inf
        rows += _rows(parts, held, factor)
    return Supplies(of_arc, capacity, parts.owner[first], tuple(rows))


def _factors(parts: Parts) -> Floats:
    """Units of the need in one of the capacity, of each arc."""
    return np.array(
        [
            parts.question.candidates[n].factor[k]
            for n, k in zip(parts.need, parts.laid.found, strict=True)
        ],
        float,
    )


def _entangled(parts: Parts, lot: Ints, factor: Floats) -> list[Ints]:
    """The arcs of each lot that one number for each offer and stretch does not hold."""
    laid = parts.laid
    by_lot: dict[int, list[int]] = defaultdict(list)
    for a in np.flatnonzero(laid.supply != FREELY):
        by_lot[int(lot[a])].append(int(a))
    found = []
    for arcs in (np.array(one, np.int64) for one in by_lot.values() if len(one) > 1):
        supplies = set(laid.supply[arcs].tolist())
        if (
            len(set(laid.row[arcs].tolist())) > 1
            or len(set(factor[arcs].tolist())) > 1
            or (STEADY in supplies and supplies & laid.beside_steady)
        ):
            found.append(arcs)
    return found


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
        rows.append(Row("what an asset has", high=limit, arcs=over))
    return rows


def _volume(parts: Parts, arc: int) -> float:
    """What one unit on every day of an arc's stretch is as volume."""
    laid = parts.laid
    number = int(laid.supply[arc])
    return laid.stretches[number].days / laid.unit_days[number]
