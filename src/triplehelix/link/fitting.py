"""The gravity model of each layer and theme, fitted over all pairs, tied or not."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from triplehelix.errors import InputError
from triplehelix.link.gravity import COLUMNS, Gravity, Nodes, gravity, pair_columns
from triplehelix.link.numbered import categorised
from triplehelix.stats import sum_interval

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]
Languages = Mapping[str, tuple[str, ...]]

# A coefficient needs some pairs that are tied to be told at all.
LEAST_TIED = 30
KINDS = ("cluster", "country", "countries")
_SIZE, _KM = COLUMNS.index("size"), COLUMNS.index("distance")


class Counted(NamedTuple):
    """
    What models are fitted to, as frames in one order.

    `rows` of links with `layer`, `kind` and what bounds rest on; `ends` of links with size and
    place; `mix`: activities per theme of each (layer, id).
    """

    rows: pd.DataFrame
    ends: pd.DataFrame
    mix: pd.DataFrame


class Fitted(NamedTuple):
    """
    One model: of which `theme`, `period` and `kind`, over which pairs.

    `tied` are the rows of links and `at` their places among the pairs; `columns` are those the
    model was fitted on, one row per pair (`first`, `second`: ids). The model tells of the tied.
    """

    theme: str
    period: str
    kind: str
    tied: pd.DataFrame
    at: Wholes
    first: NDArray[np.object_]
    second: NDArray[np.object_]
    columns: Reals
    model: Gravity


class _Ground(NamedTuple):
    """
    All pairs of one kind in a layer, tied or not, and what of them is the same for all themes.

    `first`, `second` index the ends, `ids`; `columns` are those of `pair_columns`, of which the
    sizes are to be filled in, and the distance where `placed` is False.
    """

    ids: pd.Index
    first: Wholes
    second: Wholes
    columns: Reals
    placed: NDArray[np.bool_]


def counted_frames(counted: pa.Table, nodes: pa.Table, node_themes: pa.Table) -> Counted:
    """The tables that models are fitted to, sorted by what they hold."""
    rows = categorised(counted)
    names = rows["from"].cat.categories.union(rows["to"].cat.categories)
    rows["from"], rows["to"] = (rows[end].cat.set_categories(names) for end in ("from", "to"))
    rows = rows.sort_values(["from", "to", "theme", "period"], ignore_index=True)
    ends = nodes.to_pandas().sort_values(["layer", "theme", "period", "id"], ignore_index=True)
    mix = node_themes.to_pandas().pivot_table(
        index=["layer", "id"], columns="theme", values="n", aggfunc="sum", fill_value=0
    )
    return Counted(rows, ends, mix)


def fitted(
    counted: Counted, languages: Languages, kinds: tuple[str, ...] = KINDS
) -> Iterator[Fitted]:
    """Every model that can be told: of enough tied pairs, and not too regular to fit."""
    groups = counted.rows.groupby(["layer", "theme", "period", "kind"], sort=False, observed=True)
    tied = {key: own for key, own in groups if len(own) >= LEAST_TIED and key[-1] in kinds}
    for layer, here in counted.ends.groupby("layer"):
        grounds: dict[str, _Ground] = {}
        for key, ends in here.groupby(["theme", "period"]):
            theme, period = (str(each) for each in key)
            for kind in kinds:
                own = tied.get((layer, theme, period, kind))
                if own is None:
                    continue
                if kind not in grounds:
                    grounds[kind] = _ground(counted, int(str(layer)), kind, languages)
                found = _fit(own, ends, grounds[kind])
                if found is not None:
                    yield Fitted(theme, period, kind, own, *found)


def _ground(counted: Counted, layer: int, kind: str, languages: Languages) -> _Ground:
    """All pairs of clusters, of countries, or all of a cluster with a country."""
    ends = counted.ends[counted.ends["layer"] == layer]
    nodes = ends.drop_duplicates("id").sort_values("id")
    keys = pd.MultiIndex.from_arrays([[layer] * len(nodes), nodes["id"]])
    themes = counted.mix.reindex(keys, fill_value=0).to_numpy(dtype=float)
    first, second = _all_pairs(nodes["is_country"].to_numpy(dtype=bool), kind)
    lat, lon = (nodes[name].to_numpy(dtype=float) for name in ("lat", "lon"))
    columns = pair_columns(
        Nodes(np.ones(len(nodes)), lat, lon, nodes["country"].fillna("").to_numpy(), themes,
              dict(languages)),
        first, second,
    )  # fmt: skip
    placed = np.isfinite(lat) & np.isfinite(lon)
    return _Ground(pd.Index(nodes["id"]), first, second, columns, placed[first] & placed[second])


def _all_pairs(is_country: NDArray[np.bool_], kind: str) -> tuple[Wholes, Wholes]:
    clusters, countries = np.flatnonzero(~is_country), np.flatnonzero(is_country)
    if kind == "country":
        return np.repeat(clusters, len(countries)), np.tile(countries, len(clusters))
    ends = clusters if kind == "cluster" else countries
    one, other = np.triu_indices(len(ends), 1)
    return ends[one], ends[other]


def _of_label(ground: _Ground, ends: pd.DataFrame) -> tuple[Wholes, Wholes, Reals]:
    """The pairs whose ends both have activity of a theme or period, and their columns."""
    size = np.zeros(len(ground.ids))
    size[ground.ids.get_indexer(pd.Index(ends["id"]))] = ends["size"]
    here = np.flatnonzero((size[ground.first] > 0) & (size[ground.second] > 0))
    first, second = ground.first[here], ground.second[here]
    columns, placed = ground.columns[here], ground.placed[here]
    log_size = np.log(np.where(size > 0, size, 1.0))
    columns[:, _SIZE] = log_size[first] + log_size[second]
    columns[~placed, _KM] = columns[placed, _KM].mean() if placed.any() else 0.0
    return first, second, columns


def _fit(
    tied: pd.DataFrame, ends: pd.DataFrame, ground: _Ground
) -> tuple[Wholes, NDArray[np.object_], NDArray[np.object_], Reals, Gravity] | None:
    first, second, columns = _of_label(ground, ends)
    at = _places(tied, ground.ids, first, second)
    here = tied["weight"].to_numpy()
    weight = np.zeros(len(first))
    weight[at] = here
    low, high = sum_interval(here, tied["squares"], np.maximum(tied["largest"], 1e-9))
    try:
        model = gravity(
            weight, columns, ends=(first, second), told=at,
            bounds=(np.minimum(low, here), np.maximum(high, here)),
        )  # fmt: skip
    except InputError:
        # Too little, or too regular, to fit: then nothing is said.
        return None
    ids: NDArray[np.object_] = ground.ids.to_numpy(dtype=object)
    return at, ids[first], ids[second], columns, model


def _places(tied: pd.DataFrame, ids: pd.Index, first: Wholes, second: Wholes) -> Wholes:
    """Where each tied pair stands among all."""
    one, other = (
        ids.get_indexer(tied[end].cat.categories)[tied[end].cat.codes.to_numpy()]
        for end in ("from", "to")
    )
    all_keys = first * len(ids) + second
    # In the order of the ids, as all pairs of one kind are made.
    return np.searchsorted(all_keys, one * len(ids) + other)
