"""The registry's JSON API about assets, capabilities and members, at /api/v1."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from triplehelix.app.registry import assets as asked
from triplehelix.app.registry import members
from triplehelix.app.registry.asset_list import AssetList, AssetQuestion, list_assets
from triplehelix.app.registry.assets import AssetAnswer
from triplehelix.app.registry.capability_pages import (
    CapabilityAnswer,
    CapabilityRow,
    capability,
    list_capabilities,
)
from triplehelix.app.registry.freshness import Stale, stale
from triplehelix.app.registry.members import MemberAnswer, MemberList
from triplehelix.errors import InputError
from triplehelix.registry.capacity import CapacityFields, Promise
from triplehelix.registry.fields import AssetFields, MemberFields
from triplehelix.registry.ids import nothing_so_named
from triplehelix.registry.visibility import Holder
from triplehelix.serve.headers import LIVE
from triplehelix.serve.problem import Problem
from triplehelix.serve.registry.door import door_of, registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of
from triplehelix.serve.render import edition_of

REFUSED: dict[int | str, dict[str, Any]] = {
    403: {"model": Problem, "description": "You see it but may not change it"},
    404: {"model": Problem, "description": "There is none, or it is not shown to you"},
    409: {"model": Problem, "description": "Changed or promised meanwhile"},
    415: {"model": Problem, "description": "What was sent is not JSON"},
    422: {"model": Problem, "description": "A parameter or a field is wrong"},
}


def as_json(request: Request, response: Response) -> None:
    """Kept by nobody; and a form of another site cannot send JSON, so only that is taken."""
    viewer_of(request)
    response.headers["cache-control"] = LIVE
    if request.method != "GET":
        door_of(request).check_written(request)
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method in ("POST", "PUT", "PATCH") and sent != "application/json":
        raise HTTPException(415, "send application/json")


router = APIRouter(prefix="/api/v1", responses=REFUSED, dependencies=[Depends(as_json)])

PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]
PerPage = Annotated[int, Query(ge=1, le=100)]
Visibility = Annotated[
    dict[str, str],
    Field(description="Under `*` the record's, under a field's name the field's: public, "
                      "signed-in, network:ID,…, named:ID,… or private"),
]  # fmt: skip


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewAsset(_Body):
    """An asset to add: whose it is, what it is, who sees it; private where nothing is said."""

    member_id: str | None = None
    network_id: str | None = None
    fields: AssetFields
    visibility: Visibility = {}


class ChangedAsset(_Body):
    """All fields of an asset, and the version that was looked at."""

    version: int
    fields: AssetFields


class NewMember(_Body):
    """A member to add, the network whose stewards look after it, who sees it."""

    network_id: str | None = None
    fields: MemberFields
    visibility: Visibility = {}


class ChangedMember(_Body):
    """All fields of a member, and the version that was looked at."""

    version: int
    fields: MemberFields


class Shared(_Body):
    """Who sees a record and its fields."""

    version: int | None = None
    visibility: Visibility


class SentCapacity(_Body):
    """A capacity; `visibility` narrows the asset's, None keeps to that."""

    fields: CapacityFields
    visibility: str | None = None


class SentReservation(_Body):
    """An amount of a capacity, from its first to its last day, for a commitment."""

    capacity_id: str
    amount: float
    starts: date
    ends: date | None = None
    commitment: Annotated[str, Field(min_length=1, max_length=300)]


class Made(BaseModel):
    """The id of what was made."""

    id: str


@router.get("/assets", tags=["assets"])
def find_assets(
    request: Request, q: str = "", kind: str = "", capability: str = "", near: str = "",
    within: float | None = None, amount: float | None = None, unit: str = "",
    by: date | None = None, network: str = "", member: str = "", organisation: str = "",
    page: PageNumber = 1, per_page: PerPage = 50,
) -> AssetList:  # fmt: skip
    """Assets that you see, by words, kind, capability, place, capacity, network and member."""
    question = AssetQuestion(
        q=" ".join(q.split()), kind=kind, capability=capability, near=near.strip(), within=within,
        amount=amount, unit=unit, by=by, network=network, member=member,
        organisation=organisation,
    )  # fmt: skip
    return list_assets(registry_of(request), edition_of(request), viewer_of(request), question,
                       capabilities_of(request), page=page, per_page=per_page)  # fmt: skip


