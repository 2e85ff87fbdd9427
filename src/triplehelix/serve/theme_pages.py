"""Pages about themes, and about who works with whom."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from triplehelix.app.landscape import landscape
from triplehelix.app.links import Links, Tie, links
from triplehelix.app.theme import theme, themes
from triplehelix.serve.cluster_pages import cluster_features
from triplehelix.serve.render import Table, View, edition_of, flat
from triplehelix.serve.routes import page

router = APIRouter(include_in_schema=False)
_MEASURED = ["weight", "n_activities", "expected", "residual", "low", "high"]


@page(router, "/themes", "json", "csv")
def themes_page(request: Request) -> View:
    """All themes."""
    found = themes(edition_of(request))
    return View("themes.html", found, table=lambda: flat(found))


@page(router, "/themes/{name}", "json", "csv", "geojson")
def theme_page(request: Request, name: str) -> View:
    """One theme, and the clusters that work in it."""
    found = theme(edition_of(request), name)
    return View(
        "theme.html", found,
        table=lambda: flat(found.clusters), features=lambda: cluster_features(found.clusters),
    )  # fmt: skip


@page(router, "/links", "json", "csv", "geojson")
def links_page(
    request: Request,
    kind: str = "cluster",
    country: str | None = None,
    level: int = 0,
    of: str | None = None,
    period: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 60,
) -> View:
    """The strongest ties."""
    edition = edition_of(request)
    found = links(
        edition, kind=kind, country=country, level=level, of=of or "all", period=period or "all",
        limit=limit,
    )  # fmt: skip
    at = landscape(edition, level=level, of=found.of, period=found.period, per_page=1)
    return View(
        "links.html", found, {"countries": at.countries, "bounds": at.bounds, "limit": limit},
        table=lambda: _table(found), features=lambda: [_line(t) for t in found.ties],
    )  # fmt: skip


def _table(found: Links) -> Table:
    columns = ["from", "from_name", "to", "to_name", *_MEASURED]
    rows = [
        [t.a.id, t.a.name, t.b.id, t.b.name, *(getattr(t, m) for m in _MEASURED)]
        for t in found.ties
    ]
    return columns, rows


def _line(tie: Tie) -> dict[str, Any]:
    ends = [[e.lon, e.lat] for e in (tie.a, tie.b) if e.lon is not None and e.lat is not None]
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": ends} if len(ends) == 2 else None,
        "properties": {
            "from": tie.a.id, "from_name": tie.a.name, "to": tie.b.id, "to_name": tie.b.name,
            **{name: getattr(tie, name) for name in _MEASURED},
        },
    }  # fmt: skip
