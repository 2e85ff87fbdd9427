"""Keep the registry in a file, and bring it back."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from triplehelix.errors import RegistryError
from triplehelix.store.registry import backup
from triplehelix.store.registry.creating import require_registry, upgrade_registry
from triplehelix.store.registry.opening import Registry, open_registry


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was taken: its file, its size in bytes."""

    file: Path
    n_bytes: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back: how many of each kind of thing, and the version it was of."""

    counts: dict[str, int]
    version: str


def back_up(registry: Registry, file: Path) -> BackedUp:
    """
    Write a registry, as of one moment, into a file, while it goes on being used.

    Raises
    ------
    RegistryError
        If it cannot be read or written.
    """
    require_registry(registry)
    backup.back_up(registry, file)
    return BackedUp(file, file.stat().st_size)


def back_up_at(address: str, file: Path) -> BackedUp:
    """As `back_up`, of the registry at an address."""
    registry = open_registry(address)
    try:
        return back_up(registry, file)
    finally:
        registry.close()


def restore(
    address: str, file: Path, log_is_sound: Callable[[Registry], bool] | None = None
) -> Restored:
    """
    Bring a registry back from a file into an empty database, and to this version.

    Parameters
    ----------
    address : of the new registry, as `open_registry` takes it.
    file : written by `back_up`, on the same engine.
    log_is_sound : tells whether the audit log of what was restored verifies.

    Raises
    ------
    RegistryError
        If the database is not empty, the file is no such backup, or the log does not verify.
    """
    registry = open_registry(address)
    try:
        backup.restore(file, registry)
        before, _ = upgrade_registry(registry)
        if log_is_sound is not None and not log_is_sound(registry):
            raise RegistryError(
                f"{file} was restored, and its audit log does not verify; do not use it, and look "
                "with `triplehelix registry verify-log`"
            )
        return Restored(backup.counts(registry), before)
    finally:
        registry.close()
