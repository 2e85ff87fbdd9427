"""From what somebody typed to the one cluster or organisation that is meant."""

from triplehelix.app.names import full_organisation_id, unknown_cluster
from triplehelix.app.prepared import prepare
from triplehelix.errors import UnknownName
from triplehelix.query import Query
from triplehelix.store.edition import Edition


def cluster_named(edition: Edition, written: str) -> str:
    """
    The id of the cluster with this id, or with this name (capitals do not matter).

    Raises
    ------
    UnknownName
        If there is none, or several (their ids are given).
    """
    asked = Query(
        "named",
        "select cluster_id from atlas.clusters "
        "where cluster_id = $written or lower(name) = lower($written) order by cluster_id",
        {"written": written},
    )
    found = [row["cluster_id"] for row in prepare(edition).rows(asked)]
    if not found:
        raise unknown_cluster(edition, written)
    if len(found) > 1:
        raise UnknownName(f"{len(found)} clusters are named {written!r}; give one of the ids "
                          + ", ".join(found))  # fmt: skip
    return str(found[0])


def organisation_named(edition: Edition, written: str) -> str:
    """
    The id of the organisation with this id, or with this name or another of its names.

    Raises
    ------
    UnknownName
        If there is none (near ones are given), or several (their ids are given).
    """
    asked = Query(
        "named",
        "select organisation_id from organisations where organisation_id = $id "
        "union select organisation_id from successors where earlier_id = $id "
        "union select id from atlas.names "
        "where kind = 'organisation' and folded = lower(strip_accents($written)) order by 1",
        {"id": full_organisation_id(written), "written": written},
    )
    found = [row["organisation_id"] for row in prepare(edition).rows(asked)]
    if len(found) == 1:
        return str(found[0])
    if found:
        raise UnknownName(
            f"{len(found)} organisations are named {written!r}; give one of the ids "
            + ", ".join(found[:10])
        )
    raise UnknownName(
        f"no organisation {written!r} in this edition; search for it on the atlas's front page, "
        "or give its ROR id"
    )
