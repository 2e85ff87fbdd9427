"""
Changes to the registry's records: each asked of `may`, checked, kept and logged together.

Rows are gathered and written in bulk when the transaction ends, or before it reads; an import of
twenty thousand assets is some dozens of statements.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from triplehelix.errors import Conflict, Forbidden, InputError
from triplehelix.registry.fields import checked
from triplehelix.registry.ids import is_id
from triplehelix.registry.records import Record
from triplehelix.registry.showing import (
    by_condition,
    capacity_condition,
    checked_visibility,
    record_condition,
)
from triplehelix.registry.viewer import Action, Viewer, require
from triplehelix.registry.visibility import (
    Audience,
    Condition,
    Holder,
    condition,
    name_of,
)
from triplehelix.store.registry import call_ending, call_following, log, search_index
from triplehelix.store.registry.conditions import keep
from triplehelix.store.registry.holding import held as held_by
from triplehelix.store.registry.holding import key_of, require_holder
from triplehelix.store.registry.indexing import INDEXES, index_rows
from triplehelix.store.registry.sight import Sight
from triplehelix.store.registry.tables import (
    CAPACITIES,
    LOG_ENTRIES,
    PARTS,
    RECORDS,
    RESERVATIONS,
    SOURCE_KEYS,
)

UNASSIGNED = Holder()
CONFIRMED_FOR = timedelta(days=365)
_AT_ONCE = 500
# Parents before children, as foreign keys need it.
_ORDER = (RECORDS, PARTS, *INDEXES, CAPACITIES, SOURCE_KEYS, LOG_ENTRIES)


class Change:
    """
    One transaction of changes by one viewer, and what that viewer sees meanwhile.

    Made by `Registry.change`. An error leaves everything as it was.
    """

    def __init__(
        self, connection: Connection, viewer: Viewer, now: datetime, ids: Callable[[str], str]
    ) -> None:
        self.connection, self.viewer, self.now, self.ids = connection, viewer, now, ids
        self._sight = Sight(connection, viewer, now)
        self._rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in _ORDER}
        self._conditions: set[str] = set()
        self._places: set[Holder] = set()

    @property
    def sight(self) -> Sight:
        """What the viewer sees, with the changes made so far."""
        self.flush()
        return self._sight

    def flush(self) -> None:
        """Write what has been gathered."""
        search_index.note(self.connection, (row["record_id"] for row in self._rows[PARTS]))
        for table in _ORDER:
            rows, self._rows[table] = self._rows[table], []
            if rows:
                self.connection.execute(insert(table), rows)

    def add(self, table: Table, row: dict[str, Any]) -> None:
        """Gather a row to be written with the others."""
        self._rows[table].append(row)

    def create(
        self, kind: str, fields: dict[str, Any], holder: Holder = UNASSIGNED, *,
        visibility: Mapping[str, str] | None = None, record_id: str | None = None,
        source_key: tuple[str, str] | None = None, confirmed: bool = False,
    ) -> str:  # fmt: skip
        """
        Make a record.

        Parameters
        ----------
        kind : `asset`, `member`, `network`, `post`, `event` or `call`.
        fields : as `registry.fields` has them.
        holder : the member it belongs to, the network whose stewards curate it, which must be
            one that the member is in. A member and a network hold themselves, whatever is given
            here.
        visibility : of the record under `*`, of single fields under their names; private where
            nothing is said.
        record_id : to bring a record back under the id it had. For administrators: a refusal
            would tell anybody else that the id is that of a hidden record.
        source_key : (scheme, value), the holder's own id of it, of at most 40 and 300 letters;
            at most one record has it.

        Returns
        -------
        The record's id.

        Raises
        ------
        InputError, UnknownName, Forbidden, Conflict
            Something is wrong with a field; the holder is not there, or not seen; the viewer may
            not; the id or the source key is taken (told when the transaction ends).
        """
        own = checked(kind, fields)
        if record_id is not None:
            require(self.viewer, Action.ADMINISTER, Holder())
        new = record_id or self.ids(kind)
        if not is_id(new, kind):
            raise InputError(f"{new!r} is no id of {kind}s; leave it out and one is made")
        held = held_by(kind, new, holder)
        require(self.viewer, Action.ADMINISTER if kind == "network" else Action.CREATE,
                Holder() if kind == "network" else held)  # fmt: skip
        self._require_place(new, held)
        shown = checked_visibility(kind, visibility or {"*": "private"})
        self.add(RECORDS, {
            "record_id": new, "kind": kind, "sort_name": _name(own)[:300],
            "asset_kind": own.get("kind") if kind == "asset" else None,
            "member_id": held.member_id, "network_id": held.network_id,
            "seen_by": self.keep(record_condition(shown, held)),
            "visibility": shown, "version": 1, "created_at": self.now,
            "confirmed_at": self.now if confirmed else None,
            "confirmed_by": self.viewer.user_id if confirmed else None,
            "due_on": (self.now + CONFIRMED_FOR).date() if confirmed else None,
        })  # fmt: skip
        self._place_parts(new, kind, own, shown, held)
        if source_key is not None:
            self.add(SOURCE_KEYS, {
                "holder": key_of(held), "record_id": new, **_checked_key(*source_key),
            })  # fmt: skip
        self.log(new, "create", kind=kind, fields=own, visibility=shown,
                  member=held.member_id, network=held.network_id)  # fmt: skip
        return new

    def update(
        self, kind: str, record_id: str, fields: dict[str, Any], *, version: int | None = None
    ) -> None:
        """
        Let these be all the fields of a record.

        `version` is the one that was looked at; without it, whatever is there is replaced.
        A record whose fields are the same already is left as it is.

        Raises
        ------
        InputError, UnknownName, Forbidden, Conflict
        """
        record = self.editable(kind, record_id, Action.EDIT, version)
        own = checked(kind, fields)
        if own == dict(record.fields):
            return
        self._replace_parts(record, own, dict(record.visibility or {}),
                            self._sight.holder(record_id))  # fmt: skip
        self._touch(record_id, sort_name=_name(own)[:300],
                    asset_kind=own.get("kind") if kind == "asset" else None)  # fmt: skip
        self._log_update(record, own)
        if kind == "call":
            call_following.follow(self, record_id, kind)

    def _log_update(self, record: Record, own: dict[str, Any]) -> None:
        changed = {name: value for name, value in own.items() if record.fields.get(name) != value}
        gone = sorted(set(record.fields) - set(own))
        self.log(record.record_id, "update", changed=changed, gone=gone)

    def update_all(self, changes: Sequence[tuple[Record, dict[str, Any]]]) -> None:
        """
        Let these be all the fields of records that this change's sight has given.

        As `update` of each, in a few statements for some hundred records.

        Raises
        ------
        InputError, Forbidden
        """
        for start in range(0, len(changes), _AT_ONCE):
            some = changes[start : start + _AT_ONCE]
            rows, parts = self._held_together([record.record_id for record, _ in some])
            for record, fields in some:
                held = Holder(*rows[record.record_id])
                require(self.viewer, Action.EDIT, held)
                own = checked(record.kind, fields)
                shown = dict(record.visibility or {})
                self._place_parts(record.record_id, record.kind, own, shown, held,
                                  parts.get(record.record_id, {}))  # fmt: skip
                kind = own.get("kind") if record.kind == "asset" else None
                self._touch(record.record_id, sort_name=_name(own)[:300], asset_kind=kind)
                self._log_update(record, own)

    def _held_together(
        self, ids: Sequence[str]
    ) -> tuple[dict[str, tuple[str | None, str | None]], dict[str, dict[str, Any]]]:
        """Holders of records, and their parts by condition, which are taken out of the tables."""
        self.flush()
        asked = select(RECORDS.c.record_id, RECORDS.c.member_id, RECORDS.c.network_id)
        found = self.connection.execute(asked.where(RECORDS.c.record_id.in_(ids)))
        held = {row.record_id: (row.member_id, row.network_id) for row in found}
        parts: dict[str, dict[str, Any]] = {}
        mine = select(PARTS).where(PARTS.c.record_id.in_(ids))
        for row in self.connection.execute(mine).mappings():
            parts.setdefault(row["record_id"], {})[row["seen_by"]] = row
        for table in (PARTS, *INDEXES):
            self.connection.execute(delete(table).where(table.c.record_id.in_(ids)))
        return held, parts

    def share(
        self, kind: str, record_id: str, visibility: Mapping[str, str], *,
        version: int | None = None,
    ) -> None:  # fmt: skip
        """Let these be the visibilities of a record (`*`) and of its fields."""
        record = self.editable(kind, record_id, Action.SHARE, version)
        shown = checked_visibility(kind, visibility)
        if shown == record.visibility:
            return
        self._reseat(record, shown, self._sight.holder(record_id))
        self.log(record_id, "share", visibility=shown)

    def hand_over(self, kind: str, record_id: str, holder: Holder) -> None:
        """Let a record belong to another member, or be curated by another network."""
        record = self.editable(kind, record_id, Action.EDIT, None)
        held = held_by(kind, record_id, holder)
        if held == self._sight.holder(record_id):
            return
        require(self.viewer, Action.EDIT, held)
        self._require_place(record_id, held)
        self._reseat(record, dict(record.visibility or {}), held)
        self.connection.execute(
            update(SOURCE_KEYS).where(SOURCE_KEYS.c.record_id == record_id),
            {"holder": key_of(held)},
        )
        self._reseat_reservations(record_id, held)
        call_following.handed_over(self, record_id)
        self.log(record_id, "hand over", member=held.member_id, network=held.network_id)

    def confirm(self, kind: str, record_id: str, *, days: int | None = None) -> None:
        """Say that a record still holds; it is due again after `days`, or a year."""
        self.editable(kind, record_id, Action.CONFIRM, None)
        due = (self.now + (timedelta(days=days) if days is not None else CONFIRMED_FOR)).date()
        self.connection.execute(
            update(RECORDS).where(RECORDS.c.record_id == record_id),
            {"confirmed_at": self.now, "confirmed_by": self.viewer.user_id, "due_on": due},
        )
        self.log(record_id, "confirm", due=due.isoformat())

    def remove(self, kind: str, record_id: str) -> None:
        """
        Take a record away, with its capacities and their reservations.

        A call gives back what was held for it; commitments of an asset are withdrawn.

        Raises
        ------
        Conflict
            If it is a member or network that still holds records.
        Forbidden
            If it is a member and the viewer is steward of its network only: whether it holds
            records is not for them to know.
        """
        self.editable(kind, record_id, Action.REMOVE, None)
        own = self.viewer.everything or f"member:{record_id}" in self.viewer.grants
        if kind == "member" and not own:
            raise Forbidden(
                "a member is removed by its own people or by an administrator, for it may hold "
                "records that its network does not see; ask one of them"
            )
        held = select(RECORDS.c.record_id).where(
            (RECORDS.c.member_id == record_id) | (RECORDS.c.network_id == record_id),
            RECORDS.c.record_id != record_id,
        )
        if kind in ("member", "network") and self.connection.execute(held.limit(1)).first():
            raise Conflict(f"this {kind} still holds records; hand them over or remove them first")
        call_ending.removing(self, record_id, kind)
        self.connection.execute(delete(RECORDS).where(RECORDS.c.record_id == record_id))
        search_index.note(self.connection, [record_id])
        self.log(record_id, "remove", kind=kind)

    def editable(self, kind: str, record_id: str, action: Action, version: int | None) -> Record:
        """
        A record that the viewer may do this to, of that version where one is given.

        Raises
        ------
        UnknownName, Forbidden, Conflict
        """
        record = self.sight.record(kind, record_id)
        require(self.viewer, action, self._sight.holder(record_id))
        if version is not None and record.version != version:
            raise Conflict(
                "somebody else has changed this record since you opened it; open it again and "
                "make your change there"
            )
        return record

    def keep(self, asked: Condition) -> str:
        """The name of a condition, which is in the database afterwards."""
        if name_of(asked) not in self._conditions:
            # The viewer may meet what is new: let the sight ask again.
            self._sight = Sight(self.connection, self.viewer, self.now)
        return keep(self.connection, asked, self._conditions)

    def _require_place(self, record_id: str, holder: Holder) -> None:
        if holder not in self._places:
            require_holder(self.sight, record_id, holder)
            if record_id not in (holder.member_id, holder.network_id):
                self._places.add(holder)

    def _place_parts(
        self, record_id: str, kind: str, fields: dict[str, Any], shown: Mapping[str, str],
        held: Holder, before: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        apart = by_condition(kind, fields, shown, held)
        parts = {self.keep(asked): said for asked, said in apart.items()}
        for seen_by, said in parts.items():
            # A part that stays as it is keeps its time: who sees it alone sees no change.
            was = (before or {}).get(seen_by)
            changed_at = was["changed_at"] if was and was["fields"] == said else self.now
            self.add(PARTS, {"record_id": record_id, "seen_by": seen_by, "fields": said,
                             "changed_at": changed_at})  # fmt: skip
        for table, rows in index_rows(record_id, parts).items():
            self._rows[table].extend(rows)

    def _replace_parts(
        self, record: Record, fields: dict[str, Any], shown: Mapping[str, str], held: Holder
    ) -> None:
        mine = select(PARTS).where(PARTS.c.record_id == record.record_id)
        before = {row["seen_by"]: row for row in self.connection.execute(mine).mappings()}
        for table in (PARTS, *INDEXES):
            self.connection.execute(delete(table).where(table.c.record_id == record.record_id))
        self._place_parts(record.record_id, record.kind, fields, shown, held, before)

    def _reseat(self, record: Record, shown: dict[str, str], held: Holder) -> None:
        asked = record_condition(shown, held)
        self._touch(record.record_id, seen_by=self.keep(asked), visibility=shown,
                    member_id=held.member_id, network_id=held.network_id)  # fmt: skip
        self._replace_parts(record, dict(record.fields), shown, held)
        capacities = select(CAPACITIES.c.capacity_id, CAPACITIES.c.visibility)
        mine = capacities.where(CAPACITIES.c.record_id == record.record_id)
        for one in self.connection.execute(mine).all():
            seen_by = self.keep(capacity_condition(shown, one.visibility, held))
            this = CAPACITIES.c.capacity_id == one.capacity_id
            self.connection.execute(update(CAPACITIES).where(this), {"seen_by": seen_by})
        call_following.follow(self, record.record_id, record.kind)

    def _reseat_reservations(self, record_id: str, held: Holder) -> None:
        """Reservations go with their asset to whoever holds it now."""
        own = select(CAPACITIES.c.capacity_id).where(CAPACITIES.c.record_id == record_id)
        private = self.keep(condition(Audience.read("private"), held))
        self.connection.execute(
            update(RESERVATIONS).where(RESERVATIONS.c.capacity_id.in_(own)), {"seen_by": private}
        )

    def _touch(self, record_id: str, **changed: Any) -> None:
        mine = RECORDS.c.record_id == record_id
        self.connection.execute(
            update(RECORDS).where(mine).values(version=RECORDS.c.version + 1, **changed)
        )

    def log(self, subject: str, action: str, **said: Any) -> None:
        """Write down what was done to what; kept with the change, or not at all."""
        self.add(LOG_ENTRIES,
            log.entry(
                entry_id=self.ids("entry"), subject=subject, actor=self.viewer.user_id,
                action=action, at=self.now, said=said,
            )
        )  # fmt: skip


def _checked_key(scheme: str, value: str) -> dict[str, str]:
    if not 1 <= len(scheme) <= 40 or not 1 <= len(value) <= 300 or "\0" in scheme + value:
        raise InputError(
            f"the source id {value[:80]!r} of scheme {scheme[:40]!r} must have 1 to 300 letters, "
            "its scheme 1 to 40; shorten it"
        )
    return {"scheme": scheme, "value": value}


def _name(fields: Mapping[str, Any]) -> str:
    return str(fields.get("name") or fields["title"])
