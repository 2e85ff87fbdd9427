"""Pages with forms that visitors may send too: bound to a cookie of the visit, for an hour."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import Response

from triplehelix.serve.registry.account_door import AccountDoor
from triplehelix.serve.registry.door import door_of
from triplehelix.serve.registry.live import Ask, answer, page_answered_by
from triplehelix.serve.render import View


def visited_page(router: APIRouter, path: str, *forms: str) -> Callable[[Ask], Ask]:
    """As `live_page`, but the page's forms can be sent by whoever looks at it."""

    return page_answered_by(answer_visit, router, path, forms)


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
