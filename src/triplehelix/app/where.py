"""In which cluster a town lies, and how far the nearest one is."""

from dataclasses import dataclass

from triplehelix.app.prepared import prepare
from triplehelix.errors import InputError
from triplehelix.query import Query
from triplehelix.sphere import EARTH_RADIUS_KM
from triplehelix.store.edition import Edition

MOST = 50


@dataclass(frozen=True, slots=True)
class Around:
    """A wider or finer cluster that a place lies in or near."""

    level: int
    cluster_id: str
    cluster: str
    distance_km: float


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """
    A place and the cluster it lies in or near; distance 0 means that members stand there.

    Where it lies in none, `nearest` is the one whose members come nearest; `around` has the
    clusters of other levels, finest first.
    """

    place_id: str
    place: str
    country: str | None
    lat: float | None
    lon: float | None
    population: int | None
    cluster_id: str | None
    cluster: str | None
    distance_km: float | None
    nearest_id: str | None
    nearest: str | None
    nearest_km: float | None
    around: list[Around]


_WHERE = f"""
    with asked as (select lower(strip_accents($town)) as folded),
    named as (
        select p.*, lower(strip_accents(p.name)) = asked.folded as own
        from places p, asked
        where p.place_id in (
            select n.id from atlas.names n, asked
            where n.kind = 'place' and n.folded = asked.folded)),
    here as (
        select place_id, arg_min(pc.cluster_id, (pc.distance_km, pc.cluster_id)) as cluster_id,
               min(pc.distance_km) as distance_km
        from place_clusters pc join atlas.clusters c using (cluster_id)
        where place_id in (select place_id from named)
          and c.main
        group by place_id),
    others as (
        select place_id, list({{'level': c.level, 'cluster_id': c.cluster_id, 'cluster': c.name,
                               'distance_km': pc.distance_km}} order by c.level) as around
        from place_clusters pc join atlas.clusters c using (cluster_id)
        where place_id in (select place_id from named) and c.level <> 0
        group by place_id),
    away as (
        select n.place_id, m.cluster_id,
               2 * {EARTH_RADIUS_KM} * asin(least(1, sqrt(
                   pow(sin(radians(s.lat - n.lat) / 2), 2) + cos(radians(s.lat))
                   * cos(radians(n.lat)) * pow(sin(radians(s.lon - n.lon) / 2), 2)))) as km
        from named n
        cross join atlas.memberships m
        join atlas.clusters c on c.cluster_id = m.cluster_id and c.main
        join atlas.sites s on s.site_id = m.site_id
        where n.place_id not in (select place_id from here) and n.lat is not null),
    nearest as (
        select place_id, arg_min(cluster_id, (km, cluster_id)) as nearest_id,
               round(min(km), 1) as nearest_km
        from away group by place_id)
    select n.place_id, n.name as place, n.country, n.lat, n.lon, n.population,
           h.cluster_id, c.name as cluster, h.distance_km,
           a.nearest_id, near.name as nearest, a.nearest_km, coalesce(o.around, []) as around
    from named n left join here h using (place_id) left join atlas.clusters c using (cluster_id)
    left join others o using (place_id) left join nearest a using (place_id)
    left join atlas.clusters near on near.cluster_id = a.nearest_id
    where $country is null or n.country = $country
    order by n.own desc, n.population desc nulls last, n.country, n.place_id
    limit {MOST}"""


def where(edition: Edition, town: str, *, country: str | None = None) -> list[Whereabouts]:
    """
    Places of a name, the largest first, each with its cluster.

    Parameters
    ----------
    town : its name in any language the edition knows; case and accents do not matter.
    country : ISO 3166-1 alpha-2, to tell places of one name apart.

    Returns
    -------
    list of Whereabouts
        Empty where no place of the edition is so called.

    Raises
    ------
    InputError
        If the name is empty or longer than 200 characters.
    """
    asked = " ".join(town.split())
    if not asked or len(asked) > 200:
        raise InputError("give the name of a town, of 1 to 200 characters")
    values = {"town": asked, "country": country or None}
    found = prepare(edition).rows(Query("where", _WHERE, values))
    return [Whereabouts(**row | {"around": [Around(**a) for a in row["around"]]}) for row in found]
