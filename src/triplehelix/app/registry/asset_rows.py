"""Assets as rows of a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from triplehelix.capabilities.listed import Capabilities
from triplehelix.registry.capacity import CapacityFields
from triplehelix.registry.records import Record
from triplehelix.store.registry.sight import Sight


@dataclass(frozen=True, slots=True)
class Named:
    """Another record, by id and name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Label:
    """A capability and what it is called; one that the list does not have is called by its slug."""

    capability: str
    label: str


@dataclass(frozen=True, slots=True)
class StatedCapacity:
    """How much of what an asset can give; `state` is available, stated, planned or past."""

    capability: str
    amount: float
    unit: str
    per: str | None
    state: str
    year: int | None


@dataclass(frozen=True, slots=True)
class AssetRow:
    """
    An asset in a list, as far as the viewer sees it.

    `distance_km` is there where a place was asked for. `overdue`: it should have been confirmed
    again by `due_on`. Unknown or hidden is None or empty: the two cannot be told apart.
    """

    asset_id: str
    name: str
    kind: str
    member: Named | None
    town: str | None
    country: str | None
    lat: float | None
    lon: float | None
    capabilities: list[Label] = field(default_factory=list)
    capacities: list[StatedCapacity] = field(default_factory=list)
    status: str | None = None
    confirmed_at: datetime | None = None
    due_on: date | None = None
    overdue: bool = False
    editable: bool = False
    distance_km: float | None = None


def label_of(capabilities: Capabilities, slug: str) -> Label:
    """A capability with its label."""
    known = slug in capabilities
    return Label(slug, capabilities[slug].label if known else slug.replace("-", " "))


def asset_rows(
    sight: Sight, ids: Sequence[str], capabilities: Capabilities,
    distances: Mapping[str, float] | None = None,
) -> list[AssetRow]:  # fmt: skip
    """The assets of these ids that the viewer sees, in the order of the ids."""
    records = sight.records(ids, "asset")
    members = sight.names(r.member_id for r in records if r.member_id)
    stated: dict[str, list[StatedCapacity]] = {}
    for capacity in sight.capacities(ids):
        said = CapacityFields.model_validate(capacity.fields)
        stated.setdefault(capacity.record_id, []).append(
            StatedCapacity(said.capability, said.amount, said.unit, said.per, said.state, said.year)
        )
    return [
        _row(record, members, stated.get(record.record_id, []), capabilities,
             (distances or {}).get(record.record_id))
        for record in records
    ]  # fmt: skip


def named(sight: Sight, record_id: str | None) -> Named | None:
    """A record by its name; None where it is hidden."""
    names = sight.names([record_id]) if record_id else {}
    return Named(record_id, names[record_id]) if record_id and record_id in names else None


def _row(
    record: Record, members: Mapping[str, str], stated: list[StatedCapacity],
    capabilities: Capabilities, away: float | None,
) -> AssetRow:  # fmt: skip
    place = record.fields.get("place") or {}
    member = record.member_id
    return AssetRow(
        asset_id=record.record_id,
        name=record.name,
        kind=str(record.fields["kind"]),
        member=Named(member, members[member]) if member and member in members else None,
        town=place.get("town"),
        country=place.get("country"),
        lat=place.get("lat"),
        lon=place.get("lon"),
        capabilities=[label_of(capabilities, s) for s in record.fields.get("capabilities", ())],
        capacities=stated,
        status=record.fields.get("status"),
        confirmed_at=record.confirmed_at,
        due_on=record.due_on,
        overdue=record.overdue,
        editable=record.editable,
        distance_km=away,
    )
