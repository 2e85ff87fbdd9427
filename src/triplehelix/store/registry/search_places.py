"""Where records are, for many of them at once."""

from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from triplehelix.registry.ranking import Floats
from triplehelix.registry.whereabouts import LEAST, UNPLACED, Area, Where, fitting, nearest
from triplehelix.sphere import unit_vectors
from triplehelix.store.registry.search_gains import Flags, Slots
from triplehelix.store.registry.search_memory import Snapshot


class _Worked(NamedTuple):
    values: NDArray[np.generic]

    @property
    def size(self) -> int:
        """Bytes."""
        return self.values.nbytes + 500


def factors(held: Snapshot, where: Where, slots: Slots, shown: Flags) -> Floats:
    """What places multiply scores by (`whereabouts.fitting`), for records that show theirs."""
    lat, lon = held.columns["lat"][slots], held.columns["lon"][slots]
    if not isinstance(where, Area):
        return fitting(where, np.where(shown, lat, np.nan), lon)
    fits = np.full(len(slots), UNPLACED)
    placed = np.flatnonzero(shown & np.isfinite(lat))
    inside = np.asarray(where.inside)[_nearest(held, where)[slots[placed]]]
    fits[placed] = np.where(inside, 1.0, LEAST)
    return fits


def vectors(held: Snapshot, slots: Slots, near: tuple[float, float]) -> Floats:
    """The cosine of the angle between records' places and another."""
    lat, lon = held.columns["lat"], held.columns["lon"]
    found = np.empty((held.n, 3))
    for segment in held.segments:
        here = slice(segment.low, segment.high)
        work = partial(_vectors, lat[here], lon[here])
        found[here] = segment.memo.get("vectors", work).values
    return np.asarray(found[slots] @ unit_vectors(*near))


def _vectors(lat: Floats, lon: Floats) -> _Worked:
    return _Worked(unit_vectors(lat, lon))


def _towns(area: Area, lat: Floats, lon: Floats) -> _Worked:
    return _Worked(nearest(area.towns, lat, lon).astype(np.int16))


def _nearest(held: Snapshot, area: Area) -> NDArray[np.intp]:
    """By slot, which of an area's towns is the nearest."""
    lat, lon = held.columns["lat"], held.columns["lon"]
    found = np.empty(held.n, np.intp)
    for segment in held.segments:
        here = slice(segment.low, segment.high)
        work = partial(_towns, area, lat[here], lon[here])
        found[here] = segment.memo.get(("nearest", area.towns), work).values
    return found
