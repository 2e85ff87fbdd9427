"""Exporting what a viewer sees of the registry, in any of the formats."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from triplehelix.app.registry.asset_forms import facility_ids
from triplehelix.app.registry.call_lines import lines_of_call
from triplehelix.app.registry.tables_out import table
from triplehelix.errors import InputError
from triplehelix.registry.exchange import (
    dcat,
    jisc,
    jsonl,
    jsonl_sealed,
    pidinst,
    schema_org,
    uniquip,
)
from triplehelix.registry.records import Capacity, Record, Reservation
from triplehelix.registry.viewer import VISITOR, Viewer
from triplehelix.store.registry.moving import (
    all_records,
    confirmers,
    field_moments,
    membership_visibilities,
)
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sealed_moving import sealed_rows
from triplehelix.store.registry.sight import Sight
from triplehelix.store.registry.source_keys import keys_of

FORMATS = ("uniquip", "jisc", "pidinst", "jsonl", "jsonld", "dcat")
TABLES = ("csv", "tsv", "xlsx")
_TYPES = {
    "csv": "text/csv; charset=utf-8", "tsv": "text/tab-separated-values; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jisc": "application/json", "pidinst": "application/json", "jsonl": "application/jsonl",
    "jsonld": "application/ld+json", "dcat": "application/ld+json",
}  # fmt: skip


def export(
    registry: Registry, viewer: Viewer, format: str, *, table_format: str = "csv", page: str = ""
) -> Iterator[bytes]:
    """
    What a viewer sees of the registry, in a format; the same registry gives the same bytes.

    Parameters
    ----------
    format : one of `FORMATS`. `uniquip`, `jisc` and `pidinst` hold assets alone; `jsonl` all that
        is seen; `jsonld` (schema.org) and `dcat` only what everybody sees, whoever asks.
    table_format : of `uniquip`: one of `TABLES`.
    page : the registry's address, before `/assets/ID`, for formats that name pages; empty where
        it is not known.

    Yields
    ------
    The file, in pieces. Records stand by name, then id.

    Raises
    ------
    InputError
        If the format is none, or a cell is too long for a sheet.
    """
    if format not in FORMATS:
        raise InputError(f"{format!r} is no format; give one of {', '.join(FORMATS)}")
    if table_format not in TABLES:
        raise InputError(f"{table_format!r} is no kind of table; give one of {', '.join(TABLES)}")
    return _pieces(registry, viewer, format, table_format, page)


def content_type(format: str, table_format: str = "csv") -> str:
    """
    The media type of an export.

    Examples
    --------
    >>> content_type("uniquip", "tsv"), content_type("dcat")
    ('text/tab-separated-values; charset=utf-8', 'application/ld+json')
    """
    return _TYPES[table_format if format == "uniquip" else format]


def _pieces(
    registry: Registry, viewer: Viewer, format: str, table_format: str, page: str
) -> Iterator[bytes]:
    asked = VISITOR if format in ("jsonld", "dcat") else viewer
    with registry.look(asked) as sight:
        if format == "uniquip":
            yield from table(uniquip_rows(sight), table_format)
        elif format == "jsonl":
            yield from map(jsonl.line, _lines(sight))
        elif format in ("jsonld", "dcat"):
            records = [record for kind in ("network", "member", "asset")
                       for some in all_records(sight, kind) for record in some]  # fmt: skip
            make = schema_org.document if format == "jsonld" else dcat.document
            yield _json(make(records, page)) + b"\n"
        else:
            yield from _objects(sight, format, page)


def uniquip_rows(sight: Sight) -> list[dict[str, str]]:
    """A row of UNIQUIP for each asset of a kind that it knows."""
    rows = []
    for records in all_records(sight, "asset"):
        ids = facility_ids(sight, records)
        for record in records:
            if record.fields["kind"] in uniquip.TYPES:
                row = uniquip.row_of(record.fields, ids)
                if not uniquip.had_no_id(record.fields):
                    row.setdefault("ID", record.record_id)
                rows.append((record.record_id, row))
    # What equipment is said to be part of needs an ID to be found by.
    named = {name for _, row in rows for name in uniquip.related(row)}
    return [{**row, "ID": one} if one in named else row for one, row in rows]


def _objects(sight: Sight, format: str, page: str) -> Iterator[bytes]:
    make: Callable[[Record, dict[str, str], str], dict[str, Any]]
    make = _jisc_object if format == "jisc" else _pidinst_object
    between = b"[\n"
    for records in all_records(sight, "asset"):
        owners = sight.names(record.member_id for record in records if record.member_id)
        for record in records:
            if record.fields["kind"] == "equipment":
                yield between + _json(make(record, owners, page))
                between = b",\n"
    yield b"[]\n" if between == b"[\n" else b"\n]\n"


def _jisc_object(record: Record, owners: dict[str, str], page: str) -> dict[str, Any]:
    found = jisc.object_of(record.fields)
    if "id" in found or "id" in (record.fields.get("extra") or {}).get(jisc.FORM, {}):
        return found
    return {"id": record.record_id, **found}


def _pidinst_object(record: Record, owners: dict[str, str], page: str) -> dict[str, Any]:
    return pidinst.with_mandatory(
        pidinst.object_of(record.fields), record_id=record.record_id,
        owner=owners.get(record.member_id or ""),
        page=schema_org.node_id(record.record_id, page) if page else None,
    )  # fmt: skip


def _lines(sight: Sight) -> Iterator[dict[str, Any]]:
    yield dict(jsonl.HEAD)
    for kind in jsonl.KINDS:
        for records in all_records(sight, kind):
            yield from _record_lines(sight, records)
    shown = membership_visibilities(sight)
    mine = {f"steward:{one}" for one in sight.viewer.stewards}
    for tie in sorted(sight.memberships(), key=lambda tie: (tie.network_id, tie.member_id)):
        full = sight.viewer.everything or f"steward:{tie.network_id}" in mine
        yield jsonl.membership_line(
            tie, shown[tie.network_id, tie.member_id] if full else None
        )  # fmt: skip
    for network_id, part_id in sight.network_parts():
        yield jsonl.part_line(network_id, part_id)
    for some in all_records(sight, "call"):
        for call in some:
            yield from lines_of_call(sight, call)
    for kind, row in sealed_rows(sight):
        yield jsonl_sealed.sealed_line(kind, row)


def _record_lines(sight: Sight, records: list[Record]) -> Iterator[dict[str, Any]]:
    mine = [record.record_id for record in records if record.editable]
    keys, confirmed = keys_of(sight, mine), confirmers(sight, mine)
    moments = field_moments(sight, mine)
    capacities: dict[str, list[Capacity]] = {}
    for one in sight.capacities([record.record_id for record in records]):
        capacities.setdefault(one.record_id, []).append(one)
    promised: dict[str, list[Reservation]] = {}
    ids = [one.capacity_id for own in capacities.values() for one in own]
    for each in sight.reservations(ids):
        promised.setdefault(each.capacity_id, []).append(each)
    for record in records:
        own = capacities.get(record.record_id, [])
        yield jsonl.record_line(
            record, confirmed_by=confirmed.get(record.record_id),
            keys=keys.get(record.record_id, ()), moments=moments.get(record.record_id, {}),
            capacities=[(one, promised.get(one.capacity_id, ())) for one in own],
        )  # fmt: skip


def _json(value: Any) -> bytes:
    # Inside a page's script no text may end the script: < > & stand as escapes, which JSON allows.
    text = json.dumps(value, ensure_ascii=False, indent=1)
    for letter in "<>&":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text.encode()
