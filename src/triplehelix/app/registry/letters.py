"""Letters to people: an invitation, a new password. Words only; no address is tracked."""

from triplehelix.app.registry.settings import RegistrySettings
from triplehelix.registry.accounts import Invitation
from triplehelix.store.mail import send

_ROLES = {
    "administrator": "administrator of the registry", "steward": "steward of",
    "reader": "reader of", "member": "one of the people of",
}  # fmt: skip


def invitation_address(settings: RegistrySettings, secret: str) -> str:
    """Where an invitation is accepted."""
    return f"{settings.base_url}/invitations/{secret}"


def reset_address(settings: RegistrySettings, secret: str) -> str:
    """Where a new password is set."""
    return f"{settings.base_url}/reset/{secret}"


def role_words(role: str, name: str | None) -> str:
    """
    A role as people say it.

    Examples
    --------
    >>> role_words("steward", "Alliance of the North")
    'steward of Alliance of the North'
    """
    return " ".join(filter(None, (_ROLES[role], name)))


def send_invitation(
    settings: RegistrySettings, invitation: Invitation, secret: str, name: str | None
) -> None:
    """Send an invitation; SourceError if the mail cannot be handed over."""
    if settings.mail is None:
        return
    until = invitation.expires_at.date().isoformat()
    what = role_words(invitation.role.name, name)
    send(settings.mail, [invitation.email], "An invitation to the registry", (
        f"You are invited to be {what}.\n\n"
        f"To accept, open this address before {until}. It can be used once, and only by "
        f"{invitation.email}.\n\n{invitation_address(settings, secret)}\n\n"
        "If you did not expect this, do nothing: without you nothing happens.\n"
    ))  # fmt: skip


def send_reset_letter(settings: RegistrySettings, email: str, secret: str, minutes: int) -> None:
    """Send the way to a new password; SourceError if the mail cannot be handed over."""
    if settings.mail is None:
        return
    send(settings.mail, [email], "A new password for the registry", (
        "Somebody, we hope you, asked for a new password.\n\n"
        f"To set it, open this address within {minutes} minutes. It can be used once.\n\n"
        f"{reset_address(settings, secret)}\n\n"
        "If it was not you, do nothing: your password stays as it is.\n"
    ))  # fmt: skip
