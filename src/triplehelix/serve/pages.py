"""Pages about the edition itself, and all pages together."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import (
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)

from triplehelix.app.citing import cite_edition
from triplehelix.app.download import TABLES, exported
from triplehelix.app.dsit import dsit_bytes
from triplehelix.serve import (
    case_pages,
    cite_pages,
    cluster_pages,
    compare_pages,
    embed_pages,
    front_pages,
    network_pages,
    offer_pages,
    partner_pages,
    prospect_pages,
    record_pages,
    theme_pages,
)
from triplehelix.serve.cite_pages import base_of
from triplehelix.serve.render import MEDIA, View, edition_of, site_of
from triplehelix.serve.routes import page
from triplehelix.tables import EDITION

# An organisation's id may hold slashes, so what stands below its page comes before it.
PARTS = (
    case_pages, cite_pages, cluster_pages, compare_pages, embed_pages, front_pages,
    network_pages, offer_pages, partner_pages, prospect_pages, record_pages, theme_pages,
)  # fmt: skip
router = APIRouter(include_in_schema=False)


def add_pages(app: FastAPI) -> None:
    """Add every page to the application."""
    for part in PARTS:
        app.include_router(part.router)
    app.include_router(router)


@page(router, "/enquiries/new")
def enquiries_nowhere(request: Request) -> View:
    """That nobody takes any: with a registry its own page stands before this one."""
    return View("enquiry_none.html", None)


@page(router, "/methods")
def methods(request: Request) -> View:
    """What each figure means."""
    return View("methods.html", None)


@page(router, "/edition", "json")
def edition_page(request: Request) -> View:
    """What the edition holds, and what not."""
    citation = cite_edition(edition_of(request), base_of(request))
    return View("edition.html", site_of(request).contents, {"citation": citation})


@page(router, "/data")
def data(request: Request) -> View:
    """Every table to take away."""
    return View("data.html", [_described(name) for name in TABLES])


@router.get("/data/edition.json")
def manifest(request: Request) -> Response:
    """The edition's manifest as it was built."""
    return JSONResponse(edition_of(request).manifest)


@router.get("/data/innovation-clusters.{form}")
def innovation_clusters(request: Request, form: str) -> Response:
    """The clusters in the layout of the innovation clusters map, small figures held back."""
    media = MEDIA["csv"] if form == "csv" else "application/vnd.oasis.opendocument.spreadsheet"
    named = {"content-disposition": f'attachment; filename="innovation-clusters.{form}"'}
    return Response(dsit_bytes(edition_of(request), form), media_type=media, headers=named)


@router.get("/data/{table}.{form}")
def download(request: Request, table: str, form: str) -> Response:
    """One table as a file."""
    parts = exported(edition_of(request), table, form)
    media = MEDIA.get(form, "application/vnd.apache.parquet")
    named = {"content-disposition": f'attachment; filename="{table}.{form}"'}
    return StreamingResponse(parts, media_type=media, headers=named)


@router.get("/where")
def where_alias(town: str = "") -> Response:
    """The older name of `/places`."""
    return RedirectResponse(f"/places?{urlencode({'q': town})}", 308)


@router.get("/robots.txt")
def robots() -> Response:
    """All may read; lists under conditions need not be crawled."""
    left_out = "".join(f"Disallow: {path}\n" for path in ("/search", "/compare", "/enquiries/"))
    return PlainTextResponse(f"User-agent: *\n{left_out}")


@router.get("/favicon.ico")
def favicon() -> Response:
    """Where browsers look, whatever the page says."""
    return RedirectResponse("/static/css/mark.svg", 308)


def _described(name: str) -> dict[str, Any]:
    spec = EDITION[name]
    return {"name": name, "key": spec.key, "columns": [column for column, _ in spec.columns]}
