"""Members as a viewer sees them: who they are, what they share, what they stand in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from triplehelix.app.registry.asset_rows import AssetRow, Named, asset_rows, named
from triplehelix.app.registry.freshness import Stale, stale_in
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import InputError
from triplehelix.registry.fields import MemberFields
from triplehelix.registry.records import Record
from triplehelix.registry.viewer import Action, Viewer, require
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry import asset_lists
from triplehelix.store.registry.asset_lists import AssetFilter
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sight import Sight

ASSETS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class MemberNetwork:
    """A network that a member stands in: as a member, invited, or having asked."""

    id: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class MemberAnswer:
    """A member, its networks and assets, as far as the viewer sees them."""

    member_id: str
    name: str
    fields: MemberFields
    network: Named | None
    networks: list[MemberNetwork]
    assets: list[AssetRow]
    n_assets: int
    changed_at: datetime
    confirmed_at: datetime | None
    due_on: date | None
    overdue: bool
    editable: bool
    version: int | None
    visibility: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member in a list."""

    member_id: str
    name: str
    helix: str
    town: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class MemberList:
    """A page of the members that a viewer sees, by name."""

    q: str
    members: list[MemberRow]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Promised:
    """A reservation of a capacity of one's own that has not been given back."""

    reservation_id: str
    asset: Named
    capability: str
    amount: float
    unit: str
    per: str | None
    starts: date
    ends: date | None
    commitment: str


@dataclass(frozen=True, slots=True)
class Mine:
    """An organisation that the viewer acts for: what is its, what is stale, what is promised."""

    member: MemberAnswer
    stale: Stale
    promised: list[Promised]


def list_members(
    registry: Registry, viewer: Viewer, q: str = "", *, page: int = 1, per_page: int = 100
) -> MemberList:
    """Members whose names have all of these words."""
    if len(q) > 200 or page < 1:
        raise InputError("give at most 200 characters to look for, and pages from 1")
    words = q.split()
    with registry.look(viewer) as sight:
        total = asset_lists.count_members(sight, words)
        ids = asset_lists.member_ids(sight, words, (page - 1) * per_page, per_page)
        rows = [_row(record) for record in sight.records(ids, "member")]
    return MemberList(q, rows, total, page, max(1, -(-total // per_page)))


def member(
    registry: Registry, viewer: Viewer, member_id: str, capabilities: Capabilities
) -> MemberAnswer:
    """
    One member.

    Raises
    ------
    UnknownName
        If there is none, or the viewer may not see it.
    """
    with registry.look(viewer) as sight:
        return _answer(sight, sight.record("member", member_id), capabilities)


def member_to_edit(
    registry: Registry, viewer: Viewer, member_id: str, capabilities: Capabilities
) -> MemberAnswer:
    """One member, for whoever may change it: `UnknownName` or `Forbidden` for others."""
    with registry.look(viewer) as sight:
        record = sight.record("member", member_id)
        require(viewer, Action.EDIT, sight.holder(member_id))
        return _answer(sight, record, capabilities)


def my_organisations(registry: Registry, viewer: Viewer, capabilities: Capabilities) -> list[Mine]:
    """The members that a viewer acts for, by name; empty for those who act for none."""
    with registry.look(viewer) as sight:
        records = sorted(sight.records(viewer.members, "member"), key=lambda r: r.name.lower())
        return [_mine(sight, record, capabilities) for record in records]


def add_member(
    registry: Registry, viewer: Viewer, fields: dict[str, Any], network_id: str | None = None,
    visibility: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """Add a member, curated by a network where one is given; its id."""
    with registry.change(viewer) as change:
        if network_id is not None:
            change.sight.record("network", network_id)
        held = Holder(None, network_id)
        return change.create("member", fields, held, visibility=visibility, confirmed=True)


def edit_member(
    registry: Registry, viewer: Viewer, member_id: str, fields: dict[str, Any],
    *, visibility: Mapping[str, str] | None = None, version: int | None = None,
) -> None:  # fmt: skip
    """Let these be all the fields of a member, and these its visibilities where they are given."""
    with registry.change(viewer) as change:
        change.update("member", member_id, fields, version=version)
        if visibility is not None:
            change.share("member", member_id, visibility)


def remove_member(registry: Registry, viewer: Viewer, member_id: str) -> None:
    """Take a member away that holds nothing any more."""
    with registry.change(viewer) as change:
        change.remove("member", member_id)


def _answer(sight: Sight, record: Record, capabilities: Capabilities) -> MemberAnswer:
    theirs = AssetFilter(members=frozenset({record.record_id}))
    ids = asset_lists.asset_ids(sight, theirs, 0, ASSETS_SHOWN)
    fields = MemberFields.model_validate(record.fields)
    return MemberAnswer(
        member_id=record.record_id,
        name=fields.name,
        fields=fields,
        network=named(sight, record.network_id),
        networks=_networks(sight, record.record_id),
        assets=asset_rows(sight, ids, capabilities),
        n_assets=asset_lists.count_assets(sight, theirs),
        changed_at=record.changed_at,
        confirmed_at=record.confirmed_at,
        due_on=record.due_on,
        overdue=record.overdue,
        editable=record.editable,
        version=record.version,
        visibility=dict(record.visibility) if record.visibility is not None else None,
    )


def _networks(sight: Sight, member_id: str) -> list[MemberNetwork]:
    ties = asset_lists.networks_of(sight, member_id)
    names = sight.names(network for network, _ in ties)
    found = [MemberNetwork(one, names[one], state) for one, state in ties if one in names]
    return sorted(found, key=lambda network: (network.name.lower(), network.id))


def _mine(sight: Sight, record: Record, capabilities: Capabilities) -> Mine:
    return Mine(
        _answer(sight, record, capabilities),
        stale_in(sight, member=record.record_id),
        _promised(sight, record.record_id),
    )


def _promised(sight: Sight, member_id: str) -> list[Promised]:
    theirs = AssetFilter(members=frozenset({member_id}))
    assets = asset_lists.asset_ids(sight, theirs, 0, 10_000)
    capacities = {one.capacity_id: one for one in sight.capacities(assets)}
    names = sight.names(one.record_id for one in capacities.values())
    return [
        Promised(
            each.reservation_id, Named(one.record_id, names[one.record_id]),
            one.fields["capability"], each.amount, one.fields["unit"], one.fields.get("per"),
            each.starts, each.ends, each.commitment,
        )
        for each in sight.reservations(list(capacities))
        if each.released_at is None
        for one in [capacities[each.capacity_id]]
    ]  # fmt: skip


def _row(record: Record) -> MemberRow:
    place = record.fields.get("place") or {}
    return MemberRow(
        record.record_id, record.name, str(record.fields["helix"]), place.get("town"),
        record.fields.get("country") or place.get("country"),
    )  # fmt: skip
