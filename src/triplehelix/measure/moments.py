"""What the intervals of diversity rest on: which themes the same activities bring together."""

from triplehelix.query import Query
from triplehelix.tables import SHARE_PARTS


def theme_moments() -> Query:
    """
    For each cluster and two themes, how much the cluster's activities bring to both at once.

    Columns (cluster_id, theme, other, product): over the activities that have both themes (or,
    for a theme with itself, the one), the sum of the products of the cluster's participations
    in an activity times the weight of each theme in it. Themes that no activity has in common
    have no row.
    """
    return Query(
        "theme_moments",
        """
        with parts as (
            select cluster_id, activity_id, theme,
                n_organisations::hugeint * round(weight * $share_parts)::bigint as part
            from cluster_activities join activity_themes using (activity_id) where weight > 0)
        select cluster_id, a.theme, b.theme as other,
            sum(a.part * b.part) / ($share_parts * $share_parts) as product
        from parts a join parts b using (cluster_id, activity_id)
        where a.part > 0 and b.part > 0
        group by cluster_id, a.theme, b.theme
        """,
        {"share_parts": float(SHARE_PARTS)},
    )
