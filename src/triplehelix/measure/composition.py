"""Of which sectors a region is made: academia, industry, health, government and others."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.measure.counts import checked_counts
from triplehelix.query import Query
from triplehelix.tables import HELICES, SHARE_PARTS


def helix_mix(counts: ArrayLike) -> NDArray[np.float64]:
    """
    Share of each helix in each region.

    Parameters
    ----------
    counts : shape (n_regions, n_helices)
        Organisations, or activity, >= 0; all of a region's in one unit.

    Returns
    -------
    shape (n_regions, n_helices)
        Shares in [0, 1] that sum to 1 along a region. NaN for a region with nothing in it.

    Raises
    ------
    InputError
        If counts is not 2-D, or holds a negative or non-finite value.

    References
    ----------
    Etzkowitz and Leydesdorff (2000), Research Policy 29(2), 109-123.
    doi:10.1016/S0048-7333(99)00055-4

    Examples
    --------
    >>> helix_mix([[6, 3, 1], [0, 0, 0]])
    array([[0.6, 0.3, 0.1],
           [nan, nan, nan]])
    """
    activity = checked_counts(counts, of="helices", zero="where a helix is absent")
    with np.errstate(invalid="ignore"):
        return np.asarray(activity / activity.sum(axis=1, keepdims=True))


def cluster_helices() -> Query:
    """
    Each helix of each cluster, by member organisations and by fractional activity.

    Columns (cluster_id, measure, part, whole, squares, n, note): `part / whole` is the share
    and `whole^2 / squares` the effective number of draws behind it (`stats.effective_size`);
    n counts the cluster's organisations or activities. A helix that is absent has part 0.
    """
    return Query(
        "cluster_helices",
        """
        with helices as (select unnest($helices) as helix),
        members as (
            select cluster_id, coalesce(helix, 'unknown') as helix,
                count(distinct organisation_id) as n
            from profiled_memberships left join organisations using (organisation_id)
            group by all),
        members_in_all as (select cluster_id, sum(n) as n from members group by cluster_id),
        work as (
            select cluster_id, helix, sum(parts) as parts
            from cluster_participations group by all),
        work_in_all as (
            select cluster_id, sum(parts) as parts, sum(parts * parts) as squares,
                count(*) as n
            from cluster_activities group by cluster_id)
        select cluster_id, 'helix_share_' || helix as measure,
            coalesce(members.n, 0)::double as part, a.n::double as whole,
            a.n::double as squares, a.n::bigint as n,
            '95 % by Wilson''s score; organisations taken as independent draws' as note
        from members_in_all a cross join helices left join members using (cluster_id, helix)
        union all
        select cluster_id, 'helix_activity_share_' || helix,
            coalesce(work.parts, 0) / $share_parts, a.parts / $share_parts,
            a.squares / ($share_parts * $share_parts), a.n::bigint,
            'fractional; 95 % by Wilson''s score on the effective number of activities '
                || '(Kish), taken as independent draws'
        from work_in_all a cross join helices left join work using (cluster_id, helix)
        """,
        {"helices": list(HELICES), "share_parts": float(SHARE_PARTS)},
    )
