"""What a solve may look at: assets, capacities and members as far as its caller sees them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from triplehelix.ally.assets import Asset, Capacity, Landscape, Member, Promised
from triplehelix.app.calls.acquaintance import clusters_of, joint_activities
from triplehelix.app.calls.nations import with_nations
from triplehelix.app.registry.successors import organisations_of
from triplehelix.registry.commitments import State
from triplehelix.registry.records import Capacity as Kept
from triplehelix.registry.records import Record, Reservation
from triplehelix.registry.viewer import Viewer
from triplehelix.store.edition import Edition
from triplehelix.store.registry.commitments import commitments
from triplehelix.store.registry.moving import all_records
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sight import Sight

_OF_CAPACITY = (
    "unit", "per", "surge_amount", "surge_lead_days", "lead_days", "containment", "state", "year",
)  # fmt: skip


def landscape_for(
    registry: Registry, viewer: Viewer, *, edition: Edition | None = None,
    as_of: date | None = None, call_id: str | None = None, named: Collection[str] = (),
) -> Landscape:  # fmt: skip
    """
    All assets that a viewer sees, with their members and capacities; nothing of what they do not.

    Of each capacity that is taken which the viewer knows to be: reservations that are shown to
    them, and what is agreed with calls of theirs. An asset whose holder is not shown is left out,
    for nobody could be asked for it.

    Parameters
    ----------
    edition : tells the cluster of members, and which have worked together; None: unknown.
    as_of : promises that had ended by then are left out.
    call_id : what is agreed with this call is not taken: a new solve of it keeps it by its rules.
    named : ids of networks to be known as members too, such as a call's rules name.
    """
    with registry.look(viewer) as sight:
        return landscape_in(sight, edition, as_of=as_of, call_id=call_id, named=named)


def landscape_in(
    sight: Sight, edition: Edition | None, *, as_of: date | None = None,
    call_id: str | None = None, named: Collection[str] = (),
    assets: Collection[str] | None = None,
) -> Landscape:  # fmt: skip
    """As `landscape_for`, of what is looked at already; `assets`: of these alone."""
    found = (
        all_records(sight, "asset") if assets is None else [sight.records(sorted(assets), "asset")]
    )
    records = [one for some in found for one in some if _owner(one)]
    capacities: dict[str, list[Kept]] = {}
    for kept in sight.capacities([one.record_id for one in records]):
        capacities.setdefault(kept.record_id, []).append(kept)
    ids = [one.capacity_id for own in capacities.values() for one in own]
    taken = _taken(sight, ids, as_of, call_id)
    owners = sorted({str(_owner(one)) for one in records} | set(named))
    members = _members(sight, owners, edition)
    known = {one.member for one in members}
    organisations = {one.member: one.organisation_id for one in members if one.organisation_id}
    return with_nations(Landscape(
        members=members,
        assets=tuple(
            _asset(one, capacities.get(one.record_id, ()), taken)
            for one in sorted(records, key=lambda one: one.record_id) if _owner(one) in known
        ),
        familiar=joint_activities(edition, organisations) if edition else {},
    ))  # fmt: skip


def parts_of(landscape: Landscape, said: Mapping[str, Any]) -> dict[str, list[str]]:
    """
    What of a landscape an answer tells of: ids, each with the fields that were taken from it.

    An asset or member is told of by its id or by its name, a capacity by its id, anywhere in the
    answer's texts. Whoever may read the answer must see all of these.
    """
    text = "\n".join(_texts(said))
    parts: dict[str, list[str]] = {}
    members = {one.member: one for one in landscape.members}
    told = {one.member for one in landscape.members if one.member in text or one.name in text}
    for asset in landscape.assets:
        inside = [one.capacity for one in asset.capacities if one.capacity in text]
        if inside or asset.asset in text or asset.name in text:
            parts[asset.asset] = _fields_of_asset(asset)
            parts.update(dict.fromkeys(inside, []))
            told.add(asset.member)
    for one in sorted(told):
        parts[one] = _fields_of_member(members[one])
    return parts


def _texts(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, Mapping):
        yield from (text for pair in said.items() for each in pair for text in _texts(each))
    elif isinstance(said, list | tuple):
        yield from (text for each in said for text in _texts(each))


def _fields_of_asset(asset: Asset) -> list[str]:
    used = {
        # What a capacity tells as well is seen by who sees that.
        "capabilities": set(asset.capabilities) - {one.capability for one in asset.capacities},
        "place": asset.town or asset.country or asset.lat is not None,
        "status": asset.status != "active",
        "terms": asset.who or asset.price is not None,
    }
    return sorted(name for name, there in used.items() if there)


def _fields_of_member(member: Member) -> list[str]:
    used = {"country": member.country, "organisation_id": member.organisation_id}
    return sorted(name for name, there in used.items() if there)


def _owner(record: Record) -> str | None:
    return record.member_id or record.network_id


def _asset(
    record: Record, capacities: Sequence[Kept], taken: Mapping[str, list[Promised]]
) -> Asset:
    fields = record.fields
    place, terms = fields.get("place") or {}, fields.get("terms") or {}
    source = (fields.get("provenance") or {}).get("url")
    return Asset(
        asset=record.record_id, name=record.name, member=str(_owner(record)),
        capabilities=_capabilities(fields, capacities),
        capacities=tuple(_capacity(one, taken.get(one.capacity_id, ())) for one in capacities),
        kind=fields["kind"], lat=place.get("lat"), lon=place.get("lon"), town=place.get("town"),
        country=place.get("country"), status=fields.get("status") or "active",
        who=terms.get("who"), price=terms.get("price"), currency=terms.get("currency"),
        price_unit=terms.get("price_unit"), source=source,
    )  # fmt: skip


def _capabilities(fields: Mapping[str, Any], capacities: Sequence[Kept]) -> tuple[str, ...]:
    listed = [*fields.get("capabilities", ()), *(one.fields["capability"] for one in capacities)]
    return tuple(dict.fromkeys(listed))


def _capacity(kept: Kept, promised: Sequence[Promised]) -> Capacity:
    fields = kept.fields
    return Capacity(
        capacity=kept.capacity_id, capability=fields["capability"],
        amount=float(fields["amount"]), starts=_day(fields.get("starts")),
        ends=_day(fields.get("ends")), accreditations=tuple(fields.get("accreditations", ())),
        promised=tuple(promised),
        **{name: fields[name] for name in _OF_CAPACITY if name in fields},
    )  # fmt: skip


def _taken(
    sight: Sight, capacity_ids: Sequence[str], as_of: date | None, call_id: str | None
) -> dict[str, list[Promised]]:
    """What the viewer knows to be taken, by capacity."""
    known = [one for one in commitments(sight) if one.held and one.state == State.ACCEPTED]
    own = {one.reservation_id for one in known if one.call_id == call_id}
    held: dict[str, tuple[str, Promised]] = {}
    for r in sight.reservations(capacity_ids):
        if _stands(r, as_of) and r.reservation_id not in own:
            promised = Promised(r.amount, r.starts, r.ends)
            held[r.reservation_id] = (r.capacity_id, promised)
    for one in known:
        over = as_of is not None and one.ends is not None and one.ends < as_of
        if one.call_id != call_id and one.reservation_id and one.capacity_id and not over:
            promised = Promised(one.held or 0.0, one.starts, one.ends)
            held.setdefault(one.reservation_id, (one.capacity_id, promised))
    taken: dict[str, list[Promised]] = {}
    for _, (capacity, promised) in sorted(held.items()):
        taken.setdefault(capacity, []).append(promised)
    return taken


def _stands(reservation: Reservation, as_of: date | None) -> bool:
    over = as_of is not None and reservation.ends is not None and reservation.ends < as_of
    return reservation.released_at is None and not over


def _members(sight: Sight, ids: Sequence[str], edition: Edition | None) -> tuple[Member, ...]:
    records = sight.records(ids)
    parts = _parts(sight, {one.record_id for one in records if one.kind == "network"})
    asked = [one.fields["organisation_id"] for one in records if "organisation_id" in one.fields]
    known = organisations_of(edition, asked) if edition else {}
    clusters = clusters_of(edition, sorted(known.values())) if edition else {}
    made = []
    for one in records:
        organisation = known.get(one.fields.get("organisation_id", ""))
        made.append(Member(
            member=one.record_id, name=one.name, helix=one.fields.get("helix", "unknown"),
            country=one.fields.get("country"), cluster=clusters.get(organisation or ""),
            organisation_id=organisation or one.fields.get("organisation_id"),
            parts=tuple(sorted(parts.get(one.record_id, ()))),
        ))  # fmt: skip
    return tuple(sorted(made, key=lambda one: one.member))


def _parts(sight: Sight, networks: Collection[str]) -> dict[str, set[str]]:
    parts: dict[str, set[str]] = {}
    if networks:
        for tie in sight.memberships():
            if tie.network_id in networks and tie.state == "member":
                parts.setdefault(tie.network_id, set()).add(tie.member_id)
        for network, part in sight.network_parts():
            if network in networks:
                parts.setdefault(network, set()).add(part)
    return parts


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
