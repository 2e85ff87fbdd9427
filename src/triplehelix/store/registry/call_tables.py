"""
The tables of calls: proposals, commitments, reports, progress.

A call itself is a record.
"""

from sqlalchemy import Column, Date, Float, ForeignKey, Index, Integer, String, Table, Text

from triplehelix.store.registry.call_columns import (
    amount,
    by_user,
    days,
    moment,
    of_commitment,
    of_record,
    seen_by,
)
from triplehelix.store.registry.instants import Instant
from triplehelix.store.registry.tables import ID, JSON_, METADATA, NAME

_NEED = String(80)

# An alliance computed for a call; `result` as `ally.to_json` writes it.
PROPOSALS = Table(
    "proposals", METADATA,
    Column("proposal_id", ID, primary_key=True),
    of_record("call_id"),
    seen_by(),
    Column("visibility", String(2000), nullable=False),
    Column("asked", JSON_, nullable=False),
    Column("status", String(10), nullable=False),
    Column("objective", Float),
    Column("bound", Float),
    Column("result", JSON_, nullable=False),
    moment("made_at"),
    by_user(),
    Index(None, "call_id"),
)  # fmt: skip

# Each record and capacity that a proposal tells of, and the fields of it that it was made from:
# whoever does not see all of them now does not see the proposal. No foreign key: what is gone is
# seen by nobody.
PROPOSAL_PARTS = Table(
    "proposal_parts", METADATA,
    Column("proposal_id", ID, ForeignKey("proposals.proposal_id", ondelete="CASCADE"),
           primary_key=True),
    Column("part_id", ID, primary_key=True),
    seen_by(),
    Column("fields", JSON_, nullable=False),
)  # fmt: skip

# Seen by the call's holder and by the member, and nobody else.
COMMITMENTS = Table(
    "commitments", METADATA,
    Column("commitment_id", ID, primary_key=True),
    of_record("call_id"),
    Column("proposal_id", ID),
    seen_by(),
    Column("title", NAME, nullable=False),
    Column("member_id", ID, nullable=False),
    Column("asset_id", ID, nullable=False),
    Column("capacity_id", ID),
    Column("reservation_id", ID),
    Column("need", _NEED, nullable=False),
    Column("capability", _NEED, nullable=False),
    amount(),
    Column("unit", String(300)),
    Column("held", Float),
    *days(),
    Column("state", String(10), nullable=False),
    Column("by", String(6), nullable=False),  # call, member: who spoke last
    moment("made_at"),
    moment("changed_at"),
    Index(None, "call_id"),
    Index(None, "member_id"),
)  # fmt: skip

COMMITMENT_EVENTS = Table(
    "commitment_events", METADATA,
    of_commitment(primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    seen_by(),
    moment("at"),
    Column("by", String(6), nullable=False),
    by_user(),
    Column("state", String(10), nullable=False),
    amount(),
    *days(),
    Column("reason", Text),
)  # fmt: skip

# What was actually given; a correction is a further row, and the newest of a day counts.
REPORTS = Table(
    "commitment_reports", METADATA,
    Column("report_id", ID, primary_key=True),
    of_commitment(),
    Column("n", Integer, nullable=False),  # the how manieth of its commitment
    of_record("call_id"),
    seen_by(),
    Column("asset_id", ID, nullable=False),
    Column("need", _NEED, nullable=False),
    Column("day", Date, nullable=False),
    Column("amount", Float, nullable=False),
    moment("made_at"),
    by_user(),
    Index(None, "commitment_id", "n", unique=True),
    Index(None, "call_id"),
)  # fmt: skip

# What the holder of a call lets all who see it know: counts and sums, no names.
CALL_PROGRESS = Table(
    "call_progress", METADATA,
    of_record("call_id", primary_key=True),
    seen_by(),
    Column("said", JSON_, nullable=False),
    moment("changed_at"),
)  # fmt: skip

# When somebody was last sent a digest of calls, and why the last try failed.
CALL_MAILED = Table(
    "call_mailed", METADATA,
    Column("user_id", ID, ForeignKey("users.user_id", ondelete="CASCADE"), primary_key=True),
    Column("sent_at", Instant),
    Column("failed", Text),
)  # fmt: skip
