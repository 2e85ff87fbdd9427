"""`triplehelix registry enquiries`: what waits, how long answers take, and what time erases."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from triplehelix.cli.registry_address import AS, REGISTRY, opened, viewer
from triplehelix.cli.show import as_json, table

if TYPE_CHECKING:
    from triplehelix.app.enquiries.times import Waits

JSON = click.option("--json", "json_", is_flag=True, help="Print JSON, for programs.")


@click.group("enquiries")
def enquiries_group() -> None:
    """Enquiries: what waits for an answer, how long answers take, what time erases."""


@enquiries_group.command("list")
@REGISTRY
@AS
@JSON
def list_command(address: str, who: str | None, json_: bool) -> None:
    """List what waits for an answer, the longest first; nothing that the askers wrote."""
    from dataclasses import replace

    from triplehelix.app.enquiries.desk import desk

    with opened(address) as registry:
        found = [
            replace(row, asker=None, beginning=None)
            for row in desk(registry, viewer(registry, who)).waiting
        ]
    if json_:
        as_json(found)
        return
    table(
        ["since", "about", "with", "state", "id"],
        [[row.made_at.date().isoformat(), f"{row.about_kind} {row.about or ''}".strip(),
          ", ".join(one.name for one in row.to) or ("front desk" if row.at_desk else None),
          row.state, row.enquiry_id]
         for row in found],
    )  # fmt: skip


@enquiries_group.command("times")
@REGISTRY
@JSON
def times_command(address: str, json_: bool) -> None:
    """Print how long enquiries of the last year wait for an answer, as the atlas publishes it."""
    from triplehelix.app.enquiries.times import answer_times

    with opened(address) as registry:
        found = answer_times(registry)
    if json_:
        as_json(found)
        return

    table(
        ["", "enquiries", "answered", "median days", "95 %"],
        [_row("all", found.all), *(_row(n.network.name, n.waits) for n in found.networks),
         _row("front desk", found.desk)],
    )  # fmt: skip


@enquiries_group.command("sweep")
@REGISTRY
@click.option("--settings", "settings_file", type=click.Path(path_type=Path), metavar="FILE",
              help="How the registry is run: its `enquiries`.")  # fmt: skip
def sweep_command(address: str, settings_file: Path | None) -> None:
    """
    Close enquiries that were answered long ago, and erase what is personal in those long closed.

    `triplehelix serve` does it by itself after each seal of the log.
    """
    from triplehelix.app.enquiries.sweeping import sweep
    from triplehelix.app.registry.settings import RegistrySettings, read_registry_settings

    settings = read_registry_settings(settings_file) if settings_file else RegistrySettings()
    with opened(address) as registry:
        done = sweep(registry, settings.enquiries)
    click.echo(f"{done.closed} closed, {done.given_up} closed unanswered, {done.erased} erased.")


ENQUIRIES = (enquiries_group,)


def _row(name: str, waits: "Waits") -> list[object]:
    if waits.n is None:
        return [name, "held back", "", "", ""]
    median, low, high = (
        "–" if days is None else f"{days:g}"
        for days in (waits.median_days, waits.low_days, waits.high_days)
    )
    return [name, waits.n, waits.answered, median, f"{low} to {high}"]
