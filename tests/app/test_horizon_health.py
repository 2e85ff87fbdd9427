"""The clusters of Horizon 2020's health part: what a user relies on, on the real rows."""

import os
from pathlib import Path

import pytest

from triplehelix.app.build import build
from triplehelix.app.config import Config
from triplehelix.app.where import where
from triplehelix.query import Query

DATA = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data"))
FILES = [DATA / "cordis_h2020", DATA / "ror" / "ror-data_schema_v2.json.gz",
         DATA / "boundaries" / "itl3_2021_uk_generalised.geojson"]  # fmt: skip
pytestmark = pytest.mark.skipif(
    not all(path.exists() for path in FILES), reason=f"needs {', '.join(map(str, FILES))}"
)
TOWNS = ("London", "Cambridge", "Oxford")


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    asked = Config(
        name="Health", detect={"themes": ["health"], "resamples": 50, "relabellings": 99},
        areas=[{"file": FILES[2]}],
    )  # fmt: skip
    return build(FILES[:2], tmp_path_factory.mktemp("health") / "edition", asked)


def clusters(edition, level):
    """Of each town, the row of the cluster of health activities that its sites are in."""
    rows = edition.rows(Query("c", """
        select distinct p.name as town, c.* exclude (footprint)
        from clusters c join memberships m using (cluster_id) join sites s using (site_id)
        join places p using (place_id)
        where c.theme = 'health' and c.level = $level and p.country = 'GB'
          and list_contains($towns::varchar[], p.name)""",
        {"level": level, "towns": list(TOWNS)}))  # fmt: skip
    assert len(rows) == len(TOWNS)
    return {row["town"]: row for row in rows}


def test_london_cambridge_and_oxford_are_three_and_one(edition):
    near, wide = clusters(edition, 0), clusters(edition, 1)
    assert len({row["cluster_id"] for row in near.values()}) == 3
    [joined] = {row["cluster_id"] for row in wide.values()}
    assert {row["parent_id"] for row in near.values()} == {joined}


def test_each_has_a_stability_and_an_interval_on_its_rank(edition):
    for level in (0, 1):
        for row in clusters(edition, level).values():
            assert 0 < row["stability"] <= 1
            assert row["evidence"] in ("strong", "moderate", "weak")
            [rank] = edition.rows(Query("r", """
                select value, low, high from profiles
                where cluster_id = $id and measure = 'rank' and theme = 'health'""",
                {"id": row["cluster_id"]}))  # fmt: skip
            assert 1 <= rank["low"] <= rank["value"] <= rank["high"]


def test_every_town_of_the_united_kingdom_leads_to_a_cluster(edition):
    """In it, near it, or the nearest with how far it is."""
    towns = edition.rows(Query("t", "select place_id, name from places where country = 'GB'"))
    assert len(towns) > 1000
    for town in towns[:: len(towns) // 150]:
        [found] = [p for p in where(edition, town["name"], country="GB")
                   if p.place_id == town["place_id"]]  # fmt: skip
        if found.cluster is None:
            assert found.nearest is not None
            assert found.nearest_km > 0
        else:
            assert found.distance_km is not None


def test_overlaps_with_official_areas_add_up(edition):
    """Shares of a cluster in areas are its whole, but for what is outside the United Kingdom."""
    rows = edition.rows(
        Query(
            "o",
            """
        select c.cluster_id, c.countries, c.level, sum(o.share_of_cluster) as share
        from "overlaps" o join clusters c using (cluster_id) group by all""",
        )
    )
    assert len(rows) > 30
    assert all(row["share"] <= 1 + 1e-9 for row in rows)
    inland = [row["share"] for row in rows if row["countries"] == ["GB"] and row["share"] > 0.99]
    assert len(inland) > 20
    of_areas = edition.rows(
        Query(
            "a",
            """
        select area_id, level, sum(share_of_area) as share
        from "overlaps" join clusters using (cluster_id) group by all""",
        )
    )
    assert all(row["share"] <= 1 + 1e-9 for row in of_areas)
