"""The steps that turn clusters and participations into links."""

from collections.abc import Mapping
from functools import partial

from triplehelix.link.expecting import links_with_expected
from triplehelix.query import Calculation, Query, Step
from triplehelix.tables import SHARE_PARTS

_PARTS = {"share_parts": SHARE_PARTS}


def steps(languages: Mapping[str, tuple[str, ...]] | None = None) -> list[Step]:
    """
    Steps from clusters and participations to the table `links`.

    They read `clusters`, `memberships`, `sites`, `organisations`, `participations` and
    `activity_themes`, and no table of another stage's making beside these.

    Parameters
    ----------
    languages : mapping, optional
        The official languages of each country, by its code; without it no two countries are
        taken to share one.

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
    weight in it. `n_activities` counts each activity fully. `period` is `all`.

    `expected` is what gravity (`gravity`, `pair_columns`) leads one to expect of the two by
    their size in shared activities, distance, border, language and themes, fitted over all
    pairs of clusters of one layer and theme, tied or not; likewise over those of a cluster
    with a country, whose place is the middle of its sites. `residual` is weight - expected;
    `low` and `high` are the bounds of the weight, wider by what is unsure of the expectation:
    the residual is beyond chance where `expected` lies outside of them. NULL for ties inside,
    and where fewer than 30 pairs are tied.

    Examples
    --------
    >>> [step.makes for step in steps()]
    ['link_clusters', 'link_participants', 'link_ties', 'links_counted', 'link_labels',
     'link_nodes', 'link_node_themes', 'links']
    """
    return [
        _link_clusters(), _link_participants(), _link_ties(), _links_counted(), _link_labels(),
        _link_nodes(), _link_node_themes(), _links(languages or {}),
    ]  # fmt: skip


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


def _links_counted() -> Query:
    """Links without what is to be expected of them; with the parts their bounds rest on."""
    return Query(
        "links_counted",
        """
        with themes as (
            select distinct activity, theme, round(t.weight * $share_parts)::bigint as weight
            from link_participants join activity_themes t using (activity_id)
            where t.weight > 0),
        -- Of all activity the weight is one: most rows are these, and need no join.
        labelled as (
            select from_cluster, to_cluster, to_country, 'all' as theme, parts,
                $share_parts::bigint as weight
            from link_ties
            union all
            select from_cluster, to_cluster, to_country, theme, parts, weight
            from link_ties join themes using (activity)),
        summed as (
            select from_cluster, to_cluster, to_country, theme,
                sum(parts * weight) / ($share_parts::double * $share_parts) as weight,
                sum((parts * weight // $share_parts::bigint)::hugeint
                    * (parts * weight // $share_parts::bigint))
                    / ($share_parts::double * $share_parts) as squares,
                max(parts * weight // $share_parts::bigint) / $share_parts::double as largest,
                count(*) as n_activities
            from labelled
            group by from_cluster, to_cluster, to_country, theme)
        select f.layer, f.cluster_id as "from", coalesce(t.cluster_id, to_country) as "to", theme,
            case when to_cluster = from_cluster then 'inside'
                 when to_cluster is null then 'country' else 'cluster' end as kind,
            round(summed.weight, 9) as weight, n_activities::bigint as n_activities,
            squares, largest
        from summed
        join link_clusters f on f.cluster = from_cluster
        left join link_clusters t on t.cluster = to_cluster
        """,
        dict(_PARTS),
    )


def _link_labels() -> Query:
    """Shared activities of each end, per theme: (layer, id, is_country, theme, n)."""
    return Query(
        "link_labels",
        """
        with ends as (
            select distinct activity_id, p.layer, cluster_id as id, false as is_country
            from link_participants p join link_clusters c using (cluster)
            union all
            select distinct activity_id, layer, country, true
            from link_participants where country <> ''),
        labels as (
            select activity_id, 'all' as theme from ends
            union
            select activity_id, theme from activity_themes where weight > 0)
        select layer, id, is_country, theme, count(*) as n
        from ends join labels using (activity_id)
        group by all
        """,
    )


def _link_nodes() -> Query:
    """Ends of links with their size and place: (layer, id, is_country, theme, size, lat, ...)."""
    return Query(
        "link_nodes",
        """
        with counted as (
            select o.country, round(s.lat, 5)::decimal(9, 5) as lat,
                round(s.lon, 5)::decimal(9, 5) as lon
            from sites s join organisations o using (organisation_id)
            where s.precision in ('address', 'postcode', 'district', 'city')
                and o.country is not null and s.lat is not null),
        -- The middle one of its sites each way: exact, and the same in any order of rows.
        centres as (
            select country, quantile_disc(lat, 0.5)::double as lat,
                quantile_disc(lon, 0.5)::double as lon
            from counted group by country)
        select l.layer, l.id, l.is_country, l.theme, l.n::double as size,
            coalesce(c.centre_lat, m.lat) as lat, coalesce(c.centre_lon, m.lon) as lon,
            case when l.is_country then l.id
                 when len(c.countries) = 1 then c.countries[1] end as country
        from link_labels l
        left join clusters c on not l.is_country and c.cluster_id = l.id
        left join centres m on l.is_country and m.country = l.id
        """,
    )


def _link_node_themes() -> Query:
    return Query(
        "link_node_themes",
        "select layer, id, theme, n from link_labels where theme <> 'all'",
    )


def _links(languages: Mapping[str, tuple[str, ...]]) -> Calculation:
    return Calculation(
        "links",
        ("links_counted", "link_nodes", "link_node_themes"),
        partial(links_with_expected, languages=languages),
    )
