"""
The tables of calls: proposals, commitments, reports, progress, sealed matching.

A call itself is a record. `by_user` is the id of who did it: it goes when they are erased, and
what they did for their member stays.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from triplehelix.store.registry.instants import Instant
from triplehelix.store.registry.tables import ID, JSON_, METADATA, NAME, SEEN_BY

_NEED = String(80)


def _seen_by() -> Column[str]:
    return Column("seen_by", SEEN_BY, ForeignKey("conditions.condition"), nullable=False)


def _of_record(name: str, **chosen: Any) -> Column[str]:
    return Column(name, ID, ForeignKey("records.record_id", ondelete="CASCADE"), nullable=False,
                  **chosen)  # fmt: skip


def _of_commitment(**chosen: Any) -> Column[str]:
    return Column("commitment_id", ID,
                  ForeignKey("commitments.commitment_id", ondelete="CASCADE"), nullable=False,
                  **chosen)  # fmt: skip


# An alliance computed for a call; `result` as `ally.to_json` writes it.
PROPOSALS = Table(
    "proposals", METADATA,
    Column("proposal_id", ID, primary_key=True),
    _of_record("call_id"),
    _seen_by(),
    Column("visibility", String(2000), nullable=False),
    Column("asked", JSON_, nullable=False),
    Column("status", String(10), nullable=False),
    Column("objective", Float),
    Column("bound", Float),
    Column("result", JSON_, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("by_user", ID),
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
    _seen_by(),
    Column("fields", JSON_, nullable=False),
)  # fmt: skip

# Seen by the call's holder and by the member, and nobody else.
COMMITMENTS = Table(
    "commitments", METADATA,
    Column("commitment_id", ID, primary_key=True),
    _of_record("call_id"),
    Column("proposal_id", ID),
    _seen_by(),
    Column("title", NAME, nullable=False),
    Column("member_id", ID, nullable=False),
    Column("asset_id", ID, nullable=False),
    Column("capacity_id", ID),
    Column("reservation_id", ID),
    Column("need", _NEED, nullable=False),
    Column("capability", _NEED, nullable=False),
    Column("amount", Float),
    Column("unit", String(300)),
    Column("held", Float),
    Column("starts", Date, nullable=False),
    Column("ends", Date),
    Column("state", String(10), nullable=False),
    Column("by", String(6), nullable=False),  # call, member: who spoke last
    Column("made_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index(None, "call_id"),
    Index(None, "member_id"),
)  # fmt: skip

COMMITMENT_EVENTS = Table(
    "commitment_events", METADATA,
    _of_commitment(primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    _seen_by(),
    Column("at", Instant, nullable=False),
    Column("by", String(6), nullable=False),
    Column("by_user", ID),
    Column("state", String(10), nullable=False),
    Column("amount", Float),
    Column("starts", Date, nullable=False),
    Column("ends", Date),
    Column("reason", Text),
)  # fmt: skip

# What was actually given; a correction is a further row, and the newest of a day counts.
REPORTS = Table(
    "commitment_reports", METADATA,
    Column("report_id", ID, primary_key=True),
    _of_commitment(),
    Column("n", Integer, nullable=False),  # the how manieth of its commitment
    _of_record("call_id"),
    _seen_by(),
    Column("asset_id", ID, nullable=False),
    Column("need", _NEED, nullable=False),
    Column("day", Date, nullable=False),
    Column("amount", Float, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("by_user", ID),
    Index(None, "commitment_id", "n", unique=True),
    Index(None, "call_id"),
)  # fmt: skip

# What the holder of a call lets all who see it know: counts and sums, no names.
CALL_PROGRESS = Table(
    "call_progress", METADATA,
    _of_record("call_id", primary_key=True),
    _seen_by(),
    Column("said", JSON_, nullable=False),
    Column("changed_at", Instant, nullable=False),
)  # fmt: skip

# When somebody was last sent a digest of calls, and why the last try failed.
CALL_MAILED = Table(
    "call_mailed", METADATA,
    Column("user_id", ID, ForeignKey("users.user_id", ondelete="CASCADE"), primary_key=True),
    Column("sent_at", Instant),
    Column("failed", Text),
)  # fmt: skip

# Members and networks that an administrator has found to be who they say they are.
VERIFIED = Table(
    "verified", METADATA,
    _of_record("record_id", primary_key=True),
    _seen_by(),
    Column("verified_at", Instant, nullable=False),
    Column("by_user", ID),
)  # fmt: skip

# A holder lets one bit be told of a sealed asset, or of a call's sealed needs: to one call, or
# (NULL) to any that a verified member asks for.
SEALED_OFFERS = Table(
    "sealed_offers", METADATA,
    Column("offer_id", ID, primary_key=True),
    _of_record("record_id"),
    Column("call_id", ID, ForeignKey("records.record_id", ondelete="CASCADE")),
    _seen_by(),
    Column("made_at", Instant, nullable=False),
    Column("by_user", ID),
    Index(None, "record_id"),
    Index(None, "call_id"),
)  # fmt: skip

# The one bit of each asset and call, found once and never again. Seen by nobody: what each side
# may know of it stands in the tables below.
SEALED_PAIRS = Table(
    "sealed_pairs", METADATA,
    Column("match_id", ID, primary_key=True),
    _of_record("asset_id"),
    _of_record("call_id"),
    Column("asker", String(5), nullable=False),  # call, asset
    _seen_by(),
    Column("matched", Boolean, nullable=False),
    Column("needs", JSON_, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "asset_id"),
    Index(None, "call_id"),
    UniqueConstraint("asset_id", "call_id", "asker"),
)  # fmt: skip

# Each time that a bit was used, for the holder of what it is of; the call where they may know it.
SEALED_USES = Table(
    "sealed_uses", METADATA,
    Column("use_id", ID, primary_key=True),
    _of_record("record_id"),
    Column("call_id", ID),
    _seen_by(),
    Column("at", Instant, nullable=False),
    Column("matched", Boolean, nullable=False),
    Index(None, "record_id"),
)  # fmt: skip

# Each question, for its asker and for the limit.
SEALED_QUESTIONS = Table(
    "sealed_questions", METADATA,
    Column("question_id", ID, primary_key=True),
    _of_record("record_id"),
    Column("caller", ID, nullable=False),
    _seen_by(),
    Column("at", Instant, nullable=False),
    Column("answer", Boolean, nullable=False),
    Column("by_user", ID),
    Index(None, "caller", "at"),
    Index(None, "record_id"),
)  # fmt: skip

# A side lets its names be opened to whoever matches and consents too; to one call, or (NULL) any.
SEALED_CONSENTS = Table(
    "sealed_consents", METADATA,
    _of_record("record_id", primary_key=True),
    Column("call_id", ID, primary_key=True),  # empty: any
    _seen_by(),
    Column("at", Instant, nullable=False),
    Column("by_user", ID),
)  # fmt: skip

# A match whose two sides have consented: seen by both.
SEALED_MATCHES = Table(
    "sealed_matches", METADATA,
    Column("match_id", ID, primary_key=True),
    _of_record("asset_id"),
    _of_record("call_id"),
    _seen_by(),
    Column("said", JSON_, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Index(None, "asset_id"),
    Index(None, "call_id"),
)  # fmt: skip
