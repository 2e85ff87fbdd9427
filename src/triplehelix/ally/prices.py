"""What one unit of a need would cost from an offer, where the asset's price tells."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from triplehelix.ally.asked import Asked
from triplehelix.ally.assets import Asset
from triplehelix.ally.call import Rules
from triplehelix.ally.offers import Floats, Ints, Offers
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
        of the usual capacity that is used. Any other price is unknown.
        """
        tariff = self.offers.tariff[rows]
        units = np.full(len(self.offers.tariffs) + 1, np.nan)
        by_day = np.zeros(len(units), bool)
        for code in np.unique(tariff[tariff >= 0]):
            capability, currency, counted = self.offers.tariffs[code]
            if currency == self.currency:
                by_day[code] = one_word(counted) == "day"
                units[code] = self._units(capability, counted, asked)
        days = self._days(asked, rows, factor)
        price = self.offers.price[rows]
        return np.asarray(price * np.where(by_day[tariff], days, units[tariff]), float)

    def _units(self, capability: str, counted: str, asked: Asked) -> float:
        """How many of a tariff's units one unit of the need takes."""
        if asked.unit is None:
            return np.nan
        try:
            each = self.capabilities.convert(capability, 1.0, Unit(asked.unit.unit), Unit(counted))
        except InputError:
            return np.nan
        return each * (asked.days * periods(asked.unit.per, "day") if asked.unit.per else 1.0)

    def _days(self, asked: Asked, rows: Ints, factor: Floats) -> Floats:
        """How many days of the whole capacity one unit of the need takes."""
        if asked.kind == "whole":
            return np.full(len(rows), float(asked.days))
        amount = self.offers.usual[rows] * factor
        with np.errstate(divide="ignore", invalid="ignore"):
            each = np.where(amount > 0, 1.0 / amount, np.nan)
        if asked.kind == "level":
            return np.asarray(asked.days * each)
        measure = self.offers.measure[rows]
        rated = np.array([*(per is not None for _, _, per in self.offers.measures), False], bool)
        return np.asarray(np.where(rated[measure], each, np.nan))


def prices_of(
    offers: Offers, capabilities: Capabilities, rules: Rules, assets: Iterable[Asset]
) -> Prices:  # fmt: skip
    """The prices of offers, in the one currency that a call counts in which could use `assets`."""
    stated = sorted({a.currency for a in assets if a.price is not None and a.currency})
    if rules.currency or len(stated) <= 1:
        only = stated[0] if stated else None
        return Prices(offers, capabilities, rules, rules.currency or only)
    return Prices(offers, capabilities, rules, None, tuple(stated))


def assumed_price(asked: Asked, rules: Rules) -> float:
    """What one unit of a need over its period is taken to cost where no price is stated."""
    per = asked.unit.per if asked.unit else None
    return rules.unknown_price * (asked.days * periods(per, "day") if per else 1.0)
