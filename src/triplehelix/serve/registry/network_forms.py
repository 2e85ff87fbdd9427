"""Forms of networks: making and editing one, who stands in it."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from triplehelix.app.registry.network_changes import (
    change_network,
    create_network,
    end_membership,
    set_member,
)
from triplehelix.app.registry.networks import (
    NetworkAnswer,
    NetworkRow,
    clusters_called,
    network,
    network_members,
    networks,
)
from triplehelix.errors import Conflict, InputError
from triplehelix.registry.viewer import Action, require
from triplehelix.registry.visibility import Holder
from triplehelix.serve.registry import network_pages
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.live import live_page, see_other
from triplehelix.serve.registry.typed import (
    FieldFault,
    again,
    audience,
    kept,
    paragraphs,
    text,
    texts,
    whole,
    words_of,
)
from triplehelix.serve.render import View, edition_of

router = APIRouter(include_in_schema=False)
_CONTACT = ("name", "email", "telephone", "url")


@live_page(router, "/networks/new")
def new_network(request: Request) -> View:
    """The form for a new network, or one joint of others."""
    require(viewer_of(request), Action.ADMINISTER, Holder())
    parts = request.query_params.getlist("part")
    kind = "alliance" if parts else "cluster body"
    typed = {"kind": kind, "visibility": "public", "parts": parts}
    return _form_view(request, None, typed)


@router.post("/networks/new")
def make_network(request: Request, form: Form) -> Response:
    """Make a network."""
    require(viewer_of(request), Action.ADMINISTER, Holder())
    try:
        made = create_network(
            registry_of(request), viewer_of(request), _fields(request, form, None),
            visibility=audience(form), parts=texts(form, "parts"),
        )  # fmt: skip
    except (InputError, Conflict) as err:
        return _form_again(request, None, form, err)
    return see_other(f"/networks/{made}")


@live_page(router, "/networks/{network_id}/edit")
def edit_network(request: Request, network_id: str) -> View:
    """The form of a network, filled in."""
    found = _editable(request, network_id)
    return _form_view(request, found, _typed(found))


@router.post("/networks/{network_id}/edit")
def save_network(request: Request, network_id: str, form: Form) -> Response:
    """Change a network."""
    found = _editable(request, network_id)
    try:
        change_network(
            registry_of(request), viewer_of(request), network_id, _fields(request, form, found),
            visibility=audience(form), parts=texts(form, "parts"), version=whole(form, "version"),
        )  # fmt: skip
    except (InputError, Conflict) as err:
        return _form_again(request, found, form, err)
    return see_other(f"/networks/{network_id}")


@router.post("/networks/{network_id}/members")
def put_member(request: Request, network_id: str, form: Form) -> Response:
    """Invite, ask, accept."""
    asked = (registry_of(request), viewer_of(request), network_id)
    member = text(form, "member")
    try:
        if member is None:
            raise FieldFault("member", "write the name of a member, or its id")
        set_member(*asked, member, visibility=audience(form) if "visibility" in form else None)
    except InputError as err:
        context = {"network": network(*asked, edition_of(request))}
        fault = err if isinstance(err, FieldFault) else _at("member", err)
        return again(request, "network_members.html", network_members(*asked), kept(form), fault,
                     **context)  # fmt: skip
    return see_other(_back(form, network_id))


@router.post("/networks/{network_id}/members/leave")
def drop_member(request: Request, network_id: str, form: Form) -> Response:
    """Leave, take out, decline."""
    asked = (registry_of(request), viewer_of(request), network_id)
    end_membership(*asked, text(form, "member") or "")
    return see_other(_back(form, network_id))


# After `/networks/new`, which it would take for an id.
live_page(router, "/networks/{network_id}", "json", "csv", "geojson")(network_pages.network_page)


def _at(field: str, error: InputError) -> InputError:
    # What is not there, or not shown, is a page that is not there only for the network itself.
    return FieldFault(field, str(error))


def _back(form: FormData, network_id: str) -> str:
    pages = {"members": f"/networks/{network_id}/members", "queue": f"/steward/{network_id}",
             "me": "/me"}  # fmt: skip
    return pages.get(text(form, "back") or "", f"/networks/{network_id}")


def _editable(request: Request, network_id: str) -> NetworkAnswer:
    asked = (registry_of(request), viewer_of(request), network_id)
    found = network(*asked, edition_of(request))
    require(viewer_of(request), Action.CURATE, Holder(None, network_id))
    return found


def _form_view(request: Request, found: NetworkAnswer | None, typed: dict[str, Any]) -> View:
    context = {"typed": typed, "faults": {}, "stale": False, "others": _others(request, found)}
    return View("network_form.html", found, context)


def _form_again(
    request: Request, found: NetworkAnswer | None, form: FormData, error: InputError | Conflict
) -> Response:
    typed = {**kept(form), "parts": texts(form, "parts")}
    return again(request, "network_form.html", found, typed, error,
                 others=_others(request, found))  # fmt: skip


def _others(request: Request, found: NetworkAnswer | None) -> list[NetworkRow]:
    """Networks that can stand below this one: those the viewer curates, or that do already."""
    viewer = viewer_of(request)
    there = {part.network_id for part in found.parts} if found else set()
    return [
        row for row in networks(registry_of(request), viewer).networks
        if (found is None or row.network_id != found.network_id)
        and (viewer.everything or row.network_id in {*viewer.stewards, *there})
    ]  # fmt: skip


def _typed(found: NetworkAnswer) -> dict[str, Any]:
    own = found.fields
    contact = (own.get("contacts") or [{}])[0]
    return {
        **{name: own.get(name) or "" for name in ("name", "kind", "area", "website", "founded",
                                                  "description")},
        **{f"contact_{name}": contact.get(name) or "" for name in _CONTACT},
        "themes": ", ".join(own.get("themes", ())),
        "clusters": "\n".join(c.name if c.here else c.cluster_id for c in found.clusters),
        "visibility": (found.visibility or {}).get("*", "private"),
        "parts": [part.network_id for part in found.parts], "version": found.version,
    }  # fmt: skip


def _fields(request: Request, form: FormData, found: NetworkAnswer | None) -> dict[str, Any]:
    contact = {name: typed for name in _CONTACT if (typed := text(form, f"contact_{name}"))}
    before = found.fields if found else {}
    others = list(before.get("contacts", ()))[1:]
    return {
        "name": text(form, "name"), "kind": text(form, "kind") or "other",
        "area": text(form, "area"), "website": text(form, "website"),
        "founded": text(form, "founded"), "description": paragraphs(text(form, "description")),
        "themes": words_of(form, "themes"),
        "contacts": [*([contact] if contact else []), *others],
        "clusters": _clusters(request, form, list(before.get("clusters", ()))),
    }  # fmt: skip


def _clusters(
    request: Request, form: FormData, before: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    lines = [line.strip() for line in (text(form, "clusters") or "").splitlines() if line.strip()]
    known = {one["cluster_id"]: one for one in before}
    called = clusters_called(edition_of(request), lines)
    found = []
    for line in lines:
        one = called.get(line) or known.get(line)
        if one is None:
            raise FieldFault("clusters", f"the edition has no cluster {line!r}, or more than one; "
                             "write its id, as it stands in the address of its page")  # fmt: skip
        found.append(known.get(one["cluster_id"], one))
    return found
