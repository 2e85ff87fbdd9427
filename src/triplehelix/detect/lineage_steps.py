"""The steps that link an edition's clusters with those of its earlier periods and edition."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from triplehelix.detect.lineage import NEAR_KM, Descent, lineage
from triplehelix.detect.lineage_carry import Carried, carried
from triplehelix.detect.lineage_shares import Members
from triplehelix.errors import InputError
from triplehelix.query import Calculation, Query, Step
from triplehelix.tables import PASSED

# Levels below 0 tell campuses of one town apart, which stand nearer to one another.
FINE_KM = 1.0

EARLIER = ("none", "published", "again")


def lineage_steps(
    *, weight: str = "activities", near_km: float = NEAR_KM, earlier: str = "none"
) -> list[Step]:
    """
    The steps that make `lineage`, and `lineage_method`: which of its rows the method caused.

    They read `clusters`, `memberships`, `sites`, `participations`, `activities`,
    `organisations` and `successors`; of an earlier edition `earlier_clusters` and so on (all
    empty if there is none); and `again_clusters` and `again_memberships`: what today's method
    finds in the earlier edition's data.

    Clusters of theme `all` are compared level by level: those of each period with those of
    the period before, those of period `all` with those of the earlier edition.

    Parameters
    ----------
    weight : what a site weighs, as in detection: "activities" (of the cluster's period, 1 at
        least) or "organisations" (1)
    near_km : how far from a site another may stand at the same place; levels below 0: 1 km
        at most
    earlier : "none": there is no earlier edition; "published": compare with its clusters;
        "again": it was made by another method, so compare with its clusters found again, and
        carry what is found to those it published

    Raises
    ------
    InputError
        If `earlier` is none of these.
    """
    if earlier not in EARLIER:
        raise InputError(f"earlier is {earlier!r}; choose {' or '.join(map(repr, EARLIER))}")
    compared = partial(_lineage, near_km=near_km, compare=earlier)
    return [
        _members("later_members", "", "", weight),
        _members("earlier_members", "earlier_", "earlier_", weight),
        _members("again_members", "again_", "earlier_", weight),
        _SUCCEEDED,
        Calculation(
            "lineage_found",
            ("later_members", "earlier_members", "again_members", "succeeded"),
            compared,
        ),
        Query("lineage", """
            select cluster_id, earlier_cluster_id, event, overlap from lineage_found
            order by cluster_id, earlier_cluster_id"""),
        Query("lineage_method", """
            select cluster_id, earlier_cluster_id, by_method from lineage_found
            where by_method <> '' order by cluster_id, earlier_cluster_id"""),
    ]  # fmt: skip


def _members(makes: str, found: str, data: str, weight: str) -> Query:
    """The sites in the clusters of `found`, weighed by the participations of `data`."""
    return Query(makes, f"""
        with asked as (
            select cluster_id, period, level,
                   try_cast(split_part(period, '/', 1) as integer) as first,
                   try_cast(split_part(period, '/', 2) as integer) as last
            from {found}clusters where theme = 'all'
        ), work as (
            select a.cluster_id, m.site_id, count(distinct p.activity_id) as n
            from asked a
            join {found}memberships m on m.cluster_id = a.cluster_id
            join {data}participations p
                 on p.site_id = m.site_id and p.role is distinct from 'funder'
            left join {data}activities t on t.activity_id = p.activity_id
            where a.period = 'all' or year(t.start) between a.first and a.last
            group by a.cluster_id, m.site_id
        )
        select a.cluster_id, a.period, a.level, s.organisation_id, s.lat, s.lon,
               case when $weight = 'activities' then coalesce(w.n, 1) else 1 end::bigint as weight
        from asked a
        join {found}memberships m on m.cluster_id = a.cluster_id
        join {data}sites s on s.site_id = m.site_id
        left join work w on w.cluster_id = a.cluster_id and w.site_id = m.site_id
        order by a.cluster_id, s.site_id""", {"weight": weight})  # fmt: skip


# An id that an organisation still bears leads nowhere else, whatever it was before.
_SUCCEEDED = Query(
    "succeeded",
    """
    select earlier_id, organisation_id from successors
    where earlier_id not in (select organisation_id from organisations)
    order by earlier_id""",
)


def _lineage(
    later: pa.Table, earlier: pa.Table, anew: pa.Table, succeeded: pa.Table,
    *, near_km: float, compare: str,
) -> pa.Table:  # fmt: skip
    successors = dict(
        zip(*(succeeded[c].to_pylist() for c in ("earlier_id", "organisation_id")), strict=True)
    )
    found = list(_between_periods(later, near_km))
    whole = later.filter(pc.field("period") == "all")
    before, published = (t.filter(pc.field("period") == "all") for t in (anew, earlier))
    for level in _levels(whole, before, published) if compare != "none" else ():
        now, then, last = (_of_level(t, level) for t in (whole, before, published))
        near = _near(level, near_km)
        if compare == "again":
            found += carried(now, then, last, successors=successors, near_km=near)
        else:
            found += _plain(lineage(now, last, successors=successors, near_km=near))
    return _table(found)


def _between_periods(later: pa.Table, near_km: float) -> Iterator[Carried]:
    """What became of the clusters of each period in the next, level by level."""
    # A period is written `2014/2016`, so that their order as texts is that of time.
    periods = sorted(set(later["period"].to_pylist()) - {"all"})
    for before, after in pairwise(periods):
        then, now = (later.filter(pc.field("period") == each) for each in (before, after))
        for level in _levels(then, now):
            yield from _plain(
                lineage(
                    _of_level(now, level), _of_level(then, level), near_km=_near(level, near_km)
                )
            )


def _near(level: int, near_km: float) -> float:
    return min(near_km, FINE_KM) if level < 0 else near_km


def _plain(rows: Iterable[Descent]) -> list[Carried]:
    return [Carried(row, "") for row in rows]


def _levels(*tables: pa.Table) -> list[int]:
    return sorted({level for table in tables for level in table["level"].to_pylist()})


def _of_level(table: pa.Table, level: int) -> Members:
    rows = table.filter(pc.field("level") == level)
    numbers = (np.asarray(rows[c].to_numpy(), dtype=np.float64) for c in ("lat", "lon", "weight"))
    return Members(
        rows["cluster_id"].to_pylist(), rows["organisation_id"].to_pylist(), *numbers
    )  # fmt: skip


def _table(found: Iterable[Carried]) -> pa.Table:
    rows = [each.descent._asdict() | {"by_method": each.by_method} for each in found]
    return pa.Table.from_pylist(rows, schema=PASSED["lineage_found"].schema)
