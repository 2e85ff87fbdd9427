"""What the parts of reading a mapped row share: its rules, and a row that does not fit."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from triplehelix.read.mapping import WORDS, Block

Text = str | tuple[Any, ...]
Texts = dict[str, Any]
Cells = Sequence[Any]
Staged = tuple[tuple[str, dict[str, Any]], ...]

# Said of a participation in an activity's row, not of the organisation.
OWN = frozenset({"activity", "role", "amount", "currency", "source_url", "confidence", "note"})


class UnfitError(Exception):
    """A row cannot be kept; the text is the reason it is rejected with."""


class Rules(NamedTuple):
    """What the values of a block depend on beside the row's texts."""

    source: str
    decimal: str
    date_format: str | None
    crs: str
    cells: Block


def word_of(field: str, texts: Texts, needed: bool = False) -> str:
    """The word of a closed list that a field holds, such as a helix; empty if not needed."""
    word: str = texts.get(field, "")
    if word in WORDS[field] or (not word and not needed):
        return word
    folded = word.casefold()
    if folded in WORDS[field]:
        return folded
    raise UnfitError(
        f"{field} {word!r} is not one of {', '.join(WORDS[field])}; "
        f"add it to the `map` of {field} in the mapping"
    )
