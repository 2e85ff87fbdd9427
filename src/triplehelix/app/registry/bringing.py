"""Bringing rows of assets in: which record each is about, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from triplehelix.app.registry.abilities import shipped_recogniser
from triplehelix.app.registry.asset_forms import ASSET_FORMS, AssetForm, facility_ids
from triplehelix.registry.exchange import uniquip
from triplehelix.registry.exchange.reports import Message, RowReport, RowStatus
from triplehelix.registry.exchange.taking import SourceRow
from triplehelix.registry.ids import is_id
from triplehelix.registry.records import Record
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.source_keys import add_key, chunks, found_by_key, key_holder


class _Known(NamedTuple):
    """What is there already: records by id, record ids by the holder's own ids, IDs by record."""

    records: Mapping[str, Record]
    by_key: Mapping[str, str]
    ids: Mapping[str, str]


class _Work(NamedTuple):
    """A row with the record it is about, if that is there, and what it is to say."""

    row: SourceRow
    record: Record | None
    fields: dict[str, Any]
    messages: tuple[Message, ...]


def bring_assets(
    change: Change, form: str, rows: list[SourceRow], holder: Holder, visibility: str
) -> list[RowReport]:
    """What becomes of each row of a format of assets; creations are written before updates."""
    known = _known(change, form, rows, holder)
    reports, first = _repeated(rows)
    facilities = _known_facilities(change, form, rows, known)
    changed: list[_Work] = []
    ids = dict(known.ids)
    # Facilities first: equipment may be part of those without a fault.
    for row in sorted(first, key=lambda row: (not _is_facility(row), row.number)):
        record_id = known.by_key.get(row.key)
        outcome = _outcome(ASSET_FORMS[form], row, record_id, known, facilities, ids)
        if isinstance(outcome, _Work) and outcome.record is None:
            outcome = _create(change, form, outcome, holder, visibility)
            record_id = outcome.record_id
        if isinstance(outcome, RowReport):
            reports.append(outcome)
        else:
            changed.append(outcome)
        if record_id and _is_facility(row) and row.own_id:
            facilities[row.own_id] = record_id
            ids[record_id] = row.own_id
    change.update_all([(work.record, work.fields) for work in changed if work.record])
    reports += [
        _done(work, RowStatus.UPDATED, work.record.record_id) for work in changed if work.record
    ]
    return sorted(reports, key=lambda report: report.number)


def keeper(change: Change, holder: Holder) -> Holder:
    """Under whom ids are kept: a steward who imports for a member learns nothing of its ids."""
    acts_for_it = change.viewer.everything or f"member:{holder.member_id}" in change.viewer.grants
    return holder if acts_for_it else Holder(None, holder.network_id)


def _is_facility(row: SourceRow) -> bool:
    return str(row.said.get("Type", "")).casefold() == "facility"


def _known(change: Change, form: str, rows: list[SourceRow], holder: Holder) -> _Known:
    by_key = found_by_key(change, keeper(change, holder), form)
    keyed = set(by_key.values())
    wanted = {by_key[row.key] for row in rows if row.key in by_key}
    # A row of our own export may name a record by its id in the registry.
    wanted |= {row.own_id for row in rows if row.key not in by_key and is_id(row.own_id, "asset")}
    records: dict[str, Record] = {}
    for some in chunks(sorted(wanted)):
        for record in change.sight.records(some, "asset"):
            own = key_holder(Holder(record.member_id, record.network_id)) == key_holder(holder)
            if record.editable and (own or record.record_id in keyed):
                records[record.record_id] = record
    found = {**{one: one for one in records}, **by_key}
    ids = facility_ids(change.sight, records.values()) if form == uniquip.FORM else {}
    return _Known(records, found, ids)


def _known_facilities(
    change: Change, form: str, rows: list[SourceRow], known: _Known
) -> dict[str, str]:
    """The holder's facilities of earlier files that rows name and this file does not hold."""
    if form != uniquip.FORM:
        return {}
    here, mine = {row.own_id for row in rows}, set(known.by_key.values())
    named = {name for row in rows for name in uniquip.related(row.said)} - here
    wanted = {known.by_key.get(name, name): name for name in sorted(named)}
    found = {}
    for some in chunks([one for one in wanted if is_id(one, "asset")]):
        for record in change.sight.records(some, "asset"):
            own = record.record_id in mine or record.editable
            if own and uniquip.TYPES.get(record.fields["kind"]) == "facility":
                found[wanted[record.record_id]] = record.record_id
    return found


def _repeated(rows: list[SourceRow]) -> tuple[list[RowReport], list[SourceRow]]:
    """Reports on rows whose id an earlier row has, and the others."""
    numbers: dict[str, int] = {}
    reports, first = [], []
    for row in rows:
        if row.key not in numbers:
            numbers[row.key] = row.number
            first.append(row)
            continue
        what = "has the ID of" if row.own_id else "has no ID and says the same as"
        message = Message(f"{what} row {numbers[row.key]}, which counts", "ID",
                          "give each its own, or remove one")  # fmt: skip
        reports.append(RowReport(row.number, RowStatus.WARNED, _name(row.said), (message,)))
    return reports, first


def _outcome(
    form: AssetForm, row: SourceRow, record_id: str | None, known: _Known,
    facilities: Mapping[str, str], ids: Mapping[str, str],
) -> RowReport | _Work:  # fmt: skip
    record = known.records.get(record_id or "")
    if record_id and record is None:
        row.notes.fault("names a record that is no longer yours to change", "ID",
                        "give the row another ID")  # fmt: skip
    before = dict(record.fields) if record else {}
    if row.notes.faults:
        return _faulty(row, tuple(row.notes.faults))
    if record and form.says_the_same(row.said, form.shown(before, ids), record.record_id):
        same = _Work(row, record, before, tuple(row.notes.warnings))
        return _done(same, RowStatus.UNCHANGED, record.record_id)
    taken = form.taken(row, before, facilities, ids, record.record_id if record else None)
    if taken.fields is None:
        return _faulty(row, (*taken.faults, *taken.warnings))
    work = _Work(row, record, taken.fields, taken.warnings)
    if record and taken.fields == before:
        return _done(work, RowStatus.UNCHANGED, record.record_id)
    return work


def _create(change: Change, form: str, work: _Work, holder: Holder, visibility: str) -> RowReport:
    # What is kept beside the fields may repeat what a field hides: it is the holder's alone.
    shown = {"*": visibility, "extra": "private"}
    able = () if work.fields.get("capabilities") else _named_in(work.fields)
    fields = {**work.fields, "capabilities": list(able)} if able else work.fields
    record_id = change.create("asset", fields, holder, visibility=shown)
    add_key(change, keeper(change, holder), record_id, form, work.row.key)
    return replace(_done(work, RowStatus.CREATED, record_id), able=able)


def _named_in(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Capabilities that a record's own words name."""
    techniques = (each["term"] for each in fields.get("techniques", ()))
    subjects = fields.get("subjects", ())
    said = (fields["name"], *techniques, *subjects, fields.get("description") or "")
    return shipped_recogniser().named(said)


def _done(work: _Work, status: RowStatus, record_id: str) -> RowReport:
    name = str(work.fields.get("name", ""))
    return RowReport(work.row.number, status, name, work.messages, record_id)


def _faulty(row: SourceRow, messages: tuple[Message, ...]) -> RowReport:
    return RowReport(row.number, RowStatus.FAULTY, _name(row.said), messages, None, dict(row.raw))


def _name(said: Mapping[str, Any]) -> str:
    return str(said.get("Name") or said.get("name") or "")[:300]
