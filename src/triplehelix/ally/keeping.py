"""What was agreed before, found again among the arcs of a new model."""

from collections.abc import Collection

import numpy as np

from triplehelix.ally.alliance import Alliance, Contribution
from triplehelix.ally.asked import FOREVER
from triplehelix.ally.model import Model
from triplehelix.ally.offers import Floats


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
    given = {one.asset for one in alliance.contributions}
    theirs = [i for i in np.unique(parts.laid.row) if rows[i].asset.asset in given]
    for a in np.flatnonzero(np.isin(parts.laid.row, theirs)).tolist():
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
