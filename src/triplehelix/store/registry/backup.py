"""
A registry in one file, taken while it is written to; and a registry from such a file.

The file holds the state of one moment: every change that was acknowledged before the backup began
is in it. It is written beside its place, brought to the disk, looked through, and only then given
its name, so that a file of that name is always whole. It holds what the database holds, hidden
records and secrets too, and only its owner may read it.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import func, inspect, select
from sqlalchemy.engine import URL

from triplehelix.errors import RegistryError
from triplehelix.store.registry.opening import Registry, exists
from triplehelix.store.registry.tables import (
    CAPACITIES,
    LOG_ENTRIES,
    RECORDS,
    RESERVATIONS,
    USERS,
)

_COUNTED = (CAPACITIES, RESERVATIONS, USERS, LOG_ENTRIES)
_SQLITE, _POSTGRESQL = b"SQLite format 3\0", b"PGDMP"
# Made again by `second_lock.lock`: another server may lack the role that they are for.
_LOCKS = (" POLICY ", " ROW SECURITY ", " ACL ")
_SETTINGS = {"host": "PGHOST", "port": "PGPORT", "username": "PGUSER", "password": "PGPASSWORD",
             "database": "PGDATABASE"}  # fmt: skip
_QUERY = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "host": "PGHOST",
          "port": "PGPORT", "passfile": "PGPASSFILE", "service": "PGSERVICE"}  # fmt: skip


def back_up(registry: Registry, target: Path) -> None:
    """
    Write a registry into a file; one that is there is replaced once the new one is whole.

    Raises
    ------
    RegistryError
        If it cannot be written, or `pg_dump` is missing or fails.
    """
    try:
        with _whole(target) as part:
            if registry.engine.dialect.name == "sqlite":
                _copy_sqlite(str(registry.engine.url.database), part)
            else:
                _postgresql("pg_dump", registry.engine.url, "--format=custom", "--no-owner",
                            f"--file={part}")  # fmt: skip
                _listed(part)
    except (OSError, sqlite3.Error) as err:
        raise RegistryError(
            f"{target}: the backup could not be written ({err}); free space, or choose another "
            "folder"
        ) from err


def restore(source: Path, registry: Registry) -> None:
    """
    Fill an empty database, or an SQLite file that is not there yet, from a backup.

    Raises
    ------
    RegistryError
        If the file is no backup of this engine or damaged, or the database is not empty.
    """
    engine = registry.engine
    _require_empty(registry)
    try:
        with source.open("rb") as file:
            start = file.read(16)
    except OSError as err:
        raise RegistryError(f"{source} could not be read ({err}); give a backup's file") from err
    wanted = _SQLITE if engine.dialect.name == "sqlite" else _POSTGRESQL
    if not start.startswith(wanted):
        raise RegistryError(
            f"{source} is no backup of a registry in {engine.dialect.name}; from one engine to "
            "the other move by JSON Lines (`triplehelix registry export` and `import`)"
        )
    if engine.dialect.name == "sqlite":
        with _whole(Path(str(engine.url.database))) as part:
            shutil.copyfile(source, part)
            _require_sound(part, source)
    else:
        _restore_postgresql(source, engine.url)


def counts(registry: Registry) -> dict[str, int]:
    """How many records of each kind, capacities, reservations, users and entries of the log."""
    with registry.reading() as connection:
        kinds = select(RECORDS.c.kind, func.count()).group_by(RECORDS.c.kind)
        found = {f"{kind}s": n for kind, n in connection.execute(kinds.order_by(RECORDS.c.kind))}
        for table in _COUNTED:
            found[table.name] = connection.scalar(select(func.count()).select_from(table)) or 0
    return found


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """A file to write that gets its name at the end, and is on the disk then."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    try:
        part.touch(mode=0o600)
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        part.unlink(missing_ok=True)


def _copy_sqlite(database: str, part: Path) -> None:
    # In one step: a backup in several begins again whenever somebody writes.
    with (
        closing(sqlite3.connect(f"file:{_quoted(database)}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(part)) as copy,
    ):
        live.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode = DELETE")
    _require_sound(part, part)


def _quoted(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _require_sound(part: Path, named: Path) -> None:
    try:
        with closing(sqlite3.connect(part)) as copy:
            said = copy.execute("PRAGMA integrity_check").fetchone()[0]
            copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as err:
        said = str(err)
    if said != "ok":
        raise RegistryError(f"{named} is damaged or no registry ({said}); take another backup")


def _require_empty(registry: Registry) -> None:
    url = registry.engine.url
    if registry.engine.dialect.name == "sqlite":
        there = exists(url) and Path(str(url.database)).stat().st_size > 0
        # What a database that was here left behind would be read into the new one.
        there = there or any(Path(f"{url.database}-{end}").exists() for end in ("wal", "journal"))
    else:
        with registry.reading() as connection:
            there = bool(inspect(connection).get_table_names())
    if there:
        raise RegistryError(
            f"{url.render_as_string(hide_password=True)} is not empty; restore into a new file or "
            "an empty database, look at it, and let the server use that"
        )


def _restore_postgresql(source: Path, url: URL) -> None:
    wanted = [line for line in _listed(source).splitlines() if not any(k in line for k in _LOCKS)]
    chosen = "\n".join(wanted)
    _postgresql("pg_restore", url, "--no-owner", "--no-privileges", "--single-transaction",
                "--exit-on-error", "--use-list=/dev/stdin", f"--dbname={url.database}",
                str(source), said=chosen)  # fmt: skip


def _listed(source: Path) -> str:
    return _postgresql("pg_restore", None, "--list", str(source))


def _postgresql(name: str, url: URL | None, *arguments: str, said: str = "") -> str:
    """Run one of PostgreSQL's programs; the password goes by its environment, seen by nobody."""
    try:
        done = subprocess.run(
            [_program(name), *arguments], input=said, capture_output=True, text=True,
            env={**os.environ, **(_environment(url) if url is not None else {})}, check=False,
        )  # fmt: skip
    except OSError as err:
        raise RegistryError(
            f"{name} could not be run ({err}); install the PostgreSQL client programs "
            "(apt-get install postgresql-client)"
        ) from err
    if done.returncode:
        raise RegistryError(
            f"{name} failed ({done.stderr.strip()[:500]}); its version must be at least the "
            "server's"
        )
    return done.stdout


def _environment(url: URL) -> dict[str, str]:
    parts = {name: getattr(url, part) for part, name in _SETTINGS.items()}
    query = {_QUERY[key]: value for key, value in url.query.items() if key in _QUERY}
    return {name: str(value) for name, value in {**parts, **query}.items() if value is not None}


def _program(name: str) -> str:
    """The newest on Debian, where each version has a folder of its own; else that of PATH."""
    versions = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = sorted(versions, key=lambda path: float(path.parts[-3]))
    return str(newest[-1]) if newest else name
