"""One search over the edition and the registry: names, what members share, and needs in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from triplehelix.app.calls.records import calls
from triplehelix.app.front.needs import NeedFound, needs_in_words, needs_met
from triplehelix.app.front.places import NamedPlace, place_in_words
from triplehelix.app.front.strengths import ThemeFound, themes_in_words
from triplehelix.app.registry.asset_list import AssetList, AssetQuestion, list_assets
from triplehelix.app.registry.members import list_members
from triplehelix.app.registry.networks import networks_called
from triplehelix.app.search import Hit, HitKind, search
from triplehelix.capabilities.listed import Capabilities
from triplehelix.capabilities.words import unmarked
from triplehelix.registry.viewer import Viewer
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What was found, and how the words were understood.

    `kinds` are names that have the words, by kind, `total` how many there are; a kind with
    something that is called just so comes first. `needs`, `themes` and `place` are what the words
    seem to ask for; `instead` tells which word was taken for which of what members share.
    """

    query: str
    kinds: list[HitKind]
    total: int
    needs: list[NeedFound] = field(default_factory=list)
    themes: list[ThemeFound] = field(default_factory=list)
    place: NamedPlace | None = None
    instead: dict[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all came of the words."""
        return not (self.total or self.needs or self.themes)


def find_in_edition(edition: Edition, query: str, today: date, *, limit: int = 10) -> Answer:
    """
    What an edition has for words, without a registry.

    Parameters
    ----------
    query : at most 200 characters; an empty one finds nothing.
    today : the day from which "within six weeks" counts.
    limit : hits of each kind, 1 to 100.

    Raises
    ------
    InputError
        If the query is too long or the limit out of range.
    """
    found = search(edition, query, limit=limit)
    if not found.query:
        return Answer(found.query, [], 0)
    place = place_in_words(edition, query)
    return Answer(
        found.query, _ordered(found.kinds, found.query), found.total,
        needs_in_words(query, today), themes_in_words(edition, query, place), place,
    )  # fmt: skip


def find(
    registry: Registry, viewer: Viewer, edition: Edition, query: str, capabilities: Capabilities,
    *, limit: int = 10,
) -> Answer:  # fmt: skip
    """
    What an edition and a registry have for words, as far as the viewer sees it.

    Assets and calls that fit come first, then what is called so; see `find_in_edition`.

    Raises
    ------
    InputError
        If the query is too long or the limit out of range.
    """
    found = search(edition, query, limit=limit)
    if not found.query:
        return Answer(found.query, [], 0)
    place = place_in_words(edition, query)
    needs = needs_in_words(query, registry.clock().date(), capabilities)
    assets = list_assets(registry, edition, viewer, AssetQuestion(q=found.query), capabilities,
                         per_page=limit)  # fmt: skip
    known = calls(registry, viewer, capabilities, found.query, per_page=limit)
    ours = [
        HitKind("asset", assets.total,
                [Hit("asset", row.asset_id, row.name, row.country) for row in assets.assets]),
        *_named(registry, viewer, found.query, limit),
        *_able(assets),
        HitKind("call", known.total,
                [Hit("call", row.call_id, row.title, None) for row in known.calls]),
    ]  # fmt: skip
    kinds = [*(kind for kind in ours if kind.total), *found.kinds]
    return Answer(
        found.query, _ordered(kinds, found.query), sum(kind.total for kind in kinds),
        needs_met(registry, viewer, edition, needs, place, capabilities),
        themes_in_words(edition, query, place), place,
        # Of what was read as a need, no word was meant for another.
        {} if needs else assets.instead,
    )  # fmt: skip


def _named(registry: Registry, viewer: Viewer, query: str, limit: int) -> list[HitKind]:
    """Members and networks whose names have every word, by name."""
    members = list_members(registry, viewer, query, per_page=limit)
    known = networks_called(registry, viewer, query)
    return [
        HitKind("member", members.total,
                [Hit("member", one.member_id, one.name, one.country) for one in members.members]),
        HitKind("network", len(known),
                [Hit("network", one, name, None) for one, name in known[:limit]]),
    ]  # fmt: skip


def _able(assets: AssetList) -> list[HitKind]:
    """Capabilities that the search of assets has read in the words."""
    hits = [Hit("capability", one.id, one.name, None) for one in assets.others
            if one.kind == "capability"]  # fmt: skip
    return [HitKind("capability", len(hits), hits)]


def _ordered(kinds: Sequence[HitKind], query: str) -> list[HitKind]:
    """Kinds with something that is called just so first; else as they come."""
    asked = " ".join(unmarked(query).split())
    return sorted(kinds, key=lambda kind: all(
        " ".join(unmarked(hit.name).split()) != asked for hit in kind.hits))  # fmt: skip
