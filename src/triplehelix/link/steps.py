"""The steps that turn clusters and participations into links."""

from collections.abc import Mapping
from typing import Any

from triplehelix.query import Query, Step
from triplehelix.tables import SHARE_PARTS

_PARTS = {"share_parts": SHARE_PARTS}


def steps(parameters: Mapping[str, Any] | None = None) -> list[Step]:
    """
    Steps from clusters and participations to the table `links`.

    They read `clusters`, `memberships`, `organisations`, `participations` and
    `activity_themes`, and no table of another stage's making beside these.

    Parameters
    ----------
    parameters : mapping, optional
        The build's parameters; none changes a link so far.

    Returns
    -------
    list of steps
        In the order in which they run; the last makes `links`.

    Notes
    -----
    The weight is that of `collaboration` with equal shares: an activity with n participants
    spreads a weight of one evenly over its n (n - 1) / 2 pairs. It is kept in whole parts of
    1e-9, each tie of an activity rounded to the nearest, so that no sum depends on the order
    of rows. A participant is an organisation at one cluster, or outside all of them: one at
    work in two clusters is two participants, and ties the two. Funders do not take part.

    Rows of `links`:

    - between clusters, once per pair, `from` < `to`; clusters of one method and level only,
      so that none is tied to the larger one around it. Clusters that were found for a theme
      or a period alone have no links: these count all activity;
    - inside a cluster, `from` = `to`;
    - from a cluster to a country (`to` is its ISO code): participants from that country that
      are not in the cluster, be they in another cluster, elsewhere, or in a place unknown;
      its own country included. These hold the ties between clusters again: do not add both.
      Participants whose country is unknown are in no such row.

    `theme` is `all`, or a theme: then weights are those of the activity times the theme's
    weight in it. `n_activities` counts each activity fully. `period` is `all`; `expected`,
    `residual`, `low` and `high` are NULL: nothing here says what to expect.

    Examples
    --------
    >>> [step.makes for step in steps()]
    ['link_clusters', 'link_participants', 'link_ties', 'links']
    """
    return [_link_clusters(), _link_participants(), _link_ties(), _links()]


def _link_clusters() -> Query:
    """Clusters numbered in the order of their ids, and the layer each belongs to."""
    return Query(
        "link_clusters",
        """
        select cluster_id, row_number() over (order by cluster_id) as cluster,
            dense_rank() over (order by method, level) as layer
        from clusters
        where theme = 'all' and period = 'all'
        """,
    )


def _link_participants() -> Query:
    """Numbers of participants: (activity_id, activity, layer, cluster or NULL, country, n)."""
    return Query(
        "link_participants",
        """
        with performers as (
            select distinct activity_id, organisation_id, site_id
            from participations where role is distinct from 'funder'),
        layers as (select distinct layer from link_clusters),
        members as (
            select layer, site_id, cluster
            from memberships join link_clusters using (cluster_id)),
        participants as (
            select distinct activity_id, layer, cluster, organisation_id
            from performers cross join layers left join members using (layer, site_id)),
        numbers as (
            select activity_id, row_number() over (order by activity_id) as activity
            from participants group by activity_id having count(*) > 1)
        select activity_id, activity, layer, cluster, coalesce(country, '') as country,
            count(*) as n
        from participants join numbers using (activity_id)
        left join organisations using (organisation_id)
        group by all
        """,
    )


def _link_ties() -> Query:
    """Ties of each activity: (activity, from_cluster, to_cluster or to_country, parts)."""
    return Query(
        "link_ties",
        """
        with sizes as (
            select activity, layer, sum(n)::bigint as n
            from link_participants group by all having sum(n) > 1),
        in_cluster as (
            select activity, layer, cluster, sum(n)::bigint as n
            from link_participants where cluster is not null group by all),
        in_country as (
            select activity, layer, country, sum(n)::bigint as n
            from link_participants where country <> '' group by all),
        ties as (
            select activity, layer, a.cluster as from_cluster, b.cluster as to_cluster,
                null as to_country, a.n * b.n as n_pairs
            from in_cluster a join in_cluster b using (activity, layer)
            where a.cluster < b.cluster
            union all
            select activity, layer, cluster, cluster, null, n * (n - 1) // 2
            from in_cluster where n > 1
            union all
            select activity, layer, a.cluster, null, c.country,
                a.n * (c.n - coalesce(here.n, 0))
            from in_cluster a join in_country c using (activity, layer)
            left join link_participants here using (activity, layer, cluster, country)
            where c.n > coalesce(here.n, 0))
        -- Rounded to the nearest part: (x + d / 2) / d for x = share_parts * n_pairs and d
        -- the number of pairs, both doubled.
        select activity, from_cluster, to_cluster, to_country,
            (2 * $share_parts::bigint * n_pairs + sizes.n * (sizes.n - 1) // 2)
                // (sizes.n * (sizes.n - 1)) as parts
        from ties join sizes using (activity, layer)
        """,
        dict(_PARTS),
    )


def _links() -> Query:
    return Query(
        "links",
        """
        with labels as (
            select distinct activity, 'all' as theme, $share_parts::bigint as weight
            from link_participants
            union all
            select distinct activity, theme, round(t.weight * $share_parts)::bigint
            from link_participants join activity_themes t using (activity_id)
            where t.weight > 0),
        summed as (
            select from_cluster, to_cluster, to_country, theme,
                sum(parts * weight) / ($share_parts::double * $share_parts) as weight,
                count(*) as n_activities
            from link_ties join labels using (activity)
            group by from_cluster, to_cluster, to_country, theme)
        select f.cluster_id as "from", coalesce(t.cluster_id, to_country) as "to", theme,
            'all' as period, round(summed.weight, 9) as weight,
            n_activities::bigint as n_activities, null::double as expected,
            null::double as residual, null::double as low, null::double as high
        from summed
        join link_clusters f on f.cluster = from_cluster
        left join link_clusters t on t.cluster = to_cluster
        """,
        dict(_PARTS),
    )
