"""`triplehelix find`: one search over an edition and, if one is given, a registry."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from triplehelix.cli.ask import DIR, JSON
from triplehelix.cli.registry_address import AS, opened, viewer
from triplehelix.cli.show import as_json, interval

if TYPE_CHECKING:
    from triplehelix.app.front.finding import Answer
    from triplehelix.app.front.needs import NeedFound


@click.command("find")
@click.argument("query")
@DIR
@click.option(
    "--registry", "address", envvar="TRIPLEHELIX_REGISTRY", metavar="URL",
    help="A registry whose assets, members and calls are found too: an SQLite file, "
    "postgresql://…, or @FILE [env: TRIPLEHELIX_REGISTRY].",
)  # fmt: skip
@AS
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True)
@JSON
def find_command(
    query: str, dir: Path, address: str | None, who: str | None, limit: int, json_: bool
) -> None:
    """Find what is called so, and what a need in words leads to: assets, clusters, an offer."""
    from datetime import UTC, datetime

    from triplehelix.app.front.finding import find, find_in_edition
    from triplehelix.app.registry.search import shipped_capabilities
    from triplehelix.store.edition import open_edition

    edition = open_edition(dir)
    if address is None:
        answer = find_in_edition(edition, query, datetime.now(UTC).date(), limit=limit)
    else:
        with opened(address) as registry:
            answer = find(registry, viewer(registry, who), edition, query, shipped_capabilities(),
                          limit=limit)  # fmt: skip
    if json_:
        as_json(answer)
    else:
        _print(answer)


FINDING = (find_command,)


def _print(answer: "Answer") -> None:
    if answer.is_empty:
        place = f" The place {answer.place.name} was understood." if answer.place else ""
        click.echo(f"Nothing was found.{place} Try fewer words, or what you need with an amount.")
    for need in answer.needs:
        click.echo(f"need: {need.label}{_told(need)}  (because of: {'; '.join(need.because)})")
        if need.n_able is not None:
            near = "" if need.n_near is None else f", {need.n_near} near there"
            click.echo(f"  {need.n_able} assets can do it{near}")
        for asset in need.assets:
            click.echo(f"  {asset.name}  [{asset.asset_id}]")
    for theme in answer.themes:
        click.echo(f"theme: {theme.label}  (because of: {'; '.join(theme.because)})")
        for one in theme.clusters:
            quotient = interval(one.location_quotient, one.low, one.high)
            click.echo(f"  {one.name}: location quotient {quotient}, evidence {one.evidence}")
    for kind in answer.kinds:
        click.echo(f"{kind.kind}: {kind.total:,}")
        for hit in kind.hits:
            click.echo(f"  {hit.name}  [{hit.id}]")


def _told(need: "NeedFound") -> str:
    amount = "" if need.amount is None else f", {need.amount:,g} {need.unit or ''}".rstrip()
    return amount + (f", by {need.by.isoformat()}" if need.by else "")
