"""Oracles: scikit-learn's DBSCAN, clusters worked by hand, and laws of the sphere."""

import math
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from tests.strewn import around, everywhere
from triplehelix.detect import dbscan
from triplehelix.detect.dbscan import clustering, finder
from triplehelix.detect.places import weight_of_places
from triplehelix.errors import InputError
from triplehelix.sphere import (
    EARTH_RADIUS_KM,
    HALF_CIRCUMFERENCE_KM,
    degrees,
    distance_km,
    unit_vectors,
)


def scattered(rng):
    return everywhere(400, rng), 700.0


def towns(rng):
    towns = [around(52, lon, spread, 120, rng) for lon, spread in [(0, 3), (0.6, 8), (2, 20)]]
    return np.round(np.concatenate([*towns, rng.uniform([51, -1], [53, 3], (60, 2))]), 2), 8.0


def pole(rng):
    return np.concatenate([around(90, 0, 60, 200, rng), around(-90, 0, 90, 200, rng)]), 25.0


def antimeridian(rng):
    return np.concatenate([around(-17, 179.9, 40, 250, rng), around(65, 180, 30, 150, rng)]), 12.0


def hemispheres(rng):
    return everywhere(60, rng), 6000.0


def both_sides_of_a_pole(rng):
    return np.concatenate([around(89.5, 0, 30, 99, rng), around(89.5, 180, 30, 99, rng)]), 15.0


def metres(rng):
    return around(60.123, 24.9, 0.05, 300, rng), 0.01


SCENES = [
    scattered, towns, pole, antimeridian, hemispheres, both_sides_of_a_pole, metres,
]  # fmt: skip


def assert_same_partition(labels, others):
    """Noise is noise, and each cluster is one cluster on the other side."""
    assert ((labels < 0) == (others < 0)).all()
    pairs = set(zip(labels.tolist(), others.tolist(), strict=True))
    assert len(pairs) == len(set(labels.tolist())) == len(set(others.tolist()))


@pytest.mark.parametrize("min_weight", [1, 4, 12, 40])
@pytest.mark.parametrize("scene", SCENES)
def test_agrees_with_scikit_learn(scene, min_weight):
    rng = np.random.default_rng(min_weight)
    (lat, lon), radius_km = (scene_ := scene(rng))[0].T, scene_[1]
    weight = rng.integers(0, 4, len(lat)) + rng.random(len(lat))
    found = clustering(lat, lon, radius_km=radius_km, min_weight=min_weight, weight=weight)
    theirs = DBSCAN(
        eps=radius_km / EARTH_RADIUS_KM, min_samples=min_weight, metric="haversine",
        algorithm="ball_tree",
    ).fit(np.radians(np.c_[lat, lon]), sample_weight=weight)  # fmt: skip
    core = np.zeros(len(lat), dtype=bool)
    core[theirs.core_sample_indices_] = True

    np.testing.assert_array_equal(found.core, core)
    assert_same_partition(found.labels[core], theirs.labels_[core])
    np.testing.assert_array_equal(found.labels < 0, theirs.labels_ < 0)
    for i in np.flatnonzero(~core & (found.labels >= 0)):
        away = np.where(core, distance_km(lat[i], lon[i], lat, lon), np.inf)
        assert away.min() <= radius_km
        assert found.labels[i] == found.labels[away.argmin()]


@given(seed=st.integers(0, 10**6), scene=st.sampled_from(SCENES))
@settings(max_examples=40, deadline=None)
def test_order_of_rows_does_not_matter(seed, scene):
    rng = np.random.default_rng(seed)
    places, radius_km = scene(rng)
    places = places[rng.integers(0, len(places), 300)]  # some rows share a place
    weight = rng.lognormal(0, 3, 300)
    shuffled = rng.permutation(300)
    in_order = clustering(*places.T, radius_km=radius_km, min_weight=5, weight=weight)
    again = clustering(
        *places[shuffled].T, radius_km=radius_km, min_weight=5, weight=weight[shuffled]
    )
    np.testing.assert_array_equal(in_order.labels[shuffled], again.labels)
    np.testing.assert_array_equal(in_order.core[shuffled], again.core)


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9), st.integers(0, 5)), min_size=1))
@settings(deadline=None)
def test_a_weight_is_as_many_rows(rows):
    """On a grid of whole degrees, so that ties of distance and of weight abound."""
    lat, lon, weight = np.array(rows, dtype=float).T
    times = np.r_[weight.astype(int)]
    weighted = dbscan(lat, lon, radius_km=150, min_weight=4, weight=weight)
    repeated = dbscan(np.repeat(lat, times), np.repeat(lon, times), radius_km=150, min_weight=4)
    np.testing.assert_array_equal(np.repeat(weighted, times), repeated)


