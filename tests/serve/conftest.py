"""Atlases for the tests of pages."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.serve.browsing import CHROMIUM, FLAGS
from triplehelix.serve import create_app
from triplehelix.store.edition import Edition


@pytest.fixture(scope="session")
def client(small: Edition) -> TestClient:
    """An atlas of the small edition."""
    return TestClient(create_app(small), follow_redirects=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()
