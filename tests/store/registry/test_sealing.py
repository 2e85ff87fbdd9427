"""What a seal makes of the log, and when."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from triplehelix.errors import RegistryError
from triplehelix.registry.merkle import root_of
from triplehelix.registry.notes import Checkpoint, SigningKey, signers
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.store.registry import sealing
from triplehelix.store.registry.keys import key_path, new_key, read_key
from triplehelix.store.registry.log_tables import BATCHES, CHECKPOINTS, KEYS
from triplehelix.store.registry.opening import open_registry, registry_url
from triplehelix.store.registry.sealing import latest, seal
from triplehelix.store.registry.tables import LOG_ENTRIES

KEY = SigningKey("registry.example.org/log", bytes(32))
NEW = SigningKey("registry.example.org/log", bytes(range(32)))


def rows(registry, asked):
    with registry.engine.connect() as connection:
        return connection.execute(asked).all()


def sizes(registry):
    return [row.size for row in rows(registry, select(CHECKPOINTS.c.size).order_by("size"))]


def test_a_seal_takes_all_that_is_unsealed(registry, world):
    for name in "abc":
        world.member(name)
    note = seal(registry, KEY)
    assert [row.n_entries for row in rows(registry, select(BATCHES))] == [4]  # and the key
    sealed = rows(registry, select(LOG_ENTRIES))
    assert {row.batch for row in sealed} == {0}
    assert len({row.place for row in sealed}) == 4
    [batch] = rows(registry, select(BATCHES))
    assert Checkpoint.read(note) == Checkpoint(KEY.name, 1, root_of([batch.leaf]))
    assert signers(note, [KEY.public]) == [KEY.public]


def test_the_size_counts_intervals_and_nothing_else(registry, world):
    """A leaf for each hour in which the clock was asked: full, empty, and after a day of silence."""
    for hours in (0, 1, 1, 1, 24):
        registry.clock.pass_(hours=hours)
        if hours == 1:
            world.member(f"m{registry.clock.now}")
        assert seal(registry, KEY) is not None
    assert sizes(registry) == [1, 2, 3, 4, 5]
    leaves = [row.leaf for row in rows(registry, select(BATCHES).order_by("batch"))]
    with registry.engine.connect() as connection:
        assert Checkpoint.read(latest(connection)).root == root_of(leaves)


def test_once_in_an_interval(registry):
    """Intervals are of the clock: 9:30 and 9:59 are in one, 10:00 is in the next."""
    assert seal(registry, KEY)
    registry.clock.pass_(minutes=29, seconds=59)
    assert seal(registry, KEY) is None
    registry.clock.pass_(seconds=1)
    assert seal(registry, KEY)
    registry.clock.pass_(hours=-3)
    assert seal(registry, KEY) is None, "the clock was set back"
    assert seal(registry, KEY, interval=None)
    assert sizes(registry) == [1, 2, 3]


def test_two_that_seal_at_once_make_one_leaf(registry):
    together = threading.Barrier(4)
    made = []

    def work():
        together.wait()
        made.append(seal(registry, KEY))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(note is not None for note in made) == 1
    assert sizes(registry) == [1]


def test_what_is_written_meanwhile_goes_into_the_next(registry, world, monkeypatch):
    monkeypatch.setattr(sealing, "MOST_ENTRIES", 2)
    for name in "abc":
        world.member(name)
    seal(registry, KEY)
    registry.clock.pass_(hours=1)
    seal(registry, KEY)
    entries = rows(registry, select(LOG_ENTRIES.c.batch).order_by("seq"))
    assert [row.batch for row in entries] == [0, 0, 1, 1]


def test_a_new_key_is_written_down_in_the_log(registry):
    seal(registry, KEY)
    registry.clock.pass_(hours=1)
    note = seal(registry, NEW)
    assert signers(note, [NEW.public]) == [NEW.public]
    assert [(row.key, row.since) for row in rows(registry, select(KEYS).order_by("since"))] == [
        (KEY.public.text, 1), (NEW.public.text, 2)]  # fmt: skip
    entries = rows(registry, select(LOG_ENTRIES).order_by("seq"))
    assert [(row.action, row.batch) for row in entries] == [("log key", 0), ("log key", 1)]
    assert f'"earlier":"{KEY.public.text}"' in entries[1].payload
    registry.clock.pass_(hours=1)
    assert seal(registry, KEY), "the earlier key may come back"


def test_a_key_of_another_log_signs_nothing(registry):
    seal(registry, KEY)
    with pytest.raises(RegistryError, match="of the log elsewhere.example, and this log is regis"):
        seal(registry, SigningKey("elsewhere.example", bytes(32)), interval=None)
    assert sizes(registry) == [1]


def test_no_second_history_is_signed(registry):
    seal(registry, KEY)
    with registry.writing() as connection:
        connection.execute(insert(BATCHES), {
            "batch": 1, "seed": b"", "n_entries": 0, "root": b"", "leaf": bytes(32),
            "sealed_at": registry.clock() - timedelta(days=1),
        })  # fmt: skip
    with pytest.raises(RegistryError, match="no longer what its last checkpoint says"):
        seal(registry, KEY)
    assert sizes(registry) == [1]


def test_hidden_rows_change_no_size(world, registry, tmp_path, empty_registries, request):
    """With and without a private asset, what the log publishes is equally long."""
    shapes = []
    for hidden in (False, True):
        address = empty_registries["sqlite"](tmp_path, request)
        own = open_registry(address, clock=registry.clock)
        with own.change(COMMAND_LINE) as change:
            change.create("asset", {"name": "seen", "kind": "data"}, visibility={"*": "public"})
            for _ in range(100 * hidden):
                change.create("asset", {"name": "hidden", "kind": "data"})
        shapes.append(len(seal(own, KEY)))
        own.close()
    assert shapes[0] == shapes[1]


def test_a_key_file_is_for_its_owner(tmp_path):
    path = key_path(registry_url(str(tmp_path / "r.db")))
    assert path == tmp_path / "r.db.key"
    key = new_key(path, "registry.example.org/log")
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key(path) == key
    with pytest.raises(RegistryError, match="not overwritten"):
        new_key(path)
    path.chmod(0o640)
    with pytest.raises(RegistryError, match="read by others than its owner.*chmod 600"):
        read_key(path)
    path.chmod(0o600)
    path.write_text("nonsense")
    with pytest.raises(RegistryError, match=r"r.db.key: this is no signing key"):
        read_key(path)
    with pytest.raises(RegistryError, match="could not be read from .*bring it back from a copy"):
        read_key(tmp_path / "none")
    with pytest.raises(RegistryError, match="could not be written"):
        new_key(tmp_path / "none" / "key")


def test_where_the_key_of_a_server_is_must_be_said(tmp_path):
    server = registry_url("postgresql://u:secret@host/db")
    with pytest.raises(RegistryError, match="--key FILE"):
        key_path(server)
    assert key_path(server, tmp_path / "k") == tmp_path / "k"


def test_two_keys_differ(tmp_path):
    one, other = new_key(tmp_path / "1"), new_key(tmp_path / "2")
    assert one.seed != other.seed
    assert one.name != other.name
