"""Lists of assets as a viewer sees them: which there are, how many, of which kinds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select

from triplehelix.sphere import distance_km
from triplehelix.store.registry.sight import Sight
from triplehelix.store.registry.tables import (
    ASSET_CAPABILITIES,
    CAPACITIES,
    MEMBERSHIPS,
    PARTS,
    RECORD_PLACES,
    RECORDS,
)

_KM_A_DEGREE = 110.5  # the least that a degree of latitude has


@dataclass(frozen=True, slots=True)
class Near:
    """A place, in degrees, and how far from it, in km."""

    lat: float
    lon: float
    km: float


@dataclass(frozen=True, slots=True)
class AssetFilter:
    """
    What assets are asked for; None asks for nothing.

    `words` are pairs of a word that the name holds and the capabilities it stands for: either
    will do. `capabilities` are alternatives. `amount`, in `unit`, is a capacity of one of these
    capabilities that stands on `day`; what is planned or past is none.
    """

    words: tuple[tuple[str, frozenset[str]], ...] = ()
    kind: str | None = None
    capabilities: frozenset[str] | None = None
    members: frozenset[str] | None = None
    network: str | None = None
    near: Near | None = None
    amount: float | None = None
    unit: str | None = None
    day: date | None = None


def asset_ids(sight: Sight, asked: AssetFilter, first: int, most: int) -> list[str]:
    """Ids of the assets asked for, by name and id: `most` from the `first`, counted from 0."""
    wanted = sight.records_where("asset", *_conditions(sight, asked))
    page = wanted.order_by(func.lower(RECORDS.c.sort_name), RECORDS.c.record_id)
    return list(sight.connection.scalars(page.offset(first).limit(most)))


def count_assets(sight: Sight, asked: AssetFilter) -> int:
    """How many assets there are of those asked for."""
    wanted = sight.records_where("asset", *_conditions(sight, asked)).subquery()
    return sight.connection.scalar(select(func.count()).select_from(wanted)) or 0


def count_kinds(sight: Sight, asked: AssetFilter) -> dict[str, int]:
    """By kind of asset how many there are of those asked for, of whatever kind."""
    wanted = sight.records_where("asset", *_conditions(sight, replace(asked, kind=None)))
    counted = wanted.with_only_columns(RECORDS.c.asset_kind, func.count())
    rows = sight.connection.execute(counted.group_by(RECORDS.c.asset_kind))
    return {kind: n for kind, n in rows}  # noqa: C416


def count_capabilities(sight: Sight, asked: AssetFilter | None = None) -> dict[str, int]:
    """By capability how many assets name it, of those asked for; of all without."""
    conditions = _conditions(sight, replace(asked, capabilities=None)) if asked else []
    counted = (
        select(ASSET_CAPABILITIES.c.capability, func.count())
        .join(RECORDS, RECORDS.c.record_id == ASSET_CAPABILITIES.c.record_id)
        .where(sight.seen(ASSET_CAPABILITIES), sight.seen(RECORDS), *conditions)
        .group_by(ASSET_CAPABILITIES.c.capability)
    )
    return {slug: n for slug, n in sight.connection.execute(counted)}  # noqa: C416


def members_of_organisations(sight: Sight, organisations: Collection[str]) -> list[str]:
    """Ids of the members that say they are one of these organisations of editions, by name."""
    said = (
        select(PARTS.c.record_id)
        .where(sight.seen(PARTS))
        .where(PARTS.c.fields["organisation_id"].as_string().in_(sorted(organisations)))
    )
    wanted = sight.records_where("member", RECORDS.c.record_id.in_(said))
    return list(sight.connection.scalars(wanted.order_by(RECORDS.c.sort_name, RECORDS.c.record_id)))


def members_of_network(sight: Sight, network_id: str) -> list[str]:
    """Ids of the members of a network, as far as the viewer sees that they are."""
    ties = sight.memberships(
        MEMBERSHIPS.c.network_id == network_id, MEMBERSHIPS.c.state == "member"
    )
    return [tie.member_id for tie in ties]


def networks_of(sight: Sight, member_id: str) -> list[tuple[str, str]]:
    """(network, state) of a member's networks, as far as the viewer sees them."""
    ties = sight.memberships(MEMBERSHIPS.c.member_id == member_id)
    return [(tie.network_id, tie.state) for tie in ties]


def ids_of_kind(sight: Sight, kind: str, most: int) -> list[str]:
    """Ids of the records of a kind that the viewer sees, by name; at most so many."""
    wanted = sight.records_where(kind).order_by(
        func.lower(RECORDS.c.sort_name), RECORDS.c.record_id
    )
    return list(sight.connection.scalars(wanted.limit(most)))


def ids_able(sight: Sight, slugs: Collection[str]) -> list[str]:
    """Ids of assets that name one of these capabilities, or have a capacity of one; by name."""
    have = select(CAPACITIES.c.record_id).where(
        CAPACITIES.c.capability.in_(sorted(slugs)), sight.seen(CAPACITIES)
    )
    wanted = sight.records_where("asset", or_(_able(sight, slugs), RECORDS.c.record_id.in_(have)))
    page = wanted.order_by(func.lower(RECORDS.c.sort_name), RECORDS.c.record_id)
    return list(sight.connection.scalars(page))


def ids_named(sight: Sight, kind: str, name: str) -> list[str]:
    """Ids of the records of a kind with this name, capital letters aside."""
    same = func.lower(RECORDS.c.sort_name) == name.lower()
    return list(
        sight.connection.scalars(sight.records_where(kind, same).order_by(RECORDS.c.record_id))
    )


