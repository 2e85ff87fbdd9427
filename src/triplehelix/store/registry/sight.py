"""
What a viewer sees: the one place where visibility is decided.

Every question to the registry's records goes through a `Sight`. It lets through the rows whose
condition the viewer meets and nothing of any other, so that a row that is hidden is, for counts,
orders and errors too, a row that is not there.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    Select,
    and_,
    select,
    true,
)

from triplehelix.registry.ids import is_id, nothing_so_named
from triplehelix.registry.records import Capacity, Membership, Record, Reservation
from triplehelix.registry.viewer import Action, Viewer, may
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry import second_lock
from triplehelix.store.registry.among import among
from triplehelix.store.registry.conditions import met_by
from triplehelix.store.registry.tables import (
    CAPACITIES,
    MEMBERSHIPS,
    NETWORK_PARTS,
    PARTS,
    RECORDS,
    RESERVATIONS,
)

# Made once: an alias has a column for each of the table's, and takes longer to make than to ask.
_HOLDING, _CURATING = RECORDS.alias("holding"), RECORDS.alias("curating")
_PART = RECORDS.alias("part")


class Sight:
    """What one viewer sees of the registry, at one moment."""

    def __init__(self, connection: Connection, viewer: Viewer, now: datetime) -> None:
        self.connection, self.viewer, self.now = connection, viewer, now
        self._seen: dict[FromClause, ColumnElement[bool]] = {}

    def go_behind_second_lock(self) -> None:
        """Let the database refuse as well what this viewer does not see (PostgreSQL)."""
        if not self.viewer.everything:
            second_lock.go_behind(self.connection, self._met)

    @cached_property
    def _met(self) -> list[str]:
        return met_by(self.connection, self.viewer)

    @property
    def met(self) -> list[str] | None:
        """Names of the conditions the viewer meets; None for one who sees everything."""
        return None if self.viewer.everything else self._met

    def seen(self, table: FromClause) -> ColumnElement[bool]:
        """The rows of a table that the viewer sees, as a condition of SQL."""
        if self.viewer.everything:
            return true()
        if table not in self._seen:
            self._seen[table] = among(table.c.seen_by, self._met)
        return self._seen[table]

    def records_where(self, kind: str, *conditions: ColumnElement[bool]) -> Select[Any]:
        """Ids of the records of a kind that the viewer sees, further conditions allowing."""
        return select(RECORDS.c.record_id).where(
            RECORDS.c.kind == kind, self.seen(RECORDS), *conditions
        )

    def record(self, kind: str, record_id: str) -> Record:
        """
        One record.

        Raises
        ------
        UnknownName
            If there is none, or the viewer may not see it: the same words for both.
        """
        found = self.records([record_id], kind) if is_id(record_id, kind) else []
        if not found:
            raise nothing_so_named(kind)
        return found[0]

    def records(self, ids: Sequence[str], kind: str | None = None) -> list[Record]:
        """The records of these ids that the viewer sees, in the order of the ids."""
        rows: dict[str, list[RowMapping]] = {}
        if not ids:
            return []
        for row in self._rows(self._with_parts(ids)):
            # Not asked of the database: SQLite would go through all records of the kind.
            if kind is None or row["kind"] == kind:
                rows.setdefault(row["record_id"], []).append(row)
        return [self._record(rows[i]) for i in dict.fromkeys(ids) if i in rows]

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        """Names of the records of these ids that the viewer sees."""
        asked = select(RECORDS.c.record_id, RECORDS.c.sort_name).where(
            among(RECORDS.c.record_id, sorted(set(ids))), self.seen(RECORDS)
        )
        return {row["record_id"]: row["sort_name"] for row in self._rows(asked)}

    def holder(self, record_id: str) -> Holder:
        """Who holds a record; for what has been seen already."""
        asked = select(RECORDS.c.member_id, RECORDS.c.network_id)
        row = self._rows(asked.where(RECORDS.c.record_id == record_id))[0]
        return Holder(row["member_id"], row["network_id"])

    def capacities(self, record_ids: Sequence[str]) -> list[Capacity]:
        """Capacities of these assets, by capability, unit and id; hidden assets' are not seen."""
        if not record_ids:
            return []
        asked = (
            select(CAPACITIES, RECORDS.c.member_id, RECORDS.c.network_id)
            .join(RECORDS, RECORDS.c.record_id == CAPACITIES.c.record_id)
            .where(among(CAPACITIES.c.record_id, record_ids), self.seen(CAPACITIES),
                   self.seen(RECORDS))
            .order_by(CAPACITIES.c.capability, CAPACITIES.c.unit, CAPACITIES.c.capacity_id)
        )  # fmt: skip
        return [
            Capacity(
                row["capacity_id"], row["record_id"], row["fields"], row["changed_at"],
                row["visibility"] if self._may_edit(row) else None,
            )
            for row in self._rows(asked)
        ]  # fmt: skip

    def reservations(self, capacity_ids: Sequence[str]) -> list[Reservation]:
        """Reservations of these capacities that the viewer sees, the earliest first."""
        if not capacity_ids:
            return []
        asked = (
            select(RESERVATIONS)
            .join(CAPACITIES, CAPACITIES.c.capacity_id == RESERVATIONS.c.capacity_id)
            .where(among(RESERVATIONS.c.capacity_id, capacity_ids), self.seen(RESERVATIONS),
                   self.seen(CAPACITIES))
            .order_by(RESERVATIONS.c.starts, RESERVATIONS.c.reservation_id)
        )  # fmt: skip
        columns = Reservation.__dataclass_fields__
        return [Reservation(**{name: row[name] for name in columns}) for row in self._rows(asked)]

    def memberships(self, *conditions: ColumnElement[bool]) -> list[Membership]:
        """Memberships of which the viewer sees both ends and the tie itself."""
        network, member = _CURATING, _HOLDING
        asked = (
            select(MEMBERSHIPS)
            .join(network, network.c.record_id == MEMBERSHIPS.c.network_id)
            .join(member, member.c.record_id == MEMBERSHIPS.c.member_id)
            .where(self.seen(MEMBERSHIPS), self.seen(network), self.seen(member), *conditions)
            .order_by(member.c.sort_name, MEMBERSHIPS.c.member_id, MEMBERSHIPS.c.network_id)
        )  # fmt: skip
        return [
            Membership(row["network_id"], row["member_id"], row["state"], row["since"])
            for row in self._rows(asked)
        ]

    def network_parts(self) -> list[tuple[str, str]]:
        """(network, part) of all networks the viewer sees both of, by id."""
        network, part = _CURATING, _PART
        asked = (
            select(NETWORK_PARTS)
            .join(network, network.c.record_id == NETWORK_PARTS.c.network_id)
            .join(part, part.c.record_id == NETWORK_PARTS.c.part_id)
            .where(self.seen(network), self.seen(part))
            .order_by(NETWORK_PARTS.c.network_id, NETWORK_PARTS.c.part_id)
        )
        return [(row["network_id"], row["part_id"]) for row in self._rows(asked)]

    def _rows(self, asked: Select[Any]) -> Sequence[RowMapping]:
        return self.connection.execute(asked).mappings().all()

    def _with_parts(self, ids: Sequence[str]) -> Select[Any]:
        """A row for each part that is seen of each record that is seen."""
        member, network = _HOLDING, _CURATING
        return (
            select(RECORDS, PARTS.c.fields, PARTS.c.changed_at,
                   member.c.record_id.label("shown_member"),
                   network.c.record_id.label("shown_network"))
            .join(PARTS, PARTS.c.record_id == RECORDS.c.record_id)
            .outerjoin(member, and_(member.c.record_id == RECORDS.c.member_id, self.seen(member)))
            .outerjoin(
                network, and_(network.c.record_id == RECORDS.c.network_id, self.seen(network))
            )
            .where(among(RECORDS.c.record_id, ids), self.seen(RECORDS), self.seen(PARTS))
        )  # fmt: skip

    def _may_edit(self, row: RowMapping) -> bool:
        return may(self.viewer, Action.EDIT, Holder(row["member_id"], row["network_id"]))

    def _record(self, parts: Sequence[RowMapping]) -> Record:
        row = parts[0]
        editable = self._may_edit(row)
        said = {name: value for part in parts for name, value in part["fields"].items()}
        return Record(
            record_id=row["record_id"],
            kind=row["kind"],
            fields=dict(sorted(said.items())),
            member_id=row["shown_member"],
            network_id=row["shown_network"],
            created_at=row["created_at"],
            changed_at=max(part["changed_at"] for part in parts),
            confirmed_at=row["confirmed_at"],
            due_on=row["due_on"],
            overdue=row["due_on"] is not None and row["due_on"] < self.now.date(),
            editable=editable,
            version=row["version"] if editable else None,
            visibility=row["visibility"] if editable else None,
        )
