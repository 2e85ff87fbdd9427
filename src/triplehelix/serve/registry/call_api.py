"""The registry's JSON API about calls: written, opened, solved, and what came out."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from triplehelix.app.calls import proposals as kept
from triplehelix.app.calls import records
from triplehelix.app.calls.losing import Losing
from triplehelix.app.calls.needs import need_object, needs_of_text
from triplehelix.app.calls.proposals import ProposalRow
from triplehelix.app.calls.records import CallAnswer, CallList
from triplehelix.app.calls.running import look_at, start_solve, stop
from triplehelix.app.calls.runs import Running
from triplehelix.registry.ids import nothing_so_named
from triplehelix.serve.headers import LIVE
from triplehelix.serve.problem import Problem
from triplehelix.serve.registry import calling
from triplehelix.serve.registry.asset_api import REFUSED, Made, as_json
from triplehelix.serve.registry.door import door_of, registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of
from triplehelix.serve.render import edition_of

TOO_OFTEN: dict[int | str, dict[str, Any]] = {
    429: {"model": Problem, "description": "Too many solves are under way; wait"},
}
MOST_TEXT = 50_000


def by_anybody(request: Request, response: Response) -> None:
    """As `as_json`; what a visitor asks changes nothing, and so needs no word against forgery."""
    viewer = viewer_of(request)
    response.headers["cache-control"] = LIVE
    if request.method != "GET" and viewer.user_id is not None:
        door_of(request).check_written(request)
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method == "POST" and sent != "application/json":
        raise HTTPException(415, "send application/json")


router = APIRouter(prefix="/api/v1", responses=REFUSED, dependencies=[Depends(as_json)])
trying = APIRouter(
    prefix="/api/v1", responses={**REFUSED, **TOO_OFTEN}, dependencies=[Depends(by_anybody)]
)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


Content = Annotated[
    dict[str, Any],
    Field(description="What a call file says: title, needs, rules; docs/reference/calls.md"),
]


class NewCall(_Body):
    """A call to write: whose it is, and what a call file of it says."""

    member_id: str | None = None
    network_id: str | None = None
    content: Content
    progress: Annotated[bool, Field(description="Whether all who see it see counts and sums")] = (
        False
    )


class ChangedCall(_Body):
    """All of a call, and the version that was looked at."""

    version: int
    content: Content
    progress: bool | None = None


class Opened(_Body):
    """To whom a call is opened: public, signed-in, network:ID,…, named:ID,… or private."""

    visibility: str = "public"
    version: int | None = None


class Asked(_Body):
    """What to look for."""

    robust: Annotated[int, Field(description="So many members may drop out")] = 0
    share: Annotated[
        float, Field(description="Of the weight of needs, what is then still met; all is 1")
    ] = 1.0
    recoverable: Annotated[
        int, Field(description="The sum with its dearest mending after so many losses is least")
    ] = 0
    seconds: Annotated[float, Field(description="How long to look; visitors 10 at most")] = 10.0
    gap: Annotated[float, Field(description="How far from the best will do, 0 to 1")] = 0.0
    leave_out: Annotated[list[str], Field(description="Members and assets not to be in it")] = []
    answers: Annotated[bool, Field(description="Whether what members answered counts")] = True
    several: Annotated[bool, Field(description="Truly different answers beside each other")] = False
    worth: Annotated[bool, Field(description="With what each partner adds")] = False


class Described(_Body):
    """What somebody needs, in their own words; "in six weeks" counts from `as_of`, else today."""

    text: Annotated[str, Field(max_length=MOST_TEXT)]
    as_of: date | None = None


class Job(BaseModel):
    """Work that was begun, and where to look how it stands."""

    id: str
    address: str


@router.get("/calls", tags=["calls"])
def list_calls(
    request: Request, q: str = "", state: str | None = None,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    per_page: Annotated[int, Query(ge=1, le=100)] = 50,
) -> CallList:  # fmt: skip
    """Calls that you see, by words that they say and by state; the closest first, or open ones."""
    return records.calls(
        registry_of(request), viewer_of(request), capabilities_of(request), " ".join(q.split()),
        state=state, page=page, per_page=per_page,
    )  # fmt: skip


@router.post("/calls", tags=["calls"], status_code=201)
def create_call(request: Request, sent: NewCall) -> Made:
    """Make a draft of a call."""
    made = records.create_call(
        registry_of(request), viewer_of(request), sent.content, capabilities_of(request),
        member_id=sent.member_id, network_id=sent.network_id, progress=sent.progress,
    )  # fmt: skip
    return Made(id=made)


@router.get("/calls/{call_id}", tags=["calls"])
def one_call(request: Request, call_id: str) -> CallAnswer:
    """One call with its needs, as far as you see them."""
    return records.call(registry_of(request), viewer_of(request), call_id)


@router.put("/calls/{call_id}", tags=["calls"])
def change_call(request: Request, call_id: str, sent: ChangedCall) -> CallAnswer:
    """Let this be all of a call; 409 if somebody changed it meanwhile."""
    registry, viewer = registry_of(request), viewer_of(request)
    records.edit_call(registry, viewer, call_id, sent.content, capabilities_of(request),
                      progress=sent.progress, version=sent.version)  # fmt: skip
    return records.call(registry, viewer, call_id)


@router.delete("/calls/{call_id}", tags=["calls"], status_code=204)
def remove_call(request: Request, call_id: str) -> None:
    """Take a call away, with its proposals and commitments."""
    records.remove_call(registry_of(request), viewer_of(request), call_id)


@router.post("/calls/{call_id}/open", tags=["calls"])
def open_call(request: Request, call_id: str, sent: Opened) -> CallAnswer:
    """Open a call: from now on it can be answered."""
    registry, viewer = registry_of(request), viewer_of(request)
    records.open_call(registry, viewer, call_id, capabilities_of(request),
                      visibility=sent.visibility, version=sent.version)  # fmt: skip
    return records.call(registry, viewer, call_id)


@router.post("/calls/{call_id}/close", tags=["calls"])
def close_call(request: Request, call_id: str) -> CallAnswer:
    """Close a call: what was agreed stays."""
    registry, viewer = registry_of(request), viewer_of(request)
    records.close_call(registry, viewer, call_id)
    return records.call(registry, viewer, call_id)


@router.get("/calls/{call_id}/progress", tags=["calls"])
def progress(request: Request, call_id: str) -> Mapping[str, Any]:
    """Counts and sums, where the call lets them be known; nobody is named."""
    found = records.call(registry_of(request), viewer_of(request), call_id)
    if found.progress is None:
        raise nothing_so_named("progress")
    return {**found.progress, "changed_at": found.progress_changed_at}


@router.get("/calls/{call_id}/proposals", tags=["calls"])
def proposals(request: Request, call_id: str) -> list[ProposalRow]:
    """Answers that are kept and of which you see every part, the newest first."""
    return kept.proposals(registry_of(request), viewer_of(request), call_id)


@trying.post("/calls/{call_id}/solve", tags=["calls"], status_code=202)
def solve(request: Request, response: Response, call_id: str, sent: Asked) -> Job:
    """Begin to solve a call; poll the address. What comes out is kept where the call is yours."""
    asked = sent.model_dump()
    losing = Losing(*(asked.pop(name) for name in ("robust", "share", "recoverable")))
    run_id = start_solve(
        calling.solves_of(request), registry_of(request), viewer_of(request), call_id,
        capabilities_of(request), edition=edition_of(request), losing=losing, **asked,
    )  # fmt: skip
    return job(response, call_id, run_id)


@trying.get("/calls/{call_id}/solves/{run_id}", tags=["calls"])
def watch(request: Request, call_id: str, run_id: str) -> Running:
    """How it stands: incumbent, bound, seconds; what came out once it is done."""
    return _run(request, call_id, run_id)


@trying.post("/calls/{call_id}/solves/{run_id}/stop", tags=["calls"], status_code=202)
def stop_solve(request: Request, response: Response, call_id: str, run_id: str) -> Job:
    """Let it end with the best it has."""
    _run(request, call_id, run_id)
    stop(calling.solves_of(request), viewer_of(request), run_id)
    return job(response, call_id, run_id)


@trying.post("/needs", tags=["calls"])
def suggest(request: Request, sent: Described) -> list[dict[str, Any]]:
    """Needs that a text seems to tell of, each with the words that led to it; you decide."""
    as_of = sent.as_of or registry_of(request).clock().date()
    found = needs_of_text(sent.text, as_of, capabilities_of(request))
    return [need_object(one) for one in found]


def _run(request: Request, call_id: str, run_id: str) -> Running:
    run = look_at(calling.solves_of(request), registry_of(request), viewer_of(request), run_id)
    if run.call_id != call_id:
        raise nothing_so_named("solve")
    return run


def job(response: Response, call_id: str, run_id: str) -> Job:
    """Where to look how it stands, in the body and as `Location`."""
    address = f"/api/v1/calls/{call_id}/solves/{run_id}"
    response.headers["location"] = address
    return Job(id=run_id, address=address)