@pytest.mark.parametrize("scene", SCENES)
def test_turning_the_globe_changes_no_cluster(scene):
    rng = np.random.default_rng(7)
    places, radius_km = scene(rng)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    turned = degrees(unit_vectors(*places.T) @ turn.T)
    weight = rng.integers(1, 5, len(places))
    here = dbscan(*places.T, radius_km=radius_km, min_weight=15, weight=weight)
    there = dbscan(*turned, radius_km=radius_km, min_weight=15, weight=weight)
    assert_same_partition(here, there)


def test_one_row():
    assert dbscan([52], [0], radius_km=1, min_weight=1).tolist() == [0]
    assert dbscan([52], [0], radius_km=1, min_weight=1.5).tolist() == [-1]
    assert dbscan([52], [0], radius_km=1, min_weight=1.5, weight=[2]).tolist() == [0]


def test_no_rows():
    labels = dbscan([], [], radius_km=1, min_weight=1)
    assert labels.shape == (0,)
    assert labels.dtype == np.int64


def test_many_organisations_at_one_point():
    lat, lon = np.full(685, 51.50853), np.full(685, -0.12574)
    assert (dbscan(lat, lon, radius_km=0.001, min_weight=685) == 0).all()
    assert (dbscan(lat, lon, radius_km=100, min_weight=686) == -1).all()


def test_ten_tenths_make_one():
    """In binary, 0.1 added ten times, one after the other, falls short of 1."""
    lat = np.repeat([50.0, 50.01, 50.02, 50.03, 50.04], 2)
    labels = dbscan(lat, np.zeros(10), radius_km=10, min_weight=1, weight=np.full(10, 0.1))
    assert (labels == 0).all()


def test_the_radius_itself_is_within():
    for step in (1.0, 0.1, 0.01):
        radius_km = np.radians(step) * EARTH_RADIUS_KM
        lat = np.arange(20) * step
        assert (dbscan(lat, np.full(20, 7.3), radius_km=radius_km, min_weight=2) == 0).all()
        less = radius_km - 1e-9
        assert (dbscan(lat, np.full(20, 7.3), radius_km=less, min_weight=2) == -1).all()
    assert dbscan([0, 0], [0, 180], radius_km=HALF_CIRCUMFERENCE_KM, min_weight=2).tolist() == [
        0,
        0,
    ]


def test_one_place_written_in_several_ways():
    labels = dbscan([0, 0, 90, 90], [180, -180, 0, 123], radius_km=0.001, min_weight=2)
    assert labels.tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("base", [0.0, 52.0, -33.0])
@pytest.mark.parametrize(("at_km", "expected"), [(9, 0), (10, 0), (11, 1)])
def test_border_place_goes_with_the_nearest_core_and_on_a_tie_with_the_lesser(
    base, at_km, expected
):
    """Core places at 0 and 20 km, each held up from outside; radius 11 km, min_weight 5."""
    lat = base + np.degrees(np.array([-5, 0, 20, 25, at_km]) / EARTH_RADIUS_KM)
    found = clustering(lat, np.full(5, 33.3), radius_km=11, min_weight=5, weight=[4, 1, 1, 4, 0.5])
    assert found.core.tolist() == [True, True, True, True, False]
    # The half that the place brings makes its cluster the heavier, and so number 0.
    south, north = (0, 1) if expected == 0 else (1, 0)
    assert found.labels.tolist() == [south, south, north, north, 0]


