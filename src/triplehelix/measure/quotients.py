"""What the location quotients of clusters are worked out from."""

from triplehelix.query import Query
from triplehelix.tables import SHARE_PARTS


def cluster_quotients() -> Query:
    """
    Each cluster and theme, against everything performed in the edition, placed or not.

    Columns (cluster_id, theme, n, n_labelled, part, whole, squares, part_elsewhere,
    whole_elsewhere, squares_elsewhere): part is the theme's participations in the cluster,
    whole all of the cluster's (in a theme or not), squares the sum of their squares by
    activity; then the same three for all that is performed outside the cluster. Whole
    participations, not fractions of activities: grants to one body alone would otherwise
    weigh as much as a consortium of thirty, and a place that wins many of them would look
    weak in every theme that is funded by consortia. n counts the
    theme's activities in the cluster, n_labelled its activities with any theme. A theme the
    cluster does not work in has a row with part 0, provided that some work of the cluster has
    a theme at all: else "none" could not be told from "not labelled". Themes without activity
    in the edition have no row.
    """
    return Query(
        "cluster_quotients",
        """
        with performed as (
            select activity_id, count(distinct organisation_id) as parts
            from performing_participations group by activity_id),
        performed_here as (
            select cluster_id, activity_id, n_organisations as parts from cluster_activities),
        labels as (
            select activity_id, theme, round(weight * $share_parts)::bigint as weight
            from activity_themes where weight > 0),
        everywhere as (
            select sum(parts) as whole, sum(parts * parts) as squares from performed),
        theme_everywhere as (
            select theme, sum(parts * weight) as part
            from performed join labels using (activity_id) group by theme having part > 0),
        inside as (
            select cluster_id, sum(c.parts) as whole, sum(c.parts * c.parts) as squares,
                sum((p.parts - c.parts) * (p.parts - c.parts) - p.parts * p.parts)
                    as change_elsewhere
            from performed_here c join performed p using (activity_id) group by cluster_id),
        theme_inside as (
            select cluster_id, theme, count(*) as n, sum(parts * weight) as part
            from performed_here join labels using (activity_id)
            group by cluster_id, theme),
        labelled as (
            select cluster_id, count(distinct activity_id) as n
            from performed_here join labels using (activity_id) where parts * weight > 0
            group by cluster_id)
        select cluster_id, theme, coalesce(t.n, 0)::bigint as n, l.n::bigint as n_labelled,
            coalesce(t.part, 0) / $share_parts as part,
            i.whole::double as whole, i.squares::double as squares,
            (e.part - coalesce(t.part, 0)) / $share_parts as part_elsewhere,
            (a.whole - i.whole)::double as whole_elsewhere,
            (a.squares + i.change_elsewhere)::double as squares_elsewhere
        from labelled l join inside i using (cluster_id)
        cross join theme_everywhere e cross join everywhere a
        left join theme_inside t using (cluster_id, theme)
        """,
        {"share_parts": float(SHARE_PARTS)},
    )
