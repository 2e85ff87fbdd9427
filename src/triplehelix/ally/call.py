"""
A call: a challenge broken down into needs, and the rules an alliance must keep.

The models are the format of call files too; docs/reference/calls.md describes them for users.
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Name = Annotated[str, Field(min_length=1, max_length=300)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Helix = Literal["academia", "industry", "health", "government", "nonprofit", "unknown"]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Spot(_Part):
    """A place on the Earth; degrees, WGS 84."""

    name: Name | None = None
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class Need(_Part):
    """
    An amount of a capability, by a date, under conditions.

    Without an `amount` one asset that has the capability meets the need: yes or no. `unit` is as
    people write it (`tests/day`, `beds`); a rate (`per day`) is needed on every day from `by` to
    `until`, a plain count of things made or done (`ventilators`) in all by `by`, and a plain
    count of things that are there (`beds`) from `by` to `until`: `in_all` tells which, and is
    read from the capability's units where it is left out. Without `until`, from `by` on.
    `must` false: a need that may stay unmet, at the price of its `weight`.
    """

    need: Slug
    capability: Slug
    amount: Positive | None = None
    unit: Name | None = None
    by: date | None = None
    until: date | None = None
    in_all: bool | None = None
    place: Spot | None = None
    within_km: Positive | None = None
    countries: tuple[Country, ...] = ()
    nations: tuple[Name, ...] = ()
    containment: Literal["BSL-1", "BSL-2", "BSL-3", "BSL-4"] | None = None
    accreditations: tuple[Name, ...] = ()
    weight: Positive = 1.0
    must: bool = True
    sealed: bool = False
    note: Annotated[str, Field(max_length=5_000)] | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.amount is None) != (self.unit is None):
            raise ValueError("give both amount and unit, or neither for a need met by yes or no")
        if self.by and self.until and self.until < self.by:
            raise ValueError(f"until {self.until} is before by {self.by}; swap them")
        return self


class Weights(_Part):
    """
    What the objective adds up: each term's own measure times its weight.

    cost: price of what is used, in the call's currency (each need's use over its period).
    lead_days: days until a contribution can start, weighted by its share of its need.
    travel_km: distance from each need's place (else the call's), weighted likewise.
    within_km, between_km: distance from each member brought in to the one of them where all meet,
    within a cluster and between clusters; 0 unless asked for.
    partners: members brought in. unfamiliarity: members who have worked with no other member of
    the alliance before, as the edition tells. unmet: share of a need that need not be met and is
    not, times the need's own weight. docs/methods/alliances.md has the formulas.
    """

    cost: NotNegative = 1.0
    lead_days: NotNegative = 10.0
    travel_km: NotNegative = 1.0
    within_km: NotNegative = 0.0
    between_km: NotNegative = 0.0
    partners: NotNegative = 100.0
    unfamiliarity: NotNegative = 50.0
    unmet: NotNegative = 1_000.0


class Spread(_Part):
    """At least so many different values among the partners: countries, clusters, helices."""

    of: Literal["country", "cluster", "helix", "nation"]
    at_least: Annotated[int, Field(ge=1)]


class MemberCap(_Part):
    """At most so much of a need, or at most such a share of it, from one member."""

    need: Slug | None = None
    amount: Positive | None = None
    unit: Name | None = None
    share: Annotated[float, Field(gt=0, le=1)] | None = None


class Fixed(_Part):
    """An amount of a need that an asset has been promised for already; it stays."""

    need: Slug
    asset: Name
    amount: NotNegative | None = None


class Rules(_Part):
    """
    What an alliance must keep beside its needs. Members and assets by id.

    `helices`: at least so many partners of each. `entities_from_countries`: (entities,
    countries): at least so many partners, from at least so many countries. `states`: which
    capacities count; only `available` ones unless said otherwise. `closed`: whether assets that
    are closed count: only in a replay of an earlier date. `access`: who is asking, in the words
    of the assets' terms; where it is given, only assets whose terms name one of these count.
    `surge`: whether surge amounts count. `unknown_price` (for one unit of a need),
    `unknown_lead_days` and `unknown_km` stand for what is not stated. A need without a last day
    is priced over its first `priced_days`.
    """

    helices: dict[Helix, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    entities_from_countries: tuple[int, int] | None = None
    spread: tuple[Spread, ...] = ()
    member_caps: tuple[MemberCap, ...] = ()
    most_partners: Annotated[int, Field(ge=1)] | None = None
    include: tuple[Name, ...] = ()
    exclude: tuple[Name, ...] = ()
    never_together: tuple[tuple[Name, ...], ...] = ()
    fixed: tuple[Fixed, ...] = ()
    budget: Positive | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    countries: tuple[Country, ...] = ()
    access: tuple[Name, ...] = ()
    states: tuple[Literal["available", "stated", "planned", "past"], ...] = ("available",)
    closed: bool = False
    unknown_price: NotNegative = 0.0
    unknown_lead_days: NotNegative = 14.0
    unknown_km: NotNegative = 100.0
    surge: bool = True
    priced_days: Annotated[int, Field(ge=1, le=36_600)] = 30


class Call(_Part):
    """A challenge, broken down into needs. `as_of`: the day it is looked at from."""

    title: Name
    heading: Name | None = None
    text: Annotated[str, Field(max_length=50_000)] = ""
    opens: date | None = None
    closes: date | None = None
    as_of: date | None = None
    place: Spot | None = None
    themes: tuple[Slug, ...] = ()
    organiser: Name | None = None
    needs: Annotated[tuple[Need, ...], Field(min_length=1, max_length=2_000)]
    rules: Rules = Rules()
    weights: Weights = Weights()
    sources: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        names = [one.need for one in self.needs]
        for name in sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two needs are called {name!r}; name them apart")
        if self.opens and self.closes and self.closes < self.opens:
            raise ValueError(f"it closes {self.closes}, before it opens {self.opens}")
        for one in self.needs:
            if one.within_km is not None and one.place is None and self.place is None:
                raise ValueError(
                    f"need {one.need!r}: within_km needs a place to be measured from; give the "
                    "need or the call a place"
                )
        known = set(names)
        asked = {one.need for one in self.rules.fixed}
        asked |= {one.need for one in self.rules.member_caps if one.need}
        for name in sorted(asked - known):
            raise ValueError(f"a rule names the need {name!r}, which the call does not have")
        return self
