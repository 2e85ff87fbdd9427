"""Oracles: squares worked by hand, an equal-area projection, points drawn at random, sums."""

import json
import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pytest
import shapely
from pyproj import Geod

from triplehelix.detect import footprints
from triplehelix.detect.overlaps import outside, overlaps
from triplehelix.detect.straight_areas import straight_area_km2
from triplehelix.read.areas import read_areas
from triplehelix.sphere import from_plane
from triplehelix.tables import EDITION, REFERENCE

DATA = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data"))
ITL3 = DATA / "boundaries" / "itl3_2021_uk_generalised.geojson"
needs_itl3 = pytest.mark.skipif(not ITL3.is_file(), reason=f"{ITL3} is not there")


def clusters_of(**shapes):
    rows = {"cluster_id": list(shapes), "footprint": [s and s.wkb for s in shapes.values()]}
    return pa.table(
        rows, schema=pa.schema([("cluster_id", pa.string()), ("footprint", pa.binary())])
    )


def areas_of(**shapes):
    rows = [{"area_scheme": "s", "area_id": k, "area_name": k.title(), "geometry": shape.wkb}
            for k, shape in shapes.items()]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=REFERENCE["reference_areas"].schema)


def members_of(*rows):
    """(cluster, organisation, lat, lon) of each site."""
    ids = [f"site{i}" for i in range(len(rows))]
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    text, real = pa.string(), pa.float64()
    return (
        pa.table({"cluster_id": pa.array(columns[0], text), "site_id": pa.array(ids, text),
                  "organisation_id": pa.array(columns[1], text)}),
        pa.table({"site_id": pa.array(ids, text), "lat": pa.array(columns[2], real),
                  "lon": pa.array(columns[3], real)}),
    )  # fmt: skip


def found(clusters, members, areas):
    table = overlaps(clusters, *members, areas)
    assert table.schema.equals(EDITION["overlaps"].schema)
    return {(r["cluster_id"], r["area_id"]): r for r in table.to_pylist()}


# Areas


@pytest.mark.parametrize(
    "box", [(0, 0, 1, 1), (-10, 50, 3, 61), (170, -90, 180, -60), (0, 0, 90, 90)]
)
def test_boxes_between_parallels_are_zones_of_the_ellipsoid(box):
    """A fine polygon of geodesics along the same lines, by another program (Karney's)."""
    west, south, east, north = box
    lon = np.r_[np.linspace(west, east, 20001), np.linspace(east, west, 20001)]
    lat = np.r_[np.full(20001, south), np.full(20001, north)]
    square_m, _ = Geod(ellps="WGS84").polygon_area_perimeter(lon, lat)
    assert straight_area_km2([shapely.box(*box)])[0] == pytest.approx(square_m / 1e6, rel=1e-8)


def test_slanting_edges():
    """Cut into pieces so short that geodesics are as good as straight."""
    triangle = shapely.Polygon([(0, 40), (30, 50), (5, 70)])
    lon, lat = shapely.get_coordinates(shapely.segmentize(triangle, 0.001)).T
    square_m, _ = Geod(ellps="WGS84").polygon_area_perimeter(lon, lat)
    assert straight_area_km2([triangle])[0] == pytest.approx(square_m / 1e6, rel=1e-8)


def test_holes_parts_direction_and_nothing():
    box, hole = shapely.box(0, 0, 3, 3), shapely.box(1, 1, 2, 2)
    pieces = [box, hole, box - hole, shapely.multipolygons([hole, shapely.box(5, 1, 6, 2)]),
              box.reverse(), shapely.Polygon()]  # fmt: skip
    whole, small, ring, two, back, none = straight_area_km2(pieces)
    assert ring == pytest.approx(whole - small, rel=1e-12)
    assert two == pytest.approx(2 * small, rel=1e-12)
    assert back == pytest.approx(whole, rel=1e-14)
    assert none == 0
    assert straight_area_km2([]).tolist() == []


# Overlaps


