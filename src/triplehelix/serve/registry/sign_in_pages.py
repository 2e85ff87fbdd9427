"""Signing in and out, through an institution too; invitations; new passwords."""

import logging
from typing import Any

from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response

from triplehelix.app.registry import inviting, reset, sign_in
from triplehelix.app.registry.institution import Institutions
from triplehelix.app.registry.letters import role_words
from triplehelix.errors import Conflict, InputError, TripleHelixError, UnknownName
from triplehelix.serve.registry.account_door import AccountDoor
from triplehelix.serve.registry.account_forms import account_door, shown, text
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.live import see_other, unkept
from triplehelix.serve.registry.local_path import local_path

router = APIRouter(include_in_schema=False)
_LOG = logging.getLogger("triplehelix.accounts")


@router.get("/sign-in")
def sign_in_page(request: Request, next: str = "") -> Response:
    """The form, and the ways through institutions."""
    return _sign_in_page(request, {"next": local_path(next)})


@router.post("/sign-in")
def sign_in_form(request: Request, form: Form) -> Response:
    """Take an e-mail and a password."""
    door, going = account_door(request), local_path(text(form, "next"))
    try:
        secret = sign_in.sign_in(
            registry_of(request), text(form, "email"), text(form, "password"),
            door.browser(request), door.settings.sessions,
        )  # fmt: skip
    except TripleHelixError as err:
        _LOG.info("sign-in refused from %s: %s", door.browser(request).address, type(err).__name__)
        return _sign_in_page(request, {"next": going, "email": text(form, "email")}, err)
    return _let_in(door, secret, going)


@router.post("/sign-out")
def sign_out(request: Request, form: Form) -> Response:
    """End this browser's session."""
    door = account_door(request)
    sign_in.sign_out(registry_of(request), door.browser(request).session, door.settings.sessions)
    response = see_other("/sign-in")
    door.let_out(response)
    return response


@router.get("/sign-in/oidc/{provider}")
def to_institution(
    request: Request, provider: str, next: str = "", invitation: str = ""
) -> Response:
    """
    Lead a browser to an identity provider.

    By a link and not by a form: a policy that lets forms go to us alone would stop the browser at
    the provider, or at the institution that the provider asks in turn.
    """
    if request.headers.get("sec-fetch-site") == "cross-site":
        return see_other(f"/sign-in?next={local_path(next)}")
    door = account_door(request)
    where = _institutions(request).begin(
        provider, browser_key=door.greet(request), next_=local_path(next),
        invitation=invitation or None, address=door.browser(request).address,
    )  # fmt: skip
    response = unkept(RedirectResponse(where, 303))
    # The state must not be told to anybody by the address that the browser came from.
    response.headers["referrer-policy"] = "no-referrer"
    door.keep_visit(request, response)
    return response


@router.get("/sign-in/oidc/{provider}/callback")
def from_institution(request: Request, provider: str) -> Response:
    """Take in whom an identity provider sends back."""
    door = account_door(request)
    said = request.query_params
    twice = [name for name in ("state", "code", "iss", "error") if len(said.getlist(name)) > 1]
    if twice:
        raise InputError(f"{twice[0]} stands twice in the address; start again at the sign-in page")
    arrived = _institutions(request).finish(
        provider, dict(said), browser_key=request.cookies.get(door.visit_cookie, ""),
        browser=door.browser(request), rules=door.settings.sessions,
    )  # fmt: skip
    return _let_in(door, arrived.session, arrived.next)


@router.get("/invitations/{secret}")
def invitation_page(request: Request, secret: str) -> Response:
    """What is offered, and the ways to accept it."""
    return _invitation_page(request, secret)


@router.post("/invitations/{secret}")
def accept_invitation(request: Request, secret: str, form: Form) -> Response:
    """Accept: with the account at hand, or with a new one."""
    door, registry = account_door(request), registry_of(request)
    try:
        if door.session(request) is not None:
            inviting.accept(registry, viewer_of(request), secret)
            return see_other("/me")
        opened = inviting.accept_as_newcomer(
            registry, secret, name=text(form, "name"), password=text(form, "password"),
            browser=door.browser(request), rules=door.settings.sessions,
        )  # fmt: skip
    except UnknownName:
        raise
    except TripleHelixError as err:
        return _invitation_page(request, secret, {"name": text(form, "name")}, err)
    return _let_in(door, opened, "/me")


@router.get("/reset")
def reset_page(request: Request) -> Response:
    """Where a new password is asked for."""
    return shown(request, "reset_ask.html", {"sent": False})


@router.post("/reset")
def ask_for_reset(request: Request, form: Form) -> Response:
    """Say the same to everybody; the letter, if there is one, goes out afterwards."""
    door, email = account_door(request), text(form, "email")
    try:
        reset.request_reset(registry_of(request), email, door.browser(request).address)
    except TripleHelixError as err:
        return shown(request, "reset_ask.html", {"sent": False, "given": {"email": email}},
                     fault=err, at="email")  # fmt: skip
    response = shown(request, "reset_ask.html", {"sent": True})
    if door.settings.mail is not None:
        response.background = BackgroundTask(_send_reset, request, email)
    return response


@router.get("/reset/{secret}")
def new_password_page(request: Request, secret: str) -> Response:
    """Where a new password is set."""
    reset.require_reset(registry_of(request), secret)
    return shown(request, "reset.html")


@router.post("/reset/{secret}")
def new_password(request: Request, secret: str, form: Form) -> Response:
    """Take a new password; whoever it is signs in with it."""
    try:
        reset.reset(registry_of(request), secret, text(form, "password"))
    except UnknownName:
        raise
    except TripleHelixError as err:
        return shown(request, "reset.html", fault=err, at="password")
    response = see_other("/sign-in")
    account_door(request).let_out(response)
    return response


def _sign_in_page(
    request: Request, given: dict[str, str], fault: TripleHelixError | None = None
) -> Response:
    context = {"given": given, "viewer_name": viewer_of(request).name}
    return shown(request, "sign_in.html", context, fault=fault, at="password")


def _invitation_page(
    request: Request, secret: str, given: dict[str, str] | None = None,
    fault: TripleHelixError | None = None,
) -> Response:  # fmt: skip
    offer = inviting.offer(registry_of(request), secret)
    context: dict[str, Any] = {
        "offer": offer, "what": role_words(offer.invitation.role.name, offer.name),
        "secret": secret, "given": given or {},
        "signed_in": account_door(request).session(request) is not None,
    }  # fmt: skip
    at = "name" if "name is needed" in str(fault) else "password"
    return shown(request, "invitation.html", context, fault=fault,
                 at="" if isinstance(fault, Conflict) else at)  # fmt: skip


def _let_in(door: AccountDoor, secret: str, going: str) -> Response:
    response = see_other(going)
    door.let_in(response, secret)
    return response


def _send_reset(request: Request, email: str) -> None:
    try:
        reset.send_reset(registry_of(request), account_door(request).settings, email)
    except TripleHelixError as err:
        _LOG.warning("a letter for a new password could not be sent: %s", err)


def _institutions(request: Request) -> Institutions:
    """The identity providers, whose keys are remembered from one visit to the next."""
    state = request.app.state
    if not hasattr(state, "institutions"):
        state.institutions = Institutions(registry_of(request), account_door(request).settings)
    institutions: Institutions = state.institutions
    return institutions
