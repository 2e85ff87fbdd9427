"""On PostgreSQL, a question that forgets to ask what may be seen gets that and no more."""

from random import Random

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests import postgres
from tests.registry_worlds import World
from tests.store.registry.random_worlds import RandomWorld
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR
from triplehelix.store.registry import second_lock
from triplehelix.store.registry.creating import create_registry
from triplehelix.store.registry.opening import open_registry
from triplehelix.store.registry.tables import CAPACITIES, METADATA, PARTS, RECORDS

on_postgresql = pytest.mark.parametrize("registry", ["postgresql"], indirect=True)
GUARDED = [table for table in METADATA.tables.values() if "seen_by" in table.c]


@on_postgresql
@pytest.mark.parametrize("seed", range(2))
def test_a_forgotten_condition_shows_nothing_more(world, seed):
    made = RandomWorld(world, Random(seed))
    for user, roles in [(None, []), *made.users.items()]:
        grants = made.grants(roles) if user else frozenset()
        with world.registry.look(world.viewer(user)) as sight:
            every = set(sight.connection.scalars(select(RECORDS.c.record_id)))
            capacities = set(sight.connection.scalars(select(CAPACITIES.c.capacity_id)))
            said = [
                name
                for fields in sight.connection.scalars(select(PARTS.c.fields))
                for name in fields
            ]
        assert every == {told.record_id for told in made.told if told.seen_by(grants)}
        assert capacities == set().union(*(t.capacities_seen_by(grants) for t in made.told))
        assert len(said) == sum(
            len(t.fields_seen_by(grants)) for t in made.told if t.seen_by(grants)
        )


@on_postgresql
@pytest.mark.parametrize("table", GUARDED, ids=lambda t: t.name)
def test_every_table_of_what_is_seen_is_guarded(registry, table):
    with registry.engine.connect() as connection:
        asked = "SELECT count(*) FROM pg_policies WHERE tablename = :t AND policyname = 'seen'"
        assert connection.scalar(text(asked), {"t": table.name}) == 1
        # A transaction that was told no conditions sees no rows.
        connection.execute(text("SET LOCAL ROLE triplehelix_reader"))
        assert connection.scalar(select(func.count()).select_from(table)) == 0


@on_postgresql
def test_who_looks_changes_nothing(world):
    world.network("North")
    with world.registry.look(VISITOR) as sight, pytest.raises(DBAPIError, match="read-only"):
        sight.connection.execute(RECORDS.delete())


@on_postgresql
def test_the_lock_is_off_when_the_look_is_over(world):
    """Connections are used again, by others."""
    world.network("North", "private")
    for _ in range(3):
        with world.registry.look(VISITOR) as sight:
            assert not sight.connection.execute(select(RECORDS)).all()
        with world.registry.look(COMMAND_LINE) as sight:
            assert sight.connection.scalar(text("SELECT current_user")) == "keeper"
            assert len(sight.connection.execute(select(RECORDS)).all()) == 1


def test_an_owner_who_may_not_make_roles_is_told(postgres_server, worker_id):
    """Everything works behind the first lock; a superuser mends it, then upgrade locks."""
    role, name = f"lesser_{worker_id}", f"lesser_{worker_id}"
    postgres.make_database(postgres_server, name)
    with psycopg.connect(postgres_server, autocommit=True) as superuser:
        superuser.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))
        superuser.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'lesser'").format(sql.Identifier(role))
        )
        superuser.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(
            sql.Identifier(name), sql.Identifier(role)))  # fmt: skip
        host = postgres_server.partition("@")[2].partition("/")[0]
        registry = open_registry(f"postgresql://{role}:lesser@{host}/{name}")
        create_registry(registry)
        world = World(registry)
        hidden = world.network("North", "private")
        with registry.look(VISITOR) as sight:
            assert not sight.records([hidden])
            assert len(sight.connection.execute(select(RECORDS)).all()) == 1
        with registry.engine.connect() as connection:
            ok, said = second_lock.state(connection)
        assert not ok and f'GRANT triplehelix_reader TO "{role}"' in said
        make, grant = said.partition("as a superuser run ")[2].split(";")[:2]
        assert make == "CREATE ROLE triplehelix_reader NOLOGIN"  # it is there: others share it
        superuser.execute(grant)
        create_registry(registry)
        registry.close()
        again = open_registry(f"postgresql://{role}:lesser@{host}/{name}")
        with again.look(VISITOR) as sight:
            assert not sight.connection.execute(select(RECORDS)).all()
        with again.engine.connect() as connection:
            assert second_lock.state(connection)[0]
        again.close()


@on_postgresql
def test_an_owner_who_may_make_roles_makes_it(registry, worker_id, monkeypatch, postgres_server):
    monkeypatch.setattr(second_lock, "READER", f"reader_{worker_id}")
    with registry.writing() as connection:
        assert not second_lock.is_locked(connection)
        assert second_lock.lock(connection)
        assert second_lock.is_locked(connection)
        connection.execute(text(f"SET LOCAL ROLE reader_{worker_id}"))
        assert connection.scalar(select(func.count()).select_from(RECORDS)) == 0
        connection.execute(text("RESET ROLE"))
        connection.execute(text(f"DROP OWNED BY reader_{worker_id}"))
        connection.execute(text(f"DROP ROLE reader_{worker_id}"))


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_sqlite_has_one_lock(registry):
    with registry.engine.connect() as connection:
        assert second_lock.state(connection) == (True, "SQLite has one lock: the program's own")
        assert not second_lock.lock(connection)