def test_hand_made_squares():
    """
    Strips along the equator: of equal width, so of equal area.

    The cluster is 4 strips wide; area a has its first and one more, b the next two whole, and
    nothing has the last.
    """
    cluster = clusters_of(c=shapely.box(0, 0, 4, 1), far=shapely.box(50, 0, 51, 1))
    areas = areas_of(
        a=shapely.box(-1, 0, 1, 1), b=shapely.box(1, 0, 3, 1), z=shapely.box(20, 0, 21, 1)
    )
    members = members_of(("c", "x", 0.5, 0.5), ("c", "x", 0.5, 0.6), ("c", "x", 0.5, 1.5),
                         ("c", "y", 0.5, 0.1), ("c", "z", 0.5, 3.5), ("far", "x", 0.5, 50.5))  # fmt: skip
    rows = found(cluster, members, areas)
    assert list(rows) == [("c", "a"), ("c", "b")]
    a, b = rows.values()
    assert (a["share_of_cluster"], a["share_of_area"], a["n_organisations"]) == (0.25, 0.5, 2)
    assert (b["share_of_cluster"], b["share_of_area"], b["n_organisations"]) == (0.5, 1.0, 1)
    assert (a["area_scheme"], a["area_name"]) == ("s", "A")
    rest = outside(cluster, *members, areas).to_pylist()
    assert rest == [
        {"cluster_id": "c", "share_of_cluster": 0.25, "n_organisations": 1},
        {"cluster_id": "far", "share_of_cluster": 1.0, "n_organisations": 1},
    ]


def test_neighbours_that_only_touch_do_not_overlap():
    areas = areas_of(side=shapely.box(1, 0, 2, 1), corner=shapely.box(1, 1, 2, 2))
    assert found(clusters_of(c=shapely.box(0, 0, 1, 1)), members_of(), areas) == {}


def test_a_member_outside_its_footprint_and_one_without_a_place():
    areas = areas_of(a=shapely.box(5, 5, 6, 6))
    members = members_of(("c", "x", 5.5, 5.5), ("c", "y", None, None), ("other", "z", 5.5, 5.5))
    [row] = found(clusters_of(c=shapely.box(0, 0, 1, 1)), members, areas).values()
    assert (row["share_of_cluster"], row["share_of_area"], row["n_organisations"]) == (0, 0, 1)


def test_without_footprint_shares_are_unknown():
    members = members_of(("c", "x", 0.5, 0.5))
    [row] = found(clusters_of(c=None), members, areas_of(a=shapely.box(0, 0, 1, 1))).values()
    assert (row["share_of_cluster"], row["n_organisations"]) == (None, 1)


@pytest.mark.parametrize("clusters", [clusters_of(), clusters_of(c=shapely.box(0, 0, 1, 1))])
@pytest.mark.parametrize("areas", [areas_of(), areas_of(a=shapely.box(7, 7, 8, 8))])
def test_nothing_in_common(clusters, areas):
    assert found(clusters, members_of(), areas) == {}
    assert len(outside(clusters, *members_of(), areas)) == len(clusters)


def scattered(seed, k=12, n=40):
    """Footprints of k towns and n polygons that part the ground between them (Voronoi cells)."""
    rng = np.random.default_rng(seed)
    middles = from_plane(*rng.normal(0, 80, (2, k)), centre=(52, 0))
    east, north = rng.normal(0, 6, (2, 20 * k))
    label = np.repeat(np.arange(k), 20)
    lat = np.repeat(middles[0], 20) + north / 111
    lon = np.repeat(middles[1], 20) + east / 68
    seeds = shapely.multipoints(rng.uniform((-4, 50), (4, 54), (n, 2)))
    cells = shapely.intersection(
        shapely.get_parts(shapely.voronoi_polygons(seeds)), shapely.box(-3, 50.5, 3, 53.5)
    )
    shapes = footprints(lat, lon, label, margin_km=5)
    clusters = clusters_of(**{f"c{i:02d}": s for i, s in enumerate(shapes)})
    rows = [(f"c{c:02d}", f"o{i % 97}", a, o)
            for i, (c, a, o) in enumerate(zip(label, lat, lon, strict=True))]  # fmt: skip
    return clusters, members_of(*rows), areas_of(**{f"a{i}": s for i, s in enumerate(cells)})


@pytest.mark.parametrize("seed", [0, 1])
def test_shares_and_what_is_outside_add_up_to_one(seed):
    clusters, members, areas = scattered(seed)
    total = dict.fromkeys(clusters["cluster_id"].to_pylist(), 0.0)
    for row in overlaps(clusters, *members, areas).to_pylist():
        total[row["cluster_id"]] += row["share_of_cluster"]
    rest = outside(clusters, *members, areas)["share_of_cluster"].to_pylist()
    np.testing.assert_allclose(np.array(list(total.values())) + rest, 1, atol=1e-9)


