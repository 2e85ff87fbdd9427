"""
Erasing from the log and from records: texts and salts are destroyed, commitments stay.

What is left of an erased entry is 32 bytes that nobody can guess from, so that every tree it is
in still verifies. That it was erased stands in the log as an entry of its own.
"""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    Text,
    cast,
    delete,
    false,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.exc import OperationalError

from triplehelix.errors import RegistryError
from triplehelix.registry.checking import ERASE
from triplehelix.registry.mentions import Person
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.indexing import INDEXES
from triplehelix.store.registry.log_tables import BATCHES, CHECKPOINTS, KEYS
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.schema import WHOLE
from triplehelix.store.registry.tables import LOG_ENTRIES, PARTS, ROLES, USERS

# The log's own bytes are never written anew; records are changed as anybody changes them, and
# what is kept so that they are found follows.
_LEFT_ALONE = {LOG_ENTRIES, BATCHES, CHECKPOINTS, KEYS, PARTS, USERS, *INDEXES}
_AT_ONCE = 400
# The column that says which user did something, and what of such a row is about others.
_DID, _NOT_THEIRS = "by_user", ("result",)
# By whom a row is seen is no matter of whoever it is about.
_SEEN_BY = "seen_by"


def erase_subject(change: Change, subject: str) -> int:
    """Erase every entry about a record or user, and write that down; how many there were."""
    asked = select(LOG_ENTRIES.c.entry_id).where(
        LOG_ENTRIES.c.subject == subject, LOG_ENTRIES.c.action != ERASE,
        LOG_ENTRIES.c.payload.is_not(None),
    ).order_by(LOG_ENTRIES.c.seq)  # fmt: skip
    change.flush()
    entries = list(change.connection.scalars(asked))
    _erase(change, subject, entries)
    if not entries:
        change.log(subject, ERASE, entries=entries)
    return len(entries)


def erase_mentions(change: Change, person: Person) -> int:
    """Erase every entry, about whatever it is, whose text names a person; how many there were."""
    change.flush()
    asked = select(LOG_ENTRIES.c.subject, LOG_ENTRIES.c.entry_id, LOG_ENTRIES.c.payload).where(
        _has(LOG_ENTRIES.c.payload, person.words)
    ).order_by(LOG_ENTRIES.c.seq)  # fmt: skip
    found: dict[str, list[str]] = {}
    for row in change.connection.execute(asked):
        if person.is_in(json.loads(row.payload)):
            found.setdefault(row.subject, []).append(row.entry_id)
    for subject, entries in found.items():
        _erase(change, subject, entries)
    return sum(map(len, found.values()))


def person_of(connection: Connection, user_id: str) -> Person | None:
    """Whom a user's rows name; None if there is no such user."""
    asked = select(USERS.c.email, USERS.c.name).where(USERS.c.user_id == user_id)
    found = connection.execute(asked).first()
    return Person(found.email, found.name) if found else None


def is_last_administrator(connection: Connection, user_id: str) -> bool:
    """Whether a user is administrator and no other that can sign in is."""
    asked = select(ROLES.c.user_id).join(USERS, USERS.c.user_id == ROLES.c.user_id).where(
        ROLES.c.role == "administrator",
        USERS.c.disabled.is_(False) | (USERS.c.user_id == user_id),
    )  # fmt: skip
    return set(connection.scalars(asked)) == {user_id}


def records_naming(connection: Connection, person: Person) -> list[str]:
    """Ids of records any part of which may name a person, hidden ones too; by id."""
    asked = select(PARTS.c.record_id).where(_has(PARTS.c.fields, person.words)).distinct()
    return list(connection.scalars(asked.order_by(PARTS.c.record_id)))


def erase_from_records(change: Change, person: Person) -> int:
    """Take a person out of every record that names them; how many records did."""
    changed = 0
    for record in change.sight.records(records_naming(change.connection, person)):
        fields = person.taken_out_of(dict(record.fields))
        if fields != dict(record.fields):
            change.update(record.kind, record.record_id, fields)
            changed += 1
    return changed


def erase_from_tables(change: Change, person: Person, user_id: str) -> None:
    """Remove what is the user's own in any table, and cut what else names the person."""
    change.flush()
    connection = change.connection
    tables = [table for table in WHOLE.sorted_tables if table not in _LEFT_ALONE]
    for table in reversed(tables):
        for mine in _rows_of(table, user_id, person.email):
            connection.execute(delete(table).where(mine))
        if _DID in table.c:
            # What was done for a member stays the member's; who did it is forgotten.
            connection.execute(update(table).where(table.c[_DID] == user_id), {_DID: None})
    connection.execute(delete(USERS).where(USERS.c.user_id == user_id))
    for table in tables:
        _cut(connection, table, person)


