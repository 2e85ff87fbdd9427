"""Finding assets, and what else is called so, by everyday words."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from math import isfinite
from threading import Lock

from triplehelix.capabilities.concepts import Concepts
from triplehelix.capabilities.listed import Capabilities, Capability, Unit, read_unit
from triplehelix.capabilities.words import unmarked
from triplehelix.errors import InputError, UnknownName
from triplehelix.locate.towns import folded
from triplehelix.read.capabilities import read_capabilities
from triplehelix.read.gazetteer import places
from triplehelix.read.regions import read_areas
from triplehelix.read.schemes import read_scheme
from triplehelix.registry.fields import AssetKind
from triplehelix.registry.questions import Question
from triplehelix.registry.records import Record
from triplehelix.registry.reranking import READ_AGAIN, Reranker, reranked
from triplehelix.registry.viewer import Viewer
from triplehelix.registry.whereabouts import Spot, Where, find_place
from triplehelix.store.registry.free import Free, free_on
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.searching import Narrowing, Ranked, Search
from triplehelix.store.registry.sight import Sight

MOST_LETTERS = 2_000
MOST_HITS = 100
_MOST_OTHERS, _MOST_SUGGESTED = 5, 8
_WITHIN_KM = 25.0
# The country whose towns and areas are known by name in a question.
HOME = "GB"
_OWN_NAME = 10.0
# Searches of a process take turns. At once they would be slower, all of them: each lets go of the
# interpreter some hundred times, and waits some milliseconds each time to get it back.
_TURN = Lock()


@dataclass(frozen=True, slots=True)
class AssetHit:
    """
    An asset that answers, as the viewer sees it.

    `why` says what answered: labels of its capabilities, then words of the question. `left` is
    how much of a capacity is left where that was asked for, `state` what stands of it.
    """

    id: str
    name: str
    kind: str
    member_id: str | None
    member: str | None
    town: str | None
    distance_km: float | None
    score: float
    why: tuple[str, ...]
    left: float | None = None
    unit: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """A value that hits have: how it is called, and how many have it."""

    value: str
    label: str
    n: int


@dataclass(frozen=True, slots=True)
class OtherHit:
    """A capability, organisation, network or theme that the question names."""

    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class AssetHits:
    """
    What a search found.

    `total` counts all hits, `hits` are those of the page. `facets` has `kind`, `capability` and
    `member`. `instead` tells which word was taken for which. `others` has capabilities, members,
    networks and themes.
    """

    query: str
    total: int
    page: int
    hits: list[AssetHit]
    facets: dict[str, list[Facet]]
    others: list[OtherHit] = field(default_factory=list)
    instead: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What somebody may be about to type: a capability's label, or the name of a public record."""

    kind: str
    id: str
    text: str


