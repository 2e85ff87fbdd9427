"""Make a registry, bring it to this version, and say how it is guarded."""

from collections.abc import Iterator
from contextlib import contextmanager

from triplehelix.store.registry import second_lock
from triplehelix.store.registry.creating import create_registry, upgrade_registry
from triplehelix.store.registry.opening import Registry, open_registry


def make(address: str) -> None:
    """
    Make a new, empty registry; one that is there is brought to this version.

    Raises
    ------
    RegistryError
        If the database cannot be reached, or holds something else.
    """
    with _open(address) as registry:
        create_registry(registry)


def upgrade(address: str) -> tuple[str, str]:
    """
    Bring a registry to this version; the versions before and after.

    Raises
    ------
    RegistryError
        If there is none, or it is of a newer version.
    """
    with _open(address) as registry:
        return upgrade_registry(registry)


def security(address: str) -> tuple[bool, str]:
    """Whether the database guards the rows as well, and what to do where it could and does not."""
    with _open(address) as registry, registry.reading() as connection:
        return second_lock.state(connection)


@contextmanager
def _open(address: str) -> Iterator[Registry]:
    registry = open_registry(address)
    try:
        yield registry
    finally:
        registry.close()
