"""Pages about clusters."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from triplehelix.app.citing import cite_cluster
from triplehelix.app.cluster_activities import ActivityRow, cluster_activities
from triplehelix.app.cluster_members import MemberSite, cluster_members, member_sites
from triplehelix.app.cluster_profile import ClusterProfile, Measure, cluster_profile
from triplehelix.app.download import footprint
from triplehelix.app.front.looking import CHOICES
from triplehelix.app.landscape import ClusterRow, cluster_names, landscape
from triplehelix.app.links import n_ties
from triplehelix.app.partners.seeking import clusters_to_seek
from triplehelix.app.prospects import findings, sure_findings
from triplehelix.app.search import search
from triplehelix.app.shapes import layer_shapes
from triplehelix.app.theme import themes
from triplehelix.app.where import where
from triplehelix.serve import partner_words
from triplehelix.serve.cite_pages import base_of
from triplehelix.serve.embed_pictures import quotients_alt
from triplehelix.serve.render import Table, View, edition_of, flat, point
from triplehelix.serve.routes import page

router = APIRouter(include_in_schema=False)
FRONT = 12
_COLUMNS = [
    "cluster_id", "name", "countries", "centre_lat", "centre_lon", "area_km2", "n_organisations",
    "n_activities", "amount", "currency", "stability", "evidence", "kind", "level", "rank",
    "rank_low", "rank_high", "n_organisations_low", "n_organisations_high", "n_activities_low",
    "n_activities_high",
]  # fmt: skip
_ON_THEME = ["n_theme_activities", "location_quotient", "location_quotient_low",
             "location_quotient_high"]  # fmt: skip

Page = Annotated[int, Query(ge=1, le=1_000_000)]


def cluster_features(
    rows: list[ClusterRow], shapes: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Clusters as points at their centres, or as the shapes that are given."""
    points = [
        point(row.centre_lon, row.centre_lat, {c: getattr(row, c) for c in (*_COLUMNS, *_ON_THEME)})
        for row in rows
    ]
    for feature in points if shapes else []:
        shape = (shapes or {}).get(feature["properties"]["cluster_id"])
        feature["geometry"] = shape or feature["geometry"]
    return points


@page(router, "/")
def front(
    request: Request, level: int = 0, of: str | None = None, period: str | None = None
) -> View:
    """The front page: three doors, and the largest clusters."""
    edition = edition_of(request)
    found = landscape(edition, level=level, of=of or "all", period=period or "all", per_page=FRONT)
    labelled = [t for t in themes(edition) if t.n_clusters]
    labelled.sort(key=lambda t: (-t.n_activities, t.theme))
    return View("front.html", found, {
        "themes": labelled[:3], "n_ties": n_ties(edition), "choices": CHOICES,
    })  # fmt: skip


@page(router, "/clusters", "json", "csv", "geojson")
def clusters(
    request: Request,
    theme: str | None = None,
    country: str | None = None,
    kind: str | None = None,
    level: int = 0,
    of: str | None = None,
    period: str | None = None,
    sort: str | None = None,
    shapes: bool = False,
    page: Page = 1,
) -> View:
    """All clusters of a layer, to sort and filter; as GeoJSON with their shapes if asked."""
    edition = edition_of(request)
    sort = sort or ("theme" if theme else "activities")
    everything = request.url.path != "/clusters"
    found = landscape(
        edition, theme=theme, country=country, kind=kind, level=level, of=of or "all",
        period=period or "all", sort=sort, page=page, per_page=1000 if everything else 200,
    )  # fmt: skip
    columns = _COLUMNS + (_ON_THEME if theme else [])
    labelled = [t for t in themes(edition) if t.n_clusters]
    label = next((t.label for t in labelled if t.theme == theme), None)
    drawn = layer_shapes(edition, level, found.of, found.period) if shapes else None
    return View(
        "clusters.html", found, {"themes": labelled, "label": label},
        table=lambda: (columns, flat(found.clusters, columns)[1]),
        features=lambda: cluster_features(found.clusters, drawn),
    )  # fmt: skip


