"""From what a solver chose back to words of the call: who gives what, from when to when."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from triplehelix.ally.alliance import Contribution, Coverage
from triplehelix.ally.asked import FOREVER, Asked, day
from triplehelix.ally.demands import FREELY, Demand
from triplehelix.ally.model import Model
from triplehelix.ally.offers import Floats, Offer
from triplehelix.optimise.pooling import Pooled

# Amounts are given to this many decimals of their unit.
DECIMALS = 6


def contributions_of(model: Model, pooled: Pooled) -> tuple[Contribution, ...]:
    """Every amount above zero, by need, first day and asset; equal ones that follow are joined."""
    parts = model.parts
    question, laid = parts.question, parts.laid
    found = []
    for a in np.flatnonzero(pooled.amount > 0):
        demand = laid.demands[laid.demand[a]]
        amount = round(float(pooled.amount[a]) * demand.per_volume, DECIMALS)
        if amount > 0:
            found.append(_contribution(model, int(a), demand, amount))
    by_days = {one.need.need: one for one in question.asked if one.kind == "level"}
    place = {one.need.need: n for n, one in enumerate(question.asked)}
    joined = [*_joined([one for one in found if one.need in by_days], by_days)]
    joined += [one for one in found if one.need not in by_days]
    return tuple(sorted(joined, key=lambda one: (
        place[one.need], one.starts, one.asset, one.member, one.capacity or "", one.surge,
        one.ends or one.starts.max,
    )))  # fmt: skip


def _contribution(model: Model, a: int, demand: Demand, amount: float) -> Contribution:
    question, laid = model.parts.question, model.parts.laid
    one, asked = question.candidates[demand.n], question.asked[demand.n]
    offer, k = question.offers.rows[laid.row[a]], int(laid.found[a])
    first, last = _days(model, a, demand, offer)
    price, km = float(one.price[k]), float(one.km[k])
    portion = asked.portion(amount, first, last)
    return Contribution(
        need=asked.need.need, asset=offer.asset.asset, member=offer.member,
        capacity=offer.capacity.capacity if offer.capacity else None, amount=amount,
        starts=day(first) or question.as_of, ends=day(last),
        ready=day(max(offer.ready, offer.first)) or question.as_of,
        lead_days=float(max(offer.ready, offer.first) - question.as_of.toordinal()),
        cost=None if np.isnan(price) else round(price * asked.amount * portion, DECIMALS),
        km=None if np.isnan(km) else round(km, 6), surge=offer.surge,
    )  # fmt: skip


def _days(model: Model, a: int, demand: Demand, offer: Offer) -> tuple[int, int]:
    asked, laid = model.parts.question.asked[demand.n], model.parts.laid
    ready, number = max(offer.ready, offer.first), int(laid.supply[a])
    if demand.stretch:
        return demand.stretch.first, demand.stretch.last
    if asked.kind == "in_all":
        stretch = laid.stretches[number] if number >= 0 else None
        start = max(ready, stretch.first) if stretch else ready
        return start, min(asked.last, offer.last, stretch.last if stretch else FOREVER)
    return asked.first if asked.dated else max(ready, _today(model)), asked.last


def _today(model: Model) -> int:
    return model.parts.question.as_of.toordinal()


def _joined(
    found: Iterable[Contribution], needs: dict[str, Asked]
) -> Iterator[Contribution]:  # fmt: skip
    """Contributions of the same amount on stretches that follow each other, as one."""
    series: dict[tuple[object, ...], list[Contribution]] = defaultdict(list)
    for one in sorted(found, key=lambda one: one.starts):
        key = one.need, one.asset, one.member, one.capacity, one.surge
        before = series[key][-1] if series[key] else None
        if before and before.ends and before.amount == one.amount and _follows(before, one):
            cost = None if before.cost is None or one.cost is None else before.cost + one.cost
            series[key][-1] = replace(before, ends=one.ends, cost=cost)
        else:
            series[key].append(one)
    for each in series.values():
        yield from each


def _follows(before: Contribution, one: Contribution) -> bool:
    return before.ends is not None and one.starts.toordinal() == before.ends.toordinal() + 1


def coverage_of(model: Model, pooled: Pooled) -> tuple[Coverage, ...]:
    """How each need is met on its weakest day, and what its partners could give beyond."""
    parts = model.parts
    given = np.zeros(len(parts.laid.demands))
    np.add.at(given, parts.laid.demand, pooled.amount)
    could = _could_give(model, pooled)
    by_need: dict[int, list[int]] = defaultdict(list)
    for d, demand in enumerate(parts.laid.demands):
        by_need[demand.n].append(d)
    return tuple(
        _coverage(model, asked, by_need.get(n, []), given, could)
        for n, asked in enumerate(parts.question.asked)
    )


def _coverage(
    model: Model, asked: Asked, demands: Sequence[int], given: Floats, could: Floats
) -> Coverage:  # fmt: skip
    laid = model.parts.laid.demands
    amounts = [round(float(given[d]) * laid[d].per_volume, DECIMALS) for d in demands]
    least = min(amounts, default=0.0)
    weakest = laid[demands[amounts.index(least)]] if demands else None
    most = min((float(could[d]) * laid[d].per_volume for d in demands), default=0.0)
    missing = max(0.0, asked.amount - least)
    first = weakest.stretch.first if weakest and weakest.stretch else asked.first
    return Coverage(
        need=asked.need.need, asked=asked.amount, unit=asked.unit.text if asked.unit else None,
        given=least, missing=0.0 if missing <= 1e-6 * asked.amount else round(missing, DECIMALS),
        to_spare=round(max(0.0, most - asked.amount), DECIMALS),
        weakest_day=day(asked.last if asked.kind == "in_all" else first),
    )  # fmt: skip


def could_give(model: Model, pooled: Pooled) -> dict[str, float]:
    """What the partners of a plan could give each need on its weakest day, in the need's unit."""
    could, asked = _could_give(model, pooled), model.parts.question.asked
    found: dict[str, float] = {}
    for d, one in enumerate(model.parts.laid.demands):
        name, much = asked[one.n].need.need, round(float(could[d]) * one.per_volume, DECIMALS)
        found[name] = min(much, found.get(name, much))
    return found


def _could_give(model: Model, pooled: Pooled) -> Floats:
    """What the partners' free capacity could give each demand, beside what others take of it."""
    parts = model.parts
    laid, of_arc = parts.laid, model.pooling.arc_supply
    used = np.zeros(len(model.pooling.capacity))
    np.add.at(used, of_arc, pooled.amount)
    left = np.where(laid.supply == FREELY, 1.0, laid.free - used[of_arc] + pooled.amount)
    brought = np.isin(parts.owner, np.array(pooled.partners, np.int64))
    could = np.zeros(len(laid.demands))
    np.add.at(could, laid.demand[brought], np.maximum(0.0, left)[brought])
    return could


def unmet_of(model: Model, pooled: Pooled) -> dict[str, float]:
    """The share of each need that is missing, over the days its measures are taken over."""
    parts = model.parts
    given = np.zeros(len(parts.laid.demands))
    np.add.at(given, parts.laid.demand, pooled.amount)
    unmet: dict[str, float] = dict.fromkeys((one.need.need for one in parts.question.asked), 0.0)
    for d, one in enumerate(parts.laid.demands):
        short = max(0.0, one.volume - float(given[d]))
        if short > 1e-7 * one.volume:
            unmet[parts.question.asked[one.n].need.need] += short * one.portion
    return unmet
