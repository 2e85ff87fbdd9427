"""Pages with forms that visitors may send too: bound to a cookie of the visit, for an hour."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from triplehelix.serve.registry.account_door import AccountDoor
from triplehelix.serve.registry.door import door_of
from triplehelix.serve.registry.live import Ask, answer
from triplehelix.serve.render import View


def visited_page(router: APIRouter, path: str, *forms: str) -> Callable[[Ask], Ask]:
    """As `live_page`, but the page's forms can be sent by whoever looks at it."""

    def register(ask: Ask) -> Ask:
        for form in forms:
            router.add_api_route(f"{path}.{form}", _endpoint(ask, form, forms))
        router.add_api_route(path, _endpoint(ask, "html", forms))
        return ask

    return register


def answer_visit(
    request: Request, view: View, form: str = "html", forms: tuple[str, ...] = ()
) -> Response:
    """A view for the asker, whose forms are bound to this browser."""
    door = door_of(request)
    visits = form == "html" and isinstance(door, AccountDoor) and door.session(request) is None
    if visits:
        door.greet(request)  # type: ignore[attr-defined]
    response = answer(request, view, form, forms)
    if visits:
        door.keep_visit(request, response)  # type: ignore[attr-defined]
    return response


def _endpoint(ask: Ask, form: str, forms: tuple[str, ...]) -> Callable[..., Response]:
    @wraps(ask)
    def endpoint(**asked: Any) -> Response:
        request = asked["request"]
        return answer_visit(request, ask(**asked), form, forms)

    signature = inspect.signature(ask).replace(return_annotation=Response)
    endpoint.__signature__ = signature  # type: ignore[attr-defined]
    return endpoint
