"""A record as one viewer gets it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Record:
    """
    What a viewer sees of a record; what they do not see is not there at all.

    `fields` are those of its kind (`registry.fields`), the hidden ones left out. `member_id` and
    `network_id` are None where there is none or where that record is hidden. `changed_at` is the
    last change of anything seen here. `due_on` is the day by which somebody should confirm it
    again. `version` and `visibility` (of the record, `*`, and of single fields) are for those
    who may change it; None for others.
    """

    record_id: str
    kind: str
    fields: Mapping[str, Any]
    member_id: str | None
    network_id: str | None
    created_at: datetime
    changed_at: datetime
    confirmed_at: datetime | None
    due_on: date | None
    overdue: bool
    editable: bool
    version: int | None
    visibility: Mapping[str, str] | None

    @property
    def name(self) -> str:
        """Its name or title."""
        return str(self.fields.get("name") or self.fields["title"])


@dataclass(frozen=True, slots=True)
class Capacity:
    """A capacity that a viewer sees; `fields` as `registry.capacity.CapacityFields` has them."""

    capacity_id: str
    record_id: str
    fields: Mapping[str, Any]
    changed_at: datetime
    visibility: str | None


@dataclass(frozen=True, slots=True)
class Membership:
    """A member's place in a network, of which the viewer sees both ends."""

    network_id: str
    member_id: str
    state: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Reservation:
    """An amount of a capacity promised by a commitment."""

    reservation_id: str
    capacity_id: str
    amount: float
    starts: date
    ends: date | None
    commitment: str
    made_at: datetime
    released_at: datetime | None
