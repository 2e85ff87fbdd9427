"""What is known of the people and programs that use the registry."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from triplehelix.registry.cleaning import clean_text
from triplehelix.registry.roles import Role

AGENT_LENGTH = 120


@dataclass(frozen=True, slots=True)
class User:
    """
    A person, or a program of its own.

    `email` is None for those who came through an identity provider that vouches for no address.
    `roles` are those that the asker may know of.
    """

    user_id: str
    email: str | None
    name: str
    kind: str
    disabled: bool
    has_password: bool
    created_at: datetime
    signed_in_at: datetime | None
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """One browser in which somebody is signed in."""

    session_id: str
    user_id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    user_agent: str


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token with which a program acts as its user, within `scopes`."""

    token_id: str
    user_id: str
    name: str
    scopes: frozenset[str]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A role offered to whoever owns an e-mail address; used once, and only until it expires."""

    invitation_id: str
    email: str
    role: Role
    invited_by: str | None
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SessionRules:
    """How long a session lasts at most, and how long it may lie unused."""

    lifetime: timedelta = timedelta(days=7)
    idle: timedelta = timedelta(hours=24)


USUAL = SessionRules()


def folded_email(email: str) -> str:
    """
    An e-mail address as accounts are told apart by: without blanks around it, in lower case.

    Examples
    --------
    >>> folded_email(" Ada@Example.ORG ")
    'ada@example.org'
    """
    return clean_text(email).lower()


def short_agent(user_agent: str) -> str:
    """What a browser calls itself, short enough to list."""
    return clean_text(user_agent.replace("\n", " "))[:AGENT_LENGTH] or "unknown browser"
