"""Who takes part in which activity, in numbers: the ground of ties and roles."""

from collections.abc import Sequence

from triplehelix.query import Query
from triplehelix.tables import SHARE_PARTS

# Ids are text, slow to compare and large to hold: all that follows is in numbers.


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


def link_sites() -> Query:
    """Sites in clusters, numbered from 1: (site_id, site)."""
    return Query(
        "link_sites",
        """
        select site_id, row_number() over (order by site_id) as site
        from (select distinct site_id from memberships join link_clusters using (cluster_id))
        """,
    )


def link_members() -> Query:
    """Which sites are in which cluster: (layer, site, cluster)."""
    return Query(
        "link_members",
        """
        select distinct layer::integer as layer, site::integer as site, cluster::integer as cluster
        from memberships join link_clusters using (cluster_id) join link_sites using (site_id)
        """,
    )


def link_activities() -> Query:
    """Activities that may be shared, numbered from 0 in the order of their ids."""
    return Query(
        "link_activities",
        """
        select activity_id, row_number() over (order by activity_id) - 1 as activity
        from (
            select activity_id from participations where role is distinct from 'funder'
            group by activity_id having count(*) > 1)
        """,
    )


def link_organisations() -> Query:
    """Organisations numbered from 0 in the order of their ids; country and helix, '' unknown."""
    return Query(
        "link_organisations",
        """
        with bodies as (
            select distinct organisation_id
            from participations where role is distinct from 'funder')
        select organisation_id, row_number() over (order by organisation_id) - 1 as organisation,
            coalesce(country, '') as country,
            case when helix = 'unknown' then '' else coalesce(helix, '') end as helix
        from bodies left join organisations using (organisation_id)
        """,
    )


def link_performers() -> Query:
    """Who takes part where: (activity, organisation, site; 0 for a site in no cluster)."""
    return Query(
        "link_performers",
        """
        select activity::integer as activity, organisation::integer as organisation,
            coalesce(site, 0)::integer as site
        from participations join link_activities using (activity_id)
        join link_organisations using (organisation_id) left join link_sites using (site_id)
        where role is distinct from 'funder'
        """,
    )


def link_labels(periods: Sequence[str]) -> Query:
    """Of each activity its themes, and its period: (activity, theme, period, weight in parts)."""
    return Query(
        "link_labels",
        """
        with periods as (
            select period, split_part(period, '/', 1)::integer as first,
                split_part(period, '/', 2)::integer as last
            from (select unnest($periods::varchar[]) as period))
        select activity::integer as activity, theme, 'all' as period,
            round(t.weight * $share_parts)::bigint as weight
        from link_activities join activity_themes t using (activity_id)
        where t.weight > 0
        union all
        select activity::integer, 'all', p.period, $share_parts::bigint
        from link_activities join activities a using (activity_id)
        join periods p on year(a.start) between p.first and p.last
        """,
        {"share_parts": SHARE_PARTS, "periods": list(periods)},
    )
