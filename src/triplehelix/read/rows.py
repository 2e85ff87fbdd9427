"""What a reader makes of one row: staged values that are kept, or a rejection with its reason."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

# The fields of `staged_organisations` that say where a mention was read, not what it says.
_PROVENANCE = frozenset({"mention_id", "file", "row", "content_hash"})


class Kept(NamedTuple):
    """
    A row that was understood.

    `staged` pairs the name of a staged or reference table with that table's values; values
    left out are NULL, and `file`, `row` and `content_hash` are filled in by the store.
    """

    row: int
    raw: str
    staged: tuple[tuple[str, Mapping[str, Any]], ...]


class Rejected(NamedTuple):
    """A row that was not, its reason ending with what to do about it."""

    row: int
    raw: str
    reason: str


Outcome = Kept | Rejected


def raw_text(values: Mapping[str, Any]) -> str:
    """A row as one line of JSON in the file's own column order: what `rejects.raw` holds."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=str)


def content_hash(raw: str) -> str:
    """The first 128 bits of the SHA-256 of a row's text, in hexadecimal."""
    return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def mention_id(mention: Mapping[str, Any]) -> str:
    """
    Identify what is said of an organisation, not the row that says it.

    Two rows that say the same of the same organisation share one mention. Empty values count
    as absent, and the order of names and of identifiers does not matter.

    Examples
    --------
    >>> a = mention_id({"source": "cordis", "source_record_id": "999", "city": "Leeds", "row": 1})
    >>> a == mention_id({"row": 7, "city": "Leeds", "source_record_id": "999", "source": "cordis"})
    True
    >>> len(a)
    32
    """
    said = {
        field: _canonical(value)
        for field, value in mention.items()
        if field not in _PROVENANCE and value not in (None, "", [], ())
    }
    return content_hash(json.dumps(said, sort_keys=True, ensure_ascii=False))


def _canonical(value: Any) -> Any:
    if isinstance(value, Decimal | date):
        return str(value)
    if isinstance(value, list | tuple):
        return sorted(json.dumps(v, sort_keys=True, ensure_ascii=False) for v in value)
    return value
