"""Which clusters there are: a list to sort and filter."""

from dataclasses import dataclass
from typing import Any

from triplehelix.app.layers import layer_of
from triplehelix.app.names import unknown_theme
from triplehelix.app.pages import PER_PAGE, cut, pages_of
from triplehelix.app.prepared import once_per_edition, prepare
from triplehelix.errors import InputError, UnknownName
from triplehelix.query import Query
from triplehelix.store.edition import Edition
from triplehelix.tables import CLUSTER_KINDS

# What a list can be sorted by: the SQL of each. Ties fall to the larger, then to the name.
SORTS = {
    "name": "c.name",
    "organisations": "c.n_organisations desc",
    "activities": "c.n_activities desc",
    "amount": "c.amount desc nulls last",
    "area": "c.area_km2 desc nulls last",
    "evidence": "list_position(['strong','moderate','weak','untested'], c.evidence)",
    "stability": "c.stability desc nulls last",
    "rank": "c.rank asc nulls last",
    "theme": "t.n_activities desc nulls last",
    "quotient": "q.value desc nulls last",
}


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """A cluster in a list; None means unknown, or not measured."""

    cluster_id: str
    name: str
    countries: list[str]
    centre_lat: float | None
    centre_lon: float | None
    area_km2: float | None
    n_organisations: int
    n_activities: int
    amount: float | None
    currency: str | None
    stability: float | None
    evidence: str
    level: int
    rank: float | None
    rank_low: float | None
    rank_high: float | None
    n_organisations_low: float | None
    n_organisations_high: float | None
    n_activities_low: float | None
    n_activities_high: float | None
    kind: str | None = None
    kind_reason: str | None = None
    n_theme_activities: int | None = None
    location_quotient: float | None = None
    location_quotient_low: float | None = None
    location_quotient_high: float | None = None


@dataclass(frozen=True, slots=True)
class Landscape:
    """One page of the clusters that were asked for; `bounds` is west, south, east, north."""

    clusters: list[ClusterRow]
    total: int
    page: int
    pages: int
    sort: str
    theme: str | None
    country: str | None
    level: int
    of: str
    period: str
    kind: str | None
    countries: list[str]
    bounds: list[float] | None


_ROWS = """
    select c.cluster_id, c.name, c.countries, c.centre_lat, c.centre_lon, c.area_km2,
           c.n_organisations, c.n_activities, c.amount, c.currency, c.stability, c.evidence,
           c.level, c.rank, c.rank_low, c.rank_high, c.n_organisations_low,
           c.n_organisations_high, c.n_activities_low, c.n_activities_high, c.kind, c.kind_reason,
           t.n_activities as n_theme_activities, q.value as location_quotient,
           q.low as location_quotient_low, q.high as location_quotient_high
    from atlas.clusters c
    left join atlas.cluster_themes t on t.cluster_id = c.cluster_id and t.theme = $theme
    left join atlas.profiles q on q.cluster_id = c.cluster_id and q.theme = $theme
         and q.measure = 'location_quotient'
    where c.theme = $of and c.period = $period and c.level = $level
      and ($theme is null or t.n_activities > 0)
      and ($country is null or list_contains(c.countries, $country))
      and ($kind is null or list_contains(string_split(c.kind, '; '), $kind))
"""


def landscape(
    edition: Edition,
    *,
    theme: str | None = None,
    country: str | None = None,
    level: int = 0,
    of: str = "all",
    period: str = "all",
    kind: str | None = None,
    sort: str = "activities",
    page: int = 1,
    per_page: int = PER_PAGE,
) -> Landscape:
    """
    The clusters of an edition.

    Parameters
    ----------
    theme : only clusters with activities of this theme, with their number and quotient.
    country : only clusters that reach into this country (ISO 3166-1 alpha-2).
    level : 0, wider ones above (superclusters), finer ones below (campuses).
    of, period : clusters found among the activities of one theme, or of one period, alone.
    kind : only clusters of this kind: `diverse`, `specialised` or `collaborating`.
    sort : one of `SORTS`; a leading `-` turns the order round.
    page, per_page : from 1; at most 1000 a page.

    Returns
    -------
    Landscape
        An edition without clusters gives an empty list, not an error.

    Raises
    ------
    UnknownName
        If the edition has no such theme, no cluster in such a country, or no clusters of such
        a level, theme and period.
    InputError
        If the kind, the sort or the page is not one of those offered.
    """
    prepare(edition)
    theme, country = theme or None, country or None
    asked = cut(page, per_page)
    countries = cluster_countries(edition)
    _check(edition, theme, country, countries)
    chosen, kind = layer_of(edition, level, of or "all", period or "all"), _kind(kind)
    values = {"theme": theme, "country": country, "kind": kind} | chosen._asdict()
    found = edition.rows(Query("landscape", _ROWS + _order(sort, theme), values))
    rows = [ClusterRow(**row) for row in found]
    return Landscape(
        clusters=rows[asked.offset : asked.offset + per_page],
        total=len(rows),
        page=page,
        pages=pages_of(len(rows), per_page),
        sort=sort,
        theme=theme,
        country=country,
        **chosen._asdict(),
        kind=kind,
        countries=list(countries),
        bounds=_bounds(rows),
    )


