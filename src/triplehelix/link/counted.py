"""Links without what is to be expected of them, and the sizes of their ends."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from triplehelix.link.performing import Label, Participants, labels, layers, performers
from triplehelix.tables import SHARE_PARTS

Wholes = NDArray[np.int64]

READS = ("link_performers", "link_organisations", "link_members", "link_clusters", "link_labels")
_KINDS = pa.array(["inside", "cluster", "country", "countries"])
_LINKS = pa.schema([
    ("layer", pa.int64()), ("from", pa.string()), ("to", pa.string()), ("theme", pa.string()),
    ("period", pa.string()), ("kind", pa.string()), ("weight", pa.float64()),
    ("n_activities", pa.int64()), ("squares", pa.float64()), ("largest", pa.float64()),
])  # fmt: skip
_SIZES = pa.schema([
    ("layer", pa.int64()), ("id", pa.string()), ("is_country", pa.bool_()),
    ("theme", pa.string()), ("period", pa.string()), ("n", pa.int64()),
])  # fmt: skip


class _Layer(NamedTuple):
    """The participants of one layer with their countries; names of all ends by number."""

    number: int
    there: Participants
    country: Wholes
    n_clusters: int
    ends: pa.Array


def links_counted(*tables: pa.Table) -> pa.Table:
    """
    Rows of links: layer, both ends, theme, period, kind, weight, and what bounds rest on.

    Parameters
    ----------
    tables : those of `READS`.

    Returns
    -------
    A table. `kind` is `inside`, `cluster` (between two), `country` (of a cluster with one) or
    `countries`; `squares` is the sum of the squares of the activities' parts of the weight,
    `largest` the greatest of these. Whole parts are added up, so that no order matters.
    """
    return pa.concat_tables(
        [_LINKS.empty_table()]
        + [_counted(layer, label) for layer, label in _layers_and_labels(tables)]
    )


def link_sizes(*tables: pa.Table) -> pa.Table:
    """Shared activities of each end: (layer, id, is_country, theme, period, n)."""
    return pa.concat_tables(
        [_SIZES.empty_table()]
        + [_sized(layer, label) for layer, label in _layers_and_labels(tables)]
    )


def _layers_and_labels(tables: tuple[pa.Table, ...]) -> Iterator[tuple[_Layer, Label]]:
    rows, organisations, members, clusters, labelled = tables
    done = performers(rows, organisations)
    named = [""] * (clusters.num_rows + 1)
    for number, name in zip(clusters["cluster"].to_pylist(), clusters["cluster_id"].to_pylist(),
                            strict=True):  # fmt: skip
        named[number] = name
    ends = pa.array([*named, *done.countries[1:]], pa.string())
    told = list(labels(labelled, done.n_activities))
    for number, there in layers(done, members):
        layer = _Layer(number, there, done.country[there.organisation], clusters.num_rows, ends)
        for label in told:
            yield layer, label


def _counted(layer: _Layer, label: Label) -> pa.Table:
    # Numba is slow to import: only where links are made.
    from triplehelix.link import tallying as t

    n_countries = len(layer.ends) - 1 - layer.n_clusters
    key, sums = t.tally(
        t.Blocks(layer.there.start, layer.there.cluster, layer.country), label.activities,
        label.weight, layer.n_clusters, n_countries, layer.number == 0,
    )  # fmt: skip
    order = np.argsort(key)
    one, other = np.divmod(key[order], len(layer.ends))
    weight, squares = (t.as_real(sums[order], which) for which in (t.WEIGHT, t.SQUARES))
    from_country, to_country = one > layer.n_clusters, other > layer.n_clusters
    kind = np.where(one == other, 0, 1 + to_country + from_country)
    return _table(_LINKS, layer, label, {
        "from": layer.ends.take(pa.array(one)), "to": layer.ends.take(pa.array(other)),
        "kind": _KINDS.take(pa.array(kind)), "weight": np.round(weight, 9),
        "n_activities": sums[order, t.COUNT].astype(np.int64), "squares": squares,
        "largest": sums[order, t.LARGEST] / SHARE_PARTS,
    })  # fmt: skip


def _sized(layer: _Layer, label: Label) -> pa.Table:
    from triplehelix.link import tallying as t

    n_clusters, n_ends = layer.n_clusters + 1, len(layer.ends)
    counts = np.zeros(n_clusters, dtype=np.int64), np.zeros(n_ends - layer.n_clusters, np.int64)
    t.count_ends(
        t.Blocks(layer.there.start, layer.there.cluster, layer.country), label.activities,
        np.full(n_ends + 1, -1), *counts,
    )  # fmt: skip
    n = np.concatenate([counts[0], counts[1][1:]])
    n[0] = 0
    end = np.flatnonzero(n)
    return _table(_SIZES, layer, label, {
        "id": layer.ends.take(pa.array(end)), "is_country": end >= n_clusters, "n": n[end],
    })  # fmt: skip


def _table(
    schema: pa.Schema, layer: _Layer, label: Label, columns: Mapping[str, Any]
) -> pa.Table:  # fmt: skip
    length = len(next(iter(columns.values())))
    same = {"layer": layer.number, "theme": label.theme, "period": label.period}
    whole = {**columns, **{name: pa.repeat(value, length) for name, value in same.items()}}
    return pa.table([whole[name] for name in schema.names], schema=schema)
