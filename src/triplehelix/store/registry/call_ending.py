"""What of calls ends when something goes: a call gives back, an asset withdraws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from triplehelix.registry.commitments import OVER, State
from triplehelix.store.registry.call_following import refresh_progress
from triplehelix.store.registry.call_tables import COMMITMENT_EVENTS, COMMITMENTS
from triplehelix.store.registry.tables import CAPACITIES, RESERVATIONS

if TYPE_CHECKING:
    from triplehelix.store.registry.changing import Change

_KEPT = ("commitment_id", "seen_by", "amount", "starts", "ends")


def removing(change: Change, record_id: str, kind: str) -> None:
    """Before a record goes: give back what a call holds, withdraw what an asset stands in."""
    if kind == "call":
        change.flush()
        own = select(COMMITMENTS.c.reservation_id).where(COMMITMENTS.c.call_id == record_id)
        _give_back(change, RESERVATIONS.c.reservation_id.in_(own))
    elif kind == "asset":
        take_out(change, COMMITMENTS.c.asset_id == record_id)


def take_out(change: Change, which: Any) -> None:
    """Withdraw commitments, whose asset or capacity is going, in the name of their members."""
    change.flush()
    asked = select(COMMITMENTS).where(which, COMMITMENTS.c.state.not_in(OVER))
    rows = change.connection.execute(asked.order_by(COMMITMENTS.c.commitment_id)).mappings().all()
    for row in rows:
        mine = COMMITMENTS.c.commitment_id == row["commitment_id"]
        said = {"state": str(State.WITHDRAWN), "by": "member", "reservation_id": None,
                "changed_at": change.now}  # fmt: skip
        change.connection.execute(update(COMMITMENTS).where(mine), said)
        _give_back(change, RESERVATIONS.c.reservation_id == row["reservation_id"])
        events = COMMITMENT_EVENTS.c.commitment_id == row["commitment_id"]
        n = change.connection.scalar(
            select(func.count()).select_from(COMMITMENT_EVENTS).where(events)
        ) or 0  # fmt: skip
        change.connection.execute(insert(COMMITMENT_EVENTS), {
            **{name: row[name] for name in _KEPT},
            "n": n + 1, "at": change.now, "by": "member", "by_user": change.viewer.user_id,
            "state": str(State.WITHDRAWN), "reason": "it is there no more",
        })  # fmt: skip
        change.log(row["call_id"], "withdraw", commitment=row["commitment_id"],
                   member=row["member_id"], asset=row["asset_id"], need=row["need"])  # fmt: skip
    for call_id in sorted({row["call_id"] for row in rows}):
        refresh_progress(change, call_id)


def _give_back(change: Change, which: Any) -> None:
    asked = (
        select(RESERVATIONS.c.reservation_id, CAPACITIES.c.record_id)
        .join(CAPACITIES, CAPACITIES.c.capacity_id == RESERVATIONS.c.capacity_id)
        .where(which, RESERVATIONS.c.released_at.is_(None))
        .order_by(RESERVATIONS.c.reservation_id)
    )
    for row in change.connection.execute(asked).all():
        mine = RESERVATIONS.c.reservation_id == row.reservation_id
        change.connection.execute(update(RESERVATIONS).where(mine), {"released_at": change.now})
        change.log(row.record_id, "release", reservation=row.reservation_id)
