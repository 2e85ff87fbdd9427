"""What to expect of each link: gravity over all pairs of one level and theme, tied or not."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from triplehelix.errors import InputError
from triplehelix.link.gravity import Nodes, gravity, pair_columns
from triplehelix.stats import sum_interval
from triplehelix.tables import EDITION

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]
Languages = Mapping[str, tuple[str, ...]]

# A coefficient needs some pairs that are tied to be told at all.
LEAST_TIED = 30
_DECIMALS = 9
_GIVEN = ["expected", "residual", "low", "high"]


class _Layer(NamedTuple):
    """The nodes of one level and theme, numbered, and which pairs of them are looked at."""

    nodes: pd.DataFrame
    themes: Reals
    first: Wholes
    second: Wholes


def links_with_expected(
    counted: pa.Table, nodes: pa.Table, node_themes: pa.Table, languages: Languages
) -> pa.Table:
    """
    The rows of `links`, with what gravity expects of those between two places.

    Parameters
    ----------
    counted : rows of links with `layer`, `kind` (`inside`, `cluster`, `country`), and the
        `squares` and the `largest` of the parts of each weight.
    nodes : per layer, theme and end of links its `size` (activities), lat, lon, country, and
        whether it `is_country`.
    node_themes : per layer and end, `n` activities per theme.
    languages : the official languages of each country.

    Returns
    -------
    Rows of `links`. NULL where too few pairs are tied to tell, and for ties inside.
    """
    rows = counted.to_pandas().sort_values(["from", "to", "theme"], ignore_index=True)
    rows = rows.assign(**dict.fromkeys(_GIVEN, np.nan))
    ends = nodes.to_pandas().sort_values(["layer", "theme", "id"], ignore_index=True)
    mix = node_themes.to_pandas().pivot_table(
        index=["layer", "id"], columns="theme", values="n", aggfunc="sum", fill_value=0
    )
    for (layer, theme), here in ends.groupby(["layer", "theme"], sort=True):
        own = rows[(rows["layer"] == layer) & (rows["theme"] == theme)]
        for kind, pairs in _pairs(here.reset_index(drop=True), mix, int(layer)):
            found = _expected(own[own["kind"] == kind], pairs, languages)
            if found is not None:
                rows.loc[found.index, _GIVEN] = found
    return _table(rows)


def _pairs(here: pd.DataFrame, mix: pd.DataFrame, layer: int) -> Iterator[tuple[str, _Layer]]:
    """All pairs of clusters, and all of a cluster with a country."""
    keys = pd.MultiIndex.from_arrays([[layer] * len(here), here["id"]])
    themes = mix.reindex(keys, fill_value=0).to_numpy(dtype=float)
    country = here["is_country"].to_numpy(dtype=bool)
    clusters, countries = np.flatnonzero(~country), np.flatnonzero(country)
    one, other = np.triu_indices(len(clusters), 1)
    yield "cluster", _Layer(here, themes, clusters[one], clusters[other])
    yield "country", _Layer(here, themes, np.repeat(clusters, len(countries)),
                            np.tile(countries, len(clusters)))  # fmt: skip


def _expected(tied: pd.DataFrame, pairs: _Layer, languages: Languages) -> pd.DataFrame | None:
    """Expectation, residual and bounds of the tied pairs; None if they cannot be told."""
    if len(tied) < LEAST_TIED:
        return None
    n = len(pairs.nodes)
    ids = pd.Index(pairs.nodes["id"])
    key = ids.get_indexer(tied["from"]) * n + ids.get_indexer(tied["to"])
    all_keys = pairs.first * n + pairs.second
    order = np.argsort(all_keys)
    at = order[np.searchsorted(all_keys[order], key)]
    weight = np.zeros(len(all_keys))
    weight[at] = tied["weight"]
    low, high = _bounds(tied)
    below, above = weight.copy(), weight.copy()
    below[at], above[at] = np.minimum(low, tied["weight"]), np.maximum(high, tied["weight"])
    columns = pair_columns(_nodes(pairs, languages), pairs.first, pairs.second)
    try:
        model = gravity(weight, columns, ends=(pairs.first, pairs.second), bounds=(below, above))
    except InputError:
        # Too little, or too regular, to fit: then nothing is said.
        return None
    # low and high are on the scale of the weight: the residual is clear of chance where the
    # expectation lies outside of them.
    return pd.DataFrame({
        "expected": model.expected[at], "residual": model.residual[at],
        "low": np.maximum(model.expected[at] + model.residual_low[at], 0.0),
        "high": model.expected[at] + model.residual_high[at],
    }, index=tied.index)  # fmt: skip


def _bounds(tied: pd.DataFrame) -> tuple[Reals, Reals]:
    return sum_interval(tied["weight"], tied["squares"], np.maximum(tied["largest"], 1e-9))


def _nodes(pairs: _Layer, languages: Languages) -> Nodes:
    nodes = pairs.nodes
    return Nodes(
        nodes["size"].to_numpy(), nodes["lat"].to_numpy(dtype=float),
        nodes["lon"].to_numpy(dtype=float), nodes["country"].fillna("").to_numpy(),
        pairs.themes, dict(languages),
    )  # fmt: skip


def _table(rows: pd.DataFrame) -> pa.Table:
    schema = EDITION["links"].schema
    rows = rows.assign(period="all", **{name: rows[name].round(_DECIMALS) for name in _GIVEN})
    return pa.Table.from_pandas(rows[schema.names], schema=schema, preserve_index=False)
