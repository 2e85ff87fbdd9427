"""Who seeks and who is sought: a cluster, an organisation, or a part of the world."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triplehelix.app.choose import cluster_named, organisation_named
from triplehelix.app.cluster_profile import cluster_row
from triplehelix.app.layers import Layer
from triplehelix.app.names import full_organisation_id
from triplehelix.app.partners.area import Area, area_named
from triplehelix.app.partners.ground import Clusters, Ground, Organisations, members_of
from triplehelix.app.prepared import prepare
from triplehelix.errors import UnknownName
from triplehelix.link.joining import Body, activities_of, joined
from triplehelix.link.past import Past
from triplehelix.query import Query
from triplehelix.store.edition import Edition

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]
_DID = """
    select activity_id from atlas.cluster_activities where cluster_id = $cluster order by 1"""
# Followed to what it has become, if that is in the edition.
_KNOWN = """
    with recursive later as (
        select $id::varchar as id, 0 as n
        union
        select s.organisation_id, n + 1
        from successors s join later on s.earlier_id = later.id where n < 10)
    select o.organisation_id from later join atlas.organisations o on o.organisation_id = later.id
    order by later.n desc limit 1"""


@dataclass(frozen=True, slots=True)
class Party:
    """
    One side of a tie: `kind` is `cluster`, `organisation` or `country` (a group of them too).

    `helix`, `place` and `cluster` are an organisation's; `country` is a code, None where it is
    unknown or several; lat, lon in degrees, None where unknown.
    """

    kind: str
    id: str
    name: str
    country: str | None
    helix: str | None
    place: str | None
    cluster_id: str | None
    cluster: str | None
    lat: float | None
    lon: float | None


@dataclass(frozen=True, eq=False)
class Seeker:
    """
    A party on its ground: the past with it in, its index there, its activities and members.

    `members` are the nodes it is made of or that lie in it; its own index, if it is one.
    `known` has all activities of its members, of which `theirs` may be a part: a cluster of one
    theme has their activities of that theme alone.
    """

    party: Party
    so_far: Past
    node: int
    theirs: Reals
    members: Wholes
    known: Reals


def party_named(edition: Edition, written: str) -> tuple[str, str]:
    """
    The kind and id of what is so written: a cluster, a country or group, or an organisation.

    Raises
    ------
    UnknownName
        If it is none of these.
    """
    try:
        return "cluster", cluster_named(edition, written)
    except UnknownName as err:
        # Several of that name: the ids are in the message.
        if "clusters are named" in str(err):
            raise
    try:
        return "country", area_named(written).key
    except UnknownName:
        pass
    try:
        return "organisation", organisation_named(edition, written)
    except UnknownName as err:
        if "organisations are named" in str(err):
            raise
    raise UnknownName(
        f"{written!r} is no cluster, country or organisation of this edition; give the name of a "
        "cluster (`triplehelix clusters` lists them), a country's code (JP), a group (eu27), or "
        "the name or id of an organisation"
    )


def organisation_id(edition: Edition, written: str) -> str:
    """
    The id of an organisation of the edition, followed to what it has become.

    Raises
    ------
    UnknownName
        If the edition has no such organisation.
    """
    asked = full_organisation_id(written)
    found = prepare(edition).rows(Query("known", _KNOWN, {"id": asked}))
    if not found:
        raise UnknownName(
            f"no organisation {asked!r} in this edition; look for it by name at /search"
        )
    return str(found[0]["organisation_id"])


def about_organisation(row: dict[str, Any]) -> Party:
    """An organisation from its row."""
    return Party(
        "organisation", row["id"], row["name"], row["country"] or None, row["helix"],
        row["place"], row["cluster_id"], row["cluster"], row["lat"], row["lon"],
    )  # fmt: skip


def about_cluster(row: dict[str, Any]) -> Party:
    """A cluster from its row."""
    return Party(
        "cluster", row["id"], row["name"], row["country"] or None, None, None, None, None,
        row["lat"], row["lon"],
    )  # fmt: skip


def about_area(area: Area, lat: float | None = None, lon: float | None = None) -> Party:
    """A part of the world."""
    one = area.countries[0] if len(area.countries) == 1 else None
    return Party("country", area.key, area.name, one, None, None, None, None, lat, lon)


def as_organisation(edition: Edition, ground: Organisations, id_: str) -> Seeker | None:
    """An organisation that seeks; None if it has done nothing that is known."""
    node = ground.at.get(organisation_id(edition, id_))
    if node is None:
        return None
    own = np.array([node], dtype=np.int64)
    did = activities_of(ground.done, own)
    return Seeker(about_organisation(ground.rows[node]), ground.so_far, node, did, own, did)


def as_members(edition: Edition, ground: Organisations, cluster_id: str) -> Seeker | None:
    """A cluster that seeks organisations: its members as one; None if they have done nothing."""
    row = cluster_row(edition, cluster_id)
    members = ground.indices(members_of(edition, cluster_id))
    if not len(members):
        return None
    one = row["countries"][0] if len(row["countries"]) == 1 else ""
    body = Body(row["name"], row["centre_lat"], row["centre_lon"], one)
    party = about_cluster(
        {**row, "id": cluster_id, "country": one, "lat": row["centre_lat"],
         "lon": row["centre_lon"]}
    )  # fmt: skip
    asked = Query("did", _DID, {"cluster": cluster_id})
    did = [row["activity_id"] for row in prepare(edition).rows(asked)]
    theirs = np.isin(ground.done.activity, did).astype(float)
    seeker = _joined(ground, party, theirs, (members, body))
    return replace(seeker, known=activities_of(ground.done, members))


def as_cluster(ground: Clusters, cluster_id: str) -> Seeker | None:
    """A cluster that seeks clusters; None if it has no activity."""
    node = ground.at.get(cluster_id)
    if node is None:
        return None
    own = np.array([node], dtype=np.int64)
    did = activities_of(ground.done, own)
    return Seeker(about_cluster(ground.rows[node]), ground.so_far, node, did, own, did)


def as_country(ground: Organisations, area: Area) -> Seeker | None:
    """A part of the world that seeks organisations; None if none of its own has done anything."""
    members = np.flatnonzero(ground.within(area))
    if not len(members):
        return None
    party = _placed(ground, area, members)
    return _joined(
        ground, party, activities_of(ground.done, members), (members, _body(party, area))
    )


def as_country_among(ground: Clusters, people: Organisations, area: Area) -> Seeker | None:
    """A part of the world that seeks clusters; None if none of its own has done anything."""
    members = np.flatnonzero(people.within(area))
    if not len(members):
        return None
    did = people.done.activity[activities_of(people.done, members) > 0]
    theirs = np.isin(ground.done.activity, did).astype(float)
    party = _placed(people, area, members)
    return _joined(ground, party, theirs, (np.flatnonzero(ground.within(area)), _body(party, area)))


def layer_of_cluster(edition: Edition, cluster_id: str) -> Layer:
    """The layer that a cluster is of."""
    row = cluster_row(edition, cluster_id)
    return Layer(row["level"], row["theme"], row["period"])


def _joined(ground: Ground, party: Party, theirs: Reals, whole: tuple[Wholes, Body]) -> Seeker:
    members, body = whole
    so_far = joined(ground.so_far, ground.done, theirs, body, members=members)
    return Seeker(party, so_far, len(ground.rows), theirs, members, theirs)


def _placed(ground: Organisations, area: Area, members: Wholes) -> Party:
    """In the middle of its organisations each way; without a place if none has one."""
    lat, lon = (each[members] for each in (ground.so_far.lat, ground.so_far.lon))
    known = np.isfinite(lat)
    middle = [_middle(each[known]) if known.any() else None for each in (lat, lon)]
    return about_area(area, *middle)


def _middle(degrees: Reals) -> float:
    # The lower of two middle ones: always the degree of a real place.
    return float(np.sort(degrees)[(len(degrees) - 1) // 2])


def _body(party: Party, area: Area) -> Body:
    lat, lon = (np.nan if each is None else each for each in (party.lat, party.lon))
    return Body(party.name, lat, lon, party.country or "")
