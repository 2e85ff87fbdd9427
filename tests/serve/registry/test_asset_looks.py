"""Pages of assets and members on a phone, in a browser: nothing sticks out, buttons can be hit."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.serve.browsing import in_a_browser, served
from tests.serve.registry import casting
from tests.serve.registry.casting import Cast

atlas, cast = casting.atlas, casting.cast
pytestmark = [*in_a_browser, pytest.mark.parametrize("registry", ["sqlite"], indirect=True)]

# WCAG 2.2, 2.5.8: 24 pixels, but for links within a sentence or a cell.
_SMALL = """() => ["button", "input:not([type=hidden]):not([type=checkbox])", "select", "textarea",
    "summary"].flatMap(e => [...document.querySelectorAll("main " + e)])
    .filter(e => e.offsetParent && e.getBoundingClientRect().height < 24)
    .map(e => e.outerHTML.slice(0, 120))"""
_UNNAMED = """() => [...document.querySelectorAll('main button, main a[href], main summary')]
    .filter(e => !e.textContent.trim()).map(e => e.outerHTML.slice(0, 120))"""


@pytest.fixture
def phone(cast: Cast, browser: Any) -> Iterator[Any]:
    """A page of 360 pixels for the owner, and the address of the atlas."""
    owner = cast.clients["owner"]
    with served(owner.app) as address:
        context = browser.new_context(
            viewport={"width": 360, "height": 740}, base_url=address,
            extra_http_headers={"x-user": owner.headers["x-user"]},
        )  # fmt: skip
        yield context.new_page()
        context.close()


def test_on_a_phone(cast: Cast, phone: Any) -> None:
    own = f"/assets/{cast.assets['Cycler']}"
    for path in ("/assets", "/assets?q=swab&near=Cambridge", own, f"{own}/edit", f"{own}/remove",
                 f"{own}/capacities/{cast.capacity}", "/capabilities",
                 "/capabilities/pcr-testing", f"/members/{cast.alpha}",
                 f"/members/{cast.alpha}/edit", "/my-organisation", "/search?q=swab"):  # fmt: skip
        assert phone.goto(path, wait_until="domcontentloaded").status == 200
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert phone.evaluate(_SMALL) == [], path
        assert phone.evaluate(_UNNAMED) == [], path
