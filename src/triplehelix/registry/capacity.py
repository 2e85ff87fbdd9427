"""How much of a capability an asset can give, when, and how much of it is promised."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from triplehelix.errors import Conflict, InputError
from triplehelix.registry.fields import LongText, Slug, Text


class CapacityFields(BaseModel):
    """
    An amount of a capability that an asset can give.

    `amount` is in `unit`, per day, week, month or year where `per` says so; `starts` and `ends`
    are the first and the last day. `surge_amount` is what it could give in an emergency after
    `surge_lead_days`. `state` tells what stands in a source from what is planned or past:
    only `available` has been confirmed by its holder and can be reserved.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    capability: Slug
    amount: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    unit: Text
    per: Literal["day", "week", "month", "year"] | None = None
    starts: date | None = None
    ends: date | None = None
    surge_amount: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    surge_lead_days: Annotated[int, Field(ge=0)] | None = None
    lead_days: Annotated[int, Field(ge=0)] | None = None
    staff: Annotated[float, Field(ge=0)] | None = None
    containment: Literal["BSL-1", "BSL-2", "BSL-3", "BSL-4"] | None = None
    accreditations: tuple[Text, ...] = ()
    state: Literal["available", "stated", "planned", "past"] = "available"
    year: Annotated[int, Field(ge=1800, le=2200)] | None = None
    note: LongText | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> "CapacityFields":
        if self.starts and self.ends and self.ends < self.starts:
            raise ValueError("it ends before it starts")
        if self.surge_amount is not None and self.surge_amount < self.amount:
            raise ValueError("the surge amount is the whole amount in an emergency, so not less")
        return self


def checked_capacity(fields: dict[str, object]) -> CapacityFields:
    """
    A capacity, checked.

    Raises
    ------
    InputError
        If a value is wrong or missing.
    """
    try:
        return CapacityFields.model_validate(fields)
    except ValidationError as err:
        said = [
            f"{_where(e['loc'])}: {e['msg'].removeprefix('Value error, ')}" for e in err.errors()
        ]
        raise InputError("; ".join(said)) from err


def _where(parts: tuple[int | str, ...]) -> str:
    return ".".join(map(str, parts)) or "the capacity"


class Promise(NamedTuple):
    """An amount promised from its first to its last day; without a last day, for good."""

    amount: float
    starts: date
    ends: date | None


def most_promised(promises: Iterable[Promise], starts: date, ends: date | None) -> float:
    """
    The largest amount promised on any one day from `starts` to `ends`, both included.

    Examples
    --------
    >>> days = [date(2026, 1, n) for n in range(1, 10)]
    >>> two = [Promise(3, days[0], days[4]), Promise(2, days[4], days[6])]
    >>> most_promised(two, days[0], days[8])
    5
    """
    far = date.max
    last = ends or far
    inside = [p for p in promises if p.starts <= last and (p.ends or far) >= starts]
    # The sum rises only where a promise begins.
    days = {starts, *(p.starts for p in inside if p.starts > starts)}
    return max(
        (sum(p.amount for p in inside if p.starts <= day <= (p.ends or far)) for day in days),
        default=0,
    )


def require_free(capacity: CapacityFields, promises: Iterable[Promise], asked: Promise) -> None:
    """
    Go on only if the capacity has so much left on every day asked for.

    Raises
    ------
    InputError
        If the days are outside the capacity's own, the amount is not above 0, or the capacity is
        only stated, planned or past.
    Conflict
        If too much of it is promised already.
    """
    if asked.amount <= 0:
        raise InputError(f"an amount of {asked.amount:g} cannot be reserved; ask for more than 0")
    if capacity.state != "available":
        raise InputError(
            f"this capacity is {capacity.state}, not available; its member must confirm it first"
        )
    first, last = capacity.starts or date.min, capacity.ends or date.max
    if asked.starts < first or (asked.ends or date.max) > last:
        raise InputError(
            f"the capacity stands from {capacity.starts or 'any day'} to "
            f"{capacity.ends or 'any day'}; ask for days within that"
        )
    left = capacity.amount - most_promised(promises, asked.starts, asked.ends)
    if asked.amount > left:
        raise Conflict(
            f"{asked.amount:g} {capacity.unit} were asked for and {left:g} are left on the fullest "
            "day; ask for less, or for other days"
        )
