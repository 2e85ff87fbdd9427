"""Who works with whom: ties between clusters, and of clusters with countries."""

from dataclasses import dataclass
from typing import Any

from triplehelix.app.layers import layer_of
from triplehelix.app.prepared import once_per_edition, prepare
from triplehelix.errors import InputError
from triplehelix.query import Query
from triplehelix.store.edition import Edition

MOST = 1000


@dataclass(frozen=True, slots=True)
class End:
    """One end of a tie: a cluster with its place, or a country (its id is the code)."""

    kind: str
    id: str
    name: str | None
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Tie:
    """Activities shared by two ends; None where it was not measured. `weight` is fractional."""

    a: End
    b: End
    weight: float | None
    n_activities: int | None
    expected: float | None
    residual: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Links:
    """The strongest ties of `total`."""

    ties: list[Tie]
    total: int
    country: str | None
    kind: str
    level: int
    of: str
    period: str


_TIES = """
    with asked as (
        select * exclude (level, of, period, kind) from atlas.pairs
        where kind = $kind and level = $level and of = $of and period = $period),
    ends as (
        select p.*, x.name as a_name, x.centre_lat as a_lat, x.centre_lon as a_lon,
               y.name as b_name, y.centre_lat as b_lat, y.centre_lon as b_lon,
               x.cluster_id is not null as a_cluster, y.cluster_id is not null as b_cluster
        from asked p
        left join atlas.clusters x on x.cluster_id = p.a
        left join atlas.clusters y on y.cluster_id = p.b
        where ($country is null
               or (x.cluster_id is not null and list_contains(x.countries, $country))
               or (y.cluster_id is not null and list_contains(y.countries, $country))))
    select *, (select count(*) from ends) as total from ends
    order by n_activities desc nulls last, weight desc nulls last, a, b
    limit $most"""


def links(
    edition: Edition,
    *,
    kind: str = "cluster",
    country: str | None = None,
    level: int = 0,
    of: str = "all",
    period: str = "all",
    limit: int = 100,
) -> Links:
    """
    The strongest ties, by activities shared.

    Parameters
    ----------
    kind : `cluster` for ties between clusters, `country` for those of clusters with countries.
    country : only ties of clusters in this country (ISO 3166-1 alpha-2).
    level, of, period : between which clusters, as for `landscape`.
    limit : 1 to 1000.

    Raises
    ------
    UnknownName
        If the edition has no clusters of such a level, theme and period.
    InputError
        If the kind or the limit is not one of those offered.
    """
    if kind not in ("cluster", "country"):
        raise InputError(f"kind is {kind!r}; give cluster or country")
    if not 1 <= limit <= MOST:
        raise InputError(f"limit is {limit}; give a number from 1 to {MOST}")
    chosen = layer_of(edition, level, of or "all", period or "all")._asdict()
    values = {"kind": kind, "country": country or None, "most": limit} | chosen
    rows = prepare(edition).rows(Query("links", _TIES, values))
    ties = [
        Tie(
            _end(r, "a"), _end(r, "b"), r["weight"], r["n_activities"], r["expected"],
            r["residual"], r["low"], r["high"],
        )
        for r in rows
    ]  # fmt: skip
    return Links(ties, rows[0]["total"] if rows else 0, country or None, kind, **chosen)


@once_per_edition
def n_ties(edition: Edition, level: int = 0, of: str = "all", period: str = "all") -> int:
    """How many pairs of clusters of one layer share activities."""
    values = {"level": level, "of": of, "period": period}
    return int(prepare(edition).rows(Query("n_ties", _TALLY, values))[0]["n"])


_TALLY = """
    select count(*) as n from atlas.pairs
    where kind = 'cluster' and level = $level and of = $of and period = $period"""


def _end(row: dict[str, Any], end: str) -> End:
    kind = "cluster" if row[f"{end}_cluster"] else "country"
    return End(kind, row[end], row[f"{end}_name"], row[f"{end}_lat"], row[f"{end}_lon"])
