"""The ids that holders gave their records: which record an import's row is about."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select

from triplehelix.registry.visibility import Holder
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.sight import Sight
from triplehelix.store.registry.tables import RECORDS, SOURCE_KEYS

_AT_ONCE = 500


def key_holder(holder: Holder) -> str:
    """Under what name a holder's keys are kept: uniqueness is per holder."""
    return holder.member_id or holder.network_id or "unassigned"


def found_by_key(change: Change, holder: Holder, scheme: str) -> dict[str, str]:
    """
    The records of a holder that an earlier import brought: record ids by the source's own id.

    On PostgreSQL the holder's keys stay locked until the transaction ends, so that of two imports
    at once the second finds what the first has brought.
    """
    name = key_holder(holder)
    if change.connection.dialect.name == "postgresql":
        change.connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))
    asked = (
        select(SOURCE_KEYS.c.value, SOURCE_KEYS.c.record_id)
        .join(RECORDS, RECORDS.c.record_id == SOURCE_KEYS.c.record_id)
        .where(SOURCE_KEYS.c.holder == name, SOURCE_KEYS.c.scheme == scheme,
               change.sight.seen(RECORDS))
    )  # fmt: skip
    return {row.value: row.record_id for row in change.connection.execute(asked)}


def keys_of(sight: Sight, record_ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """The (scheme, value) keys of records, by record id; for those who may change these."""
    found: dict[str, list[tuple[str, str]]] = {}
    for some in chunks(record_ids):
        asked = (
            select(SOURCE_KEYS)
            .join(RECORDS, RECORDS.c.record_id == SOURCE_KEYS.c.record_id)
            .where(SOURCE_KEYS.c.record_id.in_(some), sight.seen(RECORDS))
        )
        for row in sight.connection.execute(asked):
            found.setdefault(row.record_id, []).append((row.scheme, row.value))
    return {record_id: sorted(keys) for record_id, keys in found.items()}


def add_key(change: Change, holder: Holder, record_id: str, scheme: str, value: str) -> None:
    """Let a record be found by one more of its holder's ids."""
    change.add(SOURCE_KEYS, {"holder": key_holder(holder), "scheme": scheme, "value": value,
                             "record_id": record_id})  # fmt: skip


def chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """So many ids at once as any database takes in one question."""
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
