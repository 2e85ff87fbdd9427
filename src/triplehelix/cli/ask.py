"""Commands that ask an edition: of clusters, their links and areas, organisations, towns."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from triplehelix.cli.partners import Asked, print_partners
from triplehelix.cli.show import as_json, from_to, interval, percent, table

if TYPE_CHECKING:
    from triplehelix.app.where import Whereabouts
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
@click.option("--kind", help="Only clusters of this kind: diverse, specialised, collaborating.")
@click.option(
    "--level",
    default=0,
    show_default=True,
    help="Wider ones above 0 (superclusters), finer ones below (campuses).",
)
@click.option(
    "--of",
    default="all",
    show_default=True,
    help="Clusters found among the activities of this theme alone.",
)
@click.option(
    "--period",
    default="all",
    show_default=True,
    help="Clusters found among the activities begun then, such as 2014/2016.",
)
@click.option("--sort", default="activities", show_default=True)
@JSON
def clusters_command(
    dir: Path, theme: str | None, country: str | None, kind: str | None, level: int, of: str,
    period: str, sort: str, json_: bool,
) -> None:  # fmt: skip
    """List the clusters of an edition."""
    from triplehelix.app.landscape import landscape

    found = landscape(
        _open(dir), theme=theme, country=country and country.upper(), kind=kind, level=level,
        of=of, period=period, sort=sort, per_page=1000,
    )  # fmt: skip
    if json_:
        as_json(found.clusters)
        return
    table(
        ["cluster", "country", "organisations", "activities", "rank", "stability", "evidence",
         "kind", "id"],
        [[c.name, "+".join(c.countries), c.n_organisations, c.n_activities,
          from_to(c.rank_low, c.rank_high), c.stability, c.evidence, c.kind, c.cluster_id]
         for c in found.clusters],
    )  # fmt: skip
    if found.total > len(found.clusters):
        click.echo(f"... and {found.total - len(found.clusters)} more; `--json` has no more either")


@click.command("profile")
@DIR
@click.argument("cluster")
@click.option(
    "--opportunities",
    is_flag=True,
    help="What it can build on, try and must mind, each with its evidence.",
)
@click.option("--member", help="The place of this organisation in the cluster (name or id).")
@JSON
def profile_command(
    dir: Path, cluster: str, opportunities: bool, member: str | None, json_: bool
) -> None:
    """Show one cluster (its name or id): what it is good at, who is there, its partners."""
    from triplehelix.cli.prospects import print_place, print_prospects

    if member is not None:
        print_place(_open(dir), cluster, member, json_)
    elif opportunities:
        print_prospects(_open(dir), cluster, json_)
    else:
        _print_profile(dir, cluster, json_)


def _print_profile(dir: Path, cluster: str, json_: bool) -> None:
    from triplehelix.app.choose import cluster_named
    from triplehelix.app.cluster_profile import cluster_profile
    from triplehelix.app.history import told
    from triplehelix.app.network.role import role_of

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
    row = profile.cluster
    if row.stability is not None:
        click.echo(f"  found again in resampled activity: stability {row.stability:.2f}; "
                   f"rank {from_to(row.rank_low, row.rank_high)} of its level")  # fmt: skip
    for relative in profile.relatives:
        click.echo(f"  {relative.relation} {relative.name or relative.cluster_id}")
    for reach in profile.reach:
        click.echo(f"  {reach.scope}: {interval(reach.value, reach.low, reach.high)}")
    role = role_of(edition, profile.cluster.cluster_id)
    click.echo(f"  {role.note or role.summary}")
    for kind in profile.kinds:
        click.echo(f"  {kind.kind if kind.told else f'not shown to be {kind.kind}'}: {kind.note}")
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
@click.argument("cluster", nargs=-1)
@click.option("--country", multiple=True, help="A country in place of clusters (ISO code); up to "
              "ten, each with the option before it.")  # fmt: skip
@JSON
def compare_command(
    dir: Path, cluster: tuple[str, ...], country: tuple[str, ...], json_: bool
) -> None:
    """Set two to ten clusters, or countries, side by side."""
    from triplehelix.app.choose import cluster_named
    from triplehelix.app.compare import side_by_side

    edition = _open(dir)
    clusters = [cluster_named(edition, one) for one in cluster]
    found = side_by_side(edition, clusters, country)
    if json_:
        as_json(found)
        return
    names = [side.name for side in found.sides]
    for group in dict.fromkeys(panel.group for panel in found.panels):
        panels = found.of(group)
        click.echo(f"\n{'; '.join(dict.fromkeys(panel.says for panel in panels))}")
        table([group, *names], [
            [panel.label, *(interval(v.value, v.low, v.high, whole=panel.scale == "counts")
                            if v else "–" for v in panel.values)]
            for panel in panels
        ])  # fmt: skip
    click.echo("\nactivities that each two share; what is expected of their fractional tie")
    called = {side.id: side.name for side in found.sides}
    table(["pair", "shared", "tie", "expected"], [
        [f"{called[s.a]}, {called[s.b]}", s.n_activities, s.tie and s.tie.weight,
         s.tie and s.tie.expected]
        for s in found.shared
    ])  # fmt: skip


@click.command("links")
@DIR
@click.option("--country", help="Only ties of clusters in this country.")
@click.option("--kind", type=click.Choice(["cluster", "country"]), default="cluster",
              show_default=True)  # fmt: skip
@click.option(
    "--missing",
    is_flag=True,
    help="Clusters that could work together and do not, or hardly; with the reasons.",
)
@click.option(
    "--for",
    "seeker",
    help="With --missing: whom this cluster, organisation, country or group (eu27) should seek.",
)
@click.option("--with", "area", help="With --for: only partners in this country, group or nation.")
@click.option("--theme", help="With --for: only partners at work in this theme.")
@click.option(
    "--limit", type=click.IntRange(1, 1000), help="How many; 40, or 5 per list with --for."
)
@JSON
def links_command(
    dir: Path, country: str | None, kind: str, missing: bool, seeker: str | None,
    area: str | None, theme: str | None, limit: int | None, json_: bool,
) -> None:  # fmt: skip
    """List the strongest ties between clusters, or of clusters with countries; or missing ones."""
    from triplehelix.app.links import links

    if (seeker and not missing) or ((area or theme) and not seeker):
        raise click.UsageError("--for goes with --missing, and --with and --theme with --for")
    if seeker:
        print_partners(_open(dir), seeker, Asked(area, theme, limit or 5), json_=json_)
        return
    limit = limit or 40
    if missing:
        _print_missing(dir, country and country.upper(), limit, json_)
        return
    found = links(_open(dir), kind=kind, country=country and country.upper(), limit=limit)
    if json_:
        as_json(found)
        return
    table(["from", "to", "activities", "weight"],
          [[t.a.name or t.a.id, t.b.name or t.b.id, t.n_activities, t.weight]
           for t in found.ties])  # fmt: skip
    click.echo(f"{len(found.ties)} of {found.total:,} ties; weight is fractional")


def _print_missing(dir: Path, country: str | None, limit: int, json_: bool) -> None:
    from triplehelix.app.missing import missing

    found = missing(_open(dir), country=country, limit=limit)
    if json_:
        as_json(found)
        return
    for link in found.links:
        click.echo(
            f"{link.a.name or link.a.id} - {link.b.name or link.b.id}: "
            f"score {link.score:.2f}, {link.weight:.2g} of {link.expected:.2g} expected"
        )
        for reason in link.reasons:
            click.echo(f"  {reason.words} (above {reason.rank:.0%} of pairs)")
    click.echo(found.note or f"{len(found.links)} of {found.total:,} pairs below expectation")


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
        click.echo(f"{place.place} ({place.country}): {_verdict(place)}")
        for around in place.around:
            kind = "within the wider" if around.level > 0 else "within the finer"
            click.echo(f"    {kind} cluster {around.cluster}")


def _verdict(place: "Whereabouts") -> str:
    if place.cluster is not None and not place.distance_km:
        return f"in cluster {place.cluster}"
    if place.cluster is not None:
        return f"{place.distance_km:.1f} km from a member of cluster {place.cluster}"
    if place.nearest is None:
        return "in no cluster"
    return f"in no cluster; the nearest is {place.nearest}, {place.nearest_km:,.0f} km away"


@click.command("overlaps")
@DIR
@click.option("--areas", required=True, type=click.Path(path_type=Path),
              help="A file of polygons: GeoJSON, GeoPackage, Shapefile, KML.")  # fmt: skip
@click.option("--scheme", help="What the areas are called together, such as ITL3.")
@click.option("--id-column", help="The column of the areas' ids.")
@click.option("--name-column", help="The column of the areas' names.")
@click.option("--level", default=0, show_default=True, help="Which level of clusters.")
@click.option("--by", type=click.Choice(["cluster", "area"]), default="cluster",
              show_default=True, help="In which order.")  # fmt: skip
@JSON
def overlaps_command(
    dir: Path, areas: Path, scheme: str | None, id_column: str | None, name_column: str | None,
    level: int, by: str, json_: bool,
) -> None:  # fmt: skip
    """Compare the clusters with official areas, in both directions."""
    from triplehelix.app.overlaps import area_overlaps

    found = area_overlaps(
        _open(dir), areas, scheme=scheme, id_column=id_column, name_column=name_column, level=level
    )
    for warning in found.warnings:
        click.echo(f"Warning: {warning}", err=True)
    if json_:
        as_json(found)
        return
    rows = found.by_cluster if by == "cluster" else found.by_area
    table(["cluster", "area", "area id", "% of cluster", "% of area", "organisations"],
          [[o.cluster, o.area_name, o.area_id, percent(o.share_of_cluster),
            percent(o.share_of_area), o.n_organisations] for o in rows])  # fmt: skip
    click.echo("\nIn no area")
    table(["cluster", "% of cluster", "organisations"],
          [[o.cluster, percent(o.share_of_cluster), o.n_organisations]
           for o in found.outside])  # fmt: skip
    click.echo(f"{found.n_clusters_outside:,} clusters are in no area; "
               f"{found.n_areas_without:,} of {found.n_areas:,} areas have no cluster")  # fmt: skip


@click.command("export")
@DIR
@click.option("--format", "form", required=True,
              type=click.Choice(["geojson", "gpkg", "csv", "parquet", "dsit-ods", "dsit-csv"]),
              help="The file's format.")  # fmt: skip
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The file to write.")
@click.option("--table", "name", default="clusters", show_default=True, help="Which table.")
@click.option(
    "--suppress-below",
    type=click.IntRange(0),
    help="dsit: hold back figures of fewer organisations; 5 unless given, 0 for none.",
)
@click.option("--round-to", type=click.IntRange(1), help="dsit: round figures to multiples of it.")
def export_command(
    dir: Path, form: str, out: Path, name: str, suppress_below: int | None, round_to: int | None
) -> None:
    """Write a table of the edition to a file for other programs."""
    from triplehelix.app.download import export

    if form.startswith("dsit-"):
        _export_dsit(dir, form, out, name, suppress_below, round_to)
        return
    if suppress_below is not None or round_to is not None:
        raise click.UsageError(
            "--suppress-below and --round-to go with --format dsit-ods or dsit-csv; leave them out"
        )
    if form == "gpkg":
        from triplehelix.app.geopackage import export_geopackage

        rows = export_geopackage(_open(dir), name, out)
    else:
        rows = export(_open(dir), name, form, out)
    click.echo(f"{rows:,} rows of {name} in {out}")


def _export_dsit(
    dir: Path, form: str, out: Path, name: str, suppress_below: int | None, round_to: int | None
) -> None:
    from triplehelix.app.dsit import export_dsit
    from triplehelix.app.published_map import THRESHOLD

    if name != "clusters":
        raise click.UsageError(f"the layout of --format {form} holds clusters; leave --table out")
    rows = export_dsit(
        _open(dir),
        form.removeprefix("dsit-"),
        out,
        suppress_below=THRESHOLD if suppress_below is None else suppress_below,
        round_to=round_to or 1,
    )
    click.echo(f"{rows:,} clusters in {out}")


ASKING = (clusters_command, profile_command, compare_command, links_command, explain_command,
          where_command, overlaps_command, export_command)  # fmt: skip
