"""Enquiries."""

import sqlalchemy as sa
from alembic import op

from triplehelix.store.registry.instants import Instant

revision = "v0003"
down_revision = "v0002"


def upgrade() -> None:
    """From the version before to this one; there is no way back but a backup."""
    op.create_table(
        "enquiries",
        sa.Column("enquiry_id", sa.String(length=29), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("about_kind", sa.String(length=10), nullable=False),
        sa.Column("about", sa.String(length=300), nullable=False),
        sa.Column("rule", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("closing", sa.String(length=10), nullable=True),
        sa.Column("erased_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_enquiries_seen_by")
        ),
        sa.PrimaryKeyConstraint("enquiry_id", name=op.f("pk_enquiries")),
        sa.UniqueConstraint("hash", name=op.f("uq_enquiries_hash")),
    )
    with op.batch_alter_table("enquiries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enquiries_made_at"), ["made_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_enquiries_state_made_at"), ["state", "made_at"], unique=False
        )

    op.create_table(
        "enquiry_mailed",
        sa.Column("user_id", sa.String(length=29), nullable=False),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("failed", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.user_id"],
            name=op.f("fk_enquiry_mailed_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_enquiry_mailed")),
    )
    op.create_table(
        "enquiry_askers",
        sa.Column("enquiry_id", sa.String(length=29), nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=29), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("organisation", sa.String(length=300), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enquiry_id"],
            ["enquiries.enquiry_id"],
            name=op.f("fk_enquiry_askers_enquiry_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_enquiry_askers_seen_by")
        ),
        sa.PrimaryKeyConstraint("enquiry_id", name=op.f("pk_enquiry_askers")),
    )
    with op.batch_alter_table("enquiry_askers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enquiry_askers_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_enquiry_askers_user_id"), ["user_id"], unique=False)

    op.create_table(
        "enquiry_events",
        sa.Column("enquiry_id", sa.String(length=29), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("by_user", sa.String(length=29), nullable=True),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("to", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enquiry_id"],
            ["enquiries.enquiry_id"],
            name=op.f("fk_enquiry_events_enquiry_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_enquiry_events_seen_by")
        ),
        sa.PrimaryKeyConstraint("enquiry_id", "n", name=op.f("pk_enquiry_events")),
    )
    op.create_table(
        "enquiry_turns",
        sa.Column("enquiry_id", sa.String(length=29), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("holder_id", sa.String(length=29), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=True),
        sa.Column("end", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(
            ["enquiry_id"],
            ["enquiries.enquiry_id"],
            name=op.f("fk_enquiry_turns_enquiry_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_enquiry_turns_seen_by")
        ),
        sa.PrimaryKeyConstraint("enquiry_id", "n", name=op.f("pk_enquiry_turns")),
    )
    with op.batch_alter_table("enquiry_turns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enquiry_turns_holder_id"), ["holder_id"], unique=False)
