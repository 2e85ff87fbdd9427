"""An answer to take away: with its proof, as tables, for calendars, in the shape of a RAiD."""

import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from triplehelix.ally.export_csv import csv_tables
from triplehelix.ally.export_ical import calendar
from triplehelix.ally.export_raid import Told, raid
from triplehelix.ally.to_json import alliance_json
from triplehelix.app.calls.finding import Found, find_answer, seen_of
from triplehelix.app.calls.shown import show_answer
from triplehelix.errors import UnknownName
from triplehelix.serve.registry import calling
from triplehelix.serve.registry.account_door import AccountDoor
from triplehelix.serve.registry.door import door_of, registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of
from triplehelix.serve.registry.live import unkept

router = APIRouter(include_in_schema=False)
_HERE = "/calls/{call_id}/alliances/{answer_id}"


@router.get(_HERE + "/proof.json")
def proof(request: Request, call_id: str, answer_id: str) -> Response:
    """The alliance with its call, objective, bound and the check's word, to be read back."""
    found = _found(request, call_id, answer_id)
    with registry_of(request).look(viewer_of(request)) as sight:
        ids = {one.asset for one in found.alliance.contributions} | set(found.alliance.partners)
        names = dict(sorted(sight.names(ids).items()))
    said = {
        "alliance": alliance_json(found.alliance), "call_id": call_id, "names": names,
        "asked": dict(found.asked), "made_at": found.made_at.isoformat() if found.made_at else None,
    }  # fmt: skip
    return _file(
        json.dumps(said, ensure_ascii=False, indent=1), "application/json", "alliance.json"
    )


@router.get(_HERE + "/{table}.csv")
def table(request: Request, call_id: str, answer_id: str, table: str) -> Response:
    """One of the tables `contributions`, `coverage` and `partners`."""
    found = _found(request, call_id, answer_id)
    landscape, answers, _ = _seen(request, call_id, found)
    tables = csv_tables(found.alliance, landscape, answers)
    if table not in tables:
        raise UnknownName(f"there is no such table; take {', '.join(sorted(tables))}")
    return _file(tables[table], "text/csv; charset=utf-8", f"{table}.csv")


@router.get(_HERE + "/calendar.ics")
def calendar_file(request: Request, call_id: str, answer_id: str) -> Response:
    """Its milestones and first days, as iCalendar."""
    whole = show_answer(
        calling.solves_of(request), registry_of(request), viewer_of(request), call_id, answer_id,
        capabilities_of(request),
    )  # fmt: skip
    found = _found(request, call_id, answer_id)
    landscape, _, now = _seen(request, call_id, found)
    made = calendar(
        found.alliance, landscape, whole.readiness, key=f"{call_id}/{answer_id}",
        stamp=found.made_at or now, url=_address(request, call_id),
    )  # fmt: skip
    return _file(made, "text/calendar; charset=utf-8", "alliance.ics")


@router.get(_HERE + "/raid.json")
def raid_file(request: Request, call_id: str, answer_id: str) -> Response:
    """In the shape of a RAiD record; what it leaves out is said beside it."""
    found = _found(request, call_id, answer_id)
    landscape, _, now = _seen(request, call_id, found)
    told = Told(key=f"{call_id}/{answer_id}", url=_address(request, call_id))
    made = raid(found.alliance, landscape, told, today=now.date())
    said = {"record": made.record, "left_out": list(made.left_out)}
    return _file(json.dumps(said, ensure_ascii=False, indent=1), "application/json", "raid.json")


def _found(request: Request, call_id: str, answer_id: str) -> Found:
    return find_answer(
        calling.solves_of(request), registry_of(request), viewer_of(request), call_id, answer_id
    )


def _seen(request: Request, call_id: str, found: Found) -> Any:
    return seen_of(registry_of(request), viewer_of(request), call_id, found.alliance)


def _address(request: Request, call_id: str) -> str | None:
    door = door_of(request)
    base = door.settings.base_url if isinstance(door, AccountDoor) else ""
    return f"{base.rstrip('/')}/calls/{call_id}" if base else None


def _file(content: str | bytes, media: str, name: str) -> Response:
    named = {"content-disposition": f'attachment; filename="{name}"'}
    return unkept(Response(content, media_type=media, headers=named))
