"""What was agreed before, found again among the arcs of a new model."""

from collections.abc import Collection

import numpy as np

from triplehelix.ally.alliance import Alliance, Contribution
from triplehelix.ally.asked import FOREVER
from triplehelix.ally.model import Model
from triplehelix.ally.offers import Floats, Ints


def agreed(model: Model, alliance: Alliance, losses: Collection[str]) -> Floats:
    """
    The volume that each arc carried in an earlier alliance, losses left out; shape (n_arcs,).

    A contribution over several stretches counts on each of them, as far as the asset still has
    so much there.
    """
    parts = model.parts
    kept = np.zeros(len(parts.laid.row))
    by_key: dict[tuple[object, ...], list[int]] = {}
    rows = parts.question.offers.rows
    for a in _possible(model, alliance).tolist():
        offer = rows[parts.laid.row[a]]
        need = parts.question.asked[parts.need[a]].need.need
        capacity = offer.capacity.capacity if offer.capacity else None
        key = need, offer.asset.asset, offer.member, capacity, offer.surge
        by_key.setdefault(key, []).append(a)
    for one in alliance.contributions:
        if one.member in losses or one.asset in losses:
            continue
        key = one.need, one.asset, one.member, one.capacity, one.surge
        for a in by_key.get(key, ()):
            kept[a] += _volume(model, a, one)
    return np.asarray(np.minimum(kept, model.pooling.arc_most))


def _possible(model: Model, alliance: Alliance) -> Ints:
    """The arcs of a need and an asset that the alliance has together."""
    parts, offers = model.parts, model.parts.question.offers
    needs = {one.need.need: n for n, one in enumerate(parts.question.asked)}
    given = {one.asset for one in alliance.contributions}
    number = {
        one.asset.asset: int(offers.asset_no[i])
        for i, one in enumerate(offers.rows)
        if one.asset.asset in given
    }
    pairs = [
        number[one.asset] * len(needs) + needs[one.need]
        for one in alliance.contributions
        if one.asset in number and one.need in needs
    ]
    of_arc = offers.asset_no[parts.laid.row] * len(needs) + parts.need
    return np.flatnonzero(np.isin(of_arc, np.array(pairs, np.int64)))


def _volume(model: Model, a: int, one: Contribution) -> float:
    laid = model.parts.laid
    demand, number = laid.demands[laid.demand[a]], int(laid.supply[a])
    first, last = one.starts.toordinal(), one.ends.toordinal() if one.ends else FOREVER
    stretch = demand.stretch or (laid.stretches[number] if number >= 0 else None)
    if stretch is None:
        return float(one.amount / demand.per_volume)
    shared = min(last, stretch.last) - max(first, stretch.first) + 1
    if shared <= 0:
        return 0.0
    if demand.stretch is None:
        # Things made over the days of the contribution, the part of this stretch.
        return float(one.amount / demand.per_volume * min(1.0, shared / (last - first + 1)))
    # On a stretch that it covers in part it is kept where it covers all of it.
    whole = first <= stretch.first and last >= stretch.last
    return float(one.amount / demand.per_volume) if whole else 0.0
