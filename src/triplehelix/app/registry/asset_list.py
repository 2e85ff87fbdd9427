"""Finding assets: by words, kind, capability, place, capacity, network, member, organisation."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from triplehelix.app.names import full_organisation_id
from triplehelix.app.registry.asset_rows import (
    AssetRow,
    Label,
    Named,
    asset_rows,
    label_of,
    named,
)
from triplehelix.app.registry.search import OtherHit, search_assets
from triplehelix.app.where import where
from triplehelix.capabilities.listed import Capabilities, read_unit
from triplehelix.errors import InputError
from triplehelix.query import Query
from triplehelix.registry.fields import AssetKind
from triplehelix.registry.ids import nothing_so_named
from triplehelix.registry.viewer import Action, Viewer, may
from triplehelix.registry.visibility import Holder
from triplehelix.store.edition import Edition
from triplehelix.store.registry import asset_lists
from triplehelix.store.registry.asset_lists import AssetFilter, Near
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sight import Sight

WITHIN_KM = 50.0
LONGEST = 200
PER_PAGE = 20
FACETS = 12
_ALL = 1_000_000
_EARLIER = "select earlier_id from successors where organisation_id = $organisation"


@dataclass(frozen=True, slots=True)
class AssetQuestion:
    """
    What is asked for; all of it together. None and an empty text ask for nothing.

    `q` are words; `near` a town that the edition knows, `within` kilometres from it (50 unless
    given). `amount`, in `unit`, is the least capacity, that stands on the day `by`. `capability`
    takes in narrower ones. `organisation` is an id of the edition; `member` and `network` ids
    of the registry.
    """

    q: str = ""
    kind: str = ""
    capability: str = ""
    near: str = ""
    within: float | None = None
    amount: float | None = None
    unit: str = ""
    by: date | None = None
    network: str = ""
    member: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many assets of a kind there are, of whatever kind was asked for."""

    kind: str
    n: int


@dataclass(frozen=True, slots=True)
class CapabilityCount:
    """How many assets name a capability, of whatever capability was asked for."""

    capability: str
    label: str
    n: int


@dataclass(frozen=True, slots=True)
class Place:
    """The town that was found for `near`, and how far round it assets are looked for."""

    name: str
    country: str | None
    lat: float
    lon: float
    within_km: float


@dataclass(frozen=True, slots=True)
class AssetList:
    """
    A page of the assets that were asked for, as far as the viewer sees any.

    `others` are capabilities, members, networks and themes that the words name; `instead` tells
    which word was taken for which.
    """

    question: AssetQuestion
    assets: list[AssetRow]
    total: int
    page: int
    pages: int
    place: Place | None
    capability: Label | None
    network: Named | None
    member: Named | None
    kinds: list[KindCount]
    capabilities: list[CapabilityCount]
    others: list[OtherHit]
    instead: dict[str, str]
    may_add: bool


