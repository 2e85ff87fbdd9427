"""Mobilising: inviting members to a call, and what they answer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from triplehelix.ally.to_json import alliance_from_json
from triplehelix.app.calls.asked import ByHand, asked_by_hand, asked_of, chosen, said_anew
from triplehelix.app.registry.asset_rows import Named
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import Conflict, InputError
from triplehelix.registry.commitments import Act, Commitment, CommitmentEvent, acts
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry import commitments as stored
from triplehelix.store.registry.call_lists import acted_for, user_names
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.proposals import proposal
from triplehelix.store.registry.sight import Sight


@dataclass(frozen=True, slots=True)
class EventAnswer:
    """One word in the talk; `who` is the name of who said it, None where that is not known."""

    event: CommitmentEvent
    who: str | None


@dataclass(frozen=True, slots=True)
class CommitmentAnswer:
    """
    A commitment as one of its sides sees it.

    `asset`, `member` and `call` are None where they are no longer shown. `can` is what the viewer
    may do now, `as_side` on whose behalf (`call`, `member`, both). `held_by` are ids of the call's
    holders, as far as they are shown.
    """

    commitment: Commitment
    call: Named | None
    member: Named | None
    asset: Named | None
    as_side: tuple[str, ...]
    can: tuple[str, ...]
    events: list[EventAnswer]
    held_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of inviting: ids of new commitments; assets that were left out, and why."""

    made: list[str]
    left_out: list[tuple[str, str]]


def invite(
    registry: Registry, viewer: Viewer, proposal_id: str, capabilities: Capabilities, *,
    only: Collection[str] = (), reason: str | None = None,
) -> Invited:  # fmt: skip
    """
    Invite the members of a proposal to give what it has them give.

    Parameters
    ----------
    only : ids of members or assets; without them, all.

    Raises
    ------
    UnknownName
        If the proposal is not seen, or what is named does not stand in it.
    InputError, Forbidden
        The call is not open, or the viewer is not of its holder.
    """
    with registry.change(viewer) as change:
        kept = proposal(change.sight, proposal_id)
        alliance = alliance_from_json(kept.result)
        wanted = chosen(alliance, only)
        made: list[str] = []
        left_out: list[tuple[str, str]] = []
        for one in wanted:
            asked = asked_of(change.sight, alliance, one, capabilities)
            try:
                made.append(stored.begin(change, kept.call_id, asked, "call",
                                         proposal_id=proposal_id, reason=reason))  # fmt: skip
            except Conflict as err:
                left_out.append((one.asset, str(err)))
        return Invited(made, left_out)


def invite_one(
    registry: Registry, viewer: Viewer, call_id: str, capabilities: Capabilities, given: ByHand, *,
    reason: str | None = None,
) -> str:  # fmt: skip
    """
    Invite the member of an asset to give it to a need, without a proposal; the commitment's id.

    Raises
    ------
    InputError, UnknownName, Forbidden, Conflict
    """
    with registry.change(viewer) as change:
        asked = asked_by_hand(change.sight, call_id, capabilities, given)
        return stored.begin(change, call_id, asked, "call", reason=reason)


def offer(
    registry: Registry, viewer: Viewer, call_id: str, capabilities: Capabilities, given: ByHand, *,
    reason: str | None = None,
) -> str:  # fmt: skip
    """
    Offer an asset of one's own to a need of an open call, unasked; the commitment's id.

    So much of the capacity is held for the call until it declines, or the offer is withdrawn.

    Raises
    ------
    InputError, UnknownName, Forbidden, Conflict
    """
    with registry.change(viewer) as change:
        asked = asked_by_hand(change.sight, call_id, capabilities, given)
        return stored.begin(change, call_id, asked, "member", reason=reason)


def answer(
    registry: Registry, viewer: Viewer, commitment_id: str, act: str, capabilities: Capabilities, *,
    amount: float | None = None, starts: date | None = None, ends: date | None = None,
    reason: str | None = None,
) -> Commitment:  # fmt: skip
    """
    Offer, accept, counter, decline or withdraw; how it stands then.

    Parameters
    ----------
    act : one of `registry.commitments.Act`.
    amount, starts, ends : of an offer or a counter, in the need's unit; what is left out stays.

    Raises
    ------
    InputError, UnknownName, Forbidden
    Conflict
        If so much of the capacity is not left on every day.
    """
    if act not in set(Act):
        raise InputError(f"{act[:40]!r} is no answer; give one of {', '.join(Act)}")
    with registry.change(viewer) as change:
        before = stored.commitment(change.sight, commitment_id)
        said = None
        if (amount, starts, ends) != (None, None, None):
            days = (starts or before.starts, ends or before.ends)
            said = said_anew(change, before, capabilities, amount, days)
        return stored.answer(change, commitment_id, Act(act), said=said, reason=reason)


def commitments_to(registry: Registry, viewer: Viewer, call_id: str) -> list[CommitmentAnswer]:
    """
    Commitments to a call: all of them for its holder, for others those of members they act for.

    Raises
    ------
    UnknownName
        If the call is not shown to the viewer.
    """
    with registry.look(viewer) as sight:
        sight.record("call", call_id)
        return answers_in(sight, stored.commitments(sight, call_id=call_id))


def my_commitments(registry: Registry, viewer: Viewer) -> list[CommitmentAnswer]:
    """Commitments of the members and networks that the viewer acts for, to whatever call."""
    with registry.look(viewer) as sight:
        return answers_in(sight, stored.commitments(sight, members=acted_for(viewer)))


def commitment(registry: Registry, viewer: Viewer, commitment_id: str) -> CommitmentAnswer:
    """
    One commitment.

    Raises
    ------
    UnknownName
        If there is none, or the viewer is of neither side.
    """
    with registry.look(viewer) as sight:
        return answers_in(sight, [stored.commitment(sight, commitment_id)])[0]


def answers_in(sight: Sight, found: list[Commitment]) -> list[CommitmentAnswer]:
    """Commitments with what the viewer sees around them."""
    calls = {one.record_id: one for one in sight.records([one.call_id for one in found])}
    names = sight.names(x for one in found for x in (one.member_id, one.asset_id, one.call_id))
    said: dict[str, list[CommitmentEvent]] = {}
    for event in stored.events(sight, {one.commitment_id for one in found}):
        said.setdefault(event.commitment_id, []).append(event)
    who = user_names(sight, {e.by_user for own in said.values() for e in own if e.by_user})

    def named(record_id: str) -> Named | None:
        return Named(record_id, names[record_id]) if record_id in names else None

    answers = []
    for one in found:
        call = calls.get(one.call_id)
        mine = stored.sides(sight.viewer, one, of_call=call is not None and call.editable)
        over = call is not None and call.fields["state"] != "open"
        can = dict.fromkeys(
            str(act) for side in mine for act in acts(one.standing, side)
            if not over or act in (Act.DECLINE, Act.WITHDRAW)
        )  # fmt: skip
        answers.append(CommitmentAnswer(
            one, named(one.call_id), named(one.member_id), named(one.asset_id), mine, tuple(can),
            [EventAnswer(e, who.get(e.by_user or "")) for e in said.get(one.commitment_id, ())],
            tuple(x for x in (call.member_id, call.network_id) if x) if call else (),
        ))  # fmt: skip
    return answers
