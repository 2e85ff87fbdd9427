"""The network of clusters, or of countries: nodes, the ties that matter, communities."""

from dataclasses import dataclass, replace

from triplehelix.app.countries import country_name
from triplehelix.app.layers import layer_of
from triplehelix.app.names import unknown_theme
from triplehelix.app.network.groups import Group, Placed, grouped_countries, groups_of
from triplehelix.app.prepared import once_per_edition, prepare
from triplehelix.errors import InputError, UnknownName
from triplehelix.query import Query
from triplehelix.store.edition import Edition

# A tie is in the backbone if one of its two ends' weights would be as heavy by chance less often.
BACKBONE = 0.05
KINDS, ARCS = ("cluster", "country"), ("backbone", "all")


@dataclass(frozen=True, slots=True)
class Node:
    """
    A cluster or country with ties.

    `strength` is the sum of its weights in this network; `community` the number of its group
    and `stability` how surely it is there, 0 to 1; `betweenness` and `constraint` as in
    `link.brokerage`. None where not measured.
    """

    id: str
    kind: str
    name: str
    countries: list[str]
    lat: float | None
    lon: float | None
    strength: float
    n_partners: int
    n_backbone: int
    community: int | None
    stability: float | None
    betweenness: float | None
    constraint: float | None


@dataclass(frozen=True, slots=True)
class Arc:
    """A tie of two nodes; `backbone` if heavier than the noise of its ends (`p_value`)."""

    a: str
    b: str
    weight: float
    n_activities: int
    expected: float | None
    low: float | None
    high: float | None
    p_value: float | None
    backbone: bool


@dataclass(frozen=True, slots=True)
class Network:
    """
    Nodes by strength, arcs by weight, communities by number; and what was asked for.

    `n_tied` counts all pairs with a tie, `n_backbone` those in the backbone, whichever of them
    `arcs` holds. `groups` is empty where too few pairs are tied to tell.
    """

    kind: str
    theme: str
    period: str
    level: int
    country: str | None
    shown: str
    nodes: list[Node]
    arcs: list[Arc]
    groups: list[Group]
    n_tied: int
    n_backbone: int


_MEASURES = ("community", "community_stability", "betweenness", "constraint")
_ARCS = """
    select a, b, weight, n_activities, expected, low, high, p_value,
           coalesce(p_value < $backbone, false) as backbone
    from atlas.arcs
    where kind = $kind and level = $level and theme = $theme and period = $period and weight > 0
    order by weight desc, a, b"""
_CLUSTERS = """
    select cluster_id as id, name, coalesce(countries, []) as countries,
           centre_lat as lat, centre_lon as lon
    from atlas.clusters where theme = 'all' and period = 'all' and level = $level"""
# A country stands where the middle one of its sites does, each way.
_COUNTRIES = """
    select o.country as id, o.country as name, [o.country] as countries,
           quantile_disc(s.lat, 0.5) as lat, quantile_disc(s.lon, 0.5) as lon
    from atlas.organisations o
    left join atlas.sites s on s.organisation_id = o.organisation_id and s.lat is not null
    where o.country is not null group by o.country"""
_STANDING = """
    select cluster_id, measure, value from profiles
    where theme = $theme and period = $period and list_contains($measures, measure)"""


def network(
    edition: Edition,
    *,
    kind: str = "cluster",
    theme: str = "all",
    period: str = "all",
    level: int = 0,
    arcs: str = "backbone",
    country: str | None = None,
) -> Network:
    """
    Who works with whom: nodes, the ties that are more than noise, communities.

    Parameters
    ----------
    kind : `cluster`, or `country`.
    theme : only activities of this theme; `all`.
    period : only activities begun then, such as "2014/2016", if the edition counts it; `all`.
    level : of the clusters.
    arcs : `backbone`, or `all` ties.
    country : only nodes in it, and those tied to them by the arcs shown.

    Raises
    ------
    UnknownName
        If the edition has no such theme, period, or level.
    InputError
        If kind or arcs is not one of those offered.
    """
    if kind not in KINDS:
        raise InputError(f"kind is {kind!r}; give one of {', '.join(KINDS)}")
    if arcs not in ARCS:
        raise InputError(f"arcs is {arcs!r}; give one of {', '.join(ARCS)}")
    level = 0 if kind == "country" else level
    layer_of(edition, level, "all", "all")
    _check(edition, theme, period)
    whole = _whole(edition, kind, theme, period, level)
    shown = [arc for arc in whole.arcs if arcs == "all" or arc.backbone]
    nodes = whole.nodes
    if country:
        home = {node.id for node in nodes if country in node.countries}
        shown = [arc for arc in shown if arc.a in home or arc.b in home]
        near = home | {end for arc in shown for end in (arc.a, arc.b)}
        nodes = [node for node in nodes if node.id in near]
    return replace(whole, nodes=nodes, arcs=shown, country=country or None, shown=arcs)


