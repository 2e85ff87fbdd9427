"""
A second lock on PostgreSQL: the database itself lets a viewer's questions see what they may.

Every table with a `seen_by` column has a policy of row-level security. Questions are asked as a
role that the policies bind, with the conditions that the viewer meets told to the transaction; a
question that forgets `Sight.seen` gets the visible rows none the less. Changes, backups and
questions of administrators run as the owner of the tables, whom no policy binds.

The role belongs to the server, not to the database, and not every owner may make roles. Without
it everything works, behind the first lock alone; `state` says so and how to mend it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, inspect, text

READER = "triplehelix_reader"
MET = "triplehelix.met"
# Asked once per question, not once per row; a hash of it is probed for each row.
_POLICY = f"seen_by IN (SELECT unnest(string_to_array(current_setting('{MET}', true), ',')))"


def lock(connection: Connection) -> bool:
    """
    Put policies on the tables and let the reader read them; whether there is such a role.

    Run after each change of the tables; on SQLite there is no such lock.
    """
    if connection.dialect.name != "postgresql" or not _make_reader(connection):
        return False
    schema = connection.scalar(text("SELECT current_schema()"))
    for sentence in (
        f'GRANT USAGE ON SCHEMA "{schema}" TO {READER}',
        f'GRANT SELECT ON ALL TABLES IN SCHEMA "{schema}" TO {READER}',
        *(each for table in _guarded(connection) for each in _guard(table)),
    ):
        connection.execute(text(sentence))
    return True


def is_locked(connection: Connection) -> bool:
    """Whether questions can be asked behind the second lock."""
    return connection.dialect.name == "postgresql" and all(
        connection.execute(
            text(
                "SELECT r.oid IS NOT NULL AND pg_has_role(r.oid, 'MEMBER'), p.tablename IS NOT NULL"
                " FROM (SELECT 1) one LEFT JOIN pg_roles r ON r.rolname = :reader"
                " LEFT JOIN pg_policies p ON p.tablename = 'records' AND p.policyname = 'seen'"
                " AND p.schemaname = current_schema()"
            ),
            {"reader": READER},
        ).one()
    )


def go_behind(connection: Connection, met: Iterable[str]) -> None:
    """For the rest of the transaction, let nothing be read but rows of these conditions."""
    connection.execute(
        text(f"SELECT set_config('{MET}', :met, true), set_config('role', '{READER}', true)"),
        {"met": ",".join(met)},
    )


@contextmanager
def before(connection: Connection) -> Iterator[None]:
    """For what is read for everybody at once, and shown to each as far as it is seen: as owner."""
    if connection.dialect.name != "postgresql":
        yield
        return
    role = connection.scalar(text("SELECT current_setting('role')"))
    become = text("SELECT set_config('role', :role, true)")
    connection.execute(become, {"role": "none"})
    yield
    connection.execute(become, {"role": role})


def state(connection: Connection) -> tuple[bool, str]:
    """Whether the lock is there as it should be, and in words what to do if not."""
    if connection.dialect.name != "postgresql":
        return True, "SQLite has one lock: the program's own"
    if is_locked(connection):
        return True, f"row-level security, as {READER}"
    owner = connection.scalar(text("SELECT current_user"))
    return False, (
        f"no row-level security: {owner} may not make the role {READER}; as a superuser run "
        f'CREATE ROLE {READER} NOLOGIN; GRANT {READER} TO "{owner}"; then run `triplehelix '
        "registry upgrade`"
    )


def _make_reader(connection: Connection) -> bool:
    """Make the role if it is not there and we may; whether we may become it."""
    known = text("SELECT oid FROM pg_roles WHERE rolname = :reader")
    mine = text("SELECT pg_has_role(:reader, 'MEMBER')")
    may_make = text("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
    if connection.scalar(known, {"reader": READER}) is None:
        if not connection.scalar(may_make):
            return False
        connection.execute(text(f"CREATE ROLE {READER} NOLOGIN"))
    if not connection.scalar(mine, {"reader": READER}):
        if not connection.scalar(may_make):
            return False
        connection.execute(text(f"GRANT {READER} TO CURRENT_USER"))
    return True


def _guarded(connection: Connection) -> list[str]:
    seen = inspect(connection)
    return sorted(
        name
        for name in seen.get_table_names()
        if any(column["name"] == "seen_by" for column in seen.get_columns(name))
    )


def _guard(table: str) -> list[str]:
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'DROP POLICY IF EXISTS seen ON "{table}"',
        f'CREATE POLICY seen ON "{table}" FOR SELECT TO {READER} USING ({_POLICY})',
    ]
