"""
The registry's tables.

Every row that says something about a record carries the name of the condition under which it is
seen (`seen_by`, see `registry.visibility`); `store.registry.sight` alone turns that into what a
viewer gets. No column refers to an edition but by value.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from triplehelix.store.registry.instants import Instant

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
ID = String(29)
NAME = String(300)
SEEN_BY = String(32)
JSON_ = JSON()


def _seen_by() -> Column[str]:
    return Column("seen_by", SEEN_BY, ForeignKey("conditions.condition"), nullable=False)


CONDITIONS = Table(
    "conditions", METADATA,
    Column("condition", SEEN_BY, primary_key=True),
    Column("n_clauses", Integer, nullable=False),
)  # fmt: skip

GRANTS = Table(
    "condition_grants", METADATA,
    Column("condition", SEEN_BY, ForeignKey("conditions.condition"), primary_key=True),
    Column("clause", Integer, primary_key=True),
    Column("granted", String(40), primary_key=True),
    Index(None, "granted"),
)  # fmt: skip

RECORDS = Table(
    "records", METADATA,
    Column("record_id", ID, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("sort_name", String(300), nullable=False),
    Column("asset_kind", String(12)),
    Column("member_id", ID, ForeignKey("records.record_id")),
    Column("network_id", ID, ForeignKey("records.record_id")),
    _seen_by(),
    Column("visibility", JSON_, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("confirmed_by", ID),
    Column("due_on", Date),
    Index(None, "kind", "seen_by", "sort_name"),
    Index(None, "member_id"),
    Index(None, "network_id"),
)  # fmt: skip

PARTS = Table(
    "parts", METADATA,
    Column("record_id", ID, ForeignKey("records.record_id", ondelete="CASCADE"), primary_key=True),
    Column("seen_by", SEEN_BY, ForeignKey("conditions.condition"), primary_key=True),
    Column("fields", JSON_, nullable=False),
    Column("changed_at", Instant, nullable=False),
)  # fmt: skip

# One holder's own ids of its records, so that an import finds what an earlier one brought.
SOURCE_KEYS = Table(
    "source_keys", METADATA,
    Column("holder", String(60), primary_key=True),
    Column("scheme", String(40), primary_key=True),
    Column("value", String(300), primary_key=True),
    Column("record_id", ID, ForeignKey("records.record_id", ondelete="CASCADE"), nullable=False),
    Index(None, "record_id"),
)  # fmt: skip

CAPACITIES = Table(
    "capacities", METADATA,
    Column("capacity_id", ID, primary_key=True),
    Column("record_id", ID, ForeignKey("records.record_id", ondelete="CASCADE"), nullable=False),
    _seen_by(),
    Column("visibility", String(2000)),
    Column("capability", String(80), nullable=False),
    Column("amount", Float, nullable=False),
    Column("unit", String(300), nullable=False),
    Column("state", String(10), nullable=False),
    Column("starts", Date),
    Column("ends", Date),
    Column("fields", JSON_, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index(None, "record_id"),
    Index(None, "capability", "amount"),
)  # fmt: skip

RESERVATIONS = Table(
    "reservations", METADATA,
    Column("reservation_id", ID, primary_key=True),
    Column("capacity_id", ID, ForeignKey("capacities.capacity_id", ondelete="CASCADE"),
           nullable=False),
    _seen_by(),
    Column("amount", Float, nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date),
    Column("commitment", String(300), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", ID),
    Column("released_at", Instant),
    CheckConstraint("amount > 0", name="amount_above_0"),
    Index(None, "capacity_id"),
)  # fmt: skip

# A member in a network; a network may itself be the member. Since, until: first and last day.
MEMBERSHIPS = Table(
    "memberships", METADATA,
    Column("network_id", ID, ForeignKey("records.record_id", ondelete="CASCADE"),
           primary_key=True),
    Column("member_id", ID, ForeignKey("records.record_id", ondelete="CASCADE"), primary_key=True),
    _seen_by(),
    Column("visibility", String(2000), nullable=False),
    Column("state", String(10), nullable=False),  # invited, asked, member
    Column("since", Date),
    Index(None, "member_id"),
)  # fmt: skip

# A network below another (its parent), or one of the bodies of a joint network.
NETWORK_PARTS = Table(
    "network_parts", METADATA,
    Column("network_id", ID, ForeignKey("records.record_id", ondelete="CASCADE"),
           primary_key=True),
    Column("part_id", ID, ForeignKey("records.record_id", ondelete="CASCADE"), primary_key=True),
    Index(None, "part_id"),
)  # fmt: skip

ASSET_CAPABILITIES = Table(
    "asset_capabilities", METADATA,
    Column("record_id", ID, ForeignKey("records.record_id", ondelete="CASCADE"), primary_key=True),
    Column("capability", String(80), primary_key=True),
    Column("seen_by", SEEN_BY, ForeignKey("conditions.condition"), primary_key=True),
    Index(None, "capability", "seen_by"),
)  # fmt: skip

RECORD_PLACES = Table(
    "record_places", METADATA,
    Column("record_id", ID, ForeignKey("records.record_id", ondelete="CASCADE"), primary_key=True),
    Column("seen_by", SEEN_BY, ForeignKey("conditions.condition"), primary_key=True),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Index(None, "lat", "lon"),
)  # fmt: skip

USERS = Table(
    "users", METADATA,
    Column("user_id", ID, primary_key=True),
    Column("email", String(320), nullable=False, unique=True),  # lower case
    Column("name", NAME, nullable=False),
    Column("kind", String(10), nullable=False),  # person, client
    Column("password_hash", Text),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created_at", Instant, nullable=False),
    Column("signed_in_at", Instant),
)  # fmt: skip

# What somebody is: administrator (of no object), steward or reader of a network, member of a
# member.
ROLES = Table(
    "roles", METADATA,
    Column("user_id", ID, ForeignKey("users.user_id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(15), primary_key=True),
    Column("object_id", String(29), primary_key=True, default=""),
    Column("given_at", Instant, nullable=False),
    Index(None, "object_id"),
)  # fmt: skip

LOG_ENTRIES = Table(
    "log_entries", METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("entry_id", ID, nullable=False, unique=True),
    Column("subject", String(29), nullable=False),  # the record, user or network it is about
    Column("actor", ID),
    Column("action", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Column("payload", Text),  # canonical JSON; NULL once erased, as is the salt
    Column("salt", LargeBinary),
    Column("commitment", LargeBinary, nullable=False),
    Column("batch", Integer),  # NULL until sealed
    Column("place", Integer),  # its place in the batch
    Index(None, "subject"),
    Index(None, "batch"),
    UniqueConstraint("batch", "place"),
    sqlite_autoincrement=True,
)  # fmt: skip
