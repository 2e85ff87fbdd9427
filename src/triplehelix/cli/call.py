"""The `call` command: from what is needed to the alliance that can give it."""

import os
from datetime import date, datetime
from pathlib import Path

import click

from triplehelix.cli.call_instance import PartialType
from triplehelix.cli.call_needs import NEEDS
from triplehelix.cli.call_schema import schema_command


@click.group("call")
def call_group() -> None:
    """A challenge, broken down into needs, and who can meet them."""


@call_group.command("solve")
@click.argument("call", required=False, type=click.Path(path_type=Path))
@click.option("--instance", type=click.Path(path_type=Path), help="A published instance's file.")
@click.option("--robust", type=click.IntRange(min=0), metavar="K",
              help="Everything is still covered after any K losses.")  # fmt: skip
@click.option("--partial", type=PartialType(),
              help="PERCENT of the weight is still covered after any K losses.")  # fmt: skip
@click.option("--recoverable", type=click.IntRange(min=0), metavar="K",
              help="Cost plus the dearest repair after up to K losses is least.")  # fmt: skip
@click.option("--capacity", type=click.FloatRange(min=0),
              help="Of warehouses, where the file has the word in its place.")  # fmt: skip
@click.option("--time-limit", type=click.FloatRange(min=0, min_open=True), default=60.0,
              show_default=True, metavar="SECONDS", help="Then the best is told.")  # fmt: skip
@click.option("--assets", type=click.Path(path_type=Path),
              help="Who could give: the registry's JSON Lines, or a CSV.")  # fmt: skip
@click.option("--registry", metavar="URL",
              help="Who could give: an SQLite file, postgresql://…, or @FILE.")  # fmt: skip
@click.option("--as", "who", metavar="public|USER",
              help="Of a registry, what visitors or a user see; else everything.")  # fmt: skip
@click.option("--edition", type=click.Path(path_type=Path),
              help="Of a registry, the edition that tells who has worked with whom.")  # fmt: skip
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
              help="The day to look from, where the call has no as_of.")  # fmt: skip
@click.option("--json", "json_", is_flag=True, help="Print JSON, for programs.")
def solve_command(
    call: Path | None, instance: Path | None, robust: int | None,
    partial: tuple[int, float] | None, recoverable: int | None, capacity: float | None,
    time_limit: float, assets: Path | None, registry: str | None, who: str | None,
    edition: Path | None, today: datetime | None, json_: bool,
) -> None:  # fmt: skip
    """Find the best alliance for a call, or the best solution of a published instance."""
    if call is not None:
        _only_for_instances(instance, capacity)
        losses, share = _losses(robust, partial, recoverable)
        registry = registry or (None if assets else os.environ.get("TRIPLEHELIX_REGISTRY"))
        if (assets is None) == (registry is None):
            raise click.UsageError("say who could give: --assets FILE, or --registry URL")
        if assets is not None and (who or edition):
            raise click.UsageError("--as and --edition are for --registry URL")
        # Imported when used, so that a quick question stays quick.
        from triplehelix.app.calls.losing import Losing
        from triplehelix.cli.call_solve import Givers, solve_call

        solve_call(
            call, Givers(assets, registry, who, edition),
            today=today.date() if today else date.today(), seconds=time_limit,
            losing=Losing(losses, share, recoverable or 0), as_json=json_,
        )  # fmt: skip
        return
    from triplehelix.app.calls.instances import Asked
    from triplehelix.cli.call_instance import print_instance

    if instance is None or any((assets, registry, who, edition, today)):
        raise click.UsageError(
            "name a call: triplehelix call solve CALL.yaml --assets FILE; or an instance: "
            "triplehelix call solve --instance FILE"
        )
    print_instance(
        instance, Asked(robust, partial, recoverable), seconds=time_limit, capacity=capacity,
        json_=json_,
    )  # fmt: skip


def _only_for_instances(instance: Path | None, *others: object) -> None:
    if instance is not None:
        raise click.UsageError("give a call or --instance FILE, not both")
    if any(one is not None for one in others):
        raise click.UsageError("--capacity is for --instance FILE")


def _losses(
    robust: int | None, partial: tuple[int, float] | None, recoverable: int | None
) -> tuple[int, float]:
    """How many losses, and which share of the weight stays covered."""
    if recoverable is not None and (robust is not None or partial is not None):
        raise click.UsageError("give --recoverable, --robust or --partial, not several")
    if partial is None:
        return robust or 0, 1.0
    if robust is not None:
        raise click.UsageError("give --robust or --partial, not both")
    return partial[0], partial[1] / 100


for command in (schema_command, *NEEDS):
    call_group.add_command(command)

CALL = (call_group,)
