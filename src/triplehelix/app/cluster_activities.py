"""The activities behind each number of a cluster's page."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from triplehelix.app.cluster_profile import cluster_row
from triplehelix.app.names import unknown_theme
from triplehelix.app.pages import PER_PAGE, cut, pages_of
from triplehelix.app.prepared import prepare
from triplehelix.detect.parameters import years_of
from triplehelix.errors import InputError
from triplehelix.query import Query
from triplehelix.store.edition import Edition

SCOPES = ("local", "national", "international")


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity in a list; None means unknown."""

    activity_id: str
    kind: str
    title: str
    start: date | None
    end: date | None
    n_members: int
    n_organisations: int


@dataclass(frozen=True, slots=True)
class ClusterActivities:
    """One page of a cluster's activities, with the conditions that were set."""

    cluster_id: str
    name: str
    theme: str | None
    year: int | None
    scope: str | None
    partner: str | None
    partner_name: str | None
    period: str | None
    total: int
    page: int
    pages: int
    activities: list[ActivityRow]


_CHOSEN = """
    with chosen as (
        select activity_id, year, n_members from atlas.cluster_activities c
        where cluster_id = $cluster
          and ($year is null or year = $year)
          and ($period is null or year between split_part($period, '/', 1)::integer
                                           and split_part($period, '/', 2)::integer)
          and ($scope is null
               or ($scope = 'local' and local)
               or ($scope = 'national' and national)
               or ($scope = 'international' and international))
          and ($theme is null or activity_id in
               (select activity_id from atlas.activity_themes where theme = $theme))
          and ($partner is null
               or activity_id in (select activity_id from atlas.cluster_activities
                                  where cluster_id = $partner)
               or activity_id in (select activity_id from atlas.participations p
                                  where p.country = $partner
                                    and (p.site_id is null or p.site_id not in (
                                        select site_id from atlas.memberships
                                        where cluster_id = $cluster)))))
"""
_PAGE = _CHOSEN + """
    , page as (
        select activity_id, n_members, row_number() over (order by year desc nulls last,
               activity_id) as place
        from chosen qualify place > $skip and place <= $skip + $per_page)
    select a.activity_id, a.kind, a.title, a.start, a."end", page.n_members,
           count(distinct p.organisation_id) as n_organisations
    from page join atlas.activities a using (activity_id)
    join atlas.participations p using (activity_id)
    group by all order by any_value(page.place)
"""  # fmt: skip


def cluster_activities(
    edition: Edition,
    cluster_id: str,
    *,
    theme: str | None = None,
    year: int | None = None,
    scope: str | None = None,
    partner: str | None = None,
    period: str | None = None,
    page: int = 1,
    per_page: int = PER_PAGE,
) -> ClusterActivities:
    """
    The activities of a cluster, newest first.

    Parameters
    ----------
    theme, year : only those of a theme; only those begun in a year.
    scope : `local` (two or more members), `national` (with others of the same country), or
        `international` (with partners abroad).
    partner : only those shared with this cluster (an id) or country (a code).
    period : only those begun in these years, such as "2014/2017".

    Raises
    ------
    UnknownName
        If there is no such cluster or theme.
    InputError
        If the scope, the period or the page is not one of those offered.
    """
    asked = cut(page, per_page)
    cluster = cluster_row(edition, cluster_id)
    if scope is not None and scope not in SCOPES:
        raise InputError(f"scope is {scope!r}; give one of {', '.join(SCOPES)}, or leave it out")
    _check_theme(edition, theme)
    if period is not None:
        years_of(period)
    chosen: dict[str, Any] = {"cluster": cluster_id, "theme": theme, "year": year,
                              "scope": scope, "partner": partner, "period": period}  # fmt: skip
    count = Query("total", _CHOSEN + "select count(*) as n from chosen", chosen)
    total = edition.rows(count)[0]["n"]
    found = edition.rows(
        Query("activities", _PAGE, {**chosen, "skip": asked.offset, "per_page": per_page})
    )
    return ClusterActivities(
        cluster_id, cluster["name"], theme, year, scope, partner,
        _partner_name(edition, partner), period, total, page, pages_of(total, per_page),
        [ActivityRow(**row) for row in found],
    )  # fmt: skip


def _check_theme(edition: Edition, theme: str | None) -> None:
    known = Query("known", "select 1 from atlas.themes where theme = $theme", {"theme": theme})
    if theme is not None and not edition.rows(known):
        raise unknown_theme(edition, theme)


def _partner_name(edition: Edition, partner: str | None) -> str | None:
    """The name of a partner that is a cluster; None for a country."""
    if partner is None or len(partner) == 2:
        return None
    return str(cluster_row(prepare(edition), partner)["name"])
