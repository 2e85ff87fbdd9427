"""Pages of networks: all of them, one, who is in it, its calendar and its news."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from triplehelix.app.registry.feeds import calendar, news
from triplehelix.app.registry.networks import (
    NetworkAnswer,
    network,
    network_members,
    network_spots,
    networks,
)
from triplehelix.serve.registry.door import registry_of, viewer_of
from triplehelix.serve.registry.editing import capabilities_of
from triplehelix.serve.registry.live import live_page, unkept
from triplehelix.serve.render import Table, View, edition_of, flat, point

router = APIRouter(include_in_schema=False)
CALENDAR = "text/calendar; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"


@router.get("/networks/events.ics")
def all_events(request: Request) -> Response:
    """The events of every network that is seen."""
    return _calendar(request, None)


@live_page(router, "/networks", "json", "csv")
def networks_page(request: Request) -> View:
    """All networks."""
    found = networks(registry_of(request), viewer_of(request))
    return View("networks.html", found, table=lambda: flat(found.networks))


@router.get("/networks/{network_id}/events.ics")
def network_events(request: Request, network_id: str) -> Response:
    """The events of a network."""
    return _calendar(request, network_id)


@router.get("/networks/{network_id}/news.atom")
def network_news(request: Request, network_id: str) -> Response:
    """The news of a network."""
    feed = news(registry_of(request), viewer_of(request), network_id, base=base_of(request))
    return unkept(Response(feed, media_type=ATOM))


@live_page(router, "/networks/{network_id}/members", "json", "csv")
def members_page(
    request: Request, network_id: str, page: Annotated[int, Query(ge=1, le=1_000_000)] = 1
) -> View:
    """Who stands in a network."""
    asked = (registry_of(request), viewer_of(request), network_id)
    found = network_members(*asked, page=page)
    whole = network(*asked, edition_of(request))
    return View("network_members.html", found, {"network": whole, "typed": {}, "faults": {}},
                table=lambda: _members(request, network_id))  # fmt: skip


def network_page(request: Request, network_id: str) -> View:
    """One network; its members as CSV, where they and what they have are as GeoJSON."""
    asked = (registry_of(request), viewer_of(request), network_id)
    found = network(*asked, edition_of(request))
    return View(
        "network.html", found,
        {"capacities": by_capability(found), "labels": labels_of(request, found)},
        table=lambda: _members(request, network_id),
        features=lambda: [
            point(s.lon, s.lat, {"record_id": s.record_id, "kind": s.kind, "name": s.name,
                                 "place": s.name})
            for s in network_spots(*asked)
        ],
    )  # fmt: skip


def by_capability(found: NetworkAnswer) -> list[tuple[str, int, list[Any]]]:
    """(capability, assets, lines of capacity), most assets first."""
    lines: dict[str, list[Any]] = {}
    for line in found.assets.capacities:
        lines.setdefault(line.capability, []).append(line)
    return [(c.name, c.n_assets, lines.get(c.name, [])) for c in found.assets.capabilities]


def labels_of(request: Request, found: NetworkAnswer) -> dict[str, str]:
    """What the list of capabilities calls those of a network; the slugs of others as words."""
    known = capabilities_of(request)
    names = [each.name for each in found.assets.capabilities]
    return {name: known[name].label if name in known else name.replace("-", " ") for name in names}


def base_of(request: Request) -> str:
    """The atlas's own address, as it was asked for."""
    return str(request.base_url).rstrip("/")


def _calendar(request: Request, network_id: str | None) -> Response:
    made = calendar(registry_of(request), viewer_of(request), network_id, base=base_of(request))
    return unkept(Response(made, media_type=CALENDAR))


def _members(request: Request, network_id: str) -> Table:
    asked = (registry_of(request), viewer_of(request), network_id)
    first = network_members(*asked)
    rest = [
        row
        for page in range(2, first.pages + 1)
        for row in network_members(*asked, page=page).members
    ]
    columns = ("member_id", "name", "helix", "town", "country", "state", "since")
    return flat([*first.members, *rest], columns)
