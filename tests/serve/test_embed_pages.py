"""What other sites may frame: these pages and no others, without cookies, forms or scripts."""

import re
import xml.etree.ElementTree as ET
from html import unescape

import pytest
from starlette.testclient import TestClient

from tests.app.small_edition import A, B
from tests.routes import query_parameters
from tests.serve.offered_edition import offered
from tests.serve.pagecheck import faults, words
from triplehelix.serve import api, create_app, pages
from triplehelix.serve.registry import ROUTERS

PAGES = [f"/embed/clusters/{A}", f"/embed/clusters/{B}", f"/embed/clusters/{A}/quotients",
         "/embed/offer?theme=genomics&partner=GR", "/embed/offer?theme=genomics"]  # fmt: skip
PICTURES = [f"/embed/clusters/{A}/quotients.svg", "/embed/offer.svg?theme=genomics"]


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    return offered(tmp_path_factory.mktemp("offered"))


@pytest.fixture(scope="module")
def client(edition):
    return TestClient(create_app(edition), follow_redirects=False)


def policy(answer):
    return dict(
        part.strip().partition(" ")[::2]
        for part in answer.headers["content-security-policy"].split(";")
    )


@pytest.mark.parametrize("path", PAGES)
def test_an_embedded_page_is_sound_and_asks_for_nothing(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert faults(answer.text) == []
    for element in ("<script", "<form", "<input", "<button"):
        assert element not in answer.text
    assert "set-cookie" not in answer.headers
    assert policy(answer)["frame-ancestors"] == "*"
    assert policy(answer)["form-action"] == "'none'"
    assert "x-frame-options" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize("path", PAGES)
def test_links_lead_out_of_the_frame(client, path):
    for link in re.findall(r"<a [^>]*>", client.get(path).text):
        assert 'target="_blank"' in link and 'rel="noopener"' in link, link


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_whoever_asks_gets_the_same_and_without_a_registry_s_facts(edition, registry):
    """A cookie changes nothing, and neither does a registry: its assets are not counted."""
    plain, live = (TestClient(create_app(edition, registry=one)) for one in (None, registry))
    for path in (*PAGES, *PICTURES):
        asked = live.get(path, headers={"cookie": "session=whatever"})
        assert asked.content == plain.get(path).content
        assert "set-cookie" not in asked.headers
        assert asked.headers.get("cache-control") == "no-cache"


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_no_other_route_can_be_framed(edition, registry):
    """Every route there is, whatever it answers; and addresses that only look like the others."""
    app = create_app(edition, registry=registry)
    client = TestClient(app, follow_redirects=False)
    fill = {"cluster_id": A, "edition_id": "offered001", "page": "edition", "form": "csv",
            "table": "clusters", "name": "genomics"}  # fmt: skip
    walked = 0
    for route in every_route():
        path = re.sub(r"\{(\w+)(:path)?\}", lambda m: fill.get(m[1], "x"), route.path)
        if path.startswith("/embed/"):
            continue
        asked = {p.alias: A if p.alias == "cluster" else "genomics"
                 for p in query_parameters(route.dependant)}  # fmt: skip
        for query in ({}, asked):
            answer = client.get(path, params=query)
            assert policy(answer)["frame-ancestors"] == "'none'", path
            assert answer.headers["x-frame-options"] == "DENY", path
        walked += 1
    assert walked > 80
    for path in ("/embed", "/embed/", "/embed/none", "/embedded/x", "/embed/clusters/none",
                 "/embed/offer", "/embed/%2e%2e/clusters", "/Embed/offer?theme=genomics",
                 "/embed/../me"):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code != 200, path
        assert policy(answer)["frame-ancestors"] == "'none'", path


def every_route():
    routers = (api.api, pages.router, *(part.router for part in pages.PARTS), *ROUTERS)
    return [route for router in routers for route in router.routes]


@pytest.mark.parametrize("path", PICTURES)
def test_pictures_stand_alone(client, path):
    answer = client.get(path)
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    tree = ET.fromstring(answer.content)
    assert tree.get("role") == "img" and tree.get("aria-label")
    assert not [e for e in tree.iter() if e.tag.endswith(("script", "image", "use", "a"))]


def test_the_card_says_what_the_cluster_s_page_says(client):
    text = words(client, f"/embed/clusters/{A}")
    assert "Cambridge" in text and "Organisations 3" in text


def test_the_map_s_table_has_every_cluster_on_it(client):
    text = client.get("/embed/offer?theme=genomics").text
    assert text.count("<circle") == text.count('<tr><th scope="row">')


@pytest.mark.parametrize("path", [f"/clusters/{A}", "/offer?theme=genomics&partner=GR"])
def test_what_is_copied_is_whole(client, path):
    """The lines on the page, read as HTML, lead to what is there, with a title or a text."""
    boxes = re.findall(r'<textarea id="(?:frame|picture)\d"[^>]*>(.*?)</textarea>',
                       client.get(path).text, re.DOTALL)  # fmt: skip
    assert len(boxes) >= 2
    for box in boxes:
        copied = unescape(box)
        element = re.search(r'<(iframe|img) src="([^"]*)" (?:title|alt)="([^"]+)"', copied)
        assert element, copied
        address = unescape(element[2]).removeprefix("http://testserver")
        assert client.get(address).status_code == 200, address
