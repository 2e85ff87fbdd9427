"""Oracles: circles worked by hand, pyproj's geodesics, SciPy, and laws of the sphere."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Proj

from triplehelix.errors import InputError
from triplehelix.sphere import (
    EARTH_RADIUS_KM,
    HALF_CIRCUMFERENCE_KM,
    arc_km,
    area_km2,
    centroid,
    checked_degrees,
    chord,
    degrees,
    distance_km,
    from_plane,
    lon_difference,
    to_plane,
    unit_vectors,
)

QUARTER_KM = np.pi * 6371.0088 / 2
LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)


@pytest.mark.parametrize(
    ("one", "other", "expected_km"),
    [
        ((0, 0), (0, 90), QUARTER_KM),
        ((0, 0), (90, 17), QUARTER_KM),
        ((90, 0), (-90, 0), 2 * QUARTER_KM),
        ((0, 0), (0, 180), 2 * QUARTER_KM),
        ((33, -20), (-33, 160), 2 * QUARTER_KM),
        ((0, 179.5), (0, -179.5), QUARTER_KM / 90),
        ((90, 12), (90, -99), 0),
        ((52.2, 0.12), (52.2, 0.12), 0),
        ((10, 20), (11, 20), QUARTER_KM / 90),
    ],
)
def test_distances_worked_by_hand(one, other, expected_km):
    np.testing.assert_allclose(distance_km(*one, *other), expected_km, rtol=1e-13, atol=1e-9)


def test_a_centimetre_and_a_centimetre_short_of_the_antipode():
    step = np.degrees(1e-5 / EARTH_RADIUS_KM)
    np.testing.assert_allclose(distance_km(0, 0, step, 0), 1e-5, rtol=1e-9)
    short = HALF_CIRCUMFERENCE_KM - distance_km(0, 0, step, 180)
    np.testing.assert_allclose(short, 1e-5, rtol=1e-4)


def test_distances_agree_with_the_ellipsoid_within_its_flattening():
    rng = np.random.default_rng(1)
    lat, lon, lat2, lon2 = rng.uniform([[-90], [-180]] * 2, [[90], [180]] * 2, (4, 500))
    _, _, metres = Geod(ellps="WGS84").inv(lon, lat, lon2, lat2)
    np.testing.assert_allclose(distance_km(lat, lon, lat2, lon2), metres / 1000, rtol=0.0057)
    sphere = Geod(a=EARTH_RADIUS_KM, b=EARTH_RADIUS_KM)
    exact = sphere.inv(lon, lat, lon2, lat2)[2]
    np.testing.assert_allclose(distance_km(lat, lon, lat2, lon2), exact, rtol=1e-12)


def test_distance_of_an_unknown_place_is_unknown():
    assert np.isnan(distance_km(np.nan, 0, 0, 0))


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_chord_of_the_distance_is_the_straight_way(lat, lon, lat2, lon2):
    straight = np.linalg.norm(unit_vectors(lat, lon) - unit_vectors(lat2, lon2))
    np.testing.assert_allclose(chord(distance_km(lat, lon, lat2, lon2)), straight, atol=2e-15)


@given(st.floats(0, 15_000))
def test_arc_undoes_chord(km):
    np.testing.assert_allclose(arc_km(chord(km)), km, rtol=1e-12, atol=1e-12)


def test_arc_of_a_chord_rounded_above_the_diameter():
    assert arc_km(2.0000000000000004) == HALF_CIRCUMFERENCE_KM


@given(st.floats(-89.9, 89.9), LONGITUDES)
def test_degrees_undo_unit_vectors(lat, lon):
    back_lat, back_lon = degrees(unit_vectors([lat], [lon]) * 7)
    np.testing.assert_allclose(back_lat, lat, atol=1e-12)
    np.testing.assert_allclose(lon_difference(back_lon, lon), 0, atol=1e-9)


@pytest.mark.parametrize(
    ("lon", "other", "expected"), [(-179, 179, 2), (179, -179, -2), (0, 180, -180), (10, 350, 20)]
)
def test_longitude_differences_take_the_short_way(lon, other, expected):
    assert lon_difference(lon, other) == expected


def test_each_place_is_written_in_one_way():
    lat, lon = checked_degrees([0, 0, 90, -90, -0.0], [180, -180, 33, 180, -0.0])
    assert lat.tolist() == [0, 0, 90, -90, 0]
    assert lon.tolist() == [-180, -180, 0, 0, 0]
    assert not np.signbit(lat[4])
    assert not np.signbit(lon[4])


@pytest.mark.parametrize(
    ("lat", "lon", "words"),
    [
        ([[1, 2]], [[1, 2]], r"lat must be a list of degrees \(1-D\), got shape \(1, 2\)"),
        (5, [5], r"for one place pass \[lat\]"),
        ([1, 2], [1], "lat has 2 values and lon 1; give one latitude and one longitude"),
        ([1, 151.2], [0, 0], r"lat\[1\] is 151.2 .*are latitude and longitude swapped"),
        ([1], [359], r"lon\[0\] is 359.0 .*subtract 360"),
        ([1, np.nan, np.nan], [0, 0, 0], r"lat\[1\] is nan \(2 such values\).*drop the rows"),
        ([1], [np.inf], r"lon\[0\] is inf .*drop the rows without a position"),
        (["north"], [0], "lat must be numbers, in degrees"),
    ],
)
def test_bad_coordinates_are_explained(lat, lon, words):
    with pytest.raises(InputError, match=words):
        checked_degrees(lat, lon)


def test_centroids_worked_by_hand():
    np.testing.assert_allclose(centroid([0, 0], [10, 20]), (0, 15), atol=1e-12)
    np.testing.assert_allclose(centroid([80, 80], [0, 180])[0], 90, atol=1e-9)
    assert centroid([10, 10], [-179, 179])[1] == -180
    # tan(angle) = 3 / 1 between two directions at a right angle weighing 1 and 3.
    np.testing.assert_allclose(centroid([0, 0], [0, 90], [1, 3])[1], np.degrees(np.arctan(3)))
    assert centroid([5, 6], [5, 6], [0, 0]) == centroid([5, 6], [5, 6])


def test_centroid_is_the_same_to_the_last_bit_in_any_order():
    rng = np.random.default_rng(2)
    lat, lon, weight = rng.uniform(40, 60, 999), rng.uniform(-5, 20, 999), rng.random(999)
    shuffled = rng.permutation(999)
    assert centroid(lat, lon, weight) == centroid(lat[shuffled], lon[shuffled], weight[shuffled])


def test_centroid_that_does_not_exist():
    with pytest.raises(InputError, match="2 places cancel out .* split them"):
        centroid([0, 0], [0, 180])
    with pytest.raises(InputError, match="at least one place; drop the empty group"):
        centroid([], [])


def test_flat_map_agrees_with_proj():
    rng = np.random.default_rng(3)
    lat, lon = rng.uniform(40, 70, 200), rng.uniform(-20, 40, 200)
    proj = Proj(proj="aeqd", lat_0=52, lon_0=5, R=EARTH_RADIUS_KM)
    np.testing.assert_allclose(to_plane(lat, lon, centre=(52, 5)), proj(lon, lat), atol=1e-8)


@given(LATITUDES, LONGITUDES, st.floats(-5000, 5000), st.floats(-5000, 5000))
def test_flat_map_keeps_distance_from_its_centre(lat, lon, x, y):
    there_lat, there_lon = from_plane(x, y, centre=(lat, lon))
    far = distance_km(lat, lon, there_lat, there_lon)
    np.testing.assert_allclose(far, np.hypot(x, y), rtol=1e-9, atol=1e-9)
    back = to_plane(there_lat, there_lon, centre=(lat, lon))
    np.testing.assert_allclose(back, (x, y), atol=1e-6)


EARTH_KM2 = 510_065_621.7  # surface of the WGS 84 ellipsoid, NIMA TR8350.2 (2000), table 3.3


@pytest.mark.parametrize(
    ("area", "share_of_the_earth"),
    [
        (shapely.box(-180, -90, 180, 90), 1),
        (shapely.box(-180, 0, 180, 90), 1 / 2),
        (shapely.box(0, 0, 90, 90), 1 / 8),
        (shapely.box(-180, -90, 90, 90), 3 / 4),
        (shapely.box(-180, -90, 180, 90) - shapely.box(0, 0, 90, 90), 7 / 8),
        (shapely.union_all([shapely.box(170, 0, 180, 90), shapely.box(-180, 0, -170, 90)]), 1 / 36),
        (shapely.Polygon(), 0),
    ],
)
def test_areas_worked_by_hand(area, share_of_the_earth):
    # Edges between the corners given are geodesics: these run along meridians or the equator.
    area = shapely.segmentize(area, 45)
    np.testing.assert_allclose(area_km2(area), share_of_the_earth * EARTH_KM2, rtol=1e-9)


def test_direction_of_a_ring_does_not_matter():
    box = shapely.box(0, 50, 3, 52)
    assert area_km2(box) == pytest.approx(area_km2(box.reverse()), rel=1e-12)
