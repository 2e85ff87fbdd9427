"""
What stands in networks: their members, what these hold, what the networks say.

Every row is asked for through a `Sight`; a tie counts only where the viewer sees both of its ends
and the tie itself.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    func,
    not_,
    or_,
    select,
    text,
    union,
)

from triplehelix.registry.records import Membership
from triplehelix.store.registry.sight import Sight
from triplehelix.store.registry.tables import (
    ASSET_CAPABILITIES,
    CAPACITIES,
    MEMBERSHIPS,
    RECORD_PLACES,
    RECORDS,
)

_ASSETS = RECORDS.alias("assets")


class Holding(NamedTuple):
    """How many assets belong to a member (None: to none that is seen) and a network curates."""

    member_id: str | None
    network_id: str | None
    n: int


class Spot(NamedTuple):
    """Where a member or an asset stands; degrees, WGS 84."""

    record_id: str
    kind: str
    name: str
    lat: float
    lon: float


class Amount(NamedTuple):
    """So many capacities of one amount, unit, interval and state."""

    capability: str
    unit: str
    per: str | None
    state: str
    amount: float
    n: int


def networks_seen(sight: Sight) -> list[str]:
    """Ids of all networks that are seen, by name."""
    asked = sight.records_where("network").order_by(RECORDS.c.sort_name, RECORDS.c.record_id)
    return _ids(sight, asked)


def ties(sight: Sight, network_ids: Collection[str] | None = None) -> list[Membership]:
    """Who stands in these networks, or in any: members, invited, asking; by name."""
    if network_ids is None:
        return sight.memberships()
    return sight.memberships(MEMBERSHIPS.c.network_id.in_(sorted(network_ids)))


def ties_of(sight: Sight, ids: Collection[str]) -> list[Membership]:
    """In which networks these members (or networks) stand, are invited or ask to be."""
    return sight.memberships(MEMBERSHIPS.c.member_id.in_(sorted(ids)))


def tie_shown(sight: Sight, network_id: str, member_id: str) -> str | None:
    """To whom a tie is, or will be, shown; None where there is none that is seen."""
    asked = select(MEMBERSHIPS.c.visibility).where(
        MEMBERSHIPS.c.network_id == network_id, MEMBERSHIPS.c.member_id == member_id,
        sight.seen(MEMBERSHIPS),
    )  # fmt: skip
    shown: str | None = sight.connection.scalar(asked)
    return shown


def holdings(sight: Sight) -> list[Holding]:
    """All assets that are seen, counted by who, of those that are seen, holds them."""
    member, network = RECORDS.alias("member"), RECORDS.alias("network")
    asked = (
        select(member.c.record_id, network.c.record_id, func.count())
        .select_from(_ASSETS)
        .outerjoin(member, and_(member.c.record_id == _ASSETS.c.member_id, sight.seen(member)))
        .outerjoin(network, and_(network.c.record_id == _ASSETS.c.network_id, sight.seen(network)))
        .where(_ASSETS.c.kind == "asset", sight.seen(_ASSETS))
        .group_by(member.c.record_id, network.c.record_id)
    )
    return [Holding(*row) for row in sight.connection.execute(asked)]


def kinds_held(sight: Sight, scope: Collection[str]) -> list[tuple[str, int]]:
    """(kind, assets) of what the networks of a scope have between them."""
    asked = (
        select(_ASSETS.c.asset_kind, func.count())
        .where(_held(sight, scope))
        .group_by(_ASSETS.c.asset_kind)
    )
    return sorted((row[0], row[1]) for row in sight.connection.execute(asked))


def capabilities_held(sight: Sight, scope: Collection[str]) -> list[tuple[str, int]]:
    """(capability, assets): each asset once, whether it lists it or gives a capacity of it."""
    listed = _said(sight, ASSET_CAPABILITIES, scope)
    given = _said(sight, CAPACITIES, scope)
    both = union(listed, given).subquery()  # a union keeps each pair once
    asked = select(both.c.capability, func.count()).group_by(both.c.capability)
    return sorted((row[0], row[1]) for row in sight.connection.execute(asked))


def capacities_held(sight: Sight, scope: Collection[str]) -> list[Amount]:
    """
    The capacities of what the networks of a scope have, equal ones counted together.

    What has ended is past, and what is available from a later day is planned.
    """
    today, per = sight.now.date(), CAPACITIES.c.fields["per"].as_string()
    state = case(
        (CAPACITIES.c.ends < today, "past"),
        (and_(CAPACITIES.c.state == "available", CAPACITIES.c.starts > today), "planned"),
        else_=CAPACITIES.c.state,
    )
    said = (CAPACITIES.c.capability, CAPACITIES.c.unit, per.label("per"), state.label("now"),
            CAPACITIES.c.amount)  # fmt: skip
    asked = (
        select(*said, func.count())
        .join(_ASSETS, _ASSETS.c.record_id == CAPACITIES.c.record_id)
        .where(sight.seen(CAPACITIES), _held(sight, scope))
        .group_by(CAPACITIES.c.capability, CAPACITIES.c.unit, text("per"), text("now"),
                  CAPACITIES.c.amount)
    )  # fmt: skip
    return [Amount(*row) for row in sight.connection.execute(asked)]


def spots_held(sight: Sight, scope: Collection[str]) -> list[Spot]:
    """Where the assets of a scope stand and its members are, as far as that is shown; by name."""
    found = (
        select(_ASSETS.c.record_id, _ASSETS.c.kind, _ASSETS.c.sort_name,
               RECORD_PLACES.c.lat, RECORD_PLACES.c.lon)
        .join(RECORD_PLACES, RECORD_PLACES.c.record_id == _ASSETS.c.record_id)
        .where(sight.seen(RECORD_PLACES), or_(_held(sight, scope), _in(sight, scope)))
        .order_by(_ASSETS.c.sort_name, _ASSETS.c.record_id)
    )  # fmt: skip
    return [Spot(*row) for row in sight.connection.execute(found)]


def said_by(sight: Sight, kind: str, network_id: str | None = None) -> list[str]:
    """Ids of the posts or events of a network that is seen, or of all of them."""
    network = RECORDS.alias("network")
    asked = (
        sight.records_where(kind)
        .join(network, network.c.record_id == RECORDS.c.network_id)
        .where(sight.seen(network))
        .order_by(RECORDS.c.record_id)
    )
    if network_id is not None:
        asked = asked.where(RECORDS.c.network_id == network_id)
    return _ids(sight, asked)


def without_member(sight: Sight, network_id: str | None, limit: int) -> tuple[int, list[str]]:
    """How many assets of a network (None: of none) belong to nobody, and the first by name."""
    curated = (
        _nobody(sight, RECORDS.c.network_id, "network")
        if network_id is None
        else RECORDS.c.network_id == network_id
    )
    return _first(sight, limit, RECORDS.c.kind == "asset", curated,
                  _nobody(sight, RECORDS.c.member_id, "member"))  # fmt: skip


def to_confirm(sight: Sight, network_id: str | None, limit: int) -> tuple[int, list[str]]:
    """How many assets of a network (None: of any or none) are overdue, the longest first."""
    curated = [RECORDS.c.network_id == network_id] if network_id else []
    return _first(sight, limit, RECORDS.c.kind == "asset", *curated,
                  RECORDS.c.due_on < sight.now.date(), order=(RECORDS.c.due_on,))  # fmt: skip


def never_confirmed(sight: Sight, network_id: str | None, limit: int) -> tuple[int, list[str]]:
    """How many assets nobody has confirmed yet, and the first by name."""
    curated = [RECORDS.c.network_id == network_id] if network_id else []
    return _first(sight, limit, RECORDS.c.kind == "asset", *curated,
                  RECORDS.c.confirmed_at.is_(None))  # fmt: skip


def members_seen(sight: Sight, ids: Collection[str] | None = None) -> list[tuple[str, str]]:
    """(id, name) of the members that are seen, all or those of some ids, by name."""
    asked = select(RECORDS.c.record_id, RECORDS.c.sort_name).where(
        RECORDS.c.kind == "member", sight.seen(RECORDS)
    )
    if ids is not None:
        asked = asked.where(RECORDS.c.record_id.in_(sorted(ids)))
    ordered = asked.order_by(RECORDS.c.sort_name, RECORDS.c.record_id)
    return [(row[0], row[1]) for row in sight.connection.execute(ordered)]


def _first(
    sight: Sight, limit: int, *conditions: ColumnElement[bool], order: Sequence[Any] = ()
) -> tuple[int, list[str]]:
    seen = select(RECORDS.c.record_id).where(sight.seen(RECORDS), *conditions)
    n = sight.connection.scalar(select(func.count()).select_from(seen.subquery())) or 0
    ordered = seen.order_by(*order, RECORDS.c.sort_name, RECORDS.c.record_id).limit(limit)
    return n, _ids(sight, ordered)


def _said(sight: Sight, table: FromClause, scope: Collection[str]) -> Select[Any]:
    """(capability, asset) as one of the tables says it."""
    return (
        select(table.c.capability, table.c.record_id)
        .join(_ASSETS, _ASSETS.c.record_id == table.c.record_id)
        .where(sight.seen(table), _held(sight, scope))
    )


def _nobody(sight: Sight, column: ColumnElement[Any], kind: str) -> ColumnElement[bool]:
    # Who is hidden is nobody: that there is somebody would tell of them.
    holder = RECORDS.alias("holder")
    seen = select(holder.c.record_id).where(holder.c.kind == kind, sight.seen(holder))
    return or_(column.is_(None), not_(column.in_(seen)))


def _held(sight: Sight, scope: Collection[str]) -> ColumnElement[bool]:
    """Assets of the members of a scope, and those that its networks curate."""
    return and_(
        _ASSETS.c.kind == "asset", sight.seen(_ASSETS),
        or_(_ASSETS.c.member_id.in_(_population(sight, scope)),
            _ASSETS.c.network_id.in_(sorted(scope))),
    )  # fmt: skip


def _in(sight: Sight, scope: Collection[str]) -> ColumnElement[bool]:
    """The members of a scope."""
    return and_(
        _ASSETS.c.kind == "member", sight.seen(_ASSETS),
        _ASSETS.c.record_id.in_(_population(sight, scope)),
    )  # fmt: skip


def _population(sight: Sight, scope: Collection[str]) -> Select[Any]:
    member, network = RECORDS.alias("member"), RECORDS.alias("network")
    return (
        select(MEMBERSHIPS.c.member_id)
        .join(member, member.c.record_id == MEMBERSHIPS.c.member_id)
        .join(network, network.c.record_id == MEMBERSHIPS.c.network_id)
        .where(
            MEMBERSHIPS.c.network_id.in_(sorted(scope)), MEMBERSHIPS.c.state == "member",
            member.c.kind == "member", sight.seen(MEMBERSHIPS), sight.seen(member),
            sight.seen(network),
        )
    )  # fmt: skip


def _ids(sight: Sight, asked: Select[Any]) -> list[str]:
    return [row[0] for row in sight.connection.execute(asked)]
