"""Oracles: SciPy's minimum spanning tree, and core distances from all distances sorted."""

import numba
import numpy as np
import pytest
from scipy.sparse.csgraph import minimum_spanning_tree

from triplehelix.detect import ways_out
from triplehelix.detect.core_distances import core_squares
from triplehelix.detect.kdtree import grown
from triplehelix.detect.places import merged
from triplehelix.detect.spanning_tree import spanning_tree
from triplehelix.sphere import checked_degrees

CASES = [
    (n, decimals, min_weight)
    for n in (1, 2, 15, 16, 17, 33, 400, 1500)
    for decimals in (1, 9)
    for min_weight in (1.0, 10.0, 60.0)
]


def places(n, decimals):
    """Some of them far away; with one decimal many share a place."""
    rng = np.random.default_rng(n)
    lat, lon = rng.normal(50, 1, n), rng.normal(0, 1, n)
    lat[rng.random(n) < 0.1] *= -1
    weight = rng.integers(0, 5, n) + rng.random(n)
    return merged(*checked_degrees(lat.round(decimals), lon.round(decimals)), weight)


def squares(xyz):
    return ((xyz[:, None] - xyz) ** 2).sum(axis=2)


@pytest.mark.parametrize(("n", "decimals", "min_weight"), CASES)
def test_core_distance_is_the_least_that_holds_enough_weight(n, decimals, min_weight):
    here = places(n, decimals)
    tree, order = grown(here.lat, here.lon)
    weight = here.weight[order]
    expected = []
    for row in squares(tree.xyz):
        nearest = np.argsort(row)
        enough = np.flatnonzero(np.cumsum(weight[nearest]) >= min_weight)
        expected.append(row[nearest[enough[0]]] if len(enough) else np.inf)
    np.testing.assert_allclose(core_squares(tree, weight, min_weight), expected, atol=1e-30)


@pytest.mark.parametrize(("n", "decimals", "min_weight"), CASES)
def test_as_short_as_scipys_tree_edge_by_edge(n, decimals, min_weight, monkeypatch):
    """The lengths of the edges of a shortest spanning tree are the same whichever it is."""
    monkeypatch.setattr(ways_out, "_PLACES_PER_TASK", 500)
    monkeypatch.setattr(ways_out, "_SHARED_LEVEL", 3)
    monkeypatch.setattr(numba.config, "NUMBA_NUM_THREADS", 3)
    here = places(n, decimals)
    tree, order = grown(here.lat, here.lon)
    core = core_squares(tree, here.weight[order], min_weight)
    if np.isinf(core[0]):
        return
    edges = spanning_tree(tree, core)
    way = np.maximum(squares(tree.xyz), np.maximum(core[:, None], core))
    np.testing.assert_allclose(way[edges.one, edges.other], edges.square, atol=1e-30)
    np.fill_diagonal(way, 0.0)
    # SciPy takes what is below 1e-8 for no edge at all.
    expected = minimum_spanning_tree(way * 1e15).data / 1e15
    np.testing.assert_allclose(np.sort(edges.square), np.sort(expected), rtol=1e-9)


def test_every_place_is_in_its_leaf_and_box():
    here = places(1000, 9)
    tree, order = grown(here.lat, here.lon)
    assert sorted(order) == list(range(len(here.lat)))
    n_leaves = len(tree.start) - 1
    assert np.diff(tree.start).min() >= 8
    assert np.diff(tree.start).max() <= 16
    for row, xyz in enumerate(tree.xyz):
        node = n_leaves - 1 + np.searchsorted(tree.start, row, side="right") - 1
        while node >= 0:
            assert (tree.box[node, :3] <= xyz).all()
            assert (xyz <= tree.box[node, 3:]).all()
            node = (node - 1) // 2 if node else -1
