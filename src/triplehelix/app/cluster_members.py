"""The organisations of a cluster, all of them."""

from dataclasses import dataclass

from triplehelix.app.cluster_profile import Member, cluster_row
from triplehelix.app.pages import PER_PAGE, cut, pages_of
from triplehelix.errors import InputError
from triplehelix.query import Query
from triplehelix.store.edition import Edition
from triplehelix.tables import HELICES


@dataclass(frozen=True, slots=True)
class ClusterMembers:
    """One page of a cluster's members, most active first."""

    cluster_id: str
    name: str
    helix: str | None
    total: int
    page: int
    pages: int
    members: list[Member]


_MEMBERS = """
    select organisation_id, name, helix, n_activities, core, probability
    from atlas.cluster_members
    where cluster_id = $cluster and ($helix is null or helix = $helix)
    order by n_activities desc, name, organisation_id"""


def cluster_members(
    edition: Edition,
    cluster_id: str,
    *,
    helix: str | None = None,
    page: int = 1,
    per_page: int = PER_PAGE,
) -> ClusterMembers:
    """
    The organisations with a site in a cluster.

    Raises
    ------
    UnknownName
        If there is no such cluster.
    InputError
        If the helix or the page is not one of those offered.
    """
    asked = cut(page, per_page)
    if helix is not None and helix not in HELICES:
        raise InputError(f"helix is {helix!r}; give one of {', '.join(HELICES)}, or leave it out")
    cluster = cluster_row(edition, cluster_id)
    found = edition.rows(Query("members", _MEMBERS, {"cluster": cluster_id, "helix": helix}))
    return ClusterMembers(
        cluster_id, cluster["name"], helix, len(found), page, pages_of(len(found), per_page),
        [Member(**row) for row in found[asked.offset : asked.offset + per_page]],
    )  # fmt: skip
