"""The days and amounts of an alliance: each contribution from the day it can first start."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from triplehelix.ally.alliance import Alliance, Contribution
from triplehelix.ally.assets import Landscape
from triplehelix.ally.call import Need
from triplehelix.ally.curves import Stretch
from triplehelix.ally.free import Known, in_all, known, worth
from triplehelix.ally.ramps import Use, ramps
from triplehelix.capabilities.listed import Capabilities


class Pair(NamedTuple):
    """A need and an asset that gives to it."""

    need: str
    asset: str


Plan = Mapping[Pair, tuple[Stretch, ...]]


def plan_of(
    alliance: Alliance, landscape: Landscape, capabilities: Capabilities, as_of: date
) -> Plan:
    """
    What each asset gives to each need, in the need's unit, ramping up as soon as it can.

    A need may ask for its amount from a later day than that on which a contribution is `ready`.
    Between the two the contribution already gives as much of its amount as is free; where several
    wait for one capacity, each gets the same share of its amount. Things made in all are made in
    the contribution's own days.
    """
    plan: dict[Pair, list[Stretch]] = defaultdict(list)
    for one in alliance.contributions:
        plan[Pair(one.need, one.asset)].append(Stretch(one.amount, one.starts, one.ends))
    here = known(landscape)
    for name, uses in _uses(alliance, here, capabilities).items():
        for one, ramp in ramps(uses, here.capacity(name), as_of):
            plan[Pair(one.need, one.asset)].append(ramp)
    return {pair: tuple(sorted(parts, key=_order)) for pair, parts in sorted(plan.items())}


def contributions_of(alliance: Alliance) -> dict[Pair, tuple[Contribution, ...]]:
    """The contributions of each need and asset, the earliest first."""
    found: dict[Pair, list[Contribution]] = defaultdict(list)
    for one in alliance.contributions:
        found[Pair(one.need, one.asset)].append(one)
    return {
        pair: tuple(sorted(parts, key=lambda one: (one.ready, one.starts, one.amount, one.surge)))
        for pair, parts in sorted(found.items())
    }


def day_one(alliance: Alliance, today: date) -> date:
    """
    The day that an alliance was looked at from.

    The call's `as_of`; without one the day from which its contributions count their lead days;
    without any, `today`.
    """
    if alliance.call.as_of is not None:
        return alliance.call.as_of
    return min(
        (one.ready - timedelta(days=round(one.lead_days)) for one in alliance.contributions),
        default=today,
    )


def _uses(
    alliance: Alliance, here: Known, capabilities: Capabilities
) -> dict[str | None, list[Use]]:
    """The contributions of each capacity that one waits for."""
    needs = {need.need: need for need in alliance.call.needs}
    waited = {one.capacity for one in alliance.contributions if one.ready < one.starts}
    found: dict[str | None, list[Use]] = defaultdict(list)
    for one in alliance.contributions:
        if one.capacity in waited:
            found[one.capacity].append(_use(one, needs[one.need], here, capabilities))
    return found


def _use(one: Contribution, need: Need, here: Known, capabilities: Capabilities) -> Use:
    capacity, made = here.capacity(one.capacity), in_all(need, capabilities)
    each = worth(need, capacity, capabilities) if capacity is not None else 1.0
    days = Stretch(one.amount, one.starts, one.ends).days if made else 1
    return Use(one, one.amount / (each * days), waits=not made and one.ready < one.starts)


def _order(one: Stretch) -> tuple[date, date, float]:
    return one.first, one.last or date.max, one.amount
