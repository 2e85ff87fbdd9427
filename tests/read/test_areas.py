"""Oracles: files written by geopandas and by hand, positions by another way round, and laws."""

import json
import os
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from triplehelix.detect.straight_areas import straight_area_km2
from triplehelix.errors import InputError
from triplehelix.read.areas import SCHEMA, read_areas
from triplehelix.read.codepoint import wgs84

ITL3 = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data"), "boundaries",
            "itl3_2021_uk_generalised.geojson")  # fmt: skip
SQUARES = [shapely.box(0, 50, 1, 51), shapely.box(1, 50, 2, 51)]


def frame(crs="OGC:CRS84", shapes=None, **columns):
    columns = columns or {"LAD23CD": ["E2", "E1"], "LAD23NM": ["Two", "One"]}
    return gpd.GeoDataFrame(columns, geometry=shapes or SQUARES, crs=crs)


def written(frame, path):
    frame.to_file(path, engine="pyogrio")
    return path


def geojson(path, features, **more):
    made = [{"type": "Feature", "properties": p, "geometry": g} for p, g in features]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": made, **more}))
    return path


def polygon(*ring):
    return {"type": "Polygon", "coordinates": [list(map(list, ring))]}


def rows(areas):
    return [tuple(row.values())[:3] for row in areas.table.to_pylist()]


def shapes(areas):
    return shapely.from_wkb(areas.table["geometry"].to_pylist())


@pytest.mark.parametrize("name", ["a.geojson", "a.json", "a.gpkg", "a.shp", "a.fgb"])
def test_any_format_gives_the_same_areas(name, tmp_path):
    path = tmp_path / name
    written(frame(), path.with_suffix(".geojson" if name == "a.json" else path.suffix)).rename(path)
    found = read_areas(path)
    assert found.table.schema.equals(SCHEMA)
    assert rows(found) == [("LAD23", "E1", "One"), ("LAD23", "E2", "Two")]
    assert shapely.equals(shapes(found), SQUARES[::-1]).all()
    assert found.warnings == []


def test_kml(tmp_path):
    frame(Name=["b", "a"]).to_file(tmp_path / "a.kml", driver="KML", engine="pyogrio")
    found = read_areas(tmp_path / "a.kml", id_column="Name")
    assert rows(found) == [("a", "a", "a"), ("a", "b", "b")]


@pytest.mark.parametrize("folder", ["", "inner/"])
def test_a_zipped_shapefile(folder, tmp_path):
    written(frame(), tmp_path / "a.shp")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for path in tmp_path.glob("a.???"):
            if path.suffix != ".zip":
                archive.write(path, folder + path.name)
    assert rows(read_areas(tmp_path / "a.zip")) == [("LAD23", "E1", "One"), ("LAD23", "E2", "Two")]


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3035", "EPSG:3857", "EPSG:4258"])
def test_any_reference_system_becomes_degrees(crs, tmp_path):
    """There and back: written by geopandas in another system, read as it was."""
    found = read_areas(written(frame().to_crs(crs), tmp_path / "a.gpkg"))
    far = shapely.hausdorff_distance(shapes(found), SQUARES[::-1])
    # A straight edge of a degree bows in a projection, and comes back as many short ones.
    assert far.max() < (1e-6 if crs in ("EPSG:4326", "EPSG:4258") else 0.02)
    corners = shapely.get_coordinates(SQUARES)
    near = shapely.distance(shapely.points(corners)[:, None], shapely.boundary(shapes(found)))
    assert near.min(axis=1).max() < 1e-6


def test_the_british_grid_as_postcodes_are_read(tmp_path):
    """Caister water tower, by the shift of datum (EPSG:1314) that is said in full there."""
    x, y = 651409.903, 313177.270
    small = shapely.box(x - 1, y - 1, x + 1, y + 1)
    found = read_areas(written(frame("EPSG:27700", [small], id=["a"]), tmp_path / "a.gpkg"))
    middle = shapely.centroid(shapes(found)[0])
    lat, lon = wgs84([x], [y])
    assert (middle.x, middle.y) == pytest.approx((lon[0], lat[0]), abs=2e-6)
    # On the old datum it is at 52.65757 N, 1.71792 E (Ordnance Survey's guide): 130 m away.
    assert abs(middle.x - 1.71792) > 0.001


