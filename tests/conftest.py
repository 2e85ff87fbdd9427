"""Editions for the tests of questions and of pages."""

import pytest

from tests.app.layered_edition import DETECT, layered
from tests.app.small_edition import one_cluster, tables, write_edition
from triplehelix.store.edition import Edition


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """Two clusters, six activities: see `small_edition`."""
    return write_edition(tmp_path_factory.mktemp("small"), tables())


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """Not a row in any table."""
    return write_edition(tmp_path_factory.mktemp("empty"), {}, inputs=[])


@pytest.fixture(scope="session")
def single(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """One cluster; a sample."""
    return write_edition(tmp_path_factory.mktemp("single"), one_cluster(), sample=True)


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """Clusters of three levels, of a theme and of a period: see `layered_edition`."""
    folder = tmp_path_factory.mktemp("many")
    return write_edition(folder, layered(), id="many0001", parameters={"detect": DETECT})
