"""
The tables of sealed matching: who is verified, what may be told, asked, consented to, opened.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, UniqueConstraint

from triplehelix.store.registry.call_columns import by_user, moment, of_record, seen_by
from triplehelix.store.registry.tables import ID, JSON_, METADATA

# Members and networks that an administrator has found to be who they say they are.
VERIFIED = Table(
    "verified", METADATA,
    of_record("record_id", primary_key=True),
    seen_by(),
    moment("verified_at"),
    by_user(),
)  # fmt: skip

# A holder lets one bit be told of a sealed asset, or of a call's sealed needs: to one call, or
# (NULL) to any that a verified member asks for.
SEALED_OFFERS = Table(
    "sealed_offers", METADATA,
    Column("offer_id", ID, primary_key=True),
    of_record("record_id"),
    Column("call_id", ID, ForeignKey("records.record_id", ondelete="CASCADE")),
    seen_by(),
    moment("made_at"),
    by_user(),
    Index(None, "record_id"),
    Index(None, "call_id"),
)  # fmt: skip

# The one bit of each asset and call, found once and never again. Seen by nobody: what each side
# may know of it stands in the tables below.
SEALED_PAIRS = Table(
    "sealed_pairs", METADATA,
    Column("match_id", ID, primary_key=True),
    of_record("asset_id"),
    of_record("call_id"),
    Column("asker", String(5), nullable=False),  # call, asset
    seen_by(),
    Column("matched", Boolean, nullable=False),
    Column("needs", JSON_, nullable=False),
    moment("at"),
    Index(None, "asset_id"),
    Index(None, "call_id"),
    UniqueConstraint("asset_id", "call_id", "asker"),
)  # fmt: skip

# Each time that a bit was used, for the holder of what it is of; the call where they may know it.
SEALED_USES = Table(
    "sealed_uses", METADATA,
    Column("use_id", ID, primary_key=True),
    of_record("record_id"),
    Column("call_id", ID),
    seen_by(),
    moment("at"),
    Column("matched", Boolean, nullable=False),
    Index(None, "record_id"),
)  # fmt: skip

# Each question, for its asker and for the limit.
SEALED_QUESTIONS = Table(
    "sealed_questions", METADATA,
    Column("question_id", ID, primary_key=True),
    of_record("record_id"),
    Column("caller", ID, nullable=False),
    seen_by(),
    moment("at"),
    Column("answer", Boolean, nullable=False),
    by_user(),
    Index(None, "caller", "at"),
    Index(None, "record_id"),
)  # fmt: skip

# A side lets its names be opened to whoever matches and consents too; to one call, or (NULL) any.
SEALED_CONSENTS = Table(
    "sealed_consents", METADATA,
    of_record("record_id", primary_key=True),
    Column("call_id", ID, primary_key=True),  # empty: any
    seen_by(),
    moment("at"),
    by_user(),
)  # fmt: skip

# A match whose two sides have consented: seen by both.
SEALED_MATCHES = Table(
    "sealed_matches", METADATA,
    Column("match_id", ID, primary_key=True),
    of_record("asset_id"),
    of_record("call_id"),
    seen_by(),
    Column("said", JSON_, nullable=False),
    moment("opened_at"),
    Index(None, "asset_id"),
    Index(None, "call_id"),
)  # fmt: skip
