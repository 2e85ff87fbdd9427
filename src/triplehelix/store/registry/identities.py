"""Who somebody is to an identity provider, and visits to it that have not come back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, delete, insert, select

from triplehelix.errors import NotSignedIn
from triplehelix.store.registry.account_tables import IDENTITIES, PROVIDER_VISITS
from triplehelix.store.registry.accounts import AccountChange
from triplehelix.store.registry.secret_words import digest, is_same, new_secret

VISIT_LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Visit:
    """
    One trip of a browser to a provider and back.

    `invitation` is the digest of the invitation that it is to accept, if any.
    """

    provider: str
    nonce: str
    verifier: str
    next: str
    invitation: bytes | None


def begin_visit(
    connection: Connection, *, provider: str, browser: str, next_: str, invitation: str | None,
    now: datetime,
) -> tuple[str, Visit]:  # fmt: skip
    """Write a visit down, and return its state and what else goes with it; old ones are swept."""
    connection.execute(delete(PROVIDER_VISITS).where(PROVIDER_VISITS.c.expires_at <= now))
    state = new_secret()
    visit = Visit(provider, new_secret(), new_secret(), next_,
                  digest(invitation) if invitation else None)  # fmt: skip
    connection.execute(insert(PROVIDER_VISITS), {
        "state": digest(state), "browser": digest(browser), "provider": provider,
        "nonce": visit.nonce, "verifier": visit.verifier, "next": next_,
        "invitation": visit.invitation, "expires_at": now + VISIT_LASTS,
    })  # fmt: skip
    return state, visit


def end_visit(connection: Connection, state: str, browser: str, now: datetime) -> Visit:
    """
    The visit that comes back with this state; it is forgotten, so that it comes back once.

    Raises
    ------
    NotSignedIn
        If there is none: made up, used before, too old, or begun in another browser.
    """
    mine = PROVIDER_VISITS.c.state == digest(state)
    row: RowMapping | None = (
        connection.execute(select(PROVIDER_VISITS).where(mine).with_for_update()).mappings().first()
    )
    gone = connection.execute(delete(PROVIDER_VISITS).where(mine)).rowcount
    if row is None or not gone or row["expires_at"] <= now or not is_same(
        row["browser"], digest(browser)
    ):  # fmt: skip
        raise NotSignedIn(
            "this answer of an identity provider was not asked for by this browser, came twice or "
            "came too late; start again at the sign-in page"
        )
    return Visit(row["provider"], row["nonce"], row["verifier"], row["next"], row["invitation"])


def user_of_identity(connection: Connection, issuer: str, subject: str) -> str | None:
    """The id of the user who is so known to an issuer."""
    asked = select(IDENTITIES.c.user_id).where(
        IDENTITIES.c.issuer == issuer, IDENTITIES.c.subject == subject
    )
    return connection.scalar(asked)


def issuers_of(connection: Connection, user_id: str) -> list[str]:
    """The providers that a user is known to."""
    asked = select(IDENTITIES.c.issuer).where(IDENTITIES.c.user_id == user_id).distinct()
    return sorted(connection.scalars(asked))


def link_identity(change: AccountChange, user_id: str, issuer: str, subject: str) -> None:
    """Let a user be who an issuer calls so."""
    change.connection.execute(insert(IDENTITIES), {
        "issuer": issuer, "subject": subject, "user_id": user_id, "linked_at": change.now,
    })  # fmt: skip
    change.log(user_id, "link identity", actor=user_id, issuer=issuer)
