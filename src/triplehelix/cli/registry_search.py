"""`triplehelix registry search`: find assets by everyday words."""

import json

import click

from triplehelix.app.registry.search import AssetHit, AssetHits, search_assets
from triplehelix.cli.registry_address import AS, REGISTRY, opened, viewer
from triplehelix.errors import InputError


@click.command("search")
@click.argument("query")
@REGISTRY
@AS
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True)
@click.option("--kind", help="Only assets of this kind, such as equipment.")
@click.option("--capability", help="Only assets with this capability, or a narrower one.")
@click.option("--near", help="A town, or LAT,LON.")
@click.option("--within-km", type=float, help="How far from there; 25 if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of JSON objects, best first.")
def search_command(
    query: str, address: str, who: str | None, limit: int, kind: str | None,
    capability: str | None, near: str | None, within_km: float | None, as_json: bool,
) -> None:  # fmt: skip
    """Find assets of the registry by everyday words, the best first."""
    with opened(address) as registry:
        found = search_assets(
            registry, viewer(registry, who), query, kind=kind, capability=capability,
            near=_place(near), within_km=within_km, limit=limit,
        )  # fmt: skip
    if as_json:
        click.echo(json.dumps([_object(hit) for hit in found.hits], ensure_ascii=False, indent=1))
    else:
        _print(found)


SEARCH = (search_command,)


def _place(near: str | None) -> tuple[float, float] | str | None:
    if near is None or "," not in near:
        return near
    try:
        lat, lon = (float(part) for part in near.split(","))
    except ValueError as err:
        raise InputError(f"{near!r} is no place; write a town, or LAT,LON in degrees") from err
    return lat, lon


def _object(hit: AssetHit) -> dict[str, object]:
    return {
        "id": hit.id, "name": hit.name, "kind": hit.kind, "member": hit.member, "town": hit.town,
        "distance_km": hit.distance_km, "score": hit.score, "why": list(hit.why),
    }  # fmt: skip


def _print(found: AssetHits) -> None:
    for typed, taken_for in found.instead.items():
        click.echo(f"Nothing is called {typed!r}; searched for {taken_for!r}.")
    if not found.total:
        click.echo("No asset was found; try other words, or fewer conditions.")
    for n, hit in enumerate(found.hits, 1):
        at = ", ".join(part for part in (hit.member, hit.town) if part)
        far = "" if hit.distance_km is None else f" ({hit.distance_km:g} km)"
        click.echo(f"{n:>3}  {hit.name}{' - ' + at if at else ''}{far}  [{hit.id}]")
        click.echo(f"     {'; '.join(hit.why)}")
