"""What the rules of prospects are worked out from, counted in the tables of an edition."""

from triplehelix.query import Query

# Activities are compared with those of about as many organisations: to 4 apart, then coarser.
SIZES_TO = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
# Too few of a theme's activities to look at; no number of them could show anything.
LEAST_ACTIVITIES = 5


def counting() -> list[Query]:
    """The steps that count, in order; the tables begin with `prospect_`."""
    return [
        _clusters(), _work(), _activities(), _labels(), _split(), _trends(), _carried(),
        _helices(), _payers(), _ties(), _renewal(),
    ]  # fmt: skip


def _clusters() -> Query:
    """
    The clusters that are looked at, of all periods: (cluster_id, layer, of).

    A layer is what was found together, at one level, among all activities or those of the
    theme `of`. Of one theme's clusters only that theme's work is looked at.
    """
    return Query(
        "prospect_clusters",
        """
        select cluster_id, dense_rank() over (order by theme, level) as layer, theme as of
        from clusters where period = 'all'
        """,
    )


def _work() -> Query:
    """Who works on what in which cluster: (layer, of, cluster_id, activity_id, organisation_id)."""
    return Query(
        "prospect_work",
        """
        with performed as (
            select distinct layer, of, cluster_id, activity_id, p.organisation_id
            from prospect_clusters join memberships using (cluster_id)
            join participations p using (site_id)
            where p.role is distinct from 'funder'),
        labels as (select activity_id, theme as of from activity_themes where weight > 0)
        select * from performed where of = 'all'
        union all
        select p.* from performed p semi join labels using (activity_id, of)
        """,
    )


def _activities() -> Query:
    """
    Activities that somebody performs: (activity_id, year, n_all, n_placed, size).

    Only those with a placed organisation can be in a cluster. `size` is a class of how many
    are placed: the more, the more clusters an activity is in.
    """
    return Query(
        "prospect_activities",
        """
        with performed as (
            select activity_id, p.organisation_id,
                bool_or(coalesce(s.precision in ('address', 'postcode', 'district', 'city'), false)
                    or coalesce(p.site_id in (select site_id from memberships), false)) as placed
            from participations p left join sites s using (site_id)
            where p.role is distinct from 'funder' group by all),
        counted as (
            select activity_id, count(*) as n_all, count(*) filter (placed) as n_placed
            from performed group by activity_id)
        select activity_id, year(a.start) as year, n_all, n_placed,
            len(list_filter($sizes_to::bigint[], lambda bound: bound < n_placed))::bigint as size
        from counted join activities a using (activity_id)
        """,
        {"sizes_to": list(SIZES_TO)},
    )


def _labels() -> Query:
    """The themes of each activity, and `all`."""
    return Query("prospect_labels", """
        select activity_id, 'all' as theme from prospect_activities
        union all
        select activity_id, theme from activity_themes
        where weight > 0
            and activity_id in (select activity_id from prospect_activities)""")  # fmt: skip


def _split() -> Query:
    """The year from which the later half of what can be in a cluster begins; no row if in one."""
    return Query("prospect_split", """
        with years as (
            select year, count(*) as n from prospect_activities
            where year is not null and n_placed > 0 group by year),
        halves as (
            select year, n, sum(n) over (order by year rows between unbounded preceding
                and 1 preceding) as before, sum(n) over () as whole from years)
        select year as split from halves where before is not null
        order by abs(2 * before - whole), year limit 1""")  # fmt: skip


def _trends() -> Query:
    """
    Activities before and since the split, per size: of each cluster and of all (NULL).

    Columns (layer, cluster_id, theme, size, before, since).
    """
    return Query(
        "prospect_trends",
        """
        with dated as (
            select activity_id, size, (year >= split)::int as late
            from prospect_activities cross join prospect_split
            where year is not null and n_placed > 0),
        inside as (select distinct layer, of, cluster_id, activity_id from prospect_work),
        counts as (
            select layer, cluster_id, theme, size, count(*) - sum(late) as before,
                sum(late) as since
            from inside join dated using (activity_id) join prospect_labels using (activity_id)
            where of in ('all', theme) group by all),
        enough as (
            select cluster_id, theme from counts group by all having sum(before + since) >= $least)
        select layer, cluster_id, theme, size, before::bigint as before, since::bigint as since
        from counts semi join enough using (cluster_id, theme)
        union all
        select null, null, theme, size, (count(*) - sum(late))::bigint, sum(late)::bigint
        from dated join prospect_labels using (activity_id) group by all
        """,
        {"least": LEAST_ACTIVITIES},
    )


