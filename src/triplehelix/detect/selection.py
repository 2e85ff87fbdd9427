"""Which clusters of the condensed tree are shown, and how firmly each place belongs to one."""

from typing import NamedTuple

import numpy as np
from numba import types

from triplehelix.compiling import compiled, part
from triplehelix.detect.condensing import Nodes
from triplehelix.detect.hierarchy import CondensedTree, by_content
from triplehelix.detect.kdtree import FLOATS, WHOLE
from triplehelix.detect.kernels import Flags, _add
from triplehelix.detect.places import Places
from triplehelix.sphere import Floats, Whole, arc_km

# Of two sums this close to each other, rounding decides which is the greater.
_EQUAL = 1e-12


class Selected(NamedTuple):
    """What `Hierarchy` holds of the clusters selected, by place."""

    labels: Whole
    probabilities: Floats
    persistence: Floats
    tree: CondensedTree


def measured(nodes: Nodes, places: Places) -> CondensedTree:
    """The tree in kilometres, its nodes in the order of their content, nothing selected yet."""
    n_nodes = len(nodes.parent)
    first = np.full(n_nodes, -1, dtype=np.int64)
    find_first(nodes.leaves, nodes.parent, first)
    order = np.lexsort((first, -nodes.birth))
    rank = np.empty(n_nodes + 1, dtype=np.int64)
    rank[order], rank[-1] = np.arange(n_nodes), -1
    tree = CondensedTree(
        parent=rank[nodes.parent[order]],
        birth_km=_in_km(nodes.birth[order]),
        death_km=_in_km(nodes.death[order]),
        weight=np.zeros(n_nodes),
        excess_of_mass=np.zeros(n_nodes),
        label=np.full(n_nodes, -1, dtype=np.int64),
        row_node=rank[nodes.leaves],
        row_km=_in_km(nodes.at),
    )
    weigh(
        tree.parent, tree.birth_km, tree.death_km, tree.row_node, tree.row_km, places.weight,
        tree.weight, tree.excess_of_mass,
    )  # fmt: skip
    return tree


def selected(tree: CondensedTree, places: Places, selection: str) -> Selected:
    """
    The clusters of most excess of mass, or those without parts ("leaf").

    A cluster without a birth, which holds everything there is, is not selected.

    References
    ----------
    Campello, Moulavi, Zimek and Sander (2015), ACM TKDD 10(1), 5, section 5 (excess of mass).
    doi:10.1145/2733381
    """
    has_parts = np.zeros(len(tree.parent), dtype=np.bool_)
    has_parts[tree.parent[tree.parent >= 0]] = True
    may_be = np.isfinite(tree.birth_km) & ~(has_parts & (selection == "leaf"))
    chosen = np.empty(len(tree.parent) + 1, dtype=np.int64)
    choose(tree.parent, tree.excess_of_mass, may_be, chosen)
    node = chosen[tree.row_node]
    labels = by_content(node, places._replace(of_row=np.arange(len(node))))
    member = np.flatnonzero(labels >= 0)
    label = tree.label.copy()
    label[node[member]] = labels[member]
    probabilities = np.zeros(len(node))
    probabilities[member] = _depth(tree, node[member], tree.row_km[member])
    persistence = _persistence(tree, label, labels[member], probabilities[member], places, member)
    return Selected(labels, probabilities, persistence, tree._replace(label=label))


def _in_km(chords: Floats) -> Floats:
    return np.where(np.isinf(chords), np.inf, arc_km(chords))


def _depth(tree: CondensedTree, node: Whole, leaves_km: Floats) -> Floats:
    """Death of the cluster over that of the membership, 1 for all who stay to the end."""
    death = tree.death_km[node]
    stays = leaves_km <= death
    return np.where(stays, 1.0, death / np.where(stays, 1.0, leaves_km))


def _persistence(
    tree: CondensedTree,
    label: Whole,
    labels: Whole,
    depth: Floats,
    places: Places,
    member: Whole,
) -> Floats:
    node = np.flatnonzero(label >= 0)
    node = node[np.argsort(label[node])]
    mass = places.weight[member]
    mean = np.bincount(labels, mass * depth, len(node)) / np.bincount(labels, mass, len(node))
    # Rounding may carry a cluster that dies where it is born below 0.
    return np.clip(mean - tree.death_km[node] / tree.birth_km[node], 0.0, 1.0)


@compiled(types.void(WHOLE, WHOLE, WHOLE))
def find_first(leaves: Whole, parent: Whole, first: Whole) -> None:
    """Fill `first`, -1 everywhere, with the first place of each node."""
    for p in range(len(leaves)):
        node = leaves[p]
        while node >= 0 and first[node] < 0:
            first[node] = p
            node = parent[node]


@part
def _density(km: float) -> float:
    return 1.0 / km if km > 0.0 else np.inf


@compiled(types.void(WHOLE, FLOATS, FLOATS, WHOLE, FLOATS, FLOATS, FLOATS, FLOATS))
def weigh(
    parent: Whole,
    birth_km: Floats,
    death_km: Floats,
    row_node: Whole,
    row_km: Floats,
    weight: Floats,
    total: Floats,
    excess: Floats,
) -> None:
    """Fill `total` and `excess`, zeros, from places in order and then from parts in order."""
    low = np.zeros(len(total))
    for p in range(len(row_node)):
        node = row_node[p]
        if node >= 0 and weight[p] > 0.0:
            total[node], low[node] = _add(total[node], low[node], weight[p], 0.0)
            excess[node] += weight[p] * (_density(row_km[p]) - _density(birth_km[node]))
    for node in range(len(parent) - 1, -1, -1):
        above = parent[node]
        if above >= 0:
            total[above], low[above] = _add(total[above], low[above], total[node], low[node])
            gain = _density(death_km[above]) - _density(birth_km[above])
            excess[above] += (total[node] + low[node]) * gain
        total[node] += low[node]


@compiled(types.void(WHOLE, FLOATS, types.boolean[::1], WHOLE))
def choose(parent: Whole, excess: Floats, may_be: Flags, chosen: Whole) -> None:
    """
    Fill `chosen` with the selected cluster that holds each node, -1 for none; and -1 at its end.

    From the finest up: a cluster is better than its parts unless the best of what is in these
    has more excess of mass together.
    """
    n = len(parent)
    best, inside = np.zeros(n), np.zeros(n)
    chosen[n] = -1
    for node in range(n - 1, -1, -1):
        best[node] = inside[node]
        chosen[node] = -1
        if may_be[node] and inside[node] <= excess[node] * (1.0 + _EQUAL):
            best[node] = excess[node]
            chosen[node] = node
        if parent[node] >= 0:
            inside[parent[node]] += best[node]
    for node in range(n):
        if parent[node] >= 0 and chosen[parent[node]] >= 0:
            chosen[node] = chosen[parent[node]]
