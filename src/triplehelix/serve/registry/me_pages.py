"""The page about oneself: roles, sessions, password, tokens of programs."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import JSONResponse, Response

from triplehelix.app.registry import own_account
from triplehelix.app.registry.letters import role_words
from triplehelix.app.registry.persons import erase_person, export_person
from triplehelix.errors import InputError, NotSignedIn, TooOften, TripleHelixError
from triplehelix.serve.registry.account_door import require_session
from triplehelix.serve.registry.account_forms import account_door, shown, text, to_sign_in
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.live import see_other, unkept

router = APIRouter(include_in_schema=False)
ERASE_WORD = "erase"


@router.get("/me")
def me(request: Request) -> Response:
    """What one is, where one is signed in, and which programs act for one."""
    if account_door(request).session(request) is None:
        return to_sign_in(request)
    return _page(request)


@router.post("/me/sessions/end")
def end_session(request: Request, form: Form) -> Response:
    """End one session, or all others."""
    session = require_session(account_door(request), request)
    registry, viewer = registry_of(request), viewer_of(request)
    if text(form, "which") == "others":
        own_account.end_other_sessions(registry, viewer, session.session_id)
    else:
        own_account.end_session(registry, viewer, text(form, "which"))
    return see_other("/me")


@router.post("/me/password")
def set_password(request: Request, form: Form) -> Response:
    """Change the password; other sessions end."""
    door = account_door(request)
    session = require_session(door, request)

    def do() -> dict[str, Any]:
        own_account.set_password(
            registry_of(request), viewer_of(request), text(form, "current"), text(form, "new"),
            address=door.browser(request).address, keep=session.session_id,
        )  # fmt: skip
        return {"done": "Your password is changed, and your other sessions are ended."}

    return _done(request, form, do, lambda err: "new" if isinstance(err, InputError) else "current")


@router.post("/me/tokens")
def make_token(request: Request, form: Form) -> Response:
    """Make a token, and show it once."""
    require_session(account_door(request), request)

    def do() -> dict[str, Any]:
        scopes = {"read", "write"} if text(form, "scope") == "write" else {"read"}
        token, secret = own_account.make_token(
            registry_of(request), viewer_of(request), name=text(form, "name"),
            scopes=frozenset(scopes), days=_number(text(form, "days")),
        )  # fmt: skip
        return {"new_token": token, "new_secret": secret}

    return _done(request, form, do, lambda err: "days" if "days" in str(err) else "name")


@router.post("/me/tokens/revoke")
def revoke_token(request: Request, form: Form) -> Response:
    """Let a token be worth nothing."""
    require_session(account_door(request), request)
    own_account.revoke_token(registry_of(request), viewer_of(request), text(form, "which"))
    return see_other("/me")


@router.get("/me/export")
def export(request: Request) -> Response:
    """Everything that is kept of oneself, to take away."""
    if account_door(request).session(request) is None:
        return to_sign_in(request)
    viewer = viewer_of(request)
    kept = export_person(registry_of(request), viewer, own_account.require_user(viewer))
    named = {"content-disposition": 'attachment; filename="about-me.json"'}
    return unkept(JSONResponse(kept, headers=named))


@router.post("/me/erase")
def erase(request: Request, form: Form) -> Response:
    """Erase oneself, with one's password and a word typed on purpose."""
    door = account_door(request)
    require_session(door, request)
    registry, viewer = registry_of(request), viewer_of(request)
    try:
        if text(form, "sure").strip().lower() != ERASE_WORD:
            raise InputError(f"write the word {ERASE_WORD}; it cannot be undone")
        address = door.browser(request).address
        own_account.require_own_password(registry, viewer, text(form, "erase_password"), address)
        erase_person(registry, viewer, own_account.require_user(viewer))
    except TripleHelixError as err:
        at = "erase_password" if isinstance(err, NotSignedIn | TooOften) else "sure"
        return _page(request, fault=err, at=at)
    response = see_other("/sign-in")
    door.let_out(response)
    return response


def _done(
    request: Request, form: FormData, do: Callable[[], dict[str, Any]],
    where: Callable[[TripleHelixError], str],
) -> Response:  # fmt: skip
    """The page after a form: what was done, or what was wrong beside its field."""
    try:
        return _page(request, do())
    except TripleHelixError as err:
        given = {name: text(form, name) for name in ("name", "days", "scope")}
        return _page(request, {"given": given}, fault=err, at=where(err))


def _page(
    request: Request, context: dict[str, Any] | None = None, *,
    fault: TripleHelixError | None = None, at: str = "",
) -> Response:  # fmt: skip
    door, viewer = account_door(request), viewer_of(request)
    own = own_account.own_account(registry_of(request), viewer, door.settings.sessions)
    roles = [
        (role, role_words(role.name, own.names.get(role.object_id))) for role in own.user.roles
    ]
    whole = {
        "own": own, "roles": roles, "this": door.session(request), "done": None,
        "new_token": None, "new_secret": None, **(context or {}),
    }  # fmt: skip
    return shown(request, "me.html", whole, fault=fault, at=at)


def _number(written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) < 5):
        raise InputError(f"days is {written[:20]!r}; give a whole number, such as 90")
    return int(written)
