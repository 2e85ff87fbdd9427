"""How sure clusters are, and at which level they are shown, on pages and in other forms."""

import csv
import io
import json
import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from tests.app.layered_edition import CAMPUS, GENOMICS, WIDE, YEARS
from tests.app.small_edition import A, B
from tests.serve.pagecheck import Page, faults, words
from triplehelix.serve import create_app
from triplehelix.store.edition import Edition

PAGES = f"""
    / /?level=1 /?of=genomics /clusters /clusters?level=-1 /clusters?period=2015/2016&sort=rank
    /clusters?country=GR&level=1 /clusters?theme=genomics&sort=-stability /clusters/{A}
    /clusters/{WIDE} /clusters/{CAMPUS} /clusters/{GENOMICS} /clusters/{YEARS}
    /clusters/{WIDE}/case /clusters/{GENOMICS}/case /clusters/{YEARS}/case /clusters/{A}/members?sort=-probability /links?level=1 /places?q=cambridge
    /compare?cluster={A}&cluster={B} /themes/genomics /methods
""".split()


@pytest.fixture(scope="module")
def layered(many: Edition) -> TestClient:
    """An atlas of the layered edition."""
    return TestClient(create_app(many), follow_redirects=False)


@pytest.mark.parametrize("path", PAGES)
def test_page_is_sound(layered: TestClient, path: str) -> None:
    answer = layered.get(path)
    assert answer.status_code == 200
    assert faults(answer.text) == []
    for address in Page(answer.text).addresses:
        if address.startswith(("/clusters", "/?", "/links", "/places")):
            assert layered.get(address).status_code == 200, address


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/clusters", "Clusters"), ("/clusters?level=1", "Superclusters"),
        ("/clusters?level=-1", "Campuses"), ("/clusters?of=genomics", "Clusters: Genomics alone"),
        ("/clusters?period=2015/2016", "Clusters: 2015–2016 alone"),
    ],
)  # fmt: skip
def test_the_heading_says_what_one_looks_at(layered: TestClient, path: str, heading: str) -> None:
    assert f"<h1>{heading}</h1>" in layered.get(path).text


def test_levels_are_chosen_by_plain_links_that_keep_the_rest(layered: TestClient) -> None:
    page = Page(layered.get("/clusters?country=GB&sort=rank&page=1").text)
    offered = [a for a in page.addresses if a.startswith("/clusters?") and "level=" in a]
    assert offered == [f"/clusters?country=GB&sort=rank&level={n}" for n in (1, -1)]
    assert "Superclusters (40 km) 1 Clusters (10 km) 2 Campuses (2 km) 1" in page_words(page)
    assert "all activity 2 2015–2016 alone 1 Genomics alone 1" in page_words(page)


def page_words(page: Page) -> str:
    return re.sub(r"\s+", " ", page.words)


def test_sorting_and_filters_keep_the_layer(layered: TestClient) -> None:
    text = layered.get("/clusters?level=1").text
    assert '<input type="hidden" name="level" value="1">' in text
    assert "/clusters?level=1&amp;sort=stability" in text
    assert "/clusters.csv?level=1" in text


def test_an_edition_of_one_layer_offers_none(client: TestClient) -> None:
    for path in ("/", "/clusters"):
        assert 'class="choice"' not in client.get(path).text


def test_lists_show_ranges_and_evidence(layered: TestClient) -> None:
    text = words(layered, "/clusters")
    assert re.search(r"Cambridge .*?1–2 3 2–4 5 4–7 1\.5 0\.91 strong", text)
    # The rank of one that is sometimes lost ends with the last place there is.
    assert re.search(r"Athens .*?1–2 1 0–2 2 0–3 – 0\.40 weak", text)
    assert re.search(r"Cambridge .*?1–2 3 2–4 5 4–7", words(layered, "/"))


def test_how_sure_a_cluster_is(layered: TestClient) -> None:
    text = words(layered, f"/clusters/{A}")
    assert "How sure is this?" in text
    assert "0.91 out of 1" in text
    assert "By weight 1st of 2 clusters; 1st to 2nd in 95 of 100 resamples" in text
    assert "3 organisations (2–4), 5 projects (4–7)" in text
    assert "in less than 1 in 1,000 cases" in text
    assert "q of 0.05 or less" in text
    lost = words(layered, f"/clusters/{B}")
    assert "from 1st to not found at all" in lost
    assert "in 30 in 100 cases" in lost
    assert "chance remains a fair account" in lost


