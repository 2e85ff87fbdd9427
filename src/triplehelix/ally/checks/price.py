"""What a contribution costs by its asset's stated price, worked out from the published formulas."""

from triplehelix.ally.alliance import Contribution
from triplehelix.ally.checks.case import Case, Period
from triplehelix.ally.free import worth
from triplehelix.capabilities.listed import Unit, read_unit
from triplehelix.errors import InputError

_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}


def cost_of(case: Case, one: Contribution) -> float | None:
    """
    What a contribution costs over the days its need is measured; None where no price counts.

    A price for a unit is paid for each unit on each of its days, or once where things are made or
    stand there; a price for a day is shared by the part of the capacity that is used.
    """
    asset, period = case.assets[one.asset], case.periods[one.need]
    if asset.price is None or case.currency is None or asset.currency != case.currency:
        return None
    measure = _days_of_the_whole(case, one) if asset.price_unit == "day" else _units(case, one)
    return None if measure is None else asset.price * measure * period.share(one) * period.amount


def assumed_cost(case: Case, one: Contribution) -> float:
    """What a contribution is taken to cost where no price is stated."""
    period = case.periods[one.need]
    days = _paid_days(period)
    return case.rules.unknown_price * days * period.share(one) * period.amount


def _paid_days(period: Period) -> float:
    per = read_unit(period.need.unit).per if period.need.unit else None
    return period.days / _DAYS[per] if per else 1.0


def _units(case: Case, one: Contribution) -> float | None:
    """How many of the price's units one unit of the need takes over its days."""
    asset, period = case.assets[one.asset], case.periods[one.need]
    if not asset.price_unit or period.need.unit is None:
        return None
    capacity = next((c for c in asset.capacities if c.capacity == one.capacity), None)
    slug = capacity.capability if capacity else period.need.capability
    given, wanted = Unit(read_unit(period.need.unit).unit), Unit(asset.price_unit)
    try:
        return case.capabilities.convert(slug, 1.0, given, wanted) * _paid_days(period)
    except InputError:
        return None


def _days_of_the_whole(case: Case, one: Contribution) -> float | None:
    """How many days of the whole capacity one unit of the need takes."""
    period = case.periods[one.need]
    if period.kind == "whole":
        return float(period.days)
    capacity = next(
        (c for c in case.assets[one.asset].capacities if c.capacity == one.capacity), None
    )
    if capacity is None or (period.kind == "in_all" and not capacity.per):
        return None
    whole = capacity.amount * worth(period.need, capacity, case.capabilities)
    if not whole > 0:
        return None
    return (1.0 if period.kind == "in_all" else float(period.days)) / whole
