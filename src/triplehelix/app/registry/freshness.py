"""What should be confirmed again, by whom: records that nobody has vouched for lately."""

from dataclasses import dataclass
from datetime import date, datetime

from triplehelix.registry.records import Record
from triplehelix.registry.viewer import Action, Viewer, require
from triplehelix.store.registry import asset_lists
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sight import Sight

SHOWN = 100


@dataclass(frozen=True, slots=True)
class StaleRow:
    """A record to be confirmed: overdue since `due_on`, or never confirmed where that is None."""

    record_id: str
    kind: str
    name: str
    confirmed_at: datetime | None
    due_on: date | None
    editable: bool


@dataclass(frozen=True, slots=True)
class Stale:
    """The records to be confirmed, the longest overdue first, at most 100 of `total`."""

    records: list[StaleRow]
    total: int


def stale(
    registry: Registry, viewer: Viewer, *, member: str | None = None, network: str | None = None
) -> Stale:
    """
    What of a member or a network should be confirmed again, as far as the viewer sees it.

    Raises
    ------
    UnknownName
        If there is no such member or network, or it is not seen.
    """
    with registry.look(viewer) as sight:
        if member is not None:
            sight.record("member", member)
        if network is not None:
            sight.record("network", network)
        return stale_in(sight, member=member, network=network)


def stale_in(sight: Sight, *, member: str | None = None, network: str | None = None) -> Stale:
    """As `stale`, for what has been seen already."""
    ids = asset_lists.stale_ids(sight, member=member, network=network)
    return Stale([_row(record) for record in sight.records(ids[:SHOWN])], len(ids))


def confirm_all(registry: Registry, viewer: Viewer, member_id: str) -> int:
    """Say that all that is stale of a member still holds; how many records that were."""
    with registry.change(viewer) as change:
        change.sight.record("member", member_id)
        require(viewer, Action.CONFIRM, change.sight.holder(member_id))
        rows = asset_lists.stale_ids(change.sight, member=member_id)
        for record in change.sight.records(rows):
            change.confirm(record.kind, record.record_id)
        return len(rows)


def _row(record: Record) -> StaleRow:
    return StaleRow(
        record.record_id, record.kind, record.name, record.confirmed_at, record.due_on,
        record.editable,
    )  # fmt: skip
