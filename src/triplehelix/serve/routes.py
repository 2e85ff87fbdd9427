"""Registering a page together with its other forms."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from triplehelix.serve.render import View, site_of

Ask = Callable[..., View]


def page(router: APIRouter, path: str, *forms: str) -> Callable[[Ask], Ask]:
    """
    Make a function from a request to a `View` the page at `path`.

    The other forms stand at the same address with the form's suffix (`/clusters.csv`).
    """

    def register(ask: Ask) -> Ask:
        for form in forms:
            router.add_api_route(f"{path}.{form}", _endpoint(ask, form, forms))
        router.add_api_route(path, _endpoint(ask, "html", forms))
        return ask

    return register


def _endpoint(ask: Ask, form: str, forms: tuple[str, ...]) -> Callable[..., Response]:
    @wraps(ask)
    def endpoint(**asked: Any) -> Response:
        request = asked["request"]
        return site_of(request).answer(request, ask(**asked), form, forms)

    # FastAPI reads parameters from the signature: the view's, but answering a response.
    signature = inspect.signature(ask).replace(return_annotation=Response)
    endpoint.__signature__ = signature  # type: ignore[attr-defined]
    return endpoint
