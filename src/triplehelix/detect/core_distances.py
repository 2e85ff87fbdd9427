"""How far around each place one must look to find a given weight."""

import numpy as np
from numba import types

from triplehelix.compiling import compiled, part
from triplehelix.detect.density import in_parts
from triplehelix.detect.kdtree import FLOATS, INT, REAL, TREE, Tree, square, to_box
from triplehelix.detect.kernels import _add
from triplehelix.sphere import Floats, Whole

# A walk down the tree leaves at most one node behind on each of its levels.
_DEPTH = 64


def core_squares(tree: Tree, weight: Floats, min_weight: float) -> Floats:
    """
    The square of each place's core distance, as a chord: shape (n,), in the tree's order.

    The core distance is the least at which the weight within it, the place's own included,
    is at least `min_weight`; infinite where all weight together falls short.
    """
    found = np.empty(len(weight))
    in_parts(len(weight), lambda a, b: find_core(tree, weight, min_weight, a, b, found))
    return found


@part
def _sift_up(far: Floats, mass: Floats, size: int) -> None:
    """Mend the heap (greatest distance first) after the last entry has come in."""
    i = size - 1
    a, m = far[i], mass[i]
    while i > 0 and far[(i - 1) >> 1] < a:
        far[i], mass[i] = far[(i - 1) >> 1], mass[(i - 1) >> 1]
        i = (i - 1) >> 1
    far[i], mass[i] = a, m


@part
def _drop_furthest(far: Floats, mass: Floats, size: int) -> int:
    size -= 1
    a, m, i = far[size], mass[size], 0
    while 2 * i + 1 < size:
        child = 2 * i + 1
        if child + 1 < size and far[child + 1] > far[child]:
            child += 1
        if far[child] <= a:
            break
        far[i], mass[i] = far[child], mass[child]
        i = child
    far[i], mass[i] = a, m
    return size


@part
def _look_through(
    tree: Tree,
    weight: Floats,
    min_weight: float,
    p: int,
    leaf: int,
    far: Floats,
    mass: Floats,
    size: int,
    high: float,
    low: float,
) -> tuple[int, float, float]:
    """Keep the nearest places that together weigh enough; drop those no longer needed."""
    for q in range(tree.start[leaf], tree.start[leaf + 1]):
        d = square(tree, p, q)
        if high + low >= min_weight and d >= far[0]:
            continue
        far[size], mass[size] = d, weight[q]
        size += 1
        _sift_up(far, mass, size)
        high, low = _add(high, low, weight[q], 0.0)
        while size > 1:
            less, less_low = _add(high, low, -mass[0], 0.0)
            if less + less_low < min_weight:
                break
            high, low = less, less_low
            size = _drop_furthest(far, mass, size)
    return size, high, low


@part
def _core_square(
    tree: Tree,
    weight: Floats,
    min_weight: float,
    p: int,
    leaf: int,
    far: Floats,
    mass: Floats,
    waiting: Floats,
    nodes: Whole,
) -> float:
    """From the place's own leaf outwards: at each step up, down the other side."""
    n_inner = len(tree.start) - 2
    size, high, low = 0, 0.0, 0.0
    own = n_inner + leaf
    nodes[0], waiting[0], n_waiting = own, 0.0, 1
    while True:
        while n_waiting:
            n_waiting -= 1
            node = nodes[n_waiting]
            if high + low >= min_weight and waiting[n_waiting] >= far[0]:
                continue
            if node >= n_inner:
                size, high, low = _look_through(
                    tree, weight, min_weight, p, node - n_inner, far, mass, size, high, low
                )
                continue
            near, other = 2 * node + 1, 2 * node + 2
            a, b = to_box(tree, p, near), to_box(tree, p, other)
            if a > b:
                near, other, a, b = other, near, b, a
            nodes[n_waiting], waiting[n_waiting] = other, b
            nodes[n_waiting + 1], waiting[n_waiting + 1] = near, a
            n_waiting += 2
        if own == 0:
            return float(far[0]) if high + low >= min_weight else np.inf
        nodes[0] = own + 1 if own & 1 else own - 1
        waiting[0], n_waiting = to_box(tree, p, nodes[0]), 1
        own = (own - 1) >> 1


@compiled(types.void(TREE, FLOATS, REAL, INT, INT, FLOATS))
def find_core(
    tree: Tree, weight: Floats, min_weight: float, first: int, last: int, found: Floats
) -> None:
    """Fill `found` for the places [first, last) of the tree."""
    far, mass = np.empty(len(weight) + 1), np.empty(len(weight) + 1)
    waiting, nodes = np.empty(_DEPTH), np.empty(_DEPTH, dtype=np.int64)
    leaf = 0
    for p in range(first, last):
        if weight[p] >= min_weight:
            found[p] = 0.0
            continue
        while tree.start[leaf + 1] <= p:
            leaf += 1
        found[p] = _core_square(tree, weight, min_weight, p, leaf, far, mass, waiting, nodes)
