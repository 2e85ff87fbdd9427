"""Capacities of assets and their reservations, written in the transaction of a change."""

from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select, update

from triplehelix.errors import Conflict, InputError
from triplehelix.registry.capacity import (
    CapacityFields,
    Promise,
    checked_capacity,
    most_promised,
    require_free,
)
from triplehelix.registry.cleaning import clean_text
from triplehelix.registry.commitments import OVER
from triplehelix.registry.ids import nothing_so_named
from triplehelix.registry.showing import capacity_condition, checked_audience
from triplehelix.registry.viewer import Action, require
from triplehelix.registry.visibility import Audience, Holder, condition
from triplehelix.store.registry import call_ending
from triplehelix.store.registry.call_tables import COMMITMENTS
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.tables import CAPACITIES, RECORDS, RESERVATIONS


def put_capacity(
    change: Change, asset_id: str, fields: dict[str, object], *, capacity_id: str | None = None,
    visibility: str | None = None,
) -> str:  # fmt: skip
    """
    Give an asset a capacity, or, with the id of one of its own, change that one.

    `visibility` narrows the asset's `capacities` visibility, or its own; None keeps to that.

    Raises
    ------
    InputError, UnknownName, Forbidden
    Conflict
        If less would be left than is promised from today on.
    """
    change.editable("asset", asset_id, Action.EDIT, None)
    capacity = checked_capacity(fields)
    visibility = checked_audience(visibility) if visibility is not None else None
    if capacity_id is not None:
        _own_capacity(change, asset_id, capacity_id)
        _require_kept(change, capacity_id, capacity)
    new = capacity_id or change.ids("capacity")
    row = _capacity_row(change, new, asset_id, capacity, visibility)
    if capacity_id is None:
        change.add(CAPACITIES, row)
    else:
        mine = CAPACITIES.c.capacity_id == capacity_id
        change.connection.execute(update(CAPACITIES).where(mine), row)
    change.log(asset_id, "capacity", capacity=new, fields=row["fields"])
    return new


def remove_capacity(change: Change, asset_id: str, capacity_id: str) -> None:
    """Take a capacity away, with its reservations; commitments that it stands in are withdrawn."""
    change.editable("asset", asset_id, Action.EDIT, None)
    _own_capacity(change, asset_id, capacity_id)
    call_ending.take_out(change, COMMITMENTS.c.capacity_id == capacity_id)
    change.connection.execute(delete(CAPACITIES).where(CAPACITIES.c.capacity_id == capacity_id))
    change.log(asset_id, "remove capacity", capacity=capacity_id)


def reserve(change: Change, capacity_id: str, promise: Promise, commitment: str) -> str:
    """
    Promise an amount of a capacity to a commitment.

    Changes come one after the other, so that of two that ask for the last of it one is refused.

    Raises
    ------
    InputError, UnknownName, Forbidden
    Conflict
        If not so much is left on every day.
    """
    commitment = clean_text(commitment)
    if not 1 <= len(commitment) <= 300:
        raise InputError(
            f"a commitment of {len(commitment)} letters; say in 1 to 300 what it is promised for"
        )
    row = _capacity_to_change(change, capacity_id)
    private = condition(Audience.read("private"), change.sight.holder(row["record_id"]))
    require_free(
        CapacityFields.model_validate(row["fields"]), _promises(change, capacity_id), promise
    )
    new = change.ids("reservation")
    change.connection.execute(insert(RESERVATIONS), {
        "reservation_id": new, "capacity_id": capacity_id, "amount": promise.amount,
        "starts": promise.starts, "ends": promise.ends, "commitment": commitment,
        "seen_by": change.keep(private),
        "made_at": change.now, "made_by": change.viewer.user_id,
    })  # fmt: skip
    change.log(row["record_id"], "reserve", reservation=new, capacity=capacity_id,
              amount=promise.amount, starts=promise.starts.isoformat(),
              ends=promise.ends.isoformat() if promise.ends else None,
              commitment=commitment)  # fmt: skip
    return new


def release(change: Change, reservation_id: str) -> None:
    """Give a reserved amount back."""
    found = change.connection.execute(
        select(RESERVATIONS.c.capacity_id).where(
            RESERVATIONS.c.reservation_id == reservation_id,
            RESERVATIONS.c.released_at.is_(None),
            change.sight.seen(RESERVATIONS),
        )
    ).first()
    if found is None:
        raise nothing_so_named("reservation")
    _capacity_to_change(change, found.capacity_id)
    _require_no_commitment(change, reservation_id)
    give_back(change, reservation_id)


