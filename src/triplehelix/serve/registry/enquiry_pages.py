"""Enquiries as whoever asks sees them: the form, one's own page, the times to an answer."""

import logging
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import ValidationError
from starlette.background import BackgroundTask
from starlette.datastructures import FormData
from starlette.responses import Response

from triplehelix.app.enquiries import following
from triplehelix.app.enquiries.asking import Asked, ask
from triplehelix.app.enquiries.letters import receipt
from triplehelix.app.enquiries.times import AnswerTimes, Waits, answer_times
from triplehelix.app.enquiries.topic import Addressed, Topic, whom
from triplehelix.app.registry.own_account import own_account
from triplehelix.app.registry.settings import RegistrySettings
from triplehelix.errors import Conflict, InputError, TooOften, TripleHelixError
from triplehelix.registry.enquiries import EnquiryRules, checked_asker
from triplehelix.serve.refusals import status_of
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of
from triplehelix.serve.registry.enquiry_words import called
from triplehelix.serve.registry.enquiry_words import said as words_said
from triplehelix.serve.registry.live import live_page, see_other
from triplehelix.serve.registry.typed import FieldFault, faults_of, kept, text
from triplehelix.serve.registry.visits import answer_visit, visited_page
from triplehelix.serve.render import Table, View, edition_of
from triplehelix.store.mail import send

router = APIRouter(include_in_schema=False)
_LOG = logging.getLogger("triplehelix.enquiries")
# A field that people do not see: whatever fills it in is a program that fills in everything.
TRAP = "homepage"
_ASKER = ("name", "email", "organisation", "place", "text")
_SAYS = {
    "missing": "this cannot be left empty", "too_short": "this is too short",
    "too_long": "this is too long",
    "string_pattern_mismatch": "write an e-mail address, such as desk@example.org",
}  # fmt: skip


def accounts_of(request: Request) -> RegistrySettings:
    """How the registry is run."""
    chosen: RegistrySettings = request.app.state.accounts
    return chosen


def rules_of(request: Request) -> EnquiryRules:
    """How long enquiries are kept."""
    return accounts_of(request).enquiries


def _topic(
    asset: str = "", member: str = "", network: str = "", cluster: str = "",
    theme: Annotated[list[str], Query()] = [],  # noqa: B006
    capability: str = "", place: str = "",
) -> Topic:  # fmt: skip
    return Topic(asset.strip(), member.strip(), network.strip(), cluster.strip(),
                 ",".join(one.strip() for one in theme if one.strip()), capability.strip(),
                 place.strip())  # fmt: skip


ForTopic = Annotated[Topic, Depends(_topic)]


@visited_page(router, "/enquiries/new", "json")
def new_enquiry(request: Request, topic: ForTopic) -> View:
    """The form, with to whom it goes and why; as JSON that alone."""
    found = _whom(request, topic)
    return View("registry/enquiry_new.html", found, _context(request, topic, _own(request), {}))


@router.post("/enquiries/new")
def send_enquiry(request: Request, form: Form) -> Response:
    """Take it, if it still goes to those whom the form has named; else show the form again."""
    topic = _topic_of(form)
    typed = kept(form)
    try:
        found = _whom(request, topic)
    except InputError as err:
        # What is looked up may have gone meanwhile; a place may be too long.
        found = _whom(request, replace(topic, place=""))
        return _once_more(request, topic, found, typed, FieldFault("place", str(err)))
    if text(form, "do") == "look" or text(form, "shown") != shown_as(found):
        moved = text(form, "do") != "look"
        return _once_more(request, topic, found, typed, None, moved=moved)
    try:
        if text(form, TRAP):
            raise FieldFault(TRAP, "leave this field empty; it is there to keep programs out")
        asked = ask(
            registry_of(request), viewer_of(request), edition_of(request), topic,
            checked_asker({name: said for name in _ASKER if (said := text(form, name))}),
            capabilities_of(request), address=address_of(request),
        )  # fmt: skip
    except (InputError, Conflict, TooOften) as err:
        return _once_more(request, topic, found, typed, err)
    response = see_other(f"/enquiries/sent/{asked.secret}")
    response.background = letter_to_asker(request, asked, str(text(form, "email")))
    return response


@visited_page(router, "/enquiries/sent/{secret}", "json")
def sent_page(request: Request, secret: str) -> View:
    """What one has asked, and how it stands: for whoever knows the address."""
    found = following.sent(registry_of(request), secret, rules_of(request))
    here = f"/enquiries/sent/{secret}"
    return View("registry/enquiry_sent.html", found, _sent_context(request, found, here))


@router.post("/enquiries/sent/{secret}/withdraw")
def withdraw(request: Request, secret: str, form: Form) -> Response:
    """Take it back."""
    following.withdraw(registry_of(request), secret)
    return see_other(f"/enquiries/sent/{secret}")


@router.post("/enquiries/sent/{secret}/erase")
def erase(request: Request, secret: str, form: Form) -> Response:
    """Erase what is personal in it."""
    following.erase(registry_of(request), secret)
    return see_other(f"/enquiries/sent/{secret}")


@live_page(router, "/enquiries/mine", "json")
def my_enquiries(request: Request) -> View:
    """What one has asked with one's account."""
    found = following.my_enquiries(registry_of(request), viewer_of(request))
    return View("registry/enquiries_mine.html", found, _words(request))


