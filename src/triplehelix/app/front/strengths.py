"""Which themes words are near to, and where each of these is strong."""

from collections.abc import Iterable
from dataclasses import dataclass

from triplehelix.app.front.places import NamedPlace
from triplehelix.app.landscape import ClusterRow, landscape
from triplehelix.app.prepared import kept_per_edition, once_per_edition, prepare
from triplehelix.app.registry.search import theme_concepts
from triplehelix.app.theme import themes
from triplehelix.capabilities.concepts import Concepts
from triplehelix.capabilities.words import words
from triplehelix.query import Query
from triplehelix.sphere import distance_km
from triplehelix.store.edition import Edition

MOST_THEMES, MOST_CLUSTERS = 3, 5
# Words that tell less of a theme than this are anybody's.
_TOLD, _OF_BEST = 1.0, 0.5


@dataclass(frozen=True, slots=True)
class StrongCluster:
    """
    A cluster that works in a theme: activities, location quotient with its 95 % interval.

    `clear`: the whole interval is above 1. `distance_km` to its centre, where a place was named.
    """

    cluster_id: str
    name: str
    countries: list[str]
    n_activities: int | None
    location_quotient: float | None
    low: float | None
    high: float | None
    evidence: str
    clear: bool
    distance_km: float | None


@dataclass(frozen=True, slots=True)
class ThemeFound:
    """
    A theme, the words that are near to it, and where it is strong; `n_clusters` in all.

    `offered`: it has a value chain, so that a combined offer can be composed.
    """

    theme: str
    label: str
    because: list[str]
    clusters: list[StrongCluster]
    n_clusters: int
    offered: bool


def themes_in_words(
    edition: Edition, text: str, place: NamedPlace | None = None
) -> list[ThemeFound]:
    """Themes at home in a cluster that a text is near to, the nearest first."""
    here = {one.theme: one for one in themes(edition) if one.n_clusters}
    concepts = theme_concepts()
    told = concepts.asked_for(concepts.read(text))
    best = max(told.values(), default=0.0)
    near = [slug for slug, strength in told.items()
            if slug in here and strength >= max(_TOLD, _OF_BEST * best)]  # fmt: skip
    return [
        ThemeFound(slug, here[slug].label, _because(concepts, slug, text),
                   strong_clusters(edition, slug, place), here[slug].n_clusters,
                   slug in themes_offered(edition))
        for slug in near[:MOST_THEMES]
    ]  # fmt: skip


def strong_clusters(
    edition: Edition, theme: str, place: NamedPlace | None = None, most: int = MOST_CLUSTERS
) -> list[StrongCluster]:
    """
    Clusters at work in a theme: the surest strength first, by the interval's lower end.

    Equals stand by activities, then by name; how far they are from a place changes no order.
    """
    rows = _at_work(edition, theme)
    return [_strong(row, place) for row in rows[:most]]


def nearest_clusters(
    edition: Edition, place: NamedPlace, most: int = MOST_CLUSTERS
) -> list[StrongCluster]:
    """Clusters by the distance of their centres from a place; equals by name."""
    found = [_strong(row, place) for row in _all(edition)]
    placed = [one for one in found if one.distance_km is not None]
    return sorted(placed, key=lambda one: (one.distance_km, one.name, one.cluster_id))[:most]


def largest_clusters(edition: Edition, most: int = MOST_CLUSTERS) -> list[StrongCluster]:
    """The most active clusters."""
    return [_strong(row, None) for row in _all(edition)[:most]]


@once_per_edition
def themes_offered(edition: Edition) -> frozenset[str]:
    """Themes with a value chain."""
    asked = Query("offered", "select theme from atlas.themes where len(roles) > 0")
    rows = prepare(edition).rows(asked)
    return frozenset(row["theme"] for row in rows)


@kept_per_edition(200)
def _at_work(edition: Edition, theme: str) -> list[ClusterRow]:
    rows = landscape(edition, theme=theme, sort="theme", per_page=1000).clusters
    return sorted(rows, key=lambda row: (
        -(row.location_quotient_low or 0.0), -(row.n_theme_activities or 0), row.name,
        row.cluster_id,
    ))  # fmt: skip


@kept_per_edition(1)
def _all(edition: Edition) -> list[ClusterRow]:
    return landscape(edition, per_page=1000).clusters


def _strong(row: ClusterRow, place: NamedPlace | None) -> StrongCluster:
    away = None
    if place is not None and row.centre_lat is not None and row.centre_lon is not None:
        away = float(distance_km(place.lat, place.lon, row.centre_lat, row.centre_lon))
    low = row.location_quotient_low
    return StrongCluster(
        row.cluster_id, row.name, row.countries, row.n_theme_activities, row.location_quotient,
        low, row.location_quotient_high, row.evidence, low is not None and low > 1, away,
    )  # fmt: skip


def _because(concepts: Concepts, theme: str, text: str) -> list[str]:
    """The words of a text that tell of a theme, as they were typed."""
    typed = [word.strip(" ,.;:?!()'\"") for word in text.split()]
    return list(dict.fromkeys(word for word in typed if _tells(concepts, theme, words(word))))


def _tells(concepts: Concepts, theme: str, stems: Iterable[str]) -> bool:
    return any(concepts.telling(stem).get(theme, 0.0) > 0 for stem in stems)
