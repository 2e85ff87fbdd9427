"""Commands of the registry's audit log: verify-log, seal, checkpoint."""

from pathlib import Path

import click

from triplehelix.cli.registry_address import REGISTRY, opened
from triplehelix.cli.show import as_json
from triplehelix.errors import InputError
from triplehelix.store.registry.verifying import Verified

KEY = click.option(
    "--key", type=click.Path(path_type=Path), metavar="FILE",
    help="The log's signing key; FILE.key beside an SQLite file.",
)  # fmt: skip


@click.command("verify-log")
@REGISTRY
@click.option("--checkpoint", "held", type=click.Path(path_type=Path), metavar="FILE",
              help="A checkpoint that was kept elsewhere.")  # fmt: skip
@click.option("--json", "json_", is_flag=True, help="Print JSON, for programs.")
def verify_log_command(address: str, held: Path | None, json_: bool) -> None:
    """
    Check that nothing in the audit log was altered, removed or put in.

    A log that is checked against itself proves little: give a checkpoint that was mailed to you,
    or saved from /log/checkpoint earlier. Exit code 1 if anything does not fit.
    """
    from triplehelix.app.registry.log import verify

    with opened(address) as registry:
        found = verify(registry, None if held is None else _note(held))
    if json_:
        as_json(found.asdict())
    else:
        _tell(found)
    if not found.sound:
        raise SystemExit(1)


def _note(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(f"{path} cannot be read as a checkpoint ({err}); check the path") from err


def _tell(found: Verified) -> None:
    if not found.sound:
        click.echo(f"The log does not verify: {found.n_faults} faults.", err=True)
        for fault in found.faults:
            click.echo(f"  {fault}", err=True)
        return
    click.echo(
        f"The log is sound: {found.entries:,} entries ({found.erased:,} erased, {found.unsealed:,} "
        f"awaiting the next seal), {found.size:,} leaves, {found.checkpoints:,} checkpoints of "
        f"{found.origin or 'no origin yet'}."
    )
    if found.held is not None:
        click.echo(
            f"It goes on from the checkpoint of size {found.held:,} that was kept elsewhere."
        )
    else:
        click.echo("It was checked against itself only; give --checkpoint FILE kept elsewhere.")


@click.command("seal")
@REGISTRY
@KEY
@click.option("--now", is_flag=True, help="Even if this interval has been sealed.")
@click.option("--new-key", is_flag=True, help="Make the key first, if there is none.")
@click.option("--origin", help="The log's name, for a key that is made.")
def seal_command(
    address: str, key: Path | None, now: bool, new_key: bool, origin: str | None
) -> None:
    """Seal the audit log and print the signed checkpoint."""
    from triplehelix.app.registry.checkpoints import make_key, publish, signing_key
    from triplehelix.store.registry.sealing import INTERVAL

    with opened(address) as registry:
        if new_key:
            click.echo(f"The log's key is in {make_key(address, key, origin)}.", err=True)
        signing = signing_key(address, key)
        done = publish(registry, signing, interval=None if now else INTERVAL)
    if done.checkpoint is None:
        click.echo("This interval has been sealed already.", err=True)
    else:
        click.echo(done.checkpoint, nl=False)


@click.command("checkpoint")
@REGISTRY
def checkpoint_command(address: str) -> None:
    """Print the newest signed checkpoint of the audit log."""
    from triplehelix.app.registry.log import checkpoint

    with opened(address) as registry:
        click.echo(checkpoint(registry), nl=False)


LOG = (verify_log_command, seal_command, checkpoint_command)
