"""Which nodes work together more than with others, and how surely each belongs."""

from random import Random
from typing import NamedTuple

import igraph
import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.errors import InputError
from triplehelix.link.pairs import Pairs, checked_pairs

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]

_SEEDED = 5


class Communities(NamedTuple):
    """
    Communities of nodes: `node` sorted, `community` numbered from 0, the heaviest first.

    `over_seeds` and `over_resamples`, 0 to 1, are how nearly each node's community came back:
    the mean Jaccard likeness of the sets of nodes it was with. `modularity` is that of the
    partition.
    """

    node: NDArray[np.generic]
    community: Wholes
    over_seeds: Reals
    over_resamples: Reals
    modularity: float


class Overlap(NamedTuple):
    """How many nodes each community and area have in common, and of which part of either."""

    community: Wholes
    area: NDArray[np.generic]
    n: Wholes
    share_of_community: Reals
    share_of_area: Reals


def communities(
    first: ArrayLike,
    second: ArrayLike,
    weight: ArrayLike,
    *,
    squares: ArrayLike | None = None,
    resolution: float = 1.0,
    n_runs: int = 20,
    seed: int = 0,
) -> Communities:
    """
    Leiden communities by modularity: the best of several runs, with its stability.

    Parameters
    ----------
    first, second, weight : shape (n_pairs,)
        Ties between different nodes, each pair once; weight above 0.
    squares : shape (n_pairs,), optional
        The sum of the squares of the parts of each weight, its variance; by default the
        weight itself, as of activities that count one each.
    resolution : above 0; more makes smaller communities.
    n_runs : how often, each, seeds are changed and weights drawn anew; at least 1.
    seed : of the draws.

    Returns
    -------
    Communities
        Nodes without ties are not in it. The order of the pairs changes nothing. Weights are
        drawn anew from the gamma distribution of their mean and variance.

    Raises
    ------
    InputError
        If the pairs are faulty, or a parameter is out of range.

    References
    ----------
    Traag, Waltman and van Eck (2019), Scientific Reports 9, 5233. doi:10.1038/s41598-019-41695-z
    Hennig (2007), Computational Statistics and Data Analysis 52(1), 258-271: stability of each
    cluster by its Jaccard likeness over resamples. doi:10.1016/j.csda.2006.11.025

    Examples
    --------
    >>> found = communities(list("aabdde"), list("bccfef"), [1, 1, 1, 1, 1, 1])
    >>> found.node.tolist(), found.community.tolist()
    (['a', 'b', 'c', 'd', 'e', 'f'], [0, 0, 0, 1, 1, 1])
    """
    if not resolution > 0 or n_runs < 1:
        raise InputError(
            f"resolution is {resolution} and n_runs {n_runs}; give a resolution above 0 and at "
            "least one run"
        )
    pairs = checked_pairs(first, second, weight)
    spread = pairs.weight if squares is None else np.asarray(squares, float)[pairs.order]
    if not (np.isfinite(spread) & (spread > 0)).all():
        raise InputError("squares must be finite and above 0: they are sums of squared weights")
    if not len(pairs.weight):
        return Communities(pairs.names, np.zeros(0, int), np.zeros(0), np.zeros(0), 0.0)
    return _found(pairs, spread, (resolution, n_runs, seed))


def overlap(community: ArrayLike, area: ArrayLike) -> Overlap:
    """
    Communities against administrative regions, alliances, or any other division.

    Parameters
    ----------
    community, area : shape (n_nodes,)
        Both of each node; an empty area means none, and such nodes count for the community
        alone.

    Returns
    -------
    Overlap
        One entry per community and area with a node in common, sorted by both.

    Examples
    --------
    >>> found = overlap([0, 0, 0, 1], ["north", "north", "south", "south"])
    >>> [(int(c), str(a), int(n), round(float(s), 2)) for c, a, n, s, _ in zip(*found)]
    [(0, 'north', 2, 0.67), (0, 'south', 1, 0.33), (1, 'south', 1, 1.0)]
    """
    groups, areas = np.asarray(community), np.asarray(area)
    if groups.ndim != 1 or groups.shape != areas.shape:
        raise InputError(
            f"community and area have shapes {groups.shape} and {areas.shape}; give both of "
            "each node"
        )
    numbers, group = np.unique(groups, return_inverse=True)
    names, place = np.unique(areas, return_inverse=True)
    table = np.zeros((len(numbers), len(names)), dtype=int)
    np.add.at(table, (group, place), 1)
    row, column = np.nonzero(table * (names != "")) if len(names) else (group, place)
    n = table[row, column]
    return Overlap(
        numbers[row], names[column], n, n / table.sum(axis=1)[row], n / table.sum(axis=0)[column]
    )


def _found(pairs: Pairs, spread: Reals, how: tuple[float, int, int]) -> Communities:
    resolution, n_runs, seed = how
    graph = igraph.Graph(
        n=len(pairs.names), edges=np.column_stack([pairs.first, pairs.second]).tolist()
    )
    runs = [_leiden(graph, pairs.weight, resolution, seed + k) for k in range(n_runs)]
    fit = [
        graph.modularity(run, weights=pairs.weight.tolist(), resolution=resolution) for run in runs
    ]
    # Of equal ones the first in the order of the labels: ties break by content.
    best = min(zip(np.round(fit, 12) * -1, [tuple(_numbered(r, pairs)) for r in runs], strict=True))
    labels = np.array(best[1])
    rng = np.random.default_rng(seed)
    drawn = [
        _leiden(graph, rng.gamma(pairs.weight**2 / spread, spread / pairs.weight), resolution, seed)
        for _ in range(n_runs)
    ]
    return Communities(
        pairs.names, labels, _stability(labels, runs), _stability(labels, drawn), -float(best[0])
    )


def _leiden(graph: igraph.Graph, weight: Reals, resolution: float, seed: int) -> Wholes:
    # igraph draws from one generator for the whole process: it is set for this run alone.
    igraph.set_random_number_generator(Random(seed))
    try:
        found = graph.community_leiden(
            objective_function="modularity", weights=np.maximum(weight, 1e-12).tolist(),
            resolution=resolution, n_iterations=_SEEDED,
        )  # fmt: skip
    finally:
        igraph.set_random_number_generator(Random())
    return np.asarray(found.membership)


def _numbered(labels: Wholes, pairs: Pairs) -> Wholes:
    """Labels by the weight of their nodes, heaviest first; of equal ones the first node's."""
    kept, at, number = np.unique(labels, return_index=True, return_inverse=True)
    heavy = np.round(np.bincount(number, pairs.strength(), len(kept)), 9)
    rank = np.empty(len(kept), dtype=int)
    rank[np.lexsort((at, -heavy))] = np.arange(len(kept))
    return rank[number]


def _stability(labels: Wholes, runs: list[Wholes]) -> Reals:
    """Mean Jaccard likeness of each node's community to the one it has in each run."""
    total = np.zeros(len(labels))
    size = np.bincount(labels)
    for run in runs:
        joint = np.zeros((labels.max() + 1, run.max() + 1))
        np.add.at(joint, (labels, run), 1)
        common = joint[labels, run]
        total += common / (size[labels] + np.bincount(run)[run] - common)
    return np.asarray(total / len(runs))
