"""Users, their roles and invitations: for administrators and, of their own people, stewards."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from triplehelix.app.registry import inviting, people, reset
from triplehelix.app.registry.letters import role_words
from triplehelix.app.registry.persons import erase_person
from triplehelix.errors import InputError, TripleHelixError
from triplehelix.registry.accounts import User
from triplehelix.registry.roles import Role, RoleName
from triplehelix.registry.viewer import Action, require
from triplehelix.registry.visibility import Holder
from triplehelix.serve.registry.account_door import require_session
from triplehelix.serve.registry.account_forms import account_door, shown, text, to_sign_in
from triplehelix.serve.registry.door import Form, registry_of, viewer_of
from triplehelix.serve.registry.live import see_other
from triplehelix.serve.registry.me_pages import ERASE_WORD

router = APIRouter(include_in_schema=False)
# The greatest last: what is chosen unawares gives the least away.
_ROLE_NAMES = [str(name) for name in reversed(RoleName)]


@router.get("/users")
def users_page(request: Request, role: str = "", of: str = "") -> Response:
    """Who has an account, who is invited, and the form that invites; prefilled by the address."""
    if account_door(request).session(request) is None:
        return to_sign_in(request)
    return _users(request, {"given": {"role": role[:20], "object": of[:40]}})


@router.post("/users/invite")
def invite(request: Request, form: Form) -> Response:
    """Invite somebody to a role; the address to accept at is shown once if no mail goes out."""
    door = account_door(request)
    require_session(door, request)
    given = {name: text(form, name) for name in ("email", "role", "object")}
    try:
        invited = inviting.invite(
            registry_of(request), viewer_of(request), door.settings, given["email"],
            Role(given["role"], given["object"].strip()),
        )  # fmt: skip
    except TripleHelixError as err:
        at = "email" if "e-mail" in str(err) else "object"
        return _users(request, {"given": given}, fault=err, at=at)
    return _users(request, {"invited": invited})


@router.post("/users/invitations/withdraw")
def withdraw(request: Request, form: Form) -> Response:
    """Take an invitation back."""
    require_session(account_door(request), request)
    inviting.withdraw(registry_of(request), viewer_of(request), text(form, "which"))
    return see_other("/users")


@router.get("/users/{user_id}")
def user_page(request: Request, user_id: str) -> Response:
    """One user."""
    if account_door(request).session(request) is None:
        return to_sign_in(request)
    return _user(request, user_id)


@router.post("/users/{user_id}/roles")
def change_role(request: Request, user_id: str, form: Form) -> Response:
    """Give or take a role."""
    given = {name: text(form, name) for name in ("role", "object")}

    def do() -> dict[str, Any]:
        role = Role(given["role"], given["object"].strip())
        act = people.take_role if text(form, "do") == "take" else people.give_role
        act(registry_of(request), viewer_of(request), user_id, role)
        return {}

    return _done(request, user_id, do, given)


@router.post("/users/{user_id}/disable")
def disable(request: Request, user_id: str, form: Form) -> Response:
    """Shut an account."""

    def do() -> dict[str, Any]:
        people.disable(registry_of(request), viewer_of(request), user_id)
        return {}

    return _done(request, user_id, do)


@router.post("/users/{user_id}/enable")
def enable(request: Request, user_id: str, form: Form) -> Response:
    """Open an account again."""

    def do() -> dict[str, Any]:
        people.enable(registry_of(request), viewer_of(request), user_id)
        return {}

    return _done(request, user_id, do)


@router.post("/users/{user_id}/reset")
def reset_link(request: Request, user_id: str, form: Form) -> Response:
    """The address at which a user sets a new password, shown once."""
    door = account_door(request)
    return _done(
        request, user_id,
        lambda: {"reset_address": reset.reset_for(
            registry_of(request), viewer_of(request), door.settings, user_id)},
    )  # fmt: skip


@router.post("/users/{user_id}/erase")
def erase(request: Request, user_id: str, form: Form) -> Response:
    """Erase a person, for administrators, by a word typed on purpose; what was done is told."""
    require_session(account_door(request), request)
    registry, viewer = registry_of(request), viewer_of(request)
    people.user(registry, viewer, user_id)
    try:
        if text(form, "sure").strip().lower() != ERASE_WORD:
            raise InputError(f"write the word {ERASE_WORD}; it cannot be undone")
        require(viewer, Action.ADMINISTER, Holder())
        done = erase_person(registry, viewer, user_id)
    except TripleHelixError as err:
        return _user(request, user_id, fault=err, at="sure")
    return _users(request, {"erased": done})


def _done(
    request: Request, user_id: str, do: Callable[[], dict[str, Any]],
    given: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    require_session(account_door(request), request)
    # Whom the asker may not know of is not spoken of, whatever is asked to be done.
    people.user(registry_of(request), viewer_of(request), user_id)
    try:
        context = do()
    except TripleHelixError as err:
        return _user(request, user_id, {"given": given or {}}, fault=err, at="object")
    return _user(request, user_id, context) if context else see_other(f"/users/{user_id}")


def _users(
    request: Request, context: dict[str, Any], *, fault: TripleHelixError | None = None,
    at: str = "",
) -> Response:  # fmt: skip
    registry, viewer = registry_of(request), viewer_of(request)
    known = people.users(registry, viewer)
    waiting = inviting.invitations_open(registry, viewer)
    kept = people.kept_records(registry, viewer)
    names = {**people.names_of_roles(registry, viewer, known), **dict(kept)}
    whole = {
        "users": [(one, _roles(one, names)) for one in known], "kept": kept,
        "waiting": [(one, _words(one.role, names)) for one in waiting],
        "role_names": _choices(viewer.everything), "invited": None, "erased": None, **context,
    }  # fmt: skip
    return shown(request, "users.html", whole, fault=fault, at=at)


def _user(
    request: Request, user_id: str, context: dict[str, Any] | None = None, *,
    fault: TripleHelixError | None = None, at: str = "",
) -> Response:  # fmt: skip
    registry, viewer = registry_of(request), viewer_of(request)
    one = people.user(registry, viewer, user_id)
    names = people.names_of_roles(registry, viewer, [one])
    whole = {
        "user": one, "roles": list(zip(one.roles, _roles(one, names), strict=True)),
        "kept": people.kept_records(registry, viewer), "role_names": _choices(viewer.everything),
        "reset_address": None, **(context or {}),
    }  # fmt: skip
    return shown(request, "user.html", whole, fault=fault, at=at)


def _roles(user: User, names: dict[str, str]) -> list[str]:
    return [_words(role, names) for role in user.roles]


def _words(role: Role, names: dict[str, str]) -> str:
    return role_words(role.name, names.get(role.object_id, role.object_id))


def _choices(everything: bool) -> list[str]:
    return [name for name in _ROLE_NAMES if everything or name != RoleName.ADMINISTRATOR]
