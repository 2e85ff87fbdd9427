"""Commands that make or serve something: demo, fetch, sources, build, serve, editions, doctor."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from triplehelix.cli.progress import Bar
from triplehelix.cli.show import as_json, table

if TYPE_CHECKING:
    from triplehelix.app.registry.settings import RegistrySettings

FOLDER = click.Path(path_type=Path)
JSON = click.option("--json", "json_", is_flag=True, help="Print JSON, for programs.")
HOST = click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on.")
PORT = click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
TILES = click.option(
    "--tiles", metavar="URL", help="Raster tiles for the map: https://…/{z}/{x}/{y}.png"
)


@click.command("demo")
@PORT
@click.option("--no-serve", is_flag=True, help="Build the sample edition only.")
@click.option("--into", default=Path("demo"), type=FOLDER, show_default=True)
@click.option("--accounts", is_flag=True, help="Make demo accounts; print their passwords once.")
def demo_command(port: int, no_serve: bool, into: Path, accounts: bool) -> None:
    """Build the sample edition and its registry from packaged public facts, and serve them."""
    from triplehelix.app.build import build
    from triplehelix.app.registry.checkpoints import keep_key
    from triplehelix.app.registry.sample import keep_sample_registry
    from triplehelix.app.registry.settings import RegistrySettings
    from triplehelix.app.sample import sample_config, sample_inputs
    from triplehelix.store.edition import open_edition

    with Bar() as bar:
        build(sample_inputs(), into, sample_config(), progress=bar)
    registry = into.with_name(f"{into.name}.registry.db")
    keep_sample_registry(registry, open_edition(into))
    keep_key(str(registry))
    click.echo(f"The sample edition is in {into}, the sample registry in {registry}.")
    if accounts:
        _print_accounts(registry)
    if not no_serve:
        here = RegistrySettings(registry=str(registry), base_url=f"http://127.0.0.1:{port or 8000}")
        _serve(into, "127.0.0.1", port, None, here)


def _print_accounts(path: Path) -> None:
    from triplehelix.app.registry.demo_accounts import make_demo_accounts
    from triplehelix.store.registry.opening import open_registry

    registry = open_registry(str(path))
    try:
        for made in make_demo_accounts(registry):
            click.echo(f"{made.email}  {made.password}")
    finally:
        registry.close()
    click.echo("These passwords are not shown again.")


@click.command("fetch")
@click.argument("source", nargs=-1, required=True)
@click.option("--into", required=True, type=FOLDER, help="Folder to download into.")
@JSON
def fetch_command(source: tuple[str, ...], into: Path, json_: bool) -> None:
    """Download open datasets; what broke off is resumed, what is there is checked."""
    from triplehelix.app.fetch import fetch

    with Bar() as bar:
        fetched = fetch(
            source, into, progress=lambda each, done, total: bar(f"fetch {each.id}", done, total)
        )
    if json_:
        as_json(fetched)
    for each in [] if json_ else fetched:
        state = "unchanged" if each.unchanged else f"{each.bytes:,} bytes"
        click.echo(f"{each.path}  {state}  sha256 {each.sha256}")


@click.command("sources")
@JSON
def sources_command(json_: bool) -> None:
    """List what can be read: its licence, its address, how often it changes."""
    from triplehelix.read.sources import catalogue

    if json_:
        as_json(catalogue())
        return
    for source in catalogue():
        click.echo(f"{source.id}\n    {source.title} ({source.publisher})")
        click.echo(f"    {source.licence}; {source.updated}\n    {source.page}")


@click.command("build")
@click.argument("input", nargs=-1, required=True, type=FOLDER)
@click.option("--into", required=True, type=FOLDER, help="The edition; its link is DIR.")
@click.option("--config", type=FOLDER, help="Name and parameters (YAML).")
@click.option("--theme-scheme", type=FOLDER, help="Your own themes (YAML).")
@click.option("--earlier", type=FOLDER, help="Edition to compare with; it may be --into's own.")
@JSON
def build_command(
    input: tuple[Path, ...], into: Path, config: Path | None, theme_scheme: Path | None,
    earlier: Path | None, json_: bool,
) -> None:  # fmt: skip
    """
    Build an edition from open data.

    INPUT is a file, a folder, or a `*.map.yaml` that describes your own tables. The edition
    that was there before stays in DIR.editions until `triplehelix editions DIR prune`.
    """
    from triplehelix.app.build import build

    before = earlier.resolve() if earlier else None
    with Bar() as bar:
        edition = build(input, into, config, theme_scheme=theme_scheme, earlier=earlier,
                        progress=bar)  # fmt: skip
    if json_:
        as_json(edition.manifest)
        return
    table(
        ["file", "rows read", "kept", "rejected"],
        [[i["file"], i["rows_read"], i["rows_kept"], i["rows_rejected"]]
         for i in edition.manifest["inputs"]],
    )  # fmt: skip
    for sentence in edition.manifest["lineage"]["account"]:
        click.echo(sentence)
    if edition.path == before:
        click.echo("Nothing is new since the earlier edition; it stays the current one.")
    for warning in edition.manifest["warnings"]:
        click.echo(f"Warning: {warning}", err=True)
    counts = edition.manifest["counts"]
    click.echo(
        f"\n{counts['organisations']:,} organisations, {counts['activities']:,} activities, "
        f"{counts['clusters']:,} clusters in {into} (edition {edition.id[:12]}).\n"
        f"See them: triplehelix serve {into}"
    )


@click.command("serve")
@click.argument("dir", type=FOLDER)
@HOST
@PORT
@TILES
@click.option(
    "--registry",
    metavar="URL",
    envvar="TRIPLEHELIX_REGISTRY",
    help="Registry to serve with it: an SQLite file, postgresql://…, or @FILE.",
)
@click.option("--settings", type=FOLDER, help="How the registry is run: sign-in, mail (YAML).")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that answer.",
)
def serve_command(
    dir: Path, host: str, port: int, tiles: str | None, registry: str | None,
    settings: Path | None, workers: int,
) -> None:  # fmt: skip
    """Serve the atlas and the API of an edition, and of a registry."""
    from triplehelix.app.registry.settings import RegistrySettings, read_registry_settings

    here = RegistrySettings(base_url=f"http://127.0.0.1:{port or 8000}")
    chosen = read_registry_settings(settings) if settings else here
    if registry is not None:
        chosen = replace(chosen, registry=registry)
    _serve(dir, host, port, tiles, chosen, workers)


def _serve(
    folder: Path,
    host: str,
    port: int,
    tiles: str | None,
    registry: "RegistrySettings",
    workers: int = 1,
) -> None:
    from triplehelix.serve.run import serve

    serve(folder, host=host, port=port, tiles=tiles, registry=registry, workers=workers)


@click.command("editions")
@click.argument("dir", type=FOLDER)
@click.argument("action", required=False, type=click.Choice(["prune"]))
@JSON
def editions_command(dir: Path, action: str | None, json_: bool) -> None:
    """List the editions kept beside DIR, or `prune` all but the current one."""
    from triplehelix.app.editions import kept, prune

    found = prune(dir) if action == "prune" else kept(dir)
    if json_:
        as_json(found)
        return
    if action == "prune":
        click.echo(f"{len(found)} editions removed, {sum(e.size for e in found) / 1e6:.1f} MB.")
        return
    table(["edition", "name", "current", "MB"],
          [[e.id, e.name, "yes" if e.current else "", e.size / 1e6] for e in found])  # fmt: skip


@click.command("doctor")
@JSON
def doctor_command(json_: bool) -> None:
    """Check the installation, and say how to mend what is wrong."""
    from triplehelix.app.doctor import examine

    findings = examine()
    if json_:
        as_json(findings)
    for finding in [] if json_ else findings:
        click.echo(f"{'ok  ' if finding.ok else 'MEND'}  {finding.what}: {finding.detail}")
    if not all(finding.ok for finding in findings):
        raise SystemExit(1)


MAKING = (demo_command, build_command, serve_command, fetch_command, sources_command,
          editions_command, doctor_command)  # fmt: skip
