"""Sealed matching: what may be told of an asset or a call, asked, consented to, and used."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import Response

from triplehelix.app.calls import sealed as asked
from triplehelix.errors import InputError
from triplehelix.registry.ids import is_id
from triplehelix.registry.viewer import Viewer
from triplehelix.serve.registry import calling
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of
from triplehelix.serve.registry.live import answer, live_page, see_other
from triplehelix.serve.registry.typed import text
from triplehelix.serve.render import View
from triplehelix.store.registry.opening import Registry

router = APIRouter(include_in_schema=False)


@live_page(router, "/calls/{record_id}/sealed", "json")
def sealed_call(request: Request, record_id: str) -> View:
    """What the holder of a call knows of its sealed matching."""
    return _page(request, record_id)


@live_page(router, "/assets/{record_id}/sealed", "json")
def sealed_asset(request: Request, record_id: str) -> View:
    """What the holder of an asset knows of its sealed matching."""
    return _page(request, record_id)


@router.post("/sealed/{record_id}/let")
def let_tell(request: Request, record_id: str, form: Form) -> Response:
    """Let one bit be told."""
    call = (text(form, "call") or "").rstrip("/").rpartition("/")[2] or None
    return _do(
        request, record_id,
        lambda registry, viewer: asked.let_tell(registry, viewer, record_id, call_id=call),
    )  # fmt: skip


@router.post("/sealed/{record_id}/take-back")
def take_back(request: Request, record_id: str, form: Form) -> Response:
    """Let it be told no more."""
    return _do(
        request,
        record_id,
        lambda registry, viewer: asked.take_back(registry, viewer, text(form, "offer") or ""),
    )


@router.post("/sealed/{record_id}/ask")
def ask(request: Request, record_id: str, form: Form) -> Response:
    """Whether a match exists."""
    found: list[bool] = []
    caps = capabilities_of(request)
    done = _do(
        request,
        record_id,
        lambda registry, viewer: found.append(asked.ask(registry, viewer, record_id, caps)),
    )
    if not found:
        return done
    return answer(request, _page(request, record_id, asked_now=found[0]))


@router.post("/sealed/{record_id}/consent")
def consent(request: Request, record_id: str, form: Form) -> Response:
    """Open one's names to whoever matches and consents too."""
    to = text(form, "call")
    return _do(
        request, record_id,
        lambda registry, viewer: asked.consent(registry, viewer, record_id, call_id=to),
    )  # fmt: skip


@router.post("/sealed/{record_id}/withdraw-consent")
def withdraw_consent(request: Request, record_id: str, form: Form) -> Response:
    """Consent no more."""
    to = text(form, "call")
    return _do(
        request, record_id,
        lambda registry, viewer: asked.withdraw_consent(registry, viewer, record_id, call_id=to),
    )  # fmt: skip


def _do(request: Request, record_id: str, what: Callable[[Registry, Viewer], object]) -> Response:
    try:
        what(registry_of(request), viewer_of(request))
    except InputError as err:
        shown = answer(request, _page(request, record_id, fault=str(err)))
        shown.status_code = 422
        return shown
    return see_other(_home(record_id) + "/sealed")


def _home(record_id: str) -> str:
    return f"/{'calls' if is_id(record_id, 'call') else 'assets'}/{record_id}"


def _page(
    request: Request, record_id: str, *, asked_now: bool | None = None, fault: str = ""
) -> View:
    registry, viewer = registry_of(request), viewer_of(request)
    found = asked.sealed(registry, viewer, record_id)
    with registry.look(viewer) as sight:
        record = sight.record("call" if is_id(record_id, "call") else "asset", record_id)
    return View("registry/sealed.html", found, {
        **calling.context(request), "home": _home(record_id), "here": f"/sealed/{record_id}",
        "of_call": record.kind == "call", "name": record.name,
        "has_sealed": bool(record.fields.get("sealed_needs")),
        "consented": {one.call_id for one in found.consents}, "asked": asked_now, "fault": fault,
    })  # fmt: skip
