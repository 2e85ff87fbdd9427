"""Pages of assets and members on a phone, in a browser: nothing sticks out, buttons can be hit."""

import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from tests.serve.registry import casting
from tests.serve.registry.casting import Cast
from tests.serve.test_map import CHROMIUM, FLAGS

atlas, cast = casting.atlas, casting.cast
pytestmark = [
    pytest.mark.parametrize("registry", ["sqlite"], indirect=True),
    pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium here"),
]

# WCAG 2.2, 2.5.8: 24 pixels, but for links within a sentence or a cell.
_SMALL = """() => ["button", "input:not([type=hidden]):not([type=checkbox])", "select", "textarea",
    "summary"].flatMap(e => [...document.querySelectorAll("main " + e)])
    .filter(e => e.offsetParent && e.getBoundingClientRect().height < 24)
    .map(e => e.outerHTML.slice(0, 120))"""
_UNNAMED = """() => [...document.querySelectorAll('main button, main a[href], main summary')]
    .filter(e => !e.textContent.trim()).map(e => e.outerHTML.slice(0, 120))"""


@pytest.fixture
def phone(cast: Cast) -> Iterator[Any]:
    """A page of 360 pixels for the owner, and the address of the atlas."""
    playwright = pytest.importorskip("playwright.sync_api")
    app = cast.clients["owner"].app
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(
            viewport={"width": 360, "height": 740}, base_url=f"http://127.0.0.1:{port}",
            extra_http_headers={"x-user": cast.clients["owner"].headers["x-user"]},
        )  # fmt: skip
        yield context.new_page()
        browser.close()
    server.should_exit = True
    thread.join()


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
