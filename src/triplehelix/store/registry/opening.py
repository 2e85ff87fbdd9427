"""Opening a registry's database, and its transactions."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from psycopg import Error as PostgresError
from psycopg.errors import UndefinedTable
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    InternalError,
    InvalidatePoolError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as OutOfConnections
from sqlalchemy.pool import ConnectionPoolEntry

from triplehelix.errors import Conflict, RegistryError
from triplehelix.registry.ids import RANDOM_BYTES, new_id
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.second_lock import is_locked
from triplehelix.store.registry.sight import Sight
from triplehelix.store.registry.versions import require_current

_BUSY_MS = 30_000
# A connection to PostgreSQL that was used so short a while ago is not asked whether it is there.
_TRUSTED_S = 5.0
# What we have asked wrongly; all else tells of the database's state.
_OURS = (DataError, IntegrityError, InternalError, NotSupportedError, ProgrammingError)
# Any number that other programs in the same database do not lock.
_CHANGING = 7_407_311_905


def _now() -> datetime:
    return datetime.now(UTC)


def _random_id(kind: str) -> str:
    return new_id(kind, secrets.token_bytes(RANDOM_BYTES))


class Registry:
    """
    A registry's database: what can be seen of it, and changes to it.

    Parameters
    ----------
    engine : of SQLite or PostgreSQL.
    clock : tells the moment, in UTC.
    ids : makes a new id of a kind.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        clock: Callable[[], datetime] = _now,
        ids: Callable[[str], str] = _random_id,
    ) -> None:
        self.engine, self.clock, self.ids = engine, clock, ids
        self._locked: bool | None = None

    @contextmanager
    def look(self, viewer: Viewer) -> Iterator[Sight]:
        """
        What a viewer sees, at one moment, of everything.

        Raises
        ------
        RegistryError
            If the database cannot be reached or is busy, or its registry is of another version.
        """
        if self._locked is None:
            require_file(self.engine.url)
        with _told(self.engine), self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                # Else each question is answered as of its own moment.
                connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            sight = Sight(connection, viewer, self.clock())
            if self._examined(connection):
                sight.go_behind_second_lock()
            yield sight

    @contextmanager
    def change(self, viewer: Viewer) -> Iterator[Change]:
        """
        Changes by a viewer: all of them, or none if an error is raised inside.

        When the block has ended without an error they are kept, even if the process is killed.
        Changes come one after the other, on both engines: what one has checked, no other alters
        before it has ended.

        Raises
        ------
        Conflict
            If an id or a source id is taken, or what a record refers to has been removed.
        RegistryError
            If others kept the database busy for half a minute.
        """
        try:
            with self.writing() as connection:
                self._examined(connection)
                _one_after_the_other(connection)
                change = Change(connection, viewer, self.clock(), self.ids)
                yield change
                change.flush()
        except IntegrityError as err:
            raise Conflict(
                "an id or a source id of these records is taken, or something they belong to is "
                "gone; look at what is there and try again"
            ) from err

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads what no visibility is about, of a registry of any version."""
        require_file(self.engine.url)
        with _told(self.engine), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes, for the parts of the store that hold no records."""
        with _told(self.engine), self.engine.connect() as connection:
            connection.info["writes"] = True
            try:
                with connection.begin():
                    yield connection
            finally:
                connection.info.pop("writes", None)

    def _examined(self, connection: Connection) -> bool:
        """Whether there is a second lock; asked once, as is whether the version is ours."""
        if self._locked is None:
            require_current(connection)
            self._locked = is_locked(connection)
        return self._locked

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def open_registry(address: str, **chosen: Any) -> Registry:
    """
    Open a registry.

    Parameters
    ----------
    address : `sqlite:///FILE`, `postgresql://…`, or the path of an SQLite file; `@FILE` is a file
        whose first line is the address, so that no password stands in the list of processes.
    chosen : `clock` and `ids` of `Registry`.

    Raises
    ------
    RegistryError
        If the address is none, or there is no database.
    """
    return Registry(connect(registry_url(address)), **chosen)


