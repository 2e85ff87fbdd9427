"""A text of a row as a field of an asset takes it, or why the field cannot take it."""

import re
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import TypeAdapter, ValidationError

from triplehelix.registry.exchange.reports import Notes
from triplehelix.registry.fields import Address, Email, Html, LongText, Text

TEXT_LONGEST = 300
CELL_LONGEST = 50_000
_TYPES: dict[str, TypeAdapter[Any]] = {
    "text": TypeAdapter(Text), "long text": TypeAdapter(LongText), "html": TypeAdapter(Html),
    "address": TypeAdapter(Address), "email": TypeAdapter(Email),
}  # fmt: skip
_NO = {
    "address": ("is no web address", "write it with https:// before it; it is kept as it is"),
    "email": ("is no e-mail address", "write it as name@example.org; it is kept as it is"),
    "long text": ("is too long", "shorten it to 20,000 characters; it is kept as it is"),
}
_TAG = re.compile(r"<[^>]*>")


def fitted(kind: str, text: Any, where: str, notes: Notes) -> str | None:
    """
    A text as a field of this kind takes it; None where it is empty or the field cannot take it.

    What does not fit is warned of and kept beside the fields. A line of text that is too long is
    cut for the field.

    Parameters
    ----------
    kind : `text` (to 300 characters), `long text`, `html`, `address` or `email`.
    """
    if not isinstance(text, str) or not text:
        return None
    try:
        return str(_TYPES[kind].validate_python(text))
    except ValidationError:
        if kind == "text":
            return _cut(text, where, notes)
        what, remedy = _NO.get(kind, ("cannot be read", "write it as text"))
        notes.warn(f"{text[:80]!r} {what}", where, remedy)
        return None


def _cut(text: str, where: str, notes: Notes) -> str | None:
    notes.warn(
        f"has {len(text):,} characters, of which the first {TEXT_LONGEST} are shown", where,
        f"shorten it to {TEXT_LONGEST}; all of it is kept",
    )  # fmt: skip
    return text[:TEXT_LONGEST].strip() or None


def name_from(html: str) -> str | None:
    """
    A name for what has only a description: its first words.

    Examples
    --------
    >>> name_from("<p>Cell sorter, 4 lasers &amp; plates.</p><p>Second floor.</p>")
    'Cell sorter, 4 lasers & plates. Second floor.'
    """
    words = " ".join(unescape(_TAG.sub(" ", html)).split())
    if len(words) <= 80:
        return words or None
    return words[:80].rsplit(" ", 1)[0] + " …"


def town_of(address: str) -> str | None:
    """
    The town that the address of a page of Wikipedia is about; nothing is fetched.

    Examples
    --------
    >>> town_of("https://en.wikipedia.org/wiki/Newcastle_upon_Tyne")
    'Newcastle upon Tyne'
    >>> town_of("https://example.org/wiki/Leeds") is None
    True
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    if host != "wikipedia.org" and not host.endswith(".wikipedia.org"):
        return None
    if not parts.path.startswith("/wiki/"):
        return None
    title = unquote(parts.path.removeprefix("/wiki/")).replace("_", " ")
    return re.sub(r"\s*\([^)]*\)$", "", title).strip()[:TEXT_LONGEST] or None
