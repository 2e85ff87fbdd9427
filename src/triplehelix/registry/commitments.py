"""
Commitments: what a member was asked for, or has offered, and how it stands.

Two sides talk: the call's (its holder) and the member's. Whoever spoke last waits; the other side
accepts, counters or declines. What the member has said last (an offer, a counter, an acceptance)
binds it, so that much of the capacity is held for the call until it is declined or withdrawn.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, NamedTuple

from triplehelix.errors import InputError
from triplehelix.registry.ids import is_id
from triplehelix.registry.visibility import Condition, Holder

Side = Literal["call", "member"]


class State(StrEnum):
    """How a commitment stands."""

    INVITED = "invited"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    COUNTERED = "countered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What a side does about a commitment that is there."""

    OFFER = "offer"
    ACCEPT = "accept"
    COUNTER = "counter"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


OPEN = (State.INVITED, State.OFFERED, State.COUNTERED)
OVER = (State.DECLINED, State.WITHDRAWN)
_LEADS_TO = {
    Act.OFFER: State.OFFERED, Act.ACCEPT: State.ACCEPTED, Act.COUNTER: State.COUNTERED,
    Act.DECLINE: State.DECLINED, Act.WITHDRAW: State.WITHDRAWN,
}  # fmt: skip


class Standing(NamedTuple):
    """A state, and the side that brought it about."""

    state: State
    by: Side


def acts(now: Standing, side: Side) -> tuple[Act, ...]:
    """
    What a side can do now, in the order of `Act`.

    Examples
    --------
    >>> [str(act) for act in acts(Standing(State.INVITED, "call"), "member")]
    ['offer', 'accept', 'counter', 'decline']
    >>> [str(act) for act in acts(Standing(State.INVITED, "call"), "call")]
    ['withdraw']
    """
    if now.state in OVER:
        return ()
    if now.state is State.ACCEPTED or now.by == side:
        return (Act.WITHDRAW,)
    offers = (Act.OFFER,) if now.state is State.INVITED else ()
    return (*offers, Act.ACCEPT, Act.COUNTER, Act.DECLINE)


def after(now: Standing, act: Act, side: Side) -> Standing:
    """
    How it stands after a side has done something.

    Raises
    ------
    InputError
        If that side cannot do it now: what it can do.

    Examples
    --------
    >>> after(Standing(State.INVITED, "call"), Act.ACCEPT, "member")
    Standing(state=<State.ACCEPTED: 'accepted'>, by='member')
    """
    can = acts(now, side)
    if act not in can:
        whose = "the call" if side == "call" else "the member"
        left = f"{whose} can {', '.join(can)}" if can else "it is over; a new one can be begun"
        raise InputError(f"this is {now.state} and cannot be answered with {act} now; {left}")
    return Standing(_LEADS_TO[act], side)


def binds(standing: Standing) -> bool:
    """
    Whether the member stands by its word: that much of the capacity is held.

    Examples
    --------
    >>> binds(Standing(State.COUNTERED, "member")), binds(Standing(State.COUNTERED, "call"))
    (True, False)
    """
    if standing.state is State.ACCEPTED:
        return True
    return standing.by == "member" and standing.state in (State.OFFERED, State.COUNTERED)


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What a member is asked for, or offers, to one need of a call.

    `amount` is in the need's `unit`; both None for a need met by yes or no. `held` is the same in
    the capacity's own unit and interval, for each day; None where nothing can be reserved.
    """

    need: str
    capability: str
    member_id: str
    asset_id: str
    capacity_id: str | None
    amount: float | None
    unit: str | None
    held: float | None
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class Commitment:
    """
    A commitment as one of its two sides sees it.

    `title` is the call's when it was begun: whoever is invited knows what to, even if the call
    itself is not shown to them. `by` is the side that spoke last.
    """

    commitment_id: str
    call_id: str
    proposal_id: str | None
    title: str
    member_id: str
    asset_id: str
    capacity_id: str | None
    reservation_id: str | None
    need: str
    capability: str
    amount: float | None
    unit: str | None
    held: float | None
    starts: date
    ends: date | None
    state: str
    by: str
    made_at: datetime
    changed_at: datetime

    @property
    def standing(self) -> Standing:
        """How it stands."""
        side: Side = "call" if self.by == "call" else "member"
        return Standing(State(self.state), side)


@dataclass(frozen=True, slots=True)
class CommitmentEvent:
    """One word in the talk: when, which side, which user (None: erased, or the command line)."""

    commitment_id: str
    n: int
    at: datetime
    by: str
    by_user: str | None
    state: str
    amount: float | None
    starts: date
    ends: date | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """What an asset actually gave on a day, in the unit of its need; the newest one counts."""

    report_id: str
    commitment_id: str
    call_id: str
    asset_id: str
    need: str
    day: date
    amount: float
    made_at: datetime
    by_user: str | None


def acts_for(member_id: str) -> str:
    """
    What somebody holds who answers for a member, or for a network that takes part as one.

    Examples
    --------
    >>> acts_for("nw_" + "0" * 26)[:11]
    'steward:nw_'
    """
    return f"{'steward' if is_id(member_id, 'network') else 'member'}:{member_id}"


def between(call: Holder, member_id: str) -> Condition:
    """What is asked of who sees a commitment: to answer for the call, or for the member."""
    return frozenset({call.grants | {acts_for(member_id)}})
