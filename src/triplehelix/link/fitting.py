"""The gravity model of each layer and theme, fitted over all pairs, tied or not."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from triplehelix.errors import InputError
from triplehelix.link.gravity import Gravity, Nodes, gravity, pair_columns
from triplehelix.stats import sum_interval

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]
Languages = Mapping[str, tuple[str, ...]]

# A coefficient needs some pairs that are tied to be told at all.
LEAST_TIED = 30
KINDS = ("cluster", "country", "countries")


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
    model was fitted on, one row per pair (`first`, `second`: ids).
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


class _Layer(NamedTuple):
    """The nodes of one level and theme, numbered, and which pairs of them are looked at."""

    nodes: pd.DataFrame
    themes: Reals
    first: Wholes
    second: Wholes


def counted_frames(counted: pa.Table, nodes: pa.Table, node_themes: pa.Table) -> Counted:
    """The tables that models are fitted to, sorted by what they hold."""
    rows = counted.to_pandas().sort_values(["from", "to", "theme", "period"], ignore_index=True)
    ends = nodes.to_pandas().sort_values(["layer", "theme", "period", "id"], ignore_index=True)
    mix = node_themes.to_pandas().pivot_table(
        index=["layer", "id"], columns="theme", values="n", aggfunc="sum", fill_value=0
    )
    return Counted(rows, ends, mix)


def fitted(
    counted: Counted, languages: Languages, kinds: tuple[str, ...] = KINDS
) -> Iterator[Fitted]:
    """Every model that can be told: of enough tied pairs, and not too regular to fit."""
    rows = counted.rows
    grouped = dict(list(rows.groupby(["layer", "theme", "period", "kind"], sort=False)))
    for key, here in counted.ends.groupby(["layer", "theme", "period"]):
        layer, theme, period = (str(each) for each in key)
        for kind in kinds:
            tied = grouped.get((*key, kind))
            if tied is None or len(tied) < LEAST_TIED:
                continue
            pairs = _pairs(here.reset_index(drop=True), counted.mix, int(layer), kind)
            found = _fit(tied, pairs, languages)
            if found is not None:
                at, columns, model = found
                ids = pairs.nodes["id"].to_numpy()
                yield Fitted(theme, period, kind, tied, at, ids[pairs.first], ids[pairs.second],
                             columns, model)  # fmt: skip


def _pairs(here: pd.DataFrame, mix: pd.DataFrame, layer: int, kind: str) -> _Layer:
    """All pairs of clusters, of countries, or all of a cluster with a country."""
    keys = pd.MultiIndex.from_arrays([[layer] * len(here), here["id"]])
    themes = mix.reindex(keys, fill_value=0).to_numpy(dtype=float)
    country = here["is_country"].to_numpy(dtype=bool)
    clusters, countries = np.flatnonzero(~country), np.flatnonzero(country)
    if kind == "country":
        return _Layer(here, themes, np.repeat(clusters, len(countries)),
                      np.tile(countries, len(clusters)))  # fmt: skip
    ends = clusters if kind == "cluster" else countries
    one, other = np.triu_indices(len(ends), 1)
    return _Layer(here, themes, ends[one], ends[other])


def _fit(
    tied: pd.DataFrame, pairs: _Layer, languages: Languages
) -> tuple[Wholes, Reals, Gravity] | None:
    n = len(pairs.nodes)
    ids = pd.Index(pairs.nodes["id"])
    key = ids.get_indexer(tied["from"]) * n + ids.get_indexer(tied["to"])
    all_keys = pairs.first * n + pairs.second
    order = np.argsort(all_keys)
    at = order[np.searchsorted(all_keys[order], key)]
    weight = np.zeros(len(all_keys))
    weight[at] = tied["weight"]
    low, high = sum_interval(tied["weight"], tied["squares"], np.maximum(tied["largest"], 1e-9))
    below, above = weight.copy(), weight.copy()
    below[at], above[at] = np.minimum(low, tied["weight"]), np.maximum(high, tied["weight"])
    columns = pair_columns(_nodes(pairs, languages), pairs.first, pairs.second)
    try:
        model = gravity(weight, columns, ends=(pairs.first, pairs.second), bounds=(below, above))
    except InputError:
        # Too little, or too regular, to fit: then nothing is said.
        return None
    return at, columns, model


def _nodes(pairs: _Layer, languages: Languages) -> Nodes:
    nodes = pairs.nodes
    return Nodes(
        nodes["size"].to_numpy(), nodes["lat"].to_numpy(dtype=float),
        nodes["lon"].to_numpy(dtype=float), nodes["country"].fillna("").to_numpy(),
        pairs.themes, dict(languages),
    )  # fmt: skip
