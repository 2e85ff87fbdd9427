"""
The tables of enquiries.

What is personal (who asks, in which words; the words of replies) stands apart from what stays for
good (what about, to whom, when), so that the one can be erased and the other be counted.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from triplehelix.store.registry.account_tables import HASH
from triplehelix.store.registry.call_columns import by_user, moment, seen_by
from triplehelix.store.registry.instants import Instant
from triplehelix.store.registry.tables import ID, JSON_, METADATA, NAME


def _of_enquiry() -> Column[str]:
    return Column("enquiry_id", ID, ForeignKey("enquiries.enquiry_id", ondelete="CASCADE"),
                  primary_key=True)  # fmt: skip


# Seen by those it is with; by whoever asked only through the secret, of which this is the hash.
ENQUIRIES = Table(
    "enquiries", METADATA,
    Column("enquiry_id", ID, primary_key=True),
    Column("hash", HASH, nullable=False, unique=True),
    seen_by(),
    Column("about_kind", String(10), nullable=False),
    Column("about", NAME, nullable=False),
    Column("rule", String(30), nullable=False),
    Column("state", String(10), nullable=False),
    moment("made_at"),
    moment("changed_at"),
    Column("answered_at", Instant),
    Column("closed_at", Instant),
    Column("closing", String(10)),
    Column("erased_at", Instant),
    Index(None, "state", "made_at"),
    Index(None, "made_at"),
)  # fmt: skip

# Who asks. No foreign key to the account: what was asked without one stands here too.
ENQUIRY_ASKERS = Table(
    "enquiry_askers", METADATA,
    _of_enquiry(),
    seen_by(),
    Column("user_id", ID),
    Column("email", String(320), nullable=False),
    Column("name", NAME, nullable=False),
    Column("organisation", NAME),
    Column("place", NAME),
    Column("text", Text, nullable=False),
    Index(None, "user_id"),
    Index(None, "email"),
)  # fmt: skip

ENQUIRY_EVENTS = Table(
    "enquiry_events", METADATA,
    _of_enquiry(),
    Column("n", Integer, primary_key=True, autoincrement=False),
    seen_by(),
    moment("at"),
    Column("side", String(6), nullable=False),  # asker, desk, time
    by_user(),
    Column("act", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("text", Text),
    Column("to", JSON_, nullable=False),
)  # fmt: skip

# The time it was with a member or a network; with neither, at the front desk.
ENQUIRY_TURNS = Table(
    "enquiry_turns", METADATA,
    _of_enquiry(),
    Column("n", Integer, primary_key=True, autoincrement=False),
    seen_by(),
    Column("holder_id", String(29), nullable=False),
    moment("since"),
    Column("until", Instant),
    Column("end", String(10)),
    Index(None, "holder_id"),
)  # fmt: skip

# When somebody was last sent a letter of what waits, and why the last try failed.
ENQUIRY_MAILED = Table(
    "enquiry_mailed", METADATA,
    Column("user_id", ID, ForeignKey("users.user_id", ondelete="CASCADE"), primary_key=True),
    Column("sent_at", Instant),
    Column("failed", Text),
)  # fmt: skip
