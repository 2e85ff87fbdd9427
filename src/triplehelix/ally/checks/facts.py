"""Whether each contribution is what the landscape tells: its asset, days, distance and price."""

from datetime import timedelta
from math import isfinite

from triplehelix.ally.alliance import Contribution
from triplehelix.ally.assets import Asset, Capacity
from triplehelix.ally.checks.case import Case, Problems, near, titled
from triplehelix.ally.checks.fitness import km_to, ready_on, unfit
from triplehelix.ally.checks.price import cost_of

# Distances are told to the metre.
_NEAR_KM = 1e-3


def fact_problems(case: Case) -> Problems:
    """Each contribution that is not as the landscape tells, in words."""
    for one in case.alliance.contributions:
        for words in _of_one(case, one):
            yield f"{titled(one)}: {words}"


def _of_one(case: Case, one: Contribution) -> Problems:
    asset, period = case.assets.get(one.asset), case.periods.get(one.need)
    if asset is None or period is None:
        yield "no such asset may be seen" if asset is None else "the call has no such need"
        return
    if not (isfinite(one.amount) and one.amount > 0):
        yield f"an amount of {one.amount} is none"
    capacity = None
    if one.capacity is not None:
        capacity = next((c for c in asset.capacities if c.capacity == one.capacity), None)
        if capacity is None:
            yield f"it has no capacity {one.capacity}"
            return
    yield from unfit(case, period.need, asset, capacity)
    yield from _who(case, one, asset)
    yield from _days(case, one, capacity)
    yield from _measures(case, one, asset)


def _who(case: Case, one: Contribution, asset: Asset) -> Problems:
    if one.member not in case.members:
        yield f"its member {one.member} may not be seen"
    if asset.member not in case.held(one.member):
        yield f"it is {asset.member}'s, which is no part of {one.member}"
    for name in sorted({asset.asset, asset.member, one.member} & set(case.rules.exclude)):
        yield f"{name} is excluded"


def _days(case: Case, one: Contribution, capacity: Capacity | None) -> Problems:
    earliest = ready_on(case, capacity, surge=one.surge)
    if one.ready < earliest:
        yield f"it is said to be ready on {one.ready}, and cannot be before {earliest}"
    if one.starts < one.ready:
        yield f"it starts before it is ready ({one.ready})"
    if one.ends is not None and one.ends < one.starts:
        yield f"it ends on {one.ends}, before it starts"
    if not near(one.lead_days, (one.ready - case.as_of) / timedelta(days=1)):
        yield f"{one.lead_days:g} lead days from {case.as_of} are not its ready day {one.ready}"
    if capacity is not None and capacity.ends and (one.ends is None or one.ends > capacity.ends):
        yield f"its capacity ends on {capacity.ends}"
    if one.surge and capacity is not None:
        if not case.rules.surge:
            yield "the rules do not count surge amounts"
        if capacity.surge_amount is None:
            yield "it has no surge amount"


def _measures(case: Case, one: Contribution, asset: Asset) -> Problems:
    period = case.periods[one.need]
    km = km_to(case, period.need, asset)
    if (km is None) != (one.km is None):
        yield "its distance is told where it is unknown, or left out where it is known"
    elif km is not None and one.km is not None and not near(km, one.km, _NEAR_KM):
        yield f"it is {km:,.2f} km away, not {one.km:,.2f}"
    cost = cost_of(case, one)
    if (cost is None) != (one.cost is None):
        told, known = (
            "nothing" if value is None else f"{value:,.2f}" for value in (one.cost, cost)
        )
        yield f"a cost of {told} is told; the asset's price makes it {known}"
    elif cost is not None and one.cost is not None and not near(cost, one.cost, 1e-6):
        yield f"it costs {cost:,.2f}, not {one.cost:,.2f}"
