"""Calls: proposals, commitments, reports, sealed matching."""

import sqlalchemy as sa
from alembic import op

from triplehelix.store.registry.instants import Instant

revision = "v0002"
down_revision = "v0001"


def upgrade() -> None:
    """From the version before to this one; there is no way back but a backup."""
    op.create_table(
        "call_mailed",
        sa.Column("user_id", sa.String(length=29), nullable=False),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("failed", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_call_mailed_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_call_mailed")),
    )
    op.create_table(
        "call_progress",
        sa.Column("call_id", sa.String(length=29), nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["records.record_id"],
            name=op.f("fk_call_progress_call_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_call_progress_seen_by")
        ),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call_progress")),
    )
    op.create_table(
        "commitments",
        sa.Column("commitment_id", sa.String(length=29), nullable=False),
        sa.Column("call_id", sa.String(length=29), nullable=False),
        sa.Column("proposal_id", sa.String(length=29), nullable=True),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("member_id", sa.String(length=29), nullable=False),
        sa.Column("asset_id", sa.String(length=29), nullable=False),
        sa.Column("capacity_id", sa.String(length=29), nullable=True),
        sa.Column("reservation_id", sa.String(length=29), nullable=True),
        sa.Column("need", sa.String(length=80), nullable=False),
        sa.Column("capability", sa.String(length=80), nullable=False),
        sa.Column("amount", sa.Float(), nullable=True),
        sa.Column("unit", sa.String(length=300), nullable=True),
        sa.Column("held", sa.Float(), nullable=True),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=6), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["records.record_id"],
            name=op.f("fk_commitments_call_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_commitments_seen_by")
        ),
        sa.PrimaryKeyConstraint("commitment_id", name=op.f("pk_commitments")),
    )
    with op.batch_alter_table("commitments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commitments_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitments_member_id"), ["member_id"], unique=False)

    op.create_table(
        "proposals",
        sa.Column("proposal_id", sa.String(length=29), nullable=False),
        sa.Column("call_id", sa.String(length=29), nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("visibility", sa.String(length=2000), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("objective", sa.Float(), nullable=True),
        sa.Column("bound", sa.Float(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("by_user", sa.String(length=29), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["records.record_id"],
            name=op.f("fk_proposals_call_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_proposals_seen_by")
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_proposals")),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposals_call_id"), ["call_id"], unique=False)

    op.create_table(
        "sealed_consents",
        sa.Column("record_id", sa.String(length=29), nullable=False),
        sa.Column("call_id", sa.String(length=29), nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by_user", sa.String(length=29), nullable=True),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["records.record_id"],
            name=op.f("fk_sealed_consents_record_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_sealed_consents_seen_by")
        ),
        sa.PrimaryKeyConstraint("record_id", "call_id", name=op.f("pk_sealed_consents")),
    )
    op.create_table(
        "sealed_matches",
        sa.Column("match_id", sa.String(length=29), nullable=False),
        sa.Column("asset_id", sa.String(length=29), nullable=False),
        sa.Column("call_id", sa.String(length=29), nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["records.record_id"],
            name=op.f("fk_sealed_matches_asset_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["records.record_id"],
            name=op.f("fk_sealed_matches_call_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_sealed_matches_seen_by")
        ),
        sa.PrimaryKeyConstraint("match_id", name=op.f("pk_sealed_matches")),
    )
    with op.batch_alter_table("sealed_matches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sealed_matches_asset_id"), ["asset_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sealed_matches_call_id"), ["call_id"], unique=False)

    op.create_table(
        "sealed_offers",
        sa.Column("offer_id", sa.String(length=29), nullable=False),
        sa.Column("record_id", sa.String(length=29), nullable=False),
        sa.Column("call_id", sa.String(length=29), nullable=True),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("by_user", sa.String(length=29), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["records.record_id"],
            name=op.f("fk_sealed_offers_call_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["records.record_id"],
            name=op.f("fk_sealed_offers_record_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_sealed_offers_seen_by")
        ),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_sealed_offers")),
    )
    with op.batch_alter_table("sealed_offers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sealed_offers_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sealed_offers_record_id"), ["record_id"], unique=False)

    op.create_table(
        "sealed_pairs",
        sa.Column("match_id", sa.String(length=29), nullable=False),
        sa.Column("asset_id", sa.String(length=29), nullable=False),
        sa.Column("call_id", sa.String(length=29), nullable=False),
        sa.Column("asker", sa.String(length=5), nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("matched", sa.Boolean(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["records.record_id"],
            name=op.f("fk_sealed_pairs_asset_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["records.record_id"],
            name=op.f("fk_sealed_pairs_call_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_sealed_pairs_seen_by")
        ),
        sa.PrimaryKeyConstraint("match_id", name=op.f("pk_sealed_pairs")),
        sa.UniqueConstraint(
            "asset_id", "call_id", "asker", name=op.f("uq_sealed_pairs_asset_id_call_id_asker")
        ),
    )
    with op.batch_alter_table("sealed_pairs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sealed_pairs_asset_id"), ["asset_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sealed_pairs_call_id"), ["call_id"], unique=False)

    op.create_table(
        "sealed_questions",
        sa.Column("question_id", sa.String(length=29), nullable=False),
        sa.Column("record_id", sa.String(length=29), nullable=False),
        sa.Column("caller", sa.String(length=29), nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("answer", sa.Boolean(), nullable=False),
        sa.Column("by_user", sa.String(length=29), nullable=True),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["records.record_id"],
            name=op.f("fk_sealed_questions_record_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_sealed_questions_seen_by")
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_sealed_questions")),
    )
    with op.batch_alter_table("sealed_questions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sealed_questions_caller_at"), ["caller", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_sealed_questions_record_id"), ["record_id"], unique=False
        )

    op.create_table(
        "sealed_uses",
        sa.Column("use_id", sa.String(length=29), nullable=False),
        sa.Column("record_id", sa.String(length=29), nullable=False),
        sa.Column("call_id", sa.String(length=29), nullable=True),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("matched", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["records.record_id"],
            name=op.f("fk_sealed_uses_record_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_sealed_uses_seen_by")
        ),
        sa.PrimaryKeyConstraint("use_id", name=op.f("pk_sealed_uses")),
    )
    with op.batch_alter_table("sealed_uses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sealed_uses_record_id"), ["record_id"], unique=False)

    op.create_table(
        "verified",
        sa.Column("record_id", sa.String(length=29), nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("verified_at", Instant(), nullable=False),
        sa.Column("by_user", sa.String(length=29), nullable=True),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["records.record_id"],
            name=op.f("fk_verified_record_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_verified_seen_by")
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_verified")),
    )
    op.create_table(
        "commitment_events",
        sa.Column("commitment_id", sa.String(length=29), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(length=6), nullable=False),
        sa.Column("by_user", sa.String(length=29), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.Float(), nullable=True),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commitment_id"],
            ["commitments.commitment_id"],
            name=op.f("fk_commitment_events_commitment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_commitment_events_seen_by")
        ),
        sa.PrimaryKeyConstraint("commitment_id", "n", name=op.f("pk_commitment_events")),
    )
    op.create_table(
        "commitment_reports",
        sa.Column("report_id", sa.String(length=29), nullable=False),
        sa.Column("commitment_id", sa.String(length=29), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.String(length=29), nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("asset_id", sa.String(length=29), nullable=False),
        sa.Column("need", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("by_user", sa.String(length=29), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["records.record_id"],
            name=op.f("fk_commitment_reports_call_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"],
            ["commitments.commitment_id"],
            name=op.f("fk_commitment_reports_commitment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_commitment_reports_seen_by")
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_commitment_reports")),
    )
    with op.batch_alter_table("commitment_reports", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_commitment_reports_call_id"), ["call_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_commitment_reports_commitment_id_n"), ["commitment_id", "n"], unique=True
        )

    op.create_table(
        "proposal_parts",
        sa.Column("proposal_id", sa.String(length=29), nullable=False),
        sa.Column("part_id", sa.String(length=29), nullable=False),
        sa.Column("seen_by", sa.String(length=32), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposals.proposal_id"],
            name=op.f("fk_proposal_parts_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["conditions.condition"], name=op.f("fk_proposal_parts_seen_by")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "part_id", name=op.f("pk_proposal_parts")),
    )