@pytest.mark.parametrize("columns, ids, names", [
    ({"OBJECTID": [1, 2], "ITL321CD": ["x", "y"], "ITL321NM": ["X", "Y"]}, ["x", "y"], ["X", "Y"]),
    ({"LSOA21CD": ["x", "y"], "LAD22CD": ["l", "l"], "LSOA21NM": ["X", "Y"]}, ["x", "y"], ["X", "Y"]),
    ({"LAD22CD": ["l", "l"], "LSOA21CD": ["x", "y"], "LSOA21NM": ["X", "Y"]}, ["x", "y"], ["X", "Y"]),
    ({"NUTS_ID": ["x", "y"], "NAME_LATN": ["X", "Y"]}, ["x", "y"], ["X", "Y"]),
    ({"id": [7, 8], "name": ["X", "Y"]}, ["7", "8"], ["X", "Y"]),
    ({"Code": [7.0, 8.0]}, ["7", "8"], ["7", "8"]),
])  # fmt: skip
def test_columns_are_chosen_by_their_names(columns, ids, names, tmp_path):
    found = read_areas(written(frame(**columns), tmp_path / "a.gpkg"))
    assert [r[1:] for r in rows(found)] == list(zip(ids, names, strict=True))


def test_columns_and_scheme_as_asked(tmp_path):
    path = written(
        frame(id=["a", "b"], which=["p", "q"], called=["P", None]), tmp_path / "x.y.gpkg"
    )
    asked = read_areas(path, scheme="parts", id_column="which", name_column="called")
    assert rows(asked) == [("parts", "p", "P"), ("parts", "q", "q")]
    assert rows(read_areas(path)) == [("x", "a", "a"), ("x", "b", "b")]


def test_rows_of_one_id_are_one_area(tmp_path):
    path = written(frame(region=["n", "n"], name=["North", "North"]), tmp_path / "a.gpkg")
    found = read_areas(path, id_column="region")
    assert rows(found) == [("a", "n", "North")]
    assert shapely.equals(shapes(found)[0], shapely.box(0, 50, 2, 51))


def test_invalid_shapes_are_mended_and_named(tmp_path):
    """A bow tie: two triangles of a quarter of the square each."""
    bow = polygon((0, 0), (1, 1), (1, 0), (0, 1), (0, 0))
    path = geojson(tmp_path / "a.geojson", [({"id": "t", "name": "Tie"}, bow)])
    found = read_areas(path)
    assert found.warnings == [
        "a.geojson: invalid shapes mended: t (Tie): Self-intersection[0.5 0.5]"
    ]
    whole = straight_area_km2([shapely.box(0, 0, 1, 1)])[0]
    assert straight_area_km2(shapes(found))[0] == pytest.approx(whole / 2, rel=1e-4)


