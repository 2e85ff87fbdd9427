"""How many people live within reach of a place, and of several together: each counted once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from triplehelix.sphere import chord, unit_vectors

REACH_KM = 50.0
# A town is taken to fill a disc of so many people a square kilometre; what lies within is part of
# it. GeoNames lists London and its boroughs alike, which would count Londoners twice.
PEOPLE_PER_KM2 = 5_000.0


class Town(NamedTuple):
    """A town of the gazetteer."""

    place_id: str
    lat: float
    lon: float
    population: int


@dataclass(frozen=True)
class Reached:
    """The towns within reach: by place, indexes into the towns that were kept."""

    population: NDArray[np.int64]
    within: tuple[NDArray[np.int64], ...]

    def people(self, *places: int) -> int:
        """How many people live within reach of one place or another of these."""
        towns = {int(t) for place in places for t in self.within[place]}
        return int(sum(int(self.population[t]) for t in towns))

    def n_towns(self, *places: int) -> int:
        """How many towns that are."""
        return len({int(t) for place in places for t in self.within[place]})


def apart(towns: Sequence[Town]) -> tuple[Town, ...]:
    """
    Leave out towns that are part of a larger one.

    From the largest on, each takes in the smaller ones within the radius of a disc that holds its
    people at 5,000 a square kilometre. Where a neighbour is a town of its own, its people are
    missing: the sum is an undercount.

    Examples
    --------
    >>> city, borough = Town("1", 51.5, -0.1, 9_000_000), Town("2", 51.6, -0.1, 300_000)
    >>> [town.place_id for town in apart([borough, city, Town("3", 52.2, 0.1, 145_000)])]
    ['1', '3']
    """
    from scipy.spatial import cKDTree

    ordered = sorted(towns, key=lambda town: (-town.population, town.place_id))
    if not ordered:
        return ()
    vectors = _vectors(ordered)
    tree = cKDTree(vectors)
    taken = np.zeros(len(ordered), dtype=bool)
    # Below this no other town's middle can lie within: a disc of 2,000 people is 360 m wide.
    large = [town.population for town in ordered if town.population >= 2_000]
    radius_km = np.sqrt(np.array(large) / PEOPLE_PER_KM2 / np.pi)
    inside = tree.query_ball_point(vectors[: len(large)], chord(radius_km))
    for at, found in enumerate(inside):
        if not taken[at]:
            taken[[other for other in found if other > at]] = True
    return tuple(town for at, town in enumerate(ordered) if not taken[at])


class Towns:
    """Towns to look round: those that are part of another are left out (see `apart`)."""

    def __init__(self, towns: Sequence[Town] = ()) -> None:
        from scipy.spatial import cKDTree

        kept = apart(towns)
        self.population = np.array([town.population for town in kept], dtype=np.int64)
        self.tree = cKDTree(_vectors(kept)) if kept else None


def reached(
    lat: Sequence[float | None], lon: Sequence[float | None], towns: Towns, km: float = REACH_KM
) -> Reached:
    """
    Find the towns within so many kilometres of each place.

    Parameters
    ----------
    lat, lon : degrees; a place without a position reaches nobody.
    km : on the great circle.

    Examples
    --------
    >>> towns = Towns([Town("1", 52.2, 0.1, 145_000), Town("2", 51.75, -1.26, 150_000)])
    >>> near = reached([52.2, 51.8], [0.1, -1.0], towns)
    >>> near.people(0), near.people(0, 1)
    (145000, 295000)
    """
    within = []
    for y, x in zip(lat, lon, strict=True):
        found: list[int] = []
        if towns.tree is not None and y is not None and x is not None:
            found = towns.tree.query_ball_point(unit_vectors([y], [x])[0], chord(km))
        within.append(np.array(sorted(found), dtype=np.int64))
    return Reached(towns.population, tuple(within))


def _vectors(towns: Sequence[Town]) -> NDArray[np.float64]:
    return unit_vectors([town.lat for town in towns], [town.lon for town in towns])
