"""What `profile` prints of a cluster's opportunities, and of a member's place in it."""

from typing import TYPE_CHECKING

import click

from triplehelix.cli.partners import print_list
from triplehelix.cli.show import as_json, interval, table

if TYPE_CHECKING:
    from triplehelix.app.prospects import Finding
    from triplehelix.store.edition import Edition

_HEADS = {
    "strengths": "Strengths", "openings": "Openings", "risks": "Risks",
    "missing": "Missing helix", "dependence": "Dependence",
}  # fmt: skip


def print_prospects(edition: "Edition", cluster: str, json_: bool) -> None:
    """The opportunities and challenges of a cluster, section by section."""
    from triplehelix.app.choose import cluster_named
    from triplehelix.app.prospects import prospects

    found = prospects(edition, cluster_named(edition, cluster))
    if json_:
        as_json(found)
        return
    click.echo(f"{found.name}: {found.n_found:,} findings of "
               f"{found.n_found + len(found.not_found):,} things looked at")  # fmt: skip
    for line in found.minded:
        click.echo(f"  {line}")
    for name, head in _HEADS.items():
        _section(head, getattr(found, name))
    for each in found.partners.lists:
        print_list(each)
    _section("Leanings (not findings: chance would do as much)", found.leanings)
    if found.untold:
        click.echo("\nWhat cannot be told")
    for line in found.untold:
        click.echo(f"  {line}")


def _section(head: str, findings: list["Finding"]) -> None:
    if not findings:
        return
    click.echo(f"\n{head}")
    for each in findings:
        doubt = f"p {each.p_value:.2g}, q {each.q_value:.2g}"
        sure = "may well be chance" if each.evidence == "none" else f"{each.evidence} evidence"
        click.echo(
            f"  {each.words}\n    {sure}: {interval(each.value, each.low, each.high)}; {doubt}"
        )


def print_place(edition: "Edition", cluster: str, member: str, json_: bool) -> None:
    """An organisation's place in a cluster."""
    from triplehelix.app.choose import cluster_named, organisation_named
    from triplehelix.app.cluster_place import cluster_place

    found = cluster_place(
        edition, cluster_named(edition, cluster), organisation_named(edition, member)
    )
    if json_:
        as_json(found)
        return
    click.echo(
        f"{found.organisation} in {found.cluster}: {found.rank} of {found.n_members} members"
    )
    for line in found.words:
        click.echo(f"  {line}")
    click.echo("\nOf the cluster's activities, 95 % interval")
    table(["theme", "activities", "with it", "it alone"], [
        [t.label or t.theme, t.n, interval(t.share, t.low, t.high),
         interval(t.share_alone, t.alone_low, t.alone_high)]
        for t in found.themes
    ])  # fmt: skip
    click.echo("\nWhom it alone brings")
    table(["partner", "activities"], [[b.name or b.id, b.n_activities] for b in found.brought])
