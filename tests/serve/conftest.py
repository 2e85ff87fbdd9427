"""Atlases for the tests of pages."""

import pytest
from starlette.testclient import TestClient

from triplehelix.serve import create_app
from triplehelix.store.edition import Edition


@pytest.fixture(scope="session")
def client(small: Edition) -> TestClient:
    """An atlas of the small edition."""
    return TestClient(create_app(small), follow_redirects=False)
