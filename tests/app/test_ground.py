"""Land and official areas under the clusters of a build."""

import json

import pytest
import shapely
from starlette.testclient import TestClient

from tests import landscape
from triplehelix.app.build import build
from triplehelix.app.cluster_profile import cluster_profile
from triplehelix.app.config import read_config
from triplehelix.app.landscape import landscape as landscape_of
from triplehelix.errors import InputError, SourceError
from triplehelix.query import Query
from triplehelix.serve.application import create_app

# Two halves of a box around Cambridge and Oxford; Oxford lies west of 0.6 degrees west.
WEST, EAST = shapely.box(-3, 51, -0.6, 53), shapely.box(-0.6, 51, 2, 53)


def written(folder, name="halves.geojson", **shapes):
    features = [
        {"type": "Feature", "properties": {"id": key, "name": key.title()},
         "geometry": json.loads(shapely.to_geojson(shape))} for key, shape in shapes.items()
    ]  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def config(folder, text):
    base = "name: A few\ndetect: {radius_km: 8, min_weight: 3, weight: organisations, resamples: 0}"
    (folder / "build.yaml").write_text(f"{base}\n{text}\n", "utf-8")
    return read_config(folder / "build.yaml")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("ground")


@pytest.fixture(scope="module")
def files(home):
    return landscape.write(home / "files")


@pytest.fixture(scope="module")
def edition(home, files):
    written(home / "maps", west=WEST, east=EAST)
    asked = config(home, "areas: [{file: maps/halves.geojson, scheme: halves}]")
    return build(files, home / "edition", asked)


def test_each_cluster_is_in_the_half_it_stands_in(edition):
    rows = edition.rows(
        Query(
            "o",
            """
        select c.name, o.area_name, o.share_of_cluster, o.n_organisations
        from "overlaps" o join clusters c using (cluster_id) where c.level = 0 order by c.name""",
        )
    )
    assert [(r["name"], r["area_name"], r["n_organisations"]) for r in rows] == [
        ("Cambridge", "East", 4), ("Oxford", "West", 3)]  # fmt: skip
    assert [r["share_of_cluster"] for r in rows] == pytest.approx([1, 1])


def test_what_was_compared_with_is_in_the_manifest(edition):
    [area] = edition.manifest["areas"]
    assert (area["scheme"], area["file"], area["areas"]) == ("halves", "maps/halves.geojson", 2)
    assert len(area["sha256"]) == 64
    assert any("GSHHG" in line for line in edition.manifest["attribution"])


def test_other_areas_are_another_edition_and_the_same_are_the_same(home, files, edition):
    asked = config(home, "areas: [{file: maps/halves.geojson, scheme: halves}]")
    assert build(files, home / "edition", asked).id == edition.id
    written(home / "maps", west=WEST)
    assert build(files, home / "other", asked).id != edition.id


@pytest.mark.parametrize(("areas", "words"), [
    ("areas: [{file: maps/none.geojson}]", "none.geojson"),
    ("areas: [{file: build.yaml}]", "build.yaml"),
    ("areas: [{file: maps/halves.geojson, scheme: x}, {file: maps/again.geojson, scheme: x}]",
     "two files of areas are both called 'x'; give each a `scheme` of its own"),
    ("areas: [{files: maps/halves.geojson}]", "there is no key `areas.0.files`; did you mean `file`"),
])  # fmt: skip
def test_what_is_wrong_with_areas_is_said(home, files, areas, words):
    written(home / "maps", "again.geojson", west=WEST)
    with pytest.raises((InputError, SourceError), match=words):
        build(files, home / "wrong", config(home, areas))


def test_footprints_end_at_the_coast(tmp_path):
    """Three firms on the sea front of Brighton: the sea begins 1 km south of them at most."""
    (tmp_path / "firms.csv").write_text(
        "firm,lat,lon,how\nA Ltd,50.8225,-0.137,address\nB Ltd,50.8215,-0.14,address\n"
        "C Ltd,50.823,-0.15,address\n"
    )
    (tmp_path / "firms.map.yaml").write_text(
        "source: firms\ntables:\n  - {file: firms.csv, rows: organisation,"
        " columns: {name: firm, lat: lat, lon: lon, precision: how}}\n"
    )
    asked = config(tmp_path, "")
    edition = build([tmp_path / "firms.map.yaml"], tmp_path / "edition", asked)
    found = edition.rows(Query("c", "select footprint, level from clusters order by level"))
    assert found
    for row in found:
        outline = shapely.from_wkb(bytes(row["footprint"]))
        assert outline.bounds[3] > 50.85 or row["level"] < 0
        assert outline.bounds[1] > 50.80


def test_a_clusters_page_says_in_which_areas_it_lies(edition):
    [cluster] = [c for c in landscape_of(edition).clusters if c.name == "Oxford"]
    [area] = cluster_profile(edition, cluster.cluster_id).areas
    assert (area.scheme, area.area_id, area.name, area.n_organisations) == (
        "halves", "west", "West", 3
    )  # fmt: skip
    page = TestClient(create_app(edition)).get(f"/clusters/{cluster.cluster_id}")
    assert page.status_code == 200
    assert "On the official map" in page.text
    assert "<bdi>West</bdi>" in page.text
