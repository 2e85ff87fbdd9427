"""Places that a question names: towns, and areas told by towns; how well a record's place fits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.capabilities.words import unmarked
from triplehelix.registry.ranking import Floats
from triplehelix.sphere import distance_km, unit_vectors

# Full score so far from a town; half of it at twice that; further away, and for what has no
# place, the least.
CLOSE_KM = 50.0
LEAST, UNPLACED = 0.08, 0.2
_BEFORE = frozenset("in near around at by from of outside to within across for".split())
_LONGEST = 4
# A little less than a degree of latitude is long.
_KM_OF_LATITUDE = 111.0
_AT_ONCE = 4_096


class Spot(NamedTuple):
    """A place on the Earth, degrees, and how far around it is meant, km."""

    lat: float
    lon: float
    km: float = CLOSE_KM


@dataclass(frozen=True)
class Area:
    """An area: where the nearest of `towns` (lat, lon) is one for which `inside` is true."""

    name: str
    towns: tuple[tuple[float, float], ...]
    inside: tuple[bool, ...]


Where = Spot | Area


def fitting(where: Where, lat: ArrayLike, lon: ArrayLike) -> Floats:
    """
    What places multiply a score by: 1 where it was asked for, `LEAST` far away.

    Parameters
    ----------
    lat, lon : shape (n,), degrees; NaN where there is no place, which gives `UNPLACED`.

    Examples
    --------
    >>> fitting(Spot(52.2, 0.1), [52.2, 51.4, 58.0, float("nan")], [0.1, 0.1, 0.1, 0.0]).round(2)
    array([1.  , 0.5 , 0.08, 0.2 ])
    """
    there = np.isfinite(np.asarray(lat, float))
    fits = np.full(len(there), UNPLACED)
    at = np.asarray(lat, float)[there], np.asarray(lon, float)[there]
    if isinstance(where, Area):
        inside = np.asarray(where.inside)[nearest(where.towns, *at)]
        fits[there] = np.where(inside, 1.0, LEAST)
    else:
        fits[there] = _fitting_spot(where, *at)
    return fits


def nearest(towns: tuple[tuple[float, float], ...], lat: Floats, lon: Floats) -> NDArray[np.intp]:
    """The number of the town that is nearest to each place, the first of equals."""
    to = unit_vectors(*np.transpose(towns)).T
    found = np.empty(len(lat), np.intp)
    for n in range(0, len(lat), _AT_ONCE):
        some = slice(n, n + _AT_ONCE)
        found[some] = (unit_vectors(lat[some], lon[some]) @ to).argmax(axis=1)
    return found


def _fitting_spot(where: Spot, lat: Floats, lon: Floats) -> Floats:
    fits = np.full(len(lat), LEAST)
    # What lies further north or south is further away, whatever its longitude.
    close = np.flatnonzero(np.abs(lat - where.lat) <= 2 * where.km / _KM_OF_LATITUDE)
    far = distance_km(where.lat, where.lon, lat[close], lon[close])
    fits[close] = np.select([far <= where.km, far <= 2 * where.km], [1.0, 0.5], LEAST)
    return fits


def find_place(
    text: str, areas: Mapping[str, Where], town: Callable[[str], Where | None]
) -> tuple[Where | None, str]:
    """
    The place a question names, and the question without its name.

    An area counts wherever it stands; a town where a word like `in` or `near` stands before it,
    or, not being the first word, where it has a capital. The longest name wins, then the first.

    Examples
    --------
    >>> find_place("labs near Leeds", {}, {"leeds": Spot(53.8, -1.55)}.get)
    (Spot(lat=53.8, lon=-1.55, km=50.0), 'labs near')
    """
    typed = text.split()[:64]
    plain = [unmarked(word).strip(" ,.;:?!()'\"").removesuffix("'s") for word in typed]
    for length in range(min(_LONGEST, len(typed)), 0, -1):
        for n in range(len(typed) - length + 1):
            name = " ".join(plain[n : n + length])
            found = areas.get(name)
            if found is None and _may_be_town(typed, plain, n, length):
                found = town(name)
            if found is not None:
                return found, " ".join(typed[:n] + typed[n + length :])
    return None, text


def _may_be_town(typed: list[str], plain: list[str], n: int, length: int) -> bool:
    capital = typed[n][:1].isupper() and (len(typed[n]) < 2 or not typed[n][1].isupper())
    called_for = n > 0 and (plain[n - 1] in _BEFORE or capital)
    return called_for and len(" ".join(plain[n : n + length])) >= 4
