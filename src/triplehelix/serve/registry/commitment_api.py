"""The registry's JSON API about invitations to calls, answers to them, and reports."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from triplehelix.app.calls import commitments as asked
from triplehelix.app.calls import following
from triplehelix.app.calls.asked import ByHand
from triplehelix.app.calls.commitments import CommitmentAnswer, Invited
from triplehelix.app.calls.finding import find_answer
from triplehelix.registry.commitments import Report
from triplehelix.registry.ids import nothing_so_named
from triplehelix.serve.registry import calling
from triplehelix.serve.registry.asset_api import REFUSED, Made, as_json
from triplehelix.serve.registry.door import registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of

router = APIRouter(prefix="/api/v1", responses=REFUSED, dependencies=[Depends(as_json)])

Amount = Annotated[float, Field(allow_inf_nan=False)]
Reason = Annotated[str | None, Field(max_length=2_000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Invitation(_Body):
    """Whom of an answer to invite: ids of members or assets; all without them."""

    only: list[str] = []
    reason: Reason = None


class NewCommitment(_Body):
    """An asset for a need: asked of its member (`invite`), or offered by its member (`offer`)."""

    act: Literal["invite", "offer"]
    need: str
    asset_id: str
    capacity_id: str | None = None
    amount: Amount | None = None
    starts: date
    ends: date | None = None
    reason: Reason = None


class SentAnswer(_Body):
    """What one side says; `amount` and days, in the need's unit, of an offer or a counter."""

    act: Literal["offer", "accept", "counter", "decline", "withdraw"]
    amount: Amount | None = None
    starts: date | None = None
    ends: date | None = None
    reason: Reason = None


class SentReport(_Body):
    """What is given from a day on, in the need's unit; of things made in all, by its end."""

    day: date
    amount: Amount


@router.post("/calls/{call_id}/alliances/{answer_id}/invite", tags=["commitments"], status_code=201)
def invite(request: Request, call_id: str, answer_id: str, sent: Invitation) -> Invited:
    """Invite the members of an answer that is kept to give what it has them give."""
    registry, viewer = registry_of(request), viewer_of(request)
    found = find_answer(calling.solves_of(request), registry, viewer, call_id, answer_id)
    if found.proposal_id is None:
        raise nothing_so_named("proposal")
    return asked.invite(registry, viewer, found.proposal_id, capabilities_of(request),
                        only=sent.only, reason=sent.reason)  # fmt: skip


@router.get("/calls/{call_id}/commitments", tags=["commitments"])
def commitments_to(request: Request, call_id: str) -> list[CommitmentAnswer]:
    """What was asked and answered: all of it for the call's holder, your own else."""
    return asked.commitments_to(registry_of(request), viewer_of(request), call_id)


@router.post("/calls/{call_id}/commitments", tags=["commitments"], status_code=201)
def begin(request: Request, call_id: str, sent: NewCommitment) -> Made:
    """Invite the member of an asset, or offer an asset of your own."""
    do = asked.invite_one if sent.act == "invite" else asked.offer
    given = ByHand(**sent.model_dump(exclude={"act", "reason"}))
    made = do(registry_of(request), viewer_of(request), call_id, capabilities_of(request), given,
              reason=sent.reason)  # fmt: skip
    return Made(id=made)


@router.get("/calls/{call_id}/reports", tags=["commitments"])
def reports_to(request: Request, call_id: str) -> list[Report]:
    """What was reported, by day, as far as you are of one of the sides."""
    return following.reports(registry_of(request), viewer_of(request), call_id)


@router.get("/commitments", tags=["commitments"])
def mine(request: Request) -> list[CommitmentAnswer]:
    """Commitments of members and networks that you act for, to whatever call."""
    return asked.my_commitments(registry_of(request), viewer_of(request))


@router.get("/commitments/{commitment_id}", tags=["commitments"])
def one(request: Request, commitment_id: str) -> CommitmentAnswer:
    """One commitment with all that was said."""
    return asked.commitment(registry_of(request), viewer_of(request), commitment_id)


@router.post("/commitments/{commitment_id}/answer", tags=["commitments"])
def answer(request: Request, commitment_id: str, sent: SentAnswer) -> CommitmentAnswer:
    """Offer, accept, counter, decline or withdraw; 409 if so much is not left."""
    registry, viewer = registry_of(request), viewer_of(request)
    asked.answer(registry, viewer, commitment_id, sent.act, capabilities_of(request),
                 amount=sent.amount, starts=sent.starts, ends=sent.ends,
                 reason=sent.reason)  # fmt: skip
    return asked.commitment(registry, viewer, commitment_id)


@router.post("/commitments/{commitment_id}/reports", tags=["commitments"], status_code=201)
def report(request: Request, commitment_id: str, sent: SentReport) -> Made:
    """Say what is given from a day on."""
    made = following.report(registry_of(request), viewer_of(request), commitment_id, sent.day,
                            sent.amount)  # fmt: skip
    return Made(id=made)
