"""What enters detection: the strata, the work done at each site, and what each site weighs."""

from triplehelix.detect.parameters import (
    EACH_THEME,
    LEAST_MIN_WEIGHT,
    ONE_IN,
    PRECISE,
    Parameters,
    years_of,
)
from triplehelix.query import Query


def strata(parameters: Parameters) -> Query:
    """
    The (theme, period) pairs for which clusters are found, with the first and last year.

    All activity together always; the activities of a theme; those begun in a period.
    """
    years = [years_of(period) for period in parameters.periods]
    return Query("strata", """
        select 'all' as theme, 'all' as period, null::integer as first, null::integer as last
        union all
        select theme, 'all', null, null from (select distinct theme from activity_themes)
        where $each or list_contains($themes::varchar[], theme)
        union all
        select 'all', * from (
            select unnest($periods::varchar[]), unnest($firsts::integer[]),
                   unnest($lasts::integer[]))""",
        {"each": EACH_THEME in parameters.themes, "themes": list(parameters.themes),
         "periods": list(parameters.periods), "firsts": [first for first, _ in years],
         "lasts": [last for _, last in years]})  # fmt: skip


def located_sites(parameters: Parameters) -> Query:
    """
    The sites that take part: placed surely enough, and not only paying for work.

    A funder is not a performer: a site, or an organisation, all of whose participations are
    as a funder is left out. One without any participation is listed, and counts.
    """
    return Query("located_sites", """
        with at_work as (
            select site_id, bool_or(role is distinct from 'funder') as performs
            from participations where site_id is not null group by site_id
        ), funders as (
            select organisation_id from participations group by organisation_id
            having bool_and(role is not distinct from 'funder')
        )
        select s.site_id, s.organisation_id, o.name as organisation, s.lat, s.lon,
               s.place_id, p.name as place,
               coalesce(p.country, o.country) as country,
               list_contains($precise, s.precision) as precise
        from sites s
        left join organisations o on o.organisation_id = s.organisation_id
        left join places p on p.place_id = s.place_id
        left join at_work w on w.site_id = s.site_id
        where list_contains($placed, s.precision) and s.lat is not null and s.lon is not null
          and coalesce(w.performs, true)
          and s.organisation_id not in (select organisation_id from funders)
        order by s.site_id""",
        {"placed": parameters.placed, "precise": list(PRECISE)})  # fmt: skip


SITE_WORK = Query("site_work", """
    with work as (
        select distinct p.site_id, p.activity_id
        from participations p join located_sites using (site_id)
        where p.role is distinct from 'funder')
    select 'all' as theme, 'all' as period, * from work
    union all
    select t.theme, 'all', w.* from work w
    join activity_themes t using (activity_id)
    join strata s on s.theme = t.theme
    union all
    select 'all', s.period, w.* from work w
    join activities a using (activity_id)
    join strata s on year(a.start) between s.first and s.last""")  # fmt: skip


def site_weights(weight: str) -> Query:
    """What each site weighs in each stratum; without work it is only listed, in the first."""
    return Query("site_weights", """
        with weighed as (
            select theme, period, site_id, count(*) as n from site_work group by all)
        select t.theme, t.period, l.*,
               case when $weight = 'activities' then coalesce(n, 1) else 1 end::bigint as weight
        from strata t cross join located_sites l
        left join weighed w using (theme, period, site_id)
        where n is not null or (t.theme = 'all' and t.period = 'all')
        order by t.theme, t.period, l.site_id""", {"weight": weight})  # fmt: skip


def detection(min_weight: float | None) -> Query:
    """For each stratum the weight that makes a site core, given or by the rule, and all weight."""
    return Query("detection", """
        select t.theme, t.period,
               coalesce($given::double, greatest($least, sum(weight) / $one_in), $least)
                   as min_weight,
               coalesce(sum(weight), 0)::bigint as weight, count(weight) as n_sites
        from strata t left join site_weights using (theme, period)
        group by t.theme, t.period
        order by t.theme, t.period""",
        {"given": min_weight, "least": LEAST_MIN_WEIGHT, "one_in": ONE_IN})  # fmt: skip