def still_named(connection: Connection, person: Person) -> list[str]:
    """Columns, as `table.column`, in which the person is still named."""
    return [
        f"{table.name}.{column.name}"
        for table in WHOLE.sorted_tables
        for column in _texts(table)
        if any(
            person.is_in(value) for value in connection.scalars(
                select(column).where(_has(column, person.words)))
        )
    ]  # fmt: skip


def rows_of_user(
    connection: Connection, user_id: str, email: str
) -> dict[str, list[dict[str, Any]]]:
    """What any table keeps of a user, by table; secrets and hashes left out."""
    kept: dict[str, list[dict[str, Any]]] = {}
    for table in WHOLE.sorted_tables:
        shown = [c for c in table.columns if not _is_secret(c) and c.name != _SEEN_BY]
        for mine in _rows_of(table, user_id, email):
            rows = connection.execute(select(*shown).where(mine)).mappings()
            if found := [dict(row) for row in rows]:
                kept.setdefault(table.name, []).extend(found)
        if _DID in table.c:
            did = [c for c in shown if c.name not in _NOT_THEIRS]
            rows = connection.execute(select(*did).where(table.c[_DID] == user_id)).mappings()
            if found := [dict(row) for row in rows]:
                kept.setdefault(table.name, []).extend(found)
    return kept


def compact(registry: Registry) -> bool:
    """
    Write the database anew, so that nothing of what was erased is left in unused space.

    False if others were reading an SQLite database meanwhile: its journal then keeps what it
    has until the next time. Backups and snapshots keep what they have, too.

    Raises
    ------
    RegistryError
        If others were writing all the time.
    """
    try:
        if registry.engine.dialect.name == "sqlite":
            return _compact_sqlite(registry)
        with registry.engine.connect() as connection:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in WHOLE.sorted_tables:
                connection.execute(text(f"VACUUM FULL {table.name}"))
        return True
    except (OperationalError, sqlite3.OperationalError) as err:
        raise RegistryError(
            f"what was erased is gone from every table, but the file could not be written anew "
            f"({err}); do it again when less is written"
        ) from err


def forget_bytes(registry: Registry) -> None:
    """
    Empty SQLite's journal, in which what was erased may still stand.

    Nothing where others are reading meanwhile, and on PostgreSQL, which cleans up by itself: the
    journal is emptied the next time.
    """
    if registry.engine.dialect.name == "sqlite":
        raw = registry.engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            raw.close()


def _compact_sqlite(registry: Registry) -> bool:
    # Not through a transaction of ours, in which nothing can be written anew.
    raw = registry.engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [busy, *_] = cursor.fetchone() or [1]
        cursor.close()
        return not busy
    finally:
        raw.close()


def _erase(change: Change, subject: str, entries: list[str]) -> None:
    for start in range(0, len(entries), _AT_ONCE):
        some = entries[start : start + _AT_ONCE]
        change.connection.execute(
            update(LOG_ENTRIES).where(LOG_ENTRIES.c.entry_id.in_(some)),
            {"payload": None, "salt": None},
        )
    if entries:
        change.log(subject, ERASE, entries=entries)


def _rows_of(table: Table, user_id: str, email: str) -> list[ColumnElement[bool]]:
    own = []
    if "user_id" in table.c:
        own.append(table.c.user_id == user_id)
    if "email" in table.c:
        own.append(func.lower(table.c.email) == email.lower())
    return [or_(*own)] if own else []


def _cut(connection: Connection, table: Table, person: Person) -> None:
    keys = list(table.primary_key.columns)
    for column in _texts(table):
        if column.primary_key:
            continue
        asked = select(*keys, column.label("said")).where(_has(column, person.words))
        for row in connection.execute(asked).all():
            cut = person.taken_out_of(row.said)
            if cut != row.said:
                mine = [key == row[n] for n, key in enumerate(keys)]
                connection.execute(update(table).where(*mine), {column.name: cut})


def _texts(table: Table) -> Iterable[Column[Any]]:
    return [c for c in table.columns if isinstance(c.type, String | Text | JSON)]


def _is_secret(column: Column[Any]) -> bool:
    return any(word in column.name for word in ("hash", "secret", "salt", "seed", "verifier"))


def _has(column: ColumnElement[Any], words: list[str]) -> ColumnElement[bool]:
    said = cast(column, Text)
    return or_(false(), *(said.icontains(word, autoescape=True) for word in words))
