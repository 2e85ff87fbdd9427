"""Keeping what search reads beside the records, in the transaction of each change."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, func, insert, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from triplehelix.registry.ids import PREFIXES
from triplehelix.registry.pieces import WEIGHING, piece
from triplehelix.store.registry.search_tables import SEARCH_FEED, SEARCH_PIECES
from triplehelix.store.registry.tables import PARTS

KIND_OF = {PREFIXES[kind]: kind for kind in WEIGHING}


def piece_rows(record_id: str, parts: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The pieces of a record whose fields stand in parts, by condition; none of news and events."""
    kind = KIND_OF.get(record_id[:2])
    if kind is None:
        return []
    return [_row(record_id, seen_by, piece(kind, fields)) for seen_by, fields in parts.items()]


def note(connection: Connection, record_ids: Iterable[str]) -> None:
    """Write down that these records change in this transaction."""
    ids = sorted(set(record_ids))
    if not ids:
        return
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    new = make(SEARCH_FEED)
    put = new.on_conflict_do_update(index_elements=["record_id"], set_={"at": new.excluded.at})
    at = _moment(connection)
    connection.execute(put, [{"record_id": each, "at": at} for each in ids])


def rebuild(connection: Connection) -> None:
    """Make all pieces anew, for a registry from before there were any."""
    connection.execute(delete(SEARCH_PIECES))
    rows = connection.execute(select(PARTS.c.record_id, PARTS.c.seen_by, PARTS.c.fields))
    for some in rows.partitions(1000):
        made = [row for r in some for row in piece_rows(r.record_id, {r.seen_by: r.fields})]
        if made:
            connection.execute(insert(SEARCH_PIECES), made)
        note(connection, [row["record_id"] for row in made])


def _row(record_id: str, seen_by: str, weights: dict[str, float]) -> dict[str, Any]:
    return {
        "record_id": record_id, "seen_by": seen_by, "words": " ".join(weights),
        "weights": np.fromiter(weights.values(), "<f4", len(weights)).tobytes(),
    }  # fmt: skip


def _moment(connection: Connection) -> int:
    """A number that no transaction seen so far has reached."""
    if connection.dialect.name == "postgresql":
        own: Any = literal_column("pg_current_xact_id()::text::bigint")
        return int(connection.scalars(select(own)).one())
    # Later rows of the same transaction may have later numbers: only the order matters.
    return int(connection.scalar(select(func.max(SEARCH_FEED.c.at))) or 0) + 1
