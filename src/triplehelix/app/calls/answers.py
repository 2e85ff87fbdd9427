"""A call put again around what members have answered."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from triplehelix.ally.assets import Asset, Capacity, Landscape
from triplehelix.ally.call import Call, Fixed
from triplehelix.registry.commitments import OVER, Commitment, State


def around_answers(
    call: Call, landscape: Landscape, commitments: Sequence[Commitment]
) -> tuple[Call, Landscape, tuple[str, ...]]:
    """
    The call with what was accepted fixed and who declined left out, and why in words.

    What a member has offered or countered with is the most that its capacity gives, on the days
    that it said. What is fixed and not to be seen any more cannot be kept: that is said too.
    """
    there = {asset.asset for asset in landscape.assets}
    accepted = [one for one in commitments if one.state == State.ACCEPTED]
    kept = [one for one in accepted if one.asset_id in there]
    refused = _refused(commitments, {one.asset_id for one in accepted})
    limited = {
        one.capacity_id: one for one in commitments
        if one.by == "member" and one.held and one.state in (State.OFFERED, State.COUNTERED)
    }  # fmt: skip
    counts = {
        "accepted and kept": len(kept),
        "declined or withdrawn, and so left out": len(refused),
        "counted as far as their members have offered them": len(limited),
        "accepted, but shown no more, and so not counted": len(accepted) - len(kept),
    }
    said = [f"Of earlier answers, {what}: {n}." for what, n in counts.items() if n]
    assets = [
        replace(asset, capacities=tuple(
            _limited(one, limited.get(one.capacity)) for one in asset.capacities))
        for asset in landscape.assets if asset.asset not in refused
    ]  # fmt: skip
    return _fixed(call, kept), _with(landscape, assets), tuple(said)


def _refused(commitments: Sequence[Commitment], accepted: set[str]) -> set[str]:
    """Assets whose last word, on everything they were asked for, was no."""
    last: dict[str, list[str]] = {}
    for one in commitments:
        last.setdefault(one.asset_id, []).append(one.state)
    over = {str(state) for state in OVER}
    return {asset for asset, states in last.items() if set(states) <= over} - accepted


def _fixed(call: Call, kept: Sequence[Commitment]) -> Call:
    needs = {need.need for need in call.needs}
    amounts: dict[tuple[str, str], float | None] = {}
    for one in kept:
        if one.need in needs:
            before = amounts.get((one.need, one.asset_id))
            # Of one asset over several stretches of days, the most it gives on any day.
            given = [each for each in (before, one.amount) if each is not None]
            amounts[one.need, one.asset_id] = max(given, default=None)
    others = [one for one in call.rules.fixed if (one.need, one.asset) not in amounts]
    fixed = [Fixed(need=need, asset=asset, amount=amount)
             for (need, asset), amount in sorted(amounts.items())]  # fmt: skip
    rules = call.rules.model_copy(update={"fixed": (*others, *fixed)})
    return call.model_copy(update={"rules": rules})


def _limited(capacity: Capacity, said: Commitment | None) -> Capacity:
    if said is None or said.held is None:
        return capacity
    starts = max(said.starts, capacity.starts or date.min)
    ends = min(said.ends or date.max, capacity.ends or date.max)
    return replace(
        capacity, amount=min(capacity.amount, said.held), surge_amount=None, surge_lead_days=None,
        starts=starts, ends=None if ends == date.max else ends,
        # What is held for this call stands among the promises of its holder.
        promised=tuple(each for each in capacity.promised
                       if (each.amount, each.starts, each.ends)
                       != (said.held, said.starts, said.ends)),
    )  # fmt: skip


def _with(landscape: Landscape, assets: Sequence[Asset]) -> Landscape:
    return replace(landscape, assets=tuple(assets))