def search_assets(
    registry: Registry, viewer: Viewer, query: str = "", *, kind: str | None = None,
    capability: str | None = None, near: tuple[float, float] | str | None = None,
    within_km: float | None = None, amount: float | None = None, unit: str | None = None,
    by: date | None = None, member: str | None = None, network: str | None = None,
    limit: int = 20, page: int = 1, capabilities: Capabilities | None = None,
    reranker: Reranker | None = None,
) -> AssetHits:  # fmt: skip
    """
    Assets that answer a question and fit what else is asked, the best first.

    Parameters
    ----------
    query : at most 2,000 characters of everyday words; an empty one finds all, by name.
    kind : of `AssetKind`.
    capability : slug; what is narrower fits too.
    near : (lat, lon) in degrees, or the name of a town, the largest of that name.
    within_km : >= 0; 25 where nothing is said.
    amount, unit, by : assets with so much of the capability left on a day (today), `unit` as in
        `tests/day`; needs `capability`.
    member, network : id of a member that holds it; of a network that it or its member is in.
    limit, page : 1 to 100 hits a page; the first page is 1.
    capabilities : the list that ships when left out.
    reranker : reads the 50 best again, and orders them anew; None keeps the published order.

    Returns
    -------
    Ranked as docs/methods/registry-search.md says; equals by name, then id.

    Raises
    ------
    InputError
        If a value is out of range.
    UnknownName
        If there is no such capability, town, member or network, or it is not shown to the viewer.
    """
    _check(query, kind, within_km, amount, limit, page, near)
    concepts = _concepts(capabilities)
    slugs = concepts.capabilities.narrower(capability) if capability is not None else None
    if slugs is None and (amount is not None or by is not None or unit is not None):
        raise InputError("say which capability the amount is of; give `capability` as well")
    around = _place(near) if isinstance(near, str) else near
    with _TURN if reranker is None else nullcontext(), registry.look(viewer) as sight:
        search = Search(sight, concepts)
        where, left = find_place(query, _areas(), _home_town) if around is None else (None, query)
        question = search.read(left, where)
        if query.strip() and where is None and question.is_empty:
            return AssetHits(query, 0, page, [], {"kind": [], "capability": [], "member": []})
        free = _free(sight, concepts.capabilities, capability, amount, unit, by)
        narrowing = Narrowing(
            kind, slugs if free is None else None, _holders(sight, member, network),
            None if free is None else frozenset(free), around,
            None if around is None else _WITHIN_KM if within_km is None else within_km,
        )  # fmt: skip
        ranked = _ranked(search, question, narrowing, limit, page, reranker)
        records = sight.records([hit[0] for hit in ranked.hits], "asset")
        holders = search.holders(question, most=_MOST_OTHERS) if page == 1 else []
        named = {record.member_id for record in records if record.member_id}
        named |= {id_ for id_, _ in ranked.members} | {id_ for _, id_ in holders}
        names = sight.names(named)
        return AssetHits(
            query, ranked.total, page,
            _hits(search, ranked, question, free or {}, records, names),
            _facets(ranked, concepts.capabilities, names),
            _others(concepts, question, holders, names) if page == 1 else [],
            dict(question.instead),
        )  # fmt: skip


def suggest(
    registry: Registry, viewer: Viewer, prefix: str, *, capabilities: Capabilities | None = None
) -> list[Suggestion]:
    """
    What begins so: capabilities by a word of their label or synonyms, public records by name.

    The same for every viewer, for only what is public is suggested. An empty prefix, and one of
    more than 100 characters, suggests nothing.
    """
    typed = " ".join(unmarked(prefix[:200]).split())
    if not typed or len(typed) > 100:
        return []
    concepts = _concepts(capabilities)
    found = sorted(
        (rank, one.label, one.capability) for one in concepts.capabilities
        if (rank := _begins(one, typed)) is not None
    )  # fmt: skip
    said = [Suggestion("capability", slug, label) for _, label, slug in found[:_MOST_SUGGESTED]]
    with registry.look(viewer) as sight:
        named = Search(sight, concepts).begins(" ".join(prefix.split()), most=_MOST_SUGGESTED)
    return said + [Suggestion(kind, id_, name) for kind, id_, name in named]


@lru_cache(maxsize=1)
def shipped_capabilities() -> Capabilities:
    """The capabilities that ship."""
    return read_capabilities()


@lru_cache(maxsize=4)
def _made_ready(capabilities: Capabilities) -> Concepts:
    return Concepts(capabilities)


@lru_cache(maxsize=1)
def _shipped() -> Concepts:
    # Kept apart: comparing lists of capabilities takes longer than a search may.
    return Concepts(shipped_capabilities())


def _concepts(capabilities: Capabilities | None) -> Concepts:
    if capabilities is None or capabilities is shipped_capabilities():
        return _shipped()
    return _made_ready(capabilities)


@lru_cache(maxsize=1)
def theme_concepts() -> Concepts:
    """Themes read as capabilities are: their keywords are their synonyms."""
    themes = read_scheme().themes
    return Concepts(Capabilities(tuple(
        Capability(one.theme, one.label, one.definition, one.broader, one.keywords)
        for one in themes
    )))  # fmt: skip


