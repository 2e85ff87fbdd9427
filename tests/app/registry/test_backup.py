"""Backups taken while others write, and what comes back of them."""

import os
import sqlite3
import stat
import threading

import pytest
from click.testing import CliRunner

from tests import postgres
from tests.registry_worlds import World, an_id
from triplehelix.app.registry import backup
from triplehelix.cli import registry_admin
from triplehelix.errors import RegistryError
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR
from triplehelix.store.registry import second_lock
from triplehelix.store.registry.opening import open_registry


@pytest.fixture
def elsewhere(request, registry, tmp_path):
    """The address of a place without tables, on the registry's engine."""
    if registry.engine.dialect.name == "sqlite":
        return str(tmp_path / "restored.sqlite")
    worker = request.getfixturevalue("worker_id")
    return postgres.make_database(request.getfixturevalue("postgres_server"), f"restored_{worker}")


def address_of(registry) -> str:
    return registry.engine.url.render_as_string(hide_password=False)


def test_what_was_acknowledged_before_is_there(registry, tmp_path, elsewhere):
    """Two writers go on all the while."""
    acknowledged: list[str] = []
    enough, done = threading.Event(), threading.Event()

    def write(who: int) -> None:
        world = World(registry)
        for n in range(10_000):
            acknowledged.append(world.network(f"network {who} {n}"))
            if len(acknowledged) >= 20:
                enough.set()
            if done.is_set():
                return

    writers = [threading.Thread(target=write, args=(who,)) for who in range(2)]
    for writer in writers:
        writer.start()
    try:
        assert enough.wait(30)
        before = list(acknowledged)
        taken = backup.back_up(registry, tmp_path / "taken.backup")
        after = list(acknowledged)
    finally:
        done.set()
        for writer in writers:
            writer.join()
    restored = backup.restore(elsewhere, taken.file)
    again = open_registry(elsewhere)
    with again.look(VISITOR) as sight:
        there = {one.record_id for one in sight.records(acknowledged)}
    assert set(before) <= there
    assert restored.counts["networks"] == len(there) == restored.counts["log_entries"]
    assert len(before) <= len(there) <= len(after) + 2
    with again.reading() as connection:
        assert second_lock.state(connection)[0]
    World(again).network("written after")
    again.close()


def test_a_backup_is_one_file_for_its_owner_alone(world, tmp_path):
    world.network("North")
    folder = tmp_path / "backups"
    folder.mkdir()
    taken = backup.back_up(world.registry, folder / "a")
    backup.back_up(world.registry, folder / "a")
    assert [path.name for path in folder.iterdir()] == ["a"]
    assert stat.S_IMODE((folder / "a").stat().st_mode) == 0o600
    assert taken.n_bytes == (folder / "a").stat().st_size


def test_a_backup_that_fails_leaves_the_one_before(world, tmp_path, monkeypatch):
    kept = tmp_path / "kept"
    kept.write_text("the one before")
    monkeypatch.setattr(os, "fsync", _fails)
    with pytest.raises(RegistryError, match="could not be written .*free space"):
        backup.back_up(world.registry, kept)
    assert kept.read_text() == "the one before"
    assert not list(tmp_path.glob(".*.part"))


def _fails(_: int) -> None:
    raise OSError("no space left on the device")


def test_never_over_a_living_one(world, tmp_path):
    taken = backup.back_up(world.registry, tmp_path / "taken")
    north = world.network("North")
    with pytest.raises(RegistryError, match="is not empty; restore into a new file"):
        backup.restore(address_of(world.registry), taken.file)
    with world.registry.look(VISITOR) as sight:
        assert sight.record("network", north).name == "North"


def test_what_is_no_backup(registry, tmp_path, elsewhere):
    wrong = tmp_path / "wrong"
    wrong.write_text("name,type\n")
    with pytest.raises(RegistryError, match="is no backup of a registry in .*JSON Lines"):
        backup.restore(elsewhere, wrong)
    with pytest.raises(RegistryError, match="could not be read"):
        backup.restore(elsewhere, tmp_path / "missing")


def test_a_damaged_backup_brings_nothing_back(world, tmp_path, elsewhere):
    for n in range(30):
        world.network(f"network {n}")
    taken = backup.back_up(world.registry, tmp_path / "taken").file
    whole = taken.read_bytes()
    taken.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RegistryError, match="damaged|failed"):
        backup.restore(elsewhere, taken)
    taken.write_bytes(whole)
    assert backup.restore(elsewhere, taken).counts["networks"] == 30


def test_a_log_that_does_not_verify_is_told(world, tmp_path, elsewhere):
    taken = backup.back_up(world.registry, tmp_path / "taken").file
    with pytest.raises(RegistryError, match="its audit log does not verify"):
        backup.restore(elsewhere, taken, lambda registry: False)


def test_no_password_is_told_or_seen(postgres_server, tmp_path, monkeypatch):
    """Neither in what is run, nor in what is said."""
    password = postgres_server.partition("//postgres:")[2].partition("@")[0]
    told = tmp_path / "told"
    script = tmp_path / "pg_dump"
    script.write_text(f'#!/bin/sh\necho "$@" >{told}\necho no >&2\nexit 1\n')
    script.chmod(0o755)
    from triplehelix.store.registry import backup as store

    monkeypatch.setattr(store, "_program", lambda name: str(script))
    registry = open_registry(postgres_server)
    with pytest.raises(RegistryError, match="pg_dump failed") as error:
        store.back_up(registry, tmp_path / "taken")
    registry.close()
    assert password not in told.read_text() and password not in str(error.value)
    address = postgres_server.replace(password, "wrong")
    with (
        pytest.raises(RegistryError, match="cannot be used") as error,
        open_registry(address).reading(),
    ):
        pass
    assert "wrong@" not in str(error.value) and "***" in str(error.value)


def test_the_commands(registry, tmp_path, elsewhere):
    """From nothing to a registry, its backup, and another one from that."""
    (tmp_path / "address").write_text(f"{elsewhere}\n")
    told = f"@{tmp_path / 'address'}"

    def run(command, *arguments: str) -> str:
        done = CliRunner().invoke(command, [*arguments, "--registry", told], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    key = tmp_path / "log.key"
    made_of = run(registry_admin.init_command, "--key", str(key))
    assert f"the key of its log is in {key}" in made_of
    assert key.stat().st_mode & 0o077 == 0
    assert "already" in run(registry_admin.upgrade_command)
    made = open_registry(elsewhere)
    World(made).network("North")
    made.close()
    file = tmp_path / "taken.backup"
    assert f"{file}: " in run(registry_admin.backup_command, str(file))
    with pytest.raises(RegistryError, match="is not empty"):
        run(registry_admin.restore_command, str(file))
    if registry.engine.dialect.name == "sqlite":
        (tmp_path / "address").write_text(str(tmp_path / "third.sqlite"))
        out = run(registry_admin.restore_command, str(file))
        assert ["networks", "1"] in [line.split() for line in out.splitlines()]
        with open_registry(str(tmp_path / "third.sqlite")).look(COMMAND_LINE) as sight:
            assert sight.record("network", an_id("network", "North")).name == "North"
        with sqlite3.connect(tmp_path / "third.sqlite") as plain:
            assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        plain.close()


def test_a_missing_registry_is_told(tmp_path):
    with pytest.raises(RegistryError, match="there is no file"):
        backup.back_up_at(str(tmp_path / "none"), tmp_path / "taken")
