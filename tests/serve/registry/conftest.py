"""A site with accounts for the tests of the registry's pages, on each engine."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serve.registry.accounts_site import Provider, Site
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry


@pytest.fixture
def site(small: Edition, registry: Registry) -> Site:
    """An atlas with accounts, nobody in it."""
    return Site(small, registry)


@pytest.fixture(scope="session")
def provider_process() -> Iterator[str]:
    """The address of a running OpenID provider, a process of its own."""
    script = Path(__file__).with_name("identity_provider.py")
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.terminate()


@pytest.fixture
def provider(provider_process: str) -> Provider:
    """The provider, with nothing wrong about it."""
    return Provider(provider_process)