@router.post("/assets", tags=["assets"], status_code=201)
def add_asset(request: Request, sent: NewAsset) -> Made:
    """Add an asset of a member, or one that a network curates."""
    held = Holder(sent.member_id, sent.network_id)
    fields = sent.fields.model_dump(mode="json", exclude_none=True)
    made = asked.add_asset(registry_of(request), viewer_of(request), fields, held,
                           {"*": "private"} | sent.visibility)  # fmt: skip
    return Made(id=made)


@router.get("/assets/{asset_id}", tags=["assets"])
def one_asset(request: Request, asset_id: str) -> AssetAnswer:
    """One asset, as far as you see it."""
    return _asset(request, asset_id)


@router.put("/assets/{asset_id}", tags=["assets"])
def change_asset(request: Request, asset_id: str, sent: ChangedAsset) -> AssetAnswer:
    """Let these be all the fields of an asset; 409 if somebody changed it meanwhile."""
    fields = sent.fields.model_dump(mode="json", exclude_none=True)
    asked.edit_asset(registry_of(request), viewer_of(request), asset_id, fields,
                     version=sent.version)  # fmt: skip
    return _asset(request, asset_id)


@router.delete("/assets/{asset_id}", tags=["assets"], status_code=204)
def remove_asset(request: Request, asset_id: str) -> None:
    """Take an asset away, with its capacities and their reservations."""
    asked.remove_asset(registry_of(request), viewer_of(request), asset_id)


@router.post("/assets/{asset_id}/confirm", tags=["assets"])
def confirm_asset(request: Request, asset_id: str) -> AssetAnswer:
    """Say that an asset still holds."""
    asked.confirm_records(registry_of(request), viewer_of(request), "asset", [asset_id])
    return _asset(request, asset_id)


@router.put("/assets/{asset_id}/visibility", tags=["assets"])
def share_asset(request: Request, asset_id: str, sent: Shared) -> AssetAnswer:
    """Let these be the visibilities of an asset and of its fields."""
    asked.share_asset(registry_of(request), viewer_of(request), asset_id, sent.visibility,
                      version=sent.version)  # fmt: skip
    return _asset(request, asset_id)


@router.post("/assets/{asset_id}/capacities", tags=["assets"], status_code=201)
def add_capacity(request: Request, asset_id: str, sent: SentCapacity) -> Made:
    """Give an asset a capacity."""
    return Made(id=_put(request, asset_id, sent, None))


@router.put("/assets/{asset_id}/capacities/{capacity_id}", tags=["assets"])
def change_capacity(
    request: Request, asset_id: str, capacity_id: str, sent: SentCapacity
) -> AssetAnswer:
    """Let these be all the fields of a capacity."""
    _put(request, asset_id, sent, capacity_id)
    return _asset(request, asset_id)


@router.delete("/assets/{asset_id}/capacities/{capacity_id}", tags=["assets"], status_code=204)
def remove_capacity(request: Request, asset_id: str, capacity_id: str) -> None:
    """Take a capacity away, with its reservations."""
    asked.remove_capacity(registry_of(request), viewer_of(request), asset_id, capacity_id)


@router.post("/assets/{asset_id}/reservations", tags=["assets"], status_code=201)
def reserve(request: Request, asset_id: str, sent: SentReservation) -> Made:
    """Promise an amount of a capacity; 409 if so much is not left on one of the days."""
    found = _asset(request, asset_id)
    if sent.capacity_id not in {one.capacity_id for one in found.capacities}:
        raise nothing_so_named("capacity")
    if sent.ends is not None and sent.ends < sent.starts:
        raise InputError("the reservation ends before it starts; turn the days round")
    promise = Promise(sent.amount, sent.starts, sent.ends)
    made = asked.reserve(registry_of(request), viewer_of(request), sent.capacity_id, promise,
                         sent.commitment)  # fmt: skip
    return Made(id=made)


