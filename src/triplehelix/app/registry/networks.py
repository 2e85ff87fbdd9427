"""Networks as a viewer sees them: who is in them, what they have, what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from triplehelix.app.registry.population import Population, RollUp, roll_up, ties_seen
from triplehelix.capabilities.words import unmarked
from triplehelix.errors import InputError
from triplehelix.query import Query
from triplehelix.registry.ids import is_id
from triplehelix.registry.records import Membership, Record
from triplehelix.registry.viewer import Action, Viewer, may
from triplehelix.registry.visibility import Holder
from triplehelix.store.edition import Edition
from triplehelix.store.registry import in_networks
from triplehelix.store.registry.in_networks import Spot
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sight import Sight

MEMBERS_SHOWN = 15
_THEMES = "select theme, label from themes where theme in (select unnest($names))"
_CLUSTERS = "select cluster_id, name from clusters where cluster_id in (select unnest($names))"


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """A network in a list; its members and assets with those of its parts, each counted once."""

    network_id: str
    name: str
    kind: str
    area: str | None
    themes: list[str]
    n_members: int
    n_parts: int
    n_assets: int


@dataclass(frozen=True, slots=True)
class Networks:
    """All networks that are seen, by name; whether the viewer may make one."""

    networks: list[NetworkRow]
    may_create: bool


@dataclass(frozen=True, slots=True)
class NetworkRef:
    """A network by name."""

    network_id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class ClusterRef:
    """A cluster that a network speaks for; `here`: the edition at hand holds it."""

    cluster_id: str
    name: str
    edition: str | None
    here: bool


@dataclass(frozen=True, slots=True)
class ThemeRef:
    """A theme of a network; without label where the edition at hand has none of that name."""

    theme: str
    label: str | None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One that stands in a network, and how: `member`, `invited` or `asked`."""

    member_id: str
    name: str
    helix: str | None
    town: str | None
    country: str | None
    state: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Post:
    """News of a network; `text` is clean HTML."""

    post_id: str
    network_id: str
    title: str
    text: str
    day: date
    changed_at: datetime
    editable: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a network holds; moments with their offset from UTC."""

    event_id: str
    network_id: str
    title: str
    text: str | None
    starts: datetime
    ends: datetime
    place: str | None
    url: str | None
    changed_at: datetime
    editable: bool


@dataclass(frozen=True, slots=True)
class OwnTie:
    """How one whom the viewer acts for stands to a network; None: not at all."""

    member_id: str
    name: str
    state: str | None


@dataclass(frozen=True, slots=True)
class NetworkAnswer:
    """
    What a network's page shows.

    `above` are the networks it is part of (an alliance: a joint network; others: its parent),
    `parts` those below it. `members` are the first `MEMBERS_SHOWN` of `n_members`, by name,
    without those of its parts; `population` and `assets` are with them. `news` is the newest
    first, `events` the next first, `past_events` the last first. `version` and `visibility` are
    for those who may change it.
    """

    network_id: str
    name: str
    kind: str
    fields: dict[str, Any]
    clusters: list[ClusterRef]
    themes: list[ThemeRef]
    above: list[NetworkRef]
    parts: list[NetworkRef]
    members: list[MemberRow]
    n_members: int
    population: Population
    assets: RollUp
    news: list[Post]
    events: list[Event]
    past_events: list[Event]
    own: list[OwnTie]
    editable: bool
    version: int | None
    visibility: dict[str, str] | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Members:
    """Those that stand in a network, one page of them, by name."""

    network_id: str
    name: str
    members: list[MemberRow]
    total: int
    page: int
    pages: int
    curated: bool


def networks(registry: Registry, viewer: Viewer) -> Networks:
    """Every network that a viewer sees."""
    with registry.look(viewer) as sight:
        seen = sight.records(in_networks.networks_seen(sight))
        ties, holdings = ties_seen(sight), in_networks.holdings(sight)
        rows = []
        for each in seen:
            there = ties.population(each.record_id)
            rows.append(NetworkRow(
                each.record_id, each.name, each.fields["kind"], each.fields.get("area"),
                list(each.fields.get("themes", ())), there.n_members, there.n_parts,
                ties.n_assets(each.record_id, holdings),
            ))  # fmt: skip
    return Networks(rows, may(viewer, Action.ADMINISTER, Holder()))


def networks_called(registry: Registry, viewer: Viewer, words: str) -> list[tuple[str, str]]:
    """(id, name) of networks whose names have all of these words, case and accents aside."""
    asked = unmarked(words).split()
    with registry.look(viewer) as sight:
        ids = in_networks.networks_seen(sight)
        names = sight.names(ids)
    return [(one, names[one]) for one in ids
            if asked and all(word in unmarked(names[one]) for word in asked)]  # fmt: skip


def network(
    registry: Registry, viewer: Viewer, network_id: str, edition: Edition | None = None
) -> NetworkAnswer:
    """
    One network, with all that the viewer sees of it.

    Raises
    ------
    UnknownName
        If there is none, or it is not shown to them.
    """
    with registry.look(viewer) as sight:
        own = sight.record("network", network_id)
        ties = ties_seen(sight)
        standing = _members(sight, network_id)
        above, parts = _around(sight, network_id)
        coming, gone = _events(sight, network_id)
        return NetworkAnswer(
            network_id=network_id, name=own.name, kind=own.fields["kind"],
            fields=dict(own.fields), clusters=_clusters(own, edition),
            themes=_themes(own, edition), above=above, parts=parts,
            members=_rows(sight, standing[:MEMBERS_SHOWN]), n_members=len(standing),
            population=ties.population(network_id),
            assets=roll_up(sight, ties.scope(network_id)),
            news=posts_seen(sight, network_id), events=coming, past_events=gone,
            own=_own(sight, network_id), editable=own.editable, version=own.version,
            visibility=dict(own.visibility) if own.visibility is not None else None,
            changed_at=own.changed_at,
        )  # fmt: skip


def network_members(
    registry: Registry, viewer: Viewer, network_id: str, *, page: int = 1, per_page: int = 200
) -> Members:
    """
    Those that stand in a network; before them those asking and invited, where they are seen.

    Raises
    ------
    UnknownName
        If the network is not seen.
    InputError
        If there is no such page.
    """
    with registry.look(viewer) as sight:
        own = sight.record("network", network_id)
        standing = in_networks.ties(sight, [network_id])
        standing.sort(key=lambda tie: ("asked", "invited", "member").index(tie.state))
        pages = max(1, -(-len(standing) // per_page))
        if not 1 <= page <= pages:
            raise InputError(f"page is {page}; there are pages 1 to {pages}")
        shown = standing[(page - 1) * per_page : page * per_page]
        return Members(network_id, own.name, _rows(sight, shown), len(standing), page, pages,
                       own.editable)  # fmt: skip


def network_spots(registry: Registry, viewer: Viewer, network_id: str) -> list[Spot]:
    """Where the members of a network and of its parts are, and where what they have stands."""
    with registry.look(viewer) as sight:
        sight.record("network", network_id)
        return in_networks.spots_held(sight, ties_seen(sight).scope(network_id))


def posts_seen(sight: Sight, network_id: str | None = None) -> list[Post]:
    """News of a network, or of all, the newest first."""
    found = [
        Post(r.record_id, r.network_id or "", r.name, r.fields["text"],
             date.fromisoformat(r.fields["day"]), r.changed_at, r.editable)
        for r in sight.records(in_networks.said_by(sight, "post", network_id))
    ]  # fmt: skip
    return sorted(found, key=lambda post: (post.day, post.post_id), reverse=True)


def events_seen(sight: Sight, network_id: str | None = None) -> list[Event]:
    """Events of a network, or of all, by their beginning."""
    found = [
        Event(r.record_id, r.network_id or "", r.name, r.fields.get("text"),
              datetime.fromisoformat(r.fields["starts"]), datetime.fromisoformat(r.fields["ends"]),
              r.fields.get("place"), r.fields.get("url"), r.changed_at, r.editable)
        for r in sight.records(in_networks.said_by(sight, "event", network_id))
    ]  # fmt: skip
    return sorted(found, key=lambda event: (event.starts, event.event_id))


def _events(sight: Sight, network_id: str) -> tuple[list[Event], list[Event]]:
    all_ = events_seen(sight, network_id)
    gone = [event for event in all_ if event.ends < sight.now]
    return [event for event in all_ if event.ends >= sight.now], gone[::-1]


def _members(sight: Sight, network_id: str) -> list[Membership]:
    return [
        tie for tie in in_networks.ties(sight, [network_id])
        if tie.state == "member" and is_id(tie.member_id, "member")
    ]  # fmt: skip


def _rows(sight: Sight, standing: Sequence[Membership]) -> list[MemberRow]:
    known = {r.record_id: r for r in sight.records([tie.member_id for tie in standing])}
    return [_row(known[tie.member_id], tie) for tie in standing]


def _row(member: Record, tie: Membership) -> MemberRow:
    place = member.fields.get("place") or {}
    return MemberRow(
        member.record_id, member.name, member.fields.get("helix"), place.get("town"),
        member.fields.get("country") or place.get("country"), tie.state, tie.since,
    )  # fmt: skip


def _around(sight: Sight, network_id: str) -> tuple[list[NetworkRef], list[NetworkRef]]:
    standing = in_networks.ties(sight, [network_id]) + in_networks.ties_of(sight, [network_id])
    pairs = sight.network_parts()
    pairs += [(tie.network_id, tie.member_id) for tie in standing if tie.state == "member"]
    above = {upper for upper, part in pairs if part == network_id}
    below = {part for upper, part in pairs if upper == network_id}
    return _refs(sight, above), _refs(sight, below)


def _refs(sight: Sight, ids: set[str]) -> list[NetworkRef]:
    found = sight.records(sorted(ids), "network")
    return sorted(
        (NetworkRef(r.record_id, r.name, r.fields["kind"]) for r in found),
        key=lambda ref: (ref.name, ref.network_id),
    )


def _own(sight: Sight, network_id: str) -> list[OwnTie]:
    ids = [i for i in (*sight.viewer.members, *sight.viewer.stewards) if i != network_id]
    states = {tie.member_id: tie.state for tie in in_networks.ties_of(sight, ids)
              if tie.network_id == network_id}  # fmt: skip
    names = sight.names(ids)
    return [OwnTie(i, names[i], states.get(i)) for i in ids if i in names]


def _clusters(own: Record, edition: Edition | None) -> list[ClusterRef]:
    said = own.fields.get("clusters", ())
    here = _known(edition, _CLUSTERS, [one["cluster_id"] for one in said])
    return [
        ClusterRef(
            one["cluster_id"],
            here.get(one["cluster_id"]) or one.get("name") or one["cluster_id"],
            one.get("edition"),
            one["cluster_id"] in here,
        )
        for one in said
    ]


def _themes(own: Record, edition: Edition | None) -> list[ThemeRef]:
    said = list(own.fields.get("themes", ()))
    labels = _known(edition, _THEMES, said)
    return [ThemeRef(one, labels.get(one)) for one in said]


def _known(edition: Edition | None, sql: str, names: list[str]) -> dict[str, str]:
    if edition is None or not names:
        return {}
    return {
        str(name): str(called)
        for row in edition.rows(Query("known", sql, {"names": names}))
        for name, called in [row.values()]
    }


def clusters_called(edition: Edition, lines: Sequence[str]) -> dict[str, dict[str, Any]]:
    """
    Clusters of an edition by id, or by a name that only one of them has.

    Each as `registry.fields.ClusterOfEdition` has it; what is called none is left out.
    """
    sql = """select cluster_id, name from clusters
             where cluster_id in (select unnest($names)) or name in (select unnest($names))
             order by cluster_id"""
    rows = edition.rows(Query("called", sql, {"names": list(lines)})) if lines else []
    known = {
        row["cluster_id"]: {**row, "edition": edition.manifest.get("name") or edition.id}
        for row in rows
    }
    named: dict[str, list[str]] = {}
    for row in rows:
        named.setdefault(row["name"], []).append(row["cluster_id"])
    only = {name: known[ids[0]] for name, ids in named.items() if len(ids) == 1}
    return {**only, **known}
