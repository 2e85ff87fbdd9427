"""The organisations of a cluster, all of them."""

from dataclasses import dataclass

from triplehelix.app.cluster_profile import Member, cluster_row
from triplehelix.app.pages import PER_PAGE, cut, pages_of
from triplehelix.errors import InputError
from triplehelix.query import Query
from triplehelix.store.edition import Edition
from triplehelix.tables import HELICES

SORTS = {
    "activities": "n_activities desc",
    "probability": "probability desc nulls last",
    "name": "name",
}


@dataclass(frozen=True, slots=True)
class ClusterMembers:
    """One page of a cluster's members."""

    cluster_id: str
    name: str
    helix: str | None
    sort: str
    total: int
    page: int
    pages: int
    members: list[Member]


@dataclass(frozen=True, slots=True)
class MemberSite:
    """
    A site of a cluster; `probability` is the share of resamples in which it belongs to it.

    None where nothing was resampled.
    """

    site_id: str
    organisation_id: str
    name: str
    helix: str
    lat: float
    lon: float
    precision: str | None
    core: bool | None
    probability: float | None


_MEMBERS = """
    select organisation_id, name, helix, n_activities, core, probability
    from atlas.cluster_members
    where cluster_id = $cluster and ($helix is null or helix = $helix)
    order by {order}, n_activities desc, name, organisation_id"""

_SITES = """
    select m.site_id, m.organisation_id, o.name, o.helix, s.lat, s.lon, s.precision, m.core,
           m.probability
    from atlas.memberships m
    join atlas.sites s using (site_id)
    join atlas.organisations o on o.organisation_id = m.organisation_id
    where m.cluster_id = $cluster and ($helix is null or o.helix = $helix) and s.lat is not null
    order by m.site_id"""


def cluster_members(
    edition: Edition,
    cluster_id: str,
    *,
    helix: str | None = None,
    sort: str = "activities",
    page: int = 1,
    per_page: int = PER_PAGE,
) -> ClusterMembers:
    """
    The organisations with a site in a cluster, most active first unless sorted otherwise.

    `sort` is `activities`, `probability` or `name`; a leading `-` turns the order round.

    Raises
    ------
    UnknownName
        If there is no such cluster.
    InputError
        If the helix, the sort or the page is not one of those offered.
    """
    asked = cut(page, per_page)
    _check(helix)
    query = _MEMBERS.format(order=_order(sort))
    cluster = cluster_row(edition, cluster_id)
    found = edition.rows(Query("members", query, {"cluster": cluster_id, "helix": helix}))
    return ClusterMembers(
        cluster_id, cluster["name"], helix, sort, len(found), page, pages_of(len(found), per_page),
        [Member(**row) for row in found[asked.offset : asked.offset + per_page]],
    )  # fmt: skip


def member_sites(
    edition: Edition, cluster_id: str, *, helix: str | None = None
) -> list[MemberSite]:
    """All sites of a cluster that have coordinates; raises as `cluster_members`."""
    _check(helix)
    cluster_row(edition, cluster_id)
    found = edition.rows(Query("sites", _SITES, {"cluster": cluster_id, "helix": helix}))
    return [MemberSite(**row) for row in found]


def _check(helix: str | None) -> None:
    if helix is not None and helix not in HELICES:
        raise InputError(f"helix is {helix!r}; give one of {', '.join(HELICES)}, or leave it out")


def _order(sort: str) -> str:
    order = SORTS.get(sort.removeprefix("-"))
    if order is None:
        raise InputError(f"sort is {sort!r}; give one of {', '.join(SORTS)}, or with a - before")
    if not sort.startswith("-"):
        return order
    return order.replace(" desc", " asc") if " desc" in order else f"{order} desc"
