"""The combined offer, as one value."""

from dataclasses import dataclass

from triplehelix.offer.conversations import Conversation
from triplehelix.offer.figures import Figure
from triplehelix.offer.overlaps import Pair
from triplehelix.offer.parts import AssetShown, Brief, Part
from triplehelix.offer.ties import Ties
from triplehelix.offer.wording import Name

ORDINALS = ("first", "second", "third")


@dataclass(frozen=True, slots=True)
class Link:
    """
    A role of the value chain, and who has it.

    `state` is `covered`; `indirect` where only indirect evidence is there; `gap` where nobody has
    it; `untold` where no rule tells it. `rules` say by what it is told.
    """

    theme: str
    role: str
    label: str
    definition: str
    state: str
    rules: tuple[str, ...]
    clusters: Figure
    activities: Figure
    assets: Figure | None
    strongest: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class CoverShown:
    """
    A set of clusters that covers the chain as far as its clusters can; `which` is its ordinal.

    `status` is `optimal` where it is proven that fewer would not do, and none so few are
    stronger; else `feasible`, and `bound` says how few might do.
    """

    which: str
    status: str
    clusters: tuple[Name, ...]
    size: Figure
    bound: Figure
    gaps: tuple[str, ...]
    indirect: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LossShown:
    """What the first set loses without a cluster, and the smallest set in its place."""

    cluster: Name
    roles: tuple[str, ...]
    strength: Figure
    instead: tuple[Name, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReachShown:
    """How many people live near a cluster of the offer."""

    cluster: Name
    people: Figure


@dataclass(frozen=True, slots=True)
class Scale:
    """
    How large it all is; money by currency, empty where no activity states an amount.

    `together` is the mean share of the evidence that the clusters of the sets hold.
    """

    clusters: Figure
    together: Figure
    organisations: Figure
    activities: Figure
    money: tuple[Figure, ...]
    assets: Figure | None
    people: Figure
    reach: tuple[ReachShown, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """
    What clusters offer together in some themes, to an audience and perhaps a partner.

    `parts` are of the clusters of the covers; `others` are all further clusters with evidence,
    the strongest first. `without` counts those asked for that have no evidence. No number stands
    in it but in a figure.
    """

    edition_id: str
    edition: str
    is_sample: bool
    themes: tuple[Name, ...]
    audience: str
    partner: str
    countries: tuple[str, ...]
    query: str
    order: tuple[str, ...]
    chain: tuple[Link, ...]
    covers: tuple[CoverShown, ...]
    losses: tuple[LossShown, ...]
    parts: tuple[Part, ...]
    others: tuple[Brief, ...]
    without: Figure
    pairs: tuple[Pair, ...]
    ties: Ties | None
    conversations: tuple[Conversation, ...]
    assets: tuple[AssetShown, ...]
    scale: Scale
