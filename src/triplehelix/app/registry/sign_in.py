"""Signing in and out, and who somebody is at each request."""

from typing import NamedTuple

from triplehelix.app.registry.passwords import hashed, is_outdated, is_right
from triplehelix.errors import NotSignedIn
from triplehelix.registry.accounts import USUAL, Session, SessionRules, User, folded_email
from triplehelix.registry.limits import SIGN_IN_FROM_ADDRESS, SIGN_IN_OF_ACCOUNT
from triplehelix.registry.viewer import VISITOR, Viewer
from triplehelix.store.registry import accounts, attempts, sessions
from triplehelix.store.registry.accounts import AccountChange
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.viewers import viewer_of


class Browser(NamedTuple):
    """Where a request comes from; `session` is the secret of the session that it carried."""

    address: str
    user_agent: str = ""
    session: str | None = None


class Asker(NamedTuple):
    """Who asks, and in which session; None for visitors and programs."""

    viewer: Viewer
    session: Session | None


def sign_in(
    registry: Registry, email: str, password: str, browser: Browser,
    rules: SessionRules = USUAL,
) -> str:  # fmt: skip
    """
    Sign in with a password, and return the secret of a new session.

    Whether the account exists, is disabled, or the password is wrong: the words and the work are
    the same.

    Raises
    ------
    NotSignedIn
        If the e-mail and the password do not belong together.
    TooOften
        If it was tried too often: see `registry.limits`.
    """
    known_as = folded_email(email)
    count_sign_in(registry, known_as, browser.address)
    with registry.look(VISITOR) as sight:
        user = accounts.user_by_email(sight.connection, known_as)
        kept = accounts.password_hash(sight.connection, user.user_id if user else "")
    if not is_right(kept, password) or user is None or user.disabled:
        raise NotSignedIn(
            "the e-mail and the password do not belong together; check both, or ask for a new "
            "password"
        )
    newer = hashed(password) if kept and is_outdated(kept) else None
    with accounts.changing(registry, VISITOR) as change:
        _require_same(change, user, kept)
        _forgive(change, known_as, browser.address)
        if newer is not None:
            accounts.rehash(change, user.user_id, newer)
        return entered(change, user.user_id, browser, rules, how="password")


def entered(
    change: AccountChange, user_id: str, browser: Browser, rules: SessionRules, *, how: str
) -> str:
    """A new session for who has been recognised; the one that the browser had before is ended."""
    leave(change, browser.session, rules)
    accounts.note_sign_in(change, user_id)
    return sessions.open_session(change, user_id, rules, browser.user_agent, how)


def sign_out(registry: Registry, secret: str | None, rules: SessionRules = USUAL) -> None:
    """End the session of a browser; nothing if it has none."""
    with accounts.changing(registry, VISITOR) as change:
        leave(change, secret, rules)


def leave(change: AccountChange, secret: str | None, rules: SessionRules) -> None:
    """End the session that carries this, if there is one."""
    old = sessions.session_of(change.connection, secret, change.now, rules) if secret else None
    if old is not None:
        sessions.end_session(change, old.user_id, old.session_id)


def asker_of_session(registry: Registry, secret: str | None, rules: SessionRules = USUAL) -> Asker:
    """Who carries the secret of a session now: a visitor if it or the account has ended."""
    if not secret:
        return Asker(VISITOR, None)
    with registry.look(VISITOR) as sight:
        session = sessions.session_of(sight.connection, secret, sight.now, rules)
        if session is None:
            return Asker(VISITOR, None)
        viewer = viewer_of(sight.connection, session.user_id)
        now = sight.now
    if viewer is VISITOR:
        return Asker(VISITOR, None)
    if now - session.seen_at >= sessions.NOTED_EVERY:
        with registry.writing() as connection:
            sessions.note_use(connection, session, now)
    return Asker(viewer, session)


def viewer_of_token(registry: Registry, secret: str) -> Viewer:
    """
    The user that a program acts for, with the token's scopes alone.

    Raises
    ------
    NotSignedIn
        If the token is unknown, was revoked, has expired, or its user's account is shut.
    """
    with registry.look(VISITOR) as sight:
        now = sight.now
        token = sessions.token_of(sight.connection, secret, now)
        viewer = viewer_of(sight.connection, token.user_id, token.scopes) if token else VISITOR
    if token is None or viewer is VISITOR:
        raise NotSignedIn(
            "the token is unknown, was revoked or has expired; make a new one on the page about you"
        )
    if token.used_at is None or now - token.used_at >= sessions.NOTED_EVERY:
        with registry.writing() as connection:
            sessions.note_use(connection, token, now)
    return viewer


def count_sign_in(registry: Registry, email: str, address: str) -> None:
    """
    Count an attempt at a password before it is judged; guesses made at once are all counted.

    Raises
    ------
    TooOften
        If a wait has not passed yet.
    """
    with registry.writing() as connection:
        now = registry.clock()
        from_here = attempts.from_address("sign in", address)
        attempts.count(connection, from_here, SIGN_IN_FROM_ADDRESS, now)
        attempts.count(connection, attempts.of_account("sign in", email), SIGN_IN_OF_ACCOUNT, now)


def _forgive(change: AccountChange, email: str, address: str) -> None:
    mine = attempts.of_account("sign in", email)
    attempts.forgive(change.connection, mine, change.now, all_of_them=True)
    # Who knows one password must not clear the way for guesses at others.
    here = attempts.from_address("sign in", address)
    attempts.forgive(change.connection, here, change.now, all_of_them=False)


def _require_same(change: AccountChange, user: User, kept: str | None) -> None:
    """Nobody gets in by a password that was changed while it was being checked."""
    now = accounts.user(change.connection, user.user_id)
    if now.disabled or accounts.password_hash(change.connection, user.user_id) != kept:
        raise NotSignedIn("the account was changed meanwhile; sign in again")
