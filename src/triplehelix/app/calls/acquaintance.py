"""What an edition tells of members: the cluster each stands in, and who has worked with whom."""

from collections.abc import Mapping, Sequence

from triplehelix.query import Query
from triplehelix.store.edition import Edition

_CLUSTERS = """
    select m.organisation_id, arg_min(m.cluster_id, (-coalesce(m.probability, 1), m.cluster_id))
        as cluster_id
    from memberships m join clusters c using (cluster_id)
    where c.theme = 'all' and c.period = 'all' and c.level = 0
        and list_contains($organisations, m.organisation_id)
    group by m.organisation_id
    order by m.organisation_id"""

_JOINT = """
    with ours as (
        select distinct activity_id, organisation_id from participations
        where list_contains($organisations, organisation_id) and role <> 'funder'
    )
    select a.organisation_id as one, b.organisation_id as other, count(*) as n
    from ours a join ours b
        on a.activity_id = b.activity_id and a.organisation_id < b.organisation_id
    group by all order by all"""


def clusters_of(edition: Edition, organisations: Sequence[str]) -> dict[str, str]:
    """
    The cluster that each organisation stands in, of the edition's finest level.

    Of several, the one it is a member of most surely; ties fall to the smaller id.
    """
    if not organisations:
        return {}
    rows = edition.rows(Query("clusters", _CLUSTERS, {"organisations": list(organisations)}))
    return {row["organisation_id"]: row["cluster_id"] for row in rows}


def joint_activities(
    edition: Edition, organisations: Mapping[str, str]
) -> dict[tuple[str, str], int]:
    """
    How many activities two members have had together, by their ids in order; pairs with none are
    left out. Funders take no part in what they fund.

    Parameters
    ----------
    organisations : by member, its id in the edition.
    """
    if not organisations:
        return {}
    asked = sorted(set(organisations.values()))
    members: dict[str, list[str]] = {}
    for member, organisation in sorted(organisations.items()):
        members.setdefault(organisation, []).append(member)
    found: dict[tuple[str, str], int] = {}
    for row in edition.rows(Query("joint", _JOINT, {"organisations": asked})):
        for one in members[row["one"]]:
            for other in members[row["other"]]:
                found[min(one, other), max(one, other)] = row["n"]
    return dict(sorted(found.items()))
