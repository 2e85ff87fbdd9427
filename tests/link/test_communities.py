"""Communities: planted, against NetworkX on the karate club, shuffled, stability by hand."""

import networkx as nx
import numpy as np
import pytest

from triplehelix.errors import InputError
from triplehelix.link import communities, overlap


def planted(rng, inside=6.0, outside=0.4, n=3, size=12):
    first, second = np.triu_indices(n * size, 1)
    weight = rng.poisson(np.where(first // size == second // size, inside, outside)).astype(float)
    there = weight > 0
    return first[there], second[there], weight[there]


def test_planted_groups_are_found_and_stable():
    found = communities(*planted(np.random.default_rng(0)))
    truth = found.node // 12
    assert {len(set(found.community[truth == t])) for t in range(3)} == {1}
    assert len(set(found.community)) == 3
    assert found.over_seeds.min() == 1
    assert found.over_resamples.mean() > 0.95


def test_noise_is_not_stable():
    noise = communities(*planted(np.random.default_rng(1), inside=1.0, outside=1.0))
    assert noise.over_resamples.mean() < 0.6


def test_karate_club_reaches_the_best_modularity_known():
    """0.4198 is the maximum (Brandes et al. 2008, IEEE TKDE 20(2), 172-188); NetworkX agrees."""
    club = nx.karate_club_graph()
    first, second = (list(e) for e in zip(*club.edges, strict=True))
    found = communities(first, second, np.ones(len(first)))
    sets = [set(found.node[found.community == c].tolist()) for c in set(found.community.tolist())]
    assert found.modularity == pytest.approx(0.4198, abs=1e-4)
    assert nx.community.modularity(club, sets, weight=None) == pytest.approx(found.modularity)


def test_order_of_pairs_changes_nothing():
    first, second, weight = planted(np.random.default_rng(3), outside=2.0)
    order = np.random.default_rng(4).permutation(len(first))
    one = communities(first, second, weight, n_runs=5)
    other = communities(second[order], first[order], weight[order], n_runs=5)
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


def test_numbered_by_weight_and_nothing_in_nothing_out():
    found = communities(list("aabdde"), list("bccfef"), [1, 1, 1, 2, 2, 2])
    assert found.community.tolist() == [1, 1, 1, 0, 0, 0]
    assert len(communities([], [], []).node) == 0


def test_overlap_by_hand():
    found = overlap([0, 0, 0, 1, 1], ["n", "n", "s", "s", ""])
    rows = list(zip(*(c.tolist() for c in found), strict=True))
    assert rows == [
        (0, "n", 2, pytest.approx(2 / 3), 1.0),
        (0, "s", 1, pytest.approx(1 / 3), 0.5),
        (1, "s", 1, 0.5, 0.5),
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"resolution": 0}, "resolution is 0"),
        ({"n_runs": 0}, "at least one run"),
        ({"squares": [0.0]}, "squares must be finite and above 0"),
    ],
)
def test_wrong_use_is_named(options, words):
    with pytest.raises(InputError, match=words):
        communities(["a"], ["b"], [1], **options)


def test_overlap_wants_both_of_each_node():
    with pytest.raises(InputError, match="give both of each node"):
        overlap([0], [])