@page(router, "/clusters/{cluster_id}/activities", "json", "csv")
def activities(
    request: Request,
    cluster_id: str,
    theme: str | None = None,
    year: int | None = None,
    scope: str | None = None,
    partner: str | None = None,
    period: str | None = None,
    page: Page = 1,
) -> View:
    """The activities behind a figure of a cluster."""
    edition = edition_of(request)
    found = cluster_activities(
        edition, cluster_id, theme=theme or None, year=year, scope=scope or None,
        partner=partner or None, period=period or None, page=page,
    )  # fmt: skip
    label = next((t.label for t in themes(edition) if t.theme == found.theme), None)
    columns = list(ActivityRow.__slots__)
    return View(
        "activities.html", found, {"label": label},
        table=lambda: (columns, flat(found.activities, columns)[1]),
    )  # fmt: skip


@page(router, "/clusters/{cluster_id}/members", "json", "csv", "geojson")
def members(
    request: Request,
    cluster_id: str,
    helix: str | None = None,
    sort: str = "activities",
    page: Page = 1,
) -> View:
    """The organisations of a cluster; as GeoJSON all of its sites."""
    edition, helix = edition_of(request), helix or None
    found = cluster_members(edition, cluster_id, helix=helix, sort=sort, page=page)
    columns = ["organisation_id", "name", "helix", "n_activities", "core", "probability"]
    return View(
        "members.html", found,
        table=lambda: (columns, flat(found.members, columns)[1]),
        features=lambda: _site_points(member_sites(edition, cluster_id, helix=helix)),
    )  # fmt: skip


def _site_points(sites: list[MemberSite]) -> list[dict[str, Any]]:
    columns = [name for name in MemberSite.__slots__ if name not in ("lat", "lon")]
    return [point(s.lon, s.lat, {name: getattr(s, name) for name in columns}) for s in sites]


@page(router, "/clusters/{cluster_id}", "json", "csv", "geojson")
def cluster(request: Request, cluster_id: str) -> View:
    """One cluster: its page, its measures as CSV, its footprint as GeoJSON."""
    edition = edition_of(request)
    found = cluster_profile(edition, cluster_id)
    layer = (found.cluster.level, found.theme, found.period)
    others = [(one, name) for one, name in cluster_names(edition, *layer) if one != cluster_id]
    seek = clusters_to_seek(edition, cluster_id)
    return View(
        "cluster.html", found,
        {"others": others, "prospects": sure_findings(findings(edition, cluster_id)),
         "seek": seek, "partner": partner_words,
         "citation": cite_cluster(edition, cluster_id, base_of(request)),
         "picture_alt": quotients_alt(found.strengths, found.cluster.name)},
        table=lambda: _measures(found),
        features=lambda: [_shape(request, found)],
    )  # fmt: skip


def _measures(found: ClusterProfile) -> Table:
    columns = list(Measure.__slots__)
    return columns, flat([*found.strengths, *found.measures], columns)[1]


def _shape(request: Request, found: ClusterProfile) -> dict[str, Any]:
    row = found.cluster
    properties = {name: getattr(row, name) for name in _COLUMNS}
    shape = footprint(edition_of(request), row.cluster_id)
    feature = point(row.centre_lon, row.centre_lat, properties)
    return {**feature, "geometry": shape or feature["geometry"]}


@page(router, "/places", "json", "csv")
def places(request: Request, q: str = "", country: str | None = None) -> View:
    """In which cluster a town lies."""
    edition = edition_of(request)
    found = where(edition, q, country=country) if q.strip() else []
    # A part of a name finds nothing as a town; what is like it may be meant.
    near = search(edition, q, limit=20) if q.strip() and not found else None
    return View("places.html", found, {"q": q, "near": near}, table=lambda: flat(found))
