"""Whole registries out and in: every record a viewer sees, and records as they were elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update

from triplehelix.errors import UnknownName
from triplehelix.registry.capacity import CapacityFields
from triplehelix.registry.records import Record
from triplehelix.registry.showing import capacity_condition
from triplehelix.registry.viewer import Viewer
from triplehelix.registry.visibility import Audience, Holder, condition
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sight import Sight
from triplehelix.store.registry.source_keys import chunks
from triplehelix.store.registry.tables import (
    CAPACITIES,
    MEMBERSHIPS,
    PARTS,
    RECORDS,
    RESERVATIONS,
    USERS,
)
from triplehelix.store.registry.viewers import viewer_of


def all_records(sight: Sight, kind: str) -> Iterator[list[Record]]:
    """The records of a kind that the viewer sees, some hundreds at a time, by name, then id."""
    asked = select(RECORDS.c.record_id, RECORDS.c.sort_name).where(
        RECORDS.c.kind == kind, sight.seen(RECORDS)
    )
    rows = [(row.sort_name, row.record_id) for row in sight.connection.execute(asked)]
    # Sorted here: databases have their own orders of letters.
    for some in chunks([record_id for _, record_id in sorted(rows)]):
        yield sight.records(some)


def confirmers(sight: Sight, record_ids: Sequence[str]) -> dict[str, str]:
    """Ids of the users who last confirmed records; for those who may change these."""
    asked = select(RECORDS.c.record_id, RECORDS.c.confirmed_by).where(
        RECORDS.c.record_id.in_(record_ids), RECORDS.c.confirmed_by.is_not(None),
        sight.seen(RECORDS),
    )  # fmt: skip
    return {row.record_id: row.confirmed_by for row in sight.connection.execute(asked)}


def field_moments(sight: Sight, record_ids: Sequence[str]) -> dict[str, dict[str, datetime]]:
    """When each field of records that the viewer sees was last changed, by record and name."""
    asked = select(PARTS).where(PARTS.c.record_id.in_(record_ids), sight.seen(PARTS))
    found: dict[str, dict[str, datetime]] = {}
    for row in sight.connection.execute(asked):
        found.setdefault(row.record_id, {}).update(dict.fromkeys(row.fields, row.changed_at))
    return found


def membership_visibilities(sight: Sight) -> dict[tuple[str, str], str]:
    """How far each membership that the viewer sees is shown, by (network, member)."""
    asked = select(MEMBERSHIPS).where(sight.seen(MEMBERSHIPS))
    rows = sight.connection.execute(asked)
    return {(row.network_id, row.member_id): row.visibility for row in rows}


def viewer_named(registry: Registry, who: str) -> Viewer:
    """
    The viewer that a user is, by e-mail or id.

    Raises
    ------
    UnknownName
        If there is no such user, or it is disabled.
    """
    with registry.engine.connect() as connection:
        asked = select(USERS.c.user_id).where(
            or_(USERS.c.user_id == who, USERS.c.email == who.lower()), USERS.c.disabled.is_(False)
        )
        user_id = connection.scalar(asked)
        if user_id is None:
            raise UnknownName("no user has this e-mail or id; look them up in the list of users")
        return viewer_of(connection, user_id)


def stamp(change: Change, stamps: Sequence[Mapping[str, Any]]) -> None:
    """
    Give records the moments they had elsewhere.

    Each has `record_id`, `version`, `created_at`, `changed_at`, `confirmed_at`, `confirmed_by`
    and `due_on`, as the record's line says them, and `changed_at_of` for fields that have another
    moment than the record. Who sees a part of a record alone is told of no change elsewhere.
    """
    change.flush()
    if not stamps:
        return
    names = ("version", "created_at", "confirmed_at", "confirmed_by", "due_on")
    rows = [{"of": one["record_id"], **{name: one[name] for name in names}} for one in stamps]
    change.connection.execute(
        update(RECORDS).where(RECORDS.c.record_id == bindparam("of")), rows
    )  # fmt: skip
    changed = [{"of": one["record_id"], "changed_at": one["changed_at"]} for one in stamps]
    change.connection.execute(update(PARTS).where(PARTS.c.record_id == bindparam("of")), changed)
    for one in stamps:
        if one["changed_at_of"]:
            _stamp_parts(change, one)


def _stamp_parts(change: Change, said: Mapping[str, Any]) -> None:
    mine = PARTS.c.record_id == said["record_id"]
    for part in change.connection.execute(select(PARTS).where(mine)).all():
        known = [said["changed_at_of"].get(name, said["changed_at"]) for name in part.fields]
        at = max(known, default=said["changed_at"])
        this = mine & (PARTS.c.seen_by == part.seen_by)
        change.connection.execute(update(PARTS).where(this), {"changed_at": at})


def bring_capacity(
    change: Change, asset_id: str, shown: Mapping[str, str], held: Holder,
    said: Mapping[str, Any],
) -> None:  # fmt: skip
    """Gather a capacity under the id it had elsewhere, as the asset's line says it."""
    capacity = CapacityFields.model_validate(said["fields"])
    fields = capacity.model_dump(mode="json", exclude_none=True)
    visibility = said.get("visibility")
    change.add(CAPACITIES, {
        "capacity_id": said["id"], "record_id": asset_id,
        "seen_by": change.keep(capacity_condition(shown, visibility, held)),
        "visibility": visibility, "capability": capacity.capability,
        "amount": capacity.amount, "unit": capacity.unit, "state": capacity.state,
        "starts": capacity.starts, "ends": capacity.ends,
        "fields": {name: value for name, value in fields.items() if value != []},
        "changed_at": said.get("changed_at", change.now),
    })  # fmt: skip
    change.log(asset_id, "capacity", capacity=said["id"], fields=dict(said["fields"]))


def bring_reservations(
    change: Change, promised: Sequence[tuple[str, str, Holder, Mapping[str, Any]]]
) -> None:
    """Write reservations under the ids they had: each (asset, capacity, holder, as said)."""
    change.flush()
    rows = []
    for asset_id, capacity_id, held, said in promised:
        private = condition(Audience.read("private"), held)
        made_at: datetime = said.get("made_at", change.now)
        rows.append({
            "reservation_id": said["id"], "capacity_id": capacity_id,
            "seen_by": change.keep(private), "amount": float(said["amount"]),
            "starts": said["starts"], "ends": said.get("ends"),
            "commitment": said["commitment"], "made_at": made_at, "made_by": None,
            "released_at": said.get("released_at"),
        })  # fmt: skip
        change.log(asset_id, "reserve", reservation=said["id"], capacity=capacity_id,
                   amount=said["amount"], commitment=said["commitment"])  # fmt: skip
    if rows:
        change.connection.execute(insert(RESERVATIONS), rows)


def known_ids(change: Change, ids: Sequence[str]) -> set[str]:
    """Those of these ids that the viewer sees a record, a capacity or a reservation under."""
    found: set[str] = set()
    seen = change.sight.seen
    for some in chunks(ids):
        for table, column in ((RECORDS, "record_id"), (CAPACITIES, "capacity_id"),
                              (RESERVATIONS, "reservation_id")):  # fmt: skip
            asked = select(table.c[column]).where(table.c[column].in_(some), seen(table))
            found.update(change.connection.scalars(asked))
    return found
