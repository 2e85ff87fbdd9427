"""
The shortest tree that joins all places, by mutual reachability.

Two places reach each other at the greatest of their core distances and their own distance. A
spanning tree of least length joins, up to any distance, exactly the places that chains of such
steps join. Which of several equally short trees comes out makes no difference to what follows.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import types

from triplehelix.compiling import compiled, part
from triplehelix.detect.density import in_parts
from triplehelix.detect.kdtree import FLOATS, INT, TREE, WHOLE, Tree, square, to_box
from triplehelix.detect.kernels import _root
from triplehelix.detect.ways_out import SEARCH, Search, shortest_ways_out, tag_groups
from triplehelix.sphere import Floats, Whole

# A walk down the tree leaves at most one node behind on each of its levels.
_DEPTH = 64


class Edges(NamedTuple):
    """Pairs of places, and the square of the chord at which they reach each other."""

    one: Whole
    other: Whole
    square: Floats


EDGES: Any = types.NamedTuple((WHOLE, WHOLE, FLOATS), Edges)  # type: ignore[no-untyped-call]


def spanning_tree(tree: Tree, core: Floats) -> Edges:
    """
    The n - 1 edges of a shortest spanning tree, by place in the tree, in no order.

    Parameters
    ----------
    tree : the places
    core : shape (n,), finite
        Squares of the core distances, in the tree's order.

    References
    ----------
    Boruvka's rounds over a tree of boxes: March, Ram and Gray (2010), KDD, 603-612.
    doi:10.1145/1835804.1835882
    """
    n, n_nodes = len(core), len(tree.box)
    least, tag = np.empty(n_nodes), np.empty(n_nodes, dtype=np.int64)
    least_below(tree, core, least)
    lower = np.empty(n, dtype=np.int64)
    in_parts(n, lambda a, b: find_lower(tree, core, least, a, b, lower))
    edges = Edges(np.empty(n - 1, dtype=np.int64), np.empty(n - 1, dtype=np.int64), np.empty(n - 1))
    parent, group = np.arange(n), np.empty(n, dtype=np.int64)
    n_edges = join_lower(core, lower, parent, edges)
    while n_edges < n - 1:
        n_groups = tag_groups(tree, parent, group, tag)
        found = shortest_ways_out(tree, core, least, group, tag, n_groups)
        n_edges = join_found(found, parent, edges, n_edges)
    return edges


@compiled(types.void(TREE, FLOATS, FLOATS))
def least_below(tree: Tree, core: Floats, least: Floats) -> None:
    """Fill `Search.least`."""
    n_inner = len(tree.start) - 2
    for node in range(2 * n_inner, -1, -1):
        if node < n_inner:
            least[node] = min(least[2 * node + 1], least[2 * node + 2])
            continue
        least[node] = np.inf
        for p in range(tree.start[node - n_inner], tree.start[node - n_inner + 1]):
            least[node] = min(least[node], core[p])


@part
def _lower_in_leaf(tree: Tree, core: Floats, p: int, leaf: int) -> int:
    for q in range(tree.start[leaf], tree.start[leaf + 1]):
        if (core[q] < core[p] or (core[q] == core[p] and q < p)) and square(tree, p, q) <= core[p]:
            return q
    return -1


@part
def _lower(tree: Tree, core: Floats, least: Floats, p: int, leaf: int, nodes: Whole) -> int:
    n_inner = len(tree.start) - 2
    own = n_inner + leaf
    nodes[0], n_waiting = own, 1
    while True:
        while n_waiting:
            n_waiting -= 1
            node = nodes[n_waiting]
            if least[node] > core[p] or to_box(tree, p, node) > core[p]:
                continue
            if node < n_inner:
                nodes[n_waiting], nodes[n_waiting + 1] = 2 * node + 1, 2 * node + 2
                n_waiting += 2
                continue
            found = _lower_in_leaf(tree, core, p, node - n_inner)
            if found >= 0:
                return found
        if own == 0:
            return -1
        nodes[0], n_waiting = own + 1 if own & 1 else own - 1, 1
        own = (own - 1) >> 1


@compiled(types.void(TREE, FLOATS, FLOATS, INT, INT, WHOLE))
def find_lower(
    tree: Tree, core: Floats, least: Floats, first: int, last: int, lower: Whole
) -> None:
    """
    For places [first, last), one within the core distance whose own is lower; -1 without any.

    Of equal core distances that of the earlier place is the lower.
    """
    nodes = np.empty(_DEPTH, dtype=np.int64)
    leaf = 0
    for p in range(first, last):
        while tree.start[leaf + 1] <= p:
            leaf += 1
        lower[p] = _lower(tree, core, least, p, leaf, nodes)


@compiled(INT(FLOATS, WHOLE, WHOLE, EDGES))
def join_lower(core: Floats, lower: Whole, parent: Whole, edges: Edges) -> int:
    """
    The first edges: from each place to one of lower core distance. Returns how many.

    No way out of a place is shorter than its core distance, and so it is for all that have
    joined it from above: these edges belong to a shortest tree, and make no circle.
    """
    n = 0
    for p in range(len(lower)):
        if lower[p] >= 0:
            edges.one[n], edges.other[n], edges.square[n] = p, lower[p], core[p]
            parent[p] = lower[p]
            n += 1
    return n


@compiled(INT(SEARCH, WHOLE, EDGES, INT))
def join_found(search: Search, parent: Whole, edges: Edges, n: int) -> int:
    """
    Add each group's shortest way out, less those that close a circle; return the new count.

    Ways that close a circle are all equally long, so it does not matter which is left out.
    """
    for g in range(len(search.square)):
        one, other = _root(parent, search.one[g]), _root(parent, search.other[g])
        if one != other:
            parent[max(one, other)] = min(one, other)
            edges.one[n], edges.other[n] = search.one[g], search.other[g]
            edges.square[n] = search.square[g]
            n += 1
    return n
