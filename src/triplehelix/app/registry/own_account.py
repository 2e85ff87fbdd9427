"""One's own account: sessions, password, tokens of programs."""

from datetime import timedelta
from typing import NamedTuple

from triplehelix.app.registry.passwords import hashed, is_right
from triplehelix.app.registry.sign_in import count_sign_in
from triplehelix.errors import Forbidden, InputError, NotSignedIn
from triplehelix.registry.accounts import (
    USUAL,
    ApiToken,
    Session,
    SessionRules,
    User,
    folded_email,
)
from triplehelix.registry.cleaning import clean_text
from triplehelix.registry.passwords import require_good
from triplehelix.registry.viewer import VISITOR, Viewer
from triplehelix.store.registry import accounts, attempts, invitations, sessions
from triplehelix.store.registry.identities import issuers_of
from triplehelix.store.registry.opening import Registry

SCOPES = ("read", "write")
LONGEST_TOKEN_DAYS, MOST_TOKENS = 365, 50


class OwnAccount(NamedTuple):
    """What somebody may know of their own account; `issuers` are the providers they came by."""

    user: User
    sessions: list[Session]
    tokens: list[ApiToken]
    issuers: list[str]
    names: dict[str, str]


def own_account(registry: Registry, viewer: Viewer, rules: SessionRules = USUAL) -> OwnAccount:
    """
    The viewer's account, with the names of the records that its roles are of.

    Raises
    ------
    NotSignedIn
        If nobody is signed in.
    """
    user_id = require_user(viewer)
    with registry.look(viewer) as sight:
        user = accounts.user(sight.connection, user_id)
        return OwnAccount(
            user,
            sessions.sessions_of(sight.connection, user_id, sight.now, rules),
            sessions.tokens_of(sight.connection, user_id),
            issuers_of(sight.connection, user_id),
            sight.names(role.object_id for role in user.roles if role.object_id),
        )


def end_session(registry: Registry, viewer: Viewer, session_id: str) -> None:
    """End one of the viewer's own sessions; UnknownName if it is none of them."""
    user_id = _require_writer(viewer)
    with accounts.changing(registry, viewer) as change:
        sessions.end_session(change, user_id, session_id)


def end_other_sessions(registry: Registry, viewer: Viewer, keep: str | None) -> int:
    """End all of the viewer's sessions but the one they look from; how many they were."""
    user_id = _require_writer(viewer)
    with accounts.changing(registry, viewer) as change:
        return sessions.end_sessions(change, user_id, but=keep)


def set_password(
    registry: Registry, viewer: Viewer, current: str, new: str, *, address: str,
    keep: str | None = None,
) -> None:  # fmt: skip
    """
    Change one's own password; all other sessions end.

    Parameters
    ----------
    current : the password now; of no account where there is none yet.
    address : where the request comes from, since this is counted like signing in.
    keep : id of the session that goes on.

    Raises
    ------
    NotSignedIn
        If the current password is wrong.
    InputError
        If the new one cannot be taken.
    TooOften
        If it was tried too often.
    """
    user_id = _require_writer(viewer)
    with registry.look(viewer) as sight:
        user = accounts.user(sight.connection, user_id)
        kept = accounts.password_hash(sight.connection, user_id)
    require_good(new, email=user.email or "", name=user.name)
    require_password(registry, user, kept, current, address)
    fresh = hashed(new)
    with accounts.changing(registry, viewer) as change:
        accounts.set_password(change, user_id, fresh, why="by its owner")
        invitations.forget_letters(change, user_id)
        sessions.end_sessions(change, user_id, but=keep)


def require_password(
    registry: Registry, user: User, kept: str | None, given: str, address: str
) -> None:
    """Go on only if this is the user's password, or they have none; counted like signing in."""
    if kept is None:
        return
    known_as = folded_email(user.email or user.user_id)
    count_sign_in(registry, known_as, address)
    if not is_right(kept, given):
        raise NotSignedIn("this is not your password now; check it and try again")
    with registry.writing() as connection:
        for subject, whole in (
            (attempts.of_account("sign in", known_as), True),
            (attempts.from_address("sign in", address), False),
        ):
            attempts.forgive(connection, subject, registry.clock(), all_of_them=whole)


def require_own_password(registry: Registry, viewer: Viewer, given: str, address: str) -> None:
    """Go on only if the viewer can say their own password, or has none."""
    user_id = require_user(viewer)
    with registry.look(viewer) as sight:
        user = accounts.user(sight.connection, user_id)
        kept = accounts.password_hash(sight.connection, user_id)
    require_password(registry, user, kept, given, address)


def make_token(
    registry: Registry, viewer: Viewer, *, name: str, scopes: frozenset[str], days: int,
    user_id: str | None = None,
) -> tuple[ApiToken, str]:  # fmt: skip
    """
    Make a token for a program that acts as its user; its secret is returned once.

    Parameters
    ----------
    name : what it is for, as the list of tokens shows it.
    scopes : `read`, or `read` and `write`.
    days : until it expires, 1 to 365.
    user_id : another's, for administrators; the viewer's own without it.

    Raises
    ------
    InputError
        If a value is wrong.
    Forbidden
        If it is another's account and the viewer no administrator.
    """
    owner = user_id or _require_writer(viewer)
    _require_own_or_all(viewer, owner)
    label = clean_text(name)[:300]
    if not label or not scopes or not scopes <= set(SCOPES):
        raise InputError("a token needs a name, and the scope read, or read and write")
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise InputError(f"a token for {days} days is none; give 1 to {LONGEST_TOKEN_DAYS}")
    with accounts.changing(registry, viewer) as change:
        accounts.user(change.connection, owner)
        if len(sessions.tokens_of(change.connection, owner)) >= MOST_TOKENS:
            raise InputError(f"there are {MOST_TOKENS} tokens already; revoke one first")
        expires = change.now + timedelta(days=days)
        wide = frozenset({"read", *scopes})
        return sessions.make_token(change, owner, name=label, scopes=wide, expires_at=expires)


def tokens(registry: Registry, viewer: Viewer, user_id: str | None = None) -> list[ApiToken]:
    """Tokens of the viewer, or of another for administrators."""
    owner = user_id or require_user(viewer)
    _require_own_or_all(viewer, owner)
    with registry.look(viewer) as sight:
        accounts.user(sight.connection, owner)
        return sessions.tokens_of(sight.connection, owner)


def revoke_token(
    registry: Registry, viewer: Viewer, token_id: str, user_id: str | None = None
) -> None:
    """Let a token be worth nothing from the next request on; UnknownName if it is not there."""
    owner = user_id or _require_writer(viewer)
    _require_own_or_all(viewer, owner)
    with accounts.changing(registry, viewer) as change:
        sessions.revoke_token(change, owner, token_id)


def require_user(viewer: Viewer) -> str:
    """The viewer's own id; NotSignedIn for who has none."""
    if viewer is VISITOR or viewer.user_id is None:
        raise NotSignedIn("this is for people with an account; sign in first")
    return viewer.user_id


def _require_writer(viewer: Viewer) -> str:
    user_id = require_user(viewer)
    if "write" not in viewer.scopes:
        raise Forbidden("this token may read and not write; use one with the scope write")
    return user_id


def _require_own_or_all(viewer: Viewer, owner: str) -> None:
    if owner == viewer.user_id or (viewer.everything and "write" in viewer.scopes):
        return
    raise Forbidden("these are another's tokens; administrators alone may see and change them")
