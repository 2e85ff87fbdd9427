"""A new, empty registry; and an older one brought to this version."""

from sqlalchemy import Connection, inspect
from sqlalchemy.dialects import postgresql, sqlite

from triplehelix.errors import RegistryError
from triplehelix.store.registry.opening import Registry, exists
from triplehelix.store.registry.second_lock import lock
from triplehelix.store.registry.tables import CONDITIONS
from triplehelix.store.registry.versions import HEAD, require_current, version_of


def create_registry(registry: Registry) -> None:
    """
    Make the tables of a new registry; a registry that is there already is brought to this version.

    Raises
    ------
    RegistryError
        If the database holds tables of something else, or a registry of a newer version.
    """
    with registry.writing() as connection:
        others = set(inspect(connection).get_table_names())
        if others and version_of(connection) is None:
            some = ", ".join(sorted(others)[:3])
            raise RegistryError(
                f"{_where(connection)} holds tables of something else, such as {some}; give the "
                "registry a database of its own"
            )
        _to_this_version(connection)


def upgrade_registry(registry: Registry) -> tuple[str, str]:
    """
    Bring a registry to this version, in one transaction; the versions before and after.

    Raises
    ------
    RegistryError
        If there is no registry, or one of a newer version.
    """
    with registry.writing() as connection:
        before = version_of(connection)
        if before is None:
            require_current(connection)
        _to_this_version(connection)
        return str(before), HEAD


def is_created(registry: Registry) -> bool:
    """Whether the database is there and holds a registry, of whatever version."""
    if not exists(registry.engine.url):
        return False
    with registry.reading() as connection:
        return version_of(connection) is not None


def require_registry(registry: Registry) -> None:
    """
    Go on only if there is a registry, of whatever version.

    Raises
    ------
    RegistryError
        If the file is missing or the database holds none.
    """
    with registry.reading() as connection:
        if version_of(connection) is None:
            require_current(connection)


def _to_this_version(connection: Connection) -> None:
    # Alembic takes a while to import, and those who only look have no need of it.
    from triplehelix.store.registry.migrating import upgrade

    if (version_of(connection) or "") > HEAD:
        require_current(connection)
    upgrade(connection)
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    everybody = {"condition": "everybody", "n_clauses": 0}
    connection.execute(make(CONDITIONS).on_conflict_do_nothing(), everybody)
    lock(connection)


def _where(connection: Connection) -> str:
    return connection.engine.url.render_as_string(hide_password=True)
