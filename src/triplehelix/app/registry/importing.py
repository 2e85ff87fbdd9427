"""Importing a file of assets: what is in order goes in, what is not is told row by row."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from triplehelix.app.registry.bringing import bring_assets
from triplehelix.app.registry.moving_in import bring_lines
from triplehelix.errors import Forbidden, InputError
from triplehelix.formulas import guarded, unguarded
from triplehelix.read.asset_files import JsonFile, TableFile, asset_file
from triplehelix.registry.exchange import jisc, jsonl, pidinst
from triplehelix.registry.exchange.reports import ImportReport, Message, Notes, RowReport, RowStatus
from triplehelix.registry.exchange.taking import SourceRow
from triplehelix.registry.exchange.uniquip import source_row
from triplehelix.registry.exchange.uniquip_columns import Header, header
from triplehelix.registry.viewer import Action, Viewer, require
from triplehelix.registry.visibility import Audience, Holder
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.opening import Registry

FORMATS = ("uniquip", "jisc", "pidinst", "jsonl")
_PIDINST_WORDS = {"schemaversion", "landingpage", "owners", "owner", "manufacturers",
                  "instrumenttypes", "instrumenttype", "alternateidentifiers"}  # fmt: skip
_KNOWN_LEAST = 3
PROBLEM = "Problem"


class _Undo(Exception):
    """Leaves the transaction without keeping what was written in it."""


def import_file(
    registry: Registry, viewer: Viewer, source: Path | str | bytes, *,
    format: str | None = None, member_id: str | None = None, network_id: str | None = None,
    visibility: str = "private", strict: bool = False, dry_run: bool = False,
) -> ImportReport:  # fmt: skip
    """
    Bring the records of a file into the registry, in one transaction.

    Parameters
    ----------
    source : the path of a file, or its bytes. Nothing is ever fetched.
    format : one of `FORMATS`; told by the content where None.
    member_id, network_id : the member whose assets they are, the network whose stewards curate
        them. Without both they are unassigned, which only administrators can do.
    visibility : of new records, as `registry.visibility.Audience` writes it. Those that are there
        keep theirs.
    strict : keep nothing if any row is faulty.
    dry_run : keep nothing, only tell what would happen.

    Returns
    -------
    What became of each row. A second import of a file finds its records by their own ids.

    Raises
    ------
    InputError
        If the file cannot be read as a whole.
    UnknownName, Forbidden
        If there is no such member or network, or the viewer may not add to it.
    """
    file = asset_file(source)
    form = _format(file, format)
    Audience.read(visibility)
    rows, columns, messages = _source_rows(file, form)
    reports: list[RowReport] = []
    kept = False
    try:
        with registry.change(viewer) as change:
            holder = _holder(change, viewer, member_id, network_id)
            if form == jsonl.FORM:
                reports = bring_lines(change, rows, holder, visibility)
            else:
                require(viewer, Action.CREATE, holder)
                reports = bring_assets(change, form, rows, holder, visibility)
            kept = not dry_run and not (strict and _any_faulty(reports))
            if not kept:
                raise _Undo
    except _Undo:
        reports = [_without_new_id(report) for report in reports]
    said = (*_file_messages(file), *messages, *_told_abilities(reports))
    return ImportReport(form, tuple(reports), said, columns,
                        dry_run, strict, kept)  # fmt: skip


def _told_abilities(reports: list[RowReport]) -> list[Message]:
    n = sum(bool(report.able) for report in reports)
    if not n:
        return []
    records = "1 record has" if n == 1 else f"{n:,} records have"
    return [Message(f"{records} capabilities that the words of its row name", "capabilities",
                    "look on the pages whether they are right")]  # fmt: skip


def _any_faulty(reports: list[RowReport]) -> bool:
    return any(report.status is RowStatus.FAULTY for report in reports)


def _without_new_id(report: RowReport) -> RowReport:
    if report.status is not RowStatus.CREATED:
        return report
    return replace(report, record_id=None)


def _holder(
    change: Change, viewer: Viewer, member_id: str | None, network_id: str | None
) -> Holder:
    if member_id is not None:
        change.sight.record("member", member_id)
    if network_id is not None:
        change.sight.record("network", network_id)
    if member_id and network_id and not viewer.everything:
        ties = change.sight.memberships()
        together = any(
            tie.network_id == network_id and tie.member_id == member_id and tie.state == "member"
            for tie in ties
        )
        if not together:
            raise Forbidden(
                "this member is not in this network; let it join first, or leave one of them out"
            )
    return Holder(member_id, network_id)


def _format(file: TableFile | JsonFile, named: str | None) -> str:
    if named is not None and named not in FORMATS:
        raise InputError(f"{named!r} is no format; give one of {', '.join(FORMATS)}")
    if isinstance(file, TableFile):
        return _table_format(file, named)
    found = _json_format(file)
    if named == "uniquip":
        raise InputError("the file is JSON, not a table of UNIQUIP; leave the format out")
    if named == "jsonl" and found != "jsonl":
        raise InputError(
            "the file is JSON but not this registry's own form; name its format, jisc or pidinst"
        )
    if named is None and found is None:
        raise InputError(
            "the JSON has the keys of no format known here; name it: jisc, pidinst or jsonl"
        )
    return str(named or found)


def _table_format(file: TableFile, named: str | None) -> str:
    if named not in (None, "uniquip"):
        raise InputError(f"the file is a table, not {named}; leave the format out, or name uniquip")
    head = header(file.columns)
    if head.known < _KNOWN_LEAST or not {"Name", "Description"} & set(head.keys):
        shown = ", ".join(column[:40] for column in file.columns[:12])
        raise InputError(
            f"the table's header is not UNIQUIP's: it has {shown}; write the columns Type, Name, "
            "Description, Site Location, Contact Email and so on in its first row"
        )
    return "uniquip"


def _json_format(file: JsonFile) -> str | None:
    for row in file.rows:
        keys = {key.lower() for key in row.value}
        if row.value.get("is") in ("registry", *jsonl.ALL):
            return "jsonl"
        if keys & _PIDINST_WORDS:
            return "pidinst"
        if len(keys & set(jisc.KEYS)) >= 2:
            return "jisc"
    return None


def _source_rows(
    file: TableFile | JsonFile, form: str
) -> tuple[list[SourceRow], tuple[str, ...], tuple[Message, ...]]:
    if isinstance(file, TableFile):
        head = header(file.columns)
        return [_table_row(row, head) for row in file.rows], file.columns, head.messages
    make = {"jisc": jisc.source_row, "pidinst": pidinst.source_row}.get(form, _line_row)
    rows = []
    for row in file.rows:
        read = make(row.number, row.value)
        if row.fault:
            read.notes.fault(row.fault, f"row {row.number}", "mend it")
        rows.append(read)
    return rows, (), ()


def _table_row(row: Any, head: Header) -> SourceRow:
    read = source_row(row.number, head, row.cells, row.marks)
    if row.fault:
        read.notes.fault(row.fault, f"row {row.number}", "mend its quotes and delimiters")
    return read


def _line_row(number: int, value: Mapping[str, Any]) -> SourceRow:
    return SourceRow(number, value, "", Notes(), value)


def _file_messages(file: TableFile | JsonFile) -> list[Message]:
    return [Message(*_parted(note)) for note in file.notes]


def _parted(note: str) -> tuple[str, str, str]:
    what, _, remedy = note.partition(": ")
    return what, "the file", remedy or "send one sheet in one file"


def corrections_file(report: ImportReport) -> bytes:
    """
    The faulty rows of an import as a file to correct and import again.

    A table comes back as CSV with its own columns and one more, `Problem`; JSON as JSON Lines
    with a key `Problem`. An import passes both over.
    """
    if not report.columns:
        lines = [{**(row.cells or {}), PROBLEM: _problem(row)} for row in report.faulty]
        return b"".join(jsonl.line(one) for one in lines)
    keys = header(report.columns).keys
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    shown = [(column, key) for column, key in zip(report.columns, keys, strict=True) if key]
    writer.writerow([*(guarded(column) for column, _ in shown), PROBLEM])
    for row in report.faulty:
        cells = row.cells or {}
        # The cells are as they came, and so are guarded where they were.
        said = [_safe(str(cells.get(key, ""))) for _, key in shown]
        writer.writerow([*said, guarded(_problem(row))])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _safe(cell: str) -> str:
    return guarded(unguarded(cell))


def _problem(row: RowReport) -> str:
    return " | ".join(str(message) for message in row.messages)


def report_json(report: ImportReport) -> dict[str, Any]:
    """A report as values that JSON can hold."""
    return {
        "format": report.format, "kept": report.kept, "dry_run": report.dry_run,
        "strict": report.strict, "counts": dict(report.counts),
        "messages": [_message(one) for one in report.messages],
        "rows": [
            {"number": row.number, "status": str(row.status), "name": row.name,
             "record_id": row.record_id, "able": list(row.able),
             "messages": [_message(one) for one in row.messages],
             "cells": json.loads(json.dumps(row.cells, default=str))}
            for row in report.rows
        ],
    }  # fmt: skip


def _message(message: Message) -> dict[str, str]:
    return {"what": message.what, "where": message.where, "remedy": message.remedy}
