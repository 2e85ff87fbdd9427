"""What can be wrong with a log, in words: of one entry, one batch, one checkpoint."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triplehelix.errors import InputError
from triplehelix.registry.batches import batch_root, leaves_at, places, public_leaf, salt
from triplehelix.registry.entries import commitment
from triplehelix.registry.notes import Checkpoint, PublicKey, signers

ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the log as it stands in the database."""

    entry_id: str
    subject: str
    actor: str | None
    action: str
    at: datetime
    payload: str | None
    salt: bytes | None
    commitment: bytes
    place: int | None

    @property
    def erased(self) -> bool:
        """Whether nothing is left of it but its commitment."""
        return self.payload is None


@dataclass(frozen=True, slots=True)
class Batch:
    """A row of the sealed log as it stands in the database."""

    batch: int
    seed: bytes
    n_entries: int
    root: bytes
    leaf: bytes


def entry_fault(entry: Entry) -> str | None:
    """What is wrong with an entry that has not been erased; None if nothing is."""
    name = f"entry {entry.entry_id}"
    if entry.payload is None:
        return None
    if entry.salt is None:
        return f"{name} cannot be checked: its salt was taken away and its text was not"
    if commitment(entry.salt, entry.payload) != entry.commitment:
        return f"{name} was tampered with: its text is not what was committed to"
    said = json.loads(entry.payload)
    for column, value in _columns(entry).items():
        if said.get(column) != value:
            return (
                f"{name} was tampered with: its column {column} says {value!r}, the text that was "
                f"committed to {said.get(column)!r}"
            )
    return None


def _columns(entry: Entry) -> dict[str, str | None]:
    return {"entry": entry.entry_id, "subject": entry.subject, "actor": entry.actor,
            "action": entry.action, "at": entry.at.isoformat()}  # fmt: skip


def batch_fault(batch: Batch, entries: Sequence[Entry]) -> str | None:
    """What is wrong with a batch, whose entries are given in their order; None if nothing is."""
    name = f"batch {batch.batch}"
    found = len(entries)
    where = places(batch.seed, found)
    root = batch_root(batch.seed, leaves_at(where, [each.commitment for each in entries]))
    if found < batch.n_entries:
        return f"{name} sealed {batch.n_entries} entries and {found} are there: some were removed"
    if found > batch.n_entries:
        return f"{name} sealed {batch.n_entries} entries and {found} are there: some were put in"
    if where != [each.place for each in entries]:
        return f"{name} has its entries in another order than when it was sealed: reordered"
    if root != batch.root:
        return (
            f"{name} is not made of its entries: a commitment, the seed or the root was changed "
            "after it was sealed"
        )
    if public_leaf(salt(batch.seed), batch.root) != batch.leaf:
        return f"leaf {batch.batch} of the public log is not that of its batch: it was changed"
    return None


def signature_fault(
    note: str, keys: Sequence[PublicKey], origin: str
) -> str | None:  # fmt: skip
    """Why a checkpoint is not one of this log; None if a key of the log has signed it."""
    try:
        checkpoint = Checkpoint.read(note)
        by = signers(note, list(keys))
    except InputError as err:
        return str(err)
    if checkpoint.origin != origin:
        return f"it is of another log: {checkpoint.origin}, and this one is {origin}"
    if not by:
        return "it is signed by no key of this log: a foreign key, or a changed list of keys"
    return None


def root_fault(checkpoint: Checkpoint, roots: Sequence[bytes]) -> str | None:
    """
    Why a log does not begin as a checkpoint says; None if it does.

    `roots` are those of the public log at each size, from 0 on.
    """
    if checkpoint.size >= len(roots):
        return (
            f"it tells of {checkpoint.size} leaves and the log has {len(roots) - 1}: the end of "
            "the log was cut off, or an older backup was brought back"
        )
    if roots[checkpoint.size] != checkpoint.root:
        return (
            f"the first {checkpoint.size} leaves are not those it was signed for: the log was "
            "rewritten"
        )
    return None


def erased_by(payload: Mapping[str, Any]) -> list[str]:
    """Ids of the entries that an entry tells of having erased."""
    return list(payload.get("entries", [])) if payload.get("action") == ERASE else []
