"""All that is known of one cluster."""

from dataclasses import dataclass
from typing import Any

from triplehelix.app.history import History, history
from triplehelix.app.kin import Kin, kin
from triplehelix.app.landscape import ClusterRow
from triplehelix.app.names import unknown_cluster
from triplehelix.app.prepared import prepare
from triplehelix.query import Query
from triplehelix.store.edition import Edition
from triplehelix.tables import CLUSTER_KINDS

MEMBERS_SHOWN, PARTNERS_SHOWN = 30, 40
# What a page says of a cluster and a list does not.
_BESIDE = ("places", "method", "theme", "period", "p_value", "q_value")


@dataclass(frozen=True, slots=True)
class Reach:
    """A share of the cluster's activities: `local`, `national` or `international`, and how many."""

    scope: str
    n_activities: int
    value: float | None
    low: float | None
    high: float | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Measure:
    """A measured value with its 95 % interval; None where it was not measured."""

    measure: str
    theme: str
    label: str | None
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of clusters; `told` if this cluster surely is of it, and the reason in words."""

    kind: str
    told: bool
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    note: str | None


@dataclass(frozen=True, slots=True)
class HelixCount:
    """Members of one sector, and the sector's share of the cluster's fractional activity."""

    helix: str
    n_organisations: int
    activity_share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation with a site in the cluster."""

    organisation_id: str
    name: str
    helix: str
    n_activities: int
    core: bool | None
    probability: float | None


@dataclass(frozen=True, slots=True)
class Partner:
    """A cluster or a country with which activities are shared; `weight` is fractional."""

    kind: str
    id: str
    name: str | None
    weight: float | None
    n_activities: int | None
    expected: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class YearCount:
    """Activities begun in a year; the year is None where the start is not known."""

    year: int | None
    n_activities: int


@dataclass(frozen=True, slots=True)
class Relative:
    """Another cluster this one belongs to, or holds."""

    cluster_id: str
    name: str | None
    relation: str


@dataclass(frozen=True, slots=True)
class AreaShare:
    """An official area that the cluster shares ground or members with; shares are 0 to 1."""

    scheme: str
    area_id: str
    name: str
    share_of_cluster: float | None
    share_of_area: float | None
    n_organisations: int


@dataclass(frozen=True, slots=True)
class ClusterProfile:
    """What a cluster's page shows."""

    cluster: ClusterRow
    places: list[str]
    kind: str | None
    kinds: list[Kind]
    method: str | None
    theme: str
    period: str
    p_value: float | None
    q_value: float | None
    reach: list[Reach]
    strengths: list[Measure]
    measures: list[Measure]
    helices: list[HelixCount]
    members: list[Member]
    n_members: int
    partners: list[Partner]
    countries: list[Partner]
    years: list[YearCount]
    relatives: list[Relative]
    history: History | None
    areas: list[AreaShare]
    kin: list[Kin]


def cluster_profile(edition: Edition, cluster_id: str) -> ClusterProfile:
    """
    The profile of one cluster.

    Members and partners are the first of each by activities; `n_members`, and the questions
    `cluster_members` and `cluster_activities`, lead to all of them.

    Raises
    ------
    UnknownName
        If the edition has no such cluster; near names are given.
    """
    prepare(edition)
    row = cluster_row(edition, cluster_id)
    beside = {name: row.pop(name) for name in _BESIDE}
    measures = _ask(edition, _MEASURES, cluster_id)
    strengths = [Measure(**m) for m in measures if m["measure"] == "location_quotient"]
    ties = [Partner(**p) for p in _ask(edition, _PARTNERS, cluster_id)]
    helices = [HelixCount(**h) for h in _ask(edition, _HELICES, cluster_id)]
    return ClusterProfile(
        cluster=ClusterRow(**row),
        **beside | {"places": beside["places"] or []},
        kind=row["kind"],
        kinds=_kinds(measures, row["kind"]),
        reach=[Reach(**r) for r in _ask(edition, _REACH, cluster_id)],
        strengths=strengths,
        measures=[Measure(**m) for m in measures if m["measure"] != "location_quotient"],
        helices=helices,
        members=[Member(**m) for m in _ask(edition, _MEMBERS, cluster_id)],
        n_members=sum(h.n_organisations for h in helices),
        partners=[p for p in ties if p.kind == "cluster"][:PARTNERS_SHOWN],
        countries=[p for p in ties if p.kind == "country"],
        years=[YearCount(**y) for y in _ask(edition, _YEARS, cluster_id)],
        relatives=[Relative(**r) for r in _ask(edition, _RELATIVES, cluster_id)],
        history=history(edition, cluster_id),
        areas=[AreaShare(**a) for a in _ask(edition, _AREAS, cluster_id)],
        kin=kin(edition, cluster_id),
    )


