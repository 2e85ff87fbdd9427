"""Who can be spoken to: stewards of networks by their role, never a person by name."""

from collections.abc import Collection
from dataclasses import dataclass

from triplehelix.app.enquiries.holders import Holding, holdings
from triplehelix.app.front.places import NamedPlace
from triplehelix.app.where import where
from triplehelix.registry.routing import is_of_place
from triplehelix.registry.viewer import Viewer
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry

MOST = 8


@dataclass(frozen=True, slots=True)
class StewardsOf:
    """
    The stewards of a network, and why they may be the right ones.

    `of_theme`: the network has the theme; `of_place`: its area names the place, or it speaks for
    the cluster there; `speaks_for`: clusters, of those asked about, for which it speaks.
    """

    network_id: str
    network: str
    area: str | None
    of_theme: bool
    of_place: bool
    speaks_for: list[str]


def stewards_for(
    registry: Registry, viewer: Viewer, edition: Edition, *, theme: str = "",
    place: NamedPlace | None = None, clusters: Collection[tuple[str, str]] = (),
) -> list[StewardsOf]:  # fmt: skip
    """
    Networks that have to do with a theme, a place or clusters (id, name), as the viewer sees them.

    Those with the most reasons first, then by name; all networks where nothing is asked.
    """
    with registry.look(viewer) as sight:
        known = holdings(sight)
        names = sight.names(one.network_id for one in known)
    at = _clusters_at(edition, place)
    found = [_stewards(one, names[one.network_id], theme, place, at, clusters) for one in known]
    if theme or place or clusters:
        found = [one for one in found if _reasons(one)]
    return sorted(found, key=lambda one: (-_reasons(one), one.network.lower(), one.network_id))


def _stewards(
    one: Holding, name: str, theme: str, place: NamedPlace | None, at: frozenset[str],
    clusters: Collection[tuple[str, str]],
) -> StewardsOf:  # fmt: skip
    of_place = place is not None and (is_of_place(one.area, place.name) or bool(one.clusters & at))
    return StewardsOf(
        one.network_id, name, one.area, bool(theme) and theme in one.themes, of_place,
        [called for cluster_id, called in clusters if cluster_id in one.clusters],
    )  # fmt: skip


def _reasons(one: StewardsOf) -> int:
    return one.of_theme + one.of_place + bool(one.speaks_for)


def _clusters_at(edition: Edition, place: NamedPlace | None) -> frozenset[str]:
    found = where(edition, place.name, country=place.country) if place else []
    return frozenset(one.cluster_id for one in found if one.cluster_id is not None)
