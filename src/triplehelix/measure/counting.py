"""How much a cluster does: its participations, and its organisations, activities and money."""

from triplehelix.query import Query
from triplehelix.tables import SHARE_PARTS

# Shares and weights are summed as whole parts (`tables.SHARE_PARTS`), so that no sum depends
# on the order of rows; they become floating point only in the last division.
_PARTS = {"share_parts": float(SHARE_PARTS)}


def profiled_memberships() -> Query:
    """Memberships of the clusters that are profiled: those of all themes and all periods."""
    return Query(
        "profiled_memberships",
        """
        select m.* from memberships m join found_clusters c using (cluster_id)
        where c.theme = 'all' and c.period = 'all'
        """,
    )


def performing_participations() -> Query:
    """
    Every participation that does work, whether or not its place is known: no funders.

    Columns (participation_id, activity_id, organisation_id, site_id, country, helix, placed,
    parts, amount, currency, year): placed where the site stands at `city` or better; parts
    are the share in whole parts; year is that in which the activity starts, NULL if unknown.
    """
    return Query(
        "performing_participations",
        """
        select participation_id, activity_id, p.organisation_id, p.site_id, o.country,
            coalesce(o.helix, 'unknown') as helix,
            coalesce(s.precision in ('address', 'postcode', 'district', 'city'), false)
                or coalesce(p.site_id in (select site_id from memberships), false) as placed,
            round(p.share * $share_parts)::bigint as parts, p.amount, p.currency,
            year(a.start) as year
        from participations p
        left join organisations o on o.organisation_id = p.organisation_id
        left join sites s on s.site_id = p.site_id
        left join activities a using (activity_id)
        where p.role is distinct from 'funder'
        """,
        _PARTS,
    )


def cluster_participations() -> Query:
    """Performing participations at the sites of each profiled cluster, with its cluster_id."""
    return Query(
        "cluster_participations",
        """
        select cluster_id, p.* exclude (site_id, placed)
        from performing_participations p join profiled_memberships using (site_id)
        """,
    )


def cluster_activities() -> Query:
    """One row per cluster and activity: (cluster_id, activity_id, year, n_organisations, parts)."""
    return Query(
        "cluster_activities",
        """
        select cluster_id, activity_id, any_value(year) as year,
            count(distinct organisation_id) as n_organisations, sum(parts)::bigint as parts
        from cluster_participations
        group by cluster_id, activity_id
        """,
    )


def cluster_counts() -> Query:
    """
    Organisations and activities of each cluster: by theme or all, by start year or all.

    Columns (cluster_id, theme, period, n_organisations, n_activities, activity_share): the
    share is fractional, in activities: the parts of each activity done in the cluster, times
    the weight of the theme in that activity. An empty combination has no row. For theme and
    period `all`, organisations are the members, at work in an activity or not.
    """
    return Query(
        "cluster_counts",
        """
        with labels as (
            select distinct activity_id, 'all' as theme, $share_parts::bigint as weight
            from cluster_activities
            union all
            select activity_id, theme, round(weight * $share_parts)::bigint
            from activity_themes where weight > 0),
        counts as (
            select cluster_id, theme,
                case when grouping(year) = 1 then 'all' else year || '/' || year end as period,
                count(distinct organisation_id) as n_organisations,
                count(distinct activity_id) as n_activities,
                sum(parts * weight) / ($share_parts * $share_parts) as activity_share
            from cluster_participations join labels using (activity_id)
            group by grouping sets ((cluster_id, theme), (cluster_id, theme, year))
            having grouping(year) = 1 or year is not null),
        members as (
            select cluster_id, 'all' as theme, 'all' as period,
                count(distinct organisation_id) as n_members
            from profiled_memberships group by cluster_id)
        select cluster_id, theme, period,
            coalesce(n_members, n_organisations)::bigint as n_organisations,
            coalesce(n_activities, 0)::bigint as n_activities,
            coalesce(activity_share, 0) as activity_share
        from counts full join members using (cluster_id, theme, period)
        """,
        _PARTS,
    )


def cluster_amounts() -> Query:
    """
    Known money of each cluster, by currency: (cluster_id, currency, amount, n, n_unknown, n_all).

    Currencies are never added together. A cluster none of whose participations states an
    amount has NULL, not 0, in every currency of the edition. `XXX` (ISO 4217: no currency)
    stands for amounts that do not say which.
    """
    return Query(
        "cluster_amounts",
        """
        with currencies as (
            select distinct coalesce(currency, 'XXX') as currency
            from performing_participations where amount is not null),
        states as (
            select cluster_id, count(amount) as n_known, count(*) as n_all
            from cluster_participations group by cluster_id),
        known as (
            select cluster_id, coalesce(currency, 'XXX') as currency, sum(amount) as amount,
                count(*) as n
            from cluster_participations where amount is not null group by all)
        select cluster_id, currency, known.amount, coalesce(known.n, 0)::bigint as n,
            (n_all - n_known)::bigint as n_unknown, n_all::bigint as n_all
        from states cross join currencies left join known using (cluster_id, currency)
        where known.n > 0 or n_known = 0
        """,
    )


def counted_profiles() -> Query:
    """Rows of `profiles` that are counts and sums: they have no interval."""
    return Query(
        "counted_profiles",
        """
        select cluster_id, unnest(['n_organisations', 'n_activities', 'activity_share'])
                as measure, theme, period,
            unnest([n_organisations::double, n_activities::double, round(activity_share, 9)])
                as value,
            null::double as low, null::double as high,
            unnest([n_organisations, n_activities, n_activities]) as n,
            unnest([null, null, 'fractional: each of k performers counts 1/k of an activity'])
                as note
        from cluster_counts
        union all
        select cluster_id, 'amount_' || currency, 'all', 'all', amount::double, null, null, n,
            n_unknown || ' of ' || n_all || ' participations state no amount'
        from cluster_amounts
        union all
        select cluster_id, unnest(['n_organisations', 'n_activities']), theme, period,
            unnest([n_organisations::double, n_activities::double]), null, null,
            unnest([n_organisations, n_activities]), null
        from found_clusters where theme <> 'all' or period <> 'all'
        """,
    )
