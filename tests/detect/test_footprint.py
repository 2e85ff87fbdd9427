"""Oracles: areas of caps and stadiums worked by hand, and laws of the sphere."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from triplehelix.detect import footprint
from triplehelix.errors import InputError
from triplehelix.sphere import (
    EARTH_RADIUS_KM,
    area_km2,
    centroid,
    from_plane,
    lon_difference,
    to_plane,
)


def strewn(lat, lon, spread_km, n=60, seed=0):
    """n places around one, seen from which they look the same wherever it is."""
    east, north = np.random.default_rng(seed).normal(0, spread_km, (2, n))
    lat, lon = from_plane(east, north, centre=(lat, lon))
    return lat, lon_difference(lon, 0.0)


def cap_km2(radius_km):
    return 2 * np.pi * EARTH_RADIUS_KM**2 * (1 - np.cos(radius_km / EARTH_RADIUS_KM))


@pytest.mark.parametrize("radius_km", [0.05, 5, 300])
@pytest.mark.parametrize(
    "place", [(52.2, 0.1), (0, 180), (-17, 179.999), (90, 0), (-90, 0), (89.99, 77), (66, -180)]
)
def test_one_place_is_a_disc(place, radius_km):
    disc = footprint(*([x] for x in place), margin_km=radius_km)
    assert disc.is_valid
    # A many-cornered disc on the ellipsoid: within 1.5 % of a cap of the sphere.
    assert area_km2(disc) == pytest.approx(cap_km2(radius_km), rel=0.015)
    assert shapely.intersects_xy(disc, place[1], place[0])


def test_two_places_are_a_stadium():
    lat, lon = from_plane([-20, 20], [0, 0], centre=(50, 10))
    stadium = footprint(lat, lon, margin_km=5)
    assert area_km2(stadium) == pytest.approx(np.pi * 5**2 + 40 * 10, rel=0.01)


def test_a_square_with_round_corners():
    east, north = np.meshgrid(np.linspace(-10, 10, 21), np.linspace(-10, 10, 21))
    lat, lon = from_plane(east.ravel(), north.ravel(), centre=(50, 10))
    outline = footprint(lat, lon, margin_km=4)
    assert area_km2(outline) == pytest.approx(20 * 20 + 4 * 20 * 4 + np.pi * 4**2, rel=0.01)


def test_a_bay_between_members_stays_out():
    """Three sides of a square of 40 km: the open side is not covered as a convex hull would."""
    side = np.linspace(-20, 20, 41)
    east = np.r_[side, np.full(41, -20), np.full(41, 20)]
    north = np.r_[np.full(41, -20), side, side]
    outline = footprint(*from_plane(east, north, centre=(50, 10)), margin_km=2)
    assert not shapely.intersects_xy(outline, 10, 50.1)
    assert outline.geom_type == "Polygon"


@pytest.mark.parametrize(
    "middle", [(52, 0), (0, 180), (-17, 179.9), (65, -179.9), (89.9, 10), (-89.5, 100), (90, 0)]
)
@pytest.mark.parametrize("spread_km", [0.2, 20, 150])
def test_valid_anywhere_and_of_one_size_everywhere(middle, spread_km):
    lat, lon = strewn(*middle, spread_km)
    outline = footprint(lat, lon, margin_km=spread_km / 4)
    west, south, east, north = outline.bounds
    assert outline.is_valid
    assert -180 <= west < east <= 180
    assert -90 <= south < north <= 90
    assert shapely.intersects_xy(outline, lon, lat).all()
    elsewhere = footprint(*strewn(45, 100, spread_km), margin_km=spread_km / 4)
    assert area_km2(outline) == pytest.approx(area_km2(elsewhere), rel=0.015)


def test_everything_within_the_margin_is_covered():
    lat, lon = strewn(48, 11, 15)
    outline = footprint(lat, lon, margin_km=5)
    angle = np.linspace(0, 2 * np.pi, 37)
    for place in zip(lat, lon, strict=True):
        rim = from_plane(4.9 * np.cos(angle), 4.9 * np.sin(angle), centre=place)
        assert shapely.intersects_xy(outline, rim[1], rim[0]).all()


def test_nothing_beyond_the_convex_hull_and_margin_is_covered():
    lat, lon = strewn(48, 11, 15)
    outline = footprint(lat, lon, margin_km=5)
    centre = centroid(lat, lon)
    hull = shapely.convex_hull(shapely.multipoints(np.c_[to_plane(lat, lon, centre=centre)]))
    edge_lon, edge_lat = shapely.get_coordinates(outline).T
    edge = shapely.points(np.c_[to_plane(edge_lat, edge_lon, centre=centre)])
    assert shapely.distance(hull, edge).max() < 5.01


def test_cut_at_the_180th_meridian():
    outline = footprint([0], [180], margin_km=50)
    assert outline.geom_type == "MultiPolygon"
    west, east = sorted(part.bounds[0] for part in outline.geoms)
    assert west == -180
    assert east > 179


def test_members_all_over_the_globe():
    rng = np.random.default_rng(4)
    lat = np.degrees(np.arcsin(rng.uniform(-1, 1, 300)))
    lon = rng.uniform(-180, 180, 300)
    outline = footprint(lat, lon, margin_km=500)
    assert outline.is_valid
    assert shapely.intersects_xy(outline, lon, lat).all()
    assert 0.7 < area_km2(outline) / cap_km2(np.pi * EARTH_RADIUS_KM) < 1


@given(st.integers(0, 999), st.randoms())
@settings(max_examples=20, deadline=None)
def test_order_and_repetition_of_rows_do_not_matter(seed, random):
    lat, lon = strewn(10, 180, 30, seed=seed)
    rows = random.sample(range(60), 60) + random.choices(range(60), k=30)
    assert footprint(lat, lon, margin_km=7).wkb == footprint(lat[rows], lon[rows], margin_km=7).wkb


def test_coordinates_have_five_decimals():
    places = shapely.get_coordinates(footprint(*strewn(52, 0, 20), margin_km=5))
    np.testing.assert_array_equal(places, places.round(5))


@pytest.mark.parametrize("margin_km", [0, -1, 1001, np.nan])
def test_bad_margins_are_explained(margin_km):
    with pytest.raises(InputError, match="margin_km is .*; give kilometres, from 0.01 to 1000"):
        footprint([1], [1], margin_km=margin_km)


def test_no_members():
    with pytest.raises(InputError, match="at least one member; drop the empty cluster"):
        footprint([], [], margin_km=1)
