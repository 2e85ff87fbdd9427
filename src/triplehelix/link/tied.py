"""Who takes part in which shared activity, and the ties that each activity makes."""

from collections.abc import Sequence

from triplehelix.query import Query
from triplehelix.tables import SHARE_PARTS

_PARTS = {"share_parts": SHARE_PARTS}


def link_clusters() -> Query:
    """Clusters numbered in the order of their ids, and the layer each belongs to, from 1."""
    return Query(
        "link_clusters",
        """
        select cluster_id, row_number() over (order by cluster_id) as cluster,
            dense_rank() over (order by method, level) as layer,
            array_to_string(list_sort(coalesce(countries, [])), '+') as countries
        from found_clusters
        where theme = 'all' and period = 'all'
        """,
    )


def link_performers() -> Query:
    """
    Participants of shared activities: (activity_id, activity, layer, cluster or NULL, ...).

    Layer 0 is that of countries: no cluster is in it, so each organisation is there once.
    """
    return Query(
        "link_performers",
        """
        with performers as (
            select distinct activity_id, organisation_id, site_id
            from participations where role is distinct from 'funder'),
        layers as (select layer from link_clusters union select 0),
        members as (
            select layer, site_id, cluster
            from memberships join link_clusters using (cluster_id)),
        participants as (
            select distinct activity_id, layer, cluster, organisation_id
            from performers cross join layers left join members using (layer, site_id)
            qualify count(*) over (partition by activity_id, layer) > 1),
        numbers as (
            select activity_id, row_number() over (order by activity_id) as activity
            from participants group by activity_id)
        select activity_id, activity, layer, cluster, organisation_id,
            coalesce(country, '') as country,
            case when helix = 'unknown' then '' else coalesce(helix, '') end as helix
        from participants join numbers using (activity_id)
        left join organisations using (organisation_id)
        """,
    )


def link_participants() -> Query:
    """Numbers of participants: (activity_id, activity, layer, cluster or NULL, country, n)."""
    return Query(
        "link_participants",
        """
        select activity_id, activity, layer, cluster, country, count(*) as n
        from link_performers group by all
        """,
    )


def link_labels(periods: Sequence[str]) -> Query:
    """Of each activity its themes, or its period: (activity, theme, period, weight in parts)."""
    return Query(
        "link_labels",
        """
        with shared as (select distinct activity_id, activity from link_participants),
        periods as (
            select period, split_part(period, '/', 1)::integer as first,
                split_part(period, '/', 2)::integer as last
            from (select unnest($periods::varchar[]) as period))
        select activity, 'all' as theme, 'all' as period, $share_parts::bigint as weight
        from shared
        union all
        select activity, theme, 'all', round(t.weight * $share_parts)::bigint
        from shared join activity_themes t using (activity_id)
        where t.weight > 0
        union all
        select activity, 'all', p.period, $share_parts::bigint
        from shared join activities a using (activity_id)
        join periods p on year(a.start) between p.first and p.last
        """,
        {**_PARTS, "periods": list(periods)},
    )


def link_ties() -> Query:
    """Ties of each activity: (activity, layer, both ends, a cluster or a country each, parts)."""
    return Query(
        "link_ties",
        """
        with sizes as (
            select activity, layer, sum(n)::bigint as n
            from link_participants group by all),
        in_cluster as (
            select activity, layer, cluster, sum(n)::bigint as n
            from link_participants where cluster is not null group by all),
        in_country as (
            select activity, layer, country, sum(n)::bigint as n
            from link_participants where country <> '' group by all),
        ties as (
            select activity, layer, a.cluster as from_cluster, b.cluster as to_cluster,
                null as from_country, null as to_country, a.n * b.n as n_pairs
            from in_cluster a join in_cluster b using (activity, layer)
            where a.cluster < b.cluster
            union all
            select activity, layer, cluster, cluster, null, null, n * (n - 1) // 2
            from in_cluster where n > 1
            union all
            select activity, layer, cluster, null, null, c.country,
                a.n * (c.n - coalesce(here.n, 0))
            from in_cluster a join in_country c using (activity, layer)
            left join link_participants here using (activity, layer, cluster, country)
            where c.n > coalesce(here.n, 0)
            union all
            select activity, layer, null, null, a.country, b.country, a.n * b.n
            from in_country a join in_country b using (activity, layer)
            where layer = 0 and a.country < b.country
            union all
            select activity, layer, null, null, country, country, n * (n - 1) // 2
            from in_country where layer = 0 and n > 1)
        -- Rounded to the nearest part: (x + d / 2) / d for x = share_parts * n_pairs and d
        -- the number of pairs, both doubled.
        select activity, layer, from_cluster, to_cluster, from_country, to_country,
            (2 * $share_parts::bigint * n_pairs + sizes.n * (sizes.n - 1) // 2)
                // (sizes.n * (sizes.n - 1)) as parts
        from ties join sizes using (activity, layer)
        """,
        dict(_PARTS),
    )


def links_counted() -> Query:
    """Links without what is to be expected of them; with the parts their bounds rest on."""
    return Query(
        "links_counted",
        """
        with
        -- Of all activity the weight is one: most rows are these, and need no join.
        labelled as (
            select layer, from_cluster, to_cluster, from_country, to_country, parts,
                'all' as theme, 'all' as period, $share_parts::bigint as weight
            from link_ties
            union all
            select layer, from_cluster, to_cluster, from_country, to_country, parts,
                theme, period, weight
            from link_ties join link_labels using (activity)
            where theme <> 'all' or period <> 'all'),
        summed as (
            select layer, from_cluster, to_cluster, from_country, to_country, theme, period,
                sum(parts * weight) / ($share_parts::double * $share_parts) as weight,
                sum((parts * weight // $share_parts::bigint)::hugeint
                    * (parts * weight // $share_parts::bigint))
                    / ($share_parts::double * $share_parts) as squares,
                max(parts * weight // $share_parts::bigint) / $share_parts::double as largest,
                count(*) as n_activities
            from labelled
            group by all)
        select summed.layer, coalesce(f.cluster_id, from_country) as "from",
            coalesce(t.cluster_id, to_country) as "to", theme, period,
            case when to_cluster = from_cluster or to_country = from_country then 'inside'
                 when to_cluster is not null then 'cluster'
                 when from_cluster is null then 'countries' else 'country' end as kind,
            round(summed.weight, 9) as weight, n_activities::bigint as n_activities,
            squares, largest
        from summed
        left join link_clusters f on f.cluster = from_cluster
        left join link_clusters t on t.cluster = to_cluster
        """,
        dict(_PARTS),
    )
