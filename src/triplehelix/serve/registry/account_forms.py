"""What the pages of accounts share: the door, typed fields, answers with a form's faults."""

from typing import Any

from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import Response

from triplehelix.errors import TripleHelixError, UnknownName
from triplehelix.serve.refusals import status_of
from triplehelix.serve.registry.account_door import AccountDoor
from triplehelix.serve.registry.door import door_of
from triplehelix.serve.registry.live import answer, see_other
from triplehelix.serve.render import View

_LONGEST = 4_000


def account_door(request: Request) -> AccountDoor:
    """The door with accounts; UnknownName where everybody is a visitor."""
    door = door_of(request)
    if not isinstance(door, AccountDoor):
        raise UnknownName("this registry has no accounts: whoever looks at it is a visitor")
    return door


def text(form: FormData, name: str) -> str:
    """What was typed into a field; empty where there is none, or a file was sent for it."""
    value = form.get(name, "")
    return value[:_LONGEST] if isinstance(value, str) else ""


def shown(
    request: Request, template: str, context: dict[str, Any] | None = None, *,
    fault: TripleHelixError | None = None, at: str = "",
) -> Response:  # fmt: skip
    """
    A page of accounts; with a fault, said beside the field `at`, and the status that it has.

    Whoever is not signed in yet is given a cookie that the page's forms are bound to.
    """
    door = account_door(request)
    visits = door.session(request) is None
    if visits:
        door.greet(request)
    errors = {at: str(fault)} if fault else {}
    whole = {"given": {}, **(context or {}), "errors": errors, "settings": door.settings}
    response = answer(request, View(f"registry/{template}", None, whole))
    if visits:
        door.keep_visit(request, response)
    if fault is not None:
        response.status_code = status_of(fault)
        if wait := getattr(fault, "wait_s", None):
            response.headers["retry-after"] = str(wait)
    return response


def to_sign_in(request: Request) -> Response:
    """Lead a visitor to the sign-in page, and back here afterwards."""
    return see_other(f"/sign-in?next={request.url.path}")
