"""
The columns of UNIQUIP 1.0, however a file writes them.

The UNIQUIP Data Publishing Specification, https://equipment.data.ac.uk/uniquip, version 1.0.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from triplehelix.registry.exchange.reports import Message, Notes

COLUMNS = (
    "Type", "Name", "Description", "Related Facility ID", "Technique", "Location",
    "Contact Name", "Contact Telephone", "Contact URL", "Contact Email",
    "Secondary Contact Name", "Secondary Contact Telephone", "Secondary Contact URL",
    "Secondary Contact Email", "ID", "Photo", "Department", "Site Location", "Building",
    "Service Level", "Web Address",
)  # fmt: skip
TECHNIQUE = "Technique"
PROBLEM = "problem"  # the column of a file of corrections that says what is to be mended
_BY_KEY = {column.casefold(): column for column in COLUMNS}
_TECHNIQUE = re.compile(r"technique\s*(?:\(\s*:?\s*([^()]+?)\s*\)|:\s*(\S.*?))\s*", re.IGNORECASE)


class Header(NamedTuple):
    """
    What the columns of a file are.

    `keys` has one key for each column of the file, None for one that is passed over. A key is one
    of `COLUMNS`, `Technique:VOCABULARY`, or the file's own name of a column UNIQUIP lacks.
    `written` tells how the file writes the columns of techniques.
    """

    keys: tuple[str | None, ...]
    written: Mapping[str, str]
    messages: tuple[Message, ...]

    @property
    def known(self) -> int:
        """How many of the columns are UNIQUIP's."""
        return sum(key is not None and is_known(key) for key in self.keys)


def is_known(key: str) -> bool:
    """Whether a key is UNIQUIP's; `Technique:cpv` is."""
    return key in COLUMNS or key.startswith(TECHNIQUE + ":")


def header(columns: Sequence[str]) -> Header:
    """
    Read a header: without case, blanks around a name do not count.

    Examples
    --------
    >>> header([" TYPE ", "technique(:cpv)", "Asset tag", ""]).keys
    ('Type', 'Technique:cpv', 'Asset tag', None)
    """
    notes = Notes()
    keys: list[str | None] = []
    written: dict[str, str] = {}
    for place, column in enumerate(columns, 1):
        plain = " ".join(column.split())
        key = _key(plain)
        if key in keys and key is not None:
            key = _second(key, keys, place, notes)
        elif key is not None and not is_known(key):
            notes.warn("is no column of UNIQUIP", f"column {plain!r}",
                       "it is kept and given back by an export")  # fmt: skip
        if key is not None and key.startswith(TECHNIQUE + ":") and plain != key:
            written[key] = plain
        keys.append(key)
    return Header(tuple(keys), written, tuple(notes.warnings))


def _key(plain: str) -> str | None:
    if not plain or plain.casefold() == PROBLEM:
        return None
    if match := _TECHNIQUE.fullmatch(plain):
        return f"{TECHNIQUE}:{match[1] or match[2]}"
    return _BY_KEY.get(plain.casefold(), plain)


def _second(key: str, keys: Sequence[str | None], place: int, notes: Notes) -> str:
    times = 2
    while f"{key} ({times})" in keys:
        times += 1
    notes.warn(f"is there {times} times, again in column {place}", f"column {key!r}",
               "the first counts, the others are kept; rename or remove them")  # fmt: skip
    return f"{key} ({times})"


def order(keys: Iterable[str]) -> tuple[str, ...]:
    """
    The columns of a file that holds these keys: UNIQUIP's in its order, then all others by name.

    Examples
    --------
    >>> order(["Asset tag", "Technique:cpv"])[4], order(["Asset tag"])[-1], order([])[4]
    ('Technique:cpv', 'Asset tag', 'Technique')
    """
    found = set(keys)
    techniques = sorted(key for key in found if key.startswith(TECHNIQUE + ":"))
    if TECHNIQUE in found or not techniques:
        techniques.insert(0, TECHNIQUE)
    place = COLUMNS.index(TECHNIQUE)
    known = [*COLUMNS[:place], *techniques, *COLUMNS[place + 1 :]]
    return (*known, *sorted(key for key in found if not is_known(key)))
