"""Sessions of browsers and tokens of programs: known by the hash of what they carry."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from triplehelix.registry.accounts import ApiToken, Session, SessionRules, short_agent
from triplehelix.registry.ids import nothing_so_named
from triplehelix.store.registry.account_tables import API_TOKENS, SESSIONS
from triplehelix.store.registry.accounts import AccountChange
from triplehelix.store.registry.secret_words import digest, is_same, new_secret

# So much later a use is written down again: not at every request.
NOTED_EVERY = timedelta(minutes=10)


def open_session(
    change: AccountChange, user_id: str, rules: SessionRules, user_agent: str, how: str
) -> str:
    """Begin a session, and return the secret that its browser carries; old ones are swept away."""
    change.connection.execute(delete(SESSIONS).where(SESSIONS.c.expires_at <= change.now))
    secret, session_id = new_secret(), change.ids("session")
    change.connection.execute(insert(SESSIONS), {
        "session_id": session_id, "hash": digest(secret), "user_id": user_id,
        "created_at": change.now, "seen_at": change.now,
        "expires_at": change.now + rules.lifetime, "user_agent": short_agent(user_agent),
    })  # fmt: skip
    change.log(user_id, "sign in", actor=user_id, session=session_id, how=how)
    return secret


def session_of(
    connection: Connection, secret: str, now: datetime, rules: SessionRules
) -> Session | None:
    """The session whose browser carries this; None if it has ended, or lain unused too long."""
    row = _carried(connection, SESSIONS, secret)
    if row is None or row["expires_at"] <= now or row["seen_at"] + rules.idle <= now:
        return None
    return _session(row)


def sessions_of(
    connection: Connection, user_id: str, now: datetime, rules: SessionRules
) -> list[Session]:
    """A user's sessions that have not ended, the latest used first."""
    asked = (
        select(SESSIONS)
        .where(SESSIONS.c.user_id == user_id, SESSIONS.c.expires_at > now,
               SESSIONS.c.seen_at > now - rules.idle)
        .order_by(SESSIONS.c.seen_at.desc(), SESSIONS.c.session_id)
    )  # fmt: skip
    return [_session(row) for row in connection.execute(asked).mappings()]


def end_session(change: AccountChange, user_id: str, session_id: str) -> None:
    """
    End one session of a user.

    Raises
    ------
    UnknownName
        If the user has no such session.
    """
    mine = (SESSIONS.c.user_id == user_id) & (SESSIONS.c.session_id == session_id)
    if not change.connection.execute(delete(SESSIONS).where(mine)).rowcount:
        raise nothing_so_named("session")
    change.log(user_id, "end session", actor=change.viewer.user_id or user_id, session=session_id)


def end_sessions(change: AccountChange, user_id: str, *, but: str | None = None) -> int:
    """End all sessions of a user but one, and say how many they were."""
    mine = SESSIONS.c.user_id == user_id
    if but is not None:
        mine &= SESSIONS.c.session_id != but
    ended = sorted(change.connection.scalars(select(SESSIONS.c.session_id).where(mine)))
    change.connection.execute(delete(SESSIONS).where(mine))
    if ended:
        who = change.viewer.user_id or user_id
        change.log(user_id, "end sessions", actor=who, sessions=ended)
    return len(ended)


def note_use(connection: Connection, one: Session | ApiToken, now: datetime) -> None:
    """Keep that a session or a token was used."""
    if isinstance(one, Session):
        mine, values = SESSIONS.c.session_id == one.session_id, {"seen_at": now}
        connection.execute(update(SESSIONS).where(mine), values)
    else:
        mine, values = API_TOKENS.c.token_id == one.token_id, {"used_at": now}
        connection.execute(update(API_TOKENS).where(mine), values)


def make_token(
    change: AccountChange, user_id: str, *, name: str, scopes: frozenset[str], expires_at: datetime
) -> tuple[ApiToken, str]:
    """Make a token, and return it with its secret, which is shown once and not kept."""
    secret = new_secret()
    row: dict[str, Any] = {
        "token_id": change.ids("token"), "hash": digest(secret), "user_id": user_id, "name": name,
        "scopes": " ".join(sorted(scopes)), "created_at": change.now, "expires_at": expires_at,
        "used_at": None,
    }  # fmt: skip
    change.connection.execute(insert(API_TOKENS), row)
    change.log(user_id, "make token", token=row["token_id"], scopes=sorted(scopes),
               expires=expires_at.isoformat())  # fmt: skip
    return _token(row), secret


def token_of(connection: Connection, secret: str, now: datetime) -> ApiToken | None:
    """The token that a program carries; None if it was revoked or has expired."""
    row = _carried(connection, API_TOKENS, secret)
    return None if row is None or row["expires_at"] <= now else _token(row)


def tokens_of(connection: Connection, user_id: str) -> list[ApiToken]:
    """A user's tokens, expired ones too, the latest made first."""
    asked = (
        select(API_TOKENS)
        .where(API_TOKENS.c.user_id == user_id)
        .order_by(API_TOKENS.c.created_at.desc(), API_TOKENS.c.token_id)
    )
    return [_token(row) for row in connection.execute(asked).mappings()]


def revoke_token(change: AccountChange, user_id: str, token_id: str) -> None:
    """
    Let a token of a user be worth nothing.

    Raises
    ------
    UnknownName
        If the user has no such token.
    """
    mine = (API_TOKENS.c.user_id == user_id) & (API_TOKENS.c.token_id == token_id)
    if not change.connection.execute(delete(API_TOKENS).where(mine)).rowcount:
        raise nothing_so_named("token")
    change.log(user_id, "revoke token", token=token_id)


def _carried(connection: Connection, table: Any, secret: str) -> RowMapping | None:
    asked = digest(secret)
    row = connection.execute(select(table).where(table.c.hash == asked)).mappings().first()
    return row if row is not None and is_same(row["hash"], asked) else None


def _session(row: RowMapping) -> Session:
    return Session(row["session_id"], row["user_id"], row["created_at"], row["seen_at"],
                   row["expires_at"], row["user_agent"])  # fmt: skip


def _token(row: RowMapping | dict[str, Any]) -> ApiToken:
    return ApiToken(
        row["token_id"], row["user_id"], row["name"], frozenset(row["scopes"].split()),
        row["created_at"], row["expires_at"], row["used_at"],
    )  # fmt: skip
