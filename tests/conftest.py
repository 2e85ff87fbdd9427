"""Editions and registries for the tests of questions and of pages."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.app.layered_edition import DETECT, layered
from tests.app.small_edition import one_cluster, tables, write_edition
from tests.registry_worlds import Clock, Ids, World
from triplehelix.app.build import build
from triplehelix.app.sample import sample_config, sample_inputs
from triplehelix.store.edition import Edition
from triplehelix.store.registry.creating import create_registry
from triplehelix.store.registry.opening import Registry, open_registry


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


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The sample edition, built."""
    return build(sample_inputs(), tmp_path_factory.mktemp("sample") / "e", sample_config())


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that began the run ends last, and stops the server that any worker started."""
    if not hasattr(config, "workerinput") and (factory := getattr(config, "_tmp_path_factory", 0)):
        postgres.stop(factory.getbasetemp())


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """The address of a running PostgreSQL, as its superuser: see `tests/postgres.py`."""
    own = tmp_path_factory.getbasetemp()
    return postgres.address(own if worker_id == "master" else own.parent)


@pytest.fixture(scope="session")
def empty_registries(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> dict[str, Callable[..., str]]:
    """By engine, what makes the address of an empty registry; made once, and then copied."""
    made: dict[str, str] = {}
    folder = tmp_path_factory.mktemp("registries")

    def sqlite(path: Path, _: pytest.FixtureRequest) -> str:
        if "sqlite" not in made:
            made["sqlite"] = _created(str(folder / "empty.sqlite"))
        shutil.copy(made["sqlite"], path / "registry.sqlite")
        return str(path / "registry.sqlite")

    def postgresql(_: Path, request: pytest.FixtureRequest) -> str:
        server = request.getfixturevalue("postgres_server")
        if "postgresql" not in made:
            _created(postgres.make_database(server, f"empty_{worker_id}"))
            made["postgresql"] = f"empty_{worker_id}"
        return postgres.make_database(server, f"test_{worker_id}", made["postgresql"])

    return {"sqlite": sqlite, "postgresql": postgresql}


def _created(address: str) -> str:
    registry = open_registry(address)
    create_registry(registry)
    registry.close()
    return address


@pytest.fixture(params=["sqlite", "postgresql"])
def registry(
    request: pytest.FixtureRequest, tmp_path: Path, empty_registries: dict[str, Callable[..., str]]
) -> Iterator[Registry]:
    """
    An empty registry on each engine, with a clock that is set and ids that are told.

    `registry.clock` is a `Clock` and `registry.ids` an `Ids` (`tests/registry_worlds.py`).
    On one engine only: `@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)`.
    """
    address = empty_registries[request.param](tmp_path, request)
    opened = open_registry(address, clock=Clock(), ids=Ids())
    yield opened
    opened.close()


@pytest.fixture
def world(registry: Registry) -> World:
    """What makes records in `registry`, and viewers of it."""
    return World(registry)