def test_labels_run_from_the_heaviest_and_then_from_the_south_west():
    lat, lon = [10, 30, 20, 20, 40], [0, 0, 9, -9, 0]
    labels = dbscan(lat, lon, radius_km=1, min_weight=1, weight=[3, 7, 3, 3, 0.5])
    assert labels.tolist() == [1, 0, 3, 2, -1]


def test_weightless_rows_go_with_a_core_row_but_join_none():
    """11 km apart: the middle one would be core, and a bridge, if it weighed anything."""
    lat = [0, 0.1, 0.2, 5]
    bridge = clustering(lat, [0] * 4, radius_km=12, min_weight=1, weight=[1, 1e-9, 2, 0])
    assert bridge.labels.tolist() == [0, 0, 0, -1]
    apart = clustering(lat, [0] * 4, radius_km=12, min_weight=1, weight=[1, 0, 2, 0])
    assert apart.core.tolist() == [True, False, True, False]
    assert apart.labels.tolist() == [1, 1, 0, -1]  # as near to both: the more southern
    nothing = dbscan([0, 0], [0, 0], radius_km=12, min_weight=1e-9, weight=[0, 0])
    assert nothing.tolist() == [-1, -1]


@given(seed=st.integers(0, 10**6), scene=st.sampled_from(SCENES))
@settings(max_examples=20, deadline=None)
def test_several_radii_are_as_many_calls(seed, scene):
    rng = np.random.default_rng(seed)
    places, radius_km = scene(rng)
    weight = rng.lognormal(0, 1, len(places))
    radii = [radius_km, 0.3 * radius_km, 2 * radius_km]
    together = clustering(*places.T, radius_km=radii, min_weight=5, weight=weight)
    for i, each in enumerate(radii):
        alone = clustering(*places.T, radius_km=each, min_weight=5, weight=weight)
        np.testing.assert_array_equal(together.labels[i], alone.labels)
        np.testing.assert_array_equal(together.core[i], alone.core)


def test_shapes_with_several_radii():
    assert dbscan([1, 2], [0, 0], radius_km=[5], min_weight=1).shape == (1, 2)
    assert dbscan([1, 2], [0, 0], radius_km=np.array([5, 6, 7.0]), min_weight=1).shape == (3, 2)
    assert dbscan([], [], radius_km=[5, 6], min_weight=1).shape == (2, 0)


def test_one_set_of_rows_under_many_weights():
    rng = np.random.default_rng(4)
    lat, lon = rng.uniform(50, 52, (2, 400)).round(1)
    find = finder(lat, lon, radius_km=15, min_weight=4)
    for _ in range(10):
        weight = rng.poisson(1, 400)
        found = find(weight)
        # Rows of no weight may as well be absent.
        there = weight > 0
        without = clustering(
            lat[there], lon[there], radius_km=15, min_weight=4, weight=weight[there]
        )
        np.testing.assert_array_equal(found.labels[there], without.labels)
        np.testing.assert_array_equal(found.core[there], without.core)
    assert find(None).labels.max() >= 0


