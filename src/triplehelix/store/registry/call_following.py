"""What hangs on a call and follows it: who sees its commitments and proposals, its progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, delete, insert, select, update

from triplehelix.registry.call_progress import progress
from triplehelix.registry.commitments import Commitment, between
from triplehelix.registry.showing import record_condition
from triplehelix.registry.visibility import Audience, Condition, Holder, both, condition
from triplehelix.store.registry.call_tables import (
    CALL_PROGRESS,
    COMMITMENT_EVENTS,
    COMMITMENTS,
    PROPOSAL_PARTS,
    PROPOSALS,
    REPORTS,
)
from triplehelix.store.registry.sealed_tables import (
    SEALED_CONSENTS,
    SEALED_MATCHES,
    SEALED_OFFERS,
    SEALED_QUESTIONS,
    SEALED_USES,
)
from triplehelix.store.registry.tables import PARTS, RECORDS

if TYPE_CHECKING:
    from triplehelix.store.registry.changing import Change

_COLUMNS = [COMMITMENTS.c[name] for name in Commitment.__dataclass_fields__]


def holder_of(change: Change, record_id: str) -> Holder:
    """Who holds a record, hidden or not: for what hangs on it."""
    asked = select(RECORDS.c.member_id, RECORDS.c.network_id)
    row = change.connection.execute(asked.where(RECORDS.c.record_id == record_id)).one()
    return Holder(row.member_id, row.network_id)


def private_to(holder: Holder) -> Condition:
    """What is seen by a record's holder alone."""
    return condition(Audience.read("private"), holder)


def proposal_condition(change: Change, call_id: str, visibility: str) -> Condition:
    """What is asked of who sees a proposal, beside its parts: to see the call, and more."""
    shown = change.connection.scalar(
        select(RECORDS.c.visibility).where(RECORDS.c.record_id == call_id)
    )
    held = holder_of(change, call_id)
    own = condition(Audience.read(visibility), held)
    return both(record_condition(shown or {"*": "private"}, held), own)


def follow(change: Change, record_id: str, kind: str) -> None:
    """After a call or an asset has changed, or changed hands: let what hangs on it follow."""
    change.flush()
    if kind == "call":
        _follow_call(change, record_id)
        refresh_progress(change, record_id)
    elif kind == "asset":
        _seat_sealed(change, record_id)
        _seat_matches(change, SEALED_MATCHES.c.asset_id == record_id)


def handed_over(change: Change, record_id: str) -> None:
    """What a holder lets be told, or has consented to, is not the next holder's word."""
    for table in (SEALED_OFFERS, SEALED_CONSENTS):
        change.connection.execute(delete(table).where(table.c.record_id == record_id))


def refresh_progress(change: Change, call_id: str) -> None:
    """Write down how a call gets on, where it lets that be known; else forget it."""
    change.flush()
    parts = change.connection.execute(select(PARTS).where(PARTS.c.record_id == call_id)).all()
    said = {name: value for part in parts for name, value in part.fields.items()}
    seen_by = next((part.seen_by for part in parts if "needs" in part.fields), None)
    mine = CALL_PROGRESS.c.call_id == call_id
    before = change.connection.execute(select(CALL_PROGRESS).where(mine)).mappings().first()
    if not said.get("progress") or said.get("state") == "draft" or seen_by is None:
        change.connection.execute(delete(CALL_PROGRESS).where(mine))
        return
    rows = change.connection.execute(
        select(*_COLUMNS).where(COMMITMENTS.c.call_id == call_id)
    ).mappings()  # fmt: skip
    now = progress(said["needs"], [Commitment(**row) for row in rows])
    if before is not None and (before["said"], before["seen_by"]) == (now, seen_by):
        return
    row = {"call_id": call_id, "seen_by": seen_by, "said": now, "changed_at": change.now}
    change.connection.execute(delete(CALL_PROGRESS).where(mine))
    change.connection.execute(insert(CALL_PROGRESS), row)


def _follow_call(change: Change, call_id: str) -> None:
    held = holder_of(change, call_id)
    asked = select(COMMITMENTS.c.member_id).where(COMMITMENTS.c.call_id == call_id).distinct()
    for member in change.connection.scalars(asked).all():
        seen_by = change.keep(between(held, member))
        own = COMMITMENTS.c.member_id == member
        ids = select(COMMITMENTS.c.commitment_id).where(COMMITMENTS.c.call_id == call_id, own)
        for table in (COMMITMENT_EVENTS, REPORTS, COMMITMENTS):
            _seat(change, table, table.c.commitment_id.in_(ids), seen_by)
    own_proposals = PROPOSALS.c.call_id == call_id
    for row in change.connection.execute(select(PROPOSALS).where(own_proposals)).all():
        seen_by = change.keep(proposal_condition(change, call_id, row.visibility))
        for table in (PROPOSALS, PROPOSAL_PARTS):
            _seat(change, table, table.c.proposal_id == row.proposal_id, seen_by)
    _seat_sealed(change, call_id)
    _seat_matches(change, SEALED_MATCHES.c.call_id == call_id)


def _seat_sealed(change: Change, record_id: str) -> None:
    private = change.keep(private_to(holder_of(change, record_id)))
    for table in (SEALED_OFFERS, SEALED_USES, SEALED_QUESTIONS, SEALED_CONSENTS):
        _seat(change, table, table.c.record_id == record_id, private)


def both_sides(change: Change, call_id: str, asset_id: str) -> Condition:
    """What is seen by the holders of a call and of an asset, and nobody else."""
    return frozenset({holder_of(change, call_id).grants | holder_of(change, asset_id).grants})


def _seat_matches(change: Change, which: Any) -> None:
    for row in change.connection.execute(select(SEALED_MATCHES).where(which)).all():
        seen_by = change.keep(both_sides(change, row.call_id, row.asset_id))
        _seat(change, SEALED_MATCHES, SEALED_MATCHES.c.match_id == row.match_id, seen_by)


def _seat(change: Change, table: Table, which: Any, seen_by: str) -> None:
    change.connection.execute(update(table).where(which), {"seen_by": seen_by})
