"""“I am looking for …”: plain choices, each of which leads somewhere."""

from dataclasses import dataclass

from triplehelix.app.front.places import NamedPlace, town
from triplehelix.app.front.roles import StewardsOf, stewards_for
from triplehelix.app.front.strengths import (
    StrongCluster,
    largest_clusters,
    nearest_clusters,
    strong_clusters,
    themes_offered,
)
from triplehelix.app.names import unknown_theme
from triplehelix.app.registry.asset_list import AssetQuestion, list_assets
from triplehelix.app.registry.asset_rows import AssetRow
from triplehelix.app.theme import ThemeRow, themes
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import InputError, UnknownName
from triplehelix.registry.viewer import Viewer
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry

MOST_ASSETS, MOST_PEOPLE, LONGEST = 6, 6, 200


@dataclass(frozen=True, slots=True)
class Choice:
    """
    Something people look for: how it is said, and what it leads to, the best first.

    `leads` are of `clusters`, `people`, `assets`, `offer`, `partners`, `call`. `words` are asked
    of what members share beside the theme; `audience` is the offer's.
    """

    what: str
    title: str
    told: str
    leads: tuple[str, ...]
    words: str = ""
    audience: str = "general"


CHOICES = (
    Choice("partner", "A partner", "for research, development, or a product",
           ("partners", "clusters", "people", "offer", "call"), audience="research"),
    Choice("facility", "A laboratory or a machine", "or space, a service, data",
           ("assets", "people", "clusters", "call")),
    Choice("investment", "A place to invest or to settle",
           "where a field is strong, and who is there",
           ("offer", "clusters", "people", "assets"), audience="investor"),
    Choice("trial", "A place for a trial", "hospitals and units that can run one",
           ("assets", "clusters", "people", "offer"), "clinical trial", "company"),
    Choice("emergency", "Help in an emergency", "capacity from several at once, quickly",
           ("call", "assets", "people", "clusters")),
    Choice("advice", "Somebody to talk to", "who speaks for a cluster, a field, a region",
           ("people", "clusters", "offer")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leads:
    """
    Where a choice leads, for a theme and a place where these were given.

    `clusters` are the strongest in the theme, else the nearest to the place, else the largest.
    `offered`: the theme has a value chain, so that an offer can be composed. `people` and
    `assets` are the first of those that the viewer sees, None without a registry.
    """

    choice: Choice
    theme: ThemeRow | None
    place: NamedPlace | None
    clusters: list[StrongCluster]
    offered: bool
    people: list[StewardsOf] | None = None
    n_people: int = 0
    assets: list[AssetRow] | None = None
    n_assets: int = 0


def leads_in_edition(edition: Edition, what: str, theme: str = "", place: str = "") -> Leads:
    """
    Where a choice leads in an edition.

    Raises
    ------
    UnknownName
        If there is no such choice, theme or town.
    """
    choice = choice_of(what)
    about = _theme(edition, theme)
    at = _place(edition, place)
    if about is not None:
        clusters = strong_clusters(edition, about.theme, at)
    else:
        clusters = nearest_clusters(edition, at) if at else largest_clusters(edition)
    offered = about is not None and about.theme in themes_offered(edition)
    return Leads(choice, about, at, clusters, offered)


def leads(
    registry: Registry, viewer: Viewer, edition: Edition, capabilities: Capabilities,
    what: str = "", theme: str = "", place: str = "",
) -> Leads:  # fmt: skip
    """
    Where a choice leads in an edition and a registry, as far as the viewer sees it.

    Raises
    ------
    UnknownName
        If there is no such choice, theme or town.
    """
    found = leads_in_edition(edition, what, theme, place)
    named = [(one.cluster_id, one.name) for one in found.clusters] if theme else []
    people = stewards_for(registry, viewer, edition, theme=theme, place=found.place,
                          clusters=named)  # fmt: skip
    words = " ".join(filter(None, (found.choice.words, found.theme.label if found.theme else "")))
    near = found.place.name if found.place else ""
    assets = list_assets(registry, edition, viewer, AssetQuestion(q=words, near=near),
                         capabilities, per_page=MOST_ASSETS)  # fmt: skip
    return Leads(
        found.choice, found.theme, found.place, found.clusters, found.offered,
        people[:MOST_PEOPLE], len(people), assets.assets, assets.total,
    )  # fmt: skip


def choice_of(what: str) -> Choice:
    """The choice of a name; UnknownName if there is none."""
    for one in CHOICES:
        if one.what == what:
            return one
    known = ", ".join(one.what for one in CHOICES)
    raise UnknownName(f"nothing to look for is called {what[:80]!r}; it is one of {known}")


def _theme(edition: Edition, theme: str) -> ThemeRow | None:
    if not theme:
        return None
    found = next((one for one in themes(edition) if one.theme == theme), None)
    if found is None:
        raise unknown_theme(edition, theme)
    return found


def _place(edition: Edition, place: str) -> NamedPlace | None:
    if not place.strip():
        return None
    if len(place) > LONGEST:
        raise InputError(f"the place is {len(place)} characters long; give at most {LONGEST}")
    found = town(edition, place)
    if found is None:
        raise UnknownName(
            f"no place of this edition is called {place.strip()[:80]!r}; give a town near a "
            "cluster, in any language, or leave it out"
        )
    return found
