"""Which offers can serve a need, how much, how far and at what price, or every reason why not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triplehelix.ally.asked import Asked
from triplehelix.ally.call import Call, Spot
from triplehelix.ally.offers import Floats, Ints, Offer, Offers, accredited
from triplehelix.ally.prices import Prices
from triplehelix.ally.reasons import Reason, counted, said
from triplehelix.capabilities.listed import Capabilities, Unit
from triplehelix.errors import InputError
from triplehelix.sphere import distance_km


@dataclass(frozen=True, slots=True)
class Candidates:
    """
    The offers of a need's capability, each with what it fails; arrays run over `rows`.

    `fails` holds bits of `Reason`, 0 where the offer can serve. `factor`: units of the need in
    one of the offer's. `km` from the need's place, NaN where one of the two is unknown. `price`
    of one unit of the need over its period, NaN where none is stated. `without` counts the
    assets that do not have the capability.
    """

    asked: Asked
    rows: Ints
    fails: Ints
    factor: Floats
    km: Floats
    price: Floats
    place: Spot | None
    without: int

    @property
    def able(self) -> NDArray[np.bool_]:
        """Which of the rows can serve."""
        return np.asarray(self.fails == 0)

    def reasons(self) -> dict[str, int]:
        """How many offers fail for each reason, in words; the capability that lacks among them."""
        lacking = {"not the capability": self.without} if self.without else {}
        return {**counted(self.fails), **lacking}

    def why_not(self, offers: Offers, asset: str) -> tuple[str, ...]:
        """Why an asset does not count, in words; empty if one of its offers does."""
        fails = [
            int(f) for i, f in zip(self.rows, self.fails, strict=True)
            if offers.rows[i].asset.asset == asset
        ]  # fmt: skip
        if not fails:
            return ("not the capability",)
        return () if 0 in fails else said(min(fails, key=lambda f: (f.bit_count(), f)))


class Judge:
    """
    Looks at the offers of one call for its needs.

    Parameters
    ----------
    ignore : bits of `Reason` that are not held against an offer, to see what giving up a
        condition would bring.
    """

    def __init__(
        self, call: Call, offers: Offers, capabilities: Capabilities, prices: Prices,
        *, ignore: int = 0,
    ) -> None:  # fmt: skip
        self._rules, self._place = call.rules, call.place
        self._offers, self._capabilities, self._prices = offers, capabilities, prices
        self._ignore = ignore
        self._excluded = set(call.rules.exclude)
        self._access = {one.casefold() for one in call.rules.access}
        self._of_rules = self._kept_rules()

    def candidates(self, asked: Asked, some: Ints | None = None) -> Candidates:
        """
        Every offer of the need's capability, or a narrower one, judged.

        `some`, shape (n_offers,): 1 for those that are looked at; None where all are.
        """
        offers, need = self._offers, asked.need
        kinds = self._capabilities.narrower(need.capability)
        found = [offers.by_capability[slug] for slug in kinds if slug in offers.by_capability]
        rows = np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)
        if some is not None:
            rows = rows[some[rows] > 0]
        if asked.kind != "whole":
            rows = rows[~(offers.bare[rows] & offers.others[rows])]
        place = need.place or self._place
        km = self._distances(rows, place)
        factor = self._factors(rows, asked)
        fails = self._conditions(rows, asked) | _far(asked, km)
        fails |= np.where(np.isnan(factor) & ~offers.bare[rows], int(Reason.UNIT), 0)
        fails |= self._timing(rows, asked)
        with_it = _n_different(offers.asset_no[rows])
        return Candidates(
            asked, rows, fails & ~self._ignore, factor, km,
            self._prices.of(asked, rows, factor), place, offers.n_assets - with_it,
        )  # fmt: skip

    def _distances(self, rows: Ints, place: Spot | None) -> Floats:
        if place is None:
            return np.full(len(rows), np.nan)
        lat, lon = self._offers.lat[rows], self._offers.lon[rows]
        # To the millimetre, as it is given out, so that the objective can be worked out again.
        return np.round(np.asarray(distance_km(lat, lon, place.lat, place.lon), float), 6)

    def _factors(self, rows: Ints, asked: Asked) -> Floats:
        """NaN where the unit does not convert; 1 for what is met by yes or no."""
        if asked.unit is None:
            return np.ones(len(rows))
        measure = self._offers.measure[rows]
        table = np.full(len(self._offers.measures) + 1, np.nan)
        for code in np.unique(measure[measure >= 0]):
            table[code] = self._factor(self._offers.measures[code], asked)
        return np.asarray(table[measure])

    def _factor(self, measure: tuple[str, str, str | None], asked: Asked) -> float:
        (slug, unit, per), wanted = measure, asked.unit
        assert wanted is not None
        if asked.kind == "in_all" and per:
            wanted = Unit(wanted.unit, "day")
        for way in dict.fromkeys((slug, asked.need.capability)):
            try:
                return self._capabilities.convert(way, 1.0, Unit(unit, per), wanted)
            except InputError:
                continue
        return np.nan

    def _kept_rules(self) -> Ints:
        """What each offer of the landscape fails of the rules of the whole call."""
        rules, told = self._rules, self._offers.column
        fails = np.zeros(len(self._offers.rows), np.int64)
        if not rules.closed:
            fails |= told(lambda one: one.asset.status == "closed") * int(Reason.CLOSED)
        fails |= told(lambda one: not self._status_counts(one)) * int(Reason.STATUS)
        fails |= told(lambda one: not self._state_counts(one)) * int(Reason.STATE)
        if among := set(rules.countries):
            fails |= told(lambda one: self._country(one) not in among) * int(Reason.COUNTRY)
        if names := self._access:
            fails |= told(lambda one: (one.asset.who or "").casefold() not in names) * int(
                Reason.ACCESS
            )
        if self._excluded:
            fails |= told(self._is_excluded) * int(Reason.EXCLUDED)
        return fails

    def _conditions(self, rows: Ints, asked: Asked) -> Ints:
        offers, need, told = self._offers, asked.need, self._offers.column
        fails = self._of_rules[rows]
        if asked.kind != "whole":
            fails |= offers.bare[rows] * int(Reason.NO_AMOUNT)
        if need.containment:
            low = offers.level[rows] < int(need.containment[-1])
            fails |= low * int(Reason.CONTAINMENT)
        if names := need.accreditations:
            fails |= told(lambda one: not accredited(one, names), rows) * int(Reason.ACCREDITATION)
        if among := set(need.countries):
            fails |= told(lambda one: self._country(one) not in among, rows) * int(Reason.COUNTRY)
        if nations := {name.casefold() for name in need.nations}:
            fails |= told(lambda one: self._nation(one) not in nations, rows) * int(Reason.NATION)
        return fails

    def _status_counts(self, one: Offer) -> bool:
        status, states = one.asset.status, self._rules.states
        if status == "planned":
            return "planned" in states
        return status in ("active", "closed") or "stated" in states

    def _state_counts(self, one: Offer) -> bool:
        return one.capacity is None or one.capacity.state in self._rules.states

    def _country(self, one: Offer) -> str | None:
        if one.asset.country:
            return one.asset.country
        holder = self._offers.members.get(one.asset.member)
        return holder.country if holder else None

    def _nation(self, one: Offer) -> str:
        holder = self._offers.members.get(one.asset.member)
        return (one.asset.nation or (holder.nation if holder else None) or "").casefold()

    def _is_excluded(self, one: Offer) -> bool:
        return bool(self._excluded & {one.asset.asset, one.asset.member, one.member})

    def _timing(self, rows: Ints, asked: Asked) -> Ints:
        """Not ready, not there, or nothing free, on any day that would help."""
        offers = self._offers
        ready = np.maximum(offers.ready[rows], offers.first[rows])
        start = np.maximum(ready, asked.first)
        # What is met by yes or no is met by one asset from the first day to the last.
        latest = asked.first if asked.kind == "whole" and asked.dated else asked.last
        late = ready > latest
        end = offers.last[rows]
        over = end < (start if asked.kind != "whole" else np.maximum(start, asked.last))
        fails = np.where(late, int(Reason.LATE), 0) | np.where(over, int(Reason.ENDS), 0)
        none = offers.amount[rows] <= 0
        for n in np.flatnonzero(offers.promised[rows] & (fails == 0)):
            none[n] = not self._ever_free(offers.rows[rows[n]], int(start[n]), asked)
        return np.asarray(fails | np.where(none, int(Reason.PROMISED), 0), np.int64)

    def _ever_free(self, one: Offer, start: int, asked: Asked) -> bool:
        end = min(one.last, asked.last)
        if asked.kind == "whole":
            return one.free(start, end) > 0
        capacity = one.capacity
        assert capacity is not None
        ends = (p.ends.toordinal() + 1 for p in capacity.promised if p.ends)
        return any(one.free(day, day) > 0 for day in {start, *ends} if start <= day <= end)


def _n_different(ascending: Ints) -> int:
    return int((np.diff(ascending) > 0).sum()) + min(1, len(ascending))


def _far(asked: Asked, km: Floats) -> Ints:
    limit = asked.need.within_km
    if limit is None:
        return np.zeros(len(km), np.int64)
    with np.errstate(invalid="ignore"):
        too_far = np.where(km > limit, int(Reason.FAR), 0)
    return np.asarray(too_far | np.where(np.isnan(km), int(Reason.NO_PLACE), 0), np.int64)
