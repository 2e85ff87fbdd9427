"""Pages about assets: find, view, add, edit, confirm, remove; and what can be done with them."""

import math
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from triplehelix.app.names import full_organisation_id
from triplehelix.app.organisation import organisation
from triplehelix.app.registry import assets
from triplehelix.app.registry.asset_list import AssetQuestion, Place, list_assets
from triplehelix.app.registry.asset_rows import AssetRow
from triplehelix.app.registry.assets import AssetAnswer
from triplehelix.app.registry.capability_pages import capability, list_capabilities
from triplehelix.app.registry.naming import choices_of
from triplehelix.errors import InputError, UnknownName
from triplehelix.registry.fields import AssetFields, AssetKind
from triplehelix.registry.viewer import Action, require
from triplehelix.serve.registry.audiences import ASSET_WORDS
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.editing import (
    Refused,
    capabilities_of,
    first_typed,
    holder_of,
    holder_text,
    in_words,
    offered,
    refuse_if,
    shown_to,
    take,
    tree,
    version_of,
    way_back,
)
from triplehelix.serve.registry.forms import asset_fields, faults, n_contacts, typed
from triplehelix.serve.registry.live import live_page, see_other
from triplehelix.serve.render import Table, View, edition_of, flat, point
from triplehelix.store.edition import Edition

router = APIRouter(include_in_schema=False)

KINDS = [(str(kind), str(kind)) for kind in AssetKind]


@live_page(router, "/assets", "json", "csv", "geojson")
def assets_page(
    request: Request, q: str = "", kind: str = "", capability: str = "", near: str = "",
    within: str = "", amount: str = "", unit: str = "", by: str = "", network: str = "",
    member: str = "", organisation: str = "", page: int = 1,
) -> View:  # fmt: skip
    """Assets by words, kind, capability, place, capacity, network, member, organisation."""
    question = AssetQuestion(
        q=" ".join(q.split()), kind=kind, capability=capability, near=near.strip(),
        within=_number("within", within), amount=_number("amount", amount), unit=unit,
        by=_day("by", by), network=network, member=member, organisation=organisation,
    )  # fmt: skip
    registry, viewer, edition = registry_of(request), viewer_of(request), edition_of(request)
    known = capabilities_of(request)
    found = list_assets(registry, edition, viewer, question, known, page=page)
    context = {
        "kinds": [str(each) for each in AssetKind],
        "capabilities": [one for group in tree(known) for one in group],
        "networks": choices_of(registry, viewer).networks,
        "organisation": _organisation(edition, organisation),
        "bounds": _bounds(found.place),
    }
    return View("registry/assets.html", found, context, lambda: asset_table(found.assets),
                lambda: asset_points(found.assets))  # fmt: skip


@live_page(router, "/capabilities", "json", "csv")
def capabilities_page(request: Request) -> View:
    """All capabilities."""
    rows = list_capabilities(registry_of(request), viewer_of(request), capabilities_of(request))
    return View("registry/capabilities.html", rows, table=lambda: flat(rows))


@live_page(router, "/capabilities/{name}", "json", "csv", "geojson")
def capability_page(request: Request, name: str) -> View:
    """One capability and the assets that have it; the first of those as CSV and GeoJSON."""
    found = capability(registry_of(request), viewer_of(request), capabilities_of(request), name)
    return View("registry/capability.html", found, table=lambda: asset_table(found.assets),
                features=lambda: asset_points(found.assets))  # fmt: skip


@live_page(router, "/assets/new")
def new_asset(request: Request, member: str = "") -> View:
    """A form for a new asset."""
    return _form_to_add(request, {"see.*": "public", "kind": "equipment"}, member=member)


@router.post("/assets/new")
def add_asset(request: Request, form: Form) -> Response:
    """Add the asset that a form tells of."""

    def do() -> str:
        holder, fields = holder_of(form), asset_fields(form)
        require(viewer_of(request), Action.CREATE, holder)
        refuse_if(faults(AssetFields, fields) | _unknown(request, fields))
        shown = {"*": "private"} | shown_to(request, form)
        made = assets.add_asset(registry_of(request), viewer_of(request), fields, holder, shown)
        return f"/assets/{made}"

    member = holder_of(form).member_id or ""
    return take(request, do, lambda r: _form_to_add(request, typed(form), r, member))


