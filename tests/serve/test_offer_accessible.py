"""
The pages of the offer, a case, a comparison, and those in frames, by axe's rules.

Also their colours in the dark, and the width of a phone.
"""

from typing import Any

import pytest

from tests.app.small_edition import A, B
from tests.serve.browsing import in_a_browser, served
from tests.serve.offered_edition import offered
from tests.serve.registry.test_accessible import (
    ALL,
    AXE,
    COLOURS,
    PHONE,
    TOO_WIDE,
    WIDE,
    violations,
)
from triplehelix.serve import create_app

PAGES = ["/offer", "/offer?theme=genomics&partner=GR", f"/offer/part?theme=genomics&cluster={A}",
         "/offer/evidence?theme=genomics&partner=GR&joint=all", "/offer?need=genomics+for+making",
         f"/clusters/{A}/case", f"/compare?cluster={A}&cluster={B}", "/compare?country=GB&country=GR",
         "/compare", f"/embed/clusters/{A}", f"/embed/clusters/{A}/quotients",
         "/embed/offer?theme=genomics", "/offer?lang=ja",
         "/offer?theme=genomics&partner=GR&lang=ja",
         f"/offer/part?theme=genomics&cluster={A}&lang=ja",
         "/offer/evidence?theme=genomics&partner=GR&joint=all&lang=ja"]  # fmt: skip

pytestmark = [
    *in_a_browser,
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (npm ci in web/)"),
]


@pytest.mark.parametrize(
    ("rules", "screen"),
    [(ALL, {"viewport": WIDE}), (COLOURS, {"viewport": WIDE, "color_scheme": "dark"}),
     (ALL, {"viewport": PHONE})],
    ids=["all", "dark", "phone"],
)  # fmt: skip
def test_pages(tmp_path_factory: Any, browser: Any, rules: Any, screen: Any) -> None:
    app = create_app(offered(tmp_path_factory.mktemp("offered")))
    wrong: dict[str, Any] = {}
    with served(app) as address:
        context = browser.new_context(bypass_csp=True, **screen)
        page = context.new_page()
        for path in PAGES:
            wrong[path] = violations(page, address + path, rules)
            if page.evaluate(TOO_WIDE):
                wrong[path].append("wider than the screen")
        context.close()
    assert {path: found for path, found in wrong.items() if found} == {}
