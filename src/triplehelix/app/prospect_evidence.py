"""What a finding of prospects rests on: the activities, members or partners themselves."""

from dataclasses import dataclass

from triplehelix.app.cluster_profile import cluster_row
from triplehelix.app.pages import PER_PAGE, cut, pages_of
from triplehelix.app.prospects import Finding, coverage, findings
from triplehelix.errors import UnknownName
from triplehelix.query import Query
from triplehelix.store.edition import Edition


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """An `activity` or an `organisation` behind a finding; `said` is what it says for it."""

    what: str
    id: str
    name: str
    year: int | None
    said: str


@dataclass(frozen=True, slots=True)
class ProspectEvidence:
    """One page of what a finding rests on; `about` says what the rows are."""

    cluster_id: str
    name: str
    finding: Finding
    about: str
    total: int
    page: int
    pages: int
    rows: list[EvidenceRow]


_ABOUT = {
    "specialised": "its activities in the theme",
    "growing": "its activities, before the split and since",
    "losing": "its activities, before the split and since",
    "opening": "activities elsewhere that join the theme with those it is at home in",
    "carried": "activities with no other member of the cluster",
    "one_funder": "activities for which no other payer is known",
    "one_source": "activities of which no other source tells",
    "missing_helix": "its members and their sectors",
    "ageing_partners": "partners since the split, and whether it had met them before",
}


def prospect_evidence(
    edition: Edition,
    cluster_id: str,
    *,
    kind: str,
    theme: str = "all",
    subject: str = "all",
    page: int = 1,
    per_page: int = PER_PAGE,
) -> ProspectEvidence:
    """
    The records behind a finding, or behind what was looked for and not found.

    Raises
    ------
    UnknownName
        If there is no such cluster, or its prospects have no such row; those there are are given.
    InputError
        If the page is not one of those offered.
    """
    asked = cut(page, per_page)
    cluster = cluster_row(edition, cluster_id)
    finding = _chosen(findings(edition, cluster_id), cluster["name"], (kind, theme, subject))
    split = coverage(edition)
    values = {"cluster": cluster_id, "theme": theme, "subject": subject, "of": cluster["theme"],
              "split": split.split if split else 0}  # fmt: skip
    sql = _SQL[kind]
    used = {name: value for name, value in values.items() if f"${name}" in sql}
    rows = [EvidenceRow(**row) for row in edition.rows(Query("evidence", sql, used))]
    return ProspectEvidence(
        cluster_id, cluster["name"], finding, _ABOUT[kind], len(rows), page,
        pages_of(len(rows), per_page), rows[asked.offset : asked.offset + per_page],
    )  # fmt: skip


def _chosen(found: list[Finding], name: str, asked: tuple[str, str, str]) -> Finding:
    for each in found:
        if (each.kind, each.theme, each.subject) == asked:
            return each
    kind, theme, subject = asked
    offered = sorted({f"{f.kind} / {f.theme}" for f in found})
    raise UnknownName(
        f"nothing was looked at of kind {kind!r}, theme {theme!r}, subject {subject!r} in {name}; "
        f"there is {', '.join(offered[:40]) or 'nothing at all'}"
    )


# The work that the rules look at: of a theme's cluster, that theme's.
_WORK = """
    with work as (
        select c.activity_id, c.n_members, a.title, a.year
        from atlas.cluster_activities c join atlas.activities a using (activity_id)
        where c.cluster_id = $cluster and ($theme = 'all' or c.activity_id in
            (select activity_id from atlas.activity_themes where theme = $theme and weight > 0)))"""
_ORDER = " order by year desc nulls last, activity_id"
_THEME = (
    _WORK
    + " select 'activity' as what, activity_id as id, title as name, year, '' as said from work"
    + _ORDER
)
_TREND = _WORK + """
    select 'activity' as what, activity_id as id, title as name, year,
           case when year is null then 'year unknown: not counted'
                when year < $split then 'before' else 'since' end as said
    from work""" + _ORDER  # fmt: skip
_CARRIED = _WORK + """
    select 'activity' as what, activity_id as id, title as name, year, '' as said
    from work where n_members = 1 and activity_id in (
        select activity_id from atlas.participations where organisation_id = $subject
        and site_id in (select site_id from atlas.memberships where cluster_id = $cluster))
    """ + _ORDER  # fmt: skip
_FUNDER = """
    with work as (
        select activity_id from atlas.cluster_activities where cluster_id = $cluster),
    payers as (
        select activity_id, count(distinct organisation_id) as n, min(organisation_id) as payer
        from atlas.parts join work using (activity_id) where role = 'funder' group by activity_id)
    select 'activity' as what, activity_id as id, title as name, year, '' as said
    from payers join atlas.activities using (activity_id)
    where n = 1 and payer = $subject""" + _ORDER  # fmt: skip
_SOURCE = """
    select 'activity' as what, activity_id as id, a.title as name, a.year, '' as said
    from atlas.cluster_activities c join atlas.activities a using (activity_id)
    join activities s using (activity_id)
    where c.cluster_id = $cluster and s.source = $subject
    order by a.year desc nulls last, activity_id"""
_OPENING = """
    with inside as (
        select activity_id from atlas.cluster_activities where cluster_id = $cluster),
    homes as (
        select theme from atlas.profiles
        where cluster_id = $cluster and measure = 'location_quotient' and value > 1)
    select 'activity' as what, a.activity_id as id, a.title as name, a.year,
           string_agg(coalesce(t.label, h.theme), ', ' order by h.theme) as said
    from atlas.activity_themes f join atlas.activity_themes g using (activity_id)
    join homes h on h.theme = g.theme left join atlas.themes t on t.theme = h.theme
    join atlas.activities a using (activity_id)
    where f.theme = $theme and f.weight > 0 and g.weight > 0 and g.theme <> f.theme
      and a.activity_id not in (select activity_id from inside)
      and a.activity_id in (select activity_id from atlas.participations)
    group by a.activity_id, a.title, a.year
    order by a.year desc nulls last, a.activity_id"""
_HELIX = """
    select 'organisation' as what, organisation_id as id, name, null::bigint as year, helix as said
    from atlas.cluster_members where cluster_id = $cluster
    order by helix <> $subject, helix, name, organisation_id"""
_PARTNERS = """
    with inside as (
        select activity_id, year from atlas.cluster_activities
        where cluster_id = $cluster and year is not null),
    shared as (
        select p.organisation_id, min(year) as first, max(year) as last,
               bool_or(year < $split) as met, bool_or(year >= $split) as present
        from inside join atlas.participations p using (activity_id)
        where p.organisation_id not in (
            select organisation_id from atlas.memberships where cluster_id = $cluster)
        group by p.organisation_id),
    at_work as (
        select distinct organisation_id
        from atlas.participations p join atlas.activities a using (activity_id)
        where a.year < $split and activity_id in (
            select activity_id from atlas.participations
            group by activity_id having count(distinct organisation_id) > 1))
    select 'organisation' as what, organisation_id as id, o.name, last as year,
           case when met then 'met before, first in ' || first else 'new' end as said
    from shared join at_work using (organisation_id)
    join atlas.organisations o using (organisation_id)
    where present order by met desc, first, o.name, organisation_id"""
_SQL = {
    "specialised": _THEME, "growing": _TREND, "losing": _TREND, "opening": _OPENING,
    "carried": _CARRIED, "one_funder": _FUNDER, "one_source": _SOURCE, "missing_helix": _HELIX,
    "ageing_partners": _PARTNERS,
}  # fmt: skip
