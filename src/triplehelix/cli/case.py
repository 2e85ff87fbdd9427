"""`triplehelix case`: the case for investment in a cluster."""

from contextlib import nullcontext
from pathlib import Path

import click

from triplehelix.cli.registry_address import opened
from triplehelix.cli.show import as_json


@click.command("case")
@click.argument("dir", type=click.Path(path_type=Path))
@click.argument("cluster")
@click.option(
    "--registry", "address", envvar="TRIPLEHELIX_REGISTRY", metavar="URL",
    help="A registry whose public assets count too: an SQLite file, postgresql://…, or @FILE "
    "[env: TRIPLEHELIX_REGISTRY].",
)  # fmt: skip
@click.option("--lang", default="en", show_default=True, help="The language to write in.")
@click.option(
    "--atlas", default="http://localhost:8000", show_default=True,
    help="Address of the atlas to which links lead.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path),
    help="The file to write; its ending says the form: .pdf, .html, .pptx, .json, .csv. Printed "
    "without.",
)  # fmt: skip
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
def case_command(
    dir: Path, cluster: str, address: str | None, lang: str, atlas: str, out: Path | None,
    json_: bool,
) -> None:  # fmt: skip
    """Say what speaks for investment in a cluster, and what does not, by published rules."""
    from triplehelix.app.choose import cluster_named
    from triplehelix.app.offers.cases import case, case_lines, save_case
    from triplehelix.app.offers.saving import form_of
    from triplehelix.app.offers.wordings import wording
    from triplehelix.store.edition import open_edition

    form = form_of(out) if out else ""
    words, edition = wording(lang), open_edition(dir)
    cluster_id = cluster_named(edition, cluster)
    with opened(address) if address else nullcontext() as registry:
        found = case(edition, cluster_id, registry=registry, words=words)
    if out:
        save_case(edition, found, form, out, atlas=atlas, words=words)
        click.echo(f"{out}: the case for {found.cluster.text}")
    elif json_:
        as_json(found)
    else:
        click.echo("\n".join(case_lines(found, lang)))


CASES = (case_command,)
