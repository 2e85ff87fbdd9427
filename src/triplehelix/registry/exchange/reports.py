"""What an import did with each row, and what its sender should do about it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class RowStatus(StrEnum):
    """What became of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    WARNED = "warned"  # left out without loss, such as the second of two rows of one id
    FAULTY = "faulty"


@dataclass(frozen=True, slots=True)
class Message:
    """
    Something about a row: what it is, where (a column, a key), and how to mend it.

    Examples
    --------
    >>> print(Message("'sales' is no e-mail address", "Contact Email", "write name@example.org"))
    Contact Email: 'sales' is no e-mail address; write name@example.org
    """

    what: str
    where: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class RowReport:
    """
    What became of one row.

    `number` is that of the row as a spreadsheet shows it (the header is row 1), of the line of
    JSON Lines, of the place in a JSON list. `cells` is what a faulty row said, else None.
    `record_id` is None where there is no record, or none yet because the import was a trial.
    `able` are the capabilities that a new record was given because its words name them.
    """

    number: int
    status: RowStatus
    name: str = ""
    messages: tuple[Message, ...] = ()
    record_id: str | None = None
    cells: Mapping[str, Any] | None = None
    able: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """
    What became of all rows of a file.

    `kept` is False where nothing was written: a trial (`dry_run`), or `strict` with faulty rows.
    `messages` are about the file as a whole. `columns` are those of a table, in order.
    """

    format: str
    rows: tuple[RowReport, ...]
    messages: tuple[Message, ...] = ()
    columns: tuple[str, ...] = ()
    dry_run: bool = False
    strict: bool = False
    kept: bool = True
    counts: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        counted = Counter(str(row.status) for row in self.rows)
        # Slots and frozen: there is no other way to set what follows from the rest.
        object.__setattr__(self, "counts", {str(s): counted[str(s)] for s in RowStatus})

    @property
    def faulty(self) -> tuple[RowReport, ...]:
        """The rows that did not go in."""
        return tuple(row for row in self.rows if row.status is RowStatus.FAULTY)


class Notes:
    """Gathers what is said of a row while it is read: faults stop it, warnings do not."""

    def __init__(self) -> None:
        self.faults: list[Message] = []
        self.warnings: list[Message] = []

    def fault(self, what: str, where: str, remedy: str) -> None:
        """Say what keeps the row out."""
        self.faults.append(Message(what, where, remedy))

    def warn(self, what: str, where: str, remedy: str) -> None:
        """Say what should be looked at."""
        self.warnings.append(Message(what, where, remedy))
