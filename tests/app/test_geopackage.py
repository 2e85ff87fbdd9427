"""GeoPackages, read again by GDAL."""

from pathlib import Path

import geopandas as gpd
import pytest

from tests.app.small_edition import A, tables
from triplehelix.app.geopackage import export_geopackage
from triplehelix.errors import InputError
from triplehelix.store.edition import Edition


def test_clusters_are_footprints_with_longitude_first(small: Edition, tmp_path: Path) -> None:
    out = tmp_path / "c.gpkg"
    assert export_geopackage(small, "clusters", out) == 2
    read = gpd.read_file(out).set_index("cluster_id")
    assert read.crs == "EPSG:4326"
    assert read.loc[A].geometry.centroid.x == pytest.approx(0.13)
    assert read.loc[A].geometry.centroid.y == pytest.approx(52.2)


def test_a_site_without_a_place_is_kept_without_geometry(small: Edition, tmp_path: Path) -> None:
    out = tmp_path / "s.gpkg"
    assert export_geopackage(small, "sites", out) == len(tables()["sites"])
    read = gpd.read_file(out).set_index("site_id")
    assert read.loc["s5"].geometry is None
    assert (read.loc["s1"].geometry.x, read.loc["s1"].geometry.y) == (0.12, 52.2)


def test_writing_leaves_the_edition_as_it_was(small: Edition, tmp_path: Path) -> None:
    before = small.clusters["countries"].map(list).tolist()
    export_geopackage(small, "clusters", tmp_path / "c.gpkg")
    assert small.clusters["countries"].map(list).tolist() == before


def test_an_edition_without_clusters_gives_an_empty_layer(empty: Edition, tmp_path: Path) -> None:
    assert export_geopackage(empty, "clusters", tmp_path / "c.gpkg") == 0
    assert len(gpd.read_file(tmp_path / "c.gpkg")) == 0


def test_a_table_without_geometry_and_a_place_that_cannot_be_written(
    small: Edition, tmp_path: Path
) -> None:
    with pytest.raises(
        InputError, match="links has no geometry, so no GeoPackage; choose clusters"
    ):
        export_geopackage(small, "links", tmp_path / "x.gpkg")
    with pytest.raises(InputError, match="could not be written .* choose another file"):
        export_geopackage(small, "clusters", tmp_path / "no such folder" / "x.gpkg")
