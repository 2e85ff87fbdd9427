"""Forms of what a network says: its news, its events."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from triplehelix.app.registry.network_changes import said, say, unsay
from triplehelix.app.registry.networks import network
from triplehelix.errors import Conflict, InputError
from triplehelix.registry.records import Record
from triplehelix.registry.viewer import Action, require
from triplehelix.registry.visibility import Holder
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.live import live_page, see_other
from triplehelix.serve.registry.typed import (
    FieldFault,
    again,
    audience,
    kept,
    moment,
    paragraphs,
    text,
    whole,
)
from triplehelix.serve.render import View, edition_of

router = APIRouter(include_in_schema=False)
ZONES = ("Europe/London", "Europe/Dublin", "Europe/Paris", "Europe/Berlin", "Europe/Madrid",
         "Europe/Rome", "Europe/Athens", "Europe/Helsinki", "UTC", "America/New_York",
         "America/Los_Angeles", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney")  # fmt: skip


def _post(form: FormData) -> dict[str, Any]:
    return {"title": text(form, "title"), "text": paragraphs(text(form, "text")),
            "day": text(form, "day")}  # fmt: skip


def _event(form: FormData) -> dict[str, Any]:
    zone = text(form, "zone")
    if text(form, "title") is None:
        raise FieldFault("title", "give it a title")
    return {"title": text(form, "title"), "text": paragraphs(text(form, "text")),
            "starts": moment(form, "starts", zone), "ends": moment(form, "ends", zone),
            "place": text(form, "place"), "url": text(form, "url")}  # fmt: skip


def _add_pages(kind: str, read: Callable[[FormData], dict[str, Any]]) -> None:
    """The form of a kind of saying: empty, filled in, sent, and taking away."""
    under = f"/networks/{{network_id}}/{kind}s"

    @live_page(router, f"{under}/new")
    def empty(request: Request, network_id: str) -> View:
        return _view(request, kind, network_id, None, _blank(request))

    @router.post(f"{under}/new")
    def add(request: Request, network_id: str, form: Form) -> Response:
        return _save(request, kind, network_id, None, form, read)

    @live_page(router, f"{under}/{{record_id}}")
    def filled(request: Request, network_id: str, record_id: str) -> View:
        own = _own(request, kind, network_id, record_id)
        return _view(request, kind, network_id, own, _filled(own))

    @router.post(f"{under}/{{record_id}}")
    def save(request: Request, network_id: str, record_id: str, form: Form) -> Response:
        own = _own(request, kind, network_id, record_id)
        return _save(request, kind, network_id, own, form, read)

    @router.post(f"{under}/{{record_id}}/remove")
    def remove(request: Request, network_id: str, record_id: str, form: Form) -> Response:
        unsay(registry_of(request), viewer_of(request), kind, network_id, record_id)
        return see_other(f"/networks/{network_id}#{kind}s")


_add_pages("post", _post)
_add_pages("event", _event)


def _own(request: Request, kind: str, network_id: str, record_id: str) -> Record:
    return said(registry_of(request), viewer_of(request), kind, network_id, record_id)


def _save(
    request: Request, kind: str, network_id: str, own: Record | None, form: FormData,
    read: Callable[[FormData], dict[str, Any]],
) -> Response:  # fmt: skip
    shown = _network(request, network_id)
    try:
        made = say(
            registry_of(request), viewer_of(request), kind, network_id, read(form),
            visibility=audience(form), record_id=own.record_id if own else None,
            version=whole(form, "version"),
        )  # fmt: skip
    except (InputError, Conflict) as err:
        context = {"kind": kind, "own": own, "zones": ZONES}
        return again(request, "network_saying.html", shown, kept(form), err, **context)
    return see_other(f"/networks/{network_id}#{made}")


def _view(
    request: Request, kind: str, network_id: str, own: Record | None, typed: dict[str, Any]
) -> View:
    context = {"kind": kind, "own": own, "typed": typed, "faults": {}, "stale": False,
               "zones": ZONES}  # fmt: skip
    return View("network_saying.html", _network(request, network_id), context)


def _network(request: Request, network_id: str) -> Any:
    found = network(registry_of(request), viewer_of(request), network_id, edition_of(request))
    require(viewer_of(request), Action.EDIT, Holder(None, network_id))
    return found


def _blank(request: Request) -> dict[str, Any]:
    return {"day": registry_of(request).clock().date().isoformat(), "visibility": "public",
            "zone": ZONES[0]}  # fmt: skip


def _filled(own: Record) -> dict[str, Any]:
    typed = {**own.fields, "version": own.version,
             "visibility": (own.visibility or {}).get("*", "private")}  # fmt: skip
    if "starts" not in own.fields:
        return typed
    times = {name: datetime.fromisoformat(own.fields[name]) for name in ("starts", "ends")}
    zone = next((z for z in ZONES if _keeps(z, times.values())), "UTC")
    local = {
        name: at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") for name, at in times.items()
    }
    return {**typed, **local, "zone": zone}


def _keeps(zone: str, times: Iterable[datetime]) -> bool:
    """Whether the clocks of a zone show these times as they were given."""
    return all(at.astimezone(ZoneInfo(zone)).utcoffset() == at.utcoffset() for at in times)
