"""The registry's tables."""

import sqlalchemy as sa
from alembic import op

from triplehelix.store.registry.instants import Instant

revision = "v0001"
down_revision = None


def upgrade() -> None:
    """From the version before to this one; there is no way back but a backup."""
    op.create_table(
        "conditions",
        sa.Column("condition", sa.String(length=32), nullable=False),
        sa.Column("n_clauses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("condition", name=op.f("pk_conditions")),
    )
    op.create_table(
        "invitations",
        sa.Column("invitation_id", sa.String(length=29), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("role", sa.String(length=15), nullable=False),
        sa.Column("object_id", sa.String(length=29), nullable=False),
        sa.Column("invited_by", sa.String(length=29), nullable=True),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.Column("used_by", sa.String(length=29), nullable=True),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("hash", name=op.f("uq_invitations_hash")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitations_object_id"), ["object_id"], unique=False)

    op.create_table(
        "log_batches",
        sa.Column("batch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("n_entries", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("batch", name=op.f("pk_log_batches")),
    )
    op.create_table(
        "log_checkpoints",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_checkpoints")),
    )
    op.create_table(
        "log_entries",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.String(length=29), nullable=False),
        sa.Column("subject", sa.String(length=29), nullable=False),
        sa.Column("actor", sa.String(length=29), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_log_entries")),
        sa.UniqueConstraint("batch", "place", name=op.f("uq_log_entries_batch_place")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_log_entries_entry_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("log_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_log_entries_batch"), ["batch"], unique=False)
        batch_op.create_index(batch_op.f("ix_log_entries_subject"), ["subject"], unique=False)

    op.create_table(
        "log_keys",
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_log_keys")),
    )
    op.create_table(
        "provider_visits",
        sa.Column("state", sa.LargeBinary(length=32), nullable=False),
        sa.Column("browser", sa.LargeBinary(length=32), nullable=False),
        sa.Column("provider", sa.String(length=80), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=128), nullable=False),
        sa.Column("next", sa.String(length=2000), nullable=False),
        sa.Column("invitation", sa.LargeBinary(length=32), nullable=True),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_provider_visits")),
    )
    with op.batch_alter_table("provider_visits", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provider_visits_expires_at"), ["expires_at"], unique=False
        )

    op.create_table(
        "search_feed",
        sa.Column("record_id", sa.String(length=29), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_search_feed")),
    )
    with op.batch_alter_table("search_feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_feed_at"), ["at"], unique=False)

    op.create_table(
        "sign_in_attempts",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.Column("wait_until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_attempts")),
    )
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_attempts_last_at"), ["last_at"], unique=False)

    op.create_table(
        "users",
        sa.Column("user_id", sa.String(length=29), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("signed_in_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "api_tokens",
        sa.Column("token_id", sa.String(length=29), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=29), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("scopes", sa.String(length=40), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_api_tokens_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_tokens_hash")),
    )
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_tokens_user_id"), ["user_id"], unique=False)

    op.create_table(
        "condition_grants",
        sa.Column("condition", sa.String(length=32), nullable=False),
        sa.Column("clause", sa.Integer(), nullable=False),
        sa.Column("granted", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["condition"], ["conditions.condition"], name=op.f("fk_condition_grants_condition")
        ),
        sa.PrimaryKeyConstraint("condition", "clause", "granted", name=op.f("pk_condition_grants")),
    )
    with op.batch_alter_table("condition_grants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_condition_grants_granted"), ["granted"], unique=False)

    op.create_table(
        "identities",
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.String(length=29), nullable=False),
        sa.Column("linked_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_identities_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_identities")),
    )
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identities_user_id"), ["user_id"], unique=False)

    op.create_table(
        "log_mailed",
        sa.Column("user_id", sa.String(length=29), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("failed", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_log_mailed_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_log_mailed")),
    )
    op.create_table(
        "password_resets",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=29), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.user_id"],
            name=op.f("fk_password_resets_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_password_resets")),
    )
    with op.batch_alter_table("password_resets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_password_resets_user_id"), ["user_id"], unique=False)

    op.create_table(
        "records",
        sa.Column("record_id", sa.String(length=29), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("sort_name", sa.String(length=300), nullable=False),
        sa.Column("asset_kind", sa.String(length=12), nullable=True),
        sa.Column("member_id", sa.String(length=29), nullable=True),
        sa.Column("network_id", sa.String(length=29), nullable=True),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("visibility", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=29), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["records.record_id"], name=op.f("fk_records_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["network_id"], ["records.record_id"], name=op.f("fk_records_network_id")
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_records_seen_by")
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_records")),
    )
    with op.batch_alter_table("records", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_records_kind_seen_by_sort_name"),
            ["kind", "seen_by", "sort_name"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_records_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_records_network_id"), ["network_id"], unique=False)

    op.create_table(
        "roles",
        sa.Column("user_id", sa.String(length=29), nullable=False),
        sa.Column("role", sa.String(length=15), nullable=False),
        sa.Column("object_id", sa.String(length=29), nullable=False),
        sa.Column("given_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_roles_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "role", "object_id", name=op.f("pk_roles")),
    )
    with op.batch_alter_table("roles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roles_object_id"), ["object_id"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("session_id", sa.String(length=29), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=29), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("user_agent", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_sessions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("hash", name=op.f("uq_sessions_hash")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "asset_capabilities",
        sa.Column("record_id", sa.String(length=29), nullable=False),
        sa.Column("capability", sa.String(length=80), nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["records.record_id"],
            name=op.f("fk_asset_capabilities_record_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_asset_capabilities_seen_by")
        ),
        sa.PrimaryKeyConstraint(
            "record_id", "capability", "seen_by", name=op.f("pk_asset_capabilities")
        ),
    )
    with op.batch_alter_table("asset_capabilities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_asset_capabilities_capability_seen_by"),
            ["capability", "seen_by"],
            unique=False,
        )

    op.create_table(
        "capacities",
        sa.Column("capacity_id", sa.String(length=29), nullable=False),
        sa.Column("record_id", sa.String(length=29), nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("visibility", sa.String(length=2000), nullable=True),
        sa.Column("capability", sa.String(length=80), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.Column("unit", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["records.record_id"],
            name=op.f("fk_capacities_record_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_capacities_seen_by")
        ),
        sa.PrimaryKeyConstraint("capacity_id", name=op.f("pk_capacities")),
    )
    with op.batch_alter_table("capacities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_capacities_capability_amount"), ["capability", "amount"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_capacities_record_id"), ["record_id"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("network_id", sa.String(length=29), nullable=False),
        sa.Column("member_id", sa.String(length=29), nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("visibility", sa.String(length=2000), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["records.record_id"],
            name=op.f("fk_memberships_member_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["network_id"],
            ["records.record_id"],
            name=op.f("fk_memberships_network_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_memberships_seen_by")
        ),
        sa.PrimaryKeyConstraint("network_id", "member_id", name=op.f("pk_memberships")),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_memberships_member_id"), ["member_id"], unique=False)

    op.create_table(
        "network_parts",
        sa.Column("network_id", sa.String(length=29), nullable=False),
        sa.Column("part_id", sa.String(length=29), nullable=False),
        sa.ForeignKeyConstraint(
            ["network_id"],
            ["records.record_id"],
            name=op.f("fk_network_parts_network_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["part_id"],
            ["records.record_id"],
            name=op.f("fk_network_parts_part_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("network_id", "part_id", name=op.f("pk_network_parts")),
    )
    with op.batch_alter_table("network_parts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_network_parts_part_id"), ["part_id"], unique=False)

    op.create_table(
        "parts",
        sa.Column("record_id", sa.String(length=29), nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["records.record_id"],
            name=op.f("fk_parts_record_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_parts_seen_by")
        ),
        sa.PrimaryKeyConstraint("record_id", "seen_by", name=op.f("pk_parts")),
    )
    op.create_table(
        "record_places",
        sa.Column("record_id", sa.String(length=29), nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["records.record_id"],
            name=op.f("fk_record_places_record_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_record_places_seen_by")
        ),
        sa.PrimaryKeyConstraint("record_id", "seen_by", name=op.f("pk_record_places")),
    )
    with op.batch_alter_table("record_places", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_places_lat_lon"), ["lat", "lon"], unique=False)

    op.create_table(
        "search_pieces",
        sa.Column("record_id", sa.String(length=29), nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["records.record_id"],
            name=op.f("fk_search_pieces_record_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_search_pieces_seen_by")
        ),
        sa.PrimaryKeyConstraint("record_id", "seen_by", name=op.f("pk_search_pieces")),
    )
    op.create_table(
        "source_keys",
        sa.Column("holder", sa.String(length=60), nullable=False),
        sa.Column("scheme", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=300), nullable=False),
        sa.Column("record_id", sa.String(length=29), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["records.record_id"],
            name=op.f("fk_source_keys_record_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("holder", "scheme", "value", name=op.f("pk_source_keys")),
    )
    with op.batch_alter_table("source_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_keys_record_id"), ["record_id"], unique=False)

    op.create_table(
        "reservations",
        sa.Column("reservation_id", sa.String(length=29), nullable=False),
        sa.Column("capacity_id", sa.String(length=29), nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("commitment", sa.String(length=300), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by", sa.String(length=29), nullable=True),
        sa.Column("released_at", Instant(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_reservations_amount_above_0")),
        sa.ForeignKeyConstraint(
            ["capacity_id"],
            ["capacities.capacity_id"],
            name=op.f("fk_reservations_capacity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_reservations_seen_by")
        ),
        sa.PrimaryKeyConstraint("reservation_id", name=op.f("pk_reservations")),
    )
    with op.batch_alter_table("reservations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reservations_capacity_id"), ["capacity_id"], unique=False
        )
