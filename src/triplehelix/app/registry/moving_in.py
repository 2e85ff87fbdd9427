"""Bringing in the registry's own JSON Lines: as they were for administrators, else as one's own."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from triplehelix.app.registry.bringing import keeper
from triplehelix.app.registry.call_lines import bring_line, count_anew
from triplehelix.errors import TripleHelixError
from triplehelix.registry.exchange import jsonl, jsonl_calls, jsonl_sealed
from triplehelix.registry.exchange.reports import Message, Notes, RowReport, RowStatus
from triplehelix.registry.exchange.taking import SourceRow
from triplehelix.registry.records import Capacity, Record
from triplehelix.registry.visibility import Audience, Holder
from triplehelix.store.registry.capacities import put_capacity
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.moving import (
    bring_capacity,
    bring_reservations,
    known_ids,
    stamp,
)
from triplehelix.store.registry.networks import compose, join
from triplehelix.store.registry.sealed_moving import bring_sealed
from triplehelix.store.registry.source_keys import (
    add_key,
    chunks,
    found_by_key,
    key_holder,
    keys_of,
)


def bring_lines(
    change: Change, rows: Sequence[SourceRow], holder: Holder, visibility: str
) -> list[RowReport]:
    """
    What becomes of each line.

    Who sees everything brings records back under their ids, with their holders, moments, keys
    and reservations. Others bring assets only, as assets of `holder`; an asset that they may not
    change, or that is not there, becomes a new one of theirs.
    """
    return _Moving(change, rows, holder, visibility).reports()


class _Moving:
    def __init__(
        self, change: Change, rows: Sequence[SourceRow], holder: Holder, visibility: str
    ) -> None:
        self.change, self.holder, self.visibility = change, holder, visibility
        self.exact = change.viewer.everything
        self.done: list[RowReport] = []
        self.lines: dict[str, list[tuple[SourceRow, dict[str, Any]]]] = {}
        self._read(rows)
        records = [said for kind in jsonl.KINDS for _, said in self.lines.get(kind, [])]
        holders = {said.get(name, "") for said in records for name in ("member_id", "network_id")}
        self.there = known_ids(change, sorted(_ids(records) | (holders - {""})))
        self.taken: dict[tuple[str, str], set[str]] = {}
        self.before = self._before([said["id"] for said in records if said["id"] in self.there])
        self.stamps: list[dict[str, Any]] = []
        self.promised: list[tuple[str, str, Holder, Mapping[str, Any]]] = []
        self.counted: set[str] = set()
        self.keeper = keeper(change, holder)
        self.own = {} if self.exact else found_by_key(change, self.keeper, jsonl.FORM)
        self.renamed = {said["id"]: said["id"] for said in records if said["id"] in self.before}
        self.renamed |= self.own

    def reports(self) -> list[RowReport]:
        for kind in jsonl.KINDS:
            for row, said in self.lines.get(kind, []):
                self._tried(row, said, self._record)
        stamp(self.change, self.stamps)
        bring_reservations(self.change, self.promised)
        for kind in jsonl.TIES:
            for row, said in self.lines.get(kind, []):
                self._tried(row, said, self._tie)
        for kind in (*jsonl_calls.KINDS, *jsonl_sealed.KINDS):
            for row, said in self.lines.get(kind, []):
                self._tried(row, said, self._of_a_call)
        count_anew(self.change, self.counted)
        return sorted(self.done, key=lambda report: report.number)

    def _read(self, rows: Sequence[SourceRow]) -> None:
        seen: dict[str, int] = {}
        for row in rows:
            said = jsonl.checked_line(row.said, row.notes) if not row.notes.faults else {}
            if row.notes.faults:
                self._report(row, RowStatus.FAULTY, {}, row.notes)
                continue
            first = seen.setdefault(str(said.get("id", row.number)), row.number)
            if first != row.number:
                row.notes.warn(f"is that of line {first}, which counts", "id", "remove one")
                self._report(row, RowStatus.WARNED, said, row.notes)
            elif said["is"] != "registry":  # the head of the file is no row of it
                self.lines.setdefault(said["is"], []).append((row, said))

    def _before(self, ids: Sequence[str]) -> dict[str, tuple[Record, list[Capacity]]]:
        found: dict[str, tuple[Record, list[Capacity]]] = {}
        for some in chunks(ids):
            capacities: dict[str, list[Capacity]] = {}
            for one in self.change.sight.capacities(some):
                capacities.setdefault(one.record_id, []).append(one)
            for record in self.change.sight.records(some):
                if record.editable:
                    own = capacities.get(record.record_id, [])
                    found[record.record_id] = (record, own)
        return found

    def _tried(self, row: SourceRow, said: dict[str, Any], do: Any) -> None:
        try:
            do(row, said)
        except TripleHelixError as err:
            row.notes.fault(str(err), f"the {said['is']}", "correct the line")
            self._report(row, RowStatus.FAULTY, said, row.notes)

    def _record(self, row: SourceRow, said: dict[str, Any]) -> None:
        if said["id"] in self.before:
            self._known(row, said, said["id"])
        elif self.exact:
            self._as_it_was(row, said)
        elif said["is"] != "asset":
            row.notes.warn("is left out", f"the {said['is']}", "ask an administrator to bring it")
            self._report(row, RowStatus.WARNED, said, row.notes)
        elif said["id"] in self.own:
            self.before |= self._before([self.own[said["id"]]])
            self._known(row, said, self.own[said["id"]])
        else:
            self._as_ones_own(row, said)

    def _as_it_was(self, row: SourceRow, said: dict[str, Any]) -> None:
        held = self._holder(said)
        shown = said.get("visibility") or {"*": self.visibility}
        for capacity in said["capacities"]:
            Audience.read(capacity.get("visibility") or "public")
        taken = _ids([{**said, "id": ""}]) & self.there
        if taken:
            row.notes.fault("is there already with another asset", sorted(taken)[0],
                            "leave it out, or remove the other")  # fmt: skip
            self._report(row, RowStatus.FAULTY, said, row.notes)
            return
        record_id = self.change.create(said["is"], said["fields"], held, visibility=shown,
                                       record_id=said["id"])  # fmt: skip
        self.there |= _ids([said])
        held = _own_holder(said["is"], record_id, held)
        self._keys(record_id, held, said)
        for capacity in said["capacities"]:
            bring_capacity(self.change, record_id, {"*": "private", **shown}, held, capacity)
            promised = capacity["reservations"]
            self.promised += [(record_id, capacity["id"], held, one) for one in promised]
        self.stamps.append({
            "record_id": record_id, "version": said.get("version") or 1,
            "created_at": said.get("created_at", self.change.now),
            "changed_at": said.get("changed_at", self.change.now),
            "confirmed_at": said.get("confirmed_at"), "confirmed_by": said.get("confirmed_by"),
            "due_on": said.get("due_on"), "changed_at_of": said["changed_at_of"],
        })  # fmt: skip
        self._report(row, RowStatus.CREATED, said, row.notes, record_id)

    def _holder(self, said: Mapping[str, Any]) -> Holder:
        if said["is"] == "asset" and self.holder != Holder():
            return self.holder
        held = Holder(said.get("member_id"), said.get("network_id"))
        for one in (held.member_id, held.network_id):
            if one and one != said["id"] and one not in self.there:
                raise TripleHelixError(
                    f"its holder {one} is neither here nor in the file before it; bring it first"
                )
        return held

    def _keys(self, record_id: str, held: Holder, said: Mapping[str, Any]) -> None:
        for scheme, value in said.get("source_keys", []):
            name = (key_holder(held), scheme)
            if name not in self.taken:
                self.taken[name] = set(found_by_key(self.change, held, scheme))
            if value not in self.taken[name]:
                self.taken[name].add(value)
                add_key(self.change, held, record_id, scheme[:40], value[:300])

    def _known(self, row: SourceRow, said: dict[str, Any], record_id: str) -> None:
        record, capacities = self.before[record_id]
        kind = said["is"]
        status = RowStatus.UNCHANGED
        fields = self._fields(said)
        if fields != dict(record.fields):
            self.change.update(kind, record_id, fields)
            status = RowStatus.UPDATED
        # Whom somebody else's file names may be others here: what is there keeps its visibility.
        shown = said.get("visibility") if self.exact else None
        if shown and shown != record.visibility:
            self.change.share(kind, record_id, shown)
            status = RowStatus.UPDATED
        held = Holder(record.member_id, record.network_id)
        if self.exact and kind != "network":
            new = _own_holder(kind, record_id, self._holder(said))
            if new != held:
                self.change.hand_over(kind, record_id, new)
                held, status = new, RowStatus.UPDATED
        if self._capacities(said, record_id, held, capacities):
            status = RowStatus.UPDATED
        if self.exact and set(map(tuple, said.get("source_keys", []))) - set(
            keys_of(self.change.sight, [record_id]).get(record_id, [])
        ):
            self._keys(record_id, held, said)
            status = RowStatus.UPDATED
        self._report(row, status, said, row.notes, record_id)

    def _capacities(
        self, said: Mapping[str, Any], record_id: str, held: Holder, before: Sequence[Capacity]
    ) -> bool:
        there = {one.capacity_id: one for one in before}
        changed = False
        for capacity in said["capacities"]:
            own, fields = there.get(capacity["id"]), capacity["fields"]
            visibility = capacity.get("visibility") if self.exact or not own else own.visibility
            if own is None and self.exact:
                shown = dict(self.change.sight.record("asset", record_id).visibility or {})
                bring_capacity(self.change, record_id, shown, held, capacity)
                changed = True
            elif own and (dict(own.fields), own.visibility) != (fields, visibility):
                put_capacity(
                    self.change, record_id, fields, capacity_id=capacity["id"],
                    visibility=visibility,
                )  # fmt: skip
                changed = True
        if self.exact:
            new = [
                (record_id, one["id"], held, each)
                for one in said["capacities"]
                for each in one["reservations"]
                if each["id"] not in self.there
            ]
            self.promised += new
            changed = changed or bool(new)
        return changed

    def _as_ones_own(self, row: SourceRow, said: dict[str, Any]) -> None:
        shown = {"*": self.visibility, "extra": "private"}
        record_id = self.change.create("asset", self._fields(said), self.holder, visibility=shown)
        add_key(self.change, self.keeper, record_id, jsonl.FORM, said["id"])
        self.renamed[said["id"]] = record_id
        for capacity in said["capacities"]:
            put_capacity(self.change, record_id, capacity["fields"])
        if any(capacity["reservations"] for capacity in said["capacities"]):
            row.notes.warn("are left out", "the reservations", "administrators can bring them")
        self._report(row, RowStatus.CREATED, said, row.notes, record_id)

    def _fields(self, said: Mapping[str, Any]) -> dict[str, Any]:
        fields = dict(said["fields"])
        if not self.exact and fields.get("part_of"):
            parts = [self.renamed[one] for one in fields["part_of"] if one in self.renamed]
            fields = {**fields, "part_of": parts} if parts else {
                name: value for name, value in fields.items() if name != "part_of"
            }  # fmt: skip
        return fields

    def _tie(self, row: SourceRow, said: dict[str, Any]) -> None:
        network = said["network_id"]
        if said["is"] == "part":
            below = [part for of, part in self.change.sight.network_parts() if of == network]
            if said["part_id"] in below:
                self._report(row, RowStatus.UNCHANGED, said, row.notes)
                return
            compose(self.change, network, (*below, said["part_id"]))
        else:
            if self._joined(said):
                self._report(row, RowStatus.UNCHANGED, said, row.notes)
                return
            join(self.change, network, said["member_id"], state=said.get("state", "member"),
                 visibility=said.get("visibility", "public"), since=said.get("since"))  # fmt: skip
        self._report(row, RowStatus.CREATED, said, row.notes)

    def _of_a_call(self, row: SourceRow, said: dict[str, Any]) -> None:
        if not self.exact:
            row.notes.warn("is left out", f"the {said['is']}", "ask an administrator to bring it")
            self._report(row, RowStatus.WARNED, said, row.notes)
            return
        sealed = said["is"] in jsonl_sealed.KINDS
        became = bring_sealed(self.change, said) if sealed else bring_line(self.change, said)
        if became == "differs":
            row.notes.warn("is there already, and not as here: what was said since stays",
                           f"the {said['is']}", "leave it out")  # fmt: skip
        elif became == "created" and not sealed:
            self.counted.add(said["call_id"])
        status = RowStatus.WARNED if became == "differs" else RowStatus(became)
        self._report(row, status, said, row.notes)

    def _joined(self, said: Mapping[str, Any]) -> bool:
        asked = (said.get("state", "member"), said.get("since"))
        return self._ties.get((said["network_id"], said["member_id"])) == asked

    @cached_property
    def _ties(self) -> dict[tuple[str, str], tuple[Any, ...]]:
        """Memberships that were there before the first of the file."""
        ties = self.change.sight.memberships()
        return {(tie.network_id, tie.member_id): (tie.state, tie.since) for tie in ties}

    def _report(
        self, row: SourceRow, status: RowStatus, said: Mapping[str, Any], notes: Notes,
        record_id: str | None = None,
    ) -> None:  # fmt: skip
        fields = said.get("fields") or {}
        name = str(fields.get("name") or fields.get("title") or said.get("is") or "")
        messages: tuple[Message, ...] = (*notes.faults, *notes.warnings)
        cells = dict(row.raw) if status is RowStatus.FAULTY else None
        self.done.append(RowReport(row.number, status, name, messages, record_id, cells))


def _ids(records: Sequence[Mapping[str, Any]]) -> set[str]:
    """The ids of records, of their capacities and of these capacities' reservations."""
    capacities = [one for said in records for one in said["capacities"]]
    reservations = [one for capacity in capacities for one in capacity["reservations"]]
    return {one["id"] for one in (*records, *capacities, *reservations)} - {""}


def _own_holder(kind: str, record_id: str, held: Holder) -> Holder:
    if kind == "member":
        return Holder(record_id, held.network_id)
    return Holder(None, record_id) if kind == "network" else held
