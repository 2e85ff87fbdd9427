"""Users and their roles, for administrators and, of their own people, stewards."""

import re

from triplehelix.app.registry.own_account import require_user
from triplehelix.app.registry.passwords import hashed
from triplehelix.errors import Conflict, InputError
from triplehelix.registry.accounts import User, folded_email
from triplehelix.registry.cleaning import clean_text
from triplehelix.registry.ids import nothing_so_named
from triplehelix.registry.passwords import require_good
from triplehelix.registry.roles import Role, RoleName, require_may_give
from triplehelix.registry.viewer import Action, Viewer, require
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry import accounts, sessions
from triplehelix.store.registry.accounts import AccountChange
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sight import Sight

_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]{1,64}@[^@\s<>,;:\"()\[\]\\]{1,255}")


def users(registry: Registry, viewer: Viewer) -> list[User]:
    """
    Who has an account, by name: all for administrators, for stewards the people of their networks
    and of the members these look after, each with the roles that the viewer may give.

    Raises
    ------
    NotSignedIn
        If nobody is signed in.
    """
    if not viewer.everything:
        require_user(viewer)
    with registry.look(viewer) as sight:
        if viewer.everything:
            return accounts.users(sight.connection)
        own = accounts.kept_by(sight.connection, viewer.stewards)
        known = accounts.users(sight.connection, accounts.holders_of(sight.connection, own))
        return [_as_known_to(user, own) for user in known]


def user(registry: Registry, viewer: Viewer, user_id: str) -> User:
    """
    One user.

    Raises
    ------
    UnknownName
        If there is none, or the viewer may not know of it: the same words.
    """
    with registry.look(viewer) as sight:
        return _known(sight, viewer, user_id)


def names_of_roles(registry: Registry, viewer: Viewer, known: list[User]) -> dict[str, str]:
    """Names of the records that these users' roles are of, where the viewer sees them."""
    with registry.look(viewer) as sight:
        return sight.names(r.object_id for one in known for r in one.roles if r.object_id)


def kept_records(registry: Registry, viewer: Viewer, most: int = 200) -> list[tuple[str, str]]:
    """(id, name) of records whose people the viewer may choose, by name; at most so many."""
    with registry.look(viewer) as sight:
        if viewer.everything:
            ids = set(sight.connection.scalars(sight.records_where("network")))
        else:
            ids = accounts.kept_by(sight.connection, viewer.stewards)
        named = sorted(sight.names(ids).items(), key=lambda pair: (pair[1], pair[0]))
    return named[:most]


def add_user(
    registry: Registry, viewer: Viewer, *, email: str, name: str, password: str,
    roles: tuple[Role, ...] = (),
) -> str:  # fmt: skip
    """
    Make an account with a password, for administrators; the new user's id.

    Raises
    ------
    InputError, Conflict, Forbidden
        Something is wrong with a value; the address has an account; the viewer may not.
    """
    require(viewer, Action.ADMINISTER, Holder())
    known_as, called = checked_email(email), checked_name(name)
    require_good(password, email=known_as, name=called)
    fresh = hashed(password)
    with accounts.changing(registry, viewer) as change:
        user_id = accounts.make_user(change, email=known_as, name=called, password_hash=fresh)
        for role in roles:
            require_may_give_on(change, viewer, role)
            accounts.give_role(change, user_id, role)
        return user_id


def give_role(registry: Registry, viewer: Viewer, user_id: str, role: Role) -> None:
    """
    Give a role to a user that the viewer knows.

    Raises
    ------
    UnknownName
        If the user, or the role's object, is none or hidden.
    Forbidden
        If the viewer may not give it.
    """
    with accounts.changing(registry, viewer) as change:
        _known(_sight(change), viewer, user_id)
        require_may_give_on(change, viewer, role)
        accounts.give_role(change, user_id, role)


def take_role(registry: Registry, viewer: Viewer, user_id: str, role: Role) -> None:
    """
    Take a role away; its powers end at the next request.

    Raises
    ------
    UnknownName
        If the user, the object, or that role of the user's is none or hidden.
    Forbidden
        If the viewer may not take it.
    Conflict
        If nobody would be administrator then.
    """
    with accounts.changing(registry, viewer) as change:
        _known(_sight(change), viewer, user_id)
        if not viewer.everything:  # what a role was of may be gone meanwhile
            require_may_give_on(change, viewer, role)
        require_may_give(viewer, role, accounts.keeper_of(change.connection, role))
        if role.name == RoleName.ADMINISTRATOR:
            _require_another(change, user_id)
        accounts.take_role(change, user_id, role)


def disable(registry: Registry, viewer: Viewer, user_id: str) -> None:
    """
    Shut an account: its sessions and tokens stop at the next request, for good.

    Raises
    ------
    Forbidden, UnknownName, Conflict
        The viewer is no administrator; there is no such user; it is the last administrator.
    """
    require(viewer, Action.ADMINISTER, Holder())
    with accounts.changing(registry, viewer) as change:
        accounts.user(change.connection, user_id)
        _require_another(change, user_id)
        accounts.set_disabled(change, user_id, True)
        sessions.end_sessions(change, user_id)
        for token in sessions.tokens_of(change.connection, user_id):
            sessions.revoke_token(change, user_id, token.token_id)


def enable(registry: Registry, viewer: Viewer, user_id: str) -> None:
    """Open an account again, for administrators; whoever has it signs in anew."""
    require(viewer, Action.ADMINISTER, Holder())
    with accounts.changing(registry, viewer) as change:
        accounts.user(change.connection, user_id)
        accounts.set_disabled(change, user_id, False)


def require_may_give_on(change: AccountChange, viewer: Viewer, role: Role) -> None:
    """Go on only if the viewer sees the role's object and may give the role on it."""
    if role.kind is not None:
        _sight(change, viewer).record(role.kind, role.object_id)
    require_may_give(viewer, role, accounts.keeper_of(change.connection, role))


def checked_email(email: str) -> str:
    """
    An address as accounts are known by; InputError if it is none.

    Examples
    --------
    >>> checked_email("Ada@Example.org")
    'ada@example.org'
    """
    known_as = folded_email(email)
    if not _EMAIL.fullmatch(known_as):
        raise InputError(f"{email[:80]!r} is no e-mail address; write it as name@example.org")
    return known_as


def checked_name(name: str) -> str:
    """A person's name, cleaned; InputError if there is none."""
    called = clean_text(name)
    if not called or len(called) > 300 or "\n" in called:
        raise InputError("a name is needed, of at most 300 letters on one line")
    return called


def _sight(change: AccountChange, viewer: Viewer | None = None) -> Sight:
    return Sight(change.connection, viewer or change.viewer, change.now)


def _known(sight: Sight, viewer: Viewer, user_id: str) -> User:
    own = set() if viewer.everything else accounts.kept_by(sight.connection, viewer.stewards)
    found = accounts.user(sight.connection, user_id)
    if viewer.everything:
        return found
    if not any(role.object_id in own for role in found.roles):
        raise nothing_so_named("user")
    return _as_known_to(found, own)


def _as_known_to(found: User, own: set[str]) -> User:
    return User(
        user_id=found.user_id, email=found.email, name=found.name, kind=found.kind,
        disabled=found.disabled, has_password=found.has_password, created_at=found.created_at,
        # When somebody was here is no business of a steward's.
        signed_in_at=None, roles=tuple(role for role in found.roles if role.object_id in own),
    )  # fmt: skip


def _require_another(change: AccountChange, user_id: str) -> None:
    if accounts.administrators(change) == [user_id]:
        raise Conflict("nobody would be administrator then; make somebody else one first")
