"""The levels of a condensed tree: what was selected, what holds it, and what it holds."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from triplehelix.detect.hierarchy import CondensedTree
from triplehelix.detect.parameters import Parameters
from triplehelix.sphere import Floats, Whole

Levelled = tuple[tuple[int, ...], Whole, NDArray[np.bool_]]


def tree_finder(
    lat: Floats, lon: Floats, parameters: Parameters, min_weight: float
) -> Callable[[Floats], Levelled]:
    """
    From weights of sites to (levels, labels, core) of HDBSCAN's whole tree, finest level first.

    The tree spans the distances from the least to the greatest of `parameters.radii`.
    """
    from triplehelix.detect.hdbscan import of_places
    from triplehelix.detect.places import merged

    radii = list(parameters.radii.values())
    least = parameters.min_cluster_weight

    def find(weight: Floats) -> Levelled:
        rows = np.flatnonzero(weight > 0)
        if not len(rows):
            nowhere = np.full((1, len(weight)), -1)
            return (0,), nowhere, nowhere >= 0
        places = merged(lat[rows], lon[rows], weight[rows])
        found = of_places(
            places,
            min_cluster_weight=min_weight if least is None else least, min_weight=min_weight,
            min_distance_km=radii[0], max_distance_km=radii[-1],
        )  # fmt: skip
        levels, labels = levels_of(found.tree)
        of_site = np.full((len(levels), len(weight)), -1)
        of_site[:, rows] = labels[:, places.of_row]
        return levels, of_site, of_site >= 0

    return find


def levels_of(tree: CondensedTree) -> tuple[tuple[int, ...], Whole]:
    """
    The levels there are, finest first, and the labels of the tree's rows at each.

    A selected node is of level 0, its parts of -1, theirs of -2; what holds selected nodes
    is one level above the highest of its parts. Nodes with neither are left out. Each label
    is that of a node of the level, in the order of the nodes' numbers; -1 is none.
    """
    level, has_level = _level_of_nodes(tree)
    levels = tuple(sorted({0, *level[has_level].tolist()}))
    labels = np.full((len(levels), len(tree.row_node)), -1)
    for i, wanted in enumerate(levels):
        here = np.flatnonzero(has_level & (level == wanted))
        label = np.full(len(level) + 1, -1)
        label[here] = np.arange(len(here))
        node = tree.row_node.copy()
        # Up from the node each row leaves, until one is of this level, or past the top.
        while (up := (node >= 0) & (label[node] < 0)).any():
            node[up] = tree.parent[node[up]]
        labels[i] = np.where(node >= 0, label[node], -1)
    return levels, labels


def _level_of_nodes(tree: CondensedTree) -> tuple[Whole, NDArray[np.bool_]]:
    level = np.zeros(len(tree.parent), dtype=np.int64)
    has_level = tree.label >= 0
    # Parents come before their parts: down for what is inside, then up for what is around.
    below = np.zeros(len(level), dtype=np.bool_)
    for node, parent in enumerate(tree.parent.tolist()):
        if parent >= 0 and (tree.label[parent] >= 0 or below[parent]):
            below[node], level[node] = True, level[parent] - 1
    has_level = has_level | below
    for node in range(len(level) - 1, -1, -1):
        parent = tree.parent[node]
        if parent >= 0 and has_level[node] and level[node] >= 0:
            level[parent] = max(level[parent], level[node] + 1)
            has_level[parent] = True
    return level, has_level
