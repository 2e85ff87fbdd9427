"""The front door: one search over everything, and what people look for in plain choices."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from triplehelix.app.front.finding import Answer, find, find_in_edition
from triplehelix.app.front.looking import CHOICES, Leads, leads, leads_in_edition
from triplehelix.app.theme import themes
from triplehelix.serve.registry.door import registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of
from triplehelix.serve.registry.live import answer as live_answer
from triplehelix.serve.registry.live import page_answered_by, unkept
from triplehelix.serve.render import View, edition_of, flat, site_of

router = APIRouter(include_in_schema=False)
Limit = Annotated[int, Query(ge=1, le=100)]


def found(request: Request, q: str, limit: int) -> Answer:
    """What there is for words: of the edition and, where there is one, of the registry."""
    edition = edition_of(request)
    if not site_of(request).with_registry:
        return find_in_edition(edition, q, datetime.now(UTC).date(), limit=limit)
    return find(registry_of(request), viewer_of(request), edition, q, capabilities_of(request),
                limit=limit)  # fmt: skip


def may_be_kept(request: Request, answer: Answer) -> bool:
    """Whether an answer is true for everybody, and as long as the edition is served."""
    dated = any(one.by or one.until for one in answer.needs)
    return not (site_of(request).with_registry or dated)


def _answer(
    request: Request, view: View, form: str = "html", forms: tuple[str, ...] = ()
) -> Response:
    if site_of(request).with_registry:
        return live_answer(request, view, form, forms)
    response = site_of(request).answer(request, view, form, forms)
    kept = not isinstance(view.answer, Answer) or may_be_kept(request, view.answer)
    return response if kept else unkept(response)


@page_answered_by(_answer, router, "/search", ("json", "csv"))
def search_page(request: Request, q: str = "", limit: Limit = 10) -> View:
    """What there is for words, by kind."""
    answer = found(request, q, limit)
    hits = [hit for kind in answer.kinds for hit in kind.hits]
    return View("search.html", answer, {"may_call": _may_call(request)}, lambda: flat(hits))


@page_answered_by(_answer, router, "/looking-for/{what}", ("json",))
def looking_page(request: Request, what: str, theme: str = "", place: str = "") -> View:
    """Where a choice leads."""
    edition = edition_of(request)
    asked = (what, theme, place)
    answer: Leads = (
        leads(registry_of(request), viewer_of(request), edition, capabilities_of(request), *asked)
        if site_of(request).with_registry else leads_in_edition(edition, *asked)
    )  # fmt: skip
    context = {
        "choices": CHOICES, "themes": [one for one in themes(edition) if one.n_clusters],
        "may_call": _may_call(request),
    }  # fmt: skip
    return View("looking.html", answer, context)


def _may_call(request: Request) -> bool:
    """Whether whoever asks holds anything that a call could be of."""
    if not site_of(request).with_registry:
        return False
    viewer = viewer_of(request)
    return bool(viewer.everything or viewer.members or viewer.stewards)
