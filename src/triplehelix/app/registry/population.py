"""Who is in a network and in its parts, and what they have between them, each counted once."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum

from triplehelix.registry.ids import is_id
from triplehelix.registry.records import Membership
from triplehelix.store.registry import in_networks
from triplehelix.store.registry.in_networks import Amount, Holding
from triplehelix.store.registry.sight import Sight

STATES = ("available", "stated", "planned", "past")


@dataclass(frozen=True, slots=True)
class Population:
    """
    The members of a network and of its parts, each counted once.

    `n_parts` counts the networks below it, `n_in_several` the members that stand in more than
    one of all these.
    """

    n_members: int
    n_parts: int
    n_in_several: int


@dataclass(frozen=True, slots=True)
class Count:
    """So many assets of a kind, or with a capability."""

    name: str
    n_assets: int


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of so many capacities."""

    amount: float
    n_capacities: int


@dataclass(frozen=True, slots=True)
class CapacityLine:
    """
    Capacities of one capability in one unit, summed for each state apart.

    `per` is `day`, `week`, `month`, `year` or None. A state of which there is none is None.
    What has ended is past; what is available from a later day is planned.
    """

    capability: str
    unit: str
    per: str | None
    available: Total | None
    stated: Total | None
    planned: Total | None
    past: Total | None


@dataclass(frozen=True, slots=True)
class RollUp:
    """The assets of a network's members, of its parts' members, and those they curate."""

    n_assets: int
    kinds: list[Count]
    capabilities: list[Count]
    capacities: list[CapacityLine]


class Ties:
    """Who stands where, among all that one viewer sees; read once, asked often."""

    def __init__(self, memberships: Iterable[Membership], parts: Iterable[tuple[str, str]]) -> None:
        self.members: dict[str, set[str]] = {}
        self.under: dict[str, set[str]] = {}
        for network, part in parts:
            self.under.setdefault(network, set()).add(part)
        for tie in memberships:
            if tie.state == "member":
                of = self.under if is_id(tie.member_id, "network") else self.members
                of.setdefault(tie.network_id, set()).add(tie.member_id)

    def scope(self, network_id: str) -> frozenset[str]:
        """
        The network and all below it, at any depth.

        Examples
        --------
        >>> sorted(Ties([], [("a", "b"), ("b", "c"), ("c", "a"), ("x", "a")]).scope("a"))
        ['a', 'b', 'c']
        """
        reached, new = {network_id}, {network_id}
        while new:
            new = set().union(*(self.under.get(one, set()) for one in new)) - reached
            reached |= new
        return frozenset(reached)

    def population(self, network_id: str) -> Population:
        """The members of a network and of all below it."""
        scope = self.scope(network_id)
        times = Counter(m for one in scope for m in self.members.get(one, ()))
        return Population(len(times), len(scope) - 1, sum(n > 1 for n in times.values()))

    def n_assets(self, network_id: str, holdings: Iterable[Holding]) -> int:
        """How many of the assets the members of a scope have, or its networks curate."""
        scope = self.scope(network_id)
        members = {m for one in scope for m in self.members.get(one, ())}
        return sum(h.n for h in holdings if h.member_id in members or h.network_id in scope)


def ties_seen(sight: Sight) -> Ties:
    """All the ties that a viewer sees."""
    return Ties(in_networks.ties(sight), sight.network_parts())


def roll_up(sight: Sight, scope: frozenset[str]) -> RollUp:
    """What the networks of a scope have between them."""
    kinds = [Count(*each) for each in in_networks.kinds_held(sight, scope)]
    return RollUp(
        n_assets=sum(each.n_assets for each in kinds),
        kinds=sorted(kinds, key=lambda each: (-each.n_assets, each.name)),
        capabilities=sorted(
            (Count(*each) for each in in_networks.capabilities_held(sight, scope)),
            key=lambda each: (-each.n_assets, each.name),
        ),
        capacities=summed(in_networks.capacities_held(sight, scope)),
    )


def summed(amounts: Iterable[Amount]) -> list[CapacityLine]:
    """
    Capacities added up: never over units, intervals or states.

    The sums do not depend on the order of the amounts, in the last digit neither.

    Examples
    --------
    >>> [line] = summed([Amount("pcr-testing", "samples", "day", "available", 40.0, 2),
    ...                  Amount("pcr-testing", "samples", "day", "planned", 5.0, 1)])
    >>> line.available, line.stated, line.planned
    (Total(amount=80.0, n_capacities=2), None, Total(amount=5.0, n_capacities=1))
    """
    lines: dict[tuple[str, str, str], dict[str, list[Amount]]] = {}
    for each in amounts:
        line = lines.setdefault((each.capability, each.unit, each.per or ""), {})
        line.setdefault(each.state, []).append(each)
    return [
        CapacityLine(capability, unit, per or None, **_totals(line))
        for (capability, unit, per), line in sorted(lines.items())
    ]


def _totals(line: Mapping[str, list[Amount]]) -> dict[str, Total | None]:
    return {
        state: Total(fsum(a.amount * a.n for a in line[state]), sum(a.n for a in line[state]))
        if state in line
        else None
        for state in STATES
    }
