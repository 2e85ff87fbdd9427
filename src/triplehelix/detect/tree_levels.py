"""The levels of a condensed tree: what was selected, what holds it, and what it holds."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from triplehelix.detect.hierarchy import CondensedTree
from triplehelix.detect.parameters import Parameters
from triplehelix.sphere import Floats, Whole

Flags = NDArray[np.bool_]
Levelled = tuple[tuple[int, ...], Whole, Flags]

# A chain of nodes that each shed a little is told by those of which a tenth has gone.
_TELLING = 0.9


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
    is one level above the highest of those it holds. A node that differs from the next finer
    or wider one by less than a tenth of its weight tells nothing new and is left out, and so
    is one that neither holds a selected node nor is inside one. Each label is that of a node
    of the level, in the order of the nodes' numbers; -1 is none.
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


def _level_of_nodes(tree: CondensedTree) -> tuple[Whole, Flags]:
    """Level of each node, and whether it has one: parents come before their parts."""
    level = np.zeros(len(tree.parent), dtype=np.int64)
    has_level = tree.label >= 0
    _downwards(tree, level, has_level)
    _upwards(tree, level, has_level)
    return level, has_level


def _downwards(tree: CondensedTree, level: Whole, has_level: Flags) -> None:
    """Parts of selected nodes: one below the nearest node above that has a level."""
    above = np.full(len(level), -1)
    for node, parent in enumerate(tree.parent.tolist()):
        if has_level[node]:
            above[node] = node
        elif parent >= 0 and (around := above[parent]) >= 0:
            above[node] = around
            if tree.weight[node] <= _TELLING * tree.weight[around]:
                above[node], level[node], has_level[node] = node, level[around] - 1, True


def _upwards(tree: CondensedTree, level: Whole, has_level: Flags) -> None:
    """What holds selected nodes: one above the highest of those it holds."""
    n = len(level)
    highest, heaviest = np.full(n, -1), np.zeros(n)
    for node in range(n - 1, -1, -1):
        tells = heaviest[node] <= _TELLING * tree.weight[node]
        if tree.label[node] < 0 and highest[node] >= 0 and tells:
            level[node], has_level[node] = highest[node] + 1, True
        if has_level[node] and level[node] >= 0:
            highest[node], heaviest[node] = level[node], tree.weight[node]
        parent = tree.parent[node]
        if parent >= 0:
            highest[parent] = max(highest[parent], highest[node])
            heaviest[parent] = max(heaviest[parent], heaviest[node])
