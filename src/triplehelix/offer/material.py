"""What an offer is made of: the rows that were gathered for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from triplehelix.offer.chain import Audience, Chain, SharedAsset, Work
from triplehelix.offer.reach import Towns


class ThemeAsked(NamedTuple):
    """A theme that is asked for, with the roles of its value chain."""

    theme: str
    label: str
    roles: tuple[str, ...]


class Partner(NamedTuple):
    """A country or a group to which the offer is made; `asked` as it was typed."""

    asked: str
    label: str
    countries: tuple[str, ...]


class ClusterSeen(NamedTuple):
    """A cluster; `evidence` is how surely it is one. `lat`, `lon` of its centre, or None."""

    cluster_id: str
    name: str
    countries: tuple[str, ...]
    lat: float | None
    lon: float | None
    evidence: str


class ActivitySeen(NamedTuple):
    """An activity; None where a date or an amount is not known."""

    title: str
    year: int | None
    amount: float | None
    currency: str | None
    source: str


class OrganisationSeen(NamedTuple):
    """An organisation; `named` is false where the sources give an id and no name."""

    name: str
    helix: str
    country: str | None
    named: bool = True


class Measured(NamedTuple):
    """A value with its 95 % interval, and how many activities it rests on."""

    value: float
    low: float | None
    high: float | None
    n: int | None


class TieMeasured(NamedTuple):
    """Joint work in activities, what is expected of it, its 95 % interval, and of how many."""

    weight: float
    expected: float
    low: float | None
    high: float | None
    n: int | None


class Joint(NamedTuple):
    """
    An activity of an organisation of the partner with one of ours.

    `cluster_id` None: ours stands in no cluster that is asked for. `themed`: of a theme asked
    for.
    """

    activity_id: str
    partner_id: str
    organisation_id: str
    cluster_id: str | None
    themed: bool


class Unmet(NamedTuple):
    """A cluster of ours and one of the partner that work together less than expected."""

    ours: str
    theirs: str
    name: str
    country: str
    weight: float
    expected: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Material:
    """
    Everything that `compose` looks at; nothing else enters an offer.

    `activities` and `organisations` hold all that the other rows name, by id. `quotients` are by
    cluster and theme, `expected` by cluster and country. `query` is how pages of this offer are
    asked for, without `?`. `country_names` are by code. `roles` are those of the
    chain that are asked for; none: all. `sources` are the edition's.
    """

    edition_id: str
    edition: str
    is_sample: bool
    sources: tuple[str, ...]
    query: str
    themes: tuple[ThemeAsked, ...]
    audience: Audience
    partner: Partner | None
    country: str | None
    chain: Chain
    clusters: tuple[ClusterSeen, ...]
    work: tuple[Work, ...]
    activities: Mapping[str, ActivitySeen]
    organisations: Mapping[str, OrganisationSeen]
    assets: tuple[SharedAsset, ...] = ()
    with_registry: bool = False
    joint: tuple[Joint, ...] = ()
    expected: Mapping[tuple[str, str], TieMeasured] = field(default_factory=dict)
    quotients: Mapping[tuple[str, str], Measured] = field(default_factory=dict)
    towns: Towns = field(default_factory=Towns)
    unmet: tuple[Unmet, ...] = ()
    country_names: Mapping[str, str] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
