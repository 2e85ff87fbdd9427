"""The registry's JSON API about enquiries: asked, followed, answered, and how long that takes."""

from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from triplehelix.app.enquiries import asking, desk, following
from triplehelix.app.enquiries.desk import Desk, EnquiryAnswer
from triplehelix.app.enquiries.following import Sent
from triplehelix.app.enquiries.times import AnswerTimes, answer_times
from triplehelix.app.enquiries.topic import Addressed, Topic, whom
from triplehelix.app.registry.asset_rows import Named
from triplehelix.registry.enquiries import MOST_NAME, MOST_TEXT, checked_asker
from triplehelix.serve.problem import Problem
from triplehelix.serve.registry.asset_api import REFUSED, as_json
from triplehelix.serve.registry.call_api import by_anybody
from triplehelix.serve.registry.door import registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of
from triplehelix.serve.registry.enquiry_desk_pages import letter_with_reply
from triplehelix.serve.registry.enquiry_pages import (
    ForTopic,
    address_of,
    letter_to_asker,
    rules_of,
)
from triplehelix.serve.render import edition_of

_TOO_OFTEN: dict[int | str, dict[str, Any]] = {
    429: {"model": Problem, "description": "Too many were sent; wait"},
}
router = APIRouter(prefix="/api/v1", responses=REFUSED, dependencies=[Depends(as_json)])
# What a visitor sends changes nothing of anybody's, and so needs no word against forgery.
asking_router = APIRouter(
    prefix="/api/v1", responses={**REFUSED, **_TOO_OFTEN}, dependencies=[Depends(by_anybody)]
)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewEnquiry(_Body):
    """What is asked, by whom, about what: the first that is given; none, the body as a whole."""

    name: Annotated[str, Field(max_length=MOST_NAME)]
    email: Annotated[str, Field(max_length=320)]
    organisation: Annotated[str | None, Field(max_length=MOST_NAME)] = None
    text: Annotated[str, Field(max_length=MOST_TEXT)]
    asset: str = ""
    member: str = ""
    network: str = ""
    cluster: str = ""
    theme: Annotated[str, Field(description="Up to three slugs, with commas")] = ""
    capability: str = ""
    place: str = ""


class Reply(_Body):
    """An answer, as whoever asked reads it."""

    text: Annotated[str, Field(max_length=MOST_TEXT)]


class HandOver(_Body):
    """To which network, None for the front desk; and why."""

    network_id: str | None = None
    reason: Annotated[str, Field(max_length=desk.MOST_REASON)]


class Closed(_Body):
    """Why it is closed: done, unanswered, or no enquiry."""

    closing: str
    reason: Annotated[str | None, Field(max_length=desk.MOST_REASON)] = None


@router.get("/enquiries", tags=["enquiries"])
def list_enquiries(request: Request) -> Desk:
    """Enquiries that are with you: what waits, the longest first; what is done."""
    return desk.desk(registry_of(request), viewer_of(request))


@asking_router.post("/enquiries", tags=["enquiries"], status_code=201)
def send_enquiry(request: Request, after: BackgroundTasks, sent: NewEnquiry) -> dict[str, Any]:
    """Ask: the answer has the secret address by which you follow it, and is given once."""
    said = sent.model_dump(exclude_none=True)
    topic = Topic(**{name: said.pop(name) for name in Topic.__dataclass_fields__})
    place = {"place": topic.place} if topic.place.strip() else {}
    asked = asking.ask(
        registry_of(request), viewer_of(request), edition_of(request), topic,
        checked_asker({**said, **place}),
        capabilities_of(request), address=address_of(request),
    )  # fmt: skip
    if (letter := letter_to_asker(request, asked, sent.email)) is not None:
        after.add_task(letter)
    return asking.as_json(asked, f"/enquiries/sent/{asked.secret}")


@router.get("/enquiries/route", tags=["enquiries"])
def route(request: Request, topic: ForTopic) -> Addressed:
    """To whom an enquiry about this would go by the published rule, and why."""
    return whom(registry_of(request), viewer_of(request), edition_of(request), topic,
                capabilities_of(request))  # fmt: skip


@router.get("/enquiries/times", tags=["enquiries"])
def times(request: Request) -> AnswerTimes:
    """How long enquiries of the last year wait for an answer; small figures are held back."""
    return answer_times(registry_of(request))


@asking_router.get("/enquiries/sent/{secret}", tags=["enquiries"])
def follow(request: Request, secret: str) -> Sent:
    """What you have asked, and how it stands."""
    return following.sent(registry_of(request), secret, rules_of(request))


@asking_router.delete("/enquiries/sent/{secret}", tags=["enquiries"], status_code=204)
def erase(request: Request, secret: str) -> None:
    """Take it back, if it is not over, and erase what is personal in it."""
    following.erase(registry_of(request), secret)


@asking_router.post("/enquiries/sent/{secret}/withdraw", tags=["enquiries"])
def withdraw(request: Request, secret: str) -> Sent:
    """Take it back."""
    following.withdraw(registry_of(request), secret)
    return following.sent(registry_of(request), secret, rules_of(request))


@router.get("/enquiries/{enquiry_id}", tags=["enquiries"])
def one_enquiry(request: Request, enquiry_id: str) -> EnquiryAnswer:
    """One enquiry that is with you."""
    return desk.enquiry(registry_of(request), viewer_of(request), enquiry_id)


@router.post("/enquiries/{enquiry_id}/reply", tags=["enquiries"])
def reply(request: Request, after: BackgroundTasks, enquiry_id: str, sent: Reply) -> EnquiryAnswer:
    """Answer it."""
    found = desk.reply(registry_of(request), viewer_of(request), enquiry_id, sent.text)
    if (letter := letter_with_reply(request, found, sent.text)) is not None:
        after.add_task(letter)
    return found


@router.post("/enquiries/{enquiry_id}/pass-on", tags=["enquiries"])
def pass_on(request: Request, enquiry_id: str, sent: HandOver) -> list[Named]:
    """Hand your part in it to a network, or to the front desk; with whom it is now."""
    return desk.pass_on(registry_of(request), viewer_of(request), enquiry_id, sent.network_id,
                        sent.reason)  # fmt: skip


@router.post("/enquiries/{enquiry_id}/close", tags=["enquiries"])
def close(request: Request, enquiry_id: str, sent: Closed) -> EnquiryAnswer:
    """Close it, for good."""
    return desk.close(registry_of(request), viewer_of(request), enquiry_id, sent.closing,
                      sent.reason)  # fmt: skip
