"""What a need asks for, read for a day: how much, of what kind, from when to when."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from triplehelix.ally.call import Call, Need
from triplehelix.ally.said import day_said
from triplehelix.capabilities.listed import Capabilities, Unit, read_unit
from triplehelix.errors import InputError

# The last day of what has none.
FOREVER = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Asked:
    """
    A need with its period in days (as `date.toordinal`), both ends counted.

    `kind`: `whole` is met by one asset, yes or no; a `level` must be there on every day from
    `first` to `last`; `in_all` is made or done between `first` and `last`. `dated` tells whether
    the need names a first day: without one, each contribution starts when it is ready. `past`:
    its first day was over already. `days`: over how many its measures are taken.
    """

    need: Need
    kind: Literal["whole", "level", "in_all"]
    amount: float
    unit: Unit | None
    first: int
    last: int
    dated: bool
    past: bool
    days: int

    def overlap(self, first: int, last: int) -> int:
        """How many of the days that its measures are taken over lie between two days."""
        return max(0, min(last, self.first + self.days - 1) - max(first, self.first) + 1)

    def portion(self, amount: float, first: int, last: int) -> float:
        """
        The share of the need that an amount is, from a first to a last day; 1 is all of it.

        Where a need names no first day, each contribution is there for good from its own first
        day on, and days are not told apart.
        """
        share = amount / self.amount
        if self.kind != "level" or not self.dated:
            return share
        return share * self.overlap(first, last) / self.days


def read_needs(call: Call, capabilities: Capabilities, as_of: date) -> tuple[Asked, ...]:
    """
    The needs of a call as they stand on a day.

    Raises
    ------
    InputError
        If a need asks for a number of things in all without a last day, or for a rate in all.
    UnknownName
        If a capability is not in the list.

    Examples
    --------
    >>> from triplehelix.capabilities.listed import Capability
    >>> ours = Capabilities((Capability("pcr", "PCR", units=(Unit("tests", "day"),)),))
    >>> need = Need(need="tests", capability="pcr", amount=500, unit="tests/day")
    >>> (asked,) = read_needs(Call(title="Tests", needs=(need,)), ours, date(2026, 1, 1))
    >>> asked.kind, asked.amount, asked.unit.text, asked.days
    ('level', 500.0, 'tests/day', 30)
    """
    return tuple(_read(need, call, capabilities, as_of.toordinal()) for need in call.needs)


def _read(need: Need, call: Call, capabilities: Capabilities, today: int) -> Asked:
    unit = read_unit(need.unit) if need.unit else None
    if capabilities[need.capability] and _in_all(need, unit, capabilities):
        return _made_by_a_day(need, unit, today)
    first = max(need.by.toordinal(), today) if need.by else today
    last = need.until.toordinal() if need.until else FOREVER
    return Asked(
        need, "level" if unit else "whole", need.amount or 1.0, unit, first, max(first, last),
        dated=need.by is not None,
        past=bool(need.by and need.by.toordinal() < today) or last < today,
        days=call.rules.priced_days if last == FOREVER else max(1, last - first + 1),
    )  # fmt: skip


def _in_all(need: Need, unit: Unit | None, capabilities: Capabilities) -> bool:
    if unit is None:
        return False
    if need.in_all and unit.per:
        raise InputError(
            f"need {need.need!r}: {unit.text!r} is a rate, so it is needed on every day and not "
            f"in all; write unit: {unit.unit}, or leave in_all out"
        )
    if need.in_all is not None or unit.per:
        return bool(need.in_all)
    return capabilities[need.capability].counts_in_all(unit.unit)


def _made_by_a_day(need: Need, unit: Unit | None, today: int) -> Asked:
    end = need.by or need.until
    if end is None:
        raise InputError(
            f"need {need.need!r} asks for {need.amount:g} {need.unit} in all but not until when; "
            "write by: a date, or in_all: false if they are to be there at one time"
        )
    last = end.toordinal()
    return Asked(
        need, "in_all", need.amount or 1.0, unit, today, max(today, last),
        dated=True, past=last < today, days=max(1, last - today + 1),
    )  # fmt: skip


def past_said(asked: Asked, as_of: date) -> str:
    """Why nobody can meet a need any more that is `past`."""
    needed = asked.need.by or asked.need.until or as_of
    return f"asked for by {day_said(needed)}, before {day_said(as_of)}"


def day(number: int) -> date | None:
    """The date of a day's number; None for the end that never comes."""
    return None if number >= FOREVER else date.fromordinal(number)
