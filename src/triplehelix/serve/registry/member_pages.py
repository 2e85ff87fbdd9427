"""Pages about members: who they are, what they share, what of it should be confirmed again."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from triplehelix.app.calls.sealed import is_verified, verify
from triplehelix.app.names import full_organisation_id
from triplehelix.app.organisation import OrganisationAnswer, organisation
from triplehelix.app.registry import members
from triplehelix.app.registry.assets import confirm_records
from triplehelix.app.registry.freshness import confirm_all, stale
from triplehelix.errors import UnknownName
from triplehelix.registry.fields import MemberFields
from triplehelix.registry.viewer import Action, Viewer, require
from triplehelix.registry.visibility import Holder
from triplehelix.serve.registry.asset_pages import asset_points, asset_table
from triplehelix.serve.registry.audiences import MEMBER_WORDS
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.editing import (
    Refused,
    capabilities_of,
    first_typed,
    holder_of,
    in_words,
    offered,
    refuse_if,
    shown_to,
    take,
    version_of,
    way_back,
)
from triplehelix.serve.registry.forms import faults, member_fields, n_contacts, typed
from triplehelix.serve.registry.live import live_page, see_other
from triplehelix.serve.render import View, edition_of, flat
from triplehelix.serve.words import HELIX

router = APIRouter(include_in_schema=False)


@live_page(router, "/members", "json", "csv")
def members_page(request: Request, q: str = "", page: int = 1) -> View:
    """Members by name."""
    found = members.list_members(registry_of(request), viewer_of(request), q, page=page)
    may_add = bool(_curated(viewer_of(request))) or viewer_of(request).everything
    return View("registry/members.html", found, {"may_add": may_add},
                table=lambda: flat(found.members))  # fmt: skip


@live_page(router, "/my-organisation", "json")
def my_organisation(request: Request) -> View:
    """What is ours, what of it should be confirmed again, what is promised."""
    found = members.my_organisations(
        registry_of(request), viewer_of(request), capabilities_of(request)
    )
    return View("registry/my_organisation.html", found)


@live_page(router, "/members/new")
def new_member(request: Request) -> View:
    """A form for a new member."""
    return _form_to_add(request, {"see.*": "public"})


@router.post("/members/new")
def add_member(request: Request, form: Form) -> Response:
    """Add the member that a form tells of."""

    def do() -> str:
        network, fields = holder_of(form).network_id, member_fields(form)
        require(viewer_of(request), Action.CREATE, Holder(None, network))
        refuse_if(faults(MemberFields, fields))
        shown = {"*": "private"} | shown_to(request, form)
        made = members.add_member(registry_of(request), viewer_of(request), fields, network, shown)
        return f"/members/{made}"

    return take(request, do, lambda r: _form_to_add(request, typed(form), r))


@live_page(router, "/members/{member_id}", "json", "csv", "geojson")
def member_page(request: Request, member_id: str) -> View:
    """One member; the first of its assets as CSV and GeoJSON."""
    registry, viewer = registry_of(request), viewer_of(request)
    found = members.member(registry, viewer, member_id, capabilities_of(request))
    context = {
        "stale": stale(registry, viewer, member=member_id) if found.editable else None,
        "seen": in_words(request, found.visibility),
        "field_words": MEMBER_WORDS,
        "here": _organisation(request, found.fields.organisation_id),
        "verified": is_verified(registry, viewer, member_id),
    }
    return View("registry/member.html", found, context, lambda: asset_table(found.assets),
                lambda: asset_points(found.assets))  # fmt: skip


@live_page(router, "/members/{member_id}/edit")
def member_to_edit(request: Request, member_id: str) -> View:
    """A form of all fields of a member."""
    return _form_to_edit(request, member_id)


@router.post("/members/{member_id}/edit")
def edit_member(request: Request, member_id: str, form: Form) -> Response:
    """Let the member be what a form says."""
    registry, viewer = registry_of(request), viewer_of(request)
    members.member_to_edit(registry, viewer, member_id, capabilities_of(request))

    def do() -> str:
        fields = member_fields(form)
        refuse_if(faults(MemberFields, fields))
        shown = shown_to(request, form)
        members.edit_member(
            registry, viewer, member_id, fields, visibility=shown, version=version_of(form)
        )
        return f"/members/{member_id}"

    return take(request, do, lambda r: _form_to_edit(request, member_id, form, r))


@router.post("/members/{member_id}/confirm")
def confirm_member(request: Request, member_id: str, form: Form) -> Response:
    """What is said of the member still holds."""
    confirm_records(registry_of(request), viewer_of(request), "member", [member_id])
    return see_other(way_back(form, f"/members/{member_id}"))


@router.post("/members/{member_id}/verify")
def verify_member(request: Request, member_id: str, form: Form) -> Response:
    """Vouch for a member, or take that back; administrators."""
    verify(registry_of(request), viewer_of(request), member_id, verified=not form.get("back"))
    return see_other(f"/members/{member_id}")


@router.post("/members/{member_id}/confirm-all")
def confirm_all_of_member(request: Request, member_id: str, form: Form) -> Response:
    """All that is stale of it still holds."""
    confirm_all(registry_of(request), viewer_of(request), member_id)
    return see_other(way_back(form, f"/members/{member_id}"))


def _form_to_add(request: Request, shown: dict[str, Any], refused: Refused | None = None) -> View:
    viewer = viewer_of(request)
    known, choices = offered(request, MEMBER_WORDS, {})
    holders = [(one, known.networks.get(one, one)) for one in _curated(viewer)]
    if viewer.everything:
        holders = [("", "nobody but the administrators"), *known.networks.items()]
    elif not holders:
        require(viewer, Action.CREATE, Holder())
    return View("registry/member_form.html", None, {
        **_form(shown, refused), "heading": "Add a member", "send": "Add it",
        "action": "/members/new", "version": None, "holders": holders, "offered": choices,
    })  # fmt: skip


def _form_to_edit(
    request: Request, member_id: str, form: FormData | None = None, refused: Refused | None = None
) -> View:
    found = members.member_to_edit(
        registry_of(request), viewer_of(request), member_id, capabilities_of(request)
    )
    _, choices = offered(request, MEMBER_WORDS, found.visibility or {})
    shown = typed(form) if form is not None else first_typed(found.fields, found.visibility)
    return View("registry/member_form.html", found, {
        **_form(shown, refused), "heading": f"Edit {found.name}", "send": "Save",
        "action": f"/members/{member_id}/edit", "holders": [], "offered": choices,
        "version": found.version if form is None else version_of(form),
    })  # fmt: skip


def _form(shown: dict[str, Any], refused: Refused | None) -> dict[str, Any]:
    return {
        "typed": shown, "errors": refused.errors if refused else {},
        "message": refused.message if refused else "", "n_contacts": n_contacts(shown),
        "field_words": MEMBER_WORDS, "helices": list(HELIX.items()),
    }  # fmt: skip


def _curated(viewer: Viewer) -> list[str]:
    return list(viewer.stewards) if "write" in viewer.scopes else []


def _organisation(request: Request, written: str | None) -> OrganisationAnswer | None:
    if written is None:
        return None
    try:
        return organisation(edition_of(request), full_organisation_id(written))
    except UnknownName:
        return None
