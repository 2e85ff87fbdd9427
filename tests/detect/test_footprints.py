"""Oracles: figures worked by hand, points drawn at random, and laws."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from triplehelix.detect import footprint, footprints
from triplehelix.detect.footprint_scale import at_scale, tolerance_km
from triplehelix.errors import InputError
from triplehelix.sphere import area_km2, distance_km, from_plane, lon_difference

MIDDLES = [(52, 0), (0, 180), (-17, 179.9), (65, -179.9), (89.9, 10), (-89.5, 100)]


def places(east, north, centre=(50, 10)):
    lat, lon = from_plane(np.asarray(east), np.asarray(north), centre=centre)
    return lat, lon_difference(lon, 0.0)


def ring(radius_km, n, centre=(50, 10), turn=2 * np.pi):
    angle = np.linspace(0, turn, n, endpoint=False)
    return places(radius_km * np.cos(angle), radius_km * np.sin(angle), centre)


def crowd(k, centre=(50, 10), seed=0, n=240, spread_km=25.0):
    """n members, each of the cluster whose middle is the nearest of k."""
    rng = np.random.default_rng(seed)
    xy, middles = rng.normal(0, spread_km, (n, 2)), rng.normal(0, spread_km, (k, 2))
    label = np.argmin(np.linalg.norm(xy[:, None] - middles, axis=2), axis=1)
    return (*places(*xy.T, centre), np.unique(label, return_inverse=True)[1])


def shared(shapes):
    a, b = shapely.STRtree(shapes).query(shapes, "intersects")
    shapes = np.array(shapes, dtype=object)
    return shapely.area(shapely.intersection(shapes[a[a < b]], shapes[b[a < b]])).sum()


def inside(shapes, lat, lon, label):
    return shapely.intersects_xy(np.array(shapes, dtype=object)[label], lon, lat)


# Holes


@pytest.mark.parametrize("centre", [(50, 10), (0, 180), (-60, 179.9)])
def test_a_ring_of_members_keeps_its_hole(centre):
    """Members every 3 km on a circle of 30 km; the margin of 4 km reaches 4 km inwards."""
    outline = footprint(*ring(30, 63, centre), margin_km=4)
    assert not shapely.intersects_xy(outline, centre[1], centre[0])
    assert area_km2(outline) == pytest.approx(np.pi * (34**2 - 26**2), rel=0.02)


def test_a_ring_round_the_pole_keeps_its_hole():
    outline = footprint(*ring(30, 63, (90, 0)), margin_km=4)
    assert not shapely.intersects_xy(outline, [0, 90, -100], [90, 89.9, 89.9]).any()
    assert area_km2(outline) == pytest.approx(np.pi * (34**2 - 26**2), rel=0.02)


def test_a_hole_too_small_for_a_circle_of_two_margins_is_filled():
    outline = footprint(*ring(7, 30), margin_km=4)
    assert area_km2(outline) == pytest.approx(np.pi * 11**2, rel=0.02)


def test_a_ring_with_a_gate_has_a_bay_and_no_hole():
    outline = footprint(*ring(30, 50, turn=1.7 * np.pi), margin_km=4)
    assert len(outline.interiors) == 0


def test_steps_too_long_do_not_surround():
    """Eight members 23 km apart, more than four margins: nothing says that a wall joins them."""
    outline = footprint(*ring(30, 8), margin_km=4)
    assert shapely.intersects_xy(outline, 10, 50)


def test_a_member_amid_the_hole_has_its_margin():
    lat, lon = ring(30, 63)
    outline = footprint(np.r_[lat, 50], np.r_[lon, 10], margin_km=4)
    assert shapely.intersects_xy(outline, 10, 50)
    ground = np.pi * (34**2 - 26**2 + 4**2)
    assert area_km2(outline) == pytest.approx(ground, rel=0.02)


# No overlap


def test_two_neighbours_split_halfway():
    """Discs of 5 km, 6 km apart: each loses half of the lens that both cover."""
    lat, lon = places([-3, 3], [0, 0])
    west, east = footprints(lat, lon, [0, 1], margin_km=5)
    lens = 2 * 25 * np.arccos(0.6) - 6 / 2 * np.sqrt(4 * 25 - 36)
    assert area_km2(west) == pytest.approx(25 * np.pi - lens / 2, rel=0.01)
    assert area_km2(east) == pytest.approx(25 * np.pi - lens / 2, rel=0.01)
    assert shared([west, east]) == 0


@pytest.mark.parametrize("centre", MIDDLES)
@pytest.mark.parametrize("k", [2, 5])
def test_no_overlap_every_member_inside_and_the_same_ground(centre, k):
    lat, lon, label = crowd(k, centre)
    alone = [footprint(lat[label == i], lon[label == i], margin_km=6) for i in range(k)]
    found = footprints(lat, lon, label, margin_km=6)
    assert shapely.is_valid(found).all()
    assert shapely.coverage_is_valid(found)
    assert shared(found) == 0
    assert inside(found, lat, lon, label).all()
    before, after = (shapely.union_all(shapes, grid_size=1e-5) for shapes in (alone, found))
    assert area_km2(after) == pytest.approx(area_km2(before), rel=1e-4)


def test_ground_goes_to_the_nearest_member_of_those_who_claim_it():
    lat, lon, label = crowd(4)
    alone = [footprint(lat[label == i], lon[label == i], margin_km=6) for i in range(4)]
    found = footprints(lat, lon, label, margin_km=6)
    xy = np.random.default_rng(3).uniform(-50, 50, (4000, 2))
    at_lat, at_lon = places(*xy.T)
    away = distance_km(at_lat[:, None], at_lon[:, None], lat, lon)
    nearest = np.array([away[:, label == i].min(axis=1) for i in range(4)])
    claims = np.array([shapely.intersects_xy(shape, at_lon, at_lat) for shape in alone])
    best = np.where(claims, nearest, np.inf)
    first, second = np.sort(best, axis=0)[:2]
    sure = claims.any(axis=0) & (np.minimum(second, 1e9) - np.minimum(first, 1e9) > 0.01)
    of_whom = np.argmin(best, axis=0)[sure]
    assert (claims.sum(axis=0)[sure] > 1).sum() > 100
    assert inside(found, at_lat[sure], at_lon[sure], of_whom).all()


def test_apart_is_as_alone():
    lat, lon = places([-50, 50], [0, 0])
    found = footprints(lat, lon, [1, 0], margin_km=5)
    assert [f.wkb for f in found] == [footprint([a], [o], margin_km=5).wkb
                                      for a, o in zip(lat[::-1], lon[::-1], strict=True)]  # fmt: skip


def test_a_cluster_within_the_ring_of_another():
    lat, lon = ring(20, 40)
    found = footprints(np.r_[lat, 50], np.r_[lon, 10], [0] * 40 + [1], margin_km=8)
    assert shared(found) == 0
    assert shapely.intersects_xy(found[1], 10, 50)
    # 20 km from the ring to the middle: halfway is at 10 km, the margin ends at 8.
    assert area_km2(found[1]) == pytest.approx(np.pi * 64, rel=0.02)


@given(st.integers(0, 99), st.randoms())
@settings(max_examples=10, deadline=None)
def test_order_of_rows_does_not_matter(seed, random):
    lat, lon, label = crowd(4, (10, 180), seed, n=60)
    rows = random.sample(range(60), 60) + random.choices(range(60), k=20)
    found = footprints(lat, lon, label, margin_km=9)
    again = footprints(lat[rows], lon[rows], label[rows], margin_km=9)
    assert [a.wkb for a in found] == [b.wkb for b in again]


def test_members_of_no_cluster_change_nothing():
    lat, lon, label = crowd(3)
    found = footprints(np.r_[lat, 50.01], np.r_[lon, 10.01], np.r_[label, -1], margin_km=5)
    assert [a.wkb for a in found] == [
        b.wkb for b in footprints(lat, lon, label, margin_km=5)]  # fmt: skip


def test_members_a_metre_apart_leave_no_cluster_empty():
    found = footprints([50, 50, 50], [10, 10.000004, 10.000008], [0, 1, 0], margin_km=5)
    assert not shapely.is_empty(found).any()
    assert shapely.is_valid(found).all()


def test_no_cluster_at_all():
    assert footprints([], [], np.zeros(0, int), margin_km=4) == []
    assert footprints([50], [10], [-1], margin_km=4) == []


def test_bad_labels_are_explained():
    with pytest.raises(InputError, match="no member has the label 1 although some have 2; number"):
        footprints([50, 51], [10, 10], [0, 2], margin_km=4)
    with pytest.raises(InputError, match="must be 2 whole numbers, one for each member, got float"):
        footprints([50, 51], [10, 10], [0.0, 1.0], margin_km=4)
    with pytest.raises(InputError, match=r"place 50, 10 .* in 2 clusters \(1 such places\); give"):
        footprints([50, 50], [10, 10], [0, 1], margin_km=4)
    with pytest.raises(InputError, match="margin_km is 0; give kilometres"):
        footprints([50], [10], [0], margin_km=0)


# Coasts

WEST = shapely.box(5, 45, 10, 55)  # land up to 10 degrees east, then sea


def test_a_town_on_the_coast_keeps_to_its_side():
    """Half a disc: the place stands 11 m inland."""
    [town] = footprints([50], [9.99985], [0], margin_km=5, land=[WEST])
    assert town.bounds[2] == 10
    assert area_km2(town) == pytest.approx(np.pi * 25 / 2, rel=0.02)


def test_a_member_on_a_pier_is_inside_with_a_small_disc():
    """500 m out at sea: a disc of 1 km around it, and the coast within the margin."""
    lat, lon = places([0.5], [0], (50, 10))
    [town] = footprints(lat, lon, [0], margin_km=5, land=[WEST])
    assert shapely.intersects_xy(town, lon, lat).all()
    east = distance_km(lat[0], lon[0], lat[0], town.bounds[2])
    assert east == pytest.approx(1, rel=0.01)
    inland = 25 * np.arccos(0.1) - 0.5 * np.sqrt(25 - 0.25)
    at_sea = np.pi - (np.arccos(0.5) - 0.5 * np.sqrt(0.75))
    assert area_km2(town) == pytest.approx(inland + at_sea, rel=0.02)


def test_an_island_that_the_coastline_does_not_know():
    lat, lon = places([100, 103], [0, 0], (50, 10))
    for land in ([WEST], []):
        [island] = footprints(lat, lon, [0, 0], margin_km=5, land=land)
        assert len(island.geoms) == 2
        assert area_km2(island) == pytest.approx(2 * np.pi, rel=0.02)
        assert shapely.intersects_xy(island, lon, lat).all()


def test_across_the_water_only_where_a_member_stands():
    """A strait of 2 km; the margin of 5 km would reach the other bank."""
    lon_of = [lon_difference(from_plane([x], [0], centre=(50, 10))[1], 0)[0] for x in (0, 2)]
    far = shapely.box(lon_of[1], 45, 15, 55)
    lat, lon = places([-1], [0])
    [town] = footprints(lat, lon, [0], margin_km=5, land=[WEST, far])
    assert town.bounds[2] == 10
    lat, lon = places([-1, 3], [0, 0])
    [both] = footprints(lat, lon, [0, 0], margin_km=5, land=[WEST, far])
    assert both.geom_type == "MultiPolygon"


def test_seams_between_pieces_of_land_do_not_show():
    lat, lon, label = crowd(3, spread_km=60)
    whole = footprints(lat, lon, label, margin_km=6, land=[shapely.box(5, 45, 15, 55)])
    cells = [shapely.box(x, y, x + 1, y + 1) for x in range(5, 15) for y in range(45, 55)]
    pieces = footprints(lat, lon, label, margin_km=6, land=cells)
    for a, b in zip(whole, pieces, strict=True):
        assert len(shapely.get_parts(a)) == len(shapely.get_parts(b))
        assert area_km2(a) == pytest.approx(area_km2(b), rel=1e-5)


def test_clipped_without_overlap_and_in_any_order():
    lat, lon, label = crowd(4, (50, 10), 5, n=120)
    found = footprints(lat, lon, label, margin_km=6, land=[WEST])
    assert shared(found) == 0
    assert inside(found, lat, lon, label).all()
    again = footprints(lat[::-1], lon[::-1], label[::-1], margin_km=6, land=[WEST])
    assert [a.wkb for a in found] == [b.wkb for b in again]


# Scales


def test_fewer_corners_no_gap_and_none_lost():
    lat, lon, label = crowd(5)
    found = footprints(lat, lon, label, margin_km=6)
    small = at_scale(found, tolerance_km=tolerance_km(5))
    assert shapely.coverage_is_valid(small)
    assert shapely.is_valid(small).all()
    assert shared(small) == 0
    assert shapely.get_num_coordinates(small).sum() < shapely.get_num_coordinates(found).sum() / 2
    # No hole comes between neighbours: the union is as much in one piece as before.
    pieces = [len(shapely.get_parts(shapely.union_all(shapes))) for shapes in (found, small)]
    assert pieces[0] == pieces[1]
    kept = {tuple(xy) for xy in shapely.get_coordinates(small)}
    assert kept <= {tuple(xy) for xy in shapely.get_coordinates(found)}
    far = at_scale(found, tolerance_km=10_000)
    assert not shapely.is_empty(far).any()
    assert (shapely.area(far) > 0).all()


def test_specks_and_pinholes_go_unless_they_touch_a_neighbour():
    whole = (
        shapely.box(0, 0, 1, 1)
        - shapely.box(0.4, 0.4, 0.41, 0.41)
        - shapely.box(0.6, 0.6, 0.61, 0.61)
    )
    speck, neighbour = shapely.box(2, 2, 2.01, 2.01), shapely.box(0.4, 0.4, 0.41, 0.41)
    first, second = at_scale([shapely.multipolygons([whole, speck]), neighbour], tolerance_km=5)
    assert first.geom_type == "Polygon"
    assert len(first.interiors) == 1
    assert second.area > 0


def test_bad_scales_are_explained():
    disc = shapely.Point(0, 0).buffer(1)
    assert at_scale([disc], tolerance_km=0) == [disc]
    assert at_scale([], tolerance_km=1) == []
    with pytest.raises(InputError, match="tolerance_km is -1; give kilometres, 0 or more"):
        at_scale([disc], tolerance_km=-1)
    with pytest.raises(InputError, match="footprints overlap.*give those of one level"):
        at_scale([disc, disc.buffer(0.1)], tolerance_km=1)
