"""Hashing passwords: argon2id (RFC 9106) with the parameters that OWASP asks for at least."""

import threading
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error, InvalidHashError

from triplehelix.registry.passwords import LONGEST, normal

HASHER = PasswordHasher(
    time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
)
# Each takes 19 MiB; more at once than this would let strangers fill the memory.
_AT_ONCE = threading.BoundedSemaphore(4)


def hashed(password: str) -> str:
    """A password as it is kept."""
    with _AT_ONCE:
        return HASHER.hash(normal(password))


def is_right(kept: str | None, password: str) -> bool:
    """
    Whether a password is the one that is kept.

    Where none is kept, the same work is done for nothing, so that the time tells no one.
    """
    with _AT_ONCE:
        nobody = _of_nobody()
        try:
            HASHER.verify(kept or nobody, normal(password)[: LONGEST + 1])
        except (Argon2Error, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether a password was hashed with other parameters than today's."""
    return HASHER.check_needs_rehash(kept)


@cache
def _of_nobody() -> str:
    return HASHER.hash("no account has this password")
