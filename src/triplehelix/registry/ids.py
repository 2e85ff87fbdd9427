"""Ids of the registry: random, so that they tell nothing of what else there is."""

import re

from triplehelix.errors import UnknownName

PREFIXES = {
    "network": "nw", "member": "mb", "asset": "as", "capacity": "cp", "reservation": "rv",
    "post": "ps", "event": "ev", "user": "us", "session": "se", "token": "tk",
    "invitation": "in", "entry": "le", "call": "ca", "proposal": "pp", "commitment": "cm",
    "report": "rp", "offer": "so", "match": "mt", "use": "su", "question": "sq", "enquiry": "eq",
}  # fmt: skip
OF_PREFIX = {prefix: kind for kind, prefix in PREFIXES.items()}
RANDOM_BYTES = 16
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
_LENGTH = 26
_SHAPE = re.compile(r"[a-z]{2}_[0-9abcdefghjkmnpqrstvwxyz]{26}")


def new_id(kind: str, randomness: bytes) -> str:
    """
    An id of a kind of thing, made of 16 random bytes.

    Parameters
    ----------
    kind : one of `PREFIXES`.
    randomness : 16 bytes, from the system's source of them.

    Examples
    --------
    >>> new_id("asset", bytes(15) + b"!")
    'as_00000000000000000000000011'
    """
    if len(randomness) != RANDOM_BYTES:
        raise ValueError(f"an id is made of {RANDOM_BYTES} random bytes, not {len(randomness)}")
    number = int.from_bytes(randomness, "big")
    digits = ""
    for _ in range(_LENGTH):
        number, digit = divmod(number, 32)
        digits = _ALPHABET[digit] + digits
    return f"{PREFIXES[kind]}_{digits}"


def is_id(text: str, kind: str | None = None) -> bool:
    """
    Whether a text is an id to the letter: other case, blanks, look-alike letters make it none.

    Examples
    --------
    >>> one = new_id("asset", bytes(16))
    >>> is_id(one), is_id(one, "member"), is_id(one.upper()), is_id(one + chr(10))
    (True, False, False, False)
    """
    return bool(_SHAPE.fullmatch(text)) and (kind is None or text[:2] == PREFIXES[kind])


def nothing_so_named(kind: str) -> UnknownName:
    """
    What is said of an id that stands for nothing, or for what the asker may not see.

    The id is not repeated: the answer to an absent and to a hidden record is one.

    Examples
    --------
    >>> str(nothing_so_named("asset"))
    'there is no such asset, or it is not shown to you; sign in if it is shared with you'
    """
    return UnknownName(
        f"there is no such {kind}, or it is not shown to you; sign in if it is shared with you"
    )
