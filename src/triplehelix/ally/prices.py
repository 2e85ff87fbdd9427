"""What one unit of a need would cost from an offer, where the asset's price tells."""

from dataclasses import dataclass

import numpy as np

from triplehelix.ally.asked import Asked
from triplehelix.ally.call import Rules
from triplehelix.ally.offers import Floats, Ints, Offer, Offers
from triplehelix.capabilities.listed import Capabilities, Unit
from triplehelix.capabilities.units import one_word, periods
from triplehelix.errors import InputError


@dataclass(frozen=True, slots=True)
class Prices:
    """
    The prices of offers in the currency of a call.

    `currency` is the one the rules name, else the only one among the offers; None where there
    are several: then no price counts, and `unclear` names them.
    """

    offers: Offers
    capabilities: Capabilities
    rules: Rules
    currency: str | None
    unclear: tuple[str, ...] = ()

    def of(self, asked: Asked, rows: Ints, factor: Floats) -> Floats:
        """
        The price of one unit of the need over its period, shape (n_rows,); NaN where not stated.

        A price for a unit that converts to the need's is paid for each unit of a rate on each
        day, and once for what is there or is made. A price for a day is shared out by the part
        of the capacity that is used. Any other price is unknown.
        """
        prices = np.full(len(rows), np.nan)
        known: dict[tuple[str, str | None], float] = {}
        for n, i in enumerate(rows):
            one = self.offers.rows[i]
            price, counted = one.asset.price, one.asset.price_unit
            if price is None or one.asset.currency != self.currency:
                continue
            if counted == "day":
                prices[n] = price * _days(one, asked, float(factor[n]))
                continue
            key = one.capability, counted
            if key not in known:
                known[key] = self._units(one, asked)
            prices[n] = price * known[key]
        return prices

    def _units(self, one: Offer, asked: Asked) -> float:
        """How many of the asset's price units one unit of the need takes."""
        counted = one_word(one.asset.price_unit or "")
        if not counted or asked.unit is None:
            return np.nan
        try:
            each = self.capabilities.convert(
                one.capability, 1.0, Unit(asked.unit.unit), Unit(counted)
            )
        except InputError:
            return np.nan
        return each * (asked.days * periods(asked.unit.per, "day") if asked.unit.per else 1.0)


def prices_of(offers: Offers, capabilities: Capabilities, rules: Rules) -> Prices:
    """The prices of offers, in the one currency that the call counts in."""
    stated = sorted(
        {
            one.asset.currency
            for one in offers.rows
            if one.asset.price is not None and one.asset.currency
        }
    )
    if rules.currency or len(stated) <= 1:
        only = stated[0] if stated else None
        return Prices(offers, capabilities, rules, rules.currency or only)
    return Prices(offers, capabilities, rules, None, tuple(stated))


def assumed_price(asked: Asked, rules: Rules) -> float:
    """What one unit of a need over its period is taken to cost where no price is stated."""
    per = asked.unit.per if asked.unit else None
    return rules.unknown_price * (asked.days * periods(per, "day") if per else 1.0)


def _days(one: Offer, asked: Asked, factor: float) -> float:
    """How many days of the whole capacity one unit of the need takes."""
    if asked.kind == "whole":
        return float(asked.days)
    if not one.capacity or not one.amount * factor > 0:
        return np.nan
    if asked.kind == "in_all":
        return 1.0 / (one.amount * factor) if one.capacity.per else np.nan
    return asked.days / (one.amount * factor)