def _carried() -> Query:
    """
    Of each cluster's activities of a theme, those that one member does without another.

    Columns (layer, cluster_id, theme, organisation_id, n_alone, n_part, n): for the member with
    the most; `n_part` are all it has part in, `n` all of the cluster.
    """
    return Query(
        "prospect_carried",
        """
        with sizes as materialized (
            select *, count(*) over (partition by cluster_id, activity_id) as n_members
            from prospect_work),
        counts as materialized (
            select layer, cluster_id, theme, organisation_id,
                count(*) filter (n_members = 1) as n_alone, count(*) as n_part
            from sizes join prospect_labels using (activity_id)
            where of in ('all', theme) group by all),
        inside as (select distinct cluster_id, activity_id from prospect_work),
        totals as materialized (
            select cluster_id, theme, count(*) as n
            from inside join prospect_labels using (activity_id) group by all
            having count(*) >= $least)
        select layer, cluster_id, theme, organisation_id, n_alone, n_part, n
        from counts join totals using (cluster_id, theme)
        qualify row_number() over (partition by cluster_id, theme
                                   order by n_alone desc, n_part desc, organisation_id) = 1
        """,
        {"least": LEAST_ACTIVITIES},
    )


def _helices() -> Query:
    """Members per helix: (layer, cluster_id, helix, k, n); n are those whose helix is known."""
    return Query(
        "prospect_helices",
        """
        with members as (
            select distinct layer, cluster_id, organisation_id,
                coalesce(nullif(helix, 'unknown'), '') as helix
            from prospect_clusters join memberships using (cluster_id)
            join organisations using (organisation_id)),
        totals as (
            select layer, cluster_id, count(*) as n from members where helix <> ''
            group by all having count(*) >= $least)
        select t.layer, t.cluster_id, h.helix, count(m.organisation_id) as k, t.n
        from totals t cross join (select unnest(['academia', 'industry', 'health']) as helix) h
        left join members m on m.cluster_id = t.cluster_id and m.helix = h.helix
        group by all
        """,
        {"least": LEAST_ACTIVITIES},
    )


def _payers() -> Query:
    """
    Who alone pays for what, and which source alone tells of it, per cluster and everywhere.

    Columns (what, layer, cluster_id, subject, k, n): k of the n activities with a known payer
    (or source) have only this one. For each cluster the one with the most; NULL everywhere.
    """
    return Query(
        "prospect_payers",
        """
        with paid as (
            select distinct 'one_funder' as what, activity_id, organisation_id as subject
            from participations where role = 'funder'
            union all
            select 'one_source', activity_id, source from activities where source is not null
                and (select count(distinct source) from activities) > 1),
        sole as (
            select what, activity_id, case when count(*) = 1 then min(subject) end as subject
            from paid semi join prospect_activities using (activity_id)
            group by all),
        inside as (
            select distinct layer, cluster_id, activity_id from prospect_work where of = 'all'
            union all select null, null, activity_id from prospect_activities),
        counts as (
            select what, layer, cluster_id, subject, count(*) as k
            from sole join inside using (activity_id) group by all),
        totals as (
            select what, cluster_id, sum(k)::bigint as n from counts group by all
            having sum(k) >= $least),
        most as (
            select c.*, t.n from counts c join totals t
                on t.what = c.what and t.cluster_id is not distinct from c.cluster_id
            where subject is not null)
        select * from most
        qualify cluster_id is null or row_number() over (
            partition by what, cluster_id order by k desc, subject) = 1
        """,
        {"least": LEAST_ACTIVITIES},
    )


def _ties() -> Query:
    """
    Partners of each cluster since the split, and whether they were before.

    Columns (layer, cluster_id, partner, first_activity, met, exposure): organisations not in
    the cluster that were at work before the split; `first_activity` is the first since then
    that they share, `exposure` the doublings of how many activities the cluster, and they, were
    in before: the more, the likelier that they had met.
    """
    return Query("prospect_ties", """
        with dated as (
            select activity_id, year, year >= split as late, n_all
            from prospect_activities cross join prospect_split where year is not null),
        performed as (
            select distinct activity_id, organisation_id, year, late
            from participations join dated using (activity_id)
            where role is distinct from 'funder' and n_all > 1),
        own as (
            select distinct cluster_id, organisation_id
            from prospect_clusters join memberships using (cluster_id)),
        inside as materialized (
            select distinct layer, cluster_id, activity_id from prospect_work),
        met as materialized (
            select layer, cluster_id, organisation_id, bool_or(not late) as met,
                min((year, activity_id)) filter (late) as first
            from inside join performed using (activity_id) group by all having bool_or(late)),
        ties as (
            select layer, cluster_id, organisation_id as partner, met, first
            from met anti join own using (cluster_id, organisation_id)),
        of_partner as (
            select organisation_id as partner, count(*) as n from performed
            where not late group by all),
        of_cluster as (
            select cluster_id, sum(n_all - n_members)
                / (select sum(n_all) from dated where not late) as chance
            from (select cluster_id, activity_id, count(*) as n_members
                  from prospect_work group by all)
            join dated using (activity_id) where not late group by all)
        select layer, cluster_id, partner, first[2] as first_activity, met,
            floor(round(2 * log2(-p.n * ln(1 - c.chance)), 9))::bigint as exposure
        from ties join of_partner p using (partner) join of_cluster c using (cluster_id)
        where c.chance > 0""")  # fmt: skip


def _renewal() -> Query:
    """Partners counted: (layer, cluster_id, first_activity, exposure, n, n_met)."""
    return Query("prospect_renewal", """
        select layer, cluster_id, first_activity, exposure, count(*) as n,
            count(*) filter (met) as n_met
        from prospect_ties group by all""")  # fmt: skip
