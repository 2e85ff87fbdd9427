"""From a user to what they were granted, asked anew at every request."""

from sqlalchemy import Connection, select, union

from triplehelix.registry.viewer import VISITOR, Viewer
from triplehelix.registry.visibility import SIGNED_IN
from triplehelix.store.registry.among import among
from triplehelix.store.registry.tables import MEMBERSHIPS, NETWORK_PARTS, ROLES, USERS

READ_WRITE = frozenset({"read", "write"})


def viewer_of(
    connection: Connection, user_id: str | None, scopes: frozenset[str] = READ_WRITE
) -> Viewer:
    """
    The viewer that a user is now: a visitor where there is no such user, or it is disabled.

    A member's people belong to its networks, and to those that these networks are members or
    parts of. A reader of a network sees what its members see and changes nothing.
    """
    if user_id is None:
        return VISITOR
    user = connection.execute(
        select(USERS.c.name).where(USERS.c.user_id == user_id, USERS.c.disabled.is_(False))
    ).first()
    if user is None:
        return VISITOR
    roles = [
        (row.role, row.object_id)
        for row in connection.execute(select(ROLES).where(ROLES.c.user_id == user_id))
    ]
    return Viewer(
        user_id=user_id,
        name=user.name,
        grants=frozenset({SIGNED_IN, *_grants(connection, roles)}),
        everything=("administrator", "") in roles,
        scopes=scopes,
    )


def _grants(connection: Connection, roles: list[tuple[str, str]]) -> set[str]:
    members = {of for role, of in roles if role == "member"}
    stewarded = {of for role, of in roles if role == "steward"}
    networks = stewarded | {of for role, of in roles if role == "reader"}
    reached = networks | _above(connection, members | networks)
    return (
        {f"member:{one}" for one in members}
        | {f"steward:{one}" for one in stewarded}
        | {f"network:{one}" for one in reached}
    )


def _above(connection: Connection, ids: set[str]) -> set[str]:
    """Networks that these are in, directly or through others."""
    found: set[str] = set()
    new = ids
    while new:
        asked = union(
            select(MEMBERSHIPS.c.network_id).where(
                among(MEMBERSHIPS.c.member_id, sorted(new)), MEMBERSHIPS.c.state == "member"
            ),
            select(NETWORK_PARTS.c.network_id).where(among(NETWORK_PARTS.c.part_id, sorted(new))),
        )
        new = set(connection.scalars(asked)) - found
        found |= new
    return found