def list_assets(
    registry: Registry, edition: Edition, viewer: Viewer, question: AssetQuestion,
    capabilities: Capabilities, *, page: int = 1, per_page: int = PER_PAGE,
) -> AssetList:  # fmt: skip
    """
    Assets that a viewer sees, the best first; without words by name.

    Raises
    ------
    InputError
        If a word is too long, a kind is none, a town is not known, or a page below 1.
    UnknownName
        If there is no such capability, or no such network or member that the viewer sees.
    """
    _require_sensible(question, page)
    place = _place(edition, question)
    with registry.look(viewer) as sight:
        members = _members(sight, edition, question)
        network, member = named(sight, question.network), named(sight, question.member)
    if _for_search(question, members):
        only = next(iter(members)) if members else None
        found = _searched(registry, viewer, question, capabilities, place, only, page, per_page)
    else:
        found = _filtered(registry, viewer, question, capabilities, place, members, page, per_page)
    chosen = label_of(capabilities, question.capability) if question.capability else None
    return AssetList(
        question, found.rows, found.total, page, max(1, -(-found.total // per_page)), place,
        chosen, network, member, found.kinds, found.capabilities, found.others, found.instead,
        bool(own_holders(viewer)) or viewer.everything,
    )  # fmt: skip


class _Found(NamedTuple):
    rows: list[AssetRow]
    total: int
    kinds: list[KindCount]
    capabilities: list[CapabilityCount]
    others: list[OtherHit]
    instead: dict[str, str]


def _for_search(question: AssetQuestion, members: frozenset[str] | None) -> bool:
    # The search asks for one member at most, and for amounts of one capability.
    of_amount = question.amount is not None or question.unit or question.by
    return (members is None or len(members) == 1) and not (of_amount and not question.capability)


def _searched(
    registry: Registry, viewer: Viewer, question: AssetQuestion, capabilities: Capabilities,
    place: Place | None, member: str | None, page: int, per_page: int,
) -> _Found:  # fmt: skip
    near = (place.lat, place.lon) if place else None
    found = search_assets(
        registry, viewer, question.q, kind=question.kind or None,
        capability=question.capability or None, near=near,
        within_km=place.within_km if place else None, amount=question.amount,
        unit=question.unit or None, by=question.by, member=member,
        network=question.network or None, limit=per_page, page=page, capabilities=capabilities,
    )  # fmt: skip
    away = {hit.id: hit.distance_km for hit in found.hits if hit.distance_km is not None}
    with registry.look(viewer) as sight:
        rows = asset_rows(sight, [hit.id for hit in found.hits], capabilities, away)
    return _Found(
        rows, found.total,
        [KindCount(facet.value, facet.n) for facet in found.facets["kind"]],
        [CapabilityCount(f.value, f.label, f.n) for f in found.facets["capability"][:FACETS]],
        [one for one in found.others if one.id != question.capability], found.instead,
    )  # fmt: skip


def _filtered(
    registry: Registry, viewer: Viewer, question: AssetQuestion, capabilities: Capabilities,
    place: Place | None, members: frozenset[str] | None, page: int, per_page: int,
) -> _Found:  # fmt: skip
    with registry.look(viewer) as sight:
        asked = _filter(question, capabilities, place, members)
        ids, away = _page(sight, asked, (page - 1) * per_page, per_page)
        rows = asset_rows(sight, ids, capabilities, away)
        total = asset_lists.count_assets(sight, asked)
        able = asset_lists.count_capabilities(sight, asked)
        kinds = asset_lists.count_kinds(sight, asked)
    counted = sorted(
        (KindCount(kind, n) for kind, n in kinds.items()), key=lambda k: (-k.n, k.kind)
    )
    return _Found(rows, total, counted, _most(able, capabilities), [], {})


def _page(
    sight: Sight, asked: AssetFilter, first: int, most: int
) -> tuple[list[str], dict[str, float]]:
    if asked.near is None:
        return asset_lists.asset_ids(sight, asked, first, most), {}
    ids = asset_lists.asset_ids(sight, asked, 0, _ALL)
    away = asset_lists.distances(sight, ids, asked.near)
    nearest = sorted(ids, key=lambda one: round(away[one], 3))  # equally near: by name
    return nearest[first : first + most], away


def own_holders(viewer: Viewer) -> list[Holder]:
    """For whom a viewer may add assets: the members they act for, the networks they steward."""
    held = [Holder(member) for member in viewer.members]
    held += [Holder(None, network) for network in viewer.stewards]
    return [holder for holder in held if may(viewer, Action.CREATE, holder)]


def _most(able: dict[str, int], capabilities: Capabilities) -> list[CapabilityCount]:
    first = sorted(able.items(), key=lambda item: (-item[1], item[0]))[:FACETS]
    return [CapabilityCount(slug, label_of(capabilities, slug).label, n) for slug, n in first]


def _require_sensible(question: AssetQuestion, page: int) -> None:
    if len(question.q) > LONGEST:
        raise InputError(f"the search is {len(question.q)} characters long; give at most {LONGEST}")
    if question.kind and question.kind not in set(AssetKind):
        raise InputError(f"{question.kind[:80]!r} is no kind of asset; give {', '.join(AssetKind)}")
    if not 1 <= page <= 1_000_000:
        raise InputError(f"page is {page}; pages count from 1")
    if question.within is not None and not 0 < question.within <= 20_100:
        raise InputError(f"within is {question.within:g}; give kilometres, above 0")
    if question.amount is not None and not question.amount >= 0:
        raise InputError(f"amount is {question.amount:g}; give 0 or more")


def _place(edition: Edition, question: AssetQuestion) -> Place | None:
    if not question.near.strip():
        return None
    found = [p for p in where(edition, question.near) if p.lat is not None and p.lon is not None]
    if not found:
        raise InputError(
            f"no place of the edition is called {question.near.strip()[:80]!r}; give a town near a "
            "cluster, in any language, or leave it out"
        )
    best = found[0]
    assert best.lat is not None and best.lon is not None
    return Place(best.place, best.country, best.lat, best.lon, question.within or WITHIN_KM)


def _members(sight: Sight, edition: Edition, question: AssetQuestion) -> frozenset[str] | None:
    """Whose assets are asked for; None: anybody's. What is not seen is not there."""
    if question.network:
        sight.record("network", question.network)
    wanted = None
    if question.member:
        wanted = frozenset({sight.record("member", question.member).record_id})
    if not question.organisation:
        return wanted
    called = organisation_ids(edition, question.organisation)
    theirs = frozenset(asset_lists.members_of_organisations(sight, called))
    return theirs if wanted is None else wanted & theirs


def _filter(
    question: AssetQuestion, capabilities: Capabilities, place: Place | None,
    members: frozenset[str] | None,
) -> AssetFilter:  # fmt: skip
    return AssetFilter(
        words=tuple((word, meant(capabilities, word)) for word in question.q.split()),
        kind=question.kind or None,
        capabilities=_kinds_of(capabilities, question.capability),
        members=members,
        network=question.network or None,
        near=Near(place.lat, place.lon, place.within_km) if place else None,
        amount=question.amount,
        unit=read_unit(question.unit).unit if question.unit.strip() else None,
        day=question.by,
    )


def _kinds_of(capabilities: Capabilities, slug: str) -> frozenset[str] | None:
    if not slug:
        return None
    if slug not in capabilities:
        raise nothing_so_named("capability")
    return frozenset(capabilities.narrower(slug))


def meant(capabilities: Capabilities, word: str) -> frozenset[str]:
    """
    Capabilities that a word may stand for, narrower ones included.

    Examples
    --------
    >>> from triplehelix.app.registry.search import shipped_capabilities
    >>> "pcr-testing" in meant(shipped_capabilities(), "PCR")
    True
    """
    word = word.casefold()
    named_so = [
        one.capability
        for one in capabilities
        if any(word in name.casefold().split() for name in (one.label, *one.synonyms))
    ]
    return frozenset(slug for one in named_so for slug in capabilities.narrower(one))


def organisation_ids(edition: Edition, written: str) -> frozenset[str]:
    """The ids of editions under which a member may have named this organisation."""
    full = full_organisation_id(written)
    earlier = edition.rows(Query("earlier ids", _EARLIER, {"organisation": full}))
    return frozenset({full, *(row["earlier_id"] for row in earlier)})
