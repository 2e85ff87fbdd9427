"""Which calls and which holders of calls there are, as far as a viewer sees them."""

from collections.abc import Collection

from sqlalchemy import select

from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry.among import among
from triplehelix.store.registry.call_tables import CALL_PROGRESS
from triplehelix.store.registry.sealed_tables import VERIFIED
from triplehelix.store.registry.sight import Sight
from triplehelix.store.registry.tables import RECORDS, USERS


def call_ids(sight: Sight) -> list[str]:
    """Ids of the calls that are seen, the newest first."""
    asked = sight.records_where("call")
    return list(sight.connection.scalars(
        asked.order_by(RECORDS.c.created_at.desc(), RECORDS.c.record_id)
    ))  # fmt: skip


def published_progress(sight: Sight, call_id: str) -> tuple[dict[str, object], str] | None:
    """What a call lets be known of how it gets on, and since when; None where nothing."""
    asked = select(CALL_PROGRESS).where(
        CALL_PROGRESS.c.call_id == call_id, sight.seen(CALL_PROGRESS)
    )
    row = sight.connection.execute(asked).first()
    return None if row is None else (dict(row.said), row.changed_at.isoformat())


def acted_for(viewer: Viewer) -> list[str]:
    """Ids of the members and networks that a viewer answers for."""
    return sorted({*viewer.members, *viewer.stewards})


def is_verified(sight: Sight, record_id: str) -> bool:
    """Whether an administrator has found a member or network to be who it says it is."""
    asked = select(VERIFIED.c.record_id).where(VERIFIED.c.record_id == record_id)
    return sight.connection.scalar(asked.where(sight.seen(VERIFIED))) is not None


def user_names(sight: Sight, user_ids: Collection[str]) -> dict[str, str]:
    """Names of users, for those who talk with them: the two sides of a commitment."""
    asked = select(USERS.c.user_id, USERS.c.name).where(among(USERS.c.user_id, sorted(user_ids)))
    return {row.user_id: row.name for row in sight.connection.execute(asked)}
