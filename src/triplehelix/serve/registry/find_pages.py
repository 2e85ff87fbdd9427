"""The search over the edition and what the registry shows to the asker."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from triplehelix.app.registry.search_all import search_all
from triplehelix.serve.registry.door import registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of
from triplehelix.serve.registry.live import live_page
from triplehelix.serve.render import View, edition_of, flat

router = APIRouter(include_in_schema=False)


@live_page(router, "/search", "json", "csv")
def search_page(
    request: Request, q: str = "", limit: Annotated[int, Query(ge=1, le=100)] = 10
) -> View:
    """What is called so, assets first."""
    found = search_all(
        edition_of(request), registry_of(request), viewer_of(request), q,
        capabilities_of(request), limit=limit,
    )  # fmt: skip
    hits = [hit for kind in found.kinds for hit in kind.hits]
    return View("search.html", found, table=lambda: flat(hits))