def give_back(change: Change, reservation_id: str) -> None:
    """Give a reserved amount back, if it is still held, for whoever has been asked already."""
    asked = (
        select(CAPACITIES.c.record_id)
        .join(RESERVATIONS, RESERVATIONS.c.capacity_id == CAPACITIES.c.capacity_id)
        .where(RESERVATIONS.c.reservation_id == reservation_id,
               RESERVATIONS.c.released_at.is_(None))
    )  # fmt: skip
    asset_id = change.connection.scalar(asked)
    if asset_id is not None:
        mine = RESERVATIONS.c.reservation_id == reservation_id
        change.connection.execute(update(RESERVATIONS).where(mine), {"released_at": change.now})
        change.log(asset_id, "release", reservation=reservation_id)


def is_held(change: Change, reservation_id: str) -> bool:
    """Whether a reservation still stands."""
    asked = select(RESERVATIONS.c.reservation_id).where(
        RESERVATIONS.c.reservation_id == reservation_id, RESERVATIONS.c.released_at.is_(None)
    )
    return change.connection.scalar(asked) is not None


def _require_no_commitment(change: Change, reservation_id: str) -> None:
    asked = select(COMMITMENTS.c.title, COMMITMENTS.c.state).where(
        COMMITMENTS.c.reservation_id == reservation_id, COMMITMENTS.c.state.not_in(OVER)
    )
    row = change.connection.execute(asked).first()
    if row is not None:
        raise Conflict(
            f"it is {row.state} to the call {row.title[:80]!r}; withdraw that, and this is given "
            "back with it"
        )


def _capacity_row(
    change: Change,
    capacity_id: str,
    asset_id: str,
    capacity: CapacityFields,
    visibility: str | None,
) -> dict[str, Any]:
    change.flush()
    row = change.connection.execute(
        select(RECORDS).where(RECORDS.c.record_id == asset_id)
    ).mappings().one()  # fmt: skip
    held = Holder(row["member_id"], row["network_id"])
    asked = capacity_condition(row["visibility"], visibility, held)
    said = capacity.model_dump(mode="json", exclude_none=True)
    return {
        "capacity_id": capacity_id, "record_id": asset_id, "seen_by": change.keep(asked),
        "visibility": visibility, "capability": capacity.capability,
        "amount": capacity.amount, "unit": capacity.unit, "state": capacity.state,
        "starts": capacity.starts, "ends": capacity.ends,
        "fields": {name: value for name, value in said.items() if value != []},
        "changed_at": change.now,
    }  # fmt: skip


def _promises(change: Change, capacity_id: str) -> list[Promise]:
    taken = select(RESERVATIONS).where(
        RESERVATIONS.c.capacity_id == capacity_id, RESERVATIONS.c.released_at.is_(None)
    )
    return [Promise(r.amount, r.starts, r.ends) for r in change.connection.execute(taken)]


def _require_kept(change: Change, capacity_id: str, capacity: CapacityFields) -> None:
    """What is promised from today on must still be there when a capacity is changed."""
    today = change.now.date()
    open_ = [p for p in _promises(change, capacity_id) if p.ends is None or p.ends >= today]
    if not open_:
        return
    first, last = max(today, min(p.starts for p in open_)), max(p.ends or date.max for p in open_)
    promised = most_promised(open_, first, last)
    outside = first < (capacity.starts or first) or last > (capacity.ends or last)
    if promised > capacity.amount or outside or capacity.state != "available":
        until = "for good" if last == date.max else f"until {last}"
        raise Conflict(
            f"{promised:g} {capacity.unit} of this capacity are promised {until}; release those "
            "reservations first, or keep so much of it available"
        )


def _own_capacity(change: Change, asset_id: str, capacity_id: str) -> None:
    if capacity_id not in {c.capacity_id for c in change.sight.capacities([asset_id])}:
        raise nothing_so_named("capacity")


def _capacity_to_change(change: Change, capacity_id: str) -> Any:
    change.flush()
    asked = select(CAPACITIES).where(
        CAPACITIES.c.capacity_id == capacity_id, change.sight.seen(CAPACITIES)
    )
    row = change.connection.execute(asked).mappings().first()
    if row is None:
        raise nothing_so_named("capacity")
    require(change.viewer, Action.RESERVE, change.sight.holder(row["record_id"]))
    return row
