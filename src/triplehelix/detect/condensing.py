"""
The condensed tree: which heavy clusters there are at any distance, and how they split.

Edges of the spanning tree are taken from the shortest to the longest. All of one length are
taken at once, so that a cluster splits into as many parts as there are, whatever their order.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import types

from triplehelix.compiling import compiled, part
from triplehelix.detect.core_distances import core_squares
from triplehelix.detect.kdtree import FLOATS, INT, REAL, WHOLE, grown
from triplehelix.detect.kernels import ROUNDING, _add, _root
from triplehelix.detect.places import Places
from triplehelix.detect.spanning_tree import EDGES, Edges, spanning_tree
from triplehelix.sphere import Floats, Whole

# What `Groups.node` says of a group without a node, and of a place not joined to any other.
_LIGHT, _ALONE = -1, -2


class Nodes(NamedTuple):
    """
    The clusters of a condensed tree, in no order, and where each place belongs.

    parent, birth, death   shape (n_nodes,): -1 at the top; chords
    leaves, at             shape (n,): the node each place leaves, or -1; and the chord
    """

    parent: Whole
    birth: Floats
    death: Floats
    leaves: Whole
    at: Floats


class Groups(NamedTuple):
    """
    What is joined so far; n of each, and those of a group are kept by its root.

    parent       the union-find forest
    node         the group's node, or _LIGHT, or _ALONE
    high, low    the group's weight, in two parts
    head, tail   a list, by `after`, of its places that no node holds yet
    last_part    the last of a list, by `next_part`, of the groups joined on this level
    """

    parent: Whole
    node: Whole
    high: Floats
    low: Floats
    head: Whole
    tail: Whole
    after: Whole
    last_part: Whole
    next_part: Whole


class Bounds(NamedTuple):
    """Least weight of a cluster; chords below which, and beyond which, nothing is told apart."""

    min_cluster_weight: float
    floor: float
    limit: float


_BOUNDS: Any = types.NamedUniTuple(REAL, 3, Bounds)  # type: ignore[no-untyped-call]
_NODES: Any = types.NamedTuple((WHOLE, FLOATS, FLOATS, WHOLE, FLOATS), Nodes)  # type: ignore[no-untyped-call]


def nodes_of(places: Places, min_weight: float, bounds: Bounds) -> Nodes:
    """The clusters of n >= 0 distinct places, each of which is core from `min_weight` on."""
    n = len(places.lat)
    if n:
        tree, order = grown(places.lat, places.lon)
        weight = places.weight[order]
        core = core_squares(tree, weight, min_weight)
    if not n or np.isinf(core[0]):
        nobody, never = np.empty(0, dtype=np.int64), np.empty(0)
        return Nodes(nobody, never, never, np.full(n, -1), np.full(n, np.inf))
    nodes = condensed(spanning_tree(tree, core), core, weight, bounds)
    leaves, at = np.empty_like(nodes.leaves), np.empty(n)
    leaves[order], at[order] = nodes.leaves, nodes.at
    return nodes._replace(leaves=leaves, at=at)


def condensed(edges: Edges, core: Floats, weight: Floats, bounds: Bounds) -> Nodes:
    """
    The clusters of at least the least weight at any distance from floor to limit.

    `edges` are a shortest spanning tree and `core` squares of core distances, as chords;
    `limit` is infinite where there is none.
    """
    n = len(weight)
    sorted_by = np.argsort(edges.square)
    way = np.sqrt(edges.square[sorted_by])
    in_order = Edges(edges.one[sorted_by], edges.other[sorted_by], way)
    own = np.maximum(np.sqrt(core), bounds.floor)
    # Each cluster without parts holds a place of its own, and each split has two parts or more.
    nodes = Nodes(
        np.full(2 * n, -1), np.full(2 * n, bounds.limit), np.empty(2 * n),
        np.full(n, -1), np.full(n, np.inf),
    )  # fmt: skip
    n_nodes = condense(in_order, own, weight, bounds, nodes)
    return nodes._replace(
        parent=nodes.parent[:n_nodes], birth=nodes.birth[:n_nodes], death=nodes.death[:n_nodes]
    )


@part
def _leave(groups: Groups, nodes: Nodes, root: int, node: int, at: float) -> None:
    """All places of a group that no node holds yet leave `node` at this chord."""
    p = groups.head[root]
    while p >= 0:
        nodes.leaves[p], nodes.at[p] = node, at
        p = groups.after[p]
    groups.head[root] = groups.tail[root] = -1


@part
def _hand_over(groups: Groups, root: int, other: int) -> None:
    """Add the places of `other` that no node holds yet to those of `root`."""
    if root == other or groups.head[other] < 0:
        return
    if groups.head[root] < 0:
        groups.head[root] = groups.head[other]
    else:
        groups.after[groups.tail[root]] = groups.head[other]
    groups.tail[root] = groups.tail[other]


@part
def _settle_alone(
    groups: Groups, nodes: Nodes, own: Floats, bounds: Bounds, p: int, below: float, n: int
) -> int:
    """A place not joined to any other is a cluster where it is heavy enough, and is core."""
    groups.node[p] = _LIGHT
    if groups.high[p] < bounds.min_cluster_weight or own[p] >= below:
        return n
    nodes.death[n] = own[p]
    _leave(groups, nodes, p, n, own[p])
    groups.node[p] = n
    return n + 1


@part
def _link(groups: Groups, one: int, other: int) -> None:
    """Join two groups and their lists of parts; all else is settled when the level is done."""
    root, below = min(one, other), max(one, other)
    groups.parent[below] = root
    groups.next_part[groups.last_part[root]] = below
    groups.last_part[root] = groups.last_part[below]


@part
def _weigh(groups: Groups, root: int) -> tuple[int, int, float, float]:
    """How many parts are clusters, the last of these, and the weight of all parts."""
    n_heavy, heavy, high, low = 0, -1, 0.0, 0.0
    p = root
    while p >= 0:
        high, low = _add(high, low, groups.high[p], groups.low[p])
        if groups.node[p] >= 0:
            n_heavy, heavy = n_heavy + 1, groups.node[p]
        p = groups.next_part[p]
    return n_heavy, heavy, high, low


@part
def _settle(
    groups: Groups, nodes: Nodes, bounds: Bounds, root: int, level: float, n_nodes: int
) -> int:
    """Two clusters or more become one that splits here; one goes on; of none, one may be born."""
    n_heavy, node, high, low = _weigh(groups, root)
    if n_heavy > 1 or (n_heavy == 0 and high + low >= bounds.min_cluster_weight):
        node = n_nodes
        nodes.death[node] = level
        n_nodes += 1
    p = root
    while p >= 0:
        if n_heavy > 1 and groups.node[p] >= 0:
            nodes.parent[groups.node[p]] = node
            nodes.birth[groups.node[p]] = level
        if node >= 0:
            _leave(groups, nodes, p, node, level)
        else:
            _hand_over(groups, root, p)
        following = groups.next_part[p]
        groups.next_part[p] = -1
        p = following
    groups.last_part[root] = root
    groups.node[root] = node if node >= 0 else _LIGHT
    groups.high[root], groups.low[root] = high, low
    return n_nodes


@part
def _level_end(edges: Edges, bounds: Bounds, first: int) -> int:
    """After the last edge as long as edge `first`: up to rounding, or all below the floor."""
    last = first + 1
    while last < len(edges.square) and (
        edges.square[last] - edges.square[last - 1] <= ROUNDING
        or edges.square[last] <= bounds.floor + ROUNDING
    ):
        last += 1
    return last


@compiled(INT(EDGES, FLOATS, FLOATS, _BOUNDS, _NODES))
def condense(edges: Edges, own: Floats, weight: Floats, bounds: Bounds, nodes: Nodes) -> int:
    """
    Fill `nodes`, and return how many there are.

    Parameters
    ----------
    edges : sorted by length; `edges.square` holds chords here
    own : shape (n,)
        The chord from which each place is core, at least the floor.
    nodes : `parent` -1, `birth` the limit, `leaves` -1, `at` infinite, all written over
    """
    n, n_nodes = len(weight), 0
    groups = Groups(
        np.arange(n), np.full(n, _ALONE), weight.copy(), np.zeros(n), np.arange(n),
        np.arange(n), np.full(n, -1), np.arange(n), np.full(n, -1),
    )  # fmt: skip
    first = 0
    while first < n - 1 and edges.square[first] <= bounds.limit + ROUNDING:
        last = _level_end(edges, bounds, first)
        level = min(max(edges.square[last - 1], bounds.floor), bounds.limit)
        for i in range(first, last):
            one, other = _root(groups.parent, edges.one[i]), _root(groups.parent, edges.other[i])
            for each in (one, other):
                if groups.node[each] == _ALONE:
                    n_nodes = _settle_alone(
                        groups, nodes, own, bounds, each, edges.square[first] - ROUNDING, n_nodes
                    )
            _link(groups, one, other)
        for i in range(first, last):
            root = _root(groups.parent, edges.one[i])
            if groups.next_part[root] >= 0:
                n_nodes = _settle(groups, nodes, bounds, root, level, n_nodes)
        first = last
    for p in range(n):
        if groups.node[p] == _ALONE:
            below = bounds.limit + ROUNDING
            n_nodes = _settle_alone(groups, nodes, own, bounds, p, below, n_nodes)
    return n_nodes
