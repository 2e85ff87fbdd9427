"""Moments come back as they went in, whatever zone the server keeps."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import StatementError

from tests.registry_worlds import an_id
from triplehelix.store.registry.tables import USERS

MOMENT = datetime(2026, 3, 29, 1, 30, 15, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45)))


def write(registry, moment: datetime) -> None:
    with registry.writing() as connection:
        connection.execute(insert(USERS), {
            "user_id": an_id("user", "Ada"), "email": "a@example.org", "name": "Ada",
            "kind": "person", "created_at": moment,
        })  # fmt: skip


def test_in_utc_to_the_microsecond(registry):
    write(registry, MOMENT)
    with registry.reading() as connection:
        row = connection.execute(select(USERS.c.created_at, USERS.c.signed_in_at)).one()
    assert row == (MOMENT, None) and row.created_at.tzinfo is UTC
    assert row.created_at.isoformat() == "2026-03-28T19:45:15.123456+00:00"


def test_the_server_keeps_another_zone(registry):
    """So that the test above tells something."""
    if registry.engine.dialect.name == "postgresql":
        with registry.reading() as connection:
            assert connection.scalar(text("SHOW timezone")) == "Asia/Kathmandu"


def test_a_moment_without_a_zone_is_our_mistake(registry):
    with pytest.raises(StatementError, match="has no time zone"):
        write(registry, MOMENT.replace(tzinfo=None))
