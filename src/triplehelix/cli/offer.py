"""`triplehelix offer`: the combined offer as a file."""

from contextlib import nullcontext
from pathlib import Path

import click

from triplehelix.cli.registry_address import opened


@click.command("offer")
@click.argument("dir", type=click.Path(path_type=Path))
@click.option(
    "--theme", "themes", multiple=True,
    help="A theme, such as advanced-therapies; up to three, each with the option before it.",
)  # fmt: skip
@click.option(
    "--need", default="",
    help="In place of themes, what is needed, in words; what they were taken to mean is printed.",
)  # fmt: skip
@click.option(
    "--roles", default="", help="Only these roles of the value chain, as in clinical,data."
)
@click.option(
    "--partner", default="", help="To whom: ISO codes and groups, as in JP,KR, eu27, commonwealth."
)
@click.option(
    "--audience", default="general", show_default=True,
    help="For whom: general, investor, company, research.",
)  # fmt: skip
@click.option("--country", default="", help="Only clusters in this country (ISO code, such as GB).")
@click.option(
    "--registry", "address", envvar="TRIPLEHELIX_REGISTRY", metavar="URL",
    help="A registry whose public assets count too: an SQLite file, postgresql://…, or @FILE "
    "[env: TRIPLEHELIX_REGISTRY].",
)  # fmt: skip
@click.option(
    "--chain", type=click.Path(path_type=Path), help="A file of your own rules for roles (YAML)."
)
@click.option(
    "--lang", default="en", show_default=True, help="The language to write in, such as ja."
)
@click.option(
    "--atlas", default="http://localhost:8000", show_default=True,
    help="Address of the atlas to which links lead.",
)  # fmt: skip
@click.option(
    "--out", required=True, type=click.Path(path_type=Path),
    help="The file to write; its ending says the form: .pdf, .html, .pptx, .json, .csv.",
)  # fmt: skip
def offer_command(
    dir: Path, themes: tuple[str, ...], need: str, roles: str, partner: str, audience: str,
    country: str, address: str | None, chain: Path | None, lang: str, atlas: str, out: Path,
) -> None:  # fmt: skip
    """Compose what clusters offer together: the smallest sets that cover a value chain, ties."""
    from triplehelix.app.offers.needing import question_for, understood_need
    from triplehelix.app.offers.offering import offer
    from triplehelix.app.offers.saving import form_of, save
    from triplehelix.app.offers.wordings import wording
    from triplehelix.read.value_chain import read_chain
    from triplehelix.store.edition import open_edition

    form, words = form_of(out), wording(lang)
    edition = open_edition(dir)
    question = question_for(edition, themes, partner, audience, country, roles, need, lang)
    if need and not themes:
        told = understood_need(edition, need)
        for one in (*told.themes, *told.roles):
            click.echo(f"{one.label}: because of {', '.join(one.words)}")
    with opened(address) if address else nullcontext() as registry:
        made = offer(
            edition, question, registry=registry, chain=read_chain(chain) if chain else None,
        )  # fmt: skip
    save(edition, made, form, out, atlas=atlas, words=words)
    sets = "; ".join(
        f"{cover.which} set: {', '.join(name.text for name in cover.clusters)}"
        + (" (proven smallest)" if cover.status == "optimal" else "")
        for cover in made.covers
    )
    click.echo(f"{out}: {sets or 'no cluster shows a role of it'}")


OFFERING = (offer_command,)