def test_rows_without_a_shape_or_an_id_are_left_out_and_named(tmp_path):
    square = polygon((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
    path = geojson(tmp_path / "a.geojson", [
        ({"k": "a"}, square), ({"k": "b"}, None), ({"k": None}, square),
        ({"k": "c"}, {"type": "Point", "coordinates": [0, 0]})])  # fmt: skip
    found = read_areas(path, id_column="k")
    assert rows(found) == [("a", "a", "a")]
    assert found.warnings == ["a.geojson: left out, with no polygon or no k: b, row 3, c"]


def test_slivers_between_neighbours_are_cut_and_nested_areas_kept(tmp_path):
    shapes_ = [shapely.box(0, 0, 1, 1), shapely.box(0.999, 0, 2, 1), shapely.box(0, 0, 0.5, 1)]
    found = read_areas(written(frame(shapes=shapes_, id=["a", "b", "c"]), tmp_path / "a.gpkg"))
    a, b, c = shapes(found)
    assert shapely.equals([a, b, c], [shapes_[0], shapely.box(1, 0, 2, 1), shapes_[2]]).all()
    assert found.warnings == [
        "a.gpkg: neighbours overlap a little, the ground stays with the first of: a and b",
        "a.gpkg: areas overlap, so that shares can add up to more than 1: a and c",
    ]


def test_longitudes_past_180_are_brought_back(tmp_path):
    path = written(frame(shapes=[shapely.box(170, -1, 190, 1)], id=["a"]), tmp_path / "a.gpkg")
    [shape] = shapes(read_areas(path))
    both = shapely.union_all([shapely.box(170, -1, 180, 1), shapely.box(-180, -1, -170, 1)])
    assert shapely.equals(shape, both)


def test_height_and_order_of_rows_do_not_matter(tmp_path):
    high = frame(shapes=list(shapely.force_3d(SQUARES, 7.0)))
    one, other = (read_areas(written(f, tmp_path / n)) for f, n in
                  ((high, "a.gpkg"), (frame().iloc[::-1], "b.gpkg")))  # fmt: skip
    assert one.table.equals(other.table)


@pytest.mark.skipif(not ITL3.is_file(), reason=f"{ITL3} is not there")
def test_real_areas():
    found = read_areas(ITL3)
    assert len(found.table) == 179
    assert found.table["area_scheme"].unique().to_pylist() == ["ITL321"]
    assert ("ITL321", "TLH12", "Cambridgeshire CC") in rows(found)
    np.testing.assert_allclose(straight_area_km2(shapes(found)).sum(), 244_500, rtol=0.01)


def test_what_is_wrong_with_a_file_is_explained(tmp_path):
    def check(name, content, said):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(InputError, match=said):
            read_areas(path)

    check("none.geojson", None, "none.geojson is not a file; check the path")
    check("empty.geojson", b"", r"empty.geojson is empty \(0 bytes\); export the areas as GeoJSON")
    check(
        "table.csv",
        b"a,b\n1,2\n",
        r"not a file of polygons by its name; known are .geojson.*give that",
    )
    check("text.geojson", b"hello", r"cannot be read as polygons \(.*\); export the areas")
    check("broken.gpkg", b"SQLite format 3\0" + bytes(50), "cannot be read as polygons")
    check("rows.geojson", b'{"type": "FeatureCollection", "features": []}', "no polygons|0 rows")
    points = frame(shapes=[shapely.Point(0, 0), shapely.Point(1, 1)])
    check("points.geojson", points.to_json().encode(), "points.geojson has no polygons.*; export")
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.geojson", "{}")
        archive.writestr("b.geojson", "{}")
    check("two.zip", None, "should hold one file of polygons, it holds two.zip/a.geojson, .*unpack")


def test_a_shapefile_without_its_reference_system(tmp_path):
    path = written(frame(), tmp_path / "a.shp")
    path.with_suffix(".prj").unlink()
    with pytest.raises(
        InputError, match=r"does not say .* reference system is? ?.*\.prj beside it.*"
    ):
        read_areas(path)


def test_metres_that_are_called_degrees(tmp_path):
    metres = polygon((444952, 522016), (445952, 522016), (445952, 523016), (444952, 522016))
    path = geojson(tmp_path / "a.geojson", [({"id": "a"}, metres)])
    with pytest.raises(
        InputError, match=r"one is \(444952, 522016\).*with its true reference system"
    ):
        read_areas(path)


def test_columns_that_are_not_there(tmp_path):
    path = written(frame(colour=["red", "red"]), tmp_path / "a.gpkg")
    with pytest.raises(
        InputError, match="no column that tells its 2 areas apart .*colour: name one"
    ):
        read_areas(path)
    with pytest.raises(InputError, match="no column 'code'; give --id-column one of colour"):
        read_areas(path, id_column="code")
    with pytest.raises(InputError, match="no column 'n'; give --name-column one of colour"):
        read_areas(path, id_column="colour", name_column="n")


def test_a_published_map_of_clusters_is_a_file_of_areas(tmp_path):
    """Two clusters of one sector and a row whose outline is none."""
    path = tmp_path / "map.csv"
    path.write_text(
        "Sector Type,Sector,Cluster,Site Count,Employment,Turnover,Geometry\n"
        'Life,Genomics,Leeds,12,c,,"POLYGON ((-2 53, -1 53, -1 54, -2 54, -2 53))"\n'
        'Life,Genomics,York,7,c,,"POLYGON ((-1 53, 0 53, 0 54, -1 54, -1 53))"\n'
        "Life,Genomics,Hull,7,c,,nowhere\n",
        "utf-8",
    )
    found = read_areas(path)
    rows = found.table.to_pylist()
    assert [(r["area_scheme"], r["area_id"], r["area_name"]) for r in rows] == [
        ("dsit", "Genomics/Leeds", "Leeds (Genomics)"), ("dsit", "Genomics/York", "York (Genomics)"),
    ]  # fmt: skip
    assert shapely.from_wkb(rows[0]["geometry"]).equals(shapely.box(-2, 53, -1, 54))
    assert [line.split(":")[1] for line in found.warnings] == [" row 3 left out"]
    assert read_areas(path, scheme="map of 2024").table["area_scheme"][0].as_py() == "map of 2024"
