"""The steps from nothing to the tables as they are, and what is said of other databases."""

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Integer, MetaData, Table, inspect, text

from tests import postgres
from triplehelix.errors import RegistryError
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR
from triplehelix.store.registry import creating, enquiry_tables, migrating, versions
from triplehelix.store.registry.creating import create_registry, is_created, upgrade_registry
from triplehelix.store.registry.opening import open_registry
from triplehelix.store.registry.schema import WHOLE

# Tables of the last step.
NEW = {
    table.name for table in vars(enquiry_tables).values() if isinstance(table, Table)
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request, tmp_path):
    """A database without tables."""
    if request.param == "sqlite":
        address = str(tmp_path / "bare.sqlite")
    else:
        worker = request.getfixturevalue("worker_id")
        server = request.getfixturevalue("postgres_server")
        address = postgres.make_database(server, f"bare_{worker}")
    opened = open_registry(address)
    yield opened
    opened.close()


def test_what_the_steps_make_is_what_the_program_has(registry):
    """Alembic itself compares: tables, columns, types, constraints, indexes."""
    with registry.engine.connect() as connection:
        assert migrating.difference(connection) == []
        made = set(inspect(connection).get_table_names())
    assert made == {*WHOLE.tables, "alembic_version"}


def test_the_comparison_would_tell(registry):
    """A table and a column too many are told, so that no difference means none."""
    with registry.writing() as connection:
        connection.execute(text("CREATE TABLE stray (n integer)"))
        connection.execute(text("ALTER TABLE roles ADD COLUMN stray integer"))
        told = {each[0] for each in migrating.difference(connection)}
    assert told == {"remove_table", "remove_column"}


def test_the_last_step_is_the_version_asked_for():
    config = Config()
    config.set_main_option("script_location", "triplehelix.store.registry:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [versions.HEAD]


def test_the_next_step_is_written_from_what_has_changed(tmp_path, monkeypatch):
    changed = MetaData()
    for table in WHOLE.tables.values():
        table.to_metadata(changed)
    Table("rooms", changed, Column("room_id", Integer, primary_key=True))
    monkeypatch.setattr(migrating, "WHOLE", changed)
    written = migrating.write_step("Rooms", tmp_path).read_text()
    assert 'down_revision = "v0003"' in written.replace("'", '"')
    assert written.count("create_table") == 1 and "'rooms'" in written


def test_a_registry_of_the_version_before_is_brought_to_this_one(registry):
    """With what is in it; the tables that are new are there, and locked like the others."""
    with registry.change(COMMAND_LINE) as change:
        kept = change.create("member", {"name": "Leeds"}, visibility={"*": "public"})
    with registry.writing() as connection:
        for table in reversed(WHOLE.sorted_tables):
            if table.name in NEW:
                table.drop(connection)
        connection.execute(text("UPDATE alembic_version SET version_num = 'v0002'"))
    assert upgrade_registry(registry) == ("v0002", versions.HEAD)
    with registry.engine.connect() as connection:
        assert migrating.difference(connection) == []
    with registry.look(VISITOR) as sight:
        assert sight.record("member", kept).name == "Leeds"


def test_made_twice_is_made_once(bare):
    assert not is_created(bare)
    create_registry(bare)
    create_registry(bare)
    assert is_created(bare)
    with bare.change(COMMAND_LINE) as change:
        one = change.create("network", {"name": "North"}, visibility={"*": "public"})
    with bare.look(VISITOR) as sight:
        assert sight.record("network", one).name == "North"
    assert upgrade_registry(bare) == (versions.HEAD, versions.HEAD)


def test_an_empty_database_holds_no_registry(bare):
    bare.engine.connect().close()
    with (
        pytest.raises(RegistryError, match="make one with `triplehelix registry init`"),
        bare.look(VISITOR),
    ):
        pass
    with pytest.raises(RegistryError, match="holds no registry"):
        upgrade_registry(bare)


def test_a_database_of_something_else_is_left_alone(bare):
    with bare.writing() as connection:
        connection.execute(text("CREATE TABLE invoices (n integer)"))
    with pytest.raises(RegistryError, match="something else, such as invoices; give the registry"):
        create_registry(bare)
    with bare.engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["invoices"]


@pytest.mark.parametrize(("version", "words"), [
    ("v0000", "needs v0003; back it up, then run `triplehelix registry upgrade`"),
    ("v9999", "knows v0003; install the newer program"),
])  # fmt: skip
def test_another_version_says_what_to_run(registry, version, words):
    with registry.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    with pytest.raises(RegistryError, match=words), registry.look(VISITOR):
        pass
    with pytest.raises(RegistryError, match=words), registry.change(COMMAND_LINE):
        pass


def test_a_step_that_fails_leaves_the_version_before(registry, monkeypatch):
    """On both engines tables are altered within the transaction."""

    def fails(connection):
        connection.execute(text("CREATE TABLE half (n integer)"))
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(migrating, "upgrade", fails)
    with pytest.raises(RuntimeError):
        creating.upgrade_registry(registry)
    with registry.engine.connect() as connection:
        assert not inspect(connection).has_table("half")
        assert versions.version_of(connection) == versions.HEAD


def test_a_missing_file_is_not_made(tmp_path):
    missing = tmp_path / "missing.sqlite"
    with (
        pytest.raises(RegistryError, match="there is no file .*missing.sqlite"),
        open_registry(str(missing)).look(VISITOR),
    ):
        pass
    assert not missing.exists()
