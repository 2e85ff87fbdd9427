"""How far a cluster's work reaches: within itself, within its country, abroad."""

from triplehelix.query import Query


def cluster_reach() -> Query:
    """
    Activities of each cluster that join its own, others in its country, others abroad.

    Columns as in `cluster_helices`; part counts activities, n and whole are all activities of
    the cluster. An activity may count for several of the three:

    - `local_share`: two or more organisations take part from within the cluster;
    - `national_share`: an organisation of the cluster's own country (or countries) takes part
      that is placed (`city` or better) and does not take part from within the cluster. One
      whose place is unknown may stand inside or outside: it is left out, and the note says
      how many more activities have only such partners;
    - `international_share`: an organisation of another, known country takes part that does
      not take part from within the cluster.
    """
    return Query(
        "cluster_reach",
        """
        with performers as (
            select activity_id, organisation_id, any_value(coalesce(country, '')) as country,
                bool_or(placed) as placed
            from performing_participations group by activity_id, organisation_id),
        present as (
            select activity_id, country, count(*) as n, count(*) filter (placed) as n_placed
            from performers group by activity_id, country),
        inside as (
            select cluster_id, activity_id, coalesce(country, '') as country,
                count(distinct organisation_id) as n
            from cluster_participations group by all),
        partners as (
            select i.cluster_id, i.activity_id, i.n_organisations,
                list_contains(c.countries, p.country) as own, p.country <> '' as known,
                p.n - coalesce(k.n, 0) as n, p.n_placed - coalesce(k.n, 0) as n_placed
            from cluster_activities i
            join found_clusters c using (cluster_id)
            join present p using (activity_id)
            left join inside k on k.cluster_id = i.cluster_id
                and k.activity_id = i.activity_id and k.country = p.country),
        reached as (
            select cluster_id, activity_id, any_value(n_organisations) >= 2 as joins_own,
                bool_or(own and n_placed > 0) as national,
                bool_or(own and n > 0) as perhaps_national,
                bool_or(not own and known and n > 0) as international
            from partners group by cluster_id, activity_id),
        counted as (
            select cluster_id, count(*) as n,
                count(*) filter (joins_own) as n_local, count(*) filter (national) as n_national,
                count(*) filter (perhaps_national and not national) as n_unsure,
                count(*) filter (international) as n_international
            from reached group by cluster_id)
        select cluster_id,
            unnest(['local_share', 'national_share', 'international_share']) as measure,
            unnest([n_local, n_national, n_international])::double as part,
            n::double as whole, n::double as squares, n::bigint as n,
            '95 % by Wilson''s score; activities taken as independent draws' || unnest(['',
                case when n_unsure = 0 then '' else '; left out: ' || n_unsure || ' with a '
                    || 'partner in the country whose place is unknown, and no other' end,
                '']) as note
        from counted
        """,
    )
