"""How the clusters of an edition lie to official areas, in both directions."""

from dataclasses import dataclass
from pathlib import Path

from triplehelix.detect.overlaps import outside, overlaps
from triplehelix.errors import InputError
from triplehelix.query import Query
from triplehelix.read.areas import read_areas
from triplehelix.store.edition import Edition


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a cluster and an area have in common; shares are 0 to 1."""

    cluster_id: str
    cluster: str
    area_scheme: str
    area_id: str
    area_name: str
    share_of_cluster: float | None
    share_of_area: float
    n_organisations: int


@dataclass(frozen=True, slots=True)
class Outside:
    """The share of a cluster's footprint that is in no area, and its members in none."""

    cluster_id: str
    cluster: str
    share_of_cluster: float | None
    n_organisations: int


@dataclass(frozen=True, slots=True)
class Overlaps:
    """
    The same overlaps twice: by cluster, largest share of it first; by area likewise.

    `outside` has each cluster that some area overlaps; `n_clusters_outside` counts the others.
    """

    by_cluster: list[Overlap]
    by_area: list[Overlap]
    outside: list[Outside]
    n_areas: int
    n_areas_without: int
    n_clusters_outside: int
    warnings: list[str]


_CLUSTERS = """
    select cluster_id, name, footprint from clusters
    where theme = 'all' and period = 'all' and level = $level order by cluster_id"""

_MEMBERS = """
    select m.cluster_id, m.site_id, m.organisation_id
    from memberships m join clusters c using (cluster_id)
    where c.theme = 'all' and c.period = 'all' and c.level = $level
    order by m.cluster_id, m.site_id"""


def area_overlaps(
    edition: Edition,
    path: Path,
    *,
    scheme: str | None = None,
    id_column: str | None = None,
    name_column: str | None = None,
    level: int = 0,
) -> Overlaps:
    """
    The overlaps of an edition's clusters with the areas of a file.

    Parameters
    ----------
    path, scheme, id_column, name_column : as for `read.areas.read_areas`
    level : which level of clusters; 0 is the one the edition is about

    Raises
    ------
    InputError
        If the file is no file of areas, or the edition has no clusters of this level.
    """
    clusters = edition.arrow(Query("clusters", _CLUSTERS, {"level": level}))
    if not len(clusters) and level:
        raise InputError(f"this edition has no clusters of level {level}; {_levels(edition)}")
    areas = read_areas(path, scheme=scheme, id_column=id_column, name_column=name_column)
    members = edition.arrow(Query("members", _MEMBERS, {"level": level}))
    sites = edition.arrow(Query("placed", "select site_id, lat, lon from sites order by site_id"))
    table = overlaps(clusters, members, sites, areas.table)
    names = dict(zip(*(clusters[c].to_pylist() for c in ("cluster_id", "name")), strict=True))
    rows = [Overlap(cluster=names[r["cluster_id"]], **r) for r in table.to_pylist()]
    met = {row.cluster_id for row in rows}
    rest = [
        Outside(cluster=names[r["cluster_id"]], **r)
        for r in outside(clusters, members, sites, areas.table).to_pylist()
        if r["cluster_id"] in met
    ]
    return Overlaps(
        by_cluster=sorted(rows, key=lambda r: (r.cluster, r.cluster_id,
                                               -(r.share_of_cluster or 0), r.area_id)),
        by_area=sorted(rows, key=lambda r: (r.area_name, r.area_id, -r.share_of_area,
                                            r.cluster, r.cluster_id)),
        outside=sorted(rest, key=lambda r: (r.cluster, r.cluster_id)),
        n_areas=len(areas.table),
        n_areas_without=len(areas.table) - len({row.area_id for row in rows}),
        n_clusters_outside=len(clusters) - len(rest),
        warnings=areas.warnings,
    )  # fmt: skip


def _levels(edition: Edition) -> str:
    sql = (
        "select distinct level from clusters where theme = 'all' and period = 'all' order by level"
    )
    found = [str(row["level"]) for row in edition.rows(Query("levels", sql))]
    return f"it has {', '.join(found) or 'none at all'}"
