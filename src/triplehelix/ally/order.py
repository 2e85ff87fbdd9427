"""The order in which candidates are looked at: published, and no owner's favourite."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256

from triplehelix.ally.call import Call


def call_key(call: Call) -> str:
    """What a call is known by in the order: title, organiser and opening day, one on a line."""
    return "\n".join((call.title, call.organiser or "", str(call.opens or "")))


class PublishedOrder:
    """
    Ids in the order of SHA-256 over the call's key, its day and the id, one on a line, in UTF-8.

    Ties between equal offers fall to the first, so over many calls each owner is first equally
    often, and anybody can work out who comes first in one.

    Examples
    --------
    >>> from triplehelix.ally.call import Call, Need
    >>> call = Call(title="Tests", needs=(Need(need="pcr", capability="pcr-testing"),))
    >>> PublishedOrder(call, date(2026, 1, 1)).sorted(["a", "b", "c", "d"])
    ['a', 'b', 'd', 'c']
    """

    def __init__(self, call: Call, as_of: date) -> None:
        self._head = sha256(f"{call_key(call)}\n{as_of.isoformat()}\n".encode())

    def key(self, name: str) -> tuple[bytes, str]:
        """What an id is sorted by."""
        digest = self._head.copy()
        digest.update(name.encode())
        return digest.digest(), name

    def sorted(self, names: Iterable[str]) -> list[str]:
        """Ids in the published order."""
        return sorted(names, key=self.key)
