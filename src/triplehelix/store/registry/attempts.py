"""Counting attempts before they are judged, so that many at once count too."""

from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from triplehelix.errors import TooOften
from triplehelix.registry.limits import DAY, Limit, wait_after
from triplehelix.store.registry.account_tables import SIGN_IN_ATTEMPTS


def of_account(what: str, email: str) -> str:
    """Under which the attempts at an account are counted, whether it exists or not."""
    return sha256(f"{what} account {email}".encode("utf-8", "replace")).hexdigest()


def from_address(what: str, address: str) -> str:
    """
    Under which the attempts from a network address are counted.

    One line of the internet has 2^64 addresses of IPv6, so these count as one.
    """
    try:
        ip = ip_address(address.partition("%")[0])
        mapped = ip.ipv4_mapped if ip.version == 6 else None
        kept = str(mapped or ip) if mapped or ip.version == 4 else ip.exploded[:19]
    except ValueError:
        kept = address[:100]
    return sha256(f"{what} address {kept}".encode()).hexdigest()


def count(connection: Connection, subject: str, limit: Limit, now: datetime) -> None:
    """
    Count an attempt, or refuse it.

    Raises
    ------
    TooOften
        If a wait has not passed yet; the attempt is not counted then.
    """
    _have(connection, subject, now)
    mine = SIGN_IN_ATTEMPTS.c.subject == subject
    row = connection.execute(select(SIGN_IN_ATTEMPTS).where(mine).with_for_update()).one()
    if row.wait_until > now:
        wait_s = max(1, round((row.wait_until - now).total_seconds()))
        raise TooOften(
            f"this was tried too often; wait {_in_words(wait_s)} and try again. Each further "
            "failure makes the wait longer",
            wait_s,
        )
    forgotten = row.last_at + timedelta(seconds=limit.forgotten_s) <= now
    attempts = 1 if forgotten else row.attempts + 1
    wait = timedelta(seconds=wait_after(limit, attempts))
    connection.execute(
        update(SIGN_IN_ATTEMPTS).where(mine),
        {"attempts": attempts, "last_at": now, "wait_until": now + wait},
    )


def forgive(connection: Connection, subject: str, now: datetime, *, all_of_them: bool) -> None:
    """After a success: forget all attempts, or this one alone."""
    mine = SIGN_IN_ATTEMPTS.c.subject == subject
    if all_of_them:
        connection.execute(delete(SIGN_IN_ATTEMPTS).where(mine))
        return
    fewer = {"attempts": SIGN_IN_ATTEMPTS.c.attempts - 1, "wait_until": now}
    connection.execute(
        update(SIGN_IN_ATTEMPTS).where(mine, SIGN_IN_ATTEMPTS.c.attempts > 0).values(fewer)
    )


def _have(connection: Connection, subject: str, now: datetime) -> None:
    old = now - timedelta(seconds=DAY)
    connection.execute(delete(SIGN_IN_ATTEMPTS).where(SIGN_IN_ATTEMPTS.c.last_at < old))
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(
        make(SIGN_IN_ATTEMPTS).on_conflict_do_nothing(),
        {"subject": subject, "attempts": 0, "last_at": now, "wait_until": now},
    )


def _in_words(seconds: int) -> str:
    minutes = -(-seconds // 60)
    if seconds < 60:
        return f"{seconds} seconds"
    return f"{minutes} minute{'s' if minutes > 1 else ''}"
