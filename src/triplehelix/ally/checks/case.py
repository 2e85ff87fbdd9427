"""An answer beside the facts that it claims to rest on, laid out for its checks."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from triplehelix.ally.alliance import Alliance, Contribution
from triplehelix.ally.assets import Asset, Capacity, Landscape, Member
from triplehelix.ally.call import Need, Rules
from triplehelix.ally.free import Known, in_all, known
from triplehelix.capabilities.listed import Capabilities

NEAR = 1e-6


@dataclass(frozen=True, slots=True)
class Period:
    """
    The days a need is about, both ends counted; `last` None: for good.

    `whole` is met by one asset, yes or no; a `level` must be there on every day; `in_all` is made
    or done until the last day. `dated`: it names its first day. `days`: over how many its
    measures are taken.
    """

    need: Need
    kind: Literal["whole", "level", "in_all"]
    first: date
    last: date | None
    dated: bool
    days: int

    @property
    def amount(self) -> float:
        """What is asked for; 1 for a need met by yes or no."""
        return self.need.amount if self.need.amount is not None else 1.0

    def share(self, one: Contribution) -> float:
        """Which share of the need a contribution is; all shares of a need that is met make 1."""
        if self.kind == "whole":
            return 1.0
        share = one.amount / self.amount
        if self.kind == "in_all" or not self.dated:
            return share
        end = self.first + timedelta(days=self.days - 1)
        days = (min(one.ends or date.max, end) - max(one.starts, self.first)).days + 1
        return share * max(0, days) / self.days


@dataclass(frozen=True)
class Case:
    """An alliance, what its call may look at, and the day it is looked at from."""

    alliance: Alliance
    landscape: Landscape
    capabilities: Capabilities
    as_of: date

    @property
    def rules(self) -> Rules:
        """The rules of the call."""
        return self.alliance.call.rules

    @cached_property
    def periods(self) -> Mapping[str, Period]:
        """Each need's days, by its name."""
        return {need.need: self._period(need) for need in self.alliance.call.needs}

    @cached_property
    def members(self) -> Mapping[str, Member]:
        """Members by id."""
        return {one.member: one for one in self.landscape.members}

    @cached_property
    def assets(self) -> Mapping[str, Asset]:
        """Assets by id."""
        return self._known.assets

    @cached_property
    def capacities(self) -> Mapping[str, Capacity]:
        """Capacities by id."""
        return self._known.capacities

    @cached_property
    def _known(self) -> Known:
        return known(self.landscape)

    @cached_property
    def currency(self) -> str | None:
        """What prices are counted in; None where several are told and the call names none."""
        if self.rules.currency:
            return self.rules.currency
        kinds = {
            slug
            for need in self.alliance.call.needs
            for slug in self.capabilities.narrower(need.capability)
        }
        told = {
            asset.currency
            for asset in self.landscape.assets
            if asset.price is not None
            and asset.currency
            and kinds & {*asset.capabilities, *(one.capability for one in asset.capacities)}
        }
        return next(iter(told)) if len(told) == 1 else None

    def of_need(self, need: str) -> list[Contribution]:
        """What is given to a need."""
        return self._given.get(need, [])

    @cached_property
    def _given(self) -> Mapping[str, list[Contribution]]:
        given: dict[str, list[Contribution]] = defaultdict(list)
        for one in self.alliance.contributions:
            given[one.need].append(one)
        return dict(given)

    def held(self, member: str) -> set[str]:
        """A member's own id and those of its parts, at any remove."""
        found: set[str] = set()
        ahead = [member]
        while ahead:
            name = ahead.pop()
            if name not in found:
                found.add(name)
                ahead.extend(self.members[name].parts if name in self.members else ())
        return found

    def _period(self, need: Need) -> Period:
        if in_all(need, self.capabilities):
            last = max(need.by or need.until or date.max, self.as_of)
            return Period(need, "in_all", self.as_of, last, True, (last - self.as_of).days + 1)
        first = max(need.by or self.as_of, self.as_of)
        last_day = need.until if need.until is None else max(need.until, first)
        days = self.rules.priced_days if last_day is None else (last_day - first).days + 1
        kind: Literal["whole", "level"] = "whole" if need.amount is None else "level"
        return Period(need, kind, first, last_day, need.by is not None, days)


def near(one: float, other: float, tolerance: float = NEAR) -> bool:
    """Whether two numbers are the same but for rounding."""
    return abs(one - other) <= tolerance * max(1.0, abs(one), abs(other))


def not_above(one: float, limit: float, tolerance: float = NEAR) -> bool:
    """Whether a number keeps a limit, but for rounding."""
    return one <= limit + tolerance * max(1.0, abs(limit))


def titled(one: Contribution) -> str:
    """What a contribution is called in a problem."""
    return f"{one.asset} for {one.need} from {one.starts}"


Problems = Iterator[str]
