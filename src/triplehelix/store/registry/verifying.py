"""Reading the whole log, working every hash of it out anew, and saying what does not fit."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, select

from triplehelix.registry import checking
from triplehelix.registry.checking import Batch, Entry
from triplehelix.registry.merkle import Peaks
from triplehelix.registry.notes import Checkpoint, PublicKey
from triplehelix.store.registry.log_tables import BATCHES, CHECKPOINTS, KEYS
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sealing import NEW_KEY
from triplehelix.store.registry.tables import LOG_ENTRIES

SHOWN_FAULTS = 20
_ENTRY = [LOG_ENTRIES.c[name] for name in Entry.__dataclass_fields__]
_BATCH = [BATCHES.c[name] for name in Batch.__dataclass_fields__]


@dataclass(frozen=True, slots=True)
class Verified:
    """
    What was found of a log.

    Parameters
    ----------
    origin, size, root : of the public log; None and 0 before the first seal. `root` as hex.
    entries, erased, unsealed : how many entries there are; of them, how many have been erased
        (their commitments stand), and how many await the next seal and are in no tree yet.
    checkpoints : how many are kept, all of which were checked.
    held : size of the checkpoint held elsewhere; None if none was given.
    n_faults, faults : what does not fit: how much, and the first 20 in words.
    """

    origin: str | None
    size: int
    root: str
    entries: int
    erased: int
    unsealed: int
    checkpoints: int
    held: int | None
    n_faults: int
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether all of it fits."""
        return self.n_faults == 0

    def asdict(self) -> dict[str, Any]:
        """For JSON."""
        return {"sound": self.sound, **asdict(self)}


def verify(registry: Registry, held: str | None = None) -> Verified:
    """
    Check the whole log, as it is at one moment, and that it goes on from a checkpoint.

    Parameters
    ----------
    held : a signed checkpoint that was kept elsewhere. Without one, a log that was rewritten
        from end to end by somebody who has its key looks sound.

    Raises
    ------
    InputError
        If what was held elsewhere is no checkpoint at all.
    """
    with _one_moment(registry) as connection:
        return _Check(connection).all(held)


@contextmanager
def _one_moment(registry: Registry) -> Iterator[Connection]:
    with registry.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


class _Check:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.faults: list[str] = []
        self.roots: list[bytes] = []
        self.keys: list[PublicKey] = []
        self.counts = {"entries": 0, "erased": 0, "unsealed": 0}
        self._erased: set[str] = set()  # entries without a text
        self._told: set[str] = set()  # of which an entry says that it erased them
        self._key_told: dict[str, int] = {}  # by key, in which batch the log says it is one

    def all(self, held: str | None) -> Verified:
        """Check everything, each thing once."""
        size = _size_of(held)
        self._check_batches()
        self._check_erasures()
        self._check_keys()
        n_checkpoints = self._check_checkpoints()
        if held is not None:
            self._check_held(held)
        return Verified(
            self._origin, len(self.roots) - 1, self.roots[-1].hex(), **self.counts,
            checkpoints=n_checkpoints, held=size, n_faults=len(self.faults),
            faults=tuple(self.faults[:SHOWN_FAULTS]),
        )  # fmt: skip

    @property
    def _origin(self) -> str | None:
        return self.keys[0].name if self.keys else None

    def _fault(self, fault: str | None, of: str = "") -> None:
        if fault is not None:
            self.faults.append(f"{of}{fault}")

    def _check_batches(self) -> None:
        asked = select(*_BATCH).order_by(BATCHES.c.batch)
        batches = [Batch(*row) for row in self.connection.execute(asked)]
        for n in _missing([batch.batch for batch in batches], 0):
            self._fault(f"leaf {n} of the public log is missing: it was removed")
        tree = Peaks()
        self.roots.append(tree.root)
        for batch in batches:
            tree.append(batch.leaf)
            self.roots.append(tree.root)
        self._check_contents(batches)

    def _check_contents(self, batches: list[Batch]) -> None:
        sealed = {batch.batch: batch for batch in batches}
        for number, entries in self._entries():
            self._check_entries(number, entries)
            if number is not None and number not in sealed:
                self._fault(f"entry {entries[0].entry_id} was sealed in batch {number}, "
                            "which is missing: it was removed")  # fmt: skip
            elif number is not None:
                self._fault(checking.batch_fault(sealed.pop(number), entries))
        for batch in sealed.values():
            self._fault(checking.batch_fault(batch, []))

    def _entries(self) -> Iterator[tuple[int | None, list[Entry]]]:
        """Batches of entries in their order; those of no batch under None."""
        asked = select(LOG_ENTRIES.c.batch, *_ENTRY).order_by("batch", "seq")
        rows = self.connection.execute(asked.execution_options(yield_per=10_000))
        for number, of_batch in groupby(rows, key=lambda row: row[0]):
            yield number, [Entry(*row[1:]) for row in of_batch]

    def _check_entries(self, number: int | None, entries: list[Entry]) -> None:
        self.counts["entries"] += len(entries)
        self.counts["unsealed"] += len(entries) if number is None else 0
        for entry in entries:
            if entry.payload is None:
                self.counts["erased"] += 1
                self._erased.add(entry.entry_id)
                continue
            fault = checking.entry_fault(entry)
            self._fault(fault)
            if fault is None and entry.action in (checking.ERASE, NEW_KEY):
                said = json.loads(entry.payload)
                self._told.update(checking.erased_by(said))
                if entry.action == NEW_KEY and number is not None:
                    self._key_told[said["key"]] = number

    def _check_erasures(self) -> None:
        for entry in sorted(self._erased - self._told):
            self._fault(f"entry {entry} has lost its text and the log tells of no erasure of it")

    def _check_keys(self) -> None:
        for row in self.connection.execute(select(KEYS).order_by(KEYS.c.since, KEYS.c.key)):
            told = self._key_told.get(row.key)
            if told is None or told >= row.since:
                self._fault(f"the key {row.key} signs from size {row.since} on and the log does "
                            "not tell of it by then: a foreign key")  # fmt: skip
            else:
                self.keys.append(PublicKey.read(row.key))

    def _check_checkpoints(self) -> int:
        kept = self.connection.execute(select(CHECKPOINTS).order_by(CHECKPOINTS.c.size)).all()
        for n in _missing([row.size for row in kept], 1, len(self.roots) - 1):
            self._fault(f"the checkpoint of size {n} is missing: it was removed")
        for row in kept:
            self._check_checkpoint(row)
        return len(kept)

    def _check_checkpoint(self, row: Row[Any]) -> None:
        name = f"the checkpoint of size {row.size}: "
        said = checking.signature_fault(row.note, self.keys, self._origin or "")
        if said is None:
            checkpoint = Checkpoint.read(row.note)
            if (checkpoint.size, checkpoint.root) != (row.size, row.root):
                said = "its columns are not what was signed: they were changed"
            said = said or checking.root_fault(checkpoint, self.roots)
        self._fault(said, name)

    def _check_held(self, held: str) -> None:
        name = "the checkpoint held elsewhere: "
        said = checking.signature_fault(held, self.keys, self._origin or "")
        self._fault(said or checking.root_fault(Checkpoint.read(held), self.roots), name)


def _missing(numbers: list[int], first: int, last: int = -1) -> list[int]:
    """What is lacking of the numbers from the first to the last, or to the largest there is."""
    return sorted(set(range(first, max([last, *numbers]) + 1)) - set(numbers))


def _size_of(held: str | None) -> int | None:
    return Checkpoint.read(held).size if held is not None else None
