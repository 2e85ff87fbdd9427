"""An organisation's place in a cluster: what it takes part in, what rests on it, whom it brings."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from triplehelix.app.cluster_profile import cluster_row
from triplehelix.app.organisation import organisation_row
from triplehelix.app.prepared import prepare
from triplehelix.app.prospects import coverage
from triplehelix.errors import UnknownName
from triplehelix.query import Query
from triplehelix.stats import wilson_interval
from triplehelix.store.edition import Edition

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class PlaceInTheme:
    """
    Of the cluster's `n` activities of a theme (`all`: of all), those the organisation is in.

    `share` of them with its 95 % interval; `n_alone` have no other member of the cluster, and
    `share_alone` is their share: what the cluster would not be in without it.
    """

    theme: str
    label: str | None
    n: int
    n_part: int
    share: float
    low: float
    high: float
    n_alone: int
    share_alone: float
    alone_low: float
    alone_high: float


@dataclass(frozen=True, slots=True)
class Brought:
    """A partner outside that no other member of the cluster works with: kind, id, name."""

    kind: str
    id: str
    name: str | None
    n_activities: int


@dataclass(frozen=True, slots=True)
class ClusterPlace:
    """
    An organisation's place in a cluster.

    `rank` is by activities among its members, equal ones sharing the better. `brought` are the
    countries, clusters and organisations that are partners through it alone, those with most
    activities first; `n_brought` counts all by kind. `n_partners` are its partners outside
    since the split, of which it had `n_met` before; None where there is no split.
    """

    cluster_id: str
    cluster: str
    organisation_id: str
    organisation: str
    helix: str
    n_members: int
    n_of_helix: int
    rank: int
    themes: list[PlaceInTheme]
    brought: list[Brought]
    n_brought: dict[str, int]
    split: int | None
    n_partners: int | None
    n_met: int | None
    words: list[str]


def cluster_place(edition: Edition, cluster_id: str, organisation_id: str) -> ClusterPlace:
    """
    What an organisation is to a cluster, and what the cluster would be without it.

    Raises
    ------
    UnknownName
        If there is no such cluster or organisation, or it has no site in the cluster.
    """
    cluster = cluster_row(prepare(edition), cluster_id)
    who = organisation_row(edition, organisation_id)
    values = {"cluster": cluster_id, "organisation": who["organisation_id"]}
    about = _ask(edition, _ABOUT, values)
    if not about:
        raise UnknownName(
            f"{who['name']} has no site in the cluster {cluster['name']}; its members are at "
            f"/clusters/{cluster_id}/members, and its own page says in which clusters it stands"
        )
    themes = [_in_theme(row) for row in _ask(edition, _THEMES, values)]
    brought = [Brought(**row) for row in _ask(edition, _BROUGHT, values)]
    cover = coverage(edition)
    met = _ask(edition, _MET, values | {"split": cover.split})[0] if cover else {}
    place = ClusterPlace(
        cluster_id=cluster_id, cluster=cluster["name"], organisation_id=who["organisation_id"],
        organisation=who["name"], helix=who["helix"], **about[0], themes=themes,
        brought=[b for kind in ("cluster", "country", "organisation")
                 for b in [b for b in brought if b.kind == kind][:_SHOWN]],
        n_brought={kind: sum(b.kind == kind for b in brought)
                   for kind in ("cluster", "country", "organisation")},
        split=cover.split if cover else None, n_partners=met.get("n"), n_met=met.get("n_met"),
        words=[],
    )  # fmt: skip
    place.words.extend(_in_words(place))
    return place


def _ask(edition: Edition, sql: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    return edition.rows(Query("place", sql, values))


def _in_theme(row: dict[str, Any]) -> PlaceInTheme:
    low, high = wilson_interval(row["n_part"], row["n"])
    alone_low, alone_high = wilson_interval(row["n_alone"], row["n"])
    bounds = (float(np.round(each, 9)) for each in (low, high, alone_low, alone_high))
    low_, high_, alone_low_, alone_high_ = bounds
    return PlaceInTheme(
        **row, share=row["n_part"] / row["n"], low=low_, high=high_,
        share_alone=row["n_alone"] / row["n"], alone_low=alone_low_, alone_high=alone_high_,
    )  # fmt: skip


def _in_words(place: ClusterPlace) -> list[str]:
    said = []
    whole = next((t for t in place.themes if t.theme == "all"), None)
    if whole is None:
        return ["It takes part in none of the cluster's activities that are known."]
    said.append(
        f"It takes part in {whole.n_part:,} of the cluster's {whole.n:,} activities, "
        f"{100 * whole.share:.0f} % ({100 * whole.low:.0f}–{100 * whole.high:.0f} %)."
    )
    if whole.n_alone:
        said.append(
            f"Without it {whole.n_alone:,} of them would have no member of the cluster, "
            f"{100 * whole.share_alone:.0f} % "
            f"({100 * whole.alone_low:.0f}–{100 * whole.alone_high:.0f} %)."
        )
    lost = [t for t in place.themes if t.theme != "all" and t.n_alone == t.n]
    if lost:
        said.append("Of these themes the cluster would have nothing: "
                    + ", ".join(t.label or t.theme for t in lost) + ".")  # fmt: skip
    n = place.n_brought
    if any(n.values()):
        said.append(
            f"No other member works with {n['organisation']:,} of its partners outside, "
            f"{n['cluster']:,} of their clusters and {n['country']:,} of their countries."
        )
    if place.n_of_helix == 1 and place.helix != "unknown":
        said.append(f"It is the only member of {place.helix}.")
    if place.n_partners:
        said.append(f"Of its {place.n_partners:,} partners outside since {place.split} it had "
                    f"{place.n_met:,} before.")  # fmt: skip
    return said


_ABOUT = """
    with ranked as (
        select organisation_id, helix, rank() over (order by n_activities desc) as rank,
               count(*) over () as n_members, count(*) over (partition by helix) as n_of_helix
        from atlas.cluster_members where cluster_id = $cluster)
    select n_members, n_of_helix, rank from ranked where organisation_id = $organisation"""

_INSIDE = """
    with own as (select site_id from atlas.memberships where cluster_id = $cluster),
    inside as (
        select c.activity_id, c.year, c.n_members, c.activity_id in (
            select activity_id from atlas.participations
            where organisation_id = $organisation and site_id in (select site_id from own)) as mine
        from atlas.cluster_activities c where c.cluster_id = $cluster)"""

_THEMES = _INSIDE + """,
    labels as (
        select activity_id, 'all' as theme from inside
        union all select activity_id, theme from atlas.activity_themes where weight > 0)
    select l.theme, any_value(t.label) as label, count(*) as n, count(*) filter (mine) as n_part,
           count(*) filter (mine and n_members = 1) as n_alone
    from inside join labels l using (activity_id) left join atlas.themes t on t.theme = l.theme
    group by l.theme having count(*) filter (mine) > 0
    order by l.theme <> 'all', n_alone desc, n_part desc, l.theme"""  # fmt: skip

# Partners outside, of the cluster as a whole, with whom only activities alone are shared.
# Of the cluster as a whole: whom it shares only activities with in which this alone takes part.
_BROUGHT = (
    _INSIDE
    + """,
    work as materialized (
        select p.activity_id, p.organisation_id, p.site_id, p.country, mine and n_members = 1 as own
        from inside join atlas.participations p using (activity_id)),
    like_it as (
        select c.cluster_id, m.site_id from atlas.clusters c
        join atlas.clusters h on h.cluster_id = $cluster and (h.level, h.theme, h.period)
             = (c.level, c.theme, c.period) and h.cluster_id <> c.cluster_id
        join atlas.memberships m on m.cluster_id = c.cluster_id),
    partners as (
        select * from work where organisation_id not in (
            select organisation_id from atlas.memberships where cluster_id = $cluster)),
    ends as (
        select distinct 'organisation' as kind, organisation_id as id, activity_id, own
        from partners
        union all
        select distinct 'country', country, activity_id, own from partners
        where country is not null
        union all
        select distinct 'cluster', cluster_id, activity_id, own
        from work join like_it using (site_id)),
    brought as (
        select kind, id, count(*) as n_activities from ends group by kind, id having bool_and(own))
    select b.kind, b.id, coalesce(o.name, c.name) as name, b.n_activities
    from brought b
    left join atlas.organisations o on b.kind = 'organisation' and o.organisation_id = b.id
    left join atlas.clusters c on b.kind = 'cluster' and c.cluster_id = b.id
    order by b.kind, b.n_activities desc, b.id"""
)

_MET = _INSIDE + """,
    ties as (
        select p.organisation_id, bool_or(year < $split) as met, bool_or(year >= $split) as present
        from inside join atlas.participations p using (activity_id)
        where mine and year is not null and p.organisation_id not in (
            select organisation_id from atlas.memberships where cluster_id = $cluster)
        group by p.organisation_id)
    select count(*) filter (present) as n, count(*) filter (present and met) as n_met
    from ties"""  # fmt: skip
