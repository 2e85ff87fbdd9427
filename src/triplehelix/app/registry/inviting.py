"""Inviting people to a role, and accepting: bound to an address and to what the role is of."""

from datetime import timedelta
from typing import NamedTuple

from triplehelix.app.registry.letters import invitation_address, send_invitation
from triplehelix.app.registry.own_account import require_user
from triplehelix.app.registry.passwords import hashed
from triplehelix.app.registry.people import checked_email, checked_name, require_may_give_on
from triplehelix.app.registry.settings import RegistrySettings
from triplehelix.app.registry.sign_in import Browser, entered
from triplehelix.errors import Conflict, Forbidden, TripleHelixError
from triplehelix.registry.accounts import USUAL, Invitation, SessionRules
from triplehelix.registry.ids import nothing_so_named
from triplehelix.registry.passwords import require_good
from triplehelix.registry.roles import Role, may_give
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR, Viewer
from triplehelix.store.registry import accounts, invitations
from triplehelix.store.registry.accounts import AccountChange
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.viewers import viewer_of

LASTS = timedelta(days=14)


class Invited(NamedTuple):
    """
    An invitation that was made.

    `address` is where it is accepted: None once it was mailed, so that nobody else sees it.
    `trouble` says why it could not be mailed.
    """

    invitation: Invitation
    address: str | None
    trouble: str | None


class Offer(NamedTuple):
    """What whoever holds an invitation is shown: the role, of what, and for which address."""

    invitation: Invitation
    name: str | None
    has_account: bool


def invite(
    registry: Registry, viewer: Viewer, settings: RegistrySettings, email: str, role: Role
) -> Invited:
    """
    Offer a role to whoever owns an address, whether they have an account or not.

    Raises
    ------
    InputError, UnknownName, Forbidden
        The address is none; the role's object is none or hidden; the viewer may not give it.
    """
    to = checked_email(email)
    with accounts.changing(registry, viewer) as change:
        require_may_give_on(change, viewer, role)
        made, secret = invitations.make_invitation(change, to, role, LASTS)
    where = invitation_address(settings, secret)
    if settings.mail is None:
        return Invited(made, where, None)
    try:
        send_invitation(settings, made, secret, _name(registry, viewer, role))
    except TripleHelixError as err:
        return Invited(made, where, str(err))
    return Invited(made, None, None)


def invitations_open(registry: Registry, viewer: Viewer) -> list[Invitation]:
    """Invitations that wait, of roles that the viewer may give; the latest first."""
    with registry.look(viewer) as sight:
        return [
            one
            for one in invitations.open_invitations(sight.connection, sight.now)
            if may_give(viewer, one.role, accounts.keeper_of(sight.connection, one.role))
        ]


def withdraw(registry: Registry, viewer: Viewer, invitation_id: str) -> None:
    """Take an invitation back; UnknownName if it is none that the viewer may give."""
    mine = [i for i in invitations_open(registry, viewer) if i.invitation_id == invitation_id]
    if not mine:
        raise nothing_so_named("invitation")
    with accounts.changing(registry, viewer) as change:
        invitations.withdraw_invitation(change, mine[0])


def offer(registry: Registry, secret: str) -> Offer:
    """
    What an invitation offers, for whoever holds it.

    Raises
    ------
    UnknownName
        If it is none, was used, taken back, or has expired.
    """
    with registry.look(VISITOR) as sight:
        found = invitations.invitation_of(sight.connection, secret, sight.now)
        user = accounts.user_by_email(sight.connection, found.email)
    return Offer(found, _name(registry, COMMAND_LINE, found.role), user is not None)


def accept_as_newcomer(
    registry: Registry, secret: str, *, name: str, password: str, browser: Browser,
    rules: SessionRules = USUAL,
) -> str:  # fmt: skip
    """
    Accept with a new account, and be signed in; the secret of the session.

    The letter reached the address, so the address is the account's.

    Raises
    ------
    UnknownName
        If the invitation is none or was used meanwhile.
    Conflict
        If the address has an account: its owner signs in first.
    InputError
        If the name or the password cannot be taken; the invitation stays good.
    """
    found = offer(registry, secret)
    called = checked_name(name)
    require_good(password, email=found.invitation.email, name=called)
    if found.has_account:
        raise Conflict("this address has an account; sign in with it, then accept")
    fresh = hashed(password)
    with accounts.changing(registry, VISITOR) as change:
        user_id = accounts.make_user(
            change, email=found.invitation.email, name=called, password_hash=fresh
        )
        taken_up(change, found.invitation, user_id)
        return entered(change, user_id, browser, rules, how="invitation")


def accept(registry: Registry, viewer: Viewer, secret: str) -> Role:
    """
    Accept with the account that one is signed in with; the role that is now held.

    Raises
    ------
    Forbidden
        If the invitation is for another address than the account's.
    UnknownName
        If the invitation is none or was used meanwhile.
    """
    user_id = require_user(viewer)
    found = offer(registry, secret).invitation
    with accounts.changing(registry, viewer) as change:
        require_for(found, accounts.user(change.connection, user_id).email)
        if "write" not in viewer.scopes:
            raise Forbidden("a token that may only read cannot accept; sign in")
        taken_up(change, found, user_id)
    return found.role


def taken_up(change: AccountChange, invitation: Invitation, user_id: str) -> None:
    """
    Use an invitation up and give its role.

    Whoever invited must still be one who may give it: the offers of stewards who were dismissed
    are worth nothing.
    """
    invitations.use_invitation(change, invitation, user_id)
    inviter = (
        viewer_of(change.connection, invitation.invited_by)
        if invitation.invited_by
        else COMMAND_LINE
    )
    if not may_give(
        inviter, invitation.role, accounts.keeper_of(change.connection, invitation.role)
    ):
        raise nothing_so_named("invitation")
    accounts.give_role(change, user_id, invitation.role)


def require_for(invitation: Invitation, email: str | None) -> None:
    """Go on only if an invitation is for this address; Forbidden if not."""
    if email != invitation.email:
        raise Forbidden(
            "this invitation is for another e-mail address than your account's; sign in with "
            "the account of that address, or ask for an invitation to yours"
        )


def _name(registry: Registry, viewer: Viewer, role: Role) -> str | None:
    with registry.look(viewer) as sight:
        return sight.names([role.object_id]).get(role.object_id) if role.object_id else None
