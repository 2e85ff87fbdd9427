"""The town that a sentence names, of those that the edition knows."""

from dataclasses import dataclass

from triplehelix.app.prepared import prepare
from triplehelix.capabilities.words import unmarked
from triplehelix.query import Query
from triplehelix.registry.whereabouts import Spot, find_place
from triplehelix.store.edition import Edition

_MOST_WORDS, _LONGEST = 32, 4


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A town by its own name; degrees, WGS 84."""

    name: str
    country: str | None
    lat: float
    lon: float


def place_in_words(edition: Edition, text: str) -> NamedPlace | None:
    """
    The town that a text names; None for none, and for one that the edition does not know.

    As `registry.whereabouts.find_place` reads it: after a word like `in` or `near`, or with a
    capital and not first. Of several of one name the largest.
    """
    known = _called(edition, _runs(text))
    spots = {name: Spot(one.lat, one.lon) for name, one in known.items()}
    names = {spot: name for name, spot in spots.items()}
    where, _ = find_place(text, {}, spots.get)
    return known[names[where]] if isinstance(where, Spot) else None


def town(edition: Edition, name: str) -> NamedPlace | None:
    """The largest town of a name; None if the edition knows none."""
    asked = " ".join(unmarked(name).split())
    return _called(edition, [asked]).get(asked) if asked else None


def _runs(text: str) -> list[str]:
    """Every run of up to four words, as names are compared."""
    plain = [unmarked(word).strip(" ,.;:?!()'\"") for word in text.split()[:_MOST_WORDS]]
    plain = [word.removesuffix("'s") for word in plain]
    return [
        " ".join(plain[n : n + length])
        for length in range(1, _LONGEST + 1)
        for n in range(len(plain) - length + 1)
    ]


def _called(edition: Edition, names: list[str]) -> dict[str, NamedPlace]:
    rows = prepare(edition).rows(Query("towns", _TOWNS, {"names": names})) if names else []
    return {
        row["folded"]: NamedPlace(row["name"], row["country"], row["lat"], row["lon"])
        for row in rows
    }


_TOWNS = """
    select n.folded, p.name, p.country, p.lat, p.lon
    from atlas.names n join places p on p.place_id = n.id
    where n.kind = 'place' and list_contains($names, n.folded)
      and p.lat is not null and p.lon is not null
    qualify row_number() over (partition by n.folded
                               order by p.population desc nulls last, p.place_id) = 1
    order by n.folded"""
