"""
Sealing the log: what was written since the last seal becomes one leaf of the public log.

A seal is made by the clock alone, whether anything has happened or not, and at most once in each
interval, however many processes serve the registry. A server that was down makes one leaf when
it is back: intervals in between have none.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, text, update

from triplehelix.errors import RegistryError
from triplehelix.registry.batches import (
    MOST_ENTRIES,
    SEED_BYTES,
    batch_root,
    leaves_at,
    places,
    public_leaf,
    salt,
)
from triplehelix.registry.merkle import Peaks
from triplehelix.registry.notes import Checkpoint, PublicKey, SigningKey
from triplehelix.store.registry import log
from triplehelix.store.registry.log_tables import BATCHES, CHECKPOINTS, KEYS
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.tables import LOG_ENTRIES

INTERVAL = timedelta(hours=1)
LOG = "log"  # the subject of what the log says of itself
NEW_KEY = "log key"


def slot(moment: datetime, interval: timedelta = INTERVAL) -> int:
    """
    Which interval a moment is in, counted from 1970 in UTC.

    Examples
    --------
    >>> from datetime import UTC
    >>> slot(datetime(1970, 1, 1, 2, 59, tzinfo=UTC))
    2
    """
    return int(moment.timestamp() // interval.total_seconds())


def seal(
    registry: Registry, key: SigningKey, *, interval: timedelta | None = INTERVAL
) -> str | None:
    """
    Seal what is unsealed, if the interval has not been sealed yet, and sign a checkpoint.

    Parameters
    ----------
    key : whose name is the log's. A key that the log has not met is written down in the log
        itself, in the batch that is sealed.
    interval : None seals in any case.

    Returns
    -------
    The signed checkpoint; None if another has sealed in this interval already.

    Raises
    ------
    RegistryError
        If the key has another name than the log, or the log is not what the last checkpoint
        says: then nothing is signed.
    """
    with registry.writing() as connection:
        _one_at_a_time(connection)
        now = registry.clock()
        last = connection.scalar(
            select(BATCHES.c.sealed_at).order_by(BATCHES.c.batch.desc()).limit(1)
        )
        if interval and last and slot(last, interval) >= slot(now, interval):
            return None
        tree = _tree_so_far(connection)
        _know(connection, key, registry, now, tree.size + 1)
        tree.append(_new_batch(connection, tree.size, now))
        checkpoint = Checkpoint(key.name, tree.size, tree.root)
        note = key.sign(checkpoint)
        connection.execute(
            insert(CHECKPOINTS), {"size": tree.size, "root": tree.root, "note": note}
        )
        return note


def _one_at_a_time(connection: Connection) -> None:
    # SQLite lets one write at a time as it is.
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE log_batches IN EXCLUSIVE MODE"))


def _tree_so_far(connection: Connection) -> Peaks:
    """The public tree, which must be what was signed last: else we would sign two histories."""
    tree = Peaks()
    leaves = connection.execute(
        select(BATCHES.c.batch, BATCHES.c.leaf).order_by(BATCHES.c.batch)
    ).all()
    signed = connection.execute(
        select(CHECKPOINTS.c.size, CHECKPOINTS.c.root).order_by(CHECKPOINTS.c.size.desc()).limit(1)
    ).first()
    for each in leaves:
        tree.append(each.leaf)
    if (tree.size, tree.root) != ((signed.size, signed.root) if signed else (0, tree.root)):
        raise RegistryError(
            "the log is no longer what its last checkpoint says, so nothing more is signed; run "
            "`triplehelix registry verify-log` to see what was changed, and bring back a backup"
        )
    return tree


def _know(
    connection: Connection, key: SigningKey, registry: Registry, now: datetime, size: int
) -> None:
    """Write a key down that signs for the first time, in the table and in the log."""
    known = list(connection.scalars(select(KEYS.c.key).order_by(KEYS.c.since)))
    if known and (name := PublicKey.read(known[0]).name) != key.name:
        raise RegistryError(
            f"the key is of the log {key.name}, and this log is {name}; take the key file that "
            "belongs to this registry"
        )
    if key.public.text in known:
        return
    connection.execute(insert(KEYS), {"key": key.public.text, "since": size})
    said = {"key": key.public.text, "earlier": known[-1] if known else None}
    log.append(connection, [log.entry(
        entry_id=registry.ids("entry"), subject=LOG, actor=None, action=NEW_KEY, at=now, said=said
    )])  # fmt: skip


def _new_batch(connection: Connection, batch: int, now: datetime) -> bytes:
    """Seal what is unsealed as a batch; its public leaf."""
    # The newest come last: what does not fit waits for the next seal.
    unsealed = connection.execute(
        select(LOG_ENTRIES.c.seq, LOG_ENTRIES.c.commitment)
        .where(LOG_ENTRIES.c.batch.is_(None)).order_by(LOG_ENTRIES.c.seq).limit(MOST_ENTRIES)
    ).all()  # fmt: skip
    seed = secrets.token_bytes(SEED_BYTES)
    where = places(seed, len(unsealed))
    root = batch_root(seed, leaves_at(where, [each.commitment for each in unsealed]))
    leaf = public_leaf(salt(seed), root)
    connection.execute(insert(BATCHES), {
        "batch": batch, "seed": seed, "n_entries": len(unsealed), "root": root, "leaf": leaf,
        "sealed_at": now,
    })  # fmt: skip
    rows: list[dict[str, Any]] = [
        {"of_seq": each.seq, "at_place": place} for each, place in zip(unsealed, where, strict=True)
    ]
    if rows:
        mine = LOG_ENTRIES.c.seq == bindparam("of_seq")
        sealed = update(LOG_ENTRIES).where(mine).values(batch=batch, place=bindparam("at_place"))
        connection.execute(sealed, rows)
    return leaf


def latest(connection: Connection) -> str | None:
    """The newest checkpoint; None before the first seal."""
    newest = select(func.max(CHECKPOINTS.c.size)).scalar_subquery()
    return connection.scalar(select(CHECKPOINTS.c.note).where(CHECKPOINTS.c.size == newest))
