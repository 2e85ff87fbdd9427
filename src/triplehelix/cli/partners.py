"""Whom one should seek, as lines: `triplehelix links DIR --missing --for ...`."""

from typing import TYPE_CHECKING, NamedTuple

import click

from triplehelix.cli.show import as_json

if TYPE_CHECKING:
    from triplehelix.app.partners.naming import PartnerList
    from triplehelix.store.edition import Edition

_TITLES = {
    "clusters": "Clusters", "cluster": "In its own cluster", "country": "In its country",
    "abroad": "Abroad", "area": "Organisations there", "elsewhere": "Organisations elsewhere",
}  # fmt: skip


class Asked(NamedTuple):
    """Where partners are to be, what they are to work in, how many to name per list."""

    area: str | None
    theme: str | None
    n: int


def print_partners(edition: "Edition", seeker: str, asked: Asked, *, json_: bool) -> None:
    """Print whom a cluster, an organisation or a country should seek."""
    from triplehelix.app.partners.parties import party_named
    from triplehelix.app.partners.seeking import partners_of

    kind, id_ = party_named(edition, seeker)
    found = partners_of(
        edition, **{kind: id_}, with_country=asked.area, theme=asked.theme, n=asked.n
    )
    if json_:
        as_json(found)
        return
    there = f" in {found.area.within}" if found.area else ""
    click.echo(f"Whom {found.of.name} ({found.of.kind}) should seek{there}")
    for each in found.lists:
        print_list(each)
    if found.note:
        click.echo(f"Nobody can be named: {found.note}.")


def print_list(each: "PartnerList") -> None:
    """Print one list of partners, each with its reasons."""
    click.echo(f"\n{_TITLES[each.scope]}: the first {len(each.partners)} of {each.n_candidates:,}")
    if each.note:
        click.echo(f"  {each.note}")
    for one in each.partners:
        party = one.party
        about = [a for a in (party.helix, party.place, party.country) if a]
        click.echo(
            f"- {party.name}" + (f" ({', '.join(about)})" if about else "") + f"  {party.id}"
        )
        for reason in one.reasons:
            click.echo(f"    {reason.words} (above {reason.rank:.0%} of candidates)")
    click.echo(f"  {each.basis.words}")
