"""
A PostgreSQL of the tests' own: in a temporary folder, on a free loopback port, once per run.

The first test that needs it starts it, whichever worker of pytest-xdist that is; the process that
began the run stops it (`tests/conftest.py`). Where PostgreSQL is not installed such tests are
skipped and say so; in CI they fail.
"""

import fcntl
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from tests.needed import lacking

# Nothing here outlives the run, so nothing need reach the disk.
SETTINGS = {
    "listen_addresses": "127.0.0.1", "fsync": "off", "synchronous_commit": "off",
    "full_page_writes": "off", "max_connections": "300", "shared_buffers": "64MB",
    "autovacuum": "off", "timezone": "Asia/Kathmandu", "logging_collector": "off",
}  # fmt: skip
ABSENT = (
    "PostgreSQL is not installed: neither PATH nor /usr/lib/postgresql has initdb and pg_ctl; "
    "apt-get install postgresql"
)


def program(name: str) -> str | None:
    """The path of one of PostgreSQL's programs, of the newest version there is."""
    versions = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = sorted(versions, key=lambda path: float(path.parts[-3]))
    return str(newest[-1]) if newest else shutil.which(name)


def address(home: Path) -> str:
    """
    The running server's address, as its superuser; started if it is not running yet.

    `home` is the folder that all workers of this run share.
    """
    if not program("initdb") or not program("pg_ctl"):
        lacking(ABSENT)
    told = home / "postgres"
    with _alone(home / "postgres.lock"):
        if not told.exists():
            folder = Path(tempfile.mkdtemp(prefix="triplehelix-postgres-"))
            told.write_text(f"{folder}\n")
            told.write_text(f"{folder}\n{_start(folder)}\n")
        lines = told.read_text().splitlines()
    if len(lines) < 2:
        pytest.fail("PostgreSQL did not start for an earlier test; its error is told there")
    return lines[1]


def stop(home: Path) -> None:
    """Stop the server that this run started, if it did, and remove its files."""
    told = home / "postgres"
    if told.exists():
        folder = Path(told.read_text().splitlines()[0])
        if (folder / "files" / "postmaster.pid").exists():
            _run("pg_ctl", "stop", "-D", str(folder / "files"), "-m", "immediate", cwd=folder)
        shutil.rmtree(folder)
        told.unlink()


def make_database(server: str, name: str, template: str = "template1") -> str:
    """A new database, in the place of one of that name; its address, as its owner `keeper`."""
    with psycopg.connect(server, autocommit=True) as connection:
        named = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(named))
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER keeper TEMPLATE {}").format(
                named, sql.Identifier(template)
            )
        )
    return server.rpartition("/")[0].replace("//postgres:", "//keeper:") + f"/{name}"


def _start(folder: Path) -> str:
    """Make a cluster and start it; its address."""
    user, password, port = _user(), secrets.token_hex(16), _free_port()
    (folder / "password").write_text(password)
    if user is not None:
        for path in (folder, folder / "password"):
            shutil.chown(path, user, pwd.getpwnam(user).pw_gid)
    files = str(folder / "files")
    _run("initdb", "-D", files, "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync",
         "--auth=scram-sha-256", f"--pwfile={folder / 'password'}", cwd=folder)  # fmt: skip
    settings = {**SETTINGS, "port": str(port), "unix_socket_directories": str(folder)}
    written = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
    with (folder / "files" / "postgresql.conf").open("a") as configuration:
        configuration.write(written)
    _run("pg_ctl", "start", "-w", "-t", "60", "-D", files, "-l", f"{folder}/log", cwd=folder)
    server = f"postgresql://postgres:{quote(password)}@127.0.0.1:{port}/postgres"
    with psycopg.connect(server, autocommit=True) as connection:
        # Whoever keeps a registry is no superuser: that one sees through every policy.
        connection.execute(
            sql.SQL("CREATE ROLE keeper LOGIN CREATEROLE CREATEDB PASSWORD {}").format(password)
        )
        # Workers that made it at the same time would get into each other's way.
        connection.execute("CREATE ROLE triplehelix_reader NOLOGIN")
        connection.execute("GRANT triplehelix_reader TO keeper")
    return server


def _run(name: str, *arguments: str, cwd: Path) -> None:
    """Run one of PostgreSQL's programs, which refuse to be run by root."""
    path, user = program(name), _user()
    assert path is not None
    dropped = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    # To a file, not a pipe: the server keeps what it inherits, and a pipe would never end.
    with (cwd / f"{name}.out").open("w+") as said:
        done = subprocess.run(
            [path, *arguments], stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=cwd,
            **dropped,
        )  # fmt: skip
        said.seek(0)
        assert done.returncode == 0, f"{name}: {said.read()}"


def _user() -> str | None:
    """Who runs the server: ourselves, or for root somebody less."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