@live_page(router, "/enquiries/mine/{enquiry_id}", "json")
def my_enquiry(request: Request, enquiry_id: str) -> View:
    """One of them."""
    registry, viewer = registry_of(request), viewer_of(request)
    found = following.my_enquiry(registry, viewer, enquiry_id, rules_of(request))
    here = f"/enquiries/mine/{enquiry_id}"
    return View("registry/enquiry_sent.html", found, _sent_context(request, found, here))


@router.post("/enquiries/mine/{enquiry_id}/withdraw")
def withdraw_mine(request: Request, enquiry_id: str, form: Form) -> Response:
    """Take it back."""
    following.withdraw_mine(registry_of(request), viewer_of(request), enquiry_id)
    return see_other(f"/enquiries/mine/{enquiry_id}")


@router.post("/enquiries/mine/{enquiry_id}/erase")
def erase_mine(request: Request, enquiry_id: str, form: Form) -> Response:
    """Erase what is personal in it."""
    following.erase_mine(registry_of(request), viewer_of(request), enquiry_id)
    return see_other(f"/enquiries/mine/{enquiry_id}")


@live_page(router, "/enquiries", "json", "csv")
def times_page(request: Request) -> View:
    """How long enquiries wait for an answer: with the whole body, and with each network."""
    found = answer_times(registry_of(request))
    return View("registry/enquiry_times.html", found, _words(request), lambda: _table(found))


def shown_as(found: Addressed) -> str:
    """To whom it goes, as the form carries it, so that it goes nowhere else."""
    return ",".join(sorted(one.id for one in found.to)) or "desk"


def address_of(request: Request) -> str:
    """The network address a request comes from."""
    return request.client.host if request.client else ""


def letter_to_asker(request: Request, asked: Asked, email: str) -> BackgroundTask | None:
    """The letter with the secret address, to be sent after the answer; None without mail."""
    settings = accounts_of(request)
    mail = settings.mail
    if mail is None:
        return None
    whom_to = [one.name for one in asked.addressed.to]
    subject, words = receipt(settings.base_url, asked.secret, whom_to, settings.enquiries)
    return BackgroundTask(try_to_send, lambda: send(mail, [email], subject, words))


def try_to_send(do: Callable[[], None]) -> None:
    """Send a letter; what goes wrong is for the server's log, without the address."""
    try:
        do()
    except TripleHelixError as err:
        _LOG.warning("a letter about an enquiry could not be sent: %s", type(err).__name__)


def _whom(request: Request, topic: Topic) -> Addressed:
    return whom(registry_of(request), viewer_of(request), edition_of(request), topic,
                capabilities_of(request))  # fmt: skip


def _topic_of(form: FormData) -> Topic:
    return Topic(**{each.name: text(form, each.name) or "" for each in fields(Topic)})


def _own(request: Request) -> dict[str, str]:
    """Name and address of whoever is signed in."""
    viewer = viewer_of(request)
    if viewer.user_id is None:
        return {}
    user = own_account(registry_of(request), viewer).user
    return {"name": user.name, "email": user.email or ""}


def _context(
    request: Request, topic: Topic, typed: dict[str, str], faults: dict[str, str],
    message: str = "", *, moved: bool = False,
) -> dict[str, Any]:  # fmt: skip
    return {
        "typed": {**typed, "place": topic.place}, "faults": faults, "message": message,
        "moved": moved, "trap": TRAP, "rules": rules_of(request), "shown_as": shown_as,
        "mail": accounts_of(request).mail is not None,
    }  # fmt: skip


def _once_more(
    request: Request, topic: Topic, found: Addressed, typed: dict[str, str],
    error: TripleHelixError | None, *, moved: bool = False,
) -> Response:  # fmt: skip
    faults, message = _faults(error)
    context = _context(request, topic, typed, faults, message, moved=moved)
    response = answer_visit(request, View("registry/enquiry_new.html", found, context))
    response.status_code = status_of(error) if error else 200
    if isinstance(error, TooOften):
        response.headers["retry-after"] = str(error.wait_s)
    return response


def _faults(error: TripleHelixError | None) -> tuple[dict[str, str], str]:
    """What is wrong, by field, and else as a whole."""
    if error is None:
        return {}, ""
    if isinstance(error.__cause__, ValidationError):
        return {
            str(each["loc"][0]): _SAYS.get(each["type"], each["msg"])
            for each in error.__cause__.errors()
        }, ""
    found = faults_of(error)
    return {name: words for name, words in found.items() if name}, found.get("", "")


def _sent_context(request: Request, found: following.Sent, here: str) -> dict[str, Any]:
    return {**_words(request), "here": here, "rules": rules_of(request),
            "by_secret": here.startswith("/enquiries/sent/")}  # fmt: skip


def _words(request: Request) -> dict[str, Any]:
    return {"said": words_said, "called": called(edition_of(request), capabilities_of(request))}


def _table(found: AnswerTimes) -> Table:
    columns = ["with", "network_id", "enquiries", "answered", "median_days", "low_days",
               "high_days", "held_back"]  # fmt: skip
    rows: list[tuple[str, str | None, Waits]] = [("all", None, found.all)]
    rows += [(each.network.name, each.network.id, each.waits) for each in found.networks]
    rows += [("front desk", None, found.desk)]
    return columns, [
        [name, one, w.n, w.answered, w.median_days, w.low_days, w.high_days, w.n is None]
        for name, one, w in rows
    ]
