"""Caps per member: at most so much of a need, or such a share of it, from one of them."""

import numpy as np

from triplehelix.ally.asked import Asked
from triplehelix.ally.call import MemberCap
from triplehelix.ally.offers import Floats
from triplehelix.ally.parts import Parts
from triplehelix.capabilities.listed import Capabilities, Unit, read_unit
from triplehelix.errors import InputError
from triplehelix.optimise.pooling import Row


def capped(parts: Parts) -> tuple[Floats, list[Row]]:
    """
    The most of each arc under the caps, and rows where one member has several arcs to a demand.

    Raises
    ------
    InputError
        If a cap's unit converts to that of no need it is about.
    """
    question = parts.question
    most, rows = parts.most.copy(), list[Row]()
    for cap in question.call.rules.member_caps:
        limits = {
            n: limit for n, one in enumerate(question.asked)
            if (limit := _limit(cap, one, question.capabilities)) is not None
        }  # fmt: skip
        if not limits and cap.amount is not None:
            raise InputError(
                f"member_caps: {cap.amount:g} {cap.unit or ''} fits no need that has an amount; "
                "name a need, or give the cap in a unit that converts to its own"
            )
        for d, demand in enumerate(parts.laid.demands):
            if demand.n in limits:
                _hold(parts, most, rows, d, limits[demand.n] / demand.per_volume)
    return most, rows


def _limit(cap: MemberCap, asked: Asked, capabilities: Capabilities) -> float | None:
    """The most from one member in the need's unit; None where the cap is not about the need."""
    if asked.unit is None or cap.need not in (None, asked.need.need):
        return None
    limits = [] if cap.share is None else [cap.share * asked.amount]
    if cap.amount is not None:
        given = read_unit(cap.unit) if cap.unit else asked.unit
        limits += _converted(cap.amount, given, asked, capabilities)
    return min(limits, default=None)


def _converted(
    amount: float, given: Unit, asked: Asked, capabilities: Capabilities
) -> list[float]:  # fmt: skip
    assert asked.unit is not None
    try:
        return [capabilities.convert(asked.need.capability, amount, given, asked.unit)]
    except InputError:
        return []


def _hold(parts: Parts, most: Floats, rows: list[Row], d: int, limit: float) -> None:
    arcs = np.flatnonzero(parts.laid.demand == d)
    most[arcs] = np.minimum(most[arcs], limit)
    owners, times = np.unique(parts.owner[arcs], return_counts=True)
    for p in owners[times > 1]:
        those = arcs[parts.owner[arcs] == p]
        if most[those].sum() > limit:
            over = dict.fromkeys(those.tolist(), 1.0)
            rows.append(Row(f"member_caps {parts.partners[p]}", high=limit, arcs=over))
