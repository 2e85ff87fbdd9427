"""The tables of the sealed log: its batches, checkpoints and keys, and what was mailed."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from triplehelix.store.registry.instants import Instant
from triplehelix.store.registry.tables import ID, METADATA

# One per interval, and leaf `batch` of the public log. The seed is nobody's but the registry's.
BATCHES = Table(
    "log_batches", METADATA,
    Column("batch", Integer, primary_key=True, autoincrement=False),
    Column("seed", LargeBinary, nullable=False),
    Column("n_entries", Integer, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("sealed_at", Instant, nullable=False),
)  # fmt: skip

CHECKPOINTS = Table(
    "log_checkpoints", METADATA,
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
)  # fmt: skip

# Public keys, and the size of the first checkpoint that each has signed.
KEYS = Table(
    "log_keys", METADATA,
    Column("key", String(400), primary_key=True),
    Column("since", Integer, nullable=False),
)  # fmt: skip

# The last checkpoint that each steward was sent, and why the last try failed.
MAILED = Table(
    "log_mailed", METADATA,
    Column("user_id", ID, ForeignKey("users.user_id", ondelete="CASCADE"), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("sent_at", Instant),
    Column("failed", Text),
)  # fmt: skip
