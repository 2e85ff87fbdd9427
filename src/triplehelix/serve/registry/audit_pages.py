"""The audit log as a person reads it: of their own records, with proofs; how to check all of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from triplehelix.app.registry import log, people
from triplehelix.errors import InputError, UnknownName
from triplehelix.registry.viewer import Viewer
from triplehelix.serve.refusals import status_of
from triplehelix.serve.registry.door import registry_of, viewer_of
from triplehelix.serve.registry.live import answer, live_page
from triplehelix.serve.render import View
from triplehelix.store.registry.opening import Registry

router = APIRouter(include_in_schema=False)
SHOWN = 100
_ID = Query(max_length=60)


@router.get("/audit")
def audit_page(
    request: Request, of: Annotated[str, _ID] = "", before: Annotated[str, _ID] = ""
) -> Response:
    """What was done to one's own records, and for administrators to all."""
    registry, viewer = registry_of(request), viewer_of(request)
    fault, status, entries = "", 200, []
    try:
        entries = _entries(registry, viewer, of.strip(), before.strip())
    except UnknownName as err:
        fault, status = str(err), 404
    except InputError as err:
        fault, status = str(err), status_of(err)
    context = {
        "of": of.strip(), "fault": fault, "checkpoint": _checkpoint(registry),
        "keys": log.public_keys(registry), "names": _names(registry, viewer, entries),
        "more": entries[-1].entry_id if len(entries) == SHOWN and viewer.everything else "",
        "addresses": {one: address(one) for one in {entry.subject for entry in entries}},
        "gist": gist,
    }  # fmt: skip
    response = answer(request, View("audit.html", entries, context))
    response.status_code = status
    return response


@live_page(router, "/audit/{record_id}", "json")
def history_page(request: Request, record_id: str) -> View:
    """What was done to one record, the newest first."""
    registry, viewer = registry_of(request), viewer_of(request)
    entries = log.history(registry, viewer, record_id)[::-1]
    context = {"record_id": record_id, "names": _names(registry, viewer, entries),
               "address": address(record_id), "gist": gist}  # fmt: skip
    return View("audit_record.html", entries, context)


def address(subject: str) -> str:
    """The page of what an entry is about; empty where it has none."""
    pages = {"nw": "networks", "mb": "members", "as": "assets", "us": "users"}
    return f"/{pages[subject[:2]]}/{subject}" if subject[:2] in pages else ""


def gist(entry: Any, names: dict[str, str]) -> str:
    """What an entry says, in a few words: fields changed, the other side, for whom it is shown."""
    said = entry.said or {}
    changed = [*said.get("changed", {}), *said.get("gone", [])]
    shown = said.get("visibility")
    parts = [
        names.get(said.get("member") or "", "") if entry.action != "create" else "",
        str(said.get("state") or ""),
        ", ".join(sorted(name.replace("_", " ") for name in changed)),
        str(said.get("due") and f"due again on {said['due']}" or ""),
        f"shown to {shown['*']}" if isinstance(shown, dict) and "*" in shown else "",
    ]
    return ": ".join(part for part in parts if part)


def _entries(registry: Registry, viewer: Viewer, of: str, before: str) -> list[Any]:
    if viewer.everything:
        return log.audit(registry, viewer, subject=of or None, before=before or None, most=SHOWN)
    if of:
        return log.history(registry, viewer, of)[::-1][:SHOWN]
    own = (*viewer.members, *viewer.stewards)
    found = [entry for one in own for entry in _history(registry, viewer, one)]
    return sorted(found, key=lambda e: (e.at, e.entry_id), reverse=True)[:SHOWN]


def _history(registry: Registry, viewer: Viewer, record_id: str) -> list[Any]:
    try:
        return log.history(registry, viewer, record_id)
    except UnknownName:  # it was removed meanwhile
        return []


def _names(registry: Registry, viewer: Viewer, entries: list[Any]) -> dict[str, str]:
    with registry.look(viewer) as sight:
        members = {str((entry.said or {}).get("member") or "") for entry in entries}
        found = sight.names({entry.subject for entry in entries} | members - {""})
    # Who did it, and whose account it was, is for administrators.
    everybody = people.users(registry, viewer) if viewer.everything else []
    return {user.user_id: user.name for user in everybody} | dict(found)


def _checkpoint(registry: Registry) -> str:
    try:
        return log.checkpoint(registry)
    except UnknownName:
        return ""
