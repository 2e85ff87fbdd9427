"""Who may be made the holder of a record, and by whom."""

from sqlalchemy import select

from triplehelix.errors import Forbidden
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry.sight import Sight
from triplehelix.store.registry.tables import MEMBERSHIPS, RECORDS


def held(kind: str, record_id: str, holder: Holder) -> Holder:
    """Who holds a record: a member and a network hold themselves, whatever was asked for."""
    if kind == "member":
        return Holder(record_id, holder.network_id)
    if kind == "network":
        return Holder(None, record_id)
    return holder


def key_of(holder: Holder) -> str:
    """Whose source ids are told apart: nobody learns from a refusal what others have."""
    return holder.member_id or holder.network_id or "unassigned"


def require_holder(sight: Sight, record_id: str, holder: Holder) -> None:
    """
    Nothing is put upon a member or a network by somebody who has nothing to do with it.

    Raises
    ------
    UnknownName
        If the member or the network is not there, or not seen.
    Forbidden
        If the member is not in the network.
    """
    for kind, one in (("member", holder.member_id), ("network", holder.network_id)):
        if one is not None and one != record_id:
            sight.record(kind, one)
    if holder.member_id not in (None, record_id) and holder.network_id is not None:
        _require_tie(sight, holder)


def _require_tie(sight: Sight, holder: Holder) -> None:
    if sight.viewer.everything or holder.grants <= sight.viewer.grants:
        return
    curated = select(RECORDS.c.record_id).where(
        RECORDS.c.record_id == holder.member_id, RECORDS.c.network_id == holder.network_id
    )
    joined = select(MEMBERSHIPS.c.member_id).where(
        MEMBERSHIPS.c.member_id == holder.member_id,
        MEMBERSHIPS.c.network_id == holder.network_id,
        MEMBERSHIPS.c.state == "member",
    )
    if sight.connection.execute(curated.union_all(joined)).first() is None:
        raise Forbidden(
            "this member is not in this network; let it join first, or leave the network out"
        )
