"""Commands that make, keep and bring back a registry."""

from pathlib import Path

import click

from triplehelix.app.registry import backup, checkpoints
from triplehelix.app.registry.log import verify
from triplehelix.app.registry.tables import make, security, upgrade
from triplehelix.cli.registry_address import REGISTRY
from triplehelix.cli.show import table
from triplehelix.store.registry.opening import Registry

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("init")
@REGISTRY
@click.option("--key", type=FILE, help="Where to keep the log's key; FILE.key beside SQLite.")
@click.option("--origin", help="The log's name, such as registry.example.org/log.")
def init_command(address: str, key: Path | None, origin: str | None) -> None:
    """Make a new, empty registry, and the key that signs its audit log."""
    kept = checkpoints.keep_key(address, key, origin)
    make(address)
    click.echo(f"The registry is made; the key of its log is in {kept}. Keep a copy of the key")
    click.echo("apart from the backups. Next:")
    click.echo("  triplehelix registry user add …   the first administrator")
    click.echo("  triplehelix registry import FILE  records, from the formats you have")
    click.echo("  triplehelix serve DIR --registry … the atlas with its registry")
    _tell_security(address)


@click.command("upgrade")
@REGISTRY
def upgrade_command(address: str) -> None:
    """Bring a registry's tables to this version; take a backup first."""
    before, after = upgrade(address)
    click.echo(
        f"The registry was {before} and is {after}."
        if before != after
        else f"The registry is of version {after} already."
    )
    _tell_security(address)


@click.command("backup")
@click.argument("file", type=FILE)
@REGISTRY
def backup_command(file: Path, address: str) -> None:
    """Write the registry into FILE while it is in use."""
    done = backup.back_up_at(address, file)
    click.echo(f"{done.file}: {done.n_bytes:,} bytes. It holds everything: keep it as safe.")


@click.command("restore")
@click.argument("file", type=FILE)
@REGISTRY
def restore_command(file: Path, address: str) -> None:
    """Bring the registry in FILE back, into a new file or an empty database."""
    done = backup.restore(address, file, _log_is_sound)
    table(("restored", "rows"), done.counts.items())


def _log_is_sound(registry: Registry) -> bool:
    return not verify(registry).faults


def _tell_security(address: str) -> None:
    ok, said = security(address)
    click.echo(f"Second lock: {said}." if ok else f"Note: {said}.")


ADMIN = (init_command, upgrade_command, backup_command, restore_command)
