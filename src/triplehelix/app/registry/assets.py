"""One asset as a viewer sees it, and what may be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from triplehelix.app.registry.asset_rows import Label, Named, label_of, named
from triplehelix.capabilities.listed import Capabilities
from triplehelix.registry.capacity import CapacityFields, Promise, most_promised
from triplehelix.registry.fields import AssetFields
from triplehelix.registry.records import Capacity, Record, Reservation
from triplehelix.registry.viewer import VISITOR, Action, Viewer, require
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry import capacities as stored
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sight import Sight


@dataclass(frozen=True, slots=True)
class CapacityAnswer:
    """
    A capacity of an asset.

    `left` is what is not promised on the fullest day from today on, in the capacity's unit; None
    where the viewer may not know, or the capacity is not available. `visibility` is the
    capacity's own, for those who may change it; None where it keeps to the asset's.
    """

    capacity_id: str
    label: str
    fields: CapacityFields
    left: float | None
    reservations: list[Reservation]
    changed_at: datetime
    visibility: str | None


@dataclass(frozen=True, slots=True)
class AssetAnswer:
    """
    An asset as far as the viewer sees it: what is hidden is not there at all.

    `version` and `visibility` (of the record under `*`, of its fields under their names) are for
    those who may change it. `overdue`: it should have been confirmed again by `due_on`.
    """

    asset_id: str
    name: str
    kind: str
    fields: AssetFields
    member: Named | None
    network: Named | None
    capabilities: list[Label]
    capacities: list[CapacityAnswer]
    part_of: list[Named]
    created_at: datetime
    changed_at: datetime
    confirmed_at: datetime | None
    due_on: date | None
    overdue: bool
    editable: bool
    version: int | None
    visibility: dict[str, str] | None


def asset(
    registry: Registry, viewer: Viewer, asset_id: str, capabilities: Capabilities
) -> AssetAnswer:
    """
    One asset.

    Raises
    ------
    UnknownName
        If there is none, or the viewer may not see it: the same words for both.
    """
    with registry.look(viewer) as sight:
        record = sight.record("asset", asset_id)
        return _answer(sight, record, capabilities)


def asset_to_edit(
    registry: Registry, viewer: Viewer, asset_id: str, capabilities: Capabilities
) -> AssetAnswer:
    """
    One asset, for whoever may change it.

    Raises
    ------
    UnknownName, Forbidden
    """
    with registry.look(viewer) as sight:
        record = sight.record("asset", asset_id)
        require(viewer, Action.EDIT, sight.holder(asset_id))
        return _answer(sight, record, capabilities)


def as_visitor(
    registry: Registry, viewer: Viewer, asset_id: str, capabilities: Capabilities
) -> AssetAnswer | None:
    """What somebody without an account sees of an asset that the viewer may change, or None."""
    asset_to_edit(registry, viewer, asset_id, capabilities)
    with registry.look(VISITOR) as sight:
        seen = sight.records([asset_id], "asset")
        return _answer(sight, seen[0], capabilities) if seen else None


def add_asset(
    registry: Registry, viewer: Viewer, fields: dict[str, Any], holder: Holder,
    visibility: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """
    Add an asset of a member, or one that a network curates; it counts as confirmed today.

    Returns its id. Private where `visibility` says nothing.

    Raises
    ------
    InputError, UnknownName, Forbidden
    """
    with registry.change(viewer) as change:
        if holder.member_id is not None:
            change.sight.record("member", holder.member_id)
        if holder.network_id is not None:
            change.sight.record("network", holder.network_id)
        return change.create("asset", fields, holder, visibility=visibility, confirmed=True)


def edit_asset(
    registry: Registry, viewer: Viewer, asset_id: str, fields: dict[str, Any],
    *, visibility: Mapping[str, str] | None = None, version: int | None = None,
) -> None:  # fmt: skip
    """
    Let these be all the fields of an asset, and these its visibilities where they are given.

    Raises
    ------
    InputError, UnknownName, Forbidden, Conflict
        `version` is not the one at hand: somebody changed it meanwhile.
    """
    with registry.change(viewer) as change:
        change.update("asset", asset_id, fields, version=version)
        if visibility is not None:
            change.share("asset", asset_id, visibility)


def share_asset(
    registry: Registry, viewer: Viewer, asset_id: str, visibility: Mapping[str, str],
    *, version: int | None = None,
) -> None:  # fmt: skip
    """Let these be the visibilities of an asset (`*`) and of its fields."""
    with registry.change(viewer) as change:
        change.share("asset", asset_id, visibility, version=version)


def confirm_records(registry: Registry, viewer: Viewer, kind: str, ids: Sequence[str]) -> None:
    """Say that these records still hold: all of them, or, if one may not be confirmed, none."""
    with registry.change(viewer) as change:
        for record_id in ids:
            change.confirm(kind, record_id)


def remove_asset(registry: Registry, viewer: Viewer, asset_id: str) -> None:
    """Take an asset away, with its capacities and their reservations."""
    with registry.change(viewer) as change:
        change.remove("asset", asset_id)


def put_capacity(
    registry: Registry, viewer: Viewer, asset_id: str, fields: dict[str, object],
    *, capacity_id: str | None = None, visibility: str | None = None,
) -> str:  # fmt: skip
    """Give an asset a capacity, or change one of its own; its id."""
    with registry.change(viewer) as change:
        return stored.put_capacity(
            change, asset_id, fields, capacity_id=capacity_id, visibility=visibility
        )


def remove_capacity(registry: Registry, viewer: Viewer, asset_id: str, capacity_id: str) -> None:
    """Take a capacity away, with its reservations."""
    with registry.change(viewer) as change:
        stored.remove_capacity(change, asset_id, capacity_id)


def reserve(
    registry: Registry, viewer: Viewer, capacity_id: str, promise: Promise, commitment: str
) -> str:
    """
    Promise an amount of a capacity to a commitment; the reservation's id.

    Raises
    ------
    InputError, UnknownName, Forbidden, Conflict
        So much is not left on one of the days.
    """
    with registry.change(viewer) as change:
        return stored.reserve(change, capacity_id, promise, commitment)


def release(registry: Registry, viewer: Viewer, reservation_id: str) -> None:
    """Give a reserved amount back."""
    with registry.change(viewer) as change:
        stored.release(change, reservation_id)


def _answer(sight: Sight, record: Record, capabilities: Capabilities) -> AssetAnswer:
    fields = AssetFields.model_validate(record.fields)
    wider = sight.names(fields.part_of)
    return AssetAnswer(
        asset_id=record.record_id,
        name=fields.name,
        kind=str(fields.kind),
        fields=fields,
        member=named(sight, record.member_id),
        network=named(sight, record.network_id),
        capabilities=[label_of(capabilities, slug) for slug in fields.capabilities],
        capacities=_capacities(sight, record, capabilities),
        part_of=[Named(one, wider[one]) for one in fields.part_of if one in wider],
        created_at=record.created_at,
        changed_at=record.changed_at,
        confirmed_at=record.confirmed_at,
        due_on=record.due_on,
        overdue=record.overdue,
        editable=record.editable,
        version=record.version,
        visibility=dict(record.visibility) if record.visibility is not None else None,
    )


def _capacities(sight: Sight, record: Record, capabilities: Capabilities) -> list[CapacityAnswer]:
    there = sight.capacities([record.record_id])
    reserved: dict[str, list[Reservation]] = {}
    for each in sight.reservations([one.capacity_id for one in there]):
        if each.released_at is None:
            reserved.setdefault(each.capacity_id, []).append(each)
    return [
        _capacity(one, reserved.get(one.capacity_id, []), capabilities,
                  sight.now.date() if record.editable else None)
        for one in there
    ]  # fmt: skip


def _capacity(
    one: Capacity, reserved: list[Reservation], capabilities: Capabilities, today: date | None
) -> CapacityAnswer:
    fields = CapacityFields.model_validate(one.fields)
    left = None
    if today is not None and fields.state == "available":
        promised = [Promise(r.amount, r.starts, r.ends) for r in reserved]
        first = max(today, fields.starts or today)
        left = fields.amount - most_promised(promised, first, fields.ends)
    return CapacityAnswer(
        one.capacity_id, label_of(capabilities, fields.capability).label, fields, left, reserved,
        one.changed_at, one.visibility,
    )  # fmt: skip
