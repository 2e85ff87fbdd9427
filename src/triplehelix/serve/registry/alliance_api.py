"""The registry's JSON API about answers to calls: read, mended, tried, kept, shown, shared out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from triplehelix.ally.what_if import Effect, Idea
from triplehelix.app.calls.exploring import start_sharing, start_worth
from triplehelix.app.calls.finding import find_answer, keep_answer
from triplehelix.app.calls.proposals import remove_proposal, show_proposal
from triplehelix.app.calls.running import start_repair_of
from triplehelix.app.calls.runs import Solves
from triplehelix.app.calls.shown import AllianceAnswer, show_answer
from triplehelix.app.calls.trying import try_ideas
from triplehelix.errors import InputError
from triplehelix.registry.ids import nothing_so_named
from triplehelix.registry.viewer import Viewer
from triplehelix.serve.registry import calling
from triplehelix.serve.registry.asset_api import REFUSED, Made, as_json
from triplehelix.serve.registry.call_api import TOO_OFTEN, Job, by_anybody, job
from triplehelix.serve.registry.door import registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of
from triplehelix.serve.render import edition_of
from triplehelix.store.registry.opening import Registry

_HERE = "/api/v1/calls/{call_id}/alliances/{answer_id}"
router = APIRouter(prefix=_HERE, responses=REFUSED, dependencies=[Depends(as_json)],
                   tags=["calls"])  # fmt: skip
trying = APIRouter(prefix=_HERE, responses={**REFUSED, **TOO_OFTEN},
                   dependencies=[Depends(by_anybody)], tags=["calls"])  # fmt: skip


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Losses(_Body):
    """Members that are taken out of an answer."""

    losses: Annotated[list[str], Field(min_length=1, max_length=100)]
    seconds: float = 10.0


class Tried(_Body):
    """A change of one asset: without it, so many days earlier (below 0: later), or more of it."""

    asset: str
    without: bool = False
    days_earlier: Annotated[int, Field(ge=-36_600, le=36_600)] = 0
    more: Annotated[float, Field(allow_inf_nan=False)] = 0.0
    need: str | None = None


class Ideas(_Body):
    """Ideas to try, each by itself."""

    ideas: Annotated[list[Tried], Field(min_length=1, max_length=20)]


class Nothing(_Body):
    """Nothing: what it is about stands in the address."""


class Elsewhere(_Body):
    """What all of each need would cost elsewhere, by need; without it the benefit alone."""

    outside: Annotated[
        dict[str, Annotated[float, Field(allow_inf_nan=False)]], Field(max_length=500)
    ] = {}


class ShownTo(_Body):
    """To whom beside the holder: public, signed-in, network:ID,…, named:ID,… or private."""

    visibility: str


@trying.get("")
def alliance(request: Request, call_id: str, answer_id: str) -> AllianceAnswer:
    """An answer whole: a proposal's id, or that of a solve of yours."""
    return show_answer(*_asked(request), call_id, answer_id, capabilities_of(request))


@trying.post("/repair", status_code=202)
def repair(request: Request, response: Response, call_id: str, answer_id: str, sent: Losses) -> Job:
    """Begin to mend an answer without some members; as little as possible is changed."""
    solves, registry, viewer = _asked(request)
    found = find_answer(solves, registry, viewer, call_id, answer_id)
    if not 0 < sent.seconds <= 600:
        raise InputError(f"seconds is {sent.seconds:g}; give a number above 0, up to 600")
    run_id = start_repair_of(
        solves, registry, viewer, call_id, (answer_id, found.alliance), sent.losses,
        capabilities_of(request), edition=edition_of(request), seconds=sent.seconds,
    )  # fmt: skip
    return job(response, call_id, run_id)


@trying.post("/what-if")
def what_if(request: Request, call_id: str, answer_id: str, sent: Ideas) -> list[Effect]:
    """What each idea would do to the needs, the others as they stand."""
    ideas = [Idea(**one.model_dump()) for one in sent.ideas]
    return list(try_ideas(
        *_asked(request), call_id, answer_id, ideas, capabilities_of(request),
    ))  # fmt: skip


@trying.post("/worth", status_code=202)
def worth(request: Request, response: Response, call_id: str, answer_id: str, sent: Nothing) -> Job:
    """Begin to work out what each member adds; it is in `result.worth` of the solve."""
    found = find_answer(*_asked(request), call_id, answer_id)
    run_id = start_worth(
        *_asked(request), call_id, (answer_id, found.alliance), capabilities_of(request),
        edition=edition_of(request),
    )  # fmt: skip
    return job(response, call_id, run_id)


@trying.post("/sharing", status_code=202)
def sharing(
    request: Request, response: Response, call_id: str, answer_id: str, sent: Elsewhere
) -> Job:
    """Begin to work out how the members could share; it is in `result.sharing` of the solve."""
    found = find_answer(*_asked(request), call_id, answer_id)
    run_id = start_sharing(
        *_asked(request), call_id, (answer_id, found.alliance), capabilities_of(request),
        outside=sent.outside,
    )  # fmt: skip
    return job(response, call_id, run_id)


@router.post("/keep", status_code=201)
def keep(request: Request, call_id: str, answer_id: str, sent: Nothing) -> Made:
    """Keep an answer of a solve of yours for the call; the id it is kept under."""
    return Made(id=keep_answer(*_asked(request), call_id, answer_id))


@router.post("/show", status_code=204)
def show(request: Request, call_id: str, answer_id: str, sent: ShownTo) -> None:
    """Show a kept answer to others: of those, who sees every part of it sees it."""
    _, registry, viewer = _asked(request)
    show_proposal(registry, viewer, _kept(request, call_id, answer_id), sent.visibility)


@router.delete("", status_code=204)
def remove(request: Request, call_id: str, answer_id: str) -> None:
    """Take a kept answer away; commitments that came of it stay."""
    _, registry, viewer = _asked(request)
    remove_proposal(registry, viewer, _kept(request, call_id, answer_id))


def _asked(request: Request) -> tuple[Solves, Registry, Viewer]:
    return calling.solves_of(request), registry_of(request), viewer_of(request)


def _kept(request: Request, call_id: str, answer_id: str) -> str:
    found = find_answer(*_asked(request), call_id, answer_id)
    if found.proposal_id is None:
        raise nothing_so_named("proposal")
    return found.proposal_id
