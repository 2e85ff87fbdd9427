"""Whether no capacity is used beyond what is free of it, over all contributions, day by day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import fsum

from triplehelix.ally.alliance import Contribution
from triplehelix.ally.assets import Capacity
from triplehelix.ally.checks.case import Case, Problems, not_above
from triplehelix.ally.checks.fitness import ready_on
from triplehelix.ally.curves import Level, Stretch, level_on, levels
from triplehelix.ally.free import free_levels, worth
from triplehelix.ally.said import number_said
from triplehelix.errors import InputError


@dataclass(frozen=True, slots=True)
class Use:
    """A contribution and what it takes of its capacity, in the capacity's own unit."""

    one: Contribution
    kind: str
    amount: float


def capacity_problems(case: Case) -> Problems:
    """Each capacity that is used beyond what is free of it, with the day, in words."""
    for name, uses in sorted(_uses(case).items()):
        capacity = case.capacities.get(name)
        if capacity is None:
            continue
        if capacity.per is None:
            yield from _stock(capacity, [use for use in uses if use.kind == "in_all"])
            uses = [use for use in uses if use.kind == "level"]
        for surge in (False, True):
            yield from _over_days(case, capacity, uses, surge=surge)


def _uses(case: Case) -> dict[str, list[Use]]:
    """By capacity; what is met by yes or no takes nothing."""
    found: dict[str, list[Use]] = defaultdict(list)
    for one in case.alliance.contributions:
        period = case.periods.get(one.need)
        capacity = case.capacities.get(one.capacity or "")
        if period is None or capacity is None or period.kind == "whole":
            continue
        try:
            each = worth(period.need, capacity, case.capabilities)
        except InputError:
            continue  # told among the facts
        found[capacity.capacity].append(Use(one, period.kind, one.amount / each))
    return found


def _stock(capacity: Capacity, uses: Sequence[Use]) -> Problems:
    """What was made already is given once, whatever the day."""
    most = max(capacity.amount, capacity.surge_amount or 0.0) if _surges(uses) else capacity.amount
    left = max(0.0, most - fsum(one.amount for one in capacity.promised))
    taken = fsum(use.amount for use in uses)
    if not not_above(taken, left):
        used = f"{capacity.capacity}: {number_said(taken)} {capacity.unit} are used in all"
        yield f"{used}, {number_said(left)} are left"


def _over_days(case: Case, capacity: Capacity, uses: Sequence[Use], *, surge: bool) -> Problems:
    """
    Rates on each day, and things in all between any two days.

    What is to be made between two days fits if, and only if, between any first and any last day
    all that must be made within them is no more than what is left then (Horn 1974).
    """
    counted = [use for use in uses if surge or not use.one.surge]
    if surge and not _surges(uses):
        return
    free = free_levels(capacity, ready_on(case, capacity, surge=True) if surge else None)
    rates = levels(
        Stretch(use.amount, use.one.starts, use.one.ends) for use in counted if use.kind == "level"
    )
    for day in _days(rates, free):
        if not not_above(level_on(rates, day), level_on(free, day)):
            yield _too_much(capacity, level_on(rates, day), level_on(free, day), f"on {day}")
            return
    jobs = [use for use in counted if use.kind == "in_all"]
    for first in sorted({use.one.starts for use in jobs}):
        for last in sorted({use.one.ends or use.one.starts for use in jobs}):
            made = fsum(use.amount for use in jobs if _within(use, first, last))
            if made and not not_above(made, left := _left(free, rates, first, last)):
                yield _too_much(capacity, made, left, f"from {first} to {last}")
                return


def _too_much(capacity: Capacity, taken: float, left: float, when: str) -> str:
    used = f"{capacity.capacity}: {number_said(taken)} {capacity.unit} are used {when}"
    return f"{used}, {number_said(left)} are free"


def _days(*curves: Sequence[Level]) -> list[date]:
    return sorted({level.day for curve in curves for level in curve})


def _within(use: Use, first: date, last: date) -> bool:
    return use.one.starts >= first and (use.one.ends or use.one.starts) <= last


def _left(free: Sequence[Level], rates: Sequence[Level], first: date, last: date) -> float:
    """What is left between two days, a day at a time."""
    marks = [first, *(day for day in _days(free, rates) if first < day <= last)]
    ends = [*(day - timedelta(days=1) for day in marks[1:]), last]
    return fsum(
        max(0.0, level_on(free, a) - level_on(rates, a)) * ((b - a).days + 1)
        for a, b in zip(marks, ends, strict=True)
    )


def _surges(uses: Sequence[Use]) -> bool:
    return any(use.one.surge for use in uses)
