"""The days on which a need's amount changes: who came or went, and what still holds it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from triplehelix.ally.alliance import Contribution
from triplehelix.ally.call import Need, Rules
from triplehelix.ally.curves import Level, Stretch, level_on, levels, made, made_by
from triplehelix.ally.free import Known
from triplehelix.ally.waiting import Wait, why_until

Parts = Mapping[str, tuple[Stretch, ...]]
"""The stretches of each asset, by its id."""


@dataclass(frozen=True, slots=True)
class Change:
    """
    By how much more (or less, below 0) an asset gives from a day on.

    In the need's unit; for things made in all, in that unit a day.
    """

    asset: str
    member: str
    amount: float


@dataclass(frozen=True, slots=True)
class Step:
    """
    A day on which what is given changes.

    `number` counts days from the call's `as_of`, which is day 1. `amount` is that of all assets
    from this day on; for things made in all, what is made by the end of the day. `waits` is what
    still holds it back, the soonest first.
    """

    day: date
    number: int
    amount: float
    changes: tuple[Change, ...]
    waits: tuple[Wait, ...]
    said: str


@dataclass(frozen=True)
class View:
    """A need, and what is known of those who give to it (`contributions`, by asset)."""

    need: Need
    in_all: bool
    rules: Rules
    as_of: date
    known: Known
    contributions: Mapping[str, tuple[Contribution, ...]]

    @property
    def target(self) -> float:
        """What is needed; 1 for a need met by yes or no."""
        return self.need.amount if self.need.amount is not None else 1.0

    def number(self, day: date) -> int:
        """Days from the call's `as_of`, which is day 1."""
        return (day - self.as_of).days + 1

    def member(self, asset: str) -> str:
        """The member whose the asset is."""
        return self.contributions[asset][0].member

    def said(self, amount: float) -> str:
        """An amount in words, in the need's unit."""
        if self.need.unit is None:
            return "met" if amount >= 1 else "not met"
        return (
            f"{amount:,.6g} {self.need.unit}" if amount < 1e6 else f"{amount:,.0f} {self.need.unit}"
        )


def steps_of(view: View, parts: Parts) -> tuple[Step, ...]:
    """All days on which what the assets give changes, the first first."""
    own = {asset: levels(_paces(given) if view.in_all else given) for asset, given in parts.items()}
    line = line_of(view, parts)
    days = sorted({level.day for curve in own.values() for level in curve})
    return tuple(_step(view, day, own, line) for day in days)


def line_of(view: View, parts: Parts) -> tuple[Level, ...]:
    """What all assets give together: levels, or what is made by the end of each day."""
    every = [one for given in parts.values() for one in given]
    return made(every) if view.in_all else levels(every)


def _step(view: View, day: date, own: Mapping[str, Sequence[Level]], line: Sequence[Level]) -> Step:
    amount = made_by(line, day) if view.in_all else level_on(line, day)
    changes = tuple(
        Change(asset, view.member(asset), by)
        for asset, curve in own.items()
        if (by := _change(curve, day))
    )
    waits = [wait for asset, curve in own.items() if (wait := _wait(view, asset, curve, day))]
    waits.sort(key=lambda one: (one.day, -one.amount, one.asset))
    number = view.number(day)
    return Step(day, number, amount, changes, tuple(waits), f"day {number:,}: {view.said(amount)}")


def _wait(view: View, asset: str, curve: Sequence[Level], day: date) -> Wait | None:
    now = level_on(curve, day)
    later = next((one for one in curve if one.day > day and one.amount > now), None)
    if later is None:
        return None
    mine = view.contributions[asset]
    capacities = {one.capacity: view.known.capacity(one.capacity) for one in mine}
    why, said = why_until(later.day, mine, tuple(capacities.values()), view.rules, view.as_of)
    return Wait(asset, view.member(asset), later.day, later.amount - now, why, said)


def _change(curve: Sequence[Level], day: date) -> float:
    before = [one.amount for one in curve if one.day < day]
    return level_on(curve, day) - (before[-1] if before else 0.0)


def _paces(parts: Sequence[Stretch]) -> list[Stretch]:
    return [Stretch(one.amount / one.days, one.first, one.last or one.first) for one in parts]
