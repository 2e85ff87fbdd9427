"""
The shortest way out of each group of places, by mutual reachability.

One round of Boruvka's: pairs of boxes are compared before pairs of places, and left closed
where all places are of one group, or none could find a shorter way than it knows.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numba import config, types

from triplehelix.compiling import compiled, part
from triplehelix.detect.kdtree import (
    FLOATS,
    INT,
    TREE,
    WHOLE,
    Tree,
    between_boxes,
    square,
    to_box,
)
from triplehelix.detect.kernels import _root
from triplehelix.sphere import Floats, Whole

# Nodes of this level (from the root, 0) are searched each on its own, on several processors.
_SHARED_LEVEL = 6
# With fewer places than this, handing work to a second thread takes longer than the work.
_PLACES_PER_TASK = 4096
# A walk down the tree leaves at most two pairs of nodes behind on each level.
_DEPTH = 256


class Search(NamedTuple):
    """
    What one task knows while it looks for the shortest way out of each group of places.

    core   shape (n,): squares of core distances
    least  shape (n_nodes,): the least of them below each node
    group  shape (n,): the group each place belongs to
    tag    shape (n_nodes,): the group of all places below, or -1 when there are several
    hope   shape (n_nodes,): ways this long or longer are of no use to any place below
    square, one, other   shape (n_groups,): the shortest way out of each group so far
    """

    core: Floats
    least: Floats
    group: Whole
    tag: Whole
    hope: Floats
    square: Floats
    one: Whole
    other: Whole


SEARCH: Any = types.NamedTuple(  # type: ignore[no-untyped-call]
    (FLOATS, FLOATS, WHOLE, WHOLE, FLOATS, FLOATS, WHOLE, WHOLE), Search
)


def shortest_ways_out(
    tree: Tree, core: Floats, least: Floats, group: Whole, tag: Whole, n_groups: int
) -> Search:
    """
    For each group of places, the shortest way to a place of another group.

    The nodes of one level each on its own, then the pairs that meet above that level.
    """
    n_leaves = len(tree.start) - 1
    n_tasks = min(int(config.NUMBA_NUM_THREADS), len(core) // _PLACES_PER_TASK)  # type: ignore[attr-defined]
    hope = np.full(len(tree.box), np.inf)

    def start() -> Search:
        nobody = np.full(n_groups, -1, dtype=np.int64)
        return Search(
            core, least, group, tag, hope, np.full(n_groups, np.inf), nobody, nobody.copy()
        )

    top = 1 << _SHARED_LEVEL
    if n_tasks < 2 or n_leaves < top:
        search = start()
        search_below(tree, search, 0, 1, 1, n_leaves)
        return search
    searches = [start() for _ in range(n_tasks)]
    with ThreadPoolExecutor(n_tasks) as pool:
        work = [
            pool.submit(search_below, tree, search, top - 1 + i, n_tasks, top, n_leaves)
            for i, search in enumerate(searches)
        ]
        for each in work:
            each.result()
    for other in searches[1:]:
        keep_shortest(searches[0], other)
    search_below(tree, searches[0], 0, 1, 1, top // 2)
    return searches[0]


@compiled(INT(TREE, WHOLE, WHOLE, WHOLE))
def tag_groups(tree: Tree, parent: Whole, group: Whole, tag: Whole) -> int:
    """Fill `Search.group` and `Search.tag`; return how many groups there are."""
    n_groups, n_inner = 0, len(tree.start) - 2
    for p in range(len(parent)):
        if parent[p] == p:
            group[p] = n_groups
            n_groups += 1
    for p in range(len(parent)):
        group[p] = group[_root(parent, p)]
    for node in range(2 * n_inner, -1, -1):
        if node < n_inner:
            same = tag[2 * node + 1] == tag[2 * node + 2]
            tag[node] = tag[2 * node + 1] if same else -1
            continue
        first = tree.start[node - n_inner]
        tag[node] = group[first]
        for p in range(first + 1, tree.start[node - n_inner + 1]):
            if group[p] != tag[node]:
                tag[node] = -1
    return n_groups


@part
def _hope(search: Search, node: int) -> float:
    """Only ways shorter than this are of use to some place below the node."""
    if search.tag[node] < 0:
        return float(search.hope[node])
    best = search.square[search.tag[node]]
    return float(best) if search.least[node] < best else 0.0


@part
def _renew_leaf(tree: Tree, search: Search, node: int) -> None:
    leaf = node - (len(tree.start) - 2)
    hope = 0.0
    for p in range(tree.start[leaf], tree.start[leaf + 1]):
        best = search.square[search.group[p]]
        if search.core[p] < best:
            hope = max(hope, best)
    search.hope[node] = hope


@part
def _try_pair(tree: Tree, search: Search, p: int, q: int) -> None:
    """Keep the way between two places where it is the shortest out of either's group."""
    a, b = search.group[p], search.group[q]
    if a == b:
        return
    way = max(square(tree, p, q), search.core[p], search.core[q])
    if way < search.square[a]:
        search.square[a], search.one[a], search.other[a] = way, p, q
    if way < search.square[b]:
        search.square[b], search.one[b], search.other[b] = way, q, p


