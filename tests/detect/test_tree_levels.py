"""Levels of hand-made trees, and that levels nest."""

import numpy as np
import pytest

from triplehelix.detect.hdbscan import hdbscan
from triplehelix.detect.hierarchy import CondensedTree
from triplehelix.detect.parameters import Parameters
from triplehelix.detect.search import Search, parents
from triplehelix.detect.tree_levels import levels_of

RNG = np.random.default_rng


def tree(parent, weight, selected, row_node):
    label = np.full(len(parent), -1)
    label[selected] = np.arange(len(selected))
    nothing = np.zeros(len(parent))
    return CondensedTree(
        np.array(parent), nothing, nothing, np.array(weight, dtype=float), nothing, label,
        np.array(row_node), np.zeros(len(row_node)),
    )  # fmt: skip


def test_worked_by_hand():
    """
    0 (100) holds 1 (60) and 2 (40); 1 holds 3 (58), which tells nothing new, and 4 (2); 3 holds
    5 (30) and 6 (20). Selected: 3, 4 and 2.
    """
    made = tree(
        [-1, 0, 0, 1, 1, 3, 3], [100, 60, 40, 58, 2, 30, 20], [2, 3, 4],
        [0, 1, 2, 3, 4, 5, 6, -1],
    )  # fmt: skip
    levels, labels = levels_of(made)
    assert levels == (-1, 0, 1)
    # 1 weighs little more than 3, so that the level above 3 is that of 0.
    np.testing.assert_array_equal(labels, [
        [-1, -1, -1, -1, -1, 0, 1, -1],
        [-1, -1, 0, 1, 2, 1, 1, -1],
        [0, 0, 0, 0, 0, 0, 0, -1],
    ])  # fmt: skip


def test_without_any_cluster_there_is_level_0_and_nothing_in_it():
    levels, labels = levels_of(tree([-1], [5], [], [0, 0, -1]))
    assert levels == (0,)
    assert (labels == -1).all()


@pytest.mark.parametrize("seed", range(20))
def test_selected_nodes_are_level_0_and_levels_nest(seed):
    """Whatever is selected is level 0, and each cluster lies inside one of any wider level."""
    rng = RNG(seed)
    centres = rng.uniform(-3, 3, (12, 2))
    places = np.concatenate([c + rng.normal(0, rng.uniform(0.01, 0.3), (30, 2)) for c in centres])
    found = hdbscan(50 + places[:, 0], places[:, 1], min_cluster_weight=8, min_weight=4)
    levels, labels = levels_of(found.tree)
    here = labels[levels.index(0)]
    same = {(a, b) for a, b in zip(here.tolist(), found.labels.tolist(), strict=True)}
    assert len(same) == len({a for a, _ in same}) == len({b for _, b in same})
    for i in range(len(levels)):
        for label in range(labels[i].max(initial=-1) + 1):
            inside = labels[i] == label
            for wider in labels[i + 1 :]:
                assert len(np.unique(wider[inside])) == 1


@pytest.mark.parametrize("method", ["dbscan", "hdbscan"])
@pytest.mark.parametrize("seed", range(10))
def test_every_member_of_a_cluster_is_in_its_parent_and_no_nearer_level_could_be(method, seed):
    """Core members for DBSCAN, whose borders may go with a nearer core of another cluster."""
    rng = RNG(100 + seed)
    centres = rng.uniform(-1, 1, (15, 2))
    places = np.concatenate([c + rng.normal(0, 0.05, (20, 2)) for c in centres])
    parameters = Parameters(method=method, radius_km=8, levels_km=(3, 25), min_weight=6)
    search = Search(50 + places[:, 0], places[:, 1], np.ones(300, bool), parameters, 6.0)
    layers = search.layers(rng.integers(1, 4, 300).astype(float))
    for i, held in enumerate(parents(layers)):
        for label, above in enumerate(held):
            members = (layers.labels[i] == label) & layers.core[i]
            assert members.any()
            if above is None:
                assert (layers.labels[i + 1 :, members] == -1).all()
                continue
            level, wider = above
            assert (layers.labels[level][members] == wider).all()
            assert (layers.labels[i + 1 : level, members] == -1).all()


def test_sites_that_weigh_nothing_are_in_no_cluster():
    parameters = Parameters(radius_km=8, levels_km=(3, 25), min_weight=2)
    search = Search(np.array([50.0, 50, 50]), np.zeros(3), np.ones(3, bool), parameters, 2.0)
    np.testing.assert_array_equal(
        search.labels(np.array([1.0, 1, 0]), (-1, 0, 1)), [[0, 0, -1]] * 3
    )
    np.testing.assert_array_equal(search.labels(np.zeros(3), (0, 7)), [[-1] * 3] * 2)


def test_finer_levels_hold_only_what_is_placed_finely():
    """Two at one postcode, and two known by the same town only."""
    parameters = Parameters(radius_km=8, levels_km=(2,), min_weight=2)
    precise = np.array([True, True, False, False])
    search = Search(np.full(4, 50.0), np.zeros(4), precise, parameters, 2.0)
    layers = search.layers(np.ones(4))
    assert layers.levels == (-1, 0)
    np.testing.assert_array_equal(layers.labels, [[0, 0, -1, -1], [0, 0, 0, 0]])
