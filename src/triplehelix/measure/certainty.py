"""What resampling, random labelling and links said of clusters, taken up into profiles."""

from triplehelix.query import Query

_ON_RESAMPLING = (
    "95 % of {n} runs in which organisations and activities were drawn anew (two-way bootstrap)"
)
_ON_CHANCE = "one-sided test against random labelling of activities; p = {p}"


def profiles_with_certainty() -> Query:
    """
    The profiles, with bounds for the counts that resampling has, and with rows for the rest.

    It reads `known_profiles`, `cluster_intervals`, `theme_tests`, `cluster_roles` and
    `found_clusters`.
    """
    return Query("profiles", """
        with intervals as (
            select i.*, c.theme, c.period,
                   replace($on_resampling, '{n}', i.n::varchar) as note
            from cluster_intervals i join found_clusters c using (cluster_id))
        select k.cluster_id, k.measure, k.theme, k.period, k.value,
               coalesce(k.low, i.low) as low, coalesce(k.high, i.high) as high, k.n,
               coalesce(k.note, i.note) as note
        from known_profiles k
        left join intervals i using (cluster_id, measure, theme, period)
        union all
        select cluster_id, measure, theme, period, value, low, high, n, note
        from intervals where measure in ('weight', 'rank')
        union all
        select c.cluster_id, 'organisations_per_km2', c.theme, c.period,
               round(c.n_organisations / c.area_km2, 9), round(i.low / c.area_km2, 9),
               round(i.high / c.area_km2, 9), c.n_organisations,
               'of the footprint''s area, which has no part in the bounds'
        from found_clusters c
        left join intervals i on i.cluster_id = c.cluster_id and i.measure = 'n_organisations'
        where c.area_km2 > 0
        union all
        select t.cluster_id, 'concentration_q', t.theme, 'all', round(t.q_value, 9), null, null,
               t.n, replace($on_chance, '{p}', format('{:.2g}', t.p_value))
        from theme_tests t join found_clusters c using (cluster_id)
        where c.period = 'all' and t.n > 0
        union all
        select cluster_id, measure, theme, period, value, low, high, n, note from cluster_roles
        order by cluster_id, measure, theme, period""",
        {"on_resampling": _ON_RESAMPLING, "on_chance": _ON_CHANCE})  # fmt: skip