def link_periods(edition: Edition) -> tuple[str, ...]:
    """The periods for which the edition counts ties apart."""
    return tuple(_splits(edition)[1])


def link_themes(edition: Edition) -> tuple[str, ...]:
    """The themes in which any two clusters or countries are tied."""
    return tuple(_splits(edition)[0])


@once_per_edition
def _splits(edition: Edition) -> tuple[list[str], list[str]]:
    rows = prepare(edition).rows(Query("splits", """
        select distinct theme, period from atlas.arcs order by all"""))  # fmt: skip
    return ([r["theme"] for r in rows if r["theme"] != "all"],
            [r["period"] for r in rows if r["period"] != "all"])  # fmt: skip


def _check(edition: Edition, theme: str, period: str) -> None:
    known = Query("known", "select 1 from atlas.themes where theme = $theme", {"theme": theme})
    if theme != "all" and not prepare(edition).rows(known):
        raise unknown_theme(edition, theme)
    periods = link_periods(edition)
    if period != "all" and period not in periods:
        raise UnknownName(
            f"ties of the period {period!r} are not counted apart in this edition; there are "
            f"{', '.join(('all', *periods))} (detect.periods in the configuration of the build)"
        )
    if theme != "all" and period != "all":
        raise InputError("give a theme or a period: ties are not split by both at once")


@once_per_edition
def _whole(edition: Edition, kind: str, theme: str, period: str, level: int) -> Network:
    ask = prepare(edition).rows
    at = {"theme": theme, "period": period}
    arcs = [
        Arc(**row)
        for row in ask(Query("arcs", _ARCS, at | {
            "kind": kind, "level": level, "backbone": BACKBONE}))
    ]  # fmt: skip
    places = ask(Query("clusters", _CLUSTERS, {"level": level}) if kind == "cluster"
                 else Query("countries", _COUNTRIES))  # fmt: skip
    known = {row["id"]: row for row in places}
    if kind == "country":
        known = {code: row | {"name": country_name(code)} for code, row in known.items()}
    if kind == "cluster":
        rows = ask(Query("standing", _STANDING, at | {"measures": list(_MEASURES)}))
        standing = {(row["cluster_id"], row["measure"]): row["value"] for row in rows}
    else:
        standing = grouped_countries([(arc.a, arc.b, arc.weight) for arc in arcs])
    nodes = _nodes(kind, arcs, known, standing)
    # Countries are areas themselves: only clusters are held against them.
    groups = groups_of(edition, [
        Placed(n.id, n.name, n.countries if kind == "cluster" else [], n.community, n.stability)
        for n in nodes
    ])  # fmt: skip
    return Network(kind, theme, period, level, None, "all", nodes, arcs, groups,
                   len(arcs), sum(arc.backbone for arc in arcs))  # fmt: skip


def _nodes(
    kind: str,
    arcs: list[Arc],
    known: dict[str, dict[str, object]],
    standing: dict[tuple[str, str], float],
) -> list[Node]:
    tied: dict[str, list[Arc]] = {}
    for arc in arcs:
        for end in (arc.a, arc.b):
            tied.setdefault(end, []).append(arc)
    unplaced: dict[str, object] = {"countries": [], "lat": None, "lon": None}
    nodes = [
        _node(kind, known.get(one, {"id": one, "name": one} | unplaced), own,
              {measure: standing.get((one, measure)) for measure in _MEASURES})
        for one, own in tied.items()
    ]  # fmt: skip
    return sorted(nodes, key=lambda node: (-round(node.strength, 9), node.id))


def _node(
    kind: str, row: dict[str, object], own: list[Arc], standing: dict[str, float | None]
) -> Node:
    number = standing["community"]
    return Node(
        **row, kind=kind,  # type: ignore[arg-type]
        strength=round(sum(sorted(arc.weight for arc in own)), 9), n_partners=len(own),
        n_backbone=sum(arc.backbone for arc in own),
        community=None if number is None else int(number),
        stability=standing["community_stability"], betweenness=standing["betweenness"],
        constraint=standing["constraint"],
    )  # fmt: skip
