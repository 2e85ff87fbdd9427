"""A new password for who has forgotten theirs, without telling who has an account."""

from datetime import timedelta

from triplehelix.app.registry.letters import reset_address, send_reset_letter
from triplehelix.app.registry.passwords import hashed
from triplehelix.app.registry.settings import RegistrySettings
from triplehelix.errors import Forbidden
from triplehelix.registry.accounts import folded_email
from triplehelix.registry.limits import RESET_FROM_ADDRESS, RESET_OF_ACCOUNT
from triplehelix.registry.passwords import require_good
from triplehelix.registry.viewer import VISITOR, Action, Viewer, require
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry import accounts, attempts, invitations, sessions
from triplehelix.store.registry.opening import Registry

LASTS = timedelta(minutes=60)


def request_reset(registry: Registry, email: str, address: str) -> None:
    """
    Take note that somebody asks for a new password: the same for every address of mail.

    Whether there is an account is looked up by `send_reset` alone, after the answer has gone.

    Raises
    ------
    TooOften
        If it was asked too often.
    """
    known_as = folded_email(email)
    with registry.writing() as connection:
        now = registry.clock()
        here = attempts.from_address("reset", address)
        attempts.count(connection, here, RESET_FROM_ADDRESS, now)
        attempts.count(connection, attempts.of_account("reset", known_as), RESET_OF_ACCOUNT, now)


def send_reset(registry: Registry, settings: RegistrySettings, email: str) -> None:
    """Send the letter if there is an open account of that address; else nothing."""
    with accounts.changing(registry, VISITOR) as change:
        user = accounts.user_by_email(change.connection, folded_email(email))
        if user is None or user.email is None or user.disabled:
            return
        secret = invitations.make_reset(change, user.user_id, LASTS)
    send_reset_letter(settings, user.email, secret, int(LASTS.total_seconds() // 60))


def reset_for(registry: Registry, viewer: Viewer, settings: RegistrySettings, user_id: str) -> str:
    """
    The address at which a user sets a new password, for an administrator to pass on.

    Raises
    ------
    Forbidden
        If the viewer is no administrator, or the account is shut.
    """
    require(viewer, Action.ADMINISTER, Holder())
    with accounts.changing(registry, viewer) as change:
        if accounts.user(change.connection, user_id).disabled:
            raise Forbidden("this account is shut; open it first")
        return reset_address(settings, invitations.make_reset(change, user_id, LASTS))


def require_reset(registry: Registry, secret: str) -> None:
    """Go on only if a letter with this secret waits; UnknownName if not."""
    with registry.look(VISITOR) as sight:
        invitations.reset_of(sight.connection, secret, sight.now)


def reset(registry: Registry, secret: str, password: str) -> None:
    """
    Set a new password by a letter, once; all sessions of the account end.

    Raises
    ------
    UnknownName
        If there is no such letter, or it was used or has expired.
    InputError
        If the password cannot be taken; the letter stays good.
    """
    with registry.look(VISITOR) as sight:
        user_id = invitations.reset_of(sight.connection, secret, sight.now)
        user = accounts.user(sight.connection, user_id)
    require_good(password, email=user.email or "", name=user.name)
    fresh = hashed(password)
    with accounts.changing(registry, VISITOR) as change:
        if accounts.user(change.connection, invitations.use_reset(change, secret)).disabled:
            raise Forbidden("this account is shut; ask the administrators")
        accounts.set_password(change, user_id, fresh, why="by a letter")
        sessions.end_sessions(change, user_id)
        if user.email is not None:
            mine = attempts.of_account("sign in", user.email)
            attempts.forgive(change.connection, mine, change.now, all_of_them=True)
