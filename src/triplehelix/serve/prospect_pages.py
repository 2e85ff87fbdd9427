"""Pages about what a cluster can build on, try and must mind, and each member's place in it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from triplehelix.app.cluster_place import ClusterPlace, cluster_place
from triplehelix.app.cluster_profile import cluster_row
from triplehelix.app.prospect_evidence import EvidenceRow, prospect_evidence
from triplehelix.app.prospects import SECTIONS, Finding, Prospects, prospects
from triplehelix.serve import partner_words
from triplehelix.serve.render import Table, View, edition_of, flat
from triplehelix.serve.routes import page

router = APIRouter(include_in_schema=False)
_COLUMNS = list(Finding.__slots__)


@page(router, "/clusters/{cluster_id}/opportunities", "json", "csv")
def opportunities(request: Request, cluster_id: str) -> View:
    """Strengths, openings, risks, what is missing; as CSV all that was looked at."""
    edition = edition_of(request)
    found = prospects(edition, cluster_id)
    return View(
        "prospects.html", found,
        {"row": cluster_row(edition, cluster_id), "told": {s: found.told(s) for s in SECTIONS},
         "partner": partner_words},
        table=lambda: _table(found),
    )  # fmt: skip


def _table(found: Prospects) -> Table:
    told = [f for section in SECTIONS for f in getattr(found, section)]
    return _COLUMNS, flat([*told, *found.not_found], _COLUMNS)[1]


@page(router, "/clusters/{cluster_id}/opportunities/evidence", "json", "csv")
def evidence(
    request: Request,
    cluster_id: str,
    kind: str,
    theme: str = "all",
    subject: str = "all",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> View:
    """The activities, members or partners behind a finding."""
    found = prospect_evidence(
        edition_of(request), cluster_id, kind=kind, theme=theme, subject=subject, page=page
    )
    columns = list(EvidenceRow.__slots__)
    return View(
        "prospect_evidence.html", found, table=lambda: (columns, flat(found.rows, columns)[1])
    )


@page(router, "/clusters/{cluster_id}/place", "json", "csv")
def place(request: Request, cluster_id: str, organisation: str) -> View:
    """An organisation's place in a cluster; its themes as CSV."""
    edition = edition_of(request)
    found = cluster_place(edition, cluster_id, organisation)
    return View(
        "cluster_place.html", found, {"row": cluster_row(edition, cluster_id)},
        table=lambda: _themes(found),
    )  # fmt: skip


def _themes(found: ClusterPlace) -> tuple[list[str], list[list[Any]]]:
    return flat(found.themes)
