"""What a member is asked for, or offers: from a plan, or by hand; checked, and what it holds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from triplehelix.ally.alliance import Alliance, Contribution
from triplehelix.ally.call import Need
from triplehelix.app.calls.amounts import held_of
from triplehelix.app.calls.records import needs_shown
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import InputError
from triplehelix.registry.commitments import Asked, Commitment
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.sight import Sight


@dataclass(frozen=True, slots=True)
class ByHand:
    """
    An asset for a need, without a plan: so much from a day on, in the need's unit.

    `amount` is None where the need is met by yes or no, `ends` where it is for good.
    """

    need: str
    asset_id: str
    capacity_id: str | None
    amount: float | None
    starts: date
    ends: date | None = None


def chosen(alliance: Alliance, only: Collection[str]) -> list[Contribution]:
    """
    Contributions of an alliance that are of these members or assets; all, where none is named.

    Raises
    ------
    InputError
        If one of them gives nothing in it.
    """
    there = {one.member for one in alliance.contributions}
    there |= {one.asset for one in alliance.contributions}
    strange = sorted(set(only) - there)
    if strange:
        raise InputError(f"{strange[0]!r} gives nothing in this proposal; choose of those that do")
    return [
        one for one in alliance.contributions
        if not only or one.member in only or one.asset in only
    ]  # fmt: skip


def asked_of(
    sight: Sight, alliance: Alliance, one: Contribution, capabilities: Capabilities
) -> Asked:
    """What a member is asked for when it is invited to give what an alliance has it give."""
    need = next(each for each in alliance.call.needs if each.need == one.need)
    amount = one.amount if need.amount is not None else None
    return _of(sight, capabilities, need, (one.member, one.asset, one.capacity),
               (amount, one.starts, one.ends))  # fmt: skip


def asked_by_hand(sight: Sight, call_id: str, capabilities: Capabilities, given: ByHand) -> Asked:
    """
    What is asked for, or offered, by hand.

    Raises
    ------
    InputError
        If the call has no such need, or the amount or the days make no sense.
    UnknownName
    """
    call = needs_shown(sight.record("call", call_id))
    found = next((one for one in call.needs if one.need == given.need), None)
    if found is None:
        names = ", ".join(one.need for one in call.needs)
        raise InputError(f"the call has no need {given.need[:80]!r}; give one of {names}")
    asset = sight.record("asset", given.asset_id)
    member = asset.member_id or asset.network_id
    if member is None:
        raise InputError("nobody holds this asset whom you could ask; choose another")
    if (given.amount is None) != (found.amount is None):
        words = f"an amount in {found.unit}" if found.amount is not None else "no amount"
        raise InputError(f"the need {given.need!r} is met by {words}; give it so")
    _require_sound(given.amount, given.starts, given.ends)
    return _of(sight, capabilities, found, (member, given.asset_id, given.capacity_id),
               (given.amount, given.starts, given.ends))  # fmt: skip


def _of(
    sight: Sight, capabilities: Capabilities, need: Need, whose: tuple[str, str, str | None],
    said: tuple[float | None, date, date | None],
) -> Asked:  # fmt: skip
    (member, asset, capacity), (amount, starts, ends) = whose, said
    fields = _capacity_fields(sight, asset, capacity)
    held = held_of(capabilities, fields, amount, need.unit, starts=starts, ends=ends)
    return Asked(need.need, need.capability, member, asset, capacity, amount, need.unit, held,
                 starts, ends)  # fmt: skip


def said_anew(
    change: Change, before: Commitment, capabilities: Capabilities, amount: float | None,
    days: tuple[date, date | None],
) -> Asked:  # fmt: skip
    """
    What is said now, in the place of what was said before.

    Raises
    ------
    InputError
        If the amount or the days make no sense, or the need is met by yes or no.
    """
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
