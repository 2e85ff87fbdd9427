"""What becomes of an asset's fields when a row of some format is laid over them."""

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from html import unescape
from typing import Any, NamedTuple

from triplehelix.errors import InputError
from triplehelix.registry.cleaning import clean_html
from triplehelix.registry.entries import canonical
from triplehelix.registry.exchange.remainder import same
from triplehelix.registry.exchange.reports import Message, Notes
from triplehelix.registry.fields import checked

KEY_LONGEST = 300


class Taken(NamedTuple):
    """An asset's fields after a row; None where something is wrong with the row."""

    fields: dict[str, Any] | None
    faults: tuple[Message, ...]
    warnings: tuple[Message, ...]


class SourceRow(NamedTuple):
    """A row as read: its number, what it says, the id its holder gave it (empty for none)."""

    number: int
    said: Mapping[str, Any]
    own_id: str
    notes: Notes
    raw: Mapping[str, Any]

    @property
    def key(self) -> str:
        """What the row is found by: its id, or else all it says."""
        return self.own_id or "row:" + sha256(canonical(dict(self.said)).encode()).hexdigest()[:32]


def stable_html(text: str) -> str:
    """
    HTML cleaned until cleaning changes nothing more.

    Examples
    --------
    >>> stable_html("<p>a<p onclick=x()>b")
    '<p>a</p><p>b</p>'
    """
    for _ in range(8):
        before, text = text, clean_html(text)
        if text == before:
            return text
    # What never settles is made to stop playing: its words without any tag.
    return clean_html(unescape(text).replace("<", " ").replace(">", " "))


def whole(fields: Mapping[str, Any], notes: Notes) -> dict[str, Any] | None:
    """An asset's fields, checked all together; None, and a fault noted, where they are wrong."""
    try:
        return checked("asset", dict(fields))
    except InputError as err:
        notes.fault(str(err), "the row", "correct it")
        return None


def replaced(fields: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """Fields with another value of one; without it where the value is empty."""
    rest = {key: one for key, one in fields.items() if key != name}
    return rest if value in (None, "", [], {}) else {**rest, name: value}


def laying(
    before: Mapping[str, Any], said: Mapping[str, Any], shown: Mapping[str, Any]
) -> tuple[dict[str, Any], Callable[[Iterable[str], str, Any], None]]:
    """
    A copy of an asset's fields, and what lays a field over it that some keys of a row give.

    What the row says as the asset says it already is left alone, with all it holds beside.
    """
    new = dict(before)

    def lay(keys: Iterable[str], name: str, value: Any) -> None:
        if name in new and all(same(said, shown, key) for key in keys):
            return
        new.pop(name, None)
        if value not in (None, "", [], {}):
            new[name] = value

    return new, lay


def first_and_rest(value: Any, before: Any, n: int = 1) -> list[Any]:
    """A list whose first `n` a format holds: the new ones, then those it does not know of."""
    return [*([] if value is None else value), *list(before or [])[n:]]


def with_identifier(
    fields: Mapping[str, Any], scheme: str, value: str | None
) -> list[dict[str, str]]:
    """Identifiers with this one as the only one of its scheme; without one where it is None."""
    others = [one for one in fields.get("identifiers") or [] if one["scheme"] != scheme]
    return others if not value else [{"scheme": scheme, "value": value}, *others]


def identifier(fields: Mapping[str, Any], scheme: str) -> str:
    """The first identifier of a scheme; empty where there is none."""
    found = (one["value"] for one in fields.get("identifiers") or [] if one["scheme"] == scheme)
    return str(next(found, ""))
