"""
A tree over places in space, so that a search opens only the boxes that can matter.

The tree is full: node v has the children 2v + 1 and 2v + 2, every leaf is on the last level,
and each split sends half of the places to either side of the box's longest edge.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import types

from triplehelix.compiling import compiled, part
from triplehelix.sphere import Floats, Whole, unit_vectors

# A leaf holds at most so many places, and at least half as many: by trial, 8 is slower.
_LEAF = 16


class Tree(NamedTuple):
    """
    Places sorted by leaf, and the box of each of the 2 n_leaves - 1 nodes.

    xyz   shape (n, 3): unit vectors
    start shape (n_leaves + 1,): leaf k holds the places start[k] to start[k + 1]
    box   shape (n_nodes, 6): least x, y, z and greatest x, y, z of its places
    """

    xyz: Floats
    start: Whole
    box: Floats


WHOLE, FLOATS, TABLE = types.int64[::1], types.float64[::1], types.float64[:, ::1]
TREE: Any = types.NamedTuple((TABLE, WHOLE, TABLE), Tree)  # type: ignore[no-untyped-call]
REAL, INT = types.float64, types.int64


def grown(lat: Floats, lon: Floats) -> tuple[Tree, Whole]:
    """
    The tree of n >= 1 places in degrees, and the place that each of its rows stands for.

    The same places in the same order give the same tree.
    """
    n = len(lat)
    n_leaves = 1 << ((n - 1) // _LEAF).bit_length()
    xyz, order = unit_vectors(lat, lon), np.arange(n)
    box = np.empty((2 * n_leaves - 1, 6))
    start = np.arange(n_leaves + 1) * n // n_leaves
    split(xyz, order, start, box)
    return Tree(xyz, start, box), order


@part
def _swap(xyz: Floats, order: Whole, i: int, j: int) -> None:
    for axis in range(3):
        xyz[i, axis], xyz[j, axis] = xyz[j, axis], xyz[i, axis]
    order[i], order[j] = order[j], order[i]


@part
def _halve(xyz: Floats, order: Whole, axis: int, first: int, last: int, middle: int) -> None:
    """
    Put the least of rows [first, last) before row `middle`, the greatest from it on.

    Hoare's selection (1961), CACM 4(7), 321-322, around the median of three.
    """
    last -= 1
    while first < last:
        a, b, c = xyz[first, axis], xyz[(first + last) // 2, axis], xyz[last, axis]
        pivot = max(min(a, b), min(max(a, b), c))
        i, j = first, last
        while i <= j:
            while xyz[i, axis] < pivot:
                i += 1
            while xyz[j, axis] > pivot:
                j -= 1
            if i <= j:
                _swap(xyz, order, i, j)
                i += 1
                j -= 1
        if middle <= j:
            last = j
        elif middle >= i:
            first = i
        else:
            return


@compiled(types.void(TABLE, WHOLE, WHOLE, TABLE))
def split(xyz: Floats, order: Whole, start: Whole, box: Floats) -> None:
    """Sort rows into leaves, level by level from the root, and fill `box`."""
    n_leaves = len(start) - 1
    width = n_leaves  # leaves below each node of the level
    while width >= 1:
        for k in range(n_leaves // width):
            first, last = start[k * width], start[(k + 1) * width]
            node = n_leaves // width - 1 + k
            longest, axis = -1.0, 0
            for each in range(3):
                least = greatest = xyz[first, each]
                for i in range(first + 1, last):
                    least, greatest = min(least, xyz[i, each]), max(greatest, xyz[i, each])
                box[node, each], box[node, each + 3] = least, greatest
                if greatest - least > longest:
                    longest, axis = greatest - least, each
            if width > 1:
                middle = start[k * width + width // 2]
                _halve(xyz, order, axis, first, last, middle)
        width //= 2


@part
def to_box(tree: Tree, i: int, node: int) -> float:
    """
    Square of the shortest way from a place to a box.

    Never above `square` to a place in the box, not even by rounding: each step is monotone.
    """
    xyz, box = tree.xyz, tree.box
    dx = max(box[node, 0] - xyz[i, 0], 0.0, xyz[i, 0] - box[node, 3])
    dy = max(box[node, 1] - xyz[i, 1], 0.0, xyz[i, 1] - box[node, 4])
    dz = max(box[node, 2] - xyz[i, 2], 0.0, xyz[i, 2] - box[node, 5])
    return float(dx * dx + dy * dy + dz * dz)


@part
def between_boxes(box: Floats, u: int, v: int) -> float:
    """Square of the shortest way between two boxes, never above `square` of their places."""
    dx = max(box[u, 0] - box[v, 3], 0.0, box[v, 0] - box[u, 3])
    dy = max(box[u, 1] - box[v, 4], 0.0, box[v, 1] - box[u, 4])
    dz = max(box[u, 2] - box[v, 5], 0.0, box[v, 2] - box[u, 5])
    return float(dx * dx + dy * dy + dz * dz)


@part
def square(tree: Tree, i: int, j: int) -> float:
    """Square of the chord between two places."""
    dx = tree.xyz[i, 0] - tree.xyz[j, 0]
    dy = tree.xyz[i, 1] - tree.xyz[j, 1]
    dz = tree.xyz[i, 2] - tree.xyz[j, 2]
    return float(dx * dx + dy * dy + dz * dz)
