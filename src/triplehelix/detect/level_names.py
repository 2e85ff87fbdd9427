"""Names at every level: superclusters after what they hold, campuses after who is there."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from triplehelix.detect.naming import Covered, names_of


class Level(NamedTuple):
    """Where a cluster stands: its stratum and level."""

    theme: str
    period: str
    level: int


class Named(NamedTuple):
    """What a cluster's name is made from; `anchor` is its heaviest organisation's name."""

    cluster_id: str
    at: Level
    parent_id: str | None
    places: list[Covered]
    anchor: str | None

    @property
    def minus_weight(self) -> float:
        """Sorts the heaviest first."""
        return sum(covered.minus_weight for covered in self.places)


def level_names(clusters: Sequence[Named], labels: Mapping[str, str]) -> dict[str, str]:
    """
    A name for each cluster, by the rule of `name`; never one name for two.

    A cluster of level 0 is named after its places. A wider one is named after the heaviest
    clusters it holds, up to three: "London, Cambridge and Oxford"; one that holds a single
    cluster is "Leeds and around". A finer one is named after its town and the heaviest
    organisation there: "Cambridge: University of Cambridge". The theme's label (from
    `labels`) and the years are added where a cluster was found for them alone. A name that a
    heavier cluster has taken gets a number.
    """
    names: dict[str, str] = {}
    for at in sorted({each.at for each in clusters}):
        if at.level == 0:
            here = [each for each in clusters if each.at == at]
            names |= names_of({each.cluster_id: each.places for each in here})
    inside = _inside(clusters)
    for each in clusters:
        if each.at.level > 0:
            names[each.cluster_id] = _wide_name(each, inside.get(each.cluster_id, []), names)
        elif each.at.level < 0:
            town = each.places[0].place
            names[each.cluster_id] = f"{town}: {each.anchor}" if each.anchor else town
    written = {
        each.cluster_id: names[each.cluster_id] + _suffix(each.at, labels) for each in clusters
    }
    return _told_apart(clusters, written)


def _inside(clusters: Sequence[Named]) -> dict[str, list[Named]]:
    """The clusters of level 0 in each wider one, heaviest first."""
    parent = {each.cluster_id: each.parent_id for each in clusters}
    inside: dict[str, list[Named]] = {}
    for each in sorted(clusters, key=lambda c: (c.minus_weight, c.places, c.cluster_id)):
        above = each.parent_id if each.at.level == 0 else None
        while above is not None:
            inside.setdefault(above, []).append(each)
            above = parent.get(above)
    return inside


def _wide_name(cluster: Named, inside: list[Named], names: Mapping[str, str]) -> str:
    held = [_short(names[each.cluster_id], each.places[0].place) for each in inside[:3]]
    if len(held) > 1:
        return f"{', '.join(held[:-1])} and {held[-1]}"
    # Without a cluster of level 0 inside, too little is near enough for one anywhere in it.
    return f"{held[0] if held else cluster.places[0].place} and around"


def _short(name: str, town: str) -> str:
    """A name that can stand in a list: that of the town alone where it joins two."""
    return town if f"{town} and " in name else name


def _suffix(at: Level, labels: Mapping[str, str]) -> str:
    theme = [] if at.theme == "all" else [labels.get(at.theme, at.theme)]
    period = [] if at.period == "all" else [at.period.replace("/", "\N{EN DASH}")]
    return "".join(f", {each}" for each in (*theme, *period))


def _told_apart(clusters: Iterable[Named], names: Mapping[str, str]) -> dict[str, str]:
    """Numbers after names that heavier clusters have; level 0 before the others."""

    def first(each: Named) -> tuple[int, float, list[Covered], str]:
        return abs(each.at.level), each.minus_weight, each.places, each.cluster_id

    taken: set[str] = set()
    told: dict[str, str] = {}
    for each in sorted(clusters, key=first):
        plain = name = names[each.cluster_id]
        number = 2
        while name.casefold() in taken:
            name = f"{plain} ({number})"
            number += 1
        taken.add(name.casefold())
        told[each.cluster_id] = name
    return told
