"""Writing to the audit log, in the transaction of the change that it tells of."""

import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert

from triplehelix.registry.entries import canonical, commitment
from triplehelix.store.registry.tables import LOG_ENTRIES

_SALT_BYTES = 32


def entry(
    *, entry_id: str, subject: str, actor: str | None, action: str, at: datetime,
    said: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """
    A row of the log; `subject` is what it is about, `said` what was done, as JSON can hold it.

    Each entry has a salt of its own: whoever is shown one can guess at no other.
    """
    payload = canonical(
        {**said, "action": action, "actor": actor, "at": at.astimezone(UTC).isoformat(),
         "entry": entry_id, "subject": subject}
    )  # fmt: skip
    salt = secrets.token_bytes(_SALT_BYTES)
    return {
        "entry_id": entry_id, "subject": subject, "actor": actor, "action": action, "at": at,
        "payload": payload, "salt": salt, "commitment": commitment(salt, payload),
    }  # fmt: skip


def append(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Add rows made by `entry` to the log."""
    if rows:
        connection.execute(insert(LOG_ENTRIES), rows)
