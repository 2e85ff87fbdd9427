"""The map in a browser: drawn, named without overlaps, and nothing asked of another host."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.serve.browsing import in_a_browser, served
from triplehelix.serve import create_app
from triplehelix.store.edition import Edition

pytestmark = in_a_browser


@pytest.fixture(scope="module")
def address(small: Edition) -> Iterator[str]:
    """A served atlas of the small edition."""
    with served(create_app(small)) as address:
        yield address


@pytest.fixture(scope="module")
def layered(many: Edition) -> Iterator[str]:
    """A served atlas of the layered edition."""
    with served(create_app(many)) as address:
        yield address


def _drawn(browser: Any, url: str, **screen: Any) -> tuple[Any, list[str]]:
    """A page whose map is drawn, and what went wrong on the way."""
    page = browser.new_page(**screen)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
    own = ("data:", "blob:", url.split("/", 3)[0] + "//127.0.0.1")
    page.on("request", lambda r: None if r.url.startswith(own) else wrong.append(r.url))
    page.goto(url)
    if page.locator(".map-toggle").is_visible():
        page.locator(".map-toggle").click()
    page.wait_for_selector(".map-canvas[data-drawn]", timeout=90_000)
    return page, wrong


def test_front_map(address: str, browser: Any) -> None:
    page, wrong = _drawn(browser, f"{address}/", viewport={"width": 1440, "height": 900})
    assert wrong == []
    assert page.locator(".dots-layer a").count() == 2
    names = page.locator(".dots-layer .label:visible").all_inner_texts()
    assert set(names) == {"Cambridge", "Athens"}
    boxes = [label.bounding_box() for label in page.locator(".dots-layer .label:visible").all()]
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            apart = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
            assert apart or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"]
    page.get_by_role("link", name="Athens: 1 organisations, evidence untested").click()
    page.wait_for_url("**/clusters/bbbb0002")
    page.close()


def test_map_on_demand_on_a_phone(address: str, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{address}/clusters/aaaa0001")
    assert not page.locator(".map-canvas").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
    page, wrong = _drawn(
        browser, f"{address}/clusters/aaaa0001", viewport={"width": 390, "height": 844}
    )
    assert wrong == []
    assert page.locator(".map-toggle").get_attribute("aria-expanded") == "true"
    assert page.locator(".mark.focus").count() == 1
    page.close()


def test_the_zoom_changes_the_level_and_the_level_can_be_fixed(layered: str, browser: Any) -> None:
    """Wide: the supercluster; at first what the page lists; close: the campus."""
    page, wrong = _drawn(browser, f"{layered}/", viewport={"width": 1440, "height": 900})
    said, names = page.locator(".level-panel p"), page.locator(".dots-layer a")
    assert said.inner_text() == "Shown: Clusters (10 km): 2"
    page.locator(".maplibregl-ctrl-zoom-out").click()
    page.get_by_text("Shown: Superclusters (40 km): 1").wait_for()
    assert names.count() == 1
    assert "Cambridge and Athens" in names.first.get_attribute("aria-label")
    page.get_by_role("radio", name="Campuses (2 km)").check()
    page.get_by_text("Shown: Campuses (2 km)").wait_for()
    assert "evidence moderate" in names.first.get_attribute("aria-label")
    assert wrong == []
    page.close()


def test_members_are_shown_when_one_comes_near(layered: str, browser: Any) -> None:
    page, wrong = _drawn(
        browser, f"{layered}/clusters/aaaa0001", viewport={"width": 1440, "height": 900}
    )
    assert page.locator(".mark.focus:visible").count() == 1
    with page.expect_response("**/clusters/aaaa0001/members.geojson") as sites:
        page.get_by_role("button", name="Zoom to its members").click()
    assert sites.value.ok
    # Its sites take the place of its circle.
    page.locator(".mark.focus").wait_for(state="hidden")
    assert wrong == []
    page.close()


def test_without_webgl_the_words_remain(layered: str, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(f"{layered}/clusters")
    page.wait_for_selector(".without")
    assert "stands in the words and tables" in page.locator(".without").inner_text()
    assert page.locator(".level-panel").count() == 0
    assert page.get_by_role("link", name="Superclusters (40 km)").is_visible()
    page.close()


def test_pages_work_without_script(address: str, browser: Any, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/")
    page.fill("#q", "alpha")
    page.press("#q", "Enter")
    page.get_by_role("link", name="Alpha University").click()
    assert page.locator("h1").inner_text() == "Alpha University"
    context.close()
