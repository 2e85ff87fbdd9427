"""In which cluster a town lies, and how far the nearest one is."""

from dataclasses import dataclass

from triplehelix.app.prepared import prepare
from triplehelix.errors import InputError
from triplehelix.query import Query
from triplehelix.store.edition import Edition

MOST = 50


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A place and the cluster it lies in or near; distance 0 means inside."""

    place_id: str
    place: str
    country: str | None
    lat: float | None
    lon: float | None
    population: int | None
    cluster_id: str | None
    cluster: str | None
    distance_km: float | None


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
          and c.theme = 'all' and c.period = 'all'
        group by place_id)
    select n.place_id, n.name as place, n.country, n.lat, n.lon, n.population,
           h.cluster_id, c.name as cluster, h.distance_km
    from named n left join here h using (place_id) left join atlas.clusters c using (cluster_id)
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
        Empty where no place of the edition is so called; the cluster is None where none is near.

    Raises
    ------
    InputError
        If the name is empty or longer than 200 characters.
    """
    asked = " ".join(town.split())
    if not asked or len(asked) > 200:
        raise InputError("give the name of a town, of 1 to 200 characters")
    values = {"town": asked, "country": country or None}
    return [Whereabouts(**r) for r in prepare(edition).rows(Query("where", _WHERE, values))]
