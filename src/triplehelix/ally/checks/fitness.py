"""Whether an asset, with one of its capacities, may serve a need at all, and from which day."""

from datetime import date, timedelta
from math import asin, cos, radians, sin, sqrt

from triplehelix.ally.assets import Asset, Capacity
from triplehelix.ally.call import Need
from triplehelix.ally.checks.case import Case, Problems
from triplehelix.ally.free import worth
from triplehelix.errors import InputError

# Mean radius of the Earth (IUGG, R1).
_RADIUS_KM = 6371.0088
_CONTAINED = ("bsl1", "bsl2", "bsl3", "bsl4")


def unfit(case: Case, need: Need, asset: Asset, capacity: Capacity | None) -> Problems:
    """Each condition of a need and of the call that an asset does not keep, in words."""
    yield from _what_it_can(case, need, asset, capacity)
    yield from _whether_it_counts(case, asset, capacity)
    yield from _conditions(need, asset, capacity)
    yield from _where(case, need, asset)


def ready_on(case: Case, capacity: Capacity | None, *, surge: bool = False) -> date:
    """The first day on which a capacity can start, as stated or as the rules assume."""
    leads = [None if capacity is None else capacity.lead_days]
    if surge and capacity is not None:
        leads.append(capacity.surge_lead_days)
    waits = [case.rules.unknown_lead_days if one is None else one for one in leads]
    ready = case.as_of + timedelta(days=round(max(waits)))
    return max(ready, capacity.starts) if capacity and capacity.starts else ready


def km_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """
    Great-circle distance of two places (degrees), by the haversine.

    Examples
    --------
    >>> round(km_between((0, 0), (0, 90)), 1)  # a quarter of the equator
    10007.6
    """
    (lat, lon), (other_lat, other_lon) = (tuple(map(radians, place)) for place in (a, b))
    half = sin((other_lat - lat) / 2) ** 2
    half += cos(lat) * cos(other_lat) * sin((other_lon - lon) / 2) ** 2
    return 2 * _RADIUS_KM * asin(min(1.0, sqrt(half)))


def km_to(case: Case, need: Need, asset: Asset) -> float | None:
    """From the need's place, else the call's, to an asset; None where one is unknown."""
    place = need.place or case.alliance.call.place
    if place is None or asset.lat is None or asset.lon is None:
        return None
    return km_between((place.lat, place.lon), (asset.lat, asset.lon))


def same_words(text: str) -> str:
    """A name without case and signs: `ISO 15189` is `iso-15189`."""
    return "".join(sign for sign in text.lower() if sign.isascii() and sign.isalnum())


def _what_it_can(case: Case, need: Need, asset: Asset, capacity: Capacity | None) -> Problems:
    kinds = set(case.capabilities.narrower(need.capability))
    if capacity is None:
        can = kinds & {*asset.capabilities, *(one.capability for one in asset.capacities)}
        if not can:
            yield f"it does not have {need.capability}"
        if need.amount is not None:
            yield "an amount is asked for, and no capacity is named"
        return
    if capacity not in asset.capacities:
        yield f"the capacity {capacity.capacity} is not its own"
    if capacity.capability not in kinds:
        yield f"{capacity.capability} is neither {need.capability} nor a kind of it"
        return
    try:
        worth(need, capacity, case.capabilities)
    except InputError as err:
        yield str(err)


def _whether_it_counts(case: Case, asset: Asset, capacity: Capacity | None) -> Problems:
    rules = case.rules
    if asset.status == "closed" and not rules.closed:
        yield "it is closed"
    if asset.status == "planned" and "planned" not in rules.states:
        yield "it is only planned"
    if asset.status not in ("active", "closed", "planned") and "stated" not in rules.states:
        yield f"it is {asset.status}"
    if capacity is not None and capacity.state not in rules.states:
        yield f"its capacity is {capacity.state}, and the rules count {', '.join(rules.states)}"
    if rules.access and (asset.who or "").casefold() not in {w.casefold() for w in rules.access}:
        yield f"its terms are for {asset.who or 'nobody named'}, not {', '.join(rules.access)}"


def _conditions(need: Need, asset: Asset, capacity: Capacity | None) -> Problems:
    if need.containment:
        stated = [capacity.containment] if capacity is not None else []
        levels = [int(one[-1]) for one in stated if one]
        levels += [int(tag[-1]) for tag in asset.capabilities if tag in _CONTAINED]
        if max(levels, default=0) < int(need.containment[-1]):
            yield f"{need.containment} is not stated of it"
    told = {same_words(one) for one in asset.capabilities}
    told |= {same_words(one) for one in (capacity.accreditations if capacity else ())}
    for name in need.accreditations:
        if same_words(name) not in told:
            yield f"the accreditation {name} is not stated of it"


def _where(case: Case, need: Need, asset: Asset) -> Problems:
    holder = case.members.get(asset.member)
    country = asset.country or (holder.country if holder else None)
    for among in (need.countries, case.rules.countries):
        if among and country not in among:
            yield f"it is in {country or 'no stated country'}, not in {', '.join(among)}"
    nation = asset.nation or (holder.nation if holder else None)
    if need.nations and not any(same_words(nation or "") == same_words(n) for n in need.nations):
        yield f"it is in {nation or 'no known nation'}, not in {', '.join(need.nations)}"
    if need.within_km is not None:
        km = km_to(case, need, asset)
        if km is None:
            yield "no distance is known, and the need has a travel limit"
        elif km > need.within_km * (1 + 1e-6):
            yield f"it is {km:,.1f} km away, more than {need.within_km:g} km"
