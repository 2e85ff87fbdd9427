"""The activities behind a tie of two countries."""

from dataclasses import dataclass

from triplehelix.app.cluster_activities import ActivityRow
from triplehelix.app.pages import PER_PAGE, cut, pages_of
from triplehelix.app.prepared import prepare
from triplehelix.detect.parameters import years_of
from triplehelix.errors import InputError
from triplehelix.query import Query
from triplehelix.store.edition import Edition


@dataclass(frozen=True, slots=True)
class Together:
    """One page of the activities that organisations of two countries share."""

    a: str
    b: str
    theme: str | None
    period: str | None
    total: int
    page: int
    pages: int
    activities: list[ActivityRow]


_SHARED = """
    with shared as (
        select p.activity_id, count(distinct p.organisation_id) filter (
                   p.country in ($a, $b)) as n_members,
               count(distinct p.organisation_id) as n_organisations
        from atlas.participations p
        where p.activity_id in (select activity_id from atlas.participations where country = $a)
          and p.activity_id in (select activity_id from atlas.participations where country = $b)
          and ($theme is null or p.activity_id in
               (select activity_id from atlas.activity_themes where theme = $theme))
        group by p.activity_id
        having count(distinct p.organisation_id) > 1)
    select a.activity_id, a.kind, a.title, a.start, a."end", n_members, n_organisations,
           count(*) over () as total
    from shared join atlas.activities a using (activity_id)
    where $period is null or a.year between split_part($period, '/', 1)::integer
                                        and split_part($period, '/', 2)::integer
    order by a.year desc nulls last, a.activity_id
    limit $per_page offset $skip"""


def together(
    edition: Edition,
    a: str,
    b: str,
    *,
    theme: str | None = None,
    period: str | None = None,
    page: int = 1,
    per_page: int = PER_PAGE,
) -> Together:
    """
    The activities that organisations of two countries share, newest first.

    Parameters
    ----------
    a, b : ISO 3166-1 alpha-2 codes. `n_members` counts the organisations of both.
    theme, period : only those of a theme; only those begun then.

    Raises
    ------
    InputError
        If the two are one, or the period or the page is not one.
    """
    asked = cut(page, per_page)
    if a == b:
        raise InputError(f"both countries are {a!r}; give two")
    if period is not None:
        years_of(period)
    rows = prepare(edition).rows(Query("together", _SHARED, {
        "a": a, "b": b, "theme": theme, "period": period, "per_page": per_page,
        "skip": asked.offset,
    }))  # fmt: skip
    total = rows[0].pop("total") if rows else 0
    for row in rows[1:]:
        row.pop("total")
    return Together(a, b, theme, period, total, page, pages_of(total, per_page),
                    [ActivityRow(**row) for row in rows])  # fmt: skip
