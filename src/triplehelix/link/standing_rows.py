"""Rows of profiles on where each cluster stands in the network of its level."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from triplehelix.link.backbone import backbone
from triplehelix.link.brokerage import bridging, brokerage
from triplehelix.link.communities import communities
from triplehelix.link.fitting import LEAST_TIED
from triplehelix.link.numbered import categorised
from triplehelix.link.profile_table import profile_table

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]

N_DRAWS, N_RUNS, SEED = 40, 20, 0
# Where clusters times ties, the steps that shortest paths take, add up to more over all networks,
# those of all activity alone are looked at, once, and in fewer groupings: forty draws of each,
# theme by theme, take hours.
MOST_STEPS, N_RUNS_LARGE = 60_000_000, 5
_DRAWN = f"95 % of {N_DRAWS} networks whose ties were drawn anew about their weights"
_LARGE = f"no bounds: clusters times ties of all networks are more than {MOST_STEPS:,}"
_BETWEEN = "share of shortest paths between other clusters, a tie as long as 1 / weight"
_CONSTRAINT = "Burt's constraint, n partners"
_BRIDGE = "of pairs of its n backbone partners, in two countries and without a tie"
_COMMUNITY = "number of the Leiden community, the heaviest 0; n clusters in it"


class _Network(NamedTuple):
    """Ties of clusters of one layer and theme, numbered in the order of their ids."""

    ids: NDArray[np.str_]
    first: Wholes
    second: Wholes
    weight: Reals
    squares: Reals
    country: dict[str, str]


def standing_rows(counted: pa.Table, clusters: pa.Table) -> pa.Table:
    """
    Betweenness, constraint, bridging between countries, and community of each cluster.

    Parameters
    ----------
    counted : rows of links with `layer`, `kind`, and the `squares` of the parts of each weight.
    clusters : `cluster_id` and `countries`, joined by `+`.

    Returns
    -------
    Rows of `profiles`, for layers and themes with 30 tied pairs of clusters or more:

    - `betweenness` and `constraint` over all ties; n clusters in the network, n partners;
    - `bridging_countries` over the backbone; n partners in it;
    - `community`, n clusters in it, and `community_stability`, n runs.

    Bounds come from weights drawn anew from the gamma distribution of each one's mean and
    variance, always the same draws; they take in the value itself. Where clusters
    times ties, added up over all networks, are more than `MOST_STEPS`, there are rows for all
    activity alone, without bounds.
    """
    country = dict(zip(clusters["cluster_id"].to_pylist(), clusters["countries"].to_pylist(),
                       strict=True))  # fmt: skip
    between = pc.and_(pc.equal(counted["kind"], "cluster"), pc.greater(counted["weight"], 0))
    rows = categorised(counted.filter(between))
    rows = rows.sort_values(["layer", "theme", "period", "from", "to"])
    networks = [
        (str(theme), str(period), _network(tied, country))
        for (_, theme, period), tied in rows.groupby(["layer", "theme", "period"], observed=True)
        if len(tied) >= LEAST_TIED
    ]
    large = sum(len(one.ids) * len(one.first) for _, _, one in networks) > MOST_STEPS
    found: list[tuple[Any, ...]] = []
    for theme, period, network in networks:
        if not large or (theme, period) == ("all", "all"):
            told = (*_brokers(network, large), *_groups(network, large))
            found += [(*row, theme, period) for row in told]
    return profile_table(found)


def _network(tied: pd.DataFrame, home: dict[str, str]) -> _Network:
    ends = np.concatenate([tied["from"].to_numpy(dtype=str), tied["to"].to_numpy(dtype=str)])
    ids, number = np.unique(ends, return_inverse=True)
    first, second = number.reshape(2, -1)
    country = {str(k): home[str(cluster)] for k, cluster in enumerate(ids)}
    squares = np.maximum(tied["squares"].to_numpy(), 1e-18)
    return _Network(ids, first, second, tied["weight"].to_numpy(), squares, country)


def _brokers(network: _Network, large: bool) -> list[tuple[Any, ...]]:
    rng = np.random.default_rng(SEED)
    shape, scale = network.weight**2 / network.squares, network.squares / network.weight
    drawn = [
        network._replace(weight=np.maximum(rng.gamma(shape, scale), 1e-12))
        for _ in range(0 if large else N_DRAWS)
    ]
    value, draws = _standing(network), np.array([_standing(each) for each in drawn])
    said = _DRAWN if drawn else _LARGE
    n_nodes = len(network.ids)
    kept = backbone(network.first, network.second, network.weight).kept
    numbers = {
        "betweenness": (np.full(n_nodes, n_nodes), _BETWEEN),
        "constraint": (_partners(network.first, network.second, n_nodes), _CONSTRAINT),
        "bridging_countries": (
            _partners(network.first[kept], network.second[kept], n_nodes), _BRIDGE),
    }  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    for m, (measure, (n, note)) in enumerate(numbers.items()):
        low, high = _bounds(value[m], draws[:, m]) if drawn else ([None] * n_nodes,) * 2
        rows += [
            (str(cluster), measure, value[m, k], low[k], high[k], int(n[k]), f"{note}; {said}")
            for k, cluster in enumerate(network.ids) if not np.isnan(value[m, k])
        ]  # fmt: skip
    return rows


def _standing(network: _Network) -> Reals:
    """Betweenness, constraint, bridging: shape (3, n_nodes)."""
    found = brokerage(network.first, network.second, network.weight)
    return np.array([found.betweenness, found.constraint, _bridging(network)])


def _bridging(network: _Network) -> Reals:
    """Over the backbone of the network; NaN for a node with fewer than two ties in it."""
    kept = backbone(network.first, network.second, network.weight).kept
    share = np.full(len(network.ids), np.nan)
    if kept.any():
        names, found = bridging(network.first[kept], network.second[kept], network.country)
        share[names.astype(int)] = found
    return share


def _bounds(value: Reals, drawn: Reals) -> tuple[Reals, Reals]:
    known = np.where(np.isnan(drawn), value, drawn)
    low, high = np.quantile(known, [0.025, 0.975], axis=0)
    return np.minimum(low, value), np.maximum(high, value)


def _partners(first: Wholes, second: Wholes, n_nodes: int) -> Wholes:
    return np.bincount(np.concatenate([first, second]), minlength=n_nodes)


def _groups(network: _Network, large: bool) -> list[tuple[Any, ...]]:
    runs = N_RUNS_LARGE if large else N_RUNS
    said = f"the lower of its likeness over {runs} seeds and over {runs} networks drawn anew"
    found = communities(
        network.first, network.second, network.weight, squares=network.squares, n_runs=runs,
        seed=SEED,
    )  # fmt: skip
    size = np.bincount(found.community)
    stable = np.minimum(found.over_seeds, found.over_resamples)
    rows: list[tuple[Any, ...]] = []
    for k, cluster in enumerate(network.ids):
        number = int(found.community[k])
        rows.append((str(cluster), "community", float(number), None, None, int(size[number]),
                     _COMMUNITY))  # fmt: skip
        rows.append((str(cluster), "community_stability", stable[k], None, None, runs, said))
    return rows
