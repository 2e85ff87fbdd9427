"""Tables as files, read again by other libraries."""

import csv
import io
import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from tests.app.small_edition import FORMULA, A, tables
from triplehelix.app.download import TABLES, export, exported, footprint
from triplehelix.errors import InputError, UnknownName
from triplehelix.store.edition import Edition
from triplehelix.tables import EDITION


@pytest.mark.parametrize("table", TABLES)
def test_csv_holds_every_row_and_column(small: Edition, table: str, tmp_path: Path) -> None:
    out = tmp_path / "t.csv"
    assert export(small, table, "csv", out) == len(tables().get(table, []))
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == [name for name, _ in EDITION[table].columns]
    assert len(rows) == 1 + len(tables().get(table, []))


@pytest.mark.parametrize("table", TABLES)
def test_parquet_is_the_table(small: Edition, table: str, tmp_path: Path) -> None:
    out = tmp_path / "t.parquet"
    export(small, table, "parquet", out)
    assert len(pd.read_parquet(out)) == len(tables().get(table, []))


def test_geojson_of_clusters_is_their_footprints(small: Edition, tmp_path: Path) -> None:
    out = tmp_path / "t.geojson"
    assert export(small, "clusters", "geojson", out) == 2
    read = gpd.read_file(out).set_index("cluster_id")
    assert list(read.geometry.geom_type) == ["Polygon", "Polygon"]
    # Longitude first: Cambridge lies at 0.13 east, 52.2 north.
    assert read.loc[A].geometry.centroid.x == pytest.approx(0.13)
    assert read.loc[A].geometry.centroid.y == pytest.approx(52.2)


def test_a_site_without_a_place_has_no_geometry(small: Edition) -> None:
    features = json.loads(b"".join(exported(small, "sites", "geojson")))["features"]
    by_id = {f["properties"]["site_id"]: f["geometry"] for f in features}
    assert by_id["s5"] is None
    assert by_id["s1"] == {"type": "Point", "coordinates": [0.12, 52.2]}


def test_formulas_are_defused_and_unknown_is_empty(small: Edition) -> None:
    text = b"".join(exported(small, "organisations", "csv")).decode()
    rows = {row["organisation_id"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["table:formula/1"]["name"] == f"'{FORMULA}"
    assert rows["table:nameless"]["name"] == ""


def test_numbers_below_zero_stay_numbers(small: Edition) -> None:
    text = b"".join(exported(small, "places", "csv")).decode()
    lons = {row["place_id"]: row["lon"] for row in csv.DictReader(io.StringIO(text))}
    assert float(lons["geonames:3"]) == -1.55


def test_empty_tables_have_their_columns(empty: Edition) -> None:
    assert b"".join(exported(empty, "clusters", "csv")).startswith(b"cluster_id,name,")
    assert json.loads(b"".join(exported(empty, "clusters", "geojson")))["features"] == []


def test_refusals(small: Edition) -> None:
    with pytest.raises(UnknownName, match="no table 'rejects' to download"):
        exported(small, "rejects", "csv")
    with pytest.raises(UnknownName, match="there are organisations, sites"):
        exported(small, "../edition", "csv")
    with pytest.raises(InputError, match="give one of csv, parquet, geojson"):
        exported(small, "clusters", "xls")
    with pytest.raises(InputError, match="GeoJSON is offered for clusters, sites, places"):
        exported(small, "links", "geojson")


def test_footprint(small: Edition, empty: Edition) -> None:
    shape = footprint(small, A)
    assert shape is not None
    assert shape["type"] == "Polygon"
    assert footprint(empty, A) is None
