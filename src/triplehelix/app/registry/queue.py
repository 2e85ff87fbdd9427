"""What waits for a steward: assets of nobody, requests, invitations, what must be confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from triplehelix.errors import InputError
from triplehelix.registry.ids import nothing_so_named
from triplehelix.registry.records import Membership
from triplehelix.registry.viewer import Action, Viewer, require
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry import in_networks
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sight import Sight

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """An asset that waits; `due_on` is the day by which it should have been confirmed."""

    asset_id: str
    name: str
    kind: str
    member_id: str | None
    member: str | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Pile:
    """So many assets wait; the first `SHOWN` of them."""

    total: int
    assets: list[Waiting]


@dataclass(frozen=True, slots=True)
class Asking:
    """One that asks to be let in, or was invited, and since when."""

    member_id: str
    name: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Queue:
    """
    What waits for the stewards of a network.

    `unassigned` are assets that belong to no member, `overdue` those not confirmed in time,
    `unconfirmed` those that nobody has confirmed yet. `members` are those an asset can be given.
    """

    network_id: str
    name: str
    unassigned: Pile
    requests: list[Asking]
    invitations: list[Asking]
    overdue: Pile
    unconfirmed: Pile
    members: list[tuple[str, str]]

    @property
    def total(self) -> int:
        """Everything that waits for the stewards themselves: not the invitations."""
        return (
            self.unassigned.total + len(self.requests) + self.overdue.total
            + self.unconfirmed.total
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A network in the list of a steward, and how much waits there."""

    network_id: str
    name: str
    unassigned: int
    requests: int
    invitations: int
    overdue: int
    unconfirmed: int


@dataclass(frozen=True, slots=True)
class Queues:
    """All queues of a steward; `unassigned` and `members` are for administrators alone."""

    networks: list[QueueRow]
    unassigned: Pile | None
    members: list[tuple[str, str]]


def queue(registry: Registry, viewer: Viewer, network_id: str) -> Queue:
    """
    What waits in one network.

    Raises
    ------
    UnknownName
        If the network is not seen.
    Forbidden
        If the viewer is no steward of it.
    """
    with registry.look(viewer) as sight:
        own = sight.record("network", network_id)
        require(viewer, Action.CURATE, Holder(None, network_id))
        return _queue(sight, network_id, own.name, SHOWN)


def queues(registry: Registry, viewer: Viewer) -> Queues:
    """What waits in every network that the viewer is steward of, and for administrators in all."""
    with registry.look(viewer) as sight:
        ids = in_networks.networks_seen(sight) if viewer.everything else list(viewer.stewards)
        names = sight.names(ids)
        found = [_queue(sight, one, names[one], 0) for one in ids if one in names]
        rows = [
            QueueRow(q.network_id, q.name, q.unassigned.total, len(q.requests),
                     len(q.invitations), q.overdue.total, q.unconfirmed.total)
            for q in found
        ]  # fmt: skip
        if not viewer.everything:
            return Queues(sorted(rows, key=lambda row: (row.name, row.network_id)), None, [])
        lost = _pile(sight, in_networks.without_member(sight, None, SHOWN))
        return Queues(rows, lost, in_networks.members_seen(sight) if lost.total else [])


def assign(
    registry: Registry, viewer: Viewer, network_id: str | None, assets: Sequence[str], member: str
) -> None:
    """
    Give assets of nobody to a member; the network goes on curating them.

    Without a network the administrators give away what no network curates.

    Raises
    ------
    InputError
        If nothing was chosen, or the member does not stand in the network.
    UnknownName, Forbidden
    """
    _some(assets)
    with registry.change(viewer) as change:
        sight = change.sight
        if network_id is None:
            require(viewer, Action.ADMINISTER, Holder())
        else:
            sight.record("network", network_id)
            require(viewer, Action.CURATE, Holder(None, network_id))
        sight.record("member", member)
        if network_id is not None and member not in dict(_standing(sight, network_id)):
            raise InputError("this member does not stand in the network; invite it first")
        for one in assets:
            if sight.record("asset", one).network_id != network_id:
                raise nothing_so_named("asset")
            change.hand_over("asset", one, Holder(member, network_id))


def confirm_all(registry: Registry, viewer: Viewer, network_id: str, assets: Sequence[str]) -> None:
    """
    Say that assets a network curates still hold.

    Raises
    ------
    InputError, UnknownName, Forbidden
    """
    _some(assets)
    with registry.change(viewer) as change:
        change.sight.record("network", network_id)
        require(viewer, Action.CURATE, Holder(None, network_id))
        for one in assets:
            if change.sight.record("asset", one).network_id != network_id:
                raise nothing_so_named("asset")
            change.confirm("asset", one)


def _some(assets: Sequence[str]) -> None:
    if not assets:
        raise InputError("no asset is chosen; tick at least one")


def _queue(sight: Sight, network_id: str, name: str, shown: int) -> Queue:
    standing = in_networks.ties(sight, [network_id])
    unassigned = _pile(sight, in_networks.without_member(sight, network_id, shown))
    return Queue(
        network_id=network_id, name=name, unassigned=unassigned,
        requests=_asking(sight, standing, "asked"),
        invitations=_asking(sight, standing, "invited"),
        overdue=_pile(sight, in_networks.to_confirm(sight, network_id, shown)),
        unconfirmed=_pile(sight, in_networks.never_confirmed(sight, network_id, shown)),
        members=_standing(sight, network_id) if unassigned.assets else [],
    )  # fmt: skip


def _asking(sight: Sight, standing: list[Membership], state: str) -> list[Asking]:
    ties = [tie for tie in standing if tie.state == state]
    names = sight.names(tie.member_id for tie in ties)
    return [Asking(tie.member_id, names[tie.member_id], tie.since) for tie in ties]


def _standing(sight: Sight, network_id: str) -> list[tuple[str, str]]:
    ids = [tie.member_id for tie in in_networks.ties(sight, [network_id]) if tie.state == "member"]
    return in_networks.members_seen(sight, ids)


def _pile(sight: Sight, found: tuple[int, list[str]]) -> Pile:
    total, ids = found
    records = sight.records(ids)
    names = sight.names(r.member_id for r in records if r.member_id)
    return Pile(total, [
        Waiting(r.record_id, r.name, r.fields["kind"], r.member_id,
                names.get(r.member_id or ""), r.due_on)
        for r in records
    ])  # fmt: skip
