"""The registry's JSON API about sealed matching: let be told, asked, consented to, opened."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from triplehelix.app.calls import sealed as asked
from triplehelix.app.calls.sealed import SealedAnswer
from triplehelix.registry.ids import nothing_so_named
from triplehelix.serve.problem import Problem
from triplehelix.serve.registry.asset_api import REFUSED, Made, as_json
from triplehelix.serve.registry.door import registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of

_TOO_OFTEN: dict[int | str, dict[str, Any]] = {
    429: {"model": Problem, "description": "As many questions were asked as may be in a day"},
}
router = APIRouter(
    prefix="/api/v1/sealed/{record_id}", responses={**REFUSED, **_TOO_OFTEN},
    dependencies=[Depends(as_json)], tags=["sealed matching"],
)  # fmt: skip
OneCall = Annotated[
    str | None,
    Field(max_length=40, description="Of an asset: this published call alone; null for any"),
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ToWhom(_Body):
    """To which call; of a call's sealed needs none is named."""

    call_id: OneCall = None


class Question(_Body):
    """Nothing: what is asked about stands in the address."""


class Bit(BaseModel):
    """Whether a match exists, and nothing more; how many of the day's questions are used."""

    answer: bool
    asked_today: int
    a_day: int


class OpenedNow(BaseModel):
    """How many matches have opened by this consent."""

    opened: int


@router.get("")
def sealed(request: Request, record_id: str) -> SealedAnswer:
    """What the holder of an asset or a call knows of its sealed matching."""
    return asked.sealed(registry_of(request), viewer_of(request), record_id)


@router.post("/offers", status_code=201)
def let_tell(request: Request, record_id: str, sent: ToWhom) -> Made:
    """Let it be told whether a match exists."""
    return Made(id=asked.let_tell(
        registry_of(request), viewer_of(request), record_id, call_id=sent.call_id))  # fmt: skip


@router.delete("/offers/{offer_id}", status_code=204)
def take_back(request: Request, record_id: str, offer_id: str) -> None:
    """Let it be told no more; what has been told is known."""
    registry, viewer = registry_of(request), viewer_of(request)
    if offer_id not in {one.offer_id for one in asked.sealed(registry, viewer, record_id).offers}:
        raise nothing_so_named("offer")
    asked.take_back(registry, viewer, offer_id)


@router.post("/questions")
def ask(request: Request, record_id: str, sent: Question) -> Bit:
    """Whether a match exists among what others let be compared."""
    registry, viewer = registry_of(request), viewer_of(request)
    answer = asked.ask(registry, viewer, record_id, capabilities_of(request))
    known = asked.sealed(registry, viewer, record_id)
    return Bit(answer=answer, asked_today=known.asked_today, a_day=known.a_day)


@router.post("/consents")
def consent(request: Request, record_id: str, sent: ToWhom) -> OpenedNow:
    """Open one's names to those that match and consent too."""
    return OpenedNow(opened=asked.consent(
        registry_of(request), viewer_of(request), record_id, call_id=sent.call_id))  # fmt: skip


@router.delete("/consents", status_code=204)
def withdraw_consent(
    request: Request, record_id: str, call_id: Annotated[str | None, Query(max_length=40)] = None
) -> None:
    """Consent no more; what has been opened is known."""
    asked.withdraw_consent(registry_of(request), viewer_of(request), record_id, call_id=call_id)
