"""An asset for a need by hand: offered to a call by its own, or asked for by the call's holder."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from triplehelix.app.calls import commitments as asked
from triplehelix.app.calls import records
from triplehelix.app.calls.asked import ByHand
from triplehelix.app.calls.offering import Choices, askable, offers_of
from triplehelix.errors import Conflict, InputError, UnknownName
from triplehelix.registry.viewer import Action, require
from triplehelix.registry.visibility import Holder
from triplehelix.serve.registry import calling
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of
from triplehelix.serve.registry.live import live_page, see_other
from triplehelix.serve.registry.typed import FieldFault, again, day, kept, number, text
from triplehelix.serve.render import View

router = APIRouter(include_in_schema=False)
Begin = Callable[..., str]


@live_page(router, "/calls/{call_id}/offer")
def offer_form(request: Request, call_id: str, asset: str = "", need: str = "") -> View:
    """A form to offer an asset of one's own."""
    return _offering(request, call_id, {"asset": asset, "need": need})


@router.post("/calls/{call_id}/offer")
def offer(request: Request, call_id: str, form: Form) -> Response:
    """Offer it."""
    records.call(registry_of(request), viewer_of(request), call_id)
    return _begun(request, call_id, form, asked.offer, _offering)


@live_page(router, "/calls/{call_id}/invite")
def invite_form(request: Request, call_id: str, asset: str = "", need: str = "") -> View:
    """A form to ask the member of an asset for it."""
    return _inviting(request, call_id, {"asset": asset, "need": need})


@router.post("/calls/{call_id}/invite")
def invite(request: Request, call_id: str, form: Form) -> Response:
    """Ask for it."""
    records.call_to_edit(registry_of(request), viewer_of(request), call_id)
    return _begun(request, call_id, form, asked.invite_one, _inviting)


def _begun(
    request: Request, call_id: str, form: FormData, begin: Begin,
    page: Callable[[Request, str, dict[str, Any]], View],
) -> Response:  # fmt: skip
    registry, viewer = registry_of(request), viewer_of(request)
    try:
        made = begin(registry, viewer, call_id, capabilities_of(request), _given(form),
                     reason=text(form, "reason"))  # fmt: skip
    except (InputError, Conflict, UnknownName) as err:
        if isinstance(err, UnknownName):
            # Of an asset that was named: the page itself is there.
            err = FieldFault("asset", str(err))
        view = page(request, call_id, {})
        context = {k: v for k, v in view.context.items() if k not in ("typed", "faults", "stale")}
        return again(request, view.template, view.answer, kept(form), err, **context)
    return see_other(f"/commitments/{made}")


def _given(form: FormData) -> ByHand:
    # Of an asset that stands in no choice, the end of its address is typed.
    other = (text(form, "other") or "").rstrip("/").rpartition("/")[2]
    asset, _, capacity = (other or text(form, "asset") or "").partition("+")
    if not asset:
        raise FieldFault("asset", "choose one")
    starts = day(form, "starts")
    if starts is None:
        raise FieldFault("starts", "this cannot be left empty")
    return ByHand(text(form, "need") or "", asset, capacity or None, number(form, "amount"),
                  starts, day(form, "ends"))  # fmt: skip


def _offering(request: Request, call_id: str, typed: dict[str, Any]) -> View:
    registry, viewer = registry_of(request), viewer_of(request)
    call = records.call(registry, viewer, call_id)
    if not viewer.members and not viewer.stewards:
        require(viewer, Action.CREATE, Holder())
    return _view(request, call, typed, offers_of(registry, viewer), inviting=False)


def _inviting(request: Request, call_id: str, typed: dict[str, Any]) -> View:
    registry, viewer = registry_of(request), viewer_of(request)
    call = records.call_to_edit(registry, viewer, call_id)
    found = askable(registry, viewer, call_id, capabilities_of(request))
    return _view(request, call, typed, found, inviting=True)


def _view(
    request: Request, call: records.CallAnswer, typed: dict[str, Any], found: Choices, *,
    inviting: bool,
) -> View:  # fmt: skip
    needs = call.call.needs if call.call else ()
    first = next((one for one in needs if one.need == typed.get("need")), None)
    if first is None and len(needs) == 1:
        first = needs[0]
    known = {
        "need": first.need if first else "", "starts": str(first.by or "") if first else "",
        "ends": str(first.until or "") if first else "",
    }  # fmt: skip
    return View("registry/offer.html", call, {
        **calling.context(request, call.call), "typed": {**known, **typed}, "faults": {},
        "stale": False, "offers": found.choices, "more": found.left_out, "inviting": inviting,
        "here": f"/calls/{call.call_id}/{'invite' if inviting else 'offer'}",
    })  # fmt: skip