def test_what_was_not_tested_is_not_called_chance(layered: TestClient, client: TestClient) -> None:
    assert "Not tested" in words(layered, f"/clusters/{WIDE}")
    text = words(client, f"/clusters/{A}")
    assert "not yet known, which is not weak" in text
    assert "out of 1" not in text


def test_themes_beyond_chance(layered: TestClient) -> None:
    text = words(layered, f"/clusters/{A}")
    assert "Genomics beyond chance" in text
    assert "Vaccines may be chance" in text


def test_relations_between_levels(layered: TestClient) -> None:
    text = words(layered, f"/clusters/{A}")
    assert "Part of Cambridge and Athens supercluster" in text
    assert "Holds 1 campus Cambridge: Alpha University" in text
    assert re.search(r"Cambridge, Genomics 33\s% of the sites", text)
    assert "Superclusters ›" in words(layered, f"/clusters/{WIDE}")


def test_members_with_their_probability(layered: TestClient) -> None:
    text = words(layered, f"/clusters/{A}/members?sort=-probability")
    assert re.search(r"25\s%.*50\s%.*100\s%", text)
    drawn = layered.get(f"/clusters/{A}/members").text
    assert 'class="part" width="50.0"' in drawn
    features = layered.get(f"/clusters/{A}/members.geojson").json()["features"]
    assert [(f["geometry"]["coordinates"], f["properties"]["probability"]) for f in features] == [
        ([0.12, 52.2], 1.0), ([0.13, 52.21], 0.5), ([0.14, 52.2], 0.25),
    ]  # fmt: skip


def test_a_town_at_each_level(layered: TestClient) -> None:
    text = words(layered, "/places?q=cambridge")
    assert "Place Country People Cluster Campus Supercluster" in text
    assert re.search(r"Cambridge members here Cambridge: Alpha University 1\.5 km", text)
    assert re.search(r"in none; nearest Cambridge 5,\d\d\d km away", text)


def test_comparison_has_the_certainty(layered: TestClient) -> None:
    text = words(layered, f"/compare?cluster={A}&cluster={B}")
    assert "Athens weak 0.40 1–2 of 2 clusters" in text
    assert "Cambridge strong 0.91 1–2 of 2 clusters" in text


def test_forms_carry_the_layer_and_the_certainty(layered: TestClient) -> None:
    [row] = csv.DictReader(io.StringIO(layered.get("/clusters.csv?level=1").text))
    assert (row["cluster_id"], row["level"], row["evidence"]) == (WIDE, "1", "moderate")
    assert (row["rank_low"], row["n_activities_low"], row["n_activities_high"]) == (
        "1.0",
        "5.0",
        "8.0",
    )
    said = layered.get("/api/v1/clusters?of=genomics").json()
    assert ([c["cluster_id"] for c in said["clusters"]], said["of"]) == ([GENOMICS], "genomics")
    known = {(s["level"], s["of"], s["period"]) for s in layered.get("/api/v1/layers").json()}
    assert (0, "all", "2015/2016") in known
    assert layered.get("/api/v1/clusters?level=7").status_code == 404
    assert layered.get("/clusters?level=x").status_code == 422


def test_shapes_on_demand(layered: TestClient) -> None:
    plain = layered.get("/clusters.geojson").json()["features"]
    drawn = layered.get("/clusters.geojson?shapes=true").json()["features"]
    assert {f["geometry"]["type"] for f in plain} == {"Point"}
    assert {f["geometry"]["type"] for f in drawn} == {"Polygon"}
    assert [f["properties"] for f in plain] == [f["properties"] for f in drawn]


@pytest.mark.parametrize("path", ["/", f"/clusters/{A}", "/clusters?country=GB", "/links"])
def test_each_level_a_map_can_show_answers(layered: TestClient, path: str) -> None:
    [written] = re.findall(r"data-layers='([^']*)'", layered.get(path).text)
    levels = json.loads(unescape(written))
    assert [layer["level"] for layer in levels] == [1, 0, -1]
    for layer in levels:
        for address in filter(None, (layer["clusters"], layer["links"])):
            answer = layered.get(address)
            assert answer.status_code == 200
            assert answer.json()["type"] == "FeatureCollection"
        [first, *_] = layered.get(layer["clusters"]).json()["features"]
        assert first["properties"]["level"] == layer["level"]
