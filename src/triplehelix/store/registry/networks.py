"""Who stands in which network, written in the transaction of a change."""

from datetime import date

from sqlalchemy import delete, insert, select

from triplehelix.errors import InputError
from triplehelix.registry.ids import is_id, nothing_so_named
from triplehelix.registry.showing import checked_audience
from triplehelix.registry.viewer import Action, may, require
from triplehelix.registry.visibility import SIGNED_IN, Audience, Condition, Holder, condition
from triplehelix.store.registry.among import among
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.tables import MEMBERSHIPS, NETWORK_PARTS

STATES = ("invited", "asked", "member")


def join(
    change: Change, network_id: str, member_id: str, *, state: str = "member",
    visibility: str = "public", since: date | None = None,
) -> None:  # fmt: skip
    """
    Put a member (or a network) into a network, or change how it stands there.

    A steward invites, the member asks; what the other side has asked for or offered becomes
    `member`. Administrators put in at once.

    Raises
    ------
    InputError
        If a network would become a member of itself, directly or through others; if the state is
        none of `invited`, `asked`, `member`, or the visibility is none.
    UnknownName, Forbidden
        If one of both is not there, or not seen; if the viewer acts for neither.
    """
    if state not in STATES:
        raise InputError(f"{state!r} is no state of a membership; give {', '.join(STATES)}")
    visibility = checked_audience(visibility)
    kind = "network" if is_id(member_id, "network") else "member"
    change.sight.record("network", network_id)
    change.sight.record(kind, member_id)
    if kind == "network":
        _no_circle(change, network_id, member_id)
    state = _agreed(change, network_id, member_id, kind, state)
    row = {
        "network_id": network_id, "member_id": member_id, "state": state, "since": since,
        "visibility": visibility,
        "seen_by": change.keep(
            _tie_condition(visibility if state == "member" else "private", network_id, member_id)
        ),
    }  # fmt: skip
    _forget_membership(change, network_id, member_id)
    change.connection.execute(insert(MEMBERSHIPS), row)
    change.log(network_id, "join", member=member_id, state=state, visibility=visibility)


def leave(change: Change, network_id: str, member_id: str) -> None:
    """Take a member out of a network: by either side."""
    own = Holder(None, member_id) if is_id(member_id, "network") else Holder(member_id)
    if not may(change.viewer, Action.EDIT, own):
        require(change.viewer, Action.CURATE, Holder(None, network_id))
    if not _forget_membership(change, network_id, member_id):
        raise nothing_so_named("membership")
    change.log(network_id, "leave", member=member_id)


def compose(change: Change, network_id: str, parts: tuple[str, ...]) -> None:
    """
    Let a network have these below it: the parts of a joint network, or of a parent.

    Parts that the viewer does not see stay as they are.

    Raises
    ------
    InputError, UnknownName, Forbidden
    """
    require(change.viewer, Action.CURATE, Holder(None, network_id))
    for part in parts:
        change.sight.record("network", part)
        _no_circle(change, network_id, part)
    seen = [part for whole, part in change.sight.network_parts() if whole == network_id]
    mine = NETWORK_PARTS.c.network_id == network_id
    change.connection.execute(
        delete(NETWORK_PARTS).where(mine, among(NETWORK_PARTS.c.part_id, seen))
    )
    if parts:
        rows = [{"network_id": network_id, "part_id": part} for part in sorted(set(parts))]
        change.connection.execute(insert(NETWORK_PARTS), rows)
    change.log(network_id, "compose", parts=sorted(set(parts)))


def _tie_condition(visibility: str, network_id: str, member_id: str) -> Condition:
    """Both sides of a membership see it, whatever its visibility; a network's are its stewards."""
    if is_id(member_id, "member"):
        return condition(Audience.read(visibility), Holder(member_id, network_id))
    asked = condition(Audience.read(visibility), Holder(None, network_id))
    signed_in = frozenset({SIGNED_IN})
    return frozenset(c if c == signed_in else c | {f"steward:{member_id}"} for c in asked)


def _agreed(change: Change, network_id: str, member_id: str, kind: str, state: str) -> str:
    if "write" not in change.viewer.scopes:
        require(change.viewer, Action.CURATE, Holder(None, network_id))
    steward = f"steward:{network_id}" in change.viewer.grants
    own = f"{'member' if kind == 'member' else 'steward'}:{member_id}" in change.viewer.grants
    if change.viewer.everything or (steward and own):
        return state
    if not (steward or own):
        require(change.viewer, Action.CURATE, Holder(None, network_id))
    earlier = change.connection.scalar(
        select(MEMBERSHIPS.c.state).where(
            MEMBERSHIPS.c.network_id == network_id, MEMBERSHIPS.c.member_id == member_id
        )
    )
    awaited = "asked" if steward else "invited"
    if earlier in ("member", awaited):
        return "member"
    return "invited" if steward else "asked"


def _forget_membership(change: Change, network_id: str, member_id: str) -> bool:
    gone = change.connection.execute(
        delete(MEMBERSHIPS).where(
            MEMBERSHIPS.c.network_id == network_id, MEMBERSHIPS.c.member_id == member_id
        )
    )
    return gone.rowcount > 0


def _no_circle(change: Change, network_id: str, below: str) -> None:
    # Only ties that are seen are followed: a refusal must not tell of hidden ones. A circle
    # through those does no harm, for whoever follows ties stops at what has been met.
    ties = [(tie.network_id, tie.member_id) for tie in change.sight.memberships()]
    under: dict[str, set[str]] = {}
    for network, one in ties + change.sight.network_parts():
        under.setdefault(network, set()).add(one)
    reached, new = {below}, {below}
    while new:
        new = set().union(*(under.get(each, set()) for each in new)) - reached
        reached |= new
    if network_id in reached:
        raise InputError("a network cannot be part of itself; choose another")
