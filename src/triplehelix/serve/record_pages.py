"""Pages about one organisation and one activity, down to the records."""

from fastapi import APIRouter, Request

from triplehelix.app.activity import activity
from triplehelix.app.organisation import organisation
from triplehelix.serve.render import View, edition_of, flat, point
from triplehelix.serve.routes import page

router = APIRouter(include_in_schema=False)


@page(router, "/organisations/{organisation_id:path}", "json", "csv", "geojson")
def organisation_page(request: Request, organisation_id: str) -> View:
    """One organisation; its activities as CSV, its sites as GeoJSON."""
    found = organisation(edition_of(request), organisation_id)
    sites = [
        point(s.lon, s.lat, {"site_id": s.site_id, "name": s.name or found.name,
                             "place": s.place, "precision": s.precision})
        for s in found.sites
    ]  # fmt: skip
    return View(
        "organisation.html", found, table=lambda: flat(found.activities), features=lambda: sites
    )


@page(router, "/activities/{activity_id:path}", "json", "csv")
def activity_page(request: Request, activity_id: str) -> View:
    """One activity; its participants as CSV."""
    found = activity(edition_of(request), activity_id)
    return View("activity.html", found, table=lambda: flat(found.participants))