@part
def _within_leaf(tree: Tree, search: Search, node: int) -> None:
    leaf = node - (len(tree.start) - 2)
    if search.tag[node] < 0:
        for p in range(tree.start[leaf], tree.start[leaf + 1]):
            for q in range(p + 1, tree.start[leaf + 1]):
                _try_pair(tree, search, p, q)
        _renew_leaf(tree, search, node)


@part
def _between_leaves(tree: Tree, search: Search, u: int, v: int) -> None:
    n_inner = len(tree.start) - 2
    for p in range(tree.start[u - n_inner], tree.start[u - n_inner + 1]):
        useful = max(search.square[search.group[p]], _hope(search, v))
        if search.core[p] < useful and to_box(tree, p, v) < useful:
            for q in range(tree.start[v - n_inner], tree.start[v - n_inner + 1]):
                _try_pair(tree, search, p, q)
    _renew_leaf(tree, search, u)
    _renew_leaf(tree, search, v)


@part
def _useful(tree: Tree, search: Search, u: int, v: int) -> bool:
    if search.tag[u] >= 0 and search.tag[u] == search.tag[v]:
        return False
    useful = max(_hope(search, u), _hope(search, v))
    if max(search.least[u], search.least[v]) >= useful:
        return False
    return bool(between_boxes(tree.box, u, v) < useful)


@part
def _between(tree: Tree, search: Search, u: int, v: int, ones: Whole, others: Whole) -> None:
    """All pairs of a place below one node and a place below the other, the nearer first."""
    n_inner = len(tree.start) - 2
    ones[0], others[0], n_waiting = u, v, 1
    while n_waiting:
        n_waiting -= 1
        u, v = ones[n_waiting], others[n_waiting]
        if not _useful(tree, search, u, v):
            continue
        if u > v:
            u, v = v, u
        if u >= n_inner:
            _between_leaves(tree, search, u, v)
            continue
        near, far = 2 * u + 1, 2 * u + 2
        if between_boxes(tree.box, near, v) > between_boxes(tree.box, far, v):
            near, far = far, near
        ones[n_waiting], others[n_waiting] = far, v
        ones[n_waiting + 1], others[n_waiting + 1] = near, v
        n_waiting += 2


@compiled(types.void(TREE, SEARCH, INT, INT, INT, INT))
def search_below(tree: Tree, search: Search, first: int, step: int, top: int, width: int) -> None:
    """
    Try the pairs of places below nodes `first`, `first + step`, ... of the level of `top` nodes.

    Pairs meet at the lowest node that has both below it. Those that meet on the level of
    `width` nodes come first, then level by level up to `top`, so that every group knows a
    short way before far boxes are compared.
    """
    n_inner = len(tree.start) - 2
    ones, others = np.empty(_DEPTH, dtype=np.int64), np.empty(_DEPTH, dtype=np.int64)
    for node in range(first, 2 * top - 1, step):
        n_below = width // top
        while n_below:
            start = (node + 1) * n_below - 1
            for v in range(start, start + n_below):
                if v >= n_inner:
                    _within_leaf(tree, search, v)
                elif search.tag[v] < 0:
                    _between(tree, search, 2 * v + 1, 2 * v + 2, ones, others)
                    one, other = _hope(search, 2 * v + 1), _hope(search, 2 * v + 2)
                    search.hope[v] = max(one, other)
            n_below //= 2


@compiled(types.void(SEARCH, SEARCH))
def keep_shortest(search: Search, other: Search) -> None:
    """Take over from another task what is shorter."""
    for g in range(len(search.square)):
        if other.square[g] < search.square[g]:
            search.square[g] = other.square[g]
            search.one[g], search.other[g] = other.one[g], other.other[g]
