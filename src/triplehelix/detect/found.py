"""The clusters of every stratum and level, by the sites that are in them."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from triplehelix.detect.parameters import Parameters
from triplehelix.detect.search import Layers, Search, parents
from triplehelix.tables import FLAG, TEXT, WHOLE

_ADDED = pa.schema([
    ("level", WHOLE), ("cluster_id", TEXT), ("parent_id", TEXT), ("core", FLAG),
])  # fmt: skip


class Stratum(NamedTuple):
    """Sites of one theme and period, sorted by id, and what finds the clusters among them."""

    theme: str
    period: str
    sites: pa.Table
    search: Search

    @property
    def weight(self) -> Any:
        """What the sites weigh, as float64."""
        return self.sites["weight"].to_numpy().astype(np.float64)


def strata_of(
    site_weights: pa.Table, detection: pa.Table, parameters: Parameters
) -> Iterator[Stratum]:
    """The strata in the order of theme and period; one without sites has no rows."""
    order = [("theme", "ascending"), ("period", "ascending")]
    for row in detection.sort_by(order).to_pylist():
        theme, period = row["theme"], row["period"]
        is_here = pc.and_(
            pc.equal(site_weights["theme"], theme), pc.equal(site_weights["period"], period)
        )
        sites = site_weights.filter(is_here).sort_by("site_id").combine_chunks()
        search = Search(
            sites["lat"].to_numpy(), sites["lon"].to_numpy(),
            sites["precise"].to_numpy(zero_copy_only=False),
            parameters, float(row["min_weight"]),
        )  # fmt: skip
        yield Stratum(theme, period, sites, search)


def cluster_sites(
    site_weights: pa.Table, detection: pa.Table, *, parameters: Parameters
) -> pa.Table:
    """
    The sites that are in a cluster, for every stratum and level.

    Columns of `site_weights`, and level, cluster_id, parent_id (of the next wider cluster
    that holds it, or NULL) and core; sorted by cluster and site.
    """
    parts = [
        part
        for stratum in strata_of(site_weights, detection, parameters)
        for part in _of_stratum(stratum, parameters)
    ]
    empty = site_weights.slice(0, 0)
    for field in _ADDED:
        empty = empty.append_column(field, pa.array([], field.type))
    return pa.concat_tables([empty, *parts]).sort_by(
        [("cluster_id", "ascending"), ("site_id", "ascending")]
    )


def _of_stratum(stratum: Stratum, parameters: Parameters) -> Iterator[pa.Table]:
    layers = stratum.search.layers(stratum.weight)
    ids = cluster_ids(stratum, layers, parameters)
    above = [
        [None if held is None else ids[held[0]][held[1]] for held in row] for row in parents(layers)
    ]
    for i, level in enumerate(layers.levels):
        rows = np.flatnonzero(layers.labels[i] >= 0)
        labels = layers.labels[i][rows].tolist()
        added: tuple[Any, ...] = (
            [level] * len(rows), [ids[i][label] for label in labels],
            [above[i][label] for label in labels], layers.core[i][rows],
        )  # fmt: skip
        table = stratum.sites.take(rows)
        for field, values in zip(_ADDED, added, strict=True):
            table = table.append_column(field, pa.array(values, field.type))
        yield table


def cluster_ids(stratum: Stratum, layers: Layers, parameters: Parameters) -> list[list[str]]:
    """For each level the ids of its clusters, by label."""
    names = np.array(stratum.sites["site_id"].to_pylist(), dtype=object)
    return [
        [
            _cluster_id(stratum, level, parameters, names[(labels == label) & core])
            for label in range(labels.max(initial=-1) + 1)
        ]
        for level, labels, core in zip(*layers, strict=True)
    ]


def _cluster_id(stratum: Stratum, level: int, parameters: Parameters, core_site_ids: Any) -> str:
    """Hash of the method, the parameters that decide the members, and the core members."""
    radius = parameters.radii.get(level) if parameters.method == "dbscan" else level
    values = [
        stratum.theme, stratum.period, parameters.method, radius, parameters.weight,
        parameters.precision, _as_float(parameters.min_weight),
        _as_float(parameters.min_cluster_weight), sorted(core_site_ids),
    ]  # fmt: skip
    text = json.dumps(values, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _as_float(value: float | None) -> float | None:
    return None if value is None else float(value)
