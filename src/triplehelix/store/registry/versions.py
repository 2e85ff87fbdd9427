"""The version of a registry's tables, and whether the database at hand is of ours."""

from sqlalchemy import Connection, column, inspect, select, table

from triplehelix.errors import RegistryError

# The last step in `migrations/versions`; a test holds that it is.
HEAD = "v0003"
_KEPT = table("alembic_version", column("version_num"))


def version_of(connection: Connection) -> str | None:
    """The version of the registry in a database; None where there is no registry."""
    if not inspect(connection).has_table(_KEPT.name):
        return None
    found: str | None = connection.scalar(select(_KEPT.c.version_num))
    return found


def require_current(connection: Connection) -> None:
    """
    Go on only if the database holds a registry of this version.

    Raises
    ------
    RegistryError
        If it holds none, or one of another version: what to run.
    """
    found = version_of(connection)
    if found == HEAD:
        return
    where = connection.engine.url.render_as_string(hide_password=True)
    if found is None:
        raise RegistryError(f"{where} holds no registry; make one with `triplehelix registry init`")
    if found > HEAD:
        raise RegistryError(
            f"{where} holds a registry of version {found}, and this program knows {HEAD}; install "
            "the newer program"
        )
    raise RegistryError(
        f"{where} holds a registry of version {found}, and this program needs {HEAD}; back it up, "
        "then run `triplehelix registry upgrade`"
    )
