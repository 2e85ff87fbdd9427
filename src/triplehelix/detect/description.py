"""What is said of each cluster: its name, places, middle and footprint."""

from typing import Any

import pyarrow as pa

from triplehelix.detect.footprint import footprints
from triplehelix.detect.level_names import Level, Named, level_names
from triplehelix.detect.naming import Covered, covered_places
from triplehelix.detect.parameters import Parameters
from triplehelix.sphere import area_km2, centroid
from triplehelix.tables import EDITION

Site = dict[str, Any]


def described_clusters(
    cluster_sites: pa.Table,
    cluster_work: pa.Table,
    cluster_certainty: pa.Table,
    themes: pa.Table,
    reference_land: pa.Table,
    *,
    parameters: Parameters,
) -> pa.Table:
    """The rows of `clusters`; kinds are for a later stage to tell."""
    members: dict[str, list[Site]] = {}
    for site in cluster_sites.to_pylist():
        members.setdefault(site["cluster_id"], []).append(site)
    known = {row["cluster_id"]: row for row in cluster_work.to_pylist()}
    for row in cluster_certainty.to_pylist():
        known[row["cluster_id"]] = known[row["cluster_id"]] | row
    places = _places_of(members)
    outlines = _outlines(members, reference_land, parameters)
    labels = {row["theme"]: row["label"] or row["theme"] for row in themes.to_pylist()}
    names = level_names([_named(members[key], places[key]) for key in members], labels)
    rows = [
        _described(members[key], places[key], outlines[key], parameters)
        | known[key]
        | {"name": names[key]}
        for key in sorted(members)
    ]
    return pa.Table.from_pylist(rows, schema=EDITION["clusters"].schema)


def _named(sites: list[Site], places: list[Covered]) -> Named:
    first = sites[0]
    at = Level(first["theme"], first["period"], first["level"])
    return Named(first["cluster_id"], at, first["parent_id"], places, _anchor(sites))


def _anchor(sites: list[Site]) -> str | None:
    """The name of the heaviest organisation; of equals, the first by name."""
    weights: dict[str, int] = {}
    for site in sites:
        if site["organisation"]:
            weights[site["organisation"]] = weights.get(site["organisation"], 0) + site["weight"]
    return min(weights, key=lambda each: (-weights[each], each), default=None)


def _places_of(members: dict[str, list[Site]]) -> dict[str, list[Covered]]:
    """The places each cluster covers; one without any is named by its coordinates."""
    rows: list[tuple[str, str, str | None, int]] = []
    for key, sites in members.items():
        named = [s for s in sites if s["place"]] or [sites[0] | {"place": _coordinates(sites)}]
        rows.extend((key, s["place"], s["country"], s["weight"]) for s in named)
    keys, names, countries, weights = zip(*rows, strict=True) if rows else ((), (), (), ())
    return covered_places(keys, names, countries, weights)


def _coordinates(sites: list[Site]) -> str:
    lat, lon = _centre(sites)
    return f"{abs(lat):.2f}° {'NS'[lat < 0]}, {abs(lon):.2f}° {'EW'[lon < 0]}"


def _centre(sites: list[Site]) -> tuple[float, float]:
    lat, lon = centroid(*([s[k] for s in sites] for k in ("lat", "lon", "weight")))
    return round(lat, 5) + 0.0, round(lon, 5) + 0.0


def _outlines(
    members: dict[str, list[Site]], reference_land: pa.Table, parameters: Parameters
) -> dict[str, Any]:
    """The footprint of each cluster, without overlap among those of its stratum and level."""
    import shapely

    land = shapely.from_wkb(reference_land["geometry"].to_pylist()) if len(reference_land) else None
    layers: dict[tuple[str, str, int], list[str]] = {}
    for key, sites in sorted(members.items()):
        first = sites[0]
        layers.setdefault((first["theme"], first["period"], first["level"]), []).append(key)
    return {
        key: outline
        for (_, _, level), keys in layers.items()
        for key, outline in zip(
            keys, _of_layer([members[key] for key in keys], level, land, parameters), strict=True
        )
    }


def _of_layer(
    clusters: list[list[Site]], level: int, land: Any, parameters: Parameters
) -> list[Any]:
    rows = [(s["lat"], s["lon"], label) for label, sites in enumerate(clusters) for s in sites]
    lat, lon, label = zip(*rows, strict=True)
    margin_km = _margin_km(parameters, level)
    return list(footprints(lat, lon, label, margin_km=margin_km, land=land))


def _described(
    sites: list[Site], places: list[Covered], outline: Any, parameters: Parameters
) -> dict[str, Any]:
    first = sites[0]
    centre_lat, centre_lon = _centre(sites)
    return {
        "places": list(dict.fromkeys(covered.place for covered in places)),
        "countries": _countries(sites),
        **{name: first[name] for name in ("theme", "period", "level", "parent_id")},
        "method": parameters.method,
        "centre_lat": centre_lat, "centre_lon": centre_lon,
        "footprint": outline.wkb, "area_km2": round(area_km2(outline), 3),
        "weight": float(sum(s["weight"] for s in sites)),
    }  # fmt: skip


def _margin_km(parameters: Parameters, level: int) -> float:
    """The margin of a level: no more than half of its radius where that is finer."""
    radius = parameters.radii.get(level, parameters.radius_km)
    return parameters.margin_km if level >= 0 else max(min(parameters.margin_km, radius / 2), 0.01)


def _countries(sites: list[Site]) -> list[str]:
    """Country codes, heaviest first, ties by code."""
    weights: dict[str, int] = {}
    for site in sites:
        if site["country"]:
            weights[site["country"]] = weights.get(site["country"], 0) + site["weight"]
    return sorted(weights, key=lambda code: (-weights[code], code))
