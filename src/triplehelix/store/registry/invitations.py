"""Letters that give something to whoever owns an address: invitations, resets of passwords."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from triplehelix.registry.accounts import Invitation
from triplehelix.registry.ids import nothing_so_named
from triplehelix.registry.roles import Role
from triplehelix.store.registry.account_tables import INVITATIONS, PASSWORD_RESETS
from triplehelix.store.registry.accounts import AccountChange
from triplehelix.store.registry.secret_words import digest, new_secret


def make_invitation(
    change: AccountChange, email: str, role: Role, lasts: timedelta
) -> tuple[Invitation, str]:
    """
    Offer a role to an address, and return the offer with the secret of its letter.

    The role and its object stand in the database, so that nothing in the letter can change them.
    """
    secret, made = new_secret(), change.ids("invitation")
    row: dict[str, Any] = {
        "invitation_id": made, "hash": digest(secret), "email": email, "role": role.name,
        "object_id": role.object_id, "invited_by": change.viewer.user_id, "made_at": change.now,
        "expires_at": change.now + lasts,
    }  # fmt: skip
    change.connection.execute(insert(INVITATIONS), row)
    # The address is left out: it may be of somebody who never agreed to stand here.
    change.log(made, "invite", role=role.text, expires=row["expires_at"].isoformat())
    return _invitation(row), secret


def invitation_of(connection: Connection, secret: str | bytes, now: datetime) -> Invitation:
    """
    The offer of a letter, by its secret or the digest of it.

    Raises
    ------
    UnknownName
        If there is none, or it was used, taken back, or has expired: the same words for all.
    """
    mine = INVITATIONS.c.hash == (digest(secret) if isinstance(secret, str) else secret)
    asked = select(INVITATIONS).where(
        mine, INVITATIONS.c.used_at.is_(None), INVITATIONS.c.expires_at > now
    )
    row = connection.execute(asked).mappings().first()
    if row is None:
        raise nothing_so_named("invitation")
    return _invitation(row)


def use_invitation(change: AccountChange, invitation: Invitation, user_id: str) -> None:
    """
    Let an invitation be used up: of several who try at once, one succeeds.

    Raises
    ------
    UnknownName
        If somebody was first.
    """
    mine = INVITATIONS.c.invitation_id == invitation.invitation_id
    open_still = (INVITATIONS.c.used_at.is_(None)) & (INVITATIONS.c.expires_at > change.now)
    used = change.connection.execute(
        update(INVITATIONS).where(mine, open_still), {"used_at": change.now, "used_by": user_id}
    )
    if not used.rowcount:
        raise nothing_so_named("invitation")
    change.log(user_id, "accept invitation", actor=user_id, invitation=invitation.invitation_id,
               invited_by=invitation.invited_by)  # fmt: skip


def open_invitations(connection: Connection, now: datetime) -> list[Invitation]:
    """Offers that were neither used nor have expired, the latest first."""
    asked = (
        select(INVITATIONS)
        .where(INVITATIONS.c.used_at.is_(None), INVITATIONS.c.expires_at > now)
        .order_by(INVITATIONS.c.made_at.desc(), INVITATIONS.c.invitation_id)
    )
    return [_invitation(row) for row in connection.execute(asked).mappings()]


def withdraw_invitation(change: AccountChange, invitation: Invitation) -> None:
    """Take an offer back."""
    mine = INVITATIONS.c.invitation_id == invitation.invitation_id
    change.connection.execute(delete(INVITATIONS).where(mine, INVITATIONS.c.used_at.is_(None)))
    change.log(invitation.invitation_id, "withdraw invitation", role=invitation.role.text)


def make_reset(change: AccountChange, user_id: str, lasts: timedelta) -> str:
    """Let a user set a new password by a letter; earlier letters are worth nothing then."""
    connection = change.connection
    connection.execute(delete(PASSWORD_RESETS).where(PASSWORD_RESETS.c.expires_at <= change.now))
    connection.execute(delete(PASSWORD_RESETS).where(PASSWORD_RESETS.c.user_id == user_id))
    secret = new_secret()
    connection.execute(insert(PASSWORD_RESETS), {
        "hash": digest(secret), "user_id": user_id, "made_at": change.now,
        "expires_at": change.now + lasts,
    })  # fmt: skip
    change.log(user_id, "ask for reset", actor=change.viewer.user_id or user_id)
    return secret


def reset_of(connection: Connection, secret: str, now: datetime) -> str:
    """
    The id of the user whose letter carries this.

    Raises
    ------
    UnknownName
        If there is none, or it was used or has expired.
    """
    asked = select(PASSWORD_RESETS.c.user_id).where(
        PASSWORD_RESETS.c.hash == digest(secret), PASSWORD_RESETS.c.expires_at > now
    )
    user_id: str | None = connection.scalar(asked)
    if user_id is None:
        raise nothing_so_named("letter")
    return user_id


def use_reset(change: AccountChange, secret: str) -> str:
    """Let a letter be used up, by one of several who try at once; the id of its user."""
    user_id = reset_of(change.connection, secret, change.now)
    mine = PASSWORD_RESETS.c.hash == digest(secret)
    if not change.connection.execute(delete(PASSWORD_RESETS).where(mine)).rowcount:
        raise nothing_so_named("letter")
    return user_id


def forget_letters(change: AccountChange, user_id: str) -> None:
    """Let the letters that wait for a user be worth nothing."""
    mine = PASSWORD_RESETS.c.user_id == user_id
    change.connection.execute(delete(PASSWORD_RESETS).where(mine))


def _invitation(row: RowMapping | dict[str, Any]) -> Invitation:
    return Invitation(
        row["invitation_id"], row["email"], Role(row["role"], row["object_id"]),
        row["invited_by"], row["made_at"], row["expires_at"],
    )  # fmt: skip
