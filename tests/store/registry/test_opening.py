"""Addresses, transactions, and what is said when the database cannot be used."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from tests.registry_worlds import World
from triplehelix.errors import RegistryError
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR
from triplehelix.store.registry import opening
from triplehelix.store.registry.opening import Registry, open_registry, registry_url


def test_addresses(tmp_path):
    file = tmp_path / "address"
    file.write_text("postgresql://me:secret@localhost/there\nmore\n")
    assert registry_url("a/b.sqlite").render_as_string() == "sqlite:///a/b.sqlite"
    assert registry_url(f"@{file}").render_as_string(hide_password=False) == (
        "postgresql+psycopg://me:secret@localhost/there"
    )


@pytest.mark.parametrize(("address", "words"), [
    ("mysql://localhost/x", "cannot be kept in mysql; use sqlite:///FILE"),
    ("://", "the address of the registry is none; write sqlite:///FILE"),
    ("@missing", "could not be read for the registry's address .*first line"),
])  # fmt: skip
def test_a_wrong_address_says_how_to_mend_it(address, words):
    with pytest.raises(RegistryError, match=words):
        registry_url(address)


def test_a_server_that_is_not_there(tmp_path):
    with (
        pytest.raises(RegistryError, match=r"me:\*\*\*@127.0.0.1:1/x.*is it running") as told,
        open_registry("postgresql://me:secret@127.0.0.1:1/x").look(VISITOR),
    ):
        pass
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_a_file_that_is_no_database(tmp_path, registry):
    wrong = tmp_path / "wrong.sqlite"
    wrong.write_text("name,kind\n" * 100)
    with (
        pytest.raises(RegistryError, match="cannot be used .*not a database"),
        open_registry(str(wrong)).look(VISITOR),
    ):
        pass


def test_readers_go_on_while_somebody_writes(world):
    north = world.network("North")
    with world.registry.change(COMMAND_LINE) as change:
        change.update("network", north, {"name": "North of England"})
        assert change.sight.record("network", north).name == "North of England"
        with world.registry.look(VISITOR) as sight:
            assert sight.record("network", north).name == "North"


def test_changes_wait_for_one_another(world):
    """The second begins when the first has ended, and sees what it did."""
    order: list[str] = []
    inside, waiting = threading.Event(), threading.Event()

    def second() -> None:
        inside.wait()
        waiting.set()
        with world.registry.change(COMMAND_LINE) as change:
            order.append("second")
            assert len(change.sight.records(made)) == 1

    thread = threading.Thread(target=second)
    thread.start()
    made: list[str] = []
    with world.registry.change(COMMAND_LINE) as change:
        inside.set()
        waiting.wait()
        made.append(change.create("network", {"name": "North"}))
        change.flush()
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_who_waits_too_long_is_told(registry, monkeypatch):
    monkeypatch.setattr(opening, "_BUSY_MS", 50)
    url = registry.engine.url.render_as_string(hide_password=False)
    impatient = open_registry(url)
    with (
        registry.change(COMMAND_LINE),
        pytest.raises(RegistryError, match="try again in a minute"),
        impatient.change(COMMAND_LINE),
    ):
        pass
    impatient.close()
    World(registry).network("North")


def test_our_own_mistakes_are_not_blamed_on_the_database(world):
    if world.registry.engine.dialect.name == "postgresql":
        with pytest.raises(ProgrammingError), world.registry.look(VISITOR) as sight:
            sight.connection.execute(text("SELEKT 1"))


@pytest.mark.parametrize("registry", ["postgresql"], indirect=True)
def test_connections_that_the_server_has_closed_are_replaced(world, monkeypatch):
    north = world.network("North")
    _close_all(world.registry)
    monkeypatch.setattr(opening, "_TRUSTED_S", 0.0)
    with world.registry.look(VISITOR) as sight:
        assert sight.record("network", north).name == "North"


@pytest.mark.parametrize("registry", ["postgresql"], indirect=True)
def test_one_that_was_used_a_moment_ago_is_not_asked_first(world):
    north = world.network("North")
    _close_all(world.registry)
    with pytest.raises(RegistryError, match="is it running"), world.registry.look(VISITOR):
        pass
    with world.registry.look(VISITOR) as sight:
        assert sight.record("network", north).name == "North"


def _close_all(registry: Registry) -> None:
    """Close the server's side of the connections in the pool, as a restart does."""
    own = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    other = open_registry(registry.engine.url.render_as_string(hide_password=False))
    with other.writing() as connection:
        connection.execute(own)
    other.close()
