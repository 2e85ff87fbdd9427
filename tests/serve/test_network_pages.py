"""Pages of the network and of roles: what they say, where it leads, files, the map in a browser."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.app.networked_edition import FAR, HUB, LONE, NEAR, NORTH, SOUTH, TIES, networked
from tests.serve.browsing import in_a_browser, served
from tests.serve.pagecheck import Page, faults, words
from triplehelix.serve import create_app
from triplehelix.store.edition import Edition

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = f"""/links/network /links/network?arcs=all /links/network?theme=genomics&arcs=all
    /links/network?period=2014/2015&arcs=all /links/network?kind=country /links/network?country=FR
    /clusters/{HUB}/role /clusters/{NORTH}/role /clusters/{LONE}/role
    /clusters/{HUB}/role?theme=genomics""".split()


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return networked(tmp_path_factory.mktemp("networked"))


@pytest.fixture(scope="module")
def atlas(edition: Edition) -> TestClient:
    return TestClient(create_app(edition), follow_redirects=False)


@pytest.mark.parametrize("path", PAGES)
def test_page_is_sound_and_its_addresses_answer(atlas: TestClient, path: str) -> None:
    answer = atlas.get(path)
    assert answer.status_code == 200
    assert faults(answer.text) == []
    assert "<Sons>" not in answer.text
    for address in Page(answer.text).addresses:
        if not address.startswith(("#", "http", "/static")):
            assert atlas.get(address).status_code == 200, address


def test_the_network_page_shows_what_the_tables_hold(atlas: TestClient) -> None:
    text = words(atlas, "/links/network")
    assert "6 pairs of clusters share projects; 4 of these ties are heavier" in text
    assert "Hub & <Sons>, North\x01, South 3 0.90" in text
    assert "Far, Near not sure 2 0.40" in text
    # Weight and what is expected; the range (half to double) leaves 1 out.
    assert "South 4 3.3 1.0 expected more than expected" in text


def test_the_role_page_tells_of_periods(atlas: TestClient) -> None:
    text = words(atlas, f"/clusters/{HUB}/role")
    assert "Over time" in text
    assert "2014–2015 6 " in text
    address = f"/clusters/{HUB}/activities?period=2014/2015"
    assert address in Page(atlas.get(f"/clusters/{HUB}/role").text).addresses
    assert "Over time" not in words(atlas, f"/clusters/{HUB}/role?theme=genomics")


def test_each_tie_leads_to_its_activities(atlas: TestClient) -> None:
    addresses = Page(atlas.get("/links/network?arcs=all").text).addresses
    for (a, b), (_, n, _) in TIES.items():
        found = [t for t in addresses if t in (
            f"/clusters/{a}/activities?partner={b}", f"/clusters/{b}/activities?partner={a}")]  # fmt: skip
        assert len(found) == 1
        assert atlas.get(found[0].replace("activities", "activities.json")).json()["total"] == n
    period = f"/clusters/{HUB}/activities?partner={NORTH}&period=2014/2015"
    assert atlas.get(period.replace("activities", "activities.json")).json()["total"] == 2


def test_a_tie_of_two_countries_leads_to_what_organisations_of_both_share(
    atlas: TestClient,
) -> None:
    """Nine of the thirteen: not those of Hub and North alone, nor that of Near and North."""
    both = "/links/activities?a=FR&b=GB"
    assert both in Page(atlas.get("/links/network?kind=country").text).addresses
    answer = atlas.get(both.replace("activities", "activities.json")).json()
    assert answer["total"] == len(answer["activities"]) == 9
    assert {a["n_organisations"] for a in answer["activities"]} == {2, 3}
    assert faults(atlas.get(both).text) == []
    assert (
        "oth countries are 'GB'; give two"
        in Page(atlas.get("/links/activities?a=GB&b=GB").text).words
    )


def test_the_role_page_says_the_sentences_and_leads_to_their_evidence(atlas: TestClient) -> None:
    path = f"/clusters/{HUB}/role"
    answer = atlas.get(f"{path}.json").json()
    text = words(atlas, path)
    for claim in answer["claims"]:
        assert claim["words"].replace("\N{NO-BREAK SPACE}", " ") in text
    addresses = Page(atlas.get(path).text).addresses
    assert f"/clusters/{HUB}/activities?scope=international" in addresses
    assert f"/clusters/{HUB}/activities?partner={SOUTH}" in addresses
    assert f"/clusters/{HUB}/role" in Page(atlas.get(f"/clusters/{HUB}").text).addresses
    rows = list(csv.DictReader(io.StringIO(atlas.get(f"{path}.csv").text)))
    assert [row["words"] for row in rows] == [claim["words"] for claim in answer["claims"]]
    assert "too little to tell" in words(atlas, f"/clusters/{LONE}/role")


def test_the_api_gives_the_same_answers(atlas: TestClient) -> None:
    assert (
        atlas.get(f"/api/v1/clusters/{HUB}/role").json()
        == atlas.get(f"/clusters/{HUB}/role.json").json()
    )
    assert atlas.get("/api/v1/network").json() == atlas.get("/links/network.json").json()
    assert atlas.get("/api/v1/network?kind=town").status_code == 422
    assert atlas.get(f"/api/v1/clusters/{HUB}/role?theme=x").status_code == 404


def test_other_forms_hold_the_same_network(atlas: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(atlas.get("/links/network.csv").text)))
    assert {frozenset((row["a"], row["b"])) for row in rows} == {
        frozenset(pair) for pair, tie in TIES.items() if tie[2] < 0.05}  # fmt: skip
    features = atlas.get("/links/network.geojson").json()["features"]
    kinds = [f["geometry"]["type"] for f in features]
    assert (kinds.count("LineString"), kinds.count("Point")) == (4, 5)
    near, far = ([f for f in features if f["properties"].get("id") == one] for one in (NEAR, FAR))
    assert near[0]["properties"]["group"] == far[0]["properties"]["group"] == "B"


@pytest.mark.parametrize(
    ("form", "media", "name"),
    [
        ("graphml", "application/graphml+xml", "network.graphml"),
        ("gexf", "application/gexf+xml", "network.gexf"),
        ("nodes-csv", "text/csv; charset=utf-8", "network-nodes.csv"),
        ("edges-csv", "text/csv; charset=utf-8", "network-edges.csv"),
    ],
)
def test_files_to_take_away(atlas: TestClient, form: str, media: str, name: str) -> None:
    answer = atlas.get(f"/links/network-file?format={form}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, media)
    assert f'filename="{name}"' in answer.headers["content-disposition"]


def test_a_file_of_an_unknown_format_is_refused(atlas: TestClient) -> None:
    answer = atlas.get("/links/network-file?format=dot")
    assert answer.status_code == 422
    assert "give one of graphml, gexf" in Page(answer.text).words


@pytest.fixture(scope="module")
def address(edition: Edition) -> Iterator[str]:
    with served(create_app(edition)) as address:
        yield address


class TestInABrowser:
    """What only a browser tells."""

    pytestmark = in_a_browser

    def test_the_map_has_each_node_with_its_group(self, address: str, browser: Any) -> None:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
        page.goto(f"{address}/links/network")
        page.wait_for_selector(".map-canvas[data-drawn]", timeout=90_000)
        assert wrong == []
        assert page.locator(".dots-layer a").count() == 5
        assert "4 ties" in page.locator(".level-panel p").inner_text()
        near = page.get_by_role("link", name="Near, group B, 1 ties shown")
        assert near.inner_text() == "B"
        assert near.get_attribute("class") == "mark group g1"
        page.close()

    @pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (npm ci in web/)")
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [1440, 360])
    @pytest.mark.parametrize("path", ["/links/network", f"/clusters/{HUB}/role"])
    def test_accessible(
        self, address: str, browser: Any, path: str, width: int, scheme: str
    ) -> None:
        page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
        )
        page.goto(address + path)
        page.add_script_tag(path=str(AXE))
        rules = {"type": "tag", "values": TAGS}
        found = page.evaluate("rules => axe.run({runOnly: rules})", rules)["violations"]
        assert [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()
