"""Secrets that browsers, programs and letters carry: made here, and known again by their hash."""

import hmac
import secrets
from hashlib import sha256

_BYTES = 32
_LONGEST = 200


def new_secret() -> str:
    """32 random bytes as 43 letters that may stand in an address."""
    return secrets.token_urlsafe(_BYTES)


def digest(secret: str) -> bytes:
    """
    The SHA-256 of a secret, which is all that is kept of it.

    The secret is itself random, so nothing slower is needed. What is too long to be one of ours
    has the digest of nothing that was ever made.
    """
    return sha256(secret[: _LONGEST + 1].encode("utf-8", "replace")).digest()


def is_same(kept: bytes, asked: bytes) -> bool:
    """Whether two digests are one, in a time that does not tell where they differ."""
    return hmac.compare_digest(kept, asked)
