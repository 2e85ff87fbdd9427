"""Which tables each transaction of a registry writes."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from triplehelix.store.registry.opening import Registry

_WRITES = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)


@contextmanager
def transactions(registry: Registry) -> Iterator[list[Counter[str]]]:
    """Of each transaction that is kept, how many statements wrote each table; those that wrote."""
    kept: list[Counter[str]] = []
    open_: dict[object, Counter[str]] = {}

    def executed(connection, cursor, statement, parameters, context, many):
        found = _WRITES.match(statement)
        if found:
            open_.setdefault(connection.connection.dbapi_connection, Counter())[found[1]] += 1

    def committed(connection):
        wrote = open_.pop(connection.connection.dbapi_connection, None)
        if wrote:
            kept.append(wrote)

    def rolled_back(connection):
        open_.pop(connection.connection.dbapi_connection, None)

    heard = {
        "before_cursor_execute": executed, "commit": committed, "rollback": rolled_back,
    }  # fmt: skip
    for name, hears in heard.items():
        event.listen(registry.engine, name, hears)
    try:
        yield kept
    finally:
        for name, hears in heard.items():
            event.remove(registry.engine, name, hears)
