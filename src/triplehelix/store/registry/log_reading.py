"""Reading the log: entries, and proofs that they are in it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from triplehelix.errors import Conflict, InputError, UnknownName
from triplehelix.registry import merkle
from triplehelix.registry.batches import PLACES, batch_proof, leaves_at, salt
from triplehelix.registry.notes import Checkpoint
from triplehelix.store.registry.log_tables import BATCHES, CHECKPOINTS, KEYS
from triplehelix.store.registry.sealing import latest
from triplehelix.store.registry.tables import LOG_ENTRIES

_NO_CHECKPOINT = "the log has no checkpoint yet; the first is made at the next seal"


@dataclass(frozen=True, slots=True)
class Logged:
    """
    An entry of the log, for who may see it.

    `said` is what the change was, as JSON; None if it has been erased. `sealed` tells whether it
    is in the public log yet, and can be proved to be.
    """

    entry_id: str
    subject: str
    actor: str | None
    action: str
    at: datetime
    said: dict[str, Any] | None
    sealed: bool


def entries(
    connection: Connection, *conditions: ColumnElement[bool], newest_first: bool = False,
    most: int | None = None,
) -> list[Logged]:  # fmt: skip
    """Entries in the order in which they were written, or the newest first."""
    order = LOG_ENTRIES.c.seq.desc() if newest_first else LOG_ENTRIES.c.seq
    rows = connection.execute(select(LOG_ENTRIES).where(*conditions).order_by(order).limit(most))
    return [
        Logged(
            row.entry_id, row.subject, row.actor, row.action, row.at,
            json.loads(row.payload) if row.payload is not None else None, row.batch is not None,
        )
        for row in rows
    ]  # fmt: skip


def of_subject(connection: Connection, subject: str) -> list[Logged]:
    """All entries about a record, a user or a network, the earliest first."""
    return entries(connection, LOG_ENTRIES.c.subject == subject)


def entry(connection: Connection, entry_id: str) -> Logged | None:
    """One entry, if there is one."""
    found = entries(connection, LOG_ENTRIES.c.entry_id == entry_id)
    return found[0] if found else None


def newest(
    connection: Connection, most: int, before: str | None = None, subject: str | None = None
) -> list[Logged]:
    """The newest entries of all, or those written before one of them, the newest first."""
    asked = []
    if subject is not None:
        asked.append(LOG_ENTRIES.c.subject == subject)
    if before is not None:
        earlier = select(LOG_ENTRIES.c.seq).where(LOG_ENTRIES.c.entry_id == before)
        asked.append(LOG_ENTRIES.c.seq < earlier.scalar_subquery())
    return entries(connection, *asked, newest_first=True, most=most)


def about(connection: Connection, subject: str) -> list[dict[str, Any]]:
    """What the log says of somebody, in full."""
    return [each.said for each in of_subject(connection, subject) if each.said is not None]


def acts_of(connection: Connection, user_id: str) -> list[dict[str, Any]]:
    """What a user did, when and to what."""
    return [
        {"at": each.at, "action": each.action, "subject": each.subject, "entry": each.entry_id}
        for each in entries(connection, LOG_ENTRIES.c.actor == user_id)
    ]


def proof(connection: Connection, entry_id: str) -> dict[str, Any]:
    """
    What shows an outsider that an entry is in the log: see docs/reference/audit-log.md.

    Raises
    ------
    Conflict
        If the entry awaits the next seal.
    """
    row = connection.execute(select(LOG_ENTRIES).where(LOG_ENTRIES.c.entry_id == entry_id)).one()
    if row.batch is None:
        raise Conflict("this entry is in no sealed batch yet; ask again after the next seal")
    batch = connection.execute(select(BATCHES).where(BATCHES.c.batch == row.batch)).one()
    beside = connection.execute(
        select(LOG_ENTRIES.c.place, LOG_ENTRIES.c.commitment).where(
            LOG_ENTRIES.c.batch == row.batch
        )
    ).all()
    inside = leaves_at([each.place for each in beside], [each.commitment for each in beside])
    note = checkpoint(connection)
    leaves = public_leaves(connection)[: Checkpoint.read(note).size]
    return {
        "entry": entry_id,
        "text": row.payload,
        "salt": row.salt.hex() if row.salt is not None else None,
        "commitment": row.commitment.hex(),
        "batch": {
            "index": row.place, "size": PLACES,
            "path": [each.hex() for each in batch_proof(batch.seed, inside, row.place)],
            "root": batch.root.hex(), "salt": salt(batch.seed).hex(),
        },
        "log": {
            "index": row.batch, "size": len(leaves),
            "path": [each.hex() for each in merkle.inclusion_proof(leaves, row.batch)],
        },
        "checkpoint": note,
        "keys": keys(connection),
    }  # fmt: skip


def checkpoint(connection: Connection) -> str:
    """
    The newest signed checkpoint.

    Raises
    ------
    UnknownName
        Before the first seal.
    """
    note = latest(connection)
    if note is None:
        raise UnknownName(_NO_CHECKPOINT)
    return note


def keys(connection: Connection) -> list[str]:
    """Public keys of the log, the newest first."""
    return list(connection.scalars(select(KEYS.c.key).order_by(KEYS.c.since.desc(), KEYS.c.key)))


def public_leaves(connection: Connection, first: int = 0, most: int | None = None) -> list[bytes]:
    """Leaf hashes of the public log from one on, at most so many."""
    asked = select(BATCHES.c.leaf).where(BATCHES.c.batch >= first)
    return list(connection.scalars(asked.order_by(BATCHES.c.batch).limit(most)))


def consistency(connection: Connection, earlier: int) -> dict[str, Any]:
    """
    What shows that the log goes on from what it was at an earlier size.

    Raises
    ------
    InputError
        If the log never had that size.
    """
    note = checkpoint(connection)
    size = Checkpoint.read(note).size
    if not 0 <= earlier <= size:
        raise InputError(f"from {earlier} is no earlier size of the log; give one from 0 to {size}")
    leaves = public_leaves(connection)[:size]
    then = select(CHECKPOINTS.c.root).where(CHECKPOINTS.c.size == earlier)
    root = connection.scalar(then) if earlier else merkle.EMPTY
    return {
        "from": earlier,
        "from_root": root.hex() if root is not None else None,
        "size": size,
        "root": merkle.root_of(leaves).hex(),
        "path": [each.hex() for each in merkle.consistency_proof(leaves, earlier)],
        "checkpoint": note,
    }