def test_shares_as_points_drawn_at_random_have_them():
    clusters, members, areas = scattered(2)
    rows = found(clusters, members, areas)
    rng = np.random.default_rng(4)
    shapes = shapely.from_wkb(areas["geometry"].to_pylist())
    for cluster in clusters.slice(0, 3).to_pylist():
        footprint = shapely.from_wkb(cluster["footprint"])
        west, south, east, north = footprint.bounds
        # Evenly over the ground: by the sine of latitude (the ellipsoid is 1e-3 from a sphere).
        height = rng.uniform(*np.sin(np.radians([south, north])), 40_000)
        points = shapely.points(rng.uniform(west, east, 40_000), np.degrees(np.arcsin(height)))
        points = points[shapely.contains(footprint, points)]
        point, area = shapely.STRtree(points).query(shapes, "contains")[::-1]
        shares = np.bincount(area, minlength=len(shapes)) / len(points)
        exact = [rows.get((cluster["cluster_id"], i), {"share_of_cluster": 0})["share_of_cluster"]
                 for i in areas["area_id"].to_pylist()]  # fmt: skip
        np.testing.assert_allclose(shares, exact, atol=0.02)


def test_members_by_going_through_all_pairs():
    clusters, members, areas = scattered(3)
    rows = found(clusters, members, areas)
    sites = {r["site_id"]: shapely.Point(r["lon"], r["lat"]) for r in members[1].to_pylist()}
    for area in areas.to_pylist():
        shape = shapely.from_wkb(area["geometry"])
        inside = {}
        for m in members[0].to_pylist():
            if shape.intersects(sites[m["site_id"]]):
                inside.setdefault(m["cluster_id"], set()).add(m["organisation_id"])
        told = {c: r["n_organisations"] for (c, a), r in rows.items() if a == area["area_id"]}
        assert {c: n for c, n in told.items() if n} == {c: len(who) for c, who in inside.items()}


def test_shuffled_rows_give_the_same_table():
    clusters, (memberships, sites), areas = scattered(5)
    rng = np.random.default_rng(0)
    shuffled = [t.take(rng.permutation(len(t))) for t in (clusters, memberships, sites, areas)]
    assert overlaps(*shuffled).equals(overlaps(clusters, memberships, sites, areas))


@needs_itl3
def test_real_areas_add_up_and_are_as_in_an_equal_area_projection():
    """The areas of `ITL3` and the footprints of places at their middles, by geopandas."""
    areas = read_areas(ITL3).table
    written = json.loads(ITL3.read_text())["features"]
    lon, lat = (np.array([f["properties"][k] for f in written]) for k in ("LONG", "LAT"))
    label = np.arange(len(lat)) // 3
    shapes = footprints(lat, lon, label, margin_km=4)
    clusters = clusters_of(**{f"c{i:03d}": shape for i, shape in enumerate(shapes)})
    members = members_of(*((f"c{c:03d}", str(i), a, o)
                           for i, (c, a, o) in enumerate(zip(label, lat, lon, strict=True))))  # fmt: skip
    rows = overlaps(clusters, *members, areas).to_pandas()
    rest = outside(clusters, *members, areas).to_pandas().set_index("cluster_id")
    total = rows.groupby("cluster_id")["share_of_cluster"].sum().add(rest["share_of_cluster"])
    np.testing.assert_allclose(total, 1, atol=1e-9)
    of_area = rows.groupby("area_id")["share_of_area"].sum()
    assert of_area.max() <= 1 + 1e-9

    equal = "+proj=laea +lat_0=54 +lon_0=-3 +ellps=WGS84"
    a = gpd.read_file(ITL3).to_crs(equal)[["ITL321CD", "geometry"]]
    c = gpd.GeoDataFrame({"cluster_id": clusters["cluster_id"].to_pylist()}, geometry=shapes,
                         crs="OGC:CRS84").to_crs(equal)  # fmt: skip
    both = gpd.overlay(a, c, how="intersection")
    both["share"] = both.area / both["cluster_id"].map(c.set_index("cluster_id").area)
    theirs = both.groupby(["cluster_id", "ITL321CD"])["share"].sum()
    ours = rows.set_index(["cluster_id", "area_id"])["share_of_cluster"]
    ours, theirs = ours.align(theirs, fill_value=0)
    np.testing.assert_allclose(ours, theirs, atol=1e-3)
