"""Answers of the registry: for one asker, kept by nobody, in the form that was asked for."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from triplehelix.serve.headers import LIVE
from triplehelix.serve.registry.door import door_of, viewer_of
from triplehelix.serve.render import View, site_of

Ask = Callable[..., View]
Answering = Callable[[Request, View, str, tuple[str, ...]], Response]


def live_page(router: APIRouter, path: str, *forms: str) -> Callable[[Ask], Ask]:
    """
    Make a function from a request to a `View` the registry's page at `path`.

    As `serve.routes.page`, but the answer may be kept by nobody, and the template is also given
    `viewer` and `anti_forgery`, the token that its forms must carry.
    """

    return page_answered_by(answer, router, path, forms)


def page_answered_by(
    answering: Answering, router: APIRouter, path: str, forms: tuple[str, ...]
) -> Callable[[Ask], Ask]:
    """Make a function the page at `path`, in its forms; `answering` makes its views responses."""

    def register(ask: Ask) -> Ask:
        for form in forms:
            router.add_api_route(f"{path}.{form}", _endpoint(ask, answering, form, forms))
        router.add_api_route(path, _endpoint(ask, answering, "html", forms))
        return ask

    return register


def answer(
    request: Request, view: View, form: str = "html", forms: tuple[str, ...] = ()
) -> Response:
    """A view for the asker."""
    context = {**view.context, "viewer": viewer_of(request),
               "anti_forgery": door_of(request).anti_forgery(request)}  # fmt: skip
    whole = View(view.template, view.answer, context, view.table, view.features)
    return unkept(site_of(request).answer(request, whole, form, forms))


def see_other(address: str) -> Response:
    """After a form was taken: go and look at this page of ours."""
    return unkept(RedirectResponse(address, 303))


def unkept(response: Response) -> Response:
    """The same, to be kept by nobody."""
    response.headers["cache-control"] = LIVE
    return response


def _endpoint(
    ask: Ask, answering: Answering, form: str, forms: tuple[str, ...]
) -> Callable[..., Response]:
    @wraps(ask)
    def endpoint(**asked: Any) -> Response:
        request = asked["request"]
        return answering(request, ask(**asked), form, forms)

    signature = inspect.signature(ask).replace(return_annotation=Response)
    endpoint.__signature__ = signature  # type: ignore[attr-defined]
    return endpoint
