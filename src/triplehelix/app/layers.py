"""Which sets of clusters an edition holds: levels of zoom, single themes, and periods."""

from dataclasses import dataclass
from typing import NamedTuple

from triplehelix.app.prepared import once_per_edition, prepare
from triplehelix.errors import UnknownName
from triplehelix.query import Query
from triplehelix.store.edition import Edition


class Layer(NamedTuple):
    """One level of the clusters of one theme and period."""

    level: int
    of: str
    period: str


@dataclass(frozen=True, slots=True)
class LayerSize:
    """A layer, what its theme is called, how many clusters it has and how far they reach."""

    level: int
    of: str
    label: str | None
    period: str
    n_clusters: int
    radius_km: float | None


@once_per_edition
def layers(edition: Edition) -> tuple[LayerSize, ...]:
    """
    The layers an edition has clusters in: those of all activity first, then themes, periods.

    `radius_km` is how near counts as near at that level, where the method has one radius.
    """
    detect = (edition.manifest.get("parameters") or {}).get("detect") or {}
    radii = _radii(detect)
    rows = prepare(edition).rows(
        Query(
            "layers",
            """
        with sizes as (
            select level, theme, period, count(*) as n_clusters from atlas.clusters group by all)
        select s.level, s.theme as of, t.label, s.period, s.n_clusters
        from sizes s left join atlas.themes t using (theme)
        order by s.theme <> 'all', t.label, s.theme, s.period <> 'all', s.period, s.level""",
        )
    )
    return tuple(LayerSize(**row, radius_km=radii.get(row["level"])) for row in rows)


def layer_of(edition: Edition, level: int, of: str, period: str) -> Layer:
    """The layer that was asked for, or the error that says which there are."""
    asked = Layer(level, of, period)
    known = [Layer(each.level, each.of, each.period) for each in layers(edition)]
    if asked in known or asked == Layer(0, "all", "all"):
        return asked
    offered = "; ".join(f"level {k.level}, of {k.of}, period {k.period}" for k in known[:30])
    raise UnknownName(
        f"this edition has no clusters of level {level}, of {of!r}, period {period!r}; "
        f"it has: {offered or 'none at all'}"
    )


def _radii(detect: dict[str, object]) -> dict[int, float]:
    main, further = detect.get("radius_km"), detect.get("levels_km") or ()
    if detect.get("method") != "dbscan" or not isinstance(main, int | float):
        return {}
    radii = sorted({float(main), *(float(each) for each in further)})  # type: ignore[attr-defined]
    return {i - radii.index(float(main)): radius for i, radius in enumerate(radii)}
