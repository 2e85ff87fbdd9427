"""Oracles: the hdbscan library, DBSCAN at each distance, planted clusters, laws of the sphere."""

import hdbscan as library
import numba
import numpy as np
import pytest
from hdbscan._hdbscan_tree import compute_stability
from sklearn.metrics import adjusted_rand_score

from tests.strewn import around, everywhere
from triplehelix.detect import hdbscan
from triplehelix.detect.dbscan import clustering
from triplehelix.errors import InputError
from triplehelix.sphere import (
    HALF_CIRCUMFERENCE_KM,
    degrees,
    distance_km,
    unit_vectors,
)


def cities(rng):
    """Six cities of unlike spread, and some places between."""
    n = int(rng.integers(30, 200))
    centre, spread_km = rng.uniform([40, -10], [60, 20], (6, 2)), np.exp(rng.uniform(1, 5, 6))
    per_city = rng.multinomial(n, np.full(6, 1 / 6))
    towns = [around(*c, s, k, rng) for c, s, k in zip(centre, spread_km, per_city, strict=True)]
    return np.concatenate([*towns, rng.uniform([40, -10], [60, 20], (n // 10, 2))])


def towns(rng):
    """Positions to a hundredth of a degree, many of them shared."""
    towns = [around(52, lon, spread, 120, rng) for lon, spread in [(0, 3), (0.6, 8), (2, 20)]]
    return np.round(np.concatenate([*towns, rng.uniform([51, -1], [53, 3], (60, 2))]), 2)


def pole(rng):
    return np.concatenate([around(90, 0, 60, 200, rng), around(-90, 0, 90, 200, rng)])


def antimeridian(rng):
    return np.concatenate([around(-17, 179.9, 40, 250, rng), around(65, 180, 30, 150, rng)])


def scattered(rng):
    return everywhere(400, rng)


SCENES = [cities, towns, pole, antimeridian, scattered]


def assert_same_partition(labels, others):
    assert ((labels < 0) == (others < 0)).all()
    pairs = set(zip(labels.tolist(), others.tolist(), strict=True))
    assert len(pairs) == len(set(labels.tolist())) == len(set(others.tolist()))


# The library


def apart(lat, lon):
    """Great-circle distances, the same both ways to the last bit."""
    away = distance_km(lat[:, None], lon[:, None], lat, lon)
    away = np.minimum(away, away.T)
    np.fill_diagonal(away, 0.0)
    return away


def its_answer(away, min_samples, size, method="eom"):
    return library.HDBSCAN(
        metric="precomputed", algorithm="generic", min_samples=min_samples,
        min_cluster_size=size, cluster_selection_method=method,
    ).fit(away)  # fmt: skip


def depends_on_order(merges, size):
    """
    Whether a place without which two clusters would be apart could go with either.

    Merges two by two, the library lets the order of rows decide in which sequence three or more
    parts come together at one distance. It makes no difference where all parts but one are
    together lighter than a cluster.
    """
    n = len(merges) + 1
    sizes = np.r_[np.ones(n), merges[:, 3]]
    parts, height, ends = {}, dict(enumerate(merges[:, 2], n)), []
    for node, (a, b, h, _) in enumerate(merges, n):
        parts[node] = []
        for part in (int(a), int(b)):
            parts[node] += parts[part] if height.get(part) == h else [part]
        ends.append(sizes[parts[node]].sum() - sizes[parts[node]].max())
        if len(parts[node]) > 2 and ends[-1] >= size:
            return True
    return False


@pytest.mark.parametrize("method", ["eom", "leaf"])
def test_same_labels_tree_and_probabilities_as_the_library(method):
    """
    On distinct places of weight 1.

    Its `min_samples` does not count the place itself, so ours is one more.
    """
    compared = clusters = 0
    for seed in range(120):
        rng = np.random.default_rng(seed)
        lat, lon = cities(rng).T
        # With 1, core distances decide nothing, and so no input has to be left out.
        min_samples, size = int(rng.integers(1, 10)) if seed % 2 else 1, int(rng.integers(2, 15))
        theirs = its_answer(apart(lat, lon), min_samples, size, method)
        if depends_on_order(theirs.single_linkage_tree_._linkage, size):
            continue
        ours = hdbscan(
            lat, lon, min_weight=min_samples + 1, min_cluster_weight=size,
            selection="leaf" if method == "leaf" else "excess_of_mass",
        )  # fmt: skip
        compared, clusters = compared + 1, clusters + len(ours.persistence)
        assert_same_partition(ours.labels, theirs.labels_)
        np.testing.assert_allclose(ours.probabilities, theirs.probabilities_, rtol=1e-7)
        its_tree = theirs.condensed_tree_._raw_tree
        nodes = its_tree[its_tree["child"] >= len(lat)]
        born = np.r_[[[0, len(lat)]], np.c_[nodes["lambda_val"], nodes["child_size"]]]
        here = np.c_[1 / ours.tree.birth_km, ours.tree.weight]
        np.testing.assert_allclose(
            here[np.lexsort(here.round(9).T)], born[np.lexsort(born.round(9).T)], rtol=1e-7
        )
        mass = compute_stability(its_tree)
        np.testing.assert_allclose(
            np.sort(ours.tree.excess_of_mass), np.sort(list(mass.values())), rtol=1e-6
        )
    assert compared >= 75
    assert clusters >= 400


def test_same_clusters_as_the_library_at_any_distance():
    """Where order decides in its tree, its cuts between two distances do not depend on it."""
    for seed in range(60):
        rng = np.random.default_rng(seed)
        lat, lon = cities(rng).T
        min_samples, size = int(rng.integers(1, 10)), int(rng.integers(2, 15))
        theirs = its_answer(apart(lat, lon), min_samples, size)
        ours = hdbscan(lat, lon, min_weight=min_samples + 1, min_cluster_weight=size)
        heights = np.unique(theirs.single_linkage_tree_._linkage[:, 2])
        for cut in rng.choice((heights[1:] + heights[:-1]) / 2, 6):
            its = theirs.single_linkage_tree_.get_clusters(cut, min_cluster_size=size)
            # It has places that are not yet core as clusters of one.
            assert_same_partition(ours.labels_at(cut), its)


# DBSCAN


def heavy_cores(places, weight, radius_km, min_weight, least):
    """Labels of DBSCAN, less border places and clusters whose core places are too light."""
    flat = clustering(*places.T, weight=weight, min_weight=min_weight, radius_km=radius_km)
    labels = np.where(flat.core, flat.labels, -1)
    total = np.bincount(labels + 1, weight, minlength=2)
    return np.where(total[labels + 1] >= least, labels, -1)


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("min_weight", [1, 4, 15])
def test_a_cut_is_dbscan_without_borders_and_light_clusters(scene, min_weight):
    rng = np.random.default_rng(min_weight)
    places = scene(rng)
    weight = rng.integers(0, 4, len(places)) + rng.random(len(places))
    found = hdbscan(*places.T, weight=weight, min_weight=min_weight, min_cluster_weight=20)
    for radius_km in np.r_[0.01, np.exp(rng.uniform(0, 7, 12)), found.tree.death_km[:8]]:
        expected = heavy_cores(places, weight, radius_km, min_weight, 20)
        assert_same_partition(found.labels_at(radius_km), expected)


@pytest.mark.parametrize("scene", SCENES)
def test_at_the_widest_distance_the_clusters_are_those_of_dbscan(scene):
    rng = np.random.default_rng(5)
    places = scene(rng)
    wide = hdbscan(*places.T, min_weight=5, min_cluster_weight=9, max_distance_km=40)
    expected = heavy_cores(places, np.ones(len(places)), 40, 5, 9)
    assert_same_partition(wide.labels_at(40), expected)
    top = wide.tree.parent < 0
    assert (wide.tree.birth_km[top] == 40).all()
    assert (wide.tree.birth_km[~top] < 40).all()


# Laws


def answer(places, weight, **more):
    return hdbscan(*places.T, weight=weight, min_weight=6, min_cluster_weight=15, **more)


@pytest.mark.parametrize("scene", SCENES)
def test_a_hundred_orders_of_the_rows_one_answer(scene):
    rng = np.random.default_rng(3)
    places = scene(rng)
    places = places[rng.integers(0, len(places), 300)]  # some rows share a place
    weight = rng.lognormal(0, 2, 300)
    first = answer(places, weight)
    for _ in range(20):  # times five scenes
        shuffled = rng.permutation(300)
        again = answer(places[shuffled], weight[shuffled])
        np.testing.assert_array_equal(first.labels[shuffled], again.labels)
        np.testing.assert_array_equal(first.probabilities[shuffled], again.probabilities)
        np.testing.assert_array_equal(first.persistence, again.persistence)
        for name, ours, theirs in zip(first.tree._fields, first.tree, again.tree, strict=True):
            by_row = name.startswith("row_")
            np.testing.assert_array_equal(ours[shuffled] if by_row else ours, theirs)


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("selection", ["excess_of_mass", "leaf"])
def test_turning_the_globe_changes_no_cluster(scene, selection):
    rng = np.random.default_rng(7)
    places = scene(rng)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    turned = np.stack(degrees(unit_vectors(*places.T) @ turn.T), axis=1)
    weight = rng.integers(1, 5, len(places)).astype(float)
    here, there = (answer(each, weight, selection=selection) for each in (places, turned))
    assert_same_partition(here.labels, there.labels)
    np.testing.assert_allclose(here.probabilities, there.probabilities, rtol=1e-6)
    ours, theirs = (
        np.sort(np.c_[t.birth_km, t.death_km, t.weight], axis=0) for t in (here.tree, there.tree)
    )
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6)


def test_one_processor_or_several_one_answer(monkeypatch):
    """Enough places to be shared out; the cuts are compared with DBSCAN."""
    rng = np.random.default_rng(11)
    centres = rng.uniform([40, -5], [60, 25], (60, 2))
    places = np.concatenate(
        [*(around(*c, 12, 200, rng) for c in centres), rng.uniform([40, -5], [60, 25], (6000, 2))]
    )
    answers = []
    for processors in (1, 2, 3):
        monkeypatch.setattr(numba.config, "NUMBA_NUM_THREADS", processors)
        answers.append(hdbscan(*places.T, min_weight=8, min_cluster_weight=30))
    for radius_km in (3.0, 8.0, 15.0, 30.0, 80.0):
        expected = heavy_cores(places, np.ones(len(places)), radius_km, 8, 30)
        assert_same_partition(answers[0].labels_at(radius_km), expected)
    for each in answers[1:]:
        for ours, theirs in zip(answers[0].tree, each.tree, strict=True):
            np.testing.assert_array_equal(ours, theirs)


# Planted clusters


@pytest.mark.parametrize("seed", range(4))
def test_planted_cities_of_unlike_size_and_density_are_found(seed):
    """Spreads of 1 to 30 km and 60 to 2000 rows, and a fifth of all rows strewn anywhere."""
    rng = np.random.default_rng(seed)
    planted = [(50, 0, 1, 60), (50.5, 0.5, 3, 400), (52, 4, 30, 2000), (48, 8, 10, 300),
               (53, -3, 2, 1000), (45, 2, 20, 700)]  # fmt: skip
    places = [around(lat, lon, spread, n, rng) for lat, lon, spread, n in planted]
    strewn = rng.uniform([42, -8], [56, 12], (1100, 2))
    truth = np.repeat(np.arange(7), [len(each) for each in places] + [len(strewn)])
    found = hdbscan(*np.concatenate([*places, strewn]).T, min_weight=25, min_cluster_weight=50)
    in_city = truth < 6
    assert len(found.persistence) == 6
    assert adjusted_rand_score(truth[in_city], found.labels[in_city]) > 0.99
    # Some of what is strewn lies in a city.
    assert adjusted_rand_score(truth, found.labels) > 0.9


def test_two_cities_are_one_from_afar_and_two_from_near():
    """Two cities 30 km apart and one 300 km away."""
    rng = np.random.default_rng(0)
    near, next_to, far = (
        around(52, 0, 2, 200, rng),
        around(52.27, 0, 2, 200, rng),
        around(54.7, 0, 2, 200, rng),
    )
    found = hdbscan(*np.concatenate([near, next_to, far]).T, min_weight=10, min_cluster_weight=50)
    both = found.labels_at(60)
    assert set(both[:400]) == {0}
    assert set(both[400:]) == {1}
    apart = found.labels_at(8)
    assert adjusted_rand_score(np.repeat([0, 1, 2], 200), apart) > 0.99


# Small and odd


def test_worked_by_hand():
    """On the equator: two towns of three places 1 km apart; 8 and 12 km to a lone place."""
    km = np.array([0, 1, 2, 10, 22, 23, 24]) / 111.19508
    found = hdbscan(
        np.zeros(7), km, weight=[1, 1, 1, 1, 1, 2, 1], min_weight=2, min_cluster_weight=3
    )
    tree = found.tree
    # At 12 km the town in the east splits off; the lone place is core from 8 km on.
    assert tree.parent.tolist() == [-1, 0, 0]
    np.testing.assert_allclose(tree.birth_km, [np.inf, 12, 12], rtol=1e-6)
    np.testing.assert_allclose(tree.death_km, [12, 1, 1], rtol=1e-6)
    assert tree.weight.tolist() == [8, 4, 4]
    np.testing.assert_allclose(
        tree.excess_of_mass,
        [8 / 12, 3 * (1 - 1 / 12) + (1 / 8 - 1 / 12), 4 * (1 - 1 / 12)], rtol=1e-6,
    )  # fmt: skip
    np.testing.assert_allclose(tree.row_km, [1, 1, 1, 8, 1, 1, 1], rtol=1e-6)
    assert found.labels.tolist() == [0, 0, 0, 0, 1, 1, 1]
    np.testing.assert_allclose(found.probabilities, [1, 1, 1, 1 / 8, 1, 1, 1], rtol=1e-6)
    np.testing.assert_allclose(found.persistence, [3.125 / 4 - 1 / 12, 1 - 1 / 12], rtol=1e-6)
    assert tree.label.tolist() == [-1, 0, 1]


def test_a_cluster_can_split_into_four_at_once():
    """Four heavy towns on corners of an octahedron; 180 degrees east is the furthest west."""
    found = hdbscan(
        [0, 0, 0, 90], [0, 90, 180, 0], weight=[5] * 4, min_weight=1, min_cluster_weight=5
    )
    assert found.tree.parent.tolist() == [-1, 0, 0, 0, 0]
    np.testing.assert_allclose(found.tree.birth_km[1:], HALF_CIRCUMFERENCE_KM / 2)
    assert found.labels.tolist() == [1, 2, 0, 3]


def test_no_rows():
    found = hdbscan([], [], min_weight=1, min_cluster_weight=1, max_distance_km=9)
    assert [len(each) for each in (*found[:3], *found.tree)] == [0] * 11
    assert found.labels.dtype == np.int64
    assert found.labels_at(5).shape == (0,)


@pytest.mark.parametrize("n", [1, 7])
def test_all_rows_at_one_place(n):
    """One cluster that was never born: selected only below a greatest distance."""
    bounds = {"min_weight": n, "min_cluster_weight": n}
    found = hdbscan([52] * n, [1] * n, **bounds)
    assert found.labels.tolist() == [-1] * n
    assert found.labels_at(1).tolist() == [0] * n
    assert found.tree.birth_km.tolist() == [np.inf]
    assert found.tree.death_km.tolist() == [0]
    for selection in ("excess_of_mass", "leaf"):
        found = hdbscan([52] * n, [1] * n, **bounds, selection=selection, max_distance_km=25)
        assert found.labels.tolist() == [0] * n
        assert found.probabilities.tolist() == [1] * n
        assert found.persistence.tolist() == [1]
    assert hdbscan([52] * n, [1] * n, min_weight=n + 1, min_cluster_weight=1).tree.parent.size == 0
    assert hdbscan([52] * n, [1] * n, min_weight=1, min_cluster_weight=n + 1).tree.parent.size == 0


def test_a_lone_city_is_found_below_a_greatest_distance():
    city = around(52, 0, 5, 300, np.random.default_rng(1))
    bounds = {"min_weight": 5, "min_cluster_weight": 100}
    assert (hdbscan(*city.T, **bounds).labels == -1).all()
    assert (hdbscan(*city.T, **bounds, max_distance_km=50).labels == 0).all()


def test_two_far_clusters():
    rng = np.random.default_rng(4)
    places = np.concatenate([around(10, 20, 5, 80, rng), around(-10, -160, 5, 50, rng)])
    found = hdbscan(*places.T, min_weight=5, min_cluster_weight=20)
    assert found.labels_at(HALF_CIRCUMFERENCE_KM).tolist() == [0] * 130
    assert found.labels_at(1000).tolist() == [0] * 80 + [1] * 50
    assert found.tree.birth_km[1:3].min() > 19_000


def test_a_heavy_town_never_ends_unless_nothing_finer_is_told_apart():
    """London's 685 organisations at one place, and places around it 3 and 6 km away."""
    lat = 51.5 + np.array([0, 3, 6, 600, 603, 606]) / 111.19508
    weight = [685, 9, 9, 9, 9, 9]
    bounds = {"weight": weight, "min_weight": 9, "min_cluster_weight": 20}
    found = hdbscan(lat, [0] * 6, **bounds)
    london = found.tree.label.tolist().index(0)
    assert found.tree.excess_of_mass[london] == np.inf
    assert found.labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert found.probabilities[:3].tolist() == [1, 0, 0]
    np.testing.assert_allclose(found.persistence[0], 685 / 703)
    found = hdbscan(lat, [0] * 6, **bounds, min_distance_km=5)
    assert np.isfinite(found.tree.excess_of_mass).all()
    np.testing.assert_allclose(found.tree.death_km[1:], 5)
    assert found.probabilities.tolist() == [1] * 6


def test_a_place_without_weight_can_join_others():
    lon = np.array([0, 0.1, 0.2, 5, 5.1])
    found = hdbscan([0] * 5, lon, weight=[3, 0, 3, 3, 3], min_weight=3, min_cluster_weight=6)
    assert found.labels.tolist() == [0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lat": [1, 91]}, "are latitude and longitude swapped"),
        ({"lon": [1]}, "lat has 2 values and lon 1"),
        ({"weight": [1]}, r"weight has shape \(1,\), but there are 2 places"),
        ({"weight": [1, -3]}, r"weight\[1\] is -3.0 .*use 0 for a row that does not count"),
        ({"min_weight": 0}, "min_weight is 0; give a finite number greater than 0"),
        ({"min_weight": np.nan}, "min_weight is nan"),
        ({"min_cluster_weight": -1}, "min_cluster_weight is -1; .*least weight of a cluster"),
        ({"min_cluster_weight": np.inf}, "min_cluster_weight is inf"),
        ({"selection": "eom"}, "selection is 'eom'; give 'excess_of_mass' .* or 'leaf'"),
        ({"min_distance_km": -1}, "min_distance_km is -1; give kilometres, from 0"),
        ({"min_distance_km": np.nan}, "min_distance_km is nan"),
        ({"max_distance_km": 0}, "max_distance_km is 0; .*leave it out for no bound"),
        ({"max_distance_km": 20_016}, r"to 20015.1 \(half of the Earth's circumference\)"),
        (
            {"max_distance_km": 5, "min_distance_km": 9},
            "max_distance_km is 5, less than min_distance_km, 9; widen the one",
        ),
    ],
)
def test_bad_input_is_explained(changes, words):
    given = {"lat": [1, 2], "lon": [1, 2], "min_weight": 1, "min_cluster_weight": 1} | changes
    with pytest.raises(InputError, match=words):
        hdbscan(given.pop("lat"), given.pop("lon"), **given)


@pytest.mark.parametrize("distance_km", [4.9, 50.1, np.nan, -1])
def test_a_cut_outside_the_hierarchy_is_explained(distance_km):
    found = hdbscan(
        [1, 2], [1, 2], min_weight=1, min_cluster_weight=1, min_distance_km=5, max_distance_km=50
    )
    assert found.labels_at(5).tolist() == [0, 1]
    with pytest.raises(InputError, match=r"hierarchy runs from 5 to 50.0 km; give a distance"):
        found.labels_at(distance_km)


def test_input_arrays_are_left_alone():
    lat, lon, weight = np.array([0.0, 90.0]), np.array([180.0, 5.0]), np.array([1.0, 2.0])
    lat.flags.writeable = lon.flags.writeable = weight.flags.writeable = False
    hdbscan(lat, lon, min_weight=1, min_cluster_weight=1, weight=weight)
    assert lon.tolist() == [180, 5]
