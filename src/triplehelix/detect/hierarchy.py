"""Clusters at all scales: the condensed tree, and what was selected from it."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from triplehelix.errors import InputError
from triplehelix.sphere import HALF_CIRCUMFERENCE_KM, Floats, Whole, chord

if TYPE_CHECKING:
    from triplehelix.detect.places import Places


class CondensedTree(NamedTuple):
    """
    Every cluster there is at some distance, from the widest to the finest.

    At a distance r, core rows at most r apart hang together; a cluster is what hangs together
    and weighs at least `min_cluster_weight`. As r shrinks, a cluster loses rows, until it
    splits into two clusters or more, or falls apart. It is one *node* from its birth to there.

    Attributes
    ----------
    parent : shape (n_nodes,)
        The node this one is a part of; -1 at the top. Parents come before their parts: nodes
        run from the greatest `birth_km` to the least; of equals, the one whose southernmost
        (then westernmost) member lies further south (then west) comes first.
    birth_km : shape (n_nodes,)
        The cluster is apart from all others below this distance. At the top, the greatest
        distance looked at, or infinite.
    death_km : shape (n_nodes,)
        The least distance at which it still holds together; 0 where its last rows are at one
        place.
    weight : shape (n_nodes,)
        Of all rows it ever holds.
    excess_of_mass : shape (n_nodes,)
        Sum, over its rows, of weight times (1/leaves - 1/birth), per kilometre; a row that goes
        on in a part leaves at the death. Infinite where `death_km` is 0.
    label : shape (n_nodes,)
        The number of the node as a selected cluster; -1 where it was not selected.
    row_node : shape (n,)
        The node each row leaves: the last, and finest, it belongs to; -1 if it is in none.
    row_km : shape (n,)
        The least distance at which the row still belongs to it; infinite if it is in none.
    """

    parent: Whole
    birth_km: Floats
    death_km: Floats
    weight: Floats
    excess_of_mass: Floats
    label: Whole
    row_node: Whole
    row_km: Floats


class Hierarchy(NamedTuple):
    """
    The clusters selected, and the whole tree they were selected from.

    Attributes
    ----------
    labels : shape (n,)
        -1 is noise; cluster 0 is the heaviest; of equals, the one whose southernmost (then
        westernmost) member lies further south (then west) comes first.
    probabilities : shape (n,), 0 to 1
        How deep inside its cluster a row lies: the distance at which the cluster dies, over
        that at which the row leaves, and 1 for rows that stay to the end. 0 for noise. Where a
        cluster dies at 0, it is 1 for the rows at its last place and 0 for all others.
    persistence : shape (n_clusters,), 0 to 1
        Excess of mass, over what it would be if the cluster were born at an infinite distance
        and all rows stayed to the end. Also: the mean of `probabilities`, by weight, less the
        distance at death over that at birth.
    tree : the whole condensed tree
    places : distinct places with their weights, and the place each row is at
    min_distance_km, max_distance_km : the distances looked at
    """

    labels: Whole
    probabilities: Floats
    persistence: Floats
    tree: CondensedTree
    places: "Places"
    min_distance_km: float
    max_distance_km: float

    def labels_at(self, distance_km: float) -> Whole:
        """
        The clusters of the tree at one distance, numbered as `labels` are; -1 is in none.

        The core rows of `dbscan` at this radius, in the same groups, less the groups that
        weigh less than `min_cluster_weight`.

        Raises
        ------
        InputError
            If the distance is not between `min_distance_km` and `max_distance_km`.
        """
        if not self.min_distance_km <= distance_km <= self.max_distance_km:
            raise InputError(
                f"distance_km is {distance_km}, but the hierarchy runs from "
                f"{self.min_distance_km:g} to {self.max_distance_km:.1f} km; give a distance "
                "between, or call hdbscan with a wider min_distance_km or max_distance_km"
            )
        from triplehelix.detect.kernels import ROUNDING

        tree = self.tree
        radius = float(chord(distance_km)) + ROUNDING
        born = chord(np.minimum(tree.birth_km, HALF_CIRCUMFERENCE_KM)) <= radius
        node = np.arange(len(tree.parent))
        while (up := born[node] & (tree.parent[node] >= 0)).any():
            node[up] = tree.parent[node[up]]
        held = (tree.row_node >= 0) & (
            chord(np.minimum(tree.row_km, HALF_CIRCUMFERENCE_KM)) <= radius
        )
        labels = np.full(len(held), -1, dtype=np.int64)
        labels[held] = node[tree.row_node[held]]
        return by_content(labels, self.places)


def by_content(node: Whole, places: "Places") -> Whole:
    """Labels, as `places.numbered` gives them, of rows that share a node, -1 being none."""
    from triplehelix.detect.places import numbered

    found, dense = np.unique(node, return_inverse=True)
    if not len(found):
        return np.empty(0, dtype=np.int64)
    component = np.empty(len(places.lat), dtype=np.int64)
    component[places.of_row] = dense - (found[0] < 0)
    return numbered(component, places)[places.of_row]
