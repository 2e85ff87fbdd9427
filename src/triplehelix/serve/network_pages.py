"""Pages about the network of clusters or countries, and about each cluster's role in it."""

from collections import Counter
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from triplehelix.app.cluster_activities import ActivityRow
from triplehelix.app.landscape import landscape
from triplehelix.app.network.claims import Evidence
from triplehelix.app.network.export import FORMATS, network_file
from triplehelix.app.network.matrix import matrix
from triplehelix.app.network.network import (
    Arc,
    Network,
    Node,
    link_periods,
    link_themes,
    network,
)
from triplehelix.app.network.role import RoleAnswer, role_of
from triplehelix.app.network.together import together
from triplehelix.app.theme import themes
from triplehelix.serve import words
from triplehelix.serve.asked import ForNetwork
from triplehelix.serve.render import MEDIA, Table, View, edition_of, flat, point
from triplehelix.serve.routes import page

router = APIRouter(include_in_schema=False)
ARCS_LISTED, NODES_LISTED = 60, 40
# Beyond so many, groups share a colour; their letters tell them apart.
LOOKS = 8
_MEDIA = {"graphml": "application/graphml+xml", "gexf": "application/gexf+xml",
          "nodes-csv": MEDIA["csv"], "edges-csv": MEDIA["csv"]}  # fmt: skip
_ARC = ["a", "b", "weight", "n_activities", "expected", "low", "high", "p_value", "backbone"]


@page(router, "/links/network", "json", "csv", "geojson")
def network_page(request: Request, asked: ForNetwork) -> View:
    """The network: a map with its list and its matrix; its ties as CSV; both as GeoJSON."""
    edition = edition_of(request)
    found = network(edition, **asked._asdict())
    at = landscape(edition, level=found.level, per_page=1)
    labels = {each.theme: each.label for each in themes(edition)}
    context = {
        "table": matrix(found), "names": {node.id: node for node in found.nodes},
        "letters": {group.number: group.letter for group in found.groups},
        "themes": [(one, labels.get(one) or one) for one in link_themes(edition)],
        "label": labels.get(found.theme), "periods": link_periods(edition),
        "countries": at.countries, "arcs": found.arcs[:ARCS_LISTED],
        "nodes": found.nodes[:NODES_LISTED], "look": look, "verdict": verdict,
        "exports": FORMATS, "bounds": at.bounds,
    }  # fmt: skip
    return View(
        "links_network.html", found, context,
        table=lambda: _arcs_table(found), features=lambda: _features(found),
    )  # fmt: skip


@router.get("/links/network-file")
def network_as_file(request: Request, asked: ForNetwork, format: str = "graphml") -> Response:
    """The network as GraphML, GEXF, or CSV of its nodes or edges."""
    found = network_file(network(edition_of(request), **asked._asdict()), format)
    name = format if "-" not in format else format.replace("-csv", ".csv")
    file = f"network.{name}" if "csv" not in name else f"network-{name}"
    return Response(found, media_type=_MEDIA[format], headers={
        "content-disposition": f'attachment; filename="{file}"'})  # fmt: skip


@page(router, "/links/activities", "json", "csv")
def together_page(
    request: Request,
    a: str,
    b: str,
    theme: str = "",
    period: str = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> View:
    """The activities that organisations of two countries share."""
    edition = edition_of(request)
    found = together(edition, a, b, theme=theme or None, period=period or None, page=page)
    label = next((t.label for t in themes(edition) if t.theme == found.theme), None)
    columns = list(ActivityRow.__slots__)
    return View(
        "links_activities.html", found, {"label": label},
        table=lambda: (columns, flat(found.activities, columns)[1]),
    )  # fmt: skip


@page(router, "/clusters/{cluster_id}/role", "json", "csv")
def role_page(request: Request, cluster_id: str, theme: str = "") -> View:
    """What role a cluster plays, sentence by sentence."""
    found = role_of(edition_of(request), cluster_id, theme=theme or "all")
    return View(
        "role.html", found, {"address": address},
        table=lambda: _claims_table(found),
    )  # fmt: skip


def look(number: int | None) -> str:
    """The class that gives a community its colour and shape on map and page."""
    return "group none" if number is None else f"group g{number % LOOKS}"


def verdict(arc: Arc) -> str:
    """Whether a tie is beyond what gravity expects, short of it, or within chance."""
    if arc.expected is None:
        return words.DASH
    if arc.low is not None and arc.low > arc.expected:
        return "more than expected"
    if arc.high is not None and arc.high < arc.expected:
        return "less than expected"
    return "as expected"


def address(evidence: Evidence) -> str:
    """Where a piece of evidence stands."""
    query = urlencode(evidence.asked)
    path = (
        "/links/network" if evidence.kind == "network"
        else words.cluster_path(evidence.cluster_id, "activities")
    )  # fmt: skip
    return f"{path}?{query}" if query else path


def _arcs_table(found: Network) -> Table:
    names = {node.id: node.name for node in found.nodes}
    columns = [*_ARC[:1], "a_name", *_ARC[1:2], "b_name", *_ARC[2:]]
    return columns, [
        [arc.a, names[arc.a], arc.b, names[arc.b], *(getattr(arc, name) for name in _ARC[2:])]
        for arc in found.arcs
    ]


def _claims_table(found: RoleAnswer) -> Table:
    columns, rows = flat(found.claims, [
        "rule", "words", "verdict", "value", "low", "high", "expected", "expected_low",
        "expected_high", "n"])  # fmt: skip
    return [*columns, "evidence"], [
        [*row, [address(each) for each in claim.evidence]]
        for row, claim in zip(rows, found.claims, strict=True)
    ]


def _features(found: Network) -> list[dict[str, Any]]:
    nodes = {node.id: node for node in found.nodes}
    letters = {group.number: group.letter for group in found.groups}
    seen = Counter(end for arc in found.arcs for end in (arc.a, arc.b))
    return [
        *(_line(arc, nodes) for arc in found.arcs),
        *(_spot(node, letters, seen[node.id], found) for node in found.nodes),
    ]


def _line(arc: Arc, nodes: dict[str, Node]) -> dict[str, Any]:
    ends = [nodes[arc.a], nodes[arc.b]]
    places = [[e.lon, e.lat] for e in ends if e.lon is not None and e.lat is not None]
    same = ends[0].community == ends[1].community and ends[0].community is not None
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": places} if len(places) == 2 else None,
        "properties": {
            "a_name": ends[0].name, "b_name": ends[1].name,
            "look": look(ends[0].community if same else None),
            **{name: getattr(arc, name) for name in _ARC},
        },
    }  # fmt: skip


def _spot(node: Node, letters: dict[int, str], n_shown: int, found: Network) -> dict[str, Any]:
    letter = "" if node.community is None else letters[node.community]
    return point(node.lon, node.lat, {
        "id": node.id, "name": node.name, "kind": node.kind, "strength": node.strength,
        "group": letter, "look": look(node.community), "stability": node.stability,
        "n_partners": node.n_partners, "n_shown": n_shown, "href": node_path(node, found),
    })  # fmt: skip


def node_path(node: Node, found: Network) -> str:
    """Where a node of the network leads: a cluster to its role, a country to its own ties."""
    theme = f"theme={found.theme}" if found.theme != "all" else ""
    if node.kind == "cluster":
        return words.cluster_path(node.id, "role") + (f"?{theme}" if theme else "")
    return f"/links/network?kind=country&country={node.id}" + (f"&{theme}" if theme else "")