@given(st.lists(st.floats(0, 1e200), min_size=1, max_size=300), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_sums_are_exact_to_the_last_bit_but_one_and_know_no_order(weights, random):
    """Python's fsum is correctly rounded."""
    shuffled = sorted(weights, key=lambda _: random.random())
    sums = [
        weight_of_places(np.zeros(len(each), dtype=np.int64), np.array(each), 1)[0]
        for each in (weights, shuffled)
    ]
    assert sums[0] == sums[1]
    np.testing.assert_array_max_ulp(sums[0], math.fsum(weights), maxulp=1)


@pytest.mark.parametrize("spread", [0, 1, 5, 12])
def test_many_weights_of_all_sizes_are_summed_by_place(spread):
    rng = np.random.default_rng(spread)
    place, weight = rng.integers(0, 7, 20_000), rng.lognormal(0, spread, 20_000)
    total = weight_of_places(place, weight, 8)
    order = rng.permutation(20_000)
    np.testing.assert_array_equal(total, weight_of_places(place[order], weight[order], 8))
    expected = [math.fsum(weight[place == k]) for k in range(8)]
    np.testing.assert_array_max_ulp(total, np.array(expected), maxulp=1)


def test_rows_of_a_table_and_lists_are_welcome():
    table = np.array([[51.5, -0.1], [51.6, -0.1], [10, 10]])
    assert dbscan(table[:, 0], table[:, 1], radius_km=15, min_weight=2).tolist() == [0, 0, -1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lat": [[1, 2]]}, r"lat must be a list of degrees \(1-D\)"),
        ({"lat": [1, np.nan]}, r"lat\[1\] is nan .*drop the rows without a position"),
        ({"lat": [1, 91]}, "are latitude and longitude swapped"),
        ({"lon": [1, 181]}, r"lon\[1\] is 181.0 .*subtract 360"),
        ({"lon": [1]}, "lat has 2 values and lon 1"),
        ({"weight": [1]}, r"weight has shape \(1,\), but there are 2 places"),
        ({"weight": [1, -3]}, r"weight\[1\] is -3.0 .*use 0 for a row that does not count"),
        ({"weight": [np.nan, 1]}, r"weight\[0\] is nan \(1 such values\)"),
        ({"weight": [np.inf, 1]}, r"weight\[0\] is inf .*finite"),
        ({"weight": ["heavy", 1]}, "weight must be numbers .*leave it out for 1 each"),
        ({"weight": [1e201, 1]}, r"weight\[0\] is 1e\+201 .*from 0 to 1e\+200"),
        ({"radius_km": "far"}, "radius_km is 'far'; give kilometres as a number"),
        ({"radius_km": []}, "give one radius, or a list of them"),
        ({"radius_km": [5, 0]}, r"radius_km is \[5, 0\]; give kilometres"),
        ({"radius_km": 0}, "radius_km is 0; give kilometres, from 0.000001"),
        ({"radius_km": -5}, "radius_km is -5"),
        ({"radius_km": np.nan}, "radius_km is nan"),
        ({"radius_km": 20_016}, r"to 20015.1 \(half of the Earth's circumference\)"),
        ({"min_weight": 0}, "min_weight is 0; give a finite number greater than 0"),
        ({"min_weight": np.nan}, "min_weight is nan"),
        ({"min_weight": np.inf}, "min_weight is inf"),
    ],
)
def test_bad_input_is_explained(changes, words):
    given = {"lat": [1, 2], "lon": [1, 2], "radius_km": 5, "min_weight": 1} | changes
    with pytest.raises(InputError, match=words):
        dbscan(given.pop("lat"), given.pop("lon"), **given)


def test_input_arrays_are_left_alone():
    lat, lon, weight = np.array([0.0, 90.0]), np.array([180.0, 5.0]), np.array([1.0, 2.0])
    lat.flags.writeable = lon.flags.writeable = weight.flags.writeable = False
    dbscan(lat, lon, radius_km=5, min_weight=1, weight=weight)
    assert lon.tolist() == [180, 5]


def run_python(code, **environment):
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True
    )
    assert not done.returncode, done.stderr
    return done.stdout.strip()


def test_importing_detection_does_not_import_the_compiler():
    code = """
import sys, triplehelix.detect.steps
print([m for m in ("numba", "scipy", "shapely", "pyproj", "pandas") if m in sys.modules])"""
    assert run_python(code) == "[]"


def test_clusters_straddling_several_tasks_and_threads():
    """Enough cells to be shared out between threads; scikit-learn sees merged rows."""
    rng = np.random.default_rng(11)
    cities = [around(*city, 12, 400, rng) for city in rng.uniform([40, -5], [60, 25], (30, 2))]
    places = np.concatenate([*cities, rng.uniform([40, -5], [60, 25], (6000, 2))])
    labels = dbscan(*places.T, radius_km=15, min_weight=6)
    theirs = DBSCAN(
        eps=15 / EARTH_RADIUS_KM, min_samples=6, metric="haversine", algorithm="ball_tree"
    ).fit(np.radians(places))
    core = theirs.core_sample_indices_
    assert_same_partition(labels[core], theirs.labels_[core])
    np.testing.assert_array_equal(labels < 0, theirs.labels_ < 0)
