"""Commands that ask an edition: clusters, profile, links, compare, explain, where, export."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from triplehelix.cli.show import as_json, interval, table

if TYPE_CHECKING:
    from triplehelix.store.edition import Edition

DIR = click.argument("dir", type=click.Path(path_type=Path))
JSON = click.option("--json", "json_", is_flag=True, help="Print JSON, for programs.")


def _open(folder: Path) -> "Edition":
    from triplehelix.store.edition import open_edition

    return open_edition(folder)


@click.command("clusters")
@DIR
@click.option("--theme", help="Only clusters with activities of this theme.")
@click.option("--country", help="Only clusters in this country (ISO code, such as GB).")
@click.option("--sort", default="activities", show_default=True)
@JSON
def clusters_command(
    dir: Path, theme: str | None, country: str | None, sort: str, json_: bool
) -> None:
    """List the clusters of an edition."""
    from triplehelix.app.landscape import landscape

    found = landscape(
        _open(dir), theme=theme, country=country and country.upper(), sort=sort, per_page=1000
    )
    if json_:
        as_json(found.clusters)
        return
    table(
        ["cluster", "country", "organisations", "activities", "evidence", "id"],
        [[c.name, "+".join(c.countries), c.n_organisations, c.n_activities, c.evidence,
          c.cluster_id] for c in found.clusters],
    )  # fmt: skip
    if found.total > len(found.clusters):
        click.echo(f"... and {found.total - len(found.clusters)} more; `--json` has no more either")


@click.command("profile")
@DIR
@click.argument("cluster")
@JSON
def profile_command(dir: Path, cluster: str, json_: bool) -> None:
    """Show one cluster (its name or id): what it is good at, who is there, its partners."""
    from triplehelix.app.choose import cluster_named
    from triplehelix.app.cluster_profile import cluster_profile
    from triplehelix.app.history import told

    edition = _open(dir)
    profile = cluster_profile(edition, cluster_named(edition, cluster))
    if json_:
        as_json(profile)
        return
    click.echo(
        f"{profile.cluster.name} ({', '.join(profile.cluster.countries)}): "
        f"{profile.cluster.n_organisations:,} organisations, "
        f"{profile.cluster.n_activities:,} activities; evidence {profile.cluster.evidence}"
    )
    for reach in profile.reach:
        click.echo(f"  {reach.scope}: {interval(reach.value, reach.low, reach.high)}")
    for line in told(profile.history):
        click.echo(f"  {line}")
    click.echo("\nWhat it is good at (location quotient, 95 % interval)")
    table(["theme", "quotient", "activities"],
          [[m.label or m.theme, interval(m.value, m.low, m.high), m.n]
           for m in profile.strengths])  # fmt: skip
    click.echo("\nWho is here")
    table(["organisation", "helix", "activities"],
          [[m.name, m.helix, m.n_activities] for m in profile.members])  # fmt: skip
    click.echo("\nWhom it works with")
    table(["partner", "activities"],
          [[p.name or p.id, p.n_activities]
           for p in [*profile.partners, *profile.countries[:10]]])  # fmt: skip


@click.command("compare")
@DIR
@click.argument("cluster", nargs=-1, required=True)
@JSON
def compare_command(dir: Path, cluster: tuple[str, ...], json_: bool) -> None:
    """Set clusters side by side."""
    from triplehelix.app.choose import cluster_named
    from triplehelix.app.compare import compare

    edition = _open(dir)
    found = compare(edition, [cluster_named(edition, one) for one in cluster])
    if json_:
        as_json(found)
        return
    names = [profile.cluster.name for profile in found.clusters]
    table(["", *names], [
        ["organisations", *(p.cluster.n_organisations for p in found.clusters)],
        ["activities", *(p.cluster.n_activities for p in found.clusters)],
    ])  # fmt: skip
    quotients = [{m.theme: m for m in p.strengths} for p in found.clusters]
    themes = sorted({theme for each in quotients for theme in each})
    click.echo("\nLocation quotients, 95 % interval")
    table(["theme", *names], [
        [theme, *(interval(m.value, m.low, m.high) if (m := each.get(theme)) else "–"
                  for each in quotients)]
        for theme in themes
    ])  # fmt: skip


@click.command("links")
@DIR
@click.option("--country", help="Only ties of clusters in this country.")
@click.option("--kind", type=click.Choice(["cluster", "country"]), default="cluster",
              show_default=True)  # fmt: skip
@click.option("--limit", default=40, show_default=True, type=click.IntRange(1, 1000))
@JSON
def links_command(dir: Path, country: str | None, kind: str, limit: int, json_: bool) -> None:
    """List the strongest ties between clusters, or of clusters with countries."""
    from triplehelix.app.links import links

    found = links(_open(dir), kind=kind, country=country and country.upper(), limit=limit)
    if json_:
        as_json(found)
        return
    table(["from", "to", "activities", "weight"],
          [[t.a.name or t.a.id, t.b.name or t.b.id, t.n_activities, t.weight]
           for t in found.ties])  # fmt: skip
    click.echo(f"{len(found.ties)} of {found.total:,} ties; weight is fractional")


@click.command("explain")
@click.argument("organisation")
@DIR
@JSON
def explain_command(organisation: str, dir: Path, json_: bool) -> None:
    """Say what is known of an organisation, and from which records."""
    from triplehelix.app.choose import organisation_named
    from triplehelix.app.organisation import organisation as ask

    edition = _open(dir)
    found = ask(edition, organisation_named(edition, organisation))
    if json_:
        as_json(found)
        return
    click.echo(f"{found.name} ({found.country or 'country unknown'}, {found.helix})")
    click.echo(f"  {found.organisation_id}; {found.n_activities:,} activities")
    for site in found.sites:
        click.echo(f"  stands in {site.place or 'an unknown place'}, placed by {site.precision}"
                   + (f"; cluster {site.cluster}" if site.cluster else ""))  # fmt: skip
    click.echo("\nRecords")
    table(["source", "record", "as written", "matched by", "confidence"],
          [[r.source, r.source_record_id, r.name, r.matched_how, r.confidence]
           for r in found.records])  # fmt: skip


@click.command("where")
@click.argument("town")
@DIR
@click.option("--country", help="ISO code, to tell towns of one name apart.")
@JSON
def where_command(town: str, dir: Path, country: str | None, json_: bool) -> None:
    """Say in which cluster a town lies."""
    from triplehelix.app.where import where

    found = where(_open(dir), town, country=country and country.upper())
    if json_:
        as_json(found)
        return
    if not found:
        click.echo(f"No place {town!r} is near any organisation of this edition.")
    for place in found:
        verdict = (
            "in no cluster" if place.cluster is None
            else f"in cluster {place.cluster}" if not place.distance_km
            else f"{place.distance_km:.1f} km from a member of cluster {place.cluster}"
        )  # fmt: skip
        click.echo(f"{place.place} ({place.country}): {verdict}")


@click.command("export")
@DIR
@click.option("--format", "form", required=True,
              type=click.Choice(["geojson", "gpkg", "csv", "parquet"]),
              help="The file's format.")  # fmt: skip
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The file to write.")
@click.option("--table", "name", default="clusters", show_default=True, help="Which table.")
def export_command(dir: Path, form: str, out: Path, name: str) -> None:
    """Write a table of the edition to a file for other programs."""
    from triplehelix.app.download import export

    if form == "gpkg":
        from triplehelix.app.geopackage import export_geopackage

        rows = export_geopackage(_open(dir), name, out)
    else:
        rows = export(_open(dir), name, form, out)
    click.echo(f"{rows:,} rows of {name} in {out}")


ASKING = (clusters_command, profile_command, compare_command, links_command, explain_command,
          where_command, export_command)  # fmt: skip
