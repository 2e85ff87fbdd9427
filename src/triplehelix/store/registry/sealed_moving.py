"""Sealed matching out and in: rows as they were elsewhere, for who sees everything."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Table, insert, select

from triplehelix.errors import InputError, UnknownName
from triplehelix.registry.exchange.jsonl_sealed import SHAPES
from triplehelix.registry.ids import OF_PREFIX
from triplehelix.registry.sealed import NOBODY
from triplehelix.registry.visibility import EVERYBODY, Condition
from triplehelix.store.registry.call_following import both_sides, holder_of, private_to
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.sealed_tables import (
    SEALED_CONSENTS,
    SEALED_MATCHES,
    SEALED_OFFERS,
    SEALED_PAIRS,
    SEALED_QUESTIONS,
    SEALED_USES,
    VERIFIED,
)
from triplehelix.store.registry.sight import Sight

TABLES = {
    "verified": VERIFIED, "sealed_offer": SEALED_OFFERS, "sealed_pair": SEALED_PAIRS,
    "sealed_use": SEALED_USES, "sealed_question": SEALED_QUESTIONS,
    "sealed_consent": SEALED_CONSENTS, "sealed_match": SEALED_MATCHES,
}  # fmt: skip


def sealed_rows(sight: Sight) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every row with its kind, the earliest of a kind first; of who sees everything alone."""
    if not sight.viewer.everything:
        return
    for kind, table in TABLES.items():
        shape = SHAPES[kind]
        by = [table.c[name] for name in (shape.moment, *shape.key)]
        for row in sight.connection.execute(select(table).order_by(*by)).mappings():
            yield kind, dict(row)


def bring_sealed(change: Change, said: Mapping[str, Any]) -> str:
    """
    Write what a line says: `created`, `unchanged`, or `differs` where it is there otherwise.

    Raises
    ------
    InputError
        If a record that it is about is not there.
    """
    kind = said["is"]
    table, shape = TABLES[kind], SHAPES[kind]
    row = {name: said[name] for name in shape.names}
    if kind == "sealed_consent":
        # Part of the key, where NULL cannot be.
        row["call_id"] = row["call_id"] or ""
    change.flush()
    same = [table.c[name] == row[name] for name in shape.key]
    there = change.connection.execute(select(table).where(*same)).mappings().first()
    if there is not None:
        return "unchanged" if all(there[name] == row[name] for name in row) else "differs"
    _require_there(change, table, row)
    seen_by = change.keep(_condition(change, kind, row))
    by_user = {"by_user": None} if "by_user" in table.c else {}
    change.connection.execute(insert(table), {**row, **by_user, "seen_by": seen_by})
    change.log(_subject(kind, row), "bring sealed matching", what=kind)
    return "created"


def _require_there(change: Change, table: Table, row: Mapping[str, Any]) -> None:
    for column in table.c:
        own = row.get(column.name)
        if own and column.foreign_keys:
            try:
                change.sight.record(OF_PREFIX[own[:2]], own)
            except UnknownName as err:
                raise InputError(
                    f"its {column.name} {own} is neither here nor in the file before it; bring it "
                    "first"
                ) from err


def _condition(change: Change, kind: str, row: Mapping[str, Any]) -> Condition:
    if kind == "verified":
        return EVERYBODY
    if kind == "sealed_pair":
        return NOBODY
    if kind == "sealed_match":
        return both_sides(change, row["call_id"], row["asset_id"])
    return private_to(holder_of(change, row["record_id"]))


def _subject(kind: str, row: Mapping[str, Any]) -> str:
    """Of a pair the side whose bit it is: the entry names no other."""
    if kind == "sealed_pair":
        asked: str = row["asset_id"] if row["asker"] == "call" else row["call_id"]
        return asked
    own: str = row["call_id"] if kind == "sealed_match" else row["record_id"]
    return own
