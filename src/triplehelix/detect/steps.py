"""The steps that find an edition's clusters: tables in, tables out."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from triplehelix.detect.dbscan import LEAST_RADIUS_KM, clustering
from triplehelix.detect.footprint import footprint
from triplehelix.detect.membership import nearest_clusters
from triplehelix.detect.naming import Covered, covered_places, names_of
from triplehelix.errors import InputError
from triplehelix.query import Calculation, Query, Step
from triplehelix.sphere import HALF_CIRCUMFERENCE_KM, area_km2, centroid
from triplehelix.tables import EDITION

METHODS = ("dbscan",)
WEIGHTS = ("organisations", "activities")

# Without a given weight, a site is core with this much around it, or with one in so many of all.
LEAST_MIN_WEIGHT, ONE_IN = 5.0, 2000

# Sites placed less surely than this do not say where activity is dense.
_PLACED = ("address", "postcode", "district", "city")


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """
    How clusters are found.

    Parameters
    ----------
    method : "dbscan"
    radius_km : how near counts as near; 0.000001 to half of the Earth's circumference
    min_weight : weight within the radius that makes a site core, greater than 0
        None: 5, or one in 2,000 of all weight if that is more, so that the same rule serves a
        list of companies and a continent's projects.
    weight : what a site weighs
        "organisations": 1. "activities": the number of activities performed there, and 1 at
        least, because an organisation that is listed is there.
    margin_km : how far beyond its members a cluster's footprint is drawn, 0.01 to 1,000

    Raises
    ------
    InputError
        If a value is none of these.
    """

    method: str = "dbscan"
    radius_km: float = 10.0
    min_weight: float | None = None
    weight: str = "activities"
    margin_km: float = 4.0

    def __post_init__(self) -> None:
        _check_choice("method", self.method, METHODS)
        _check_choice("weight", self.weight, WEIGHTS)
        _check_number("radius_km", self.radius_km, LEAST_RADIUS_KM, HALF_CIRCUMFERENCE_KM)
        if self.min_weight is not None:
            _check_number("min_weight", self.min_weight, 1e-9, 1e15)
        _check_number("margin_km", self.margin_km, 0.01, 1000.0)


def _check_choice(what: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise InputError(f"{what} is {value!r}; choose {' or '.join(map(repr, choices))}")


def _check_number(what: str, value: object, least: float, most: float) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not least <= value <= most:  # type: ignore[operator]
        raise InputError(f"{what} is {value!r}; give a number from {least:g} to {most:g}")


def steps(parameters: Parameters) -> list[Step]:
    """
    The steps that make `found_clusters`, `memberships` and `place_clusters`.

    They read `sites`, `places`, `organisations` and `participations`, and leave four tables
    on the way: `site_weights`, `detection` (the weight that makes a site core, and all
    weight), `cluster_sites` and `cluster_work`.

    Raises
    ------
    InputError
        By `Parameters`, if one is out of range.
    """
    detected = partial(_cluster_sites, parameters=parameters)
    described = partial(_clusters, parameters=parameters)
    found = partial(_place_clusters, radius_km=float(parameters.radius_km))
    return [
        _site_weights(parameters.weight),
        _detection(parameters.min_weight),
        Calculation("cluster_sites", ("site_weights", "detection"), detected),
        _CLUSTER_WORK,
        Calculation("found_clusters", ("cluster_sites", "cluster_work"), described),
        _MEMBERSHIPS,
        Calculation("place_clusters", ("places", "cluster_sites", "found_clusters"), found),
    ]


def _site_weights(weight: str) -> Query:
    """
    The sites that enter detection, and what each weighs.

    A funder is not a performer: a site, or an organisation, all of whose participations are
    as a funder is left out. One without any participation is listed, and counts.
    """
    return Query("site_weights", """
        with site_work as (
            select site_id,
                   count(distinct activity_id) filter (role is distinct from 'funder') as n
            from participations where site_id is not null group by site_id
        ), funders as (
            select organisation_id from participations group by organisation_id
            having bool_and(role is not distinct from 'funder')
        )
        select s.site_id, s.organisation_id, s.lat, s.lon, s.place_id, p.name as place,
               coalesce(p.country, o.country) as country,
               case when $weight = 'activities' then coalesce(w.n, 1) else 1 end::bigint as weight
        from sites s
        left join organisations o on o.organisation_id = s.organisation_id
        left join places p on p.place_id = s.place_id
        left join site_work w on w.site_id = s.site_id
        where list_contains($placed, s.precision) and s.lat is not null and s.lon is not null
          and coalesce(w.n, 1) > 0
          and s.organisation_id not in (select organisation_id from funders)
        order by s.site_id""", {"weight": weight, "placed": list(_PLACED)})  # fmt: skip


def _detection(min_weight: float | None) -> Query:
    """One row: the weight that makes a site core, given or by the rule, and all weight."""
    return Query("detection", """
        select coalesce($given::double, greatest($least, sum(weight) / $one_in)) as min_weight,
               coalesce(sum(weight), 0)::bigint as weight, count(*) as n_sites
        from site_weights""",
        {"given": min_weight, "least": LEAST_MIN_WEIGHT, "one_in": ONE_IN})  # fmt: skip


_CLUSTER_WORK = Query("cluster_work", """
    select c.cluster_id, count(distinct c.organisation_id)::bigint as n_organisations,
           count(distinct p.activity_id)::bigint as n_activities
    from cluster_sites c
    left join participations p on p.site_id = c.site_id and p.role is distinct from 'funder'
    group by c.cluster_id
    order by c.cluster_id""")  # fmt: skip

_MEMBERSHIPS = Query("memberships", """
    select cluster_id, site_id, organisation_id, null::double as probability, core
    from cluster_sites
    order by cluster_id, site_id""")  # fmt: skip


def _cluster_sites(
    site_weights: pa.Table, detection: pa.Table, *, parameters: Parameters
) -> pa.Table:
    """The sites that are in a cluster, sorted by cluster and site."""
    sites = site_weights.sort_by("site_id")
    found = clustering(
        sites["lat"].to_numpy(), sites["lon"].to_numpy(),
        radius_km=parameters.radius_km, min_weight=detection["min_weight"][0].as_py(),
        weight=sites["weight"].to_numpy(),
    )  # fmt: skip
    ids = np.array(sites["site_id"].to_pylist(), dtype=object)
    cluster_ids = [
        _cluster_id(parameters, ids[(found.labels == label) & found.core])
        for label in range(found.labels.max(initial=-1) + 1)
    ]
    of_site = [cluster_ids[label] if label >= 0 else None for label in found.labels.tolist()]
    return (
        sites.append_column("cluster_id", pa.array(of_site, pa.string()))
        .append_column("core", pa.array(found.core))
        .filter(found.labels >= 0)
        .sort_by([("cluster_id", "ascending"), ("site_id", "ascending")])
    )


def _cluster_id(parameters: Parameters, core_site_ids: Any) -> str:
    """Hash of the method, the parameters that decide the members, and the core members."""
    values = {k: float(v) if isinstance(v, int) else v for k, v in asdict(parameters).items()
              if k != "margin_km"}  # fmt: skip
    text = json.dumps([values, sorted(core_site_ids)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _clusters(
    cluster_sites: pa.Table, cluster_work: pa.Table, *, parameters: Parameters
) -> pa.Table:
    work = {row["cluster_id"]: row for row in cluster_work.to_pylist()}
    members: dict[str, list[dict[str, Any]]] = {}
    for site in cluster_sites.to_pylist():
        members.setdefault(site["cluster_id"], []).append(site)
    places = _places_of(members)
    names = names_of(places)
    rows = [
        _described(members[key], places[key], parameters) | work[key] | {"name": names[key]}
        for key in sorted(members)
    ]
    return pa.Table.from_pylist(rows, schema=EDITION["clusters"].schema)


def _places_of(members: dict[str, list[dict[str, Any]]]) -> dict[str, list[Covered]]:
    """The places each cluster covers; one without any is named by its coordinates."""
    rows: list[tuple[str, str, str | None, int]] = []
    for key, sites in members.items():
        named = [s for s in sites if s["place"]] or [sites[0] | {"place": _coordinates(sites)}]
        rows.extend((key, s["place"], s["country"], s["weight"]) for s in named)
    keys, names, countries, weights = zip(*rows, strict=True) if rows else ((), (), (), ())
    return covered_places(keys, names, countries, weights)


def _coordinates(sites: list[dict[str, Any]]) -> str:
    lat, lon = _centre(sites)
    return f"{abs(lat):.2f}° {'NS'[lat < 0]}, {abs(lon):.2f}° {'EW'[lon < 0]}"


def _centre(sites: list[dict[str, Any]]) -> tuple[float, float]:
    lat, lon = centroid(*([s[k] for s in sites] for k in ("lat", "lon", "weight")))
    return round(lat, 5) + 0.0, round(lon, 5) + 0.0


def _described(
    sites: list[dict[str, Any]], places: list[Covered], parameters: Parameters
) -> dict[str, Any]:
    lat, lon = [s["lat"] for s in sites], [s["lon"] for s in sites]
    outline = footprint(lat, lon, margin_km=parameters.margin_km)
    centre_lat, centre_lon = _centre(sites)
    return {
        "places": list(dict.fromkeys(covered.place for covered in places)),
        "countries": _countries(sites),
        "theme": "all", "period": "all", "method": parameters.method, "level": 0,
        "centre_lat": centre_lat, "centre_lon": centre_lon,
        "footprint": outline.wkb, "area_km2": round(area_km2(outline), 3),
        "weight": float(sum(s["weight"] for s in sites)), "evidence": "untested",
    }  # fmt: skip


def _countries(sites: list[dict[str, Any]]) -> list[str]:
    """Country codes, heaviest first, ties by code."""
    weights: dict[str, int] = {}
    for site in sites:
        if site["country"]:
            weights[site["country"]] = weights.get(site["country"], 0) + site["weight"]
    return sorted(weights, key=lambda code: (-weights[code], code))


def _place_clusters(
    places: pa.Table, cluster_sites: pa.Table, clusters: pa.Table, *, radius_km: float
) -> pa.Table:
    place_id, cluster_id, distance_km = nearest_clusters(
        places, cluster_sites, clusters, radius_km=radius_km
    )
    columns = [place_id, np.zeros(len(place_id), dtype=np.int64), cluster_id, distance_km]
    schema = EDITION["place_clusters"].schema
    arrays = [pa.array(v, t) for v, t in zip(columns, schema.types, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema).sort_by("place_id")