def _kinds(measures: list[dict[str, Any]], kind: str | None) -> list[Kind]:
    """Each kind with what tells it; none in an edition that was made without."""
    found = {m["measure"]: m for m in measures if m["measure"].startswith("kind_")}
    kinds = []
    for each in CLUSTER_KINDS:
        row = found.get("kind_" + each.replace("&", "").replace("-", "_"))
        if row:
            told = each in (kind or "").split("; ")
            evidence = {name: row[name] for name in ("value", "low", "high", "n", "note")}
            kinds.append(Kind(each, told, **evidence))
    return kinds


def cluster_row(edition: Edition, cluster_id: str) -> dict[str, Any]:
    """The cluster's own row, or the error that no cluster is so named."""
    found = _ask(prepare(edition), _CLUSTER, cluster_id)
    if not found:
        raise unknown_cluster(edition, cluster_id)
    return found[0]


def _ask(edition: Edition, sql: str, cluster_id: str) -> list[dict[str, Any]]:
    return edition.rows(Query("profile", sql, {"cluster": cluster_id}))


_CLUSTER = """
    select cluster_id, name, countries, centre_lat, centre_lon, area_km2, n_organisations,
           n_activities, amount, currency, stability, evidence, level, rank, rank_low, rank_high,
           n_organisations_low, n_organisations_high, n_activities_low, n_activities_high,
           places, kind, kind_reason, method, theme, period, p_value, q_value
    from atlas.clusters where cluster_id = $cluster"""

_REACH = """
    with counted as (
        select unnest(['local', 'national', 'international']) as scope,
               unnest([count(*) filter (local), count(*) filter (national),
                       count(*) filter (international)]) as n_activities
        from atlas.cluster_activities where cluster_id = $cluster)
    select c.scope, c.n_activities, p.value, p.low, p.high, p.note
    from counted c
    left join atlas.profiles p on p.cluster_id = $cluster and p.measure = c.scope || '_share'
         and p.theme = 'all'
    order by list_position(['local', 'national', 'international'], c.scope)"""

_MEASURES = """
    select p.measure, p.theme, t.label, p.value, p.low, p.high, p.n, p.note
    from atlas.profiles p left join atlas.themes t using (theme)
    where p.cluster_id = $cluster
      -- What is told of its role in each theme stands on the page about its role.
      and (p.theme = 'all' or not starts_with(p.measure, 'joint_')
           and p.measure not in ('betweenness', 'constraint', 'bridging_countries',
                                 'community', 'community_stability'))
    order by p.measure, p.low desc nulls last, p.value desc nulls last, p.theme"""

_MEMBERS = f"""
    select organisation_id, name, helix, n_activities, core, probability
    from atlas.cluster_members where cluster_id = $cluster
    order by n_activities desc, name, organisation_id limit {MEMBERS_SHOWN}"""

_HELICES = """
    with counted as (
        select helix, count(*) as n_organisations
        from atlas.cluster_members where cluster_id = $cluster group by helix)
    select c.helix, c.n_organisations, p.value as activity_share, p.low, p.high
    from counted c
    left join atlas.profiles p on p.cluster_id = $cluster
         and p.measure = 'helix_activity_share_' || c.helix
         and p.theme = 'all'
    order by list_position(['academia','industry','health','government','nonprofit','unknown'],
                           c.helix)"""

_PARTNERS = """
    select case when c.cluster_id is null then 'country' else 'cluster' end as kind, l.id, c.name,
           l.weight, l.n_activities, l.expected, l.low, l.high
    from atlas.ties l left join atlas.clusters c on c.cluster_id = l.id
    where l.of = $cluster and l.id <> $cluster
    order by l.n_activities desc, l.weight desc, l.id"""

_YEARS = """
    select year, count(*) as n_activities
    from atlas.cluster_activities where cluster_id = $cluster
    group by year order by year nulls last"""

_AREAS = """
    select area_scheme as scheme, area_id, coalesce(area_name, area_id) as name,
           share_of_cluster, share_of_area, n_organisations
    from "overlaps" where cluster_id = $cluster
    order by area_scheme, share_of_cluster desc nulls last, area_id"""

_RELATIVES = """
    select c.parent_id as cluster_id, p.name, 'part of' as relation
    from atlas.clusters c left join atlas.clusters p on p.cluster_id = c.parent_id
    where c.cluster_id = $cluster and c.parent_id is not null
    union all
    select cluster_id, name, 'contains' from atlas.clusters where parent_id = $cluster
    order by relation, cluster_id"""