@router.delete("/assets/{asset_id}/reservations/{reservation_id}", tags=["assets"], status_code=204)
def release(request: Request, asset_id: str, reservation_id: str) -> None:
    """Give a reserved amount back."""
    there = {r.reservation_id for c in _asset(request, asset_id).capacities for r in c.reservations}
    if reservation_id not in there:
        raise nothing_so_named("reservation")
    asked.release(registry_of(request), viewer_of(request), reservation_id)


@router.get("/capabilities", tags=["assets"])
def all_capabilities(request: Request) -> list[CapabilityRow]:
    """All capabilities, and how many assets that you see name each."""
    return list_capabilities(registry_of(request), viewer_of(request), capabilities_of(request))


@router.get("/capabilities/{name}", tags=["assets"])
def one_capability(request: Request, name: str) -> CapabilityAnswer:
    """One capability, broader and narrower ones, and assets that have it."""
    return capability(registry_of(request), viewer_of(request), capabilities_of(request), name)


@router.get("/members", tags=["members"])
def find_members(
    request: Request, q: str = "", page: PageNumber = 1, per_page: PerPage = 100
) -> MemberList:
    """Members that you see, by name."""
    registry, viewer = registry_of(request), viewer_of(request)
    return members.list_members(registry, viewer, q, page=page, per_page=per_page)


@router.post("/members", tags=["members"], status_code=201)
def add_member(request: Request, sent: NewMember) -> Made:
    """Add a member."""
    fields = sent.fields.model_dump(mode="json", exclude_none=True)
    made = members.add_member(registry_of(request), viewer_of(request), fields, sent.network_id,
                              {"*": "private"} | sent.visibility)  # fmt: skip
    return Made(id=made)


@router.get("/members/{member_id}", tags=["members"])
def one_member(request: Request, member_id: str) -> MemberAnswer:
    """One member, its networks and the first of its assets."""
    return _member(request, member_id)


@router.put("/members/{member_id}", tags=["members"])
def change_member(request: Request, member_id: str, sent: ChangedMember) -> MemberAnswer:
    """Let these be all the fields of a member; 409 if somebody changed it meanwhile."""
    fields = sent.fields.model_dump(mode="json", exclude_none=True)
    members.edit_member(registry_of(request), viewer_of(request), member_id, fields,
                        version=sent.version)  # fmt: skip
    return _member(request, member_id)


@router.delete("/members/{member_id}", tags=["members"], status_code=204)
def remove_member(request: Request, member_id: str) -> None:
    """Take a member away that holds nothing any more."""
    members.remove_member(registry_of(request), viewer_of(request), member_id)


@router.get("/members/{member_id}/stale", tags=["members"])
def stale_of_member(request: Request, member_id: str) -> Stale:
    """What of a member should be confirmed again."""
    return stale(registry_of(request), viewer_of(request), member=member_id)


def _put(request: Request, asset_id: str, sent: SentCapacity, capacity_id: str | None) -> str:
    fields = sent.fields.model_dump(mode="json", exclude_none=True)
    return asked.put_capacity(registry_of(request), viewer_of(request), asset_id, fields,
                              capacity_id=capacity_id, visibility=sent.visibility)  # fmt: skip


def _asset(request: Request, asset_id: str) -> AssetAnswer:
    return asked.asset(registry_of(request), viewer_of(request), asset_id, capabilities_of(request))


def _member(request: Request, member_id: str) -> MemberAnswer:
    registry, viewer = registry_of(request), viewer_of(request)
    return members.member(registry, viewer, member_id, capabilities_of(request))
