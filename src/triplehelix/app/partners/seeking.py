"""Whom a cluster, an organisation or a country should seek, and does not work with, or hardly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triplehelix.app.layers import Layer
from triplehelix.app.names import unknown_theme
from triplehelix.app.partners.area import Area, area_named
from triplehelix.app.partners.ground import Organisations, clusters, organisations
from triplehelix.app.partners.naming import (
    MAIN,
    PartnerList,
    Wish,
    clusters_for,
    labels,
    organisations_for,
)
from triplehelix.app.partners.parties import (
    Party,
    Seeker,
    about_area,
    about_cluster,
    about_organisation,
    as_cluster,
    as_country,
    as_country_among,
    as_members,
    as_organisation,
    layer_of_cluster,
    organisation_id,
)
from triplehelix.app.prepared import prepare
from triplehelix.errors import InputError
from triplehelix.query import Query
from triplehelix.store.edition import Edition

MOST = 100

_TELLS_NOTHING = "so nothing tells whom it should seek"
_IDLE = f"no organisation of it has taken part in anything, {_TELLS_NOTHING}"
_PAYS = f"it has taken part in nothing, or as a funder alone, {_TELLS_NOTHING}"
_ABSENT = f"no organisation there has taken part in anything, {_TELLS_NOTHING}"


@dataclass(frozen=True, slots=True)
class Partners:
    """
    Whom one should seek; `area` and `theme` say what was asked for.

    `note` says why there are no lists, if so.
    """

    of: Party
    area: Area | None
    theme: str | None
    lists: list[PartnerList]
    note: str | None


def partners_of(
    edition: Edition,
    *,
    cluster: str | None = None,
    organisation: str | None = None,
    country: str | None = None,
    with_country: str | None = None,
    theme: str | None = None,
    n: int = 5,
) -> Partners:
    """
    Whom one should seek and does not work with (clusters: or hardly), with the reasons.

    Parameters
    ----------
    cluster, organisation, country : the one that asks, exactly one of them: an id, or a
        country's code, a group (`eu27`, `commonwealth`) or a nation of the United Kingdom.
    with_country : only partners there. For a cluster, its organisations are named too.
    theme : only partners at work in it; that of the cluster, if it was found for one.
    n : how many to name per list, 1 to 100.

    Raises
    ------
    UnknownName
        If the edition has no such cluster, organisation or theme, or there is no such country.
    InputError
        If not exactly one asks, or n is out of range.
    """
    each = {"cluster": cluster, "organisation": organisation, "country": country}
    asked = [(kind, id_) for kind, id_ in each.items() if id_]
    if len(asked) != 1:
        raise InputError(
            f"{len(asked)} of cluster, organisation and country are given; give exactly one"
        )
    if not 1 <= n <= MOST:
        raise InputError(f"n is {n}; give a number from 1 to {MOST}")
    [(kind, id_)] = asked
    area = area_named(with_country) if with_country else None
    if theme is not None and theme not in labels(prepare(edition)):
        raise unknown_theme(edition, theme)
    ask = {"cluster": _of_cluster, "organisation": _of_organisation, "country": _of_country}[kind]
    return ask(edition, str(id_), Wish(area, theme, n))


def clusters_to_seek(edition: Edition, cluster_id: str, *, n: int = 5) -> Partners:
    """
    The clusters alone that `partners_of` names to a cluster.

    Raises
    ------
    UnknownName
        If the edition has no such cluster.
    """
    ground = clusters(prepare(edition), layer_of_cluster(edition, cluster_id))
    seeker, wish = as_cluster(ground, cluster_id), _wish_of(ground.layer, Wish(None, None, n))
    if seeker is None:
        return _nothing(_cluster_party(edition, cluster_id), wish, _IDLE)
    lists = [clusters_for(edition, ground, seeker, wish)]
    return Partners(seeker.party, None, wish.theme, lists, None)


def _wish_of(layer: Layer, wish: Wish) -> Wish:
    """Clusters that were found for a theme ask for partners in it, unless they say otherwise."""
    return wish._replace(theme=layer.of) if wish.theme is None and layer.of != "all" else wish


def _of_cluster(edition: Edition, id_: str, wish: Wish) -> Partners:
    layer = layer_of_cluster(edition, id_)
    ground, people = clusters(edition, layer), organisations(edition)
    wish = _wish_of(layer, wish)
    seeker, whole = as_cluster(ground, id_), as_members(edition, people, id_)
    if seeker is None or whole is None:
        return _nothing(_cluster_party(edition, id_), wish, _IDLE)
    lists = [clusters_for(edition, ground, seeker, wish)]
    lists += [
        organisations_for(edition, people, whole, scope, wish)
        for scope in _beyond(people, ground.rows[seeker.node]["countries"], wish.area)
    ]
    return Partners(seeker.party, wish.area, wish.theme, lists, None)


def _of_organisation(edition: Edition, id_: str, wish: Wish) -> Partners:
    people = organisations(edition)
    seeker = as_organisation(edition, people, id_)
    if seeker is None:
        return _nothing(_organisation_party(edition, id_), wish, _PAYS)
    lists = [
        organisations_for(edition, people, seeker, scope, wish)
        for scope in _scopes(people, seeker, wish.area)
    ]
    return Partners(seeker.party, wish.area, wish.theme, lists, None)


def _of_country(edition: Edition, id_: str, wish: Wish) -> Partners:
    own = area_named(id_)
    people, ground = organisations(edition), clusters(edition, MAIN)
    seeker, among = as_country(people, own), as_country_among(ground, people, own)
    if seeker is None or among is None:
        return _nothing(about_area(own), wish, _ABSENT)
    scope = ("area", people.within(wish.area)) if wish.area else ("elsewhere", ~people.within(own))
    lists = [
        clusters_for(edition, ground, among, wish),
        organisations_for(edition, people, seeker, scope, wish),
    ]
    return Partners(seeker.party, wish.area, wish.theme, lists, None)


def _nothing(party: Party, wish: Wish, why: str) -> Partners:
    return Partners(party, wish.area, wish.theme, [], why)


def _scopes(
    people: Organisations, seeker: Seeker, area: Area | None
) -> list[tuple[str, NDArray[np.bool_]]]:
    if area is not None:
        return [("area", people.within(area))]
    row = people.rows[seeker.node]
    near = people.where("cluster_id") == row["cluster_id"] if row["cluster_id"] else None
    here = people.so_far.country == row["country"]
    found = [] if near is None else [("cluster", np.asarray(near, dtype=bool))]
    if row["country"]:
        beyond = here if near is None else here & ~np.asarray(near, dtype=bool)
        found.append(("country", beyond))
        found.append(("abroad", ~here & (people.so_far.country != "")))
    return found


def _beyond(
    people: Organisations, countries: list[str], area: Area | None
) -> list[tuple[str, NDArray[np.bool_]]]:
    if area is not None:
        return [("area", people.within(area))]
    here = np.isin(people.so_far.country, countries)
    return [("country", here), ("abroad", ~here & (people.so_far.country != ""))]


def _cluster_party(edition: Edition, id_: str) -> Party:
    row = prepare(edition).rows(Query("cluster", """
        select cluster_id as id, name, centre_lat as lat, centre_lon as lon,
            case when len(countries) = 1 then countries[1] end as country
        from atlas.clusters where cluster_id = $id""", {"id": id_}))[0]  # fmt: skip
    return about_cluster(row)


def _organisation_party(edition: Edition, id_: str) -> Party:
    found = organisation_id(edition, id_)
    row = prepare(edition).rows(Query("organisation", """
        select o.organisation_id as id, o.name, coalesce(o.country, '') as country, o.helix,
            t.place, t.cluster_id, t.cluster, t.lat, t.lon
        from atlas.organisations o left join atlas.stands t on t.site_id = o.main_site_id
        where o.organisation_id = $id""", {"id": found}))[0]  # fmt: skip
    return about_organisation(row)
