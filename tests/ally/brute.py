"""
An oracle: every subset of members, and for each a linear programme straight from the facts.

It knows one period, needs of amounts and of yes or no, and shares no code with the model.
"""

from itertools import combinations

import numpy as np
from scipy.optimize import linprog

from triplehelix.ally.assets import Asset, Landscape
from triplehelix.ally.call import Call, Need
from triplehelix.sphere import distance_km

KINDS = {"testing": {"testing", "pcr"}, "pcr": {"pcr"}, "beds": {"beds"}, "design": {"design"}}
IN_TESTS_A_DAY = {
    ("tests", "day"): 1.0,
    ("samples", "day"): 1.0,
    ("tests", "week"): 1 / 7,
    ("beds", None): 1.0,
}


def best(call: Call, landscape: Landscape) -> float | None:
    """The least objective over all subsets of members; None where no alliance is allowed."""
    names = [one.member for one in landscape.members]
    values = [
        value
        for n in range(len(names) + 1)
        for chosen in combinations(names, n)
        if (value := _of(call, landscape, set(chosen))) is not None
    ]
    return min(values, default=None)


def _of(call: Call, landscape: Landscape, chosen: set[str]) -> float | None:
    rules, weights = call.rules, call.weights
    facts = {one.member: one for one in landscape.members}
    if not _allowed(call, facts, chosen):
        return None
    pairs = [
        (n, a)
        for n, need in enumerate(call.needs)
        for a, one in enumerate(landscape.assets)
        if one.member in chosen and _serves(need, one, call)
    ]
    givers = {landscape.assets[a].member for _, a in pairs}
    if chosen - set(rules.include) - givers:
        return None
    alone = 0
    known = {frozenset(pair) for pair, times in landscape.familiar.items() if times}
    if known:
        alone = sum(not any(frozenset((m, o)) in known for o in chosen - {m}) for m in chosen)
    fixed = weights.partners * len(chosen) + weights.unfamiliarity * alone
    cost, upper, rows, limits = [], [], [], []
    for n, a in pairs:
        need, one = call.needs[n], landscape.assets[a]
        asked = need.amount or 1.0
        price = one.price if one.price is not None else rules.unknown_price
        money = price * asked * _times(need, call)
        lead = one.capacities[0].lead_days if one.capacities else rules.unknown_lead_days
        lead = rules.unknown_lead_days if lead is None else lead
        km = (
            round(float(distance_km(one.lat, one.lon, call.place.lat, call.place.lon)), 6)
            if call.place
            else 0.0
        )
        cost.append(
            (weights.cost * money + weights.lead_days * lead + weights.travel_km * km) / asked
        )
        most = asked if need.amount is None else min(asked, _amount(one))
        for cap in rules.member_caps:
            if need.amount and cap.share:
                most = min(most, cap.share * asked)
        upper.append(most)
    for n, need in enumerate(call.needs):
        rows.append([-1.0 * (m == n) for m, _ in pairs])
        limits.append(-(need.amount or 1.0))
        for cap in rules.member_caps:
            for member in chosen if need.amount and cap.share else ():
                rows.append(
                    [1.0 * (m == n and landscape.assets[a].member == member) for m, a in pairs]
                )
                limits.append(cap.share * need.amount)
    for a, one in enumerate(landscape.assets):
        if one.capacities:
            rows.append([1.0 * (b == a and call.needs[n].amount is not None) for n, b in pairs])
            limits.append(_amount(one))
    if rules.budget is not None:
        rows.append(
            [(landscape.assets[a].price or 0.0) * _times(call.needs[n], call) for n, a in pairs]
        )
        limits.append(rules.budget)
    if rules.helices or rules.spread or known:
        for member in chosen - set(rules.include):
            share = [
                (landscape.assets[a].member == member) / (call.needs[n].amount or 1.0)
                for n, a in pairs
            ]
            gives = [s * u for s, u in zip(share, upper, strict=True)]
            if member in givers:
                rows.append([-s for s in share])
                limits.append(-min(0.01, max(gives)))
    if not pairs:
        return None
    told = linprog(cost, np.array(rows), np.array(limits), bounds=[(0, u) for u in upper])
    return fixed + told.fun if told.status == 0 else None


def _allowed(call: Call, facts: dict, chosen: set[str]) -> bool:
    rules = call.rules
    if not set(rules.include) <= chosen or chosen & set(rules.exclude):
        return False
    if rules.most_partners is not None and len(chosen) > rules.most_partners:
        return False
    if any(len(chosen & set(group)) > 1 for group in rules.never_together):
        return False
    for helix, least in rules.helices.items():
        if sum(facts[m].helix == helix for m in chosen) < least:
            return False
    return all(
        len({getattr(facts[m], one.of) for m in chosen} - {None, "unknown"}) >= one.at_least
        for one in rules.spread
    )


def _serves(need: Need, one: Asset, call: Call) -> bool:
    if not KINDS[need.capability] & set(one.capabilities):
        return False
    if one.country is not None and call.rules.countries and one.country not in call.rules.countries:
        return False
    if need.within_km is not None:
        km = float(distance_km(one.lat, one.lon, call.place.lat, call.place.lon))
        if km > need.within_km:
            return False
    if need.amount is None:
        return not one.capacities or _amount(one) > 0
    lead = one.capacities[0].lead_days if one.capacities else None
    lead = call.rules.unknown_lead_days if lead is None else lead
    on_time = need.by is None or need.by.toordinal() >= call.as_of.toordinal() + lead
    return bool(one.capacities) and on_time and _amount(one) > 0


def _amount(one: Asset) -> float:
    first = one.capacities[0]
    return first.amount * IN_TESTS_A_DAY[first.unit, first.per]


def _times(need: Need, call: Call) -> float:
    """How often one unit of a need is paid: a rate on each day, of the first 30; a count once."""
    if need.amount is None or need.unit == "beds":
        return 1.0
    if need.until is None:
        return call.rules.priced_days
    return (need.until - need.by).days + 1
