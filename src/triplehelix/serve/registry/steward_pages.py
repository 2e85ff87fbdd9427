"""The steward's desk: what waits in each network, and the few clicks that deal with it."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from triplehelix.app.registry.queue import assign, confirm_all, queue, queues
from triplehelix.errors import InputError
from triplehelix.registry.viewer import Action, require
from triplehelix.registry.visibility import Holder
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.live import live_page, see_other
from triplehelix.serve.registry.typed import FieldFault, again, kept, text, texts
from triplehelix.serve.render import View

router = APIRouter(include_in_schema=False)


@live_page(router, "/steward", "json")
def stewards_page(request: Request) -> View:
    """All queues of a steward."""
    _stewards_only(request)
    found = queues(registry_of(request), viewer_of(request))
    return View("stewards.html", found, {"typed": {}, "faults": {}})


@router.post("/steward/assign")
def assign_lost(request: Request, form: Form) -> Response:
    """Give what no network curates and nobody has to a member."""
    _stewards_only(request)
    asked = (registry_of(request), viewer_of(request))
    try:
        assign(*asked, None, texts(form, "asset"), _member(form))
    except InputError as err:
        return again(request, "stewards.html", queues(*asked), kept(form), err)
    return see_other("/steward")


@live_page(router, "/steward/{network_id}", "json")
def steward_page(request: Request, network_id: str) -> View:
    """What waits in one network."""
    found = queue(registry_of(request), viewer_of(request), network_id)
    return View("steward.html", found, {"typed": {}, "faults": {}})


@router.post("/steward/{network_id}/assign")
def assign_here(request: Request, network_id: str, form: Form) -> Response:
    """Give assets of nobody to a member of the network."""
    asked = (registry_of(request), viewer_of(request), network_id)
    found = queue(*asked)
    try:
        assign(*asked, texts(form, "asset"), _member(form))
    except InputError as err:
        return again(request, "steward.html", found, kept(form), err)
    return see_other(f"/steward/{network_id}")


@router.post("/steward/{network_id}/confirm")
def confirm_here(request: Request, network_id: str, form: Form) -> Response:
    """Say that assets still hold."""
    asked = (registry_of(request), viewer_of(request), network_id)
    found = queue(*asked)
    try:
        confirm_all(*asked, texts(form, "asset"))
    except InputError as err:
        return again(request, "steward.html", found, kept(form), err)
    return see_other(f"/steward/{network_id}")


def _member(form: Form) -> str:
    member = text(form, "member")
    if member is None:
        raise FieldFault("member", "choose the member that these belong to")
    return member


def _stewards_only(request: Request) -> None:
    viewer = viewer_of(request)
    if not viewer.stewards:
        # Administrators are stewards of all; for anybody else this says who may.
        require(viewer, Action.ADMINISTER, Holder())
