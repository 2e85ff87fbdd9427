"""Entries of the audit log: what is written down of a change, and the commitment to it."""

import hmac
import json
from typing import Any


def canonical(payload: dict[str, Any]) -> str:
    """
    A payload as one text, whatever the order of its keys (RFC 8785 without its number rules).

    Examples
    --------
    >>> canonical({"b": 1, "a": "é"})
    '{"a":"é","b":1}'
    """
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def commitment(salt: bytes, payload: str) -> bytes:
    """
    32 bytes that bind to a payload and tell nothing of it to whoever lacks the salt.

    HMAC-SHA-256 (RFC 2104) keyed with the entry's own salt of 32 random bytes. Without the salt
    no guess at the payload can be checked: destroying both erases the entry. No two entries have
    one salt, for whoever is shown one entry must not be able to guess at another.
    """
    return hmac.digest(salt, payload.encode(), "sha256")
