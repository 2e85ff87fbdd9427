"""
Tables derived once from an opened edition, so that every later question reads few rows.

They live beside the edition's own tables, in the schema `atlas` of the same in-memory
database, and vanish with it; the edition on disk is never written. Funders pay for work and
do not do it, so no count of activities in here includes a funder's part.
"""

import sys
import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary, WeakSet

from triplehelix.query import Query
from triplehelix.store.edition import Edition

P = ParamSpec("P")
R = TypeVar("R")

_ready: WeakSet[Edition] = WeakSet()
_lock = threading.Lock()

# Precise enough to say in which town an organisation stands (and to enter detection).
PLACED = ("address", "postcode", "district", "city")

_TABLES = (
    Query("atlas.activities", """
        select activity_id, kind,
               coalesce(nullif(trim(title), ''),
                        'Untitled ' || kind || ' ' || split_part(activity_id, ':', -1)) as title,
               coalesce(trim(title), '') <> '' as titled,
               start, "end", year(start) as year
        from activities order by activity_id"""),
    # In memory, because pages about one organisation or activity would scan whole files.
    Query("atlas.parts", """
        select p.participation_id, p.activity_id, p.organisation_id, p.site_id, p.role, p.share,
               p.amount::double as amount, p.currency,
               case when r.record_id is not null then {
                   'record_id': r.record_id, 'source': r.source,
                   'source_record_id': r.source_record_id, 'file': r.file,
                   'entity_kind': r.entity_kind, 'name': r.name, 'matched_how': r.matched_how,
                   'match_probability': r.match_probability, 'confidence': r.confidence,
                   'source_url': r.source_url, 'note': r.note} end as record
        from participations p left join records r using (record_id)
        order by p.activity_id, p.participation_id"""),
    Query("atlas.sites", "select * from sites order by organisation_id, site_id"),
    Query("atlas.memberships", "select * from memberships order by cluster_id, site_id"),
    Query("atlas.records", """
        select * from records where entity_kind is distinct from 'participation'
        order by entity_id, record_id"""),
    Query("atlas.identifiers", "select * from identifiers order by entity_id, scheme, value"),
    Query("atlas.themes", "select * from themes order by theme"),
    Query("atlas.activity_themes", "select * from activity_themes order by activity_id, theme"),
    Query("atlas.profiles", """
        select cluster_id, measure, theme, value, low, high, n, note from profiles
        where period = 'all' order by cluster_id, measure, theme"""),
    # A tie is undirected and stands in the table once; here it is found from either end.
    Query("atlas.ties", """
        with ties as (
            select "from", "to", weight, n_activities, expected, low, high from links
            where theme = 'all' and period = 'all')
        select "from" as of, "to" as id, * exclude ("from", "to") from ties
        union
        select "to", "from", * exclude ("from", "to") from ties
        order by of, id"""),
    Query("atlas.pairs", """
        select least("from", "to") as a, greatest("from", "to") as b, l.weight, l.n_activities,
               l.expected, l.residual, l.low, l.high,
               coalesce(x.level, y.level) as level, coalesce(x.theme, y.theme) as of,
               coalesce(x.period, y.period) as period,
               case when x.cluster_id is null or y.cluster_id is null then 'country'
                    else 'cluster' end as kind
        from links l
        left join clusters x on x.cluster_id = l."from"
        left join clusters y on y.cluster_id = l."to"
        where l.theme = 'all' and l.period = 'all' and "from" <> "to"
        qualify row_number() over (partition by a, b order by "from") = 1
        order by l.n_activities desc nulls last, l.weight desc nulls last, a, b"""),
    # Ties of two clusters, or of two countries, per theme and period.
    Query("atlas.arcs", """
        select case when x.cluster_id is null then 'country' else 'cluster' end as kind,
               coalesce(x.level, 0) as level, l.theme, l.period, l."from" as a, l."to" as b,
               l.weight, l.n_activities, l.expected, l.residual, l.low, l.high, l.p_value
        from links l
        left join clusters x on x.cluster_id = l."from"
        left join clusters y on y.cluster_id = l."to"
        where l."from" <> l."to" and (x.cluster_id is null) = (y.cluster_id is null)
        order by kind, level, l.theme, l.period, a, b"""),
    Query("atlas.participations", """
        select p.activity_id, p.organisation_id, p.site_id, o.country,
               coalesce(s.precision in ('address', 'postcode', 'district', 'city'), false)
                   or coalesce(p.site_id in (select site_id from atlas.memberships), false)
                   as placed
        from atlas.parts p
        join organisations o using (organisation_id)
        left join atlas.sites s using (site_id)
        where p.role is distinct from 'funder'
        order by p.organisation_id, p.activity_id"""),
    Query("atlas.organisations", """
        select o.organisation_id, o.helix, o.country, coalesce(o.names, []) as names,
               coalesce(o.sources, []) as sources, o.main_site_id, o.parent_id,
               coalesce(nullif(trim(o.name), ''), 'Name not given (' || o.organisation_id || ')')
                   as name,
               coalesce(trim(o.name), '') <> '' as named,
               coalesce(n.n_activities, 0) as n_activities
        from organisations o
        left join (select organisation_id, count(distinct activity_id) as n_activities
                   from atlas.participations group by organisation_id) n using (organisation_id)
        order by o.organisation_id"""),
    # What counts as local, national and international is what `measure` says: a partner in the
    # country whose own place is unknown may stand inside or outside, so it is left out.
    Query("atlas.cluster_activities", """
        with inside as (
            select distinct m.cluster_id, p.activity_id, p.organisation_id
            from atlas.memberships m
            join clusters c using (cluster_id)
            join atlas.participations p using (site_id)
            join atlas.activities a using (activity_id)
            left join atlas.activity_themes t on t.activity_id = p.activity_id
                 and t.theme = c.theme
            where (c.theme = 'all' or t.theme is not null)
              and (c.period = 'all' or a.year between split_part(c.period, '/', 1)::integer
                                                  and split_part(c.period, '/', 2)::integer)),
        work as (
            select cluster_id, activity_id, count(*) as n_members
            from inside group by cluster_id, activity_id),
        performers as (
            select activity_id, organisation_id, any_value(country) as country,
                   bool_or(placed) as placed
            from atlas.participations group by activity_id, organisation_id),
        beyond as (
            select w.cluster_id, w.activity_id,
                   bool_or(p.placed and list_contains(c.countries, p.country)) as national,
                   bool_or(not list_contains(c.countries, p.country)) as international
            from work w
            join clusters c using (cluster_id)
            join performers p using (activity_id)
            anti join inside i on i.cluster_id = w.cluster_id
                 and i.activity_id = w.activity_id and i.organisation_id = p.organisation_id
            group by w.cluster_id, w.activity_id)
        select w.cluster_id, w.activity_id, a.year, w.n_members, w.n_members > 1 as local,
               coalesce(b.national, false) as national,
               coalesce(b.international, false) as international
        from work w
        join atlas.activities a using (activity_id)
        left join beyond b using (cluster_id, activity_id)
        order by w.cluster_id, w.activity_id"""),
    Query("atlas.cluster_members", """
        select m.cluster_id, m.organisation_id, any_value(o.name) as name,
               any_value(o.helix) as helix, bool_or(m.core) as core,
               max(m.probability) as probability,
               count(distinct a.activity_id) as n_activities
        from atlas.memberships m
        join atlas.organisations o using (organisation_id)
        left join atlas.participations p using (site_id)
        left join atlas.cluster_activities a on a.cluster_id = m.cluster_id
             and a.activity_id = p.activity_id
        group by m.cluster_id, m.organisation_id
        order by m.cluster_id, m.organisation_id"""),
    # Currencies are never added to one another: the one most participations state is shown.
    Query("atlas.cluster_amounts", """
        select cluster_id, substr(measure, 8) as currency, value as amount
        from atlas.profiles
        where starts_with(measure, 'amount_') and theme = 'all' and value is not null
        qualify row_number() over (partition by cluster_id order by n desc, measure) = 1
        order by cluster_id"""),
    Query("atlas.cluster_themes", """
        select c.cluster_id, t.theme, count(*) as n_activities
        from atlas.cluster_activities c join atlas.activity_themes t using (activity_id)
        group by c.cluster_id, t.theme
        order by c.cluster_id, t.theme"""),
    # Why a cluster is of its kinds, in words.
    Query("atlas.kinds", """
        select c.cluster_id, string_agg(p.note, '; ' order by p.measure) as kind_reason
        from clusters c join atlas.profiles p using (cluster_id)
        where p.theme = 'all' and starts_with(p.measure, 'kind_')
          and list_contains(string_split(replace(c.kind, '&', ''), '; '),
                            replace(substr(p.measure, 6), '_', '-'))
        group by c.cluster_id order by c.cluster_id"""),
    Query("atlas.clusters", """
        select c.cluster_id, c.name, c.places, c.countries, c.theme, c.period, c.method, c.level,
               c.theme = 'all' and c.period = 'all' and c.level = 0 as main, c.parent_id, c.kind,
               c.centre_lat, c.centre_lon, c.area_km2, c.n_organisations,
               c.n_activities, c.weight, c.stability, c.p_value, c.q_value, c.evidence,
               r.value as rank, r.low as rank_low, r.high as rank_high,
               o.low as n_organisations_low, o.high as n_organisations_high,
               a.low as n_activities_low, a.high as n_activities_high,
               m.amount, m.currency, k.kind_reason
        from clusters c left join atlas.cluster_amounts m using (cluster_id)
        left join atlas.kinds k using (cluster_id)
        left join profiles r on r.cluster_id = c.cluster_id and r.measure = 'rank'
        left join profiles o on o.cluster_id = c.cluster_id and o.measure = 'n_organisations'
             and o.theme = c.theme and o.period = c.period
        left join profiles a on a.cluster_id = c.cluster_id and a.measure = 'n_activities'
             and a.theme = c.theme and a.period = c.period
        order by c.cluster_id"""),
    # Of each other theme and period, the cluster of the same level that shares most sites.
    Query("atlas.alike", """
        with sites as (
            select m.cluster_id, m.site_id, c.level, c.theme, c.period,
                   count(*) over (partition by m.cluster_id) as n
            from atlas.memberships m join clusters c using (cluster_id)),
        shared as (
            select a.cluster_id, b.cluster_id as other, b.theme, b.period, count(*) as n_both,
                   count(*) / (any_value(a.n) + any_value(b.n) - count(*)) as share
            from sites a join sites b
                 on b.site_id = a.site_id and b.level = a.level
                 and (b.theme, b.period) <> (a.theme, a.period)
            group by a.cluster_id, b.cluster_id, b.theme, b.period)
        select cluster_id, other, share from shared
        qualify row_number() over (partition by cluster_id, theme, period
                                   order by n_both desc, share desc, other) = 1
        order by cluster_id, other"""),
    # Each site with its place, and the largest of the clusters it is in.
    Query("atlas.stands", """
        select s.site_id, s.organisation_id, s.name, s.place_id, p.name as place, s.lat, s.lon,
               s.precision, s.source, c.cluster_id, c.name as cluster
        from sites s
        left join places p using (place_id)
        left join memberships m on m.site_id = s.site_id
        left join atlas.clusters c on c.cluster_id = m.cluster_id
             and c.main
        qualify row_number() over (partition by s.site_id
                                   order by c.n_activities desc nulls last, c.cluster_id) = 1
        order by s.organisation_id, s.site_id"""),
    Query("atlas.names", """
        select kind, id, label, lower(strip_accents(name)) as folded, country, weight from (
            select distinct 'organisation' as kind, o.organisation_id as id, a.name as label,
                   unnest(list_distinct(list_prepend(o.name, coalesce(o.names, [])))) as name,
                   o.country, a.n_activities as weight
            from organisations o join atlas.organisations a using (organisation_id)
            where a.named
            union all
            select 'cluster', cluster_id, name,
                   unnest(list_distinct(list_prepend(name, coalesce(places, [])))),
                   countries[1], n_activities from clusters
            union all
            select 'theme', theme, label,
                   unnest([label, replace(theme, '-', ' ')]), null, 0 from themes
            union all
            select 'place', place_id, name,
                   unnest(list_distinct(list_prepend(name, coalesce(names, [])))),
                   country, coalesce(population, 0) from places
            union all
            select 'activity', activity_id, title, title, null, coalesce(year, 0)
            from atlas.activities where titled)
        where name is not null"""),
)  # fmt: skip


