"""Pages of opportunities and places by axe's rules of WCAG 2.2 A and AA; dark, and on a phone."""

from pathlib import Path
from typing import Any

import pytest

from tests.app.prospect_edition import with_prospects
from tests.app.small_edition import A, B, write_edition
from tests.serve.browsing import in_a_browser, served
from triplehelix.serve import create_app

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
                                   "best-practice"]}  # fmt: skip
PAGES = [f"/clusters/{A}/opportunities", f"/clusters/{B}/opportunities",
         f"/clusters/{A}/opportunities/evidence?kind=losing",
         f"/clusters/{A}/place?organisation=table:hostile"]  # fmt: skip
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

pytestmark = [
    *in_a_browser,
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (npm ci in web/)"),
]


@pytest.mark.parametrize(
    "screen",
    [{"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
     {"viewport": {"width": 360, "height": 740}}],
    ids=["dark", "phone"],
)  # fmt: skip
def test_pages_keep_to_the_rules(browser: Any, tmp_path: Path, screen: dict[str, Any]) -> None:
    edition = write_edition(tmp_path / "prospects", with_prospects(), sample=True)
    context, faults = browser.new_context(**screen), []
    with served(create_app(edition)) as address:
        page = context.new_page()
        for path in PAGES:
            page.goto(address + path)
            page.evaluate(AXE.read_text())
            found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)["violations"]
            faults += [(path, each["id"], each["nodes"][0]["html"]) for each in found]
            faults += [(path, "too wide", "")] if page.evaluate(TOO_WIDE) else []
    context.close()
    assert faults == []