def registry_url(address: str) -> URL:
    """The address of a registry, read from a file where it is `@FILE`."""
    if address.startswith("@"):
        address = _first_line(Path(address[1:]))
    if "://" not in address:
        return URL.create("sqlite", database=address)
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as err:
        raise RegistryError(
            "the address of the registry is none; write sqlite:///FILE or "
            "postgresql://USER:PASSWORD@HOST/DATABASE"
        ) from err
    engine = url.get_backend_name()
    if engine not in ("sqlite", "postgresql"):
        raise RegistryError(
            f"a registry cannot be kept in {engine}; use sqlite:///FILE or postgresql://…"
        )
    return url.set(drivername="postgresql+psycopg") if engine == "postgresql" else url


def _first_line(path: Path) -> str:
    try:
        return path.read_text("utf-8").splitlines()[0].strip()
    except (OSError, IndexError, UnicodeDecodeError) as err:
        raise RegistryError(
            f"{path} could not be read for the registry's address ({err}); write the address on "
            "its first line"
        ) from err


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    """Say in our words that the database cannot be reached, is busy or holds no registry."""
    try:
        yield
    except (DBAPIError, OutOfConnections) as err:
        if isinstance(err, _OURS) and not isinstance(err.orig, UndefinedTable):
            raise
        where = engine.url.render_as_string(hide_password=True)
        raise RegistryError(f"{where}: {_trouble(err)}") from err


def _trouble(err: Exception) -> str:
    cause = str(getattr(err, "orig", err)).strip().splitlines()[0]
    if "no such table" in cause or "does not exist" in cause:
        return f"holds no registry of this version ({cause}); run `triplehelix registry upgrade`"
    if "locked" in cause or "lock timeout" in cause or isinstance(err, OutOfConnections):
        return "others keep the registry busy; try again in a minute"
    return f"it cannot be used ({cause}); is it running, and is the address right?"


def _one_after_the_other(connection: Connection) -> None:
    """Wait for the change that is under way; on SQLite a transaction that writes has waited."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_BUSY_MS}")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CHANGING})")


def connect(url: URL) -> Engine:
    """An engine whose transactions on SQLite begin when they should."""
    if url.get_backend_name() == "postgresql":
        # Plans are made anew with the values at hand: one for any list of conditions is poor.
        engine = create_engine(
            url, pool_size=20, max_overflow=30, connect_args={"prepare_threshold": None}
        )
        event.listen(engine, "checkin", _put_back)
        event.listen(engine, "checkout", partial(_still_there, engine.dialect))
        return engine
    engine = create_engine(
        url, pool_size=20, max_overflow=30, connect_args={"timeout": _BUSY_MS / 1000}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _put_back(_: object, entry: ConnectionPoolEntry) -> None:
    entry.info["put_back"] = monotonic()


def _still_there(dialect: Dialect, raw: Any, entry: ConnectionPoolEntry, _: object) -> None:
    """
    Have a connection that the server has closed replaced, and with it all that are as old.

    As `pool_pre_ping` would, but for connections that were in use a moment ago: asking each time
    is one more way to the server and back for every question.
    """
    if monotonic() - entry.info.get("put_back", 0.0) < _TRUSTED_S:
        return
    try:
        dialect.do_ping(raw)
    except PostgresError as err:
        raise InvalidatePoolError from err


def _prepare_sqlite(raw: Any, _: object) -> None:
    # The driver would begin transactions late, and never for reading: we begin them ourselves.
    raw.isolation_level = None
    cursor = raw.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON",
                   f"busy_timeout = {_BUSY_MS}"):  # fmt: skip
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later could not be let in: take the lock at once.
    writes = connection.info.get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def require_file(url: URL) -> None:
    """Go on only if an SQLite file is there: the driver would make an empty one."""
    if not exists(url):
        raise RegistryError(
            f"there is no file {url.database}; make a registry with `triplehelix registry init`, "
            "or mend the address"
        )


def exists(url: URL) -> bool:
    """Whether an SQLite file is there; a PostgreSQL server must be asked."""
    in_memory = url.database in (None, "", ":memory:")
    return url.get_backend_name() != "sqlite" or in_memory or Path(str(url.database)).exists()