def prepare(edition: Edition) -> Edition:
    """Make the derived tables of an edition unless that is done, and return the edition."""
    if edition in _ready:
        return edition
    with _lock:
        if edition not in _ready:
            edition.rows(Query("atlas", "create schema atlas"))
            for table in _TABLES:
                edition.rows(table._replace(sql=f"create table {table.makes} as {table.sql}"))
            _ready.add(edition)
    return edition


def answer_many(edition: Edition) -> None:
    """Give each question one thread: small ones at once are faster than each on all cores."""
    edition.rows(Query("threads", "set threads = 1"))


def once_per_edition(
    ask: Callable[Concatenate[Edition, P], R],
) -> Callable[Concatenate[Edition, P], R]:
    """Keep the answers of a question with few possible arguments: editions never change."""
    return kept_per_edition(sys.maxsize)(ask)


def kept_per_edition(
    most: int,
) -> Callable[[Callable[Concatenate[Edition, P], R]], Callable[Concatenate[Edition, P], R]]:
    """Keep so many answers of a question, those asked for last: editions never change."""

    def keeping(ask: Callable[Concatenate[Edition, P], R]) -> Callable[Concatenate[Edition, P], R]:
        return _kept(ask, most)

    return keeping


def _kept(
    ask: Callable[Concatenate[Edition, P], R], most: int
) -> Callable[Concatenate[Edition, P], R]:
    kept: WeakKeyDictionary[Edition, dict[Any, R]] = WeakKeyDictionary()

    @wraps(ask)
    def asked(edition: Edition, /, *args: P.args, **kwargs: P.kwargs) -> R:
        answers = kept.setdefault(edition, {})
        key = (args, tuple(sorted(kwargs.items())))
        if key not in answers:
            answer = ask(edition, *args, **kwargs)
            while len(answers) >= most:
                answers.pop(next(iter(answers)), None)
            answers[key] = answer
            return answer
        return answers[key]

    return asked
