"""Commitments to calls and what they hold of capacities, written in one transaction."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, update

from triplehelix.errors import Conflict, Forbidden, InputError
from triplehelix.registry.capacity import Promise
from triplehelix.registry.cleaning import clean_text
from triplehelix.registry.commitments import (
    OVER,
    Act,
    Asked,
    Commitment,
    CommitmentEvent,
    Side,
    Standing,
    State,
    acts,
    after,
    between,
    binds,
)
from triplehelix.registry.ids import is_id, nothing_so_named
from triplehelix.registry.records import Record
from triplehelix.registry.viewer import Action, Viewer, may, require
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry.among import among
from triplehelix.store.registry.call_following import holder_of, refresh_progress
from triplehelix.store.registry.call_tables import COMMITMENT_EVENTS, COMMITMENTS
from triplehelix.store.registry.capacities import give_back, is_held, reserve
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.sight import Sight

_COLUMNS = [COMMITMENTS.c[name] for name in Commitment.__dataclass_fields__]
_MOST_REASON = 2_000


def begin(
    change: Change, call_id: str, asked: Asked, side: Side, *,
    proposal_id: str | None = None, reason: str | None = None,
) -> str:  # fmt: skip
    """
    Invite a member to a call, or offer to one; the commitment's id.

    Raises
    ------
    InputError
        If the call is not open, the asset is not the member's, or it gives no such capacity.
    UnknownName, Forbidden
        If the call or the asset is not seen, or the viewer does not act for that side.
    Conflict
        If this asset stands in a commitment to this need on some of these days already, or so
        much of the capacity is not left.
    """
    call = change.sight.record("call", call_id)
    asset = change.sight.record("asset", asked.asset_id)
    member = Holder(None, asked.member_id) if is_id(asked.member_id, "network") else Holder(
        asked.member_id)  # fmt: skip
    require(change.viewer, Action.EDIT, change.sight.holder(call_id) if side == "call" else member)
    _require_open(call)
    if asked.member_id not in (asset.member_id, None if asset.member_id else asset.network_id):
        raise InputError("this asset is not that member's; ask the member that it belongs to")
    if asked.capacity_id is not None:
        _capacity(change, asked)
    _require_none_yet(change, call_id, asked)
    standing = Standing(State.INVITED if side == "call" else State.OFFERED, side)
    row = {
        **{name: getattr(asked, name) for name in Asked.__dataclass_fields__},
        "commitment_id": change.ids("commitment"), "call_id": call_id,
        "proposal_id": proposal_id, "title": call.name, "reservation_id": None,
        "state": str(standing.state), "by": side, "made_at": change.now, "changed_at": change.now,
    }  # fmt: skip
    one = replace(Commitment(**row), reservation_id=_held(change, Commitment(**row), standing))
    seen_by = change.keep(between(change.sight.holder(call_id), asked.member_id))
    row |= {"reservation_id": one.reservation_id, "seen_by": seen_by}
    change.connection.execute(insert(COMMITMENTS), row)
    _write_down(change, one, "invite" if side == "call" else "offer", _checked_reason(reason))
    return one.commitment_id


def answer(
    change: Change, commitment_id: str, act: Act, *, said: Asked | None = None,
    reason: str | None = None,
) -> Commitment:  # fmt: skip
    """
    Offer, accept, counter, decline or withdraw, for a side that the viewer acts for.

    `said` has the new amount and days of an offer or a counter; without it they stay. What binds
    the member is reserved in the same transaction, and given back when it no longer does.

    Raises
    ------
    UnknownName, Forbidden
    InputError
        If that cannot be done now.
    Conflict
        If so much of the capacity is not left on every day.
    """
    before = commitment(change.sight, commitment_id)
    side = _side(change, before, act)
    standing = after(before.standing, act, side)
    if act in (Act.ACCEPT, Act.OFFER, Act.COUNTER):
        _require_open_behind(change, before.call_id)
    if said is not None and act not in (Act.OFFER, Act.COUNTER):
        raise InputError(f"{act} takes what was said as it is; counter with another amount")
    now = before if said is None else replace(
        before, amount=said.amount, held=said.held, starts=said.starts, ends=said.ends)  # fmt: skip
    kept = (now.held, now.starts, now.ends) == (before.held, before.starts, before.ends)
    now = replace(now, state=str(standing.state), by=side, changed_at=change.now)
    reservation = before.reservation_id
    if reservation and not (binds(standing) and kept):
        give_back(change, reservation)
        reservation = None
    if reservation and not is_held(change, reservation):
        raise Conflict(
            "the member has given this capacity back; ask it to offer again, or decline this"
        )
    if reservation is None:
        reservation = _held(change, now, standing)
    now = replace(now, reservation_id=reservation)
    mine = COMMITMENTS.c.commitment_id == commitment_id
    changed = ("amount", "held", "starts", "ends", "state", "by", "changed_at", "reservation_id")
    change.connection.execute(
        update(COMMITMENTS).where(mine), {name: getattr(now, name) for name in changed}
    )
    _write_down(change, now, str(act), _checked_reason(reason))
    return now


def commitment(sight: Sight, commitment_id: str) -> Commitment:
    """
    One commitment.

    Raises
    ------
    UnknownName
        If there is none, or the viewer is of neither side.
    """
    found = commitments(sight, ids=[commitment_id]) if is_id(commitment_id, "commitment") else []
    if not found:
        raise nothing_so_named("commitment")
    return found[0]


def commitments(
    sight: Sight, *, call_id: str | None = None, members: Collection[str] | None = None,
    ids: Sequence[str] | None = None,
) -> list[Commitment]:  # fmt: skip
    """Commitments that the viewer sees: to a call, of members, or these; the earliest first."""
    asked = select(*_COLUMNS).where(sight.seen(COMMITMENTS))
    if call_id is not None:
        asked = asked.where(COMMITMENTS.c.call_id == call_id)
    if members is not None:
        asked = asked.where(among(COMMITMENTS.c.member_id, sorted(members)))
    if ids is not None:
        asked = asked.where(among(COMMITMENTS.c.commitment_id, ids))
    asked = asked.order_by(COMMITMENTS.c.made_at, COMMITMENTS.c.commitment_id)
    return [Commitment(**row) for row in sight.connection.execute(asked).mappings()]


def events(sight: Sight, commitment_ids: Collection[str]) -> list[CommitmentEvent]:
    """All that was said about commitments that the viewer sees, the earliest first."""
    table = COMMITMENT_EVENTS
    columns = [table.c[name] for name in CommitmentEvent.__dataclass_fields__]
    asked = (
        select(*columns)
        .where(among(table.c.commitment_id, sorted(commitment_ids)), sight.seen(table))
        .order_by(table.c.at, table.c.commitment_id, table.c.n)
    )
    return [CommitmentEvent(**row) for row in sight.connection.execute(asked).mappings()]


def sides(viewer: Viewer, one: Commitment, *, of_call: bool) -> tuple[Side, ...]:
    """For which sides of a commitment a viewer acts; `of_call`: whether they may edit the call."""
    own = Holder(None, one.member_id) if is_id(one.member_id, "network") else Holder(one.member_id)
    found: list[Side] = ["member"] if may(viewer, Action.EDIT, own) else []
    return (*found, "call") if of_call else tuple(found)


def _side(change: Change, one: Commitment, act: Act) -> Side:
    of_call = may(change.viewer, Action.EDIT, holder_of(change, one.call_id))
    mine = sides(change.viewer, one, of_call=of_call)
    if not mine:
        raise Forbidden(
            "you may read this commitment and not answer it; sign in as one of the call's or of "
            "the member's people"
        )
    can = [side for side in mine if act in acts(one.standing, side)]
    return (can or mine)[0]


def _require_open(call: Record) -> None:
    if call.fields["state"] != "open":
        raise InputError(f"this call is {call.fields['state']}, not open; open it first")


def _require_open_behind(change: Change, call_id: str) -> None:
    """The invited side answers a call that may be hidden from it."""
    change.flush()
    behind = Sight(change.connection, Viewer(everything=True), change.now)
    _require_open(behind.record("call", call_id))


def _capacity(change: Change, asked: Asked | Commitment) -> Any:
    there = {one.capacity_id: one for one in change.sight.capacities([asked.asset_id])}
    if asked.capacity_id not in there:
        raise nothing_so_named("capacity")
    return there[asked.capacity_id]


def _require_none_yet(change: Change, call_id: str, asked: Asked) -> None:
    for one in commitments(change.sight, call_id=call_id, members=[asked.member_id]):
        same = (one.asset_id, one.need) == (asked.asset_id, asked.need)
        apart = (one.ends or date.max) < asked.starts or (asked.ends or date.max) < one.starts
        if same and not apart and one.state not in OVER:
            raise Conflict(
                f"this asset is {one.state} for the need {asked.need!r} already; answer that, or "
                "withdraw it first"
            )


def _held(change: Change, one: Commitment, standing: Standing) -> str | None:
    """Reserve what binds the member; nothing where the capacity cannot be reserved."""
    if not binds(standing) or one.capacity_id is None or not one.held:
        return None
    if _capacity(change, one).fields["state"] != "available":
        return None
    promise = Promise(one.held, one.starts, one.ends)
    what = f"{one.title[:200]}: {one.need}"
    return reserve(change, one.capacity_id, promise, what)


def _checked_reason(reason: str | None) -> str | None:
    cleaned = clean_text(reason or "")
    if len(cleaned) > _MOST_REASON:
        raise InputError(f"a reason of {len(cleaned)} letters; say it in {_MOST_REASON}")
    return cleaned or None


def _write_down(change: Change, one: Commitment, action: str, reason: str | None) -> None:
    table = COMMITMENT_EVENTS
    mine = table.c.commitment_id == one.commitment_id
    n = change.connection.scalar(select(func.count()).select_from(table).where(mine)) or 0
    seen_by = change.connection.scalar(
        select(COMMITMENTS.c.seen_by).where(COMMITMENTS.c.commitment_id == one.commitment_id)
    )
    change.connection.execute(insert(table), {
        "commitment_id": one.commitment_id, "n": n + 1, "seen_by": seen_by, "at": change.now,
        "by": one.by, "by_user": change.viewer.user_id, "state": one.state, "amount": one.amount,
        "starts": one.starts, "ends": one.ends, "reason": reason,
    })  # fmt: skip
    change.log(one.call_id, action, commitment=one.commitment_id, member=one.member_id,
               asset=one.asset_id, need=one.need, amount=one.amount, unit=one.unit,
               starts=one.starts.isoformat(), ends=_day(one.ends), reason=reason)  # fmt: skip
    refresh_progress(change, one.call_id)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
