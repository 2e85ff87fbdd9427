"""Which assets have so much of a capability left on a day, as a viewer sees it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import or_, select

from triplehelix.capabilities.listed import Unit
from triplehelix.registry.capacity import Promise, most_promised
from triplehelix.store.registry.sight import Sight
from triplehelix.store.registry.tables import CAPACITIES, RECORDS, RESERVATIONS

# What stands in a source is shown as such; what is planned or past is nobody's to give.
_COUNTED = ("available", "stated")
_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
_ROUNDING = 1e-9


class Free(NamedTuple):
    """An asset's capacity with enough left: how much of its amount, in its own unit."""

    record_id: str
    capability: str
    left: float
    unit: Unit
    state: str


def free_on(
    sight: Sight, capabilities: Sequence[str], amount: float, unit: Unit | None, day: date
) -> dict[str, Free]:
    """
    The fullest capacity of each asset that has at least an amount left on a day.

    Reservations count that the viewer sees; who sees none is told what stands.

    Parameters
    ----------
    capabilities : any of these.
    amount : >= 0, in `unit`; capacities in the same unit for another period are converted.
    unit : None for any unit, the amount then as it stands.
    day : on which it is needed; a capacity whose lead time ends later is left out.
    """
    c = CAPACITIES.c
    asked = (
        select(CAPACITIES)
        .join(RECORDS, RECORDS.c.record_id == c.record_id)
        .where(c.capability.in_(capabilities), c.state.in_(_COUNTED), sight.seen(CAPACITIES),
               sight.seen(RECORDS), or_(c.starts.is_(None), c.starts <= day),
               or_(c.ends.is_(None), c.ends >= day))
        .order_by(c.record_id, c.capacity_id)
    )  # fmt: skip
    promised = _promised(sight, capabilities, day)
    found: dict[str, Free] = {}
    for row in sight.connection.execute(asked):
        own = Unit(row.unit, row.fields.get("per"))
        ratio = _ratio(own, unit)
        ready = sight.now.date() + timedelta(days=row.fields.get("lead_days", 0))
        left = row.amount - most_promised(promised.get(row.capacity_id, ()), day, day)
        if ratio is None or ready > max(day, sight.now.date()) or left * ratio < amount - _ROUNDING:
            continue
        if row.record_id not in found or left > found[row.record_id].left:
            found[row.record_id] = Free(row.record_id, row.capability, left, own, row.state)
    return found


def _ratio(own: Unit, asked: Unit | None) -> float | None:
    """What an amount in one unit is times in the other; None if they cannot be compared."""
    if asked is None or own == asked:
        return 1.0
    if own.unit.casefold() != asked.unit.casefold() or (own.per is None) != (asked.per is None):
        return None
    return _DAYS[asked.per or "day"] / _DAYS[own.per or "day"]


def _promised(sight: Sight, capabilities: Sequence[str], day: date) -> dict[str, list[Promise]]:
    r = RESERVATIONS.c
    asked = (
        select(RESERVATIONS)
        .join(CAPACITIES, CAPACITIES.c.capacity_id == r.capacity_id)
        .where(CAPACITIES.c.capability.in_(capabilities), r.released_at.is_(None), r.starts <= day,
               or_(r.ends.is_(None), r.ends >= day), sight.seen(RESERVATIONS))
        .order_by(r.reservation_id)
    )  # fmt: skip
    found: dict[str, list[Promise]] = {}
    for row in sight.connection.execute(asked):
        found.setdefault(row.capacity_id, []).append(Promise(row.amount, row.starts, row.ends))
    return found
