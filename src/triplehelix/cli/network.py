"""Commands about the network of clusters or countries, and each cluster's role in it."""

from pathlib import Path

import click

from triplehelix.cli.show import as_json, table

DIR = click.argument("dir", type=click.Path(path_type=Path))
JSON = click.option("--json", "json_", is_flag=True, help="Print JSON, for programs.")


@click.command("network")
@DIR
@click.option("--kind", type=click.Choice(["cluster", "country"]), default="cluster",
              show_default=True, help="What the nodes are.")  # fmt: skip
@click.option("--theme", default="all", show_default=True, help="Only activities of this theme.")
@click.option("--period", default="all", show_default=True,
              help="Only activities begun then, such as 2014/2016.")  # fmt: skip
@click.option("--level", default=0, show_default=True, help="Which level of clusters.")
@click.option("--country", help="Only nodes in this country, and those tied to them.")
@click.option("--all", "all_", is_flag=True, help="All ties, not those alone that are more than "
              "chance.")  # fmt: skip
@click.option("--format", "form", help="Of the file: graphml, gexf, nodes-csv or edges-csv.",
              type=click.Choice(["graphml", "gexf", "nodes-csv", "edges-csv"]))  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), help="Write the network to this file.")
@JSON
def network_command(
    dir: Path, kind: str, theme: str, period: str, level: int, country: str | None, all_: bool,
    form: str | None, out: Path | None, json_: bool,
) -> None:  # fmt: skip
    """Show who works together most: groups, and the ties that are more than chance."""
    from triplehelix.app.network.network import network
    from triplehelix.store.edition import open_edition

    if (form is None) != (out is None):
        raise click.UsageError("--format and --out go together; give both, or neither")
    found = network(
        open_edition(dir), kind=kind, theme=theme, period=period, level=level,
        country=country and country.upper(), arcs="all" if all_ else "backbone",
    )  # fmt: skip
    if form is not None and out is not None:
        from triplehelix.app.network.export import network_file

        out.write_bytes(network_file(found, form))
        click.echo(f"{len(found.nodes):,} nodes and {len(found.arcs):,} ties in {out}")
        return
    if json_:
        as_json(found)
        return
    names = {node.id: node.name for node in found.nodes}
    for group in found.groups:
        sure = "" if group.sure else ", not sure"
        called = ", ".join(names[one] for one in group.nodes if one in names)
        click.echo(f"Group {group.letter}: {called} (comes back {group.stability:.2f}{sure})")
    table(["between", "and", "activities", "weight", "expected"],
          [[names[t.a], names[t.b], t.n_activities, t.weight, t.expected]
           for t in found.arcs])  # fmt: skip
    click.echo(f"{found.n_backbone:,} of {found.n_tied:,} ties are more than chance; weight is "
               "fractional")  # fmt: skip


@click.command("role")
@DIR
@click.argument("cluster")
@click.option("--theme", default="all", show_default=True, help="Its work in this theme alone.")
@JSON
def role_command(dir: Path, cluster: str, theme: str, json_: bool) -> None:
    """Say what role a cluster (its name or id) plays locally, nationally, internationally."""
    from triplehelix.app.choose import cluster_named
    from triplehelix.app.network.role import role_of
    from triplehelix.store.edition import open_edition

    edition = open_edition(dir)
    found = role_of(edition, cluster_named(edition, cluster), theme=theme)
    if json_:
        as_json(found)
        return
    click.echo(found.note or found.summary)
    for claim in found.claims:
        click.echo(f"  - {claim.words}")


NETWORK = (network_command, role_command)