def count_members(sight: Sight, words: Sequence[str] = ()) -> int:
    """How many members the viewer sees whose names have all of these words."""
    wanted = sight.records_where("member", *[_named(word) for word in words]).subquery()
    return sight.connection.scalar(select(func.count()).select_from(wanted)) or 0


def member_ids(sight: Sight, words: Sequence[str], first: int, most: int) -> list[str]:
    """Ids of members whose names have all of these words, by name."""
    wanted = sight.records_where("member", *[_named(word) for word in words])
    page = wanted.order_by(func.lower(RECORDS.c.sort_name), RECORDS.c.record_id)
    return list(sight.connection.scalars(page.offset(first).limit(most)))


def stale_ids(sight: Sight, *, member: str | None = None, network: str | None = None) -> list[str]:
    """
    Ids of what should be confirmed again: due before today, or never confirmed at all.

    Assets and member records, the longest overdue first, then those never confirmed.
    """
    of_whom = [RECORDS.c.member_id == member] if member else []
    if network:
        of_whom = [or_(RECORDS.c.network_id == network,
                       RECORDS.c.member_id.in_(members_of_network(sight, network)))]  # fmt: skip
    today = sight.now.date()
    asked = (
        select(RECORDS.c.record_id)
        .where(RECORDS.c.kind.in_(("asset", "member")), sight.seen(RECORDS), *of_whom)
        .where(or_(RECORDS.c.due_on.is_(None), RECORDS.c.due_on < today))
        .order_by(RECORDS.c.due_on.is_(None), RECORDS.c.due_on, func.lower(RECORDS.c.sort_name),
                  RECORDS.c.record_id)
    )  # fmt: skip
    return list(sight.connection.scalars(asked))


def distances(sight: Sight, ids: Sequence[str], near: Near) -> dict[str, float]:
    """How far from a place, in km, these records stand, where the viewer sees where that is."""
    asked = select(RECORD_PLACES).where(
        RECORD_PLACES.c.record_id.in_(ids), sight.seen(RECORD_PLACES)
    )
    rows = sight.connection.execute(asked).all()
    if not rows:
        return {}
    km = distance_km([r.lat for r in rows], [r.lon for r in rows], near.lat, near.lon)
    return {row.record_id: float(each) for row, each in zip(rows, km, strict=True)}


def _conditions(sight: Sight, asked: AssetFilter) -> list[ColumnElement[bool]]:
    found = [or_(_named(word), _able(sight, slugs)) for word, slugs in asked.words]
    if asked.kind is not None:
        found.append(RECORDS.c.asset_kind == asked.kind)
    if asked.capabilities is not None:
        found.append(_able(sight, asked.capabilities))
    if asked.members is not None:
        found.append(_of_members(sight, sorted(asked.members)))
    if asked.network is not None:
        theirs = _of_members(sight, members_of_network(sight, asked.network))
        found.append(or_(RECORDS.c.network_id == asked.network, theirs))
    if asked.near is not None:
        found.append(RECORDS.c.record_id.in_(_within(sight, asked.near)))
    if asked.amount is not None:
        found.append(_with_capacity(sight, asked))
    return found


def _of_members(sight: Sight, members: Sequence[str]) -> ColumnElement[bool]:
    # Whose an asset is stands beside it only for those who see the member.
    held = RECORDS.alias("held")
    seen = select(held.c.record_id).where(held.c.record_id.in_(members), sight.seen(held))
    return RECORDS.c.member_id.in_(seen)


def _named(word: str) -> ColumnElement[bool]:
    return func.lower(RECORDS.c.sort_name).contains(word.lower(), autoescape=True)


def _able(sight: Sight, slugs: Collection[str]) -> ColumnElement[bool]:
    able = select(ASSET_CAPABILITIES.c.record_id).where(
        ASSET_CAPABILITIES.c.capability.in_(sorted(slugs)), sight.seen(ASSET_CAPABILITIES)
    )
    return RECORDS.c.record_id.in_(able)


def _within(sight: Sight, near: Near) -> list[str]:
    about = near.km / _KM_A_DEGREE
    places = RECORD_PLACES.c
    rows = sight.connection.execute(
        select(places.record_id, places.lat, places.lon).where(
            sight.seen(RECORD_PLACES), places.lat.between(near.lat - about, near.lat + about)
        )
    ).all()
    if not rows:
        return []
    km = distance_km([r.lat for r in rows], [r.lon for r in rows], near.lat, near.lon)
    return [row.record_id for row, each in zip(rows, km, strict=True) if each <= near.km]


def _with_capacity(sight: Sight, asked: AssetFilter) -> ColumnElement[bool]:
    of = CAPACITIES.c
    enough = [of.amount >= asked.amount, of.state.in_(("available", "stated"))]
    if asked.unit:
        enough.append(func.lower(of.unit) == asked.unit.lower())
    if asked.capabilities is not None:
        enough.append(of.capability.in_(sorted(asked.capabilities)))
    if asked.day is not None:
        enough += [or_(of.starts.is_(None), of.starts <= asked.day),
                   or_(of.ends.is_(None), of.ends >= asked.day)]  # fmt: skip
    having = select(of.record_id).where(sight.seen(CAPACITIES), and_(*enough))
    return RECORDS.c.record_id.in_(having)
