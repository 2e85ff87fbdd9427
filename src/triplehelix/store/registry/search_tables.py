"""What search reads: the words of each part of a record, and which records changed when."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Table, Text

from triplehelix.store.registry.tables import ID, METADATA, SEEN_BY

# One row for each part of an asset, member or network, under the part's own condition: its words,
# with blanks between, and what each weighs (little-endian float32). See registry.pieces.
SEARCH_PIECES = Table(
    "search_pieces", METADATA,
    Column("record_id", ID, ForeignKey("records.record_id", ondelete="CASCADE"), primary_key=True),
    Column("seen_by", SEEN_BY, ForeignKey("conditions.condition"), primary_key=True),
    Column("words", Text, nullable=False),
    Column("weights", LargeBinary, nullable=False),
)  # fmt: skip

# The last change of each record, removed ones too, so that what is held in memory can follow.
# On SQLite `at` counts the transactions; on PostgreSQL it is the transaction's own number.
SEARCH_FEED = Table(
    "search_feed", METADATA,
    Column("record_id", ID, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Index(None, "at"),
)  # fmt: skip
