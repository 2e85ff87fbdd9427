"""Commands that bring files into a registry and write them out of it."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from triplehelix.cli.registry_address import AS, REGISTRY, opened, viewer
from triplehelix.cli.show import as_json, table

if TYPE_CHECKING:
    from triplehelix.registry.exchange.reports import ImportReport

JSON = click.option("--json", "json_", is_flag=True, help="Print JSON, for programs.")
_SHOWN_MOST = 200


@click.command("import")
@click.argument("file", type=str)
@REGISTRY
@click.option("--format", "form", type=click.Choice(["uniquip", "jisc", "pidinst", "jsonl"]),
              help="What the file is; told by its content unless given.")  # fmt: skip
@click.option("--member", "member_id", metavar="ID", help="The member whose assets these are.")
@click.option("--network", "network_id", metavar="ID",
              help="The network whose stewards look after them.")  # fmt: skip
@click.option("--visibility", default="private", show_default=True,
              help="Of new records: public, signed-in, network:ID and so on.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Let nothing in if any row is faulty.")
@click.option("--dry-run", is_flag=True, help="Tell what would happen, and change nothing.")
@click.option("--corrections", type=click.Path(path_type=Path),
              help="Write the faulty rows to this file, to correct and import.")  # fmt: skip
@JSON
def import_command(
    file: str, address: str, form: str | None, member_id: str | None, network_id: str | None,
    visibility: str, strict: bool, dry_run: bool, corrections: Path | None, json_: bool,
) -> None:  # fmt: skip
    """
    Bring a file of assets into a registry, with a report on each row.

    FILE is UNIQUIP (CSV, TSV, XLS, XLSX), Jisc or PIDINST (JSON), or this registry's own JSON
    Lines. Without --member and --network the records are unassigned.
    """
    from triplehelix.app.registry.importing import corrections_file, import_file, report_json
    from triplehelix.registry.viewer import COMMAND_LINE

    with opened(address) as registry:
        report = import_file(
            registry, COMMAND_LINE, file, format=form, member_id=member_id,
            network_id=network_id, visibility=visibility, strict=strict, dry_run=dry_run,
        )  # fmt: skip
    if corrections is not None and report.faulty:
        corrections.write_bytes(corrections_file(report))
    if json_:
        as_json(report_json(report))
    else:
        _show(report, corrections)
    if strict and report.faulty:
        raise SystemExit(1)


def _show(report: "ImportReport", corrections: Path | None) -> None:
    for message in report.messages:
        click.echo(f"Note: {message}")
    told = [row for row in report.rows if row.messages]
    if told:
        table(["row", "status", "name", "what to do"], [
            [str(row.number), str(row.status), row.name[:40], " | ".join(map(str, row.messages))]
            for row in told[:_SHOWN_MOST]
        ])  # fmt: skip
    if len(told) > _SHOWN_MOST:
        click.echo(f"... and {len(told) - _SHOWN_MOST:,} rows more; --json tells of all")
    counts = ", ".join(f"{n:,} {status}" for status, n in report.counts.items())
    click.echo(f"{len(report.rows):,} rows of {report.format}: {counts}.")
    if not report.kept:
        why = "this was a trial" if report.dry_run else "some rows are faulty (--strict)"
        click.echo(f"Nothing was written: {why}.")
    if corrections is not None and report.faulty:
        click.echo(f"The faulty rows are in {corrections}; correct them there, and import it.")


@click.command("export")
@REGISTRY
@click.option("--format", "form", required=True,
              type=click.Choice(["uniquip", "jisc", "pidinst", "jsonl", "jsonld", "dcat"]),
              help="jsonl holds all; jsonld (schema.org) and dcat what is public.")  # fmt: skip
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False),
              help="The file to write; uniquip: FILE.csv, .tsv or .xlsx.")  # fmt: skip
@AS
@click.option("--page", default="", metavar="URL", help="The registry's address on the web.")
def export_command(address: str, form: str, out: Path, who: str | None, page: str) -> None:
    """Write what somebody sees of a registry to a file."""
    from triplehelix.app.registry.exporting import TABLES, export

    ending = out.suffix.lower().removeprefix(".")
    if form == "uniquip" and ending not in TABLES:
        raise click.UsageError(
            f"--out {out.name} tells no kind of table; end it in .csv, .tsv or .xlsx"
        )
    with opened(address) as registry:
        pieces = export(registry, viewer(registry, who), form,
                        table_format=ending if form == "uniquip" else "csv", page=page)  # fmt: skip
        _write(pieces, out)
    click.echo(f"{out}: {out.stat().st_size:,} bytes of {form}")


def _write(pieces: Iterable[bytes], out: Path) -> None:
    """All of it, or nothing: what was at the path before stays until the new file is whole."""
    beside = out.with_name(f".{out.name}.part")
    try:
        with beside.open("wb") as stream:
            stream.writelines(pieces)
        beside.replace(out)
    except OSError as err:
        raise click.ClickException(
            f"{out} cannot be written ({err.strerror}); check the folder and its disk"
        ) from err
    finally:
        beside.unlink(missing_ok=True)


EXCHANGE = (import_command, export_command)