@once_per_edition
def cluster_countries(edition: Edition) -> tuple[str, ...]:
    """The countries that any cluster reaches into, in alphabetical order of their codes."""
    rows = prepare(edition).rows(Query("countries", """
        select distinct unnest(countries) as country
        from atlas.clusters order by country"""))  # fmt: skip
    return tuple(row["country"] for row in rows)


@once_per_edition
def cluster_names(
    edition: Edition, level: int = 0, of: str = "all", period: str = "all"
) -> tuple[tuple[str, str], ...]:
    """Id and name of every cluster of a layer, by name: for choosing one of them."""
    rows = prepare(edition).rows(Query("names", """
        select cluster_id, name from atlas.clusters
        where level = $level and theme = $of and period = $period
        order by name, cluster_id""", {"level": level, "of": of, "period": period}))  # fmt: skip
    return tuple((row["cluster_id"], row["name"]) for row in rows)


def _check(
    edition: Edition, theme: str | None, country: str | None, countries: tuple[str, ...]
) -> None:
    known = Query("known", "select 1 from atlas.themes where theme = $theme", {"theme": theme})
    if theme is not None and not edition.rows(known):
        raise unknown_theme(edition, theme)
    if country is not None and country not in countries:
        raise UnknownName(
            f"no cluster of this edition reaches into {country!r}; give a code of two letters, "
            f"one of {', '.join(countries) or 'none: this edition has no clusters'}"
        )


def _kind(kind: str | None) -> str | None:
    """The kind as the tables write it; its `r&d-` may be left out, as `&` parts parameters."""
    if not kind:
        return None
    for each in CLUSTER_KINDS:
        if kind.lower() in (each, each.removeprefix("r&d-")):
            return each
    offered = ", ".join(each.removeprefix("r&d-") for each in CLUSTER_KINDS)
    raise InputError(f"kind is {kind!r}; give one of {offered}")


def _order(sort: str, theme: str | None) -> str:
    name = sort.removeprefix("-")
    offered = [s for s in SORTS if theme is not None or s not in ("theme", "quotient")]
    if name not in offered:
        raise InputError(f"sort is {sort!r}; give one of {', '.join(offered)}, or with a - before")
    first = _turned(SORTS[name]) if sort.startswith("-") else SORTS[name]
    return f"order by {first}, c.n_activities desc, c.name, c.cluster_id"


def _turned(order: str) -> str:
    if " desc" in order:
        return order.replace(" desc", " asc")
    return order.replace(" asc", " desc") if " asc" in order else f"{order} desc"


def _bounds(rows: list[ClusterRow]) -> list[float] | None:
    """Round the clusters; round those of one country only, where that holds most of them."""
    placed = [r for r in rows if r.centre_lat is not None and r.centre_lon is not None]
    if not placed:
        return None
    tally: dict[str, int] = {}
    for row in placed:
        for country in row.countries:
            tally[country] = tally.get(country, 0) + 1
    main = max(sorted(tally), key=lambda c: tally[c], default=None)
    if main is not None and tally[main] * 2 > len(placed):
        placed = [r for r in placed if main in r.countries]
    elif len(placed) > 20:
        placed = _without_outliers(placed)
    lats: list[Any] = [r.centre_lat for r in placed]
    lons: list[Any] = [r.centre_lon for r in placed]
    return [min(lons), min(lats), max(lons), max(lats)]


def _without_outliers(rows: list[ClusterRow]) -> list[ClusterRow]:
    """The middle nine tenths by longitude, then by latitude, so that one far island is none."""
    spare = len(rows) // 20
    rows = sorted(rows, key=lambda r: (r.centre_lon, r.cluster_id))[spare : len(rows) - spare]
    spare = len(rows) // 20
    return sorted(rows, key=lambda r: (r.centre_lat, r.cluster_id))[spare : len(rows) - spare]
