"""How the API says that something went wrong (RFC 9457)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`detail` says what was wrong with which value, and how to mend it."""

    type: str
    title: str
    status: int
    detail: str
