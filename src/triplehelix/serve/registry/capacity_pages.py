"""Pages about the capacities of an asset: add, change, take away, reserve, give back."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from triplehelix.app.registry import assets
from triplehelix.app.registry.assets import AssetAnswer, CapacityAnswer
from triplehelix.registry.capacity import CapacityFields, Promise
from triplehelix.registry.ids import nothing_so_named
from triplehelix.serve.registry.audiences import choices
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.editing import (
    Refused,
    capabilities_of,
    first_typed,
    offered,
    refuse_if,
    shown_to,
    take,
    tree,
    way_back,
)
from triplehelix.serve.registry.forms import as_typed, capacity_fields, faults, typed
from triplehelix.serve.registry.live import live_page, see_other
from triplehelix.serve.render import View

router = APIRouter(include_in_schema=False)


@live_page(router, "/assets/{asset_id}/capacities/new")
def new_capacity(request: Request, asset_id: str) -> View:
    """A form for a new capacity."""
    return _form(request, asset_id, None)


@router.post("/assets/{asset_id}/capacities/new")
def add_capacity(request: Request, asset_id: str, form: Form) -> Response:
    """Add the capacity that a form tells of."""
    return _put(request, asset_id, None, form)


@live_page(router, "/assets/{asset_id}/capacities/{capacity_id}")
def capacity_to_edit(request: Request, asset_id: str, capacity_id: str) -> View:
    """A capacity with what is promised of it, to change and to reserve."""
    return _form(request, asset_id, capacity_id)


@router.post("/assets/{asset_id}/capacities/{capacity_id}")
def edit_capacity(request: Request, asset_id: str, capacity_id: str, form: Form) -> Response:
    """Let the capacity be what a form says."""
    return _put(request, asset_id, capacity_id, form)


@router.post("/assets/{asset_id}/capacities/{capacity_id}/remove")
def remove_capacity(request: Request, asset_id: str, capacity_id: str, form: Form) -> Response:
    """Take a capacity away."""
    assets.remove_capacity(registry_of(request), viewer_of(request), asset_id, capacity_id)
    return see_other(f"/assets/{asset_id}")


@router.post("/assets/{asset_id}/capacities/{capacity_id}/reserve")
def reserve(request: Request, asset_id: str, capacity_id: str, form: Form) -> Response:
    """Promise some of it."""
    _of(_asset(request, asset_id), capacity_id)

    def do() -> str:
        asked = _promise(form)
        commitment = str(form["reserve.commitment"]).strip()[:300]
        assets.reserve(registry_of(request), viewer_of(request), capacity_id, asked, commitment)
        return f"/assets/{asset_id}/capacities/{capacity_id}"

    return take(request, do, lambda r: _form(request, asset_id, capacity_id, form, r))


@router.post("/assets/{asset_id}/reservations/{reservation_id}/release")
def release(request: Request, asset_id: str, reservation_id: str, form: Form) -> Response:
    """Give a reserved amount back."""
    found = _asset(request, asset_id)
    if reservation_id not in {r.reservation_id for c in found.capacities for r in c.reservations}:
        raise nothing_so_named("reservation")
    assets.release(registry_of(request), viewer_of(request), reservation_id)
    return see_other(way_back(form, f"/assets/{asset_id}"))


def _put(request: Request, asset_id: str, capacity_id: str | None, form: FormData) -> Response:
    found = _asset(request, asset_id)
    if capacity_id is not None:
        _of(found, capacity_id)

    def do() -> str:
        fields = capacity_fields(form)
        refuse_if(faults(CapacityFields, fields))
        shown = shown_to(request, form).get("capacity")
        assets.put_capacity(registry_of(request), viewer_of(request), asset_id, fields,
                            capacity_id=capacity_id, visibility=shown)  # fmt: skip
        return f"/assets/{asset_id}"

    return take(request, do, lambda r: _form(request, asset_id, capacity_id, form, r))


def _form(
    request: Request, asset_id: str, capacity_id: str | None, form: FormData | None = None,
    refused: Refused | None = None,
) -> View:  # fmt: skip
    found = _asset(request, asset_id)
    one = _of(found, capacity_id) if capacity_id is not None else None
    now = one.visibility if one else None
    known, _ = offered(request, {}, {"capacity": now} if now else {})
    shown = _at_first(one, now)
    if form is not None:
        sent = typed(form)
        # Reserving sends its own fields only: the others are shown as they are.
        shown = shown | sent if any(key.startswith("reserve.") for key in sent) else sent
    return View("registry/asset_capacity.html", found, {
        "capacity": one, "typed": shown, "errors": refused.errors if refused else {},
        "message": refused.message if refused else "",
        "capability_choices": _capabilities(request, found),
        "offered": [("", "Whoever sees the asset’s capacities"),
                    *choices(known.networks, now, known.names, whole=False)[1:]],
    })  # fmt: skip


def _at_first(one: CapacityAnswer | None, now: str | None) -> dict[str, Any]:
    shown = {"capacity": now} if now else {}
    return first_typed(one.fields, shown) if one else as_typed({"state": "available"})


def _capabilities(request: Request, found: AssetAnswer) -> list[tuple[str, str]]:
    own = [(each.capability, each.label) for each in found.capabilities]
    there = {slug for slug, _ in own}
    every = [one for group in tree(capabilities_of(request)) for one in group]
    return own + [(c.capability, c.label) for c in every if c.capability not in there]


def _promise(form: FormData) -> Promise:
    fields = {name: str(form.get(f"reserve.{name}") or "").strip()
              for name in ("amount", "starts", "ends")}  # fmt: skip
    said = {name: text for name, text in fields.items() if text}
    # The same words for the same fields: an amount, a first and a last day.
    wrong = faults(CapacityFields, {"capability": "x", "unit": "x", **said})
    wrong |= {} if "starts" in said else {"starts": "this cannot be left empty"}
    if not str(form.get("reserve.commitment") or "").strip():
        wrong["commitment"] = "this cannot be left empty"
    refuse_if({f"reserve.{name}" if name in (*fields, "commitment") else "reserve.ends": text
               for name, text in wrong.items()})  # fmt: skip
    right = CapacityFields.model_validate({"capability": "x", "unit": "x", **said})
    assert right.starts is not None
    return Promise(right.amount, right.starts, right.ends)


def _asset(request: Request, asset_id: str) -> AssetAnswer:
    return assets.asset_to_edit(
        registry_of(request), viewer_of(request), asset_id, capabilities_of(request)
    )


def _of(found: AssetAnswer, capacity_id: str) -> CapacityAnswer:
    for one in found.capacities:
        if one.capacity_id == capacity_id:
            return one
    raise nothing_so_named("capacity")
