"""Mobilising: inviting members to a call, and what they answer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from triplehelix.ally.alliance import Alliance, Contribution
from triplehelix.ally.call import Need
from triplehelix.ally.to_json import alliance_from_json
from triplehelix.app.calls.amounts import held_of
from triplehelix.app.calls.records import needs_shown
from triplehelix.app.registry.asset_rows import Named
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import Conflict, InputError
from triplehelix.registry.commitments import Act, Asked, Commitment, CommitmentEvent, acts
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry import commitments as stored
from triplehelix.store.registry.call_lists import acted_for, user_names
from triplehelix.store.registry.changing import Change
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
        wanted = _chosen(alliance, only)
        made: list[str] = []
        left_out: list[tuple[str, str]] = []
        for one in wanted:
            asked = _asked(change.sight, alliance, one, capabilities)
            try:
                made.append(stored.begin(change, kept.call_id, asked, "call",
                                         proposal_id=proposal_id, reason=reason))  # fmt: skip
            except Conflict as err:
                left_out.append((one.asset, str(err)))
        return Invited(made, left_out)


def invite_one(
    registry: Registry, viewer: Viewer, call_id: str, capabilities: Capabilities, *, need: str,
    asset_id: str, capacity_id: str | None, amount: float | None, starts: date,
    ends: date | None = None, reason: str | None = None,
) -> str:  # fmt: skip
    """
    Invite the member of an asset to give it to a need, without a proposal; the commitment's id.

    Raises
    ------
    InputError, UnknownName, Forbidden, Conflict
    """
    with registry.change(viewer) as change:
        asked = _by_hand(change.sight, call_id, capabilities, need, asset_id, capacity_id,
                         (amount, starts, ends))  # fmt: skip
        return stored.begin(change, call_id, asked, "call", reason=reason)


def offer(
    registry: Registry, viewer: Viewer, call_id: str, capabilities: Capabilities, *, need: str,
    asset_id: str, capacity_id: str | None, amount: float | None, starts: date,
    ends: date | None = None, reason: str | None = None,
) -> str:  # fmt: skip
    """
    Offer an asset of one's own to a need of an open call, unasked; the commitment's id.

    So much of the capacity is held for the call until it declines, or the offer is withdrawn.

    Raises
    ------
    InputError, UnknownName, Forbidden, Conflict
    """
    with registry.change(viewer) as change:
        asked = _by_hand(change.sight, call_id, capabilities, need, asset_id, capacity_id,
                         (amount, starts, ends))  # fmt: skip
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
            said = _said_anew(change, before, capabilities, amount, days)
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


def _chosen(alliance: Alliance, only: Collection[str]) -> list[Contribution]:
    there = {one.member for one in alliance.contributions}
    there |= {one.asset for one in alliance.contributions}
    strange = sorted(set(only) - there)
    if strange:
        raise InputError(f"{strange[0]!r} gives nothing in this proposal; choose of those that do")
    return [
        one for one in alliance.contributions
        if not only or one.member in only or one.asset in only
    ]  # fmt: skip


def _asked(
    sight: Sight, alliance: Alliance, one: Contribution, capabilities: Capabilities
) -> Asked:
    need = next(each for each in alliance.call.needs if each.need == one.need)
    amount = one.amount if need.amount is not None else None
    return _of(sight, capabilities, need, (one.member, one.asset, one.capacity),
               (amount, one.starts, one.ends))  # fmt: skip


def _by_hand(
    sight: Sight, call_id: str, capabilities: Capabilities, need: str, asset_id: str,
    capacity_id: str | None, said: tuple[float | None, date, date | None],
) -> Asked:  # fmt: skip
    call = needs_shown(sight.record("call", call_id))
    found = next((one for one in call.needs if one.need == need), None)
    if found is None:
        names = ", ".join(one.need for one in call.needs)
        raise InputError(f"the call has no need {need[:80]!r}; give one of {names}")
    asset = sight.record("asset", asset_id)
    member = asset.member_id or asset.network_id
    if member is None:
        raise InputError("nobody holds this asset whom you could ask; choose another")
    amount, starts, ends = said
    if (amount is None) != (found.amount is None):
        words = f"an amount in {found.unit}" if found.amount is not None else "no amount"
        raise InputError(f"the need {need!r} is met by {words}; give it so")
    _require_sound(amount, starts, ends)
    return _of(sight, capabilities, found, (member, asset_id, capacity_id), said)


def _of(
    sight: Sight, capabilities: Capabilities, need: Need, whose: tuple[str, str, str | None],
    said: tuple[float | None, date, date | None],
) -> Asked:  # fmt: skip
    (member, asset, capacity), (amount, starts, ends) = whose, said
    fields = _capacity_fields(sight, asset, capacity)
    held = held_of(capabilities, fields, amount, need.unit, starts=starts, ends=ends)
    return Asked(need.need, need.capability, member, asset, capacity, amount, need.unit, held,
                 starts, ends)  # fmt: skip


def _said_anew(
    change: Change, before: Commitment, capabilities: Capabilities, amount: float | None,
    days: tuple[date, date | None],
) -> Asked:  # fmt: skip
    new = before.amount if amount is None else amount
    if amount is not None and before.amount is None:
        raise InputError("this need is met by yes or no; leave the amount out")
    _require_sound(new, *days)
    fields = _capacity_fields(change.sight, before.asset_id, before.capacity_id)
    if fields is None and before.held and before.amount:
        # The capacity is hidden from this side by now: what it takes goes with the amount.
        held = before.held * (new or 0.0) / before.amount
    else:
        held = held_of(capabilities, fields, new, before.unit, starts=days[0], ends=days[1]) or 0.0
    return Asked(before.need, before.capability, before.member_id, before.asset_id,
                 before.capacity_id, new, before.unit, held or None, *days)  # fmt: skip


def _require_sound(amount: float | None, starts: date, ends: date | None) -> None:
    if amount is not None and not 0 < amount < float("inf"):
        raise InputError(f"an amount of {amount:g} cannot be promised; give one above 0")
    if ends is not None and ends < starts:
        raise InputError(f"it ends {ends}, before it starts {starts}; swap them")


def _capacity_fields(
    sight: Sight, asset_id: str, capacity_id: str | None
) -> Mapping[str, Any] | None:
    if capacity_id is None:
        return None
    there = {one.capacity_id: one.fields for one in sight.capacities([asset_id])}
    return there.get(capacity_id)


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
