"""
The tables of accounts: sessions, tokens, invitations, and what is kept to slow guessing down.

No secret is kept: of what a browser, a program or a letter carries, only the SHA-256.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from triplehelix.store.registry.instants import Instant
from triplehelix.store.registry.tables import ID, METADATA, NAME

HASH = LargeBinary(32)


def _user() -> Column[str]:
    return Column("user_id", ID, ForeignKey("users.user_id", ondelete="CASCADE"), nullable=False)


# Who somebody is to an identity provider; the pair is never given to another account.
IDENTITIES = Table(
    "identities", METADATA,
    Column("issuer", String(500), primary_key=True),
    Column("subject", String(255), primary_key=True),
    _user(),
    Column("linked_at", Instant, nullable=False),
    Index(None, "user_id"),
)  # fmt: skip

SESSIONS = Table(
    "sessions", METADATA,
    Column("session_id", ID, primary_key=True),
    Column("hash", HASH, nullable=False, unique=True),
    _user(),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("user_agent", String(120), nullable=False),
    Index(None, "user_id"),
    Index(None, "expires_at"),
)  # fmt: skip

API_TOKENS = Table(
    "api_tokens", METADATA,
    Column("token_id", ID, primary_key=True),
    Column("hash", HASH, nullable=False, unique=True),
    _user(),
    Column("name", NAME, nullable=False),
    Column("scopes", String(40), nullable=False),  # words with a blank between
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Index(None, "user_id"),
)  # fmt: skip

INVITATIONS = Table(
    "invitations", METADATA,
    Column("invitation_id", ID, primary_key=True),
    Column("hash", HASH, nullable=False, unique=True),
    Column("email", String(320), nullable=False),  # lower case
    Column("role", String(15), nullable=False),
    Column("object_id", ID, nullable=False),
    Column("invited_by", ID),  # NULL: the command line
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("used_by", ID),
    Index(None, "email"),
    Index(None, "object_id"),
)  # fmt: skip

PASSWORD_RESETS = Table(
    "password_resets", METADATA,
    Column("hash", HASH, primary_key=True),
    _user(),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index(None, "user_id"),
)  # fmt: skip

# What was tried how often: `subject` is the hash of an account's e-mail or a network address.
SIGN_IN_ATTEMPTS = Table(
    "sign_in_attempts", METADATA,
    Column("subject", String(64), primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("wait_until", Instant, nullable=False),
    Index(None, "last_at"),
)  # fmt: skip

# Visits to an identity provider that have not come back yet; each comes back once.
PROVIDER_VISITS = Table(
    "provider_visits", METADATA,
    Column("state", HASH, primary_key=True),
    Column("browser", HASH, nullable=False),
    Column("provider", String(80), nullable=False),
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("next", String(2000), nullable=False),
    Column("invitation", HASH),
    Column("expires_at", Instant, nullable=False),
    Index(None, "expires_at"),
)  # fmt: skip
