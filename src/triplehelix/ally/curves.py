"""Amounts over days: how much there is from each day on, and how much was made by each day."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from math import fsum
from typing import NamedTuple

_DAY = timedelta(days=1)
NEAR = 1e-9


class Stretch(NamedTuple):
    """An amount from its first to its last day; without a last day, for good."""

    amount: float
    first: date
    last: date | None = None

    @property
    def days(self) -> int:
        """How many days it has; 1 without a last day."""
        return ((self.last or self.first) - self.first).days + 1


class Level(NamedTuple):
    """An amount that holds from a day on, until the next level."""

    day: date
    amount: float


def levels(stretches: Iterable[Stretch]) -> tuple[Level, ...]:
    """
    How much all stretches give together, from each day on which that changes.

    Before the first level nothing is given; without stretches there are no levels.

    Examples
    --------
    >>> day = lambda n: date(2020, 12, n)
    >>> for level in levels([Stretch(3, day(1), day(9)), Stretch(4, day(5))]):
    ...     print(level.day, level.amount)
    2020-12-01 3.0
    2020-12-05 7.0
    2020-12-10 4.0
    """
    given = [one for one in stretches if one.amount and (one.last is None or one.last >= one.first)]
    found: list[Level] = []
    for day in sorted(
        {one.first for one in given} | {d for one in given if (d := after(one.last))}
    ):
        # fsum is exact, so the order of the stretches does not matter.
        amount = fsum(one.amount for one in given if covers(one, day))
        if not found or amount != found[-1].amount:
            found.append(Level(day, amount))
    return tuple(found)


def level_on(curve: Sequence[Level], day: date) -> float:
    """
    The amount on a day; 0 before the first level.

    Examples
    --------
    >>> level_on([Level(date(2020, 12, 1), 3.0)], date(2021, 1, 1))
    3.0
    """
    return next((level.amount for level in reversed(curve) if level.day <= day), 0.0)


def lowest(curve: Sequence[Level], first: date, last: date | None) -> Level:
    """
    The least amount on any day from `first` to `last`, and the first day that has it.

    Examples
    --------
    >>> day = lambda n: date(2020, 12, n)
    >>> lowest([Level(day(1), 5.0), Level(day(4), 2.0)], day(2), day(9))
    Level(day=datetime.date(2020, 12, 4), amount=2.0)
    """
    inside = [one for one in curve if one.day > first and (last is None or one.day <= last)]
    return min(
        [Level(first, level_on(curve, first)), *inside], key=lambda one: (one.amount, one.day)
    )


def reached(curve: Sequence[Level], target: float) -> date | None:
    """The first day with at least the target, None if there is none; 1e-9 of it is forgiven."""
    return next((one.day for one in curve if at_least(one.amount, target)), None)


def made(stretches: Iterable[Stretch]) -> tuple[Level, ...]:
    """
    How much is made in all by the end of a day, where each stretch makes its amount evenly.

    The days are those on which the pace changes, the eve of the first among them; between two of
    them the amount rises along a line, after the last it stays. A stretch without a last day
    makes its amount on its first.

    Examples
    --------
    >>> for level in made([Stretch(10, date(2020, 12, 1), date(2020, 12, 5))]):
    ...     print(level.day, level.amount)
    2020-11-30 0.0
    2020-12-05 10.0
    """
    given = [one._replace(last=one.last or one.first) for one in stretches if one.amount]
    eves = {one.first - _DAY for one in given}
    return tuple(
        Level(day, fsum(_made_by(one, day) for one in given))
        for day in sorted(eves | {one.last for one in given if one.last})
    )


def made_by(line: Sequence[Level], day: date) -> float:
    """
    How much `made` tells of the end of a day, along the line between its two neighbours.

    Examples
    --------
    >>> made_by(made([Stretch(10, date(2020, 12, 1), date(2020, 12, 5))]), date(2020, 12, 2))
    4.0
    """
    before = [one for one in line if one.day <= day]
    beyond = [one for one in line if one.day > day]
    if not before:
        return 0.0
    if not beyond:
        return before[-1].amount
    a, b = before[-1], beyond[0]
    return a.amount + (b.amount - a.amount) * (day - a.day).days / (b.day - a.day).days


def made_on(line: Sequence[Level], target: float) -> date | None:
    """The first day by whose end the target is made, None if it never is."""
    for a, b in zip(line, line[1:], strict=False):
        if at_least(b.amount, target):
            share = max(0.0, target - a.amount) / (b.amount - a.amount)
            whole = share * (b.day - a.day).days
            days = round(whole) if abs(whole - round(whole)) < 1e-6 else int(whole) + 1
            return a.day + timedelta(days=max(1, days))
    return None


def covers(one: Stretch, day: date) -> bool:
    """Whether a day is one of the stretch's."""
    return one.first <= day and (one.last is None or day <= one.last)


def after(last: date | None) -> date | None:
    """The day after the last; None where there is none."""
    return None if last is None or last == date.max else last + _DAY


def at_least(amount: float, target: float) -> bool:
    """Whether an amount reaches a target, but for rounding."""
    return amount >= target - NEAR * max(1.0, abs(target))


def _made_by(one: Stretch, day: date) -> float:
    done = (min(day, one.last or one.first) - one.first).days + 1
    return one.amount * max(0, done) / one.days
