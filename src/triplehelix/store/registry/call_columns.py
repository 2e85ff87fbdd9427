"""Columns that tables about calls have alike."""

from typing import Any

from sqlalchemy import Column, Date, Float, ForeignKey

from triplehelix.store.registry.instants import Instant
from triplehelix.store.registry.tables import ID, SEEN_BY


def seen_by() -> Column[str]:
    """By which condition a row is seen."""
    return Column("seen_by", SEEN_BY, ForeignKey("conditions.condition"), nullable=False)


def of_record(name: str, **chosen: Any) -> Column[str]:
    """The record without which the row is gone."""
    return Column(name, ID, ForeignKey("records.record_id", ondelete="CASCADE"), nullable=False,
                  **chosen)  # fmt: skip


def of_commitment(**chosen: Any) -> Column[str]:
    """The commitment without which the row is gone."""
    return Column("commitment_id", ID,
                  ForeignKey("commitments.commitment_id", ondelete="CASCADE"), nullable=False,
                  **chosen)  # fmt: skip


def moment(name: str) -> Column[Any]:
    """When it happened."""
    return Column(name, Instant, nullable=False)


def by_user() -> Column[str]:
    """The id of who did it: it goes when they are erased, and what they did stays."""
    return Column("by_user", ID)


def amount() -> Column[float]:
    """So much, in the unit of the need; NULL where it is met by yes or no."""
    return Column("amount", Float)


def days() -> tuple[Column[Any], Column[Any]]:
    """The first day and the last; NULL: for good."""
    return Column("starts", Date, nullable=False), Column("ends", Date)
