"""The desk of those who answer: what waits, one enquiry, a reply, a hand-over, closing."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import Response

from triplehelix.app.enquiries import desk
from triplehelix.app.enquiries.desk import EnquiryAnswer
from triplehelix.app.enquiries.letters import answered
from triplehelix.errors import Forbidden, InputError
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of
from triplehelix.serve.registry.enquiry_pages import accounts_of, try_to_send
from triplehelix.serve.registry.enquiry_words import called, said
from triplehelix.serve.registry.live import live_page, see_other
from triplehelix.serve.registry.typed import FieldFault, again, kept, text
from triplehelix.serve.render import View, edition_of
from triplehelix.store.mail import send

router = APIRouter(include_in_schema=False)


@live_page(router, "/enquiries/desk", "json")
def desk_page(request: Request) -> View:
    """What waits for an answer, the longest first."""
    viewer = viewer_of(request)
    if not (viewer.everything or viewer.stewards or viewer.members):
        raise Forbidden(
            "enquiries are answered by stewards, by people who act for a member, and by "
            "administrators; sign in as one of them. What you have asked is at /enquiries/mine"
        )
    found = desk.desk(registry_of(request), viewer)
    return View("registry/enquiry_desk.html", found, _words(request))


@live_page(router, "/enquiries/{enquiry_id}", "json")
def enquiry_page(request: Request, enquiry_id: str) -> View:
    """One enquiry, for those it is with."""
    return _page(request, desk.enquiry(registry_of(request), viewer_of(request), enquiry_id))


@router.post("/enquiries/{enquiry_id}/reply")
def reply(request: Request, enquiry_id: str, form: Form) -> Response:
    """Answer it; by mail too, where there is any."""
    found = desk.enquiry(registry_of(request), viewer_of(request), enquiry_id)

    def do() -> str:
        words = _needed(text(form, "reply"), "reply")
        _named("reply", lambda: desk.reply(
            registry_of(request), viewer_of(request), enquiry_id, words))  # fmt: skip
        return f"/enquiries/{enquiry_id}"

    response = _done(request, found, form, do)
    if response.status_code == 303:
        response.background = letter_with_reply(request, found, text(form, "reply") or "")
    return response


@router.post("/enquiries/{enquiry_id}/pass-on")
def pass_on(request: Request, enquiry_id: str, form: Form) -> Response:
    """Hand it to a network, or to the front desk."""
    found = desk.enquiry(registry_of(request), viewer_of(request), enquiry_id)

    def do() -> str:
        to = _needed(text(form, "network"), "network", "choose one")
        reason = _needed(text(form, "reason"), "reason")
        network = None if to == "desk" else to
        _named("network", lambda: desk.pass_on(
            registry_of(request), viewer_of(request), enquiry_id, network, reason))  # fmt: skip
        return "/enquiries/desk"

    return _done(request, found, form, do)


@router.post("/enquiries/{enquiry_id}/close")
def close(request: Request, enquiry_id: str, form: Form) -> Response:
    """Close it."""
    found = desk.enquiry(registry_of(request), viewer_of(request), enquiry_id)

    def do() -> str:
        closing = _needed(text(form, "closing"), "closing", "choose one")
        _named("closing", lambda: desk.close(
            registry_of(request), viewer_of(request), enquiry_id, closing,
            text(form, "why")))  # fmt: skip
        return f"/enquiries/{enquiry_id}"

    return _done(request, found, form, do)


def letter_with_reply(request: Request, found: EnquiryAnswer, words: str) -> BackgroundTask | None:
    """The reply as a letter, to be sent after the answer; None without mail."""
    mail, asker = accounts_of(request).mail, found.asker
    if mail is None or asker is None:
        return None
    subject, letter = answered(words)
    return BackgroundTask(try_to_send, lambda: send(mail, [asker.email], subject, letter))


def _page(request: Request, found: EnquiryAnswer) -> View:
    return View("registry/enquiry.html", found, {
        **_words(request), "typed": {}, "faults": {}, "stale": False,
    })  # fmt: skip


def _done(request: Request, found: EnquiryAnswer, form: Form, do: Callable[[], str]) -> Response:
    try:
        return see_other(do())
    except InputError as err:
        view = _page(request, found)
        return again(request, view.template, found, kept(form), err, **_words(request))


def _needed(given: str | None, field: str, words: str = "this cannot be left empty") -> str:
    if given is None:
        raise FieldFault(field, words)
    return given


def _named(field: str, do: Callable[[], object]) -> None:
    """What goes wrong is said beside a field."""
    try:
        do()
    except InputError as err:
        raise FieldFault(field, str(err)) from err


def _words(request: Request) -> dict[str, object]:
    return {"said": said, "called": called(edition_of(request), capabilities_of(request))}
