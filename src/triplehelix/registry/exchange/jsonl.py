"""
The registry's own form: JSON Lines, one thing on a line, complete.

The first line tells the form and its version. Then come the records, the holders before what
they hold: networks, members, assets, posts, events, each by name and id, an asset with its
capacities and their reservations. Then come memberships and the parts of networks, what hangs on
calls (`jsonl_calls`), and last sealed matching (`jsonl_sealed`), for who sees everything. Whoever
may change a record gets, with it, its visibility and source keys.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from triplehelix.errors import InputError
from triplehelix.registry.capacity import checked_capacity
from triplehelix.registry.exchange import jsonl_calls, jsonl_sealed
from triplehelix.registry.exchange.line_values import days, listed, texts
from triplehelix.registry.exchange.line_values import moments as moments_of
from triplehelix.registry.exchange.reports import Notes
from triplehelix.registry.fields import FIELDS, checked
from triplehelix.registry.ids import is_id
from triplehelix.registry.records import Capacity, Membership, Record, Reservation

FORM = "jsonl"
VERSION = 1
KINDS = ("network", "member", "asset", "post", "event", "call")
TIES = ("membership", "part")
ALL = (*KINDS, *TIES, *jsonl_calls.KINDS, *jsonl_sealed.KINDS)
HEAD = {"is": "registry", "form": "triplehelix", "version": VERSION}


def line(value: Mapping[str, Any]) -> bytes:
    """
    One line; letters stand as they are.

    Examples
    --------
    >>> line({"is": "part", "network_id": "ä"}).decode()
    '{"is":"part","network_id":"ä"}\\n'
    """
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def record_line(
    record: Record, *, confirmed_by: str | None = None,
    keys: Sequence[tuple[str, str]] = (),
    moments: Mapping[str, datetime] | None = None,
    capacities: Sequence[tuple[Capacity, Sequence[Reservation]]] = (),
) -> dict[str, Any]:  # fmt: skip
    """A record as a line, with what hangs on it; what is not there or not seen is left out."""
    said = {
        "is": record.kind,
        "id": record.record_id,
        "member_id": record.member_id,
        "network_id": record.network_id,
        "fields": dict(record.fields),
        "visibility": dict(record.visibility) if record.visibility is not None else None,
        "version": record.version,
        "created_at": record.created_at.isoformat(),
        "changed_at": record.changed_at.isoformat(),
        "changed_at_of": {
            name: moments[name].isoformat()
            for name in sorted(moments or {})
            if moments and moments[name] != record.changed_at
        },
        "confirmed_at": record.confirmed_at.isoformat() if record.confirmed_at else None,
        "confirmed_by": confirmed_by,
        "due_on": record.due_on.isoformat() if record.due_on else None,
        "source_keys": [list(key) for key in sorted(keys)],
        "capacities": [_capacity(one, promised) for one, promised in capacities],
    }
    return {key: value for key, value in said.items() if value not in (None, [], {})}


def _capacity(capacity: Capacity, promised: Sequence[Reservation]) -> dict[str, Any]:
    said = {
        "id": capacity.capacity_id,
        "fields": dict(capacity.fields),
        "visibility": capacity.visibility,
        "changed_at": capacity.changed_at.isoformat(),
        "reservations": [_reservation(one) for one in promised],
    }
    return {key: value for key, value in said.items() if value not in (None, [])}


def _reservation(one: Reservation) -> dict[str, Any]:
    said = {
        "id": one.reservation_id, "amount": one.amount, "starts": one.starts.isoformat(),
        "ends": one.ends.isoformat() if one.ends else None, "commitment": one.commitment,
        "made_at": one.made_at.isoformat(),
        "released_at": one.released_at.isoformat() if one.released_at else None,
    }  # fmt: skip
    return {key: value for key, value in said.items() if value is not None}


def membership_line(tie: Membership, visibility: str | None) -> dict[str, Any]:
    """A membership as a line."""
    said = {
        "is": "membership", "network_id": tie.network_id, "member_id": tie.member_id,
        "state": tie.state, "since": tie.since.isoformat() if tie.since else None,
        "visibility": visibility,
    }  # fmt: skip
    return {key: value for key, value in said.items() if value is not None}


def part_line(network_id: str, part_id: str) -> dict[str, Any]:
    """A network below another as a line."""
    return {"is": "part", "network_id": network_id, "part_id": part_id}


def checked_line(value: Mapping[str, Any], notes: Notes) -> dict[str, Any]:
    """
    A line, its fields checked and cleaned; faults are noted.

    Dates and moments become Python's.
    """
    said = {key: one for key, one in value.items() if key != "Problem"}
    what = said.get("is")
    try:
        if what in KINDS:
            return _checked_record(said, str(what))
        if what in TIES:
            return _checked_tie(said)
        if what in jsonl_calls.KINDS:
            return jsonl_calls.checked_line(said)
        if what in jsonl_sealed.KINDS:
            return jsonl_sealed.checked_line(said)
    except InputError as err:
        notes.fault(str(err), f"the {what}", "correct the line")
        return said
    if what != "registry":
        notes.fault(f"{str(what)[:40]!r} is no kind of thing", "is",
                    f"write one of {', '.join(ALL)}")  # fmt: skip
    elif said.get("version") != VERSION:
        notes.fault(f"is {str(said.get('version'))[:20]!r}", "version",
                    f"this program reads {VERSION}: use the one that wrote the file")  # fmt: skip
    return said


def _checked_record(said: dict[str, Any], kind: str) -> dict[str, Any]:
    fields = said.get("fields")
    if not isinstance(fields, dict):
        raise InputError("it has no fields; write them as an object")
    unknown = sorted(set(fields) - set(FIELDS[kind].model_fields))
    if unknown:
        raise InputError(f"{unknown[0][:80]!r} is no field of it; leave it out")
    own = said.get("id")
    if not isinstance(own, str) or not is_id(own, kind):
        raise InputError(f"its id {str(own)[:40]!r} is none of {kind}s")
    texts(said, "member_id", "network_id", "confirmed_by")
    shown = said.get("visibility", {})
    if not isinstance(shown, dict) or not all(isinstance(one, str) for one in shown.values()):
        raise InputError("its visibility is no object of texts")
    keys = said.get("source_keys", [])
    if not isinstance(keys, list) or not all(_is_pair(key) for key in keys):
        raise InputError("its source_keys are no pairs of scheme and value")
    moments = said.get("changed_at_of", {})
    if not isinstance(moments, dict):
        raise InputError("its changed_at_of is no object; leave it out")
    return {
        **said, "fields": checked(kind, fields), "changed_at_of": moments_of(moments, *moments),
        **moments_of(said, "created_at", "changed_at", "confirmed_at"), **days(said, "due_on"),
        "capacities": [_checked_capacity(one) for one in listed(said, "capacities")],
    }  # fmt: skip


def _is_pair(key: Any) -> bool:
    return isinstance(key, list) and len(key) == 2 and all(isinstance(one, str) for one in key)


def _checked_capacity(said: dict[str, Any]) -> dict[str, Any]:
    if not is_id(str(said.get("id")), "capacity"):
        raise InputError(f"the capacity's id {str(said.get('id'))[:40]!r} is none")
    texts(said, "visibility")
    fields = said.get("fields")
    checked_capacity(fields if isinstance(fields, dict) else {})
    return {
        **said, **moments_of(said, "changed_at"),
        "reservations": [_checked_reservation(one) for one in listed(said, "reservations")],
    }  # fmt: skip


def _checked_reservation(said: dict[str, Any]) -> dict[str, Any]:
    amount = said.get("amount")
    if not isinstance(amount, int | float) or isinstance(amount, bool) or not amount > 0:
        raise InputError(f"a reservation's amount is {str(amount)[:40]!r}; write a number above 0")
    if not is_id(str(said.get("id")), "reservation") or "starts" not in said:
        raise InputError("a reservation has no id or no first day; write both")
    texts(said, "commitment")
    return {
        **said, "commitment": str(said.get("commitment", "")),
        **days(said, "starts", "ends"), **moments_of(said, "made_at", "released_at"),
    }  # fmt: skip


def _checked_tie(said: dict[str, Any]) -> dict[str, Any]:
    other = "member_id" if said["is"] == "membership" else "part_id"
    for key in ("network_id", other):
        if not isinstance(said.get(key), str) or not is_id(said[key]):
            raise InputError(f"its {key} {str(said.get(key))[:40]!r} is no id")
    texts(said, "state", "visibility")
    if said.get("state", "member") not in ("member", "invited", "asked"):
        raise InputError(f"its state is {said['state'][:20]!r}; write member, invited or asked")
    return {**said, **days(said, "since")}