@live_page(router, "/assets/{asset_id}", "json", "geojson")
def asset_page(request: Request, asset_id: str) -> View:
    """One asset; where it stands as GeoJSON."""
    found = assets.asset(
        registry_of(request), viewer_of(request), asset_id, capabilities_of(request)
    )
    context = {"seen": in_words(request, found.visibility), "field_words": ASSET_WORDS}
    return View("registry/asset.html", found, context, features=lambda: [_asset_point(found)])


@live_page(router, "/assets/{asset_id}/as-visitor")
def asset_as_visitor(request: Request, asset_id: str) -> View:
    """The same as somebody without an account sees it."""
    registry, viewer = registry_of(request), viewer_of(request)
    found = assets.as_visitor(registry, viewer, asset_id, capabilities_of(request))
    if found is None:
        whole = assets.asset(registry, viewer, asset_id, capabilities_of(request))
        return View("registry/asset_unseen.html", whole)
    return View("registry/asset.html", found, {"seen": {}, "field_words": {}, "preview": True})


@live_page(router, "/assets/{asset_id}/edit")
def asset_to_edit(request: Request, asset_id: str) -> View:
    """A form of all fields of an asset."""
    return _form_to_edit(request, asset_id)


@router.post("/assets/{asset_id}/edit")
def edit_asset(request: Request, asset_id: str, form: Form) -> Response:
    """Let the asset be what a form says."""
    registry, viewer = registry_of(request), viewer_of(request)
    now = assets.asset_to_edit(registry, viewer, asset_id, capabilities_of(request))

    def do() -> str:
        fields = asset_fields(form)
        refuse_if(faults(AssetFields, fields) | _unknown(request, fields, now))
        # A format's own words are no field of the form, and stay.
        fields |= {"extra": now.fields.extra} if now.fields.extra else {}
        assets.edit_asset(registry, viewer, asset_id, fields, visibility=shown_to(request, form),
                          version=version_of(form))  # fmt: skip
        return f"/assets/{asset_id}"

    return take(request, do, lambda r: _form_to_edit(request, asset_id, form, r))


@router.post("/assets/{asset_id}/confirm")
def confirm_asset(request: Request, asset_id: str, form: Form) -> Response:
    """It still holds."""
    assets.confirm_records(registry_of(request), viewer_of(request), "asset", [asset_id])
    return see_other(way_back(form, f"/assets/{asset_id}"))


@live_page(router, "/assets/{asset_id}/remove")
def asset_to_remove(request: Request, asset_id: str) -> View:
    """Asks once."""
    found = assets.asset_to_edit(
        registry_of(request), viewer_of(request), asset_id, capabilities_of(request)
    )
    return View("registry/asset_remove.html", found)


@router.post("/assets/{asset_id}/remove")
def remove_asset(request: Request, asset_id: str, form: Form) -> Response:
    """Take it away."""
    found = assets.asset_to_edit(
        registry_of(request), viewer_of(request), asset_id, capabilities_of(request)
    )
    assets.remove_asset(registry_of(request), viewer_of(request), asset_id)
    return see_other(f"/assets?member={found.member.id}" if found.member else "/assets")


def asset_table(rows: list[AssetRow]) -> Table:
    """Assets as a table of text and numbers."""
    columns = ["asset_id", "name", "kind", "member_id", "member", "town", "country", "lat", "lon",
               "capabilities", "capacities", "status", "confirmed_at", "due_on",
               "distance_km"]  # fmt: skip
    return columns, [
        [a.asset_id, a.name, a.kind, a.member.id if a.member else None,
         a.member.name if a.member else None, a.town, a.country, a.lat, a.lon,
         [c.capability for c in a.capabilities],
         [f"{c.capability}: {c.amount:g} {c.unit}{f'/{c.per}' if c.per else ''} ({c.state})"
          for c in a.capacities],
         a.status, a.confirmed_at, a.due_on, a.distance_km]
        for a in rows
    ]  # fmt: skip