def _check(
    query: str, kind: str | None, within_km: float | None, amount: float | None, limit: int,
    page: int, near: tuple[float, float] | str | None,
) -> None:  # fmt: skip
    if len(query) > MOST_LETTERS:
        raise InputError(f"the search is {len(query)} characters long; give at most {MOST_LETTERS}")
    if kind is not None and kind not in set(AssetKind):
        raise InputError(f"{kind!r} is no kind of asset; use {', '.join(AssetKind)}")
    if within_km is not None and not 0 <= within_km < float("inf"):
        raise InputError(f"within_km is {within_km}; give kilometres, 0 or more")
    if within_km is not None and near is None:
        raise InputError("within_km needs a place; give `near` as well")
    if amount is not None and not 0 <= amount < float("inf"):
        raise InputError(f"amount is {amount}; give a number, 0 or more")
    if not 1 <= limit <= MOST_HITS:
        raise InputError(f"limit is {limit}; give a number from 1 to {MOST_HITS}")
    if not 1 <= page <= 1_000_000:
        raise InputError(f"page is {page}; the first is 1")
    if isinstance(near, tuple):
        lat, lon = near
        if not (isfinite(lat) and isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
            raise InputError(f"near is {lat}, {lon}; give degrees: latitude, then longitude")


def _place(town: str) -> tuple[float, float]:
    spot = _towns(None).get(folded(town))
    if spot is None:
        raise UnknownName(f"no town is called {town[:80]!r}; give its latitude and longitude")
    return spot


@lru_cache(maxsize=2)
def _towns(country: str | None) -> dict[str, tuple[float, float]]:
    """The largest town of each name; another spelling counts if it is that much larger."""
    table = places([country] if country else None)
    known = table.select(["name", "names", "lat", "lon", "population", "place_id"]).to_pylist()
    sizes: dict[str, tuple[float, str]] = {}
    found: dict[str, tuple[float, float]] = {}
    for town in known:
        for name in {town["name"], *town["names"]}:
            people = (town["population"] or 1) * (_OWN_NAME if name == town["name"] else 1)
            for spelt in {folded(name), name.casefold()}:
                if (people, town["place_id"]) > sizes.get(spelt, (0.0, "")):
                    sizes[spelt] = (people, town["place_id"])
                    found[spelt] = (town["lat"], town["lon"])
    return found


@lru_cache(maxsize=1)
def _areas() -> dict[str, Where]:
    return read_areas(_towns(HOME))


def _home_town(name: str) -> Where | None:
    at = _towns(HOME).get(name)
    return Spot(*at) if at else None


def _free(
    sight: Sight, known: Capabilities, capability: str | None, amount: float | None,
    unit: str | None, by: date | None,
) -> dict[str, Free] | None:  # fmt: skip
    if capability is None or (amount is None and unit is None and by is None):
        return None
    asked: Unit | None = read_unit(unit) if unit else None
    day = by or sight.now.date()
    return free_on(sight, known.narrower(capability), amount or 0.0, asked, day)


def _holders(sight: Sight, member: str | None, network: str | None) -> frozenset[str] | None:
    found: set[str] | None = None
    if member is not None:
        found = {sight.record("member", member).record_id}
    if network is not None:
        within = _within(sight, sight.record("network", network).record_id)
        found = within if found is None else found & within
    return None if found is None else frozenset(found)


def _within(sight: Sight, network: str) -> set[str]:
    """A network, the networks in it, and the members of all of these, as far as seen."""
    below: dict[str, set[str]] = {}
    for tie in sight.memberships():
        if tie.state == "member":
            below.setdefault(tie.network_id, set()).add(tie.member_id)
    for whole, part in sight.network_parts():
        below.setdefault(whole, set()).add(part)
    found, new = {network}, {network}
    while new:
        new = set().union(*(below.get(each, set()) for each in new)) - found
        found |= new
    return found


def _ranked(
    search: Search, question: Question, narrowing: Narrowing, limit: int, page: int,
    reranker: Reranker | None,
) -> Ranked:  # fmt: skip
    first = (page - 1) * limit
    if reranker is None or first >= READ_AGAIN:
        return search.assets(question, narrowing, first=first, most=limit)
    found = search.assets(question, narrowing, first=0, most=max(READ_AGAIN, first + limit))
    best, rest = found.hits[:READ_AGAIN], found.hits[READ_AGAIN:]
    texts = [_text(record) for record in search.sight.records([hit[0] for hit in best], "asset")]
    order = reranked(reranker, question.text, texts)
    hits = [best[n] for n in order] + rest
    return Ranked(hits[first : first + limit], found.total, found.kinds, found.capabilities,
                  found.members)  # fmt: skip


def _text(record: Record) -> str:
    said = (record.fields.get(name) for name in ("name", "description"))
    return " ".join(str(each) for each in said if each)


def _hits(
    search: Search, ranked: Ranked, question: Question, free: Mapping[str, Free],
    records: Sequence[Record], names: Mapping[str, str],
) -> list[AssetHit]:  # fmt: skip
    found = {record.record_id: record for record in records}
    hits = []
    for id_, score, distance in ranked.hits:
        if (record := found.get(id_)) is not None:
            has = free.get(id_)
            place = record.fields.get("place") or {}
            hits.append(AssetHit(
                id_, record.name, record.fields["kind"], record.member_id,
                names.get(record.member_id or ""), place.get("town"), distance, score,
                _why(record, question, search), has.left if has else None,
                has.unit.text if has else None, has.state if has else None,
            ))  # fmt: skip
    return hits


def _why(record: Record, question: Question, search: Search) -> tuple[str, ...]:
    own, known = record.fields.get("capabilities", ()), search.concepts.capabilities
    able = sorted((-question.capabilities[c], c) for c in own if c in question.capabilities)
    words = [word for asked in question.asked for word, _ in asked.stands_for]
    said = search.says(record.record_id, words)
    labels = [known[c].label for _, c in able[:2]]
    typed = [a.typed for a in question.asked if any(word in said for word, _ in a.stands_for)]
    return (*labels, *typed)


def _facets(
    ranked: Ranked, known: Capabilities, names: Mapping[str, str]
) -> dict[str, list[Facet]]:
    return {
        "kind": [Facet(value, value, n) for value, n in ranked.kinds],
        "capability": [
            Facet(slug, known[slug].label if slug in known else slug, n)
            for slug, n in ranked.capabilities
        ],
        "member": [Facet(id_, names[id_], n) for id_, n in ranked.members if id_ in names],
    }


def _others(
    concepts: Concepts, question: Question, holders: Sequence[tuple[str, str]],
    names: Mapping[str, str],
) -> list[OtherHit]:  # fmt: skip
    slugs = list(question.capabilities.items())
    strong = [slug for slug, s in slugs[:_MOST_OTHERS] if s >= slugs[0][1] / 2]
    found = [OtherHit("capability", s, concepts.capabilities[s].label) for s in strong]
    found += [OtherHit(kind, id_, names[id_]) for kind, id_ in holders if id_ in names]
    themes = theme_concepts()
    asked = list(themes.asked_for(question.asked).items())
    # A theme that shares one common word with the question is not what it asks for.
    best = max((strength for _, strength in (*slugs[:1], *asked[:1])), default=0.0)
    found += [
        OtherHit("theme", slug, themes.capabilities[slug].label)
        for slug, strength in asked[:_MOST_OTHERS] if strength >= best / 2
    ]  # fmt: skip
    return found


def _begins(one: Capability, typed: str) -> int | None:
    """0 if the label begins so, 1 a word of it, 2 a synonym, 3 a word of one; None if nothing."""
    for rank, texts in ((0, (one.label,)), (2, one.synonyms)):
        said = [unmarked(text) for text in texts]
        if any(text.startswith(typed) for text in said):
            return rank
        if any(f" {typed}" in text for text in said):
            return rank + 1
    return None
