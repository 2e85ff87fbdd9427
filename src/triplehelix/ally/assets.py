"""What members could give: assets with their capacities, and the members whose they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Promised:
    """An amount of a capacity that is promised already, from a first to a last day."""

    amount: float
    starts: date
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    """
    An amount of a capability that an asset can give; fields as `registry.capacity` has them.

    `promised` is what of it is taken already. `lead_days` None: not stated.
    """

    capacity: str
    capability: str
    amount: float
    unit: str
    per: str | None = None
    starts: date | None = None
    ends: date | None = None
    surge_amount: float | None = None
    surge_lead_days: int | None = None
    lead_days: int | None = None
    containment: str | None = None
    accreditations: tuple[str, ...] = ()
    state: str = "available"
    year: int | None = None
    promised: tuple[Promised, ...] = ()


@dataclass(frozen=True, slots=True)
class Asset:
    """
    Something a member can share. Degrees, WGS 84; None where no position is known.

    `price` in `currency` for one `price_unit` (`test`, `day`, `hour`): None means not stated.
    `nation` is the part of its country (England, Wales) it stands in, None where unknown.
    `sites` of a joint asset are not told apart; an asset offered through two networks is one.
    """

    asset: str
    name: str
    member: str
    capabilities: tuple[str, ...]
    capacities: tuple[Capacity, ...] = ()
    kind: str = "laboratory"
    lat: float | None = None
    lon: float | None = None
    town: str | None = None
    country: str | None = None
    status: str = "active"
    who: str | None = None
    price: float | None = None
    currency: str | None = None
    price_unit: str | None = None
    source: str | None = None
    nation: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """
    An organisation, or a network or alliance that takes part as one (`parts`: its members).

    `cluster` is the cluster of the edition it stands in, `nation` the part of its country
    (England, Wales), None where unknown.
    """

    member: str
    name: str
    helix: str = "unknown"
    country: str | None = None
    nation: str | None = None
    cluster: str | None = None
    organisation_id: str | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Landscape:
    """
    All that a solve may look at: what its caller may see, and nothing else.

    `familiar` has, for a pair of member ids in order, how many joint activities the edition tells
    of; empty where there is no edition to tell, and then unfamiliarity is not counted.
    """

    members: tuple[Member, ...]
    assets: tuple[Asset, ...]
    familiar: Mapping[tuple[str, str], int] = field(default_factory=dict)