def asset_points(rows: list[AssetRow]) -> list[dict[str, Any]]:
    """Assets as points, those without a place as features without geometry."""
    return [
        point(a.lon, a.lat, {"asset_id": a.asset_id, "name": a.name, "kind": a.kind,
                             "member": a.member.name if a.member else None, "place": a.town})
        for a in rows
    ]  # fmt: skip


def _asset_point(found: AssetAnswer) -> dict[str, Any]:
    place = found.fields.place
    properties = {"asset_id": found.asset_id, "name": found.name, "kind": found.kind,
                  "place": place.town if place else None}  # fmt: skip
    return point(place.lon if place else None, place.lat if place else None, properties)


def _form_to_add(
    request: Request, shown: dict[str, Any], refused: Refused | None = None, member: str = ""
) -> View:
    known, choices = offered(request, ASSET_WORDS, {}, member or None)
    viewer = viewer_of(request)
    holders = [(holder_text(holder), words) for holder, words in known.holders]
    if viewer.everything:
        holders.append(("", "nobody yet"))
    elif not holders:
        # Whoever holds nothing may add nothing: refused as the form itself would be.
        require(viewer, Action.CREATE, holder_of(FormData()))
    return View("registry/asset_form.html", None, {
        **_form(request, shown, refused), "heading": "Add an asset", "send": "Add it",
        "action": "/assets/new", "version": None, "holders": holders, "offered": choices,
    })  # fmt: skip


def _form_to_edit(
    request: Request, asset_id: str, form: FormData | None = None, refused: Refused | None = None
) -> View:
    found = assets.asset_to_edit(
        registry_of(request), viewer_of(request), asset_id, capabilities_of(request)
    )
    _, choices = offered(request, ASSET_WORDS, found.visibility or {})
    shown = typed(form) if form is not None else first_typed(found.fields, found.visibility)
    return View("registry/asset_form.html", found, {
        **_form(request, shown, refused), "heading": f"Edit {found.name}", "send": "Save",
        "action": f"/assets/{asset_id}/edit", "holders": [], "offered": choices,
        "version": found.version if form is None else version_of(form),
    })  # fmt: skip


def _form(request: Request, shown: dict[str, Any], refused: Refused | None) -> dict[str, Any]:
    return {
        "typed": shown, "errors": refused.errors if refused else {},
        "message": refused.message if refused else "", "kinds": KINDS,
        "tree": tree(capabilities_of(request)), "n_contacts": n_contacts(shown),
        "field_words": ASSET_WORDS,
    }  # fmt: skip


def _unknown(
    request: Request, fields: dict[str, Any], now: AssetAnswer | None = None
) -> dict[str, str]:
    """A capability must be one of the list, or one that the asset has already."""
    known = capabilities_of(request)
    had = now.fields.capabilities if now else ()
    odd = [one for one in fields.get("capabilities", ()) if one not in known and one not in had]
    return {"capabilities": f"{odd[0][:80]!r} is none of the list of capabilities"} if odd else {}


def _organisation(edition: Edition, written: str) -> Any:
    if not written:
        return None
    try:
        return organisation(edition, full_organisation_id(written))
    except UnknownName:
        return None


def _bounds(place: Place | None) -> list[float] | None:
    """West, south, east and north of what the map shows round a place."""
    if place is None:
        return None
    north = min(place.within_km, 2_000) / 111
    east = north / max(0.2, math.cos(math.radians(place.lat)))
    return [round(each, 3) for each in (place.lon - east, place.lat - north,
                                        place.lon + east, place.lat + north)]  # fmt: skip


def _number(name: str, text: str) -> float | None:
    if not text.strip():
        return None
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{name} is {text[:80]!r}; write a number, such as 50")
    return value


def _day(name: str, text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as err:
        raise InputError(f"{name} is {text[:80]!r}; write a day, such as 2027-03-31") from err
