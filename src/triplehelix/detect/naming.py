"""What a cluster is called: after the places it covers, and no two alike."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import fsum
from typing import NamedTuple

from triplehelix.errors import InputError

# A second place this near to the first in weight shares the name.
_NEARLY_EQUAL = 0.8


class Covered(NamedTuple):
    """One place of a cluster; sorts heaviest first, then by name and country."""

    minus_weight: float
    place: str
    country: str


def covered_places(
    cluster: Sequence[str],
    place: Sequence[str],
    country: Sequence[str | None],
    weight: Sequence[float],
) -> dict[str, list[Covered]]:
    """
    The places of each cluster, heaviest first; ties by name, then country.

    The four sequences are rows: a cluster, the name and country of a place in it, a weight
    >= 0. Rows of one cluster and place add up. Rows in any order give the same result.

    Raises
    ------
    InputError
        If the sequences differ in length, or a place has no name.
    """
    lengths = {len(cluster), len(place), len(country), len(weight)}
    if len(lengths) > 1:
        raise InputError(
            f"cluster, place, country and weight have lengths {len(cluster)}, {len(place)}, "
            f"{len(country)} and {len(weight)}; give one of each for each row"
        )
    weights: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for row, (key, place_name, code, mass) in enumerate(
        zip(cluster, place, country, weight, strict=True)
    ):
        if not place_name:
            raise InputError(
                f"place[{row}] of cluster {key!r} has no name; drop the row, "
                "or name the place by its coordinates"
            )
        weights[key, place_name, code or ""].append(mass)
    places: dict[str, list[Covered]] = defaultdict(list)
    for (key, place_name, code), masses in weights.items():
        places[key].append(Covered(-fsum(masses), place_name, code))
    return {key: sorted(places[key]) for key in sorted(places)}


def name(
    cluster: Sequence[str],
    place: Sequence[str],
    country: Sequence[str | None],
    weight: Sequence[float],
) -> dict[str, str]:
    """
    A name for each cluster, after its heaviest place; never one name for two clusters.

    The rule, heaviest cluster first (ties by its places, then by its key):

    1. The heaviest place: "Cambridge". If a second has at least 80 % of its weight, both:
       "Basel and Allschwil".
    2. If a heavier cluster has that name, and is in another country: "Cambridge (US)".
    3. If in the same country: with its next place, "Newcastle and Gateshead", or the one after.
    4. If all of these are taken, a number: "Newcastle (2)".

    Parameters
    ----------
    cluster, place, country, weight : sequences of one length
        Rows as for `covered_places`: the key of a cluster, the name and ISO country code (or
        None) of a place in it, and a weight >= 0.

    Returns
    -------
    dict from key to name
        The same for rows in any order; empty without rows.

    Raises
    ------
    InputError
        If the sequences differ in length, or a place has no name.

    Examples
    --------
    >>> name("a a b".split(), ["Oxford", "Didcot", "Oxford"], ["GB", "GB", "US"], [9, 2, 4])
    {'a': 'Oxford', 'b': 'Oxford (US)'}
    """
    return names_of(covered_places(cluster, place, country, weight))


def names_of(places: dict[str, list[Covered]]) -> dict[str, str]:
    """The names of clusters from their `covered_places`, by the rule of `name`."""

    def heaviest_first(key: str) -> tuple[float, list[Covered], str]:
        return fsum(covered.minus_weight for covered in places[key]), places[key], key

    taken: dict[str, set[str]] = {}  # a name, without regard to case: the countries it is in
    names = {}
    for key in sorted(places, key=heaviest_first):
        candidates = _candidates(places[key], taken)
        names[key] = next(each for each in candidates if each.casefold() not in taken)
        home = places[key][0].country
        for used in {names[key], _plain_name(places[key])}:
            taken.setdefault(used.casefold(), set()).add(home)
    return {key: names[key] for key in places}


def _plain_name(places: list[Covered]) -> str:
    first = places[0]
    for second in places[1:2]:
        near = second.minus_weight <= _NEARLY_EQUAL * first.minus_weight
        if near and second.place.casefold() != first.place.casefold():
            return f"{first.place} and {second.place}"
    return first.place


def _candidates(places: list[Covered], taken: dict[str, set[str]]) -> Iterator[str]:
    plain, first = _plain_name(places), places[0]
    yield plain
    if first.country and first.country not in taken.get(plain.casefold(), set()):
        yield f"{plain} ({first.country})"
    for other in places[1:]:
        if other.place.casefold() != first.place.casefold():
            yield f"{first.place} and {other.place}"
    number = 2
    while True:
        yield f"{plain} ({number})"
        number += 1
