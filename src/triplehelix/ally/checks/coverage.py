"""Whether each need is met on every day that it asks for, and told as it is."""

from collections.abc import Sequence
from datetime import date
from math import fsum

from triplehelix.ally.alliance import Contribution, Coverage
from triplehelix.ally.checks.case import Case, Period, Problems, near, not_above
from triplehelix.ally.curves import Level, Stretch, level_on, levels, lowest
from triplehelix.ally.said import number_said

MET = ("optimal", "feasible")


def coverage_problems(case: Case) -> Problems:
    """Each need that is not met, or not as told, in words; nothing where no answer was found."""
    told = {one.need: one for one in case.alliance.coverage}
    if case.alliance.status not in MET and not (told or case.alliance.contributions):
        return
    for name, period in case.periods.items():
        given = given_to(case, period)
        short = max(0.0, period.amount - given)
        if near(given, period.amount):
            short = 0.0
        if short and period.need.must and case.alliance.status in MET:
            asked = f"{number_said(period.amount)} {period.need.unit or ''}".rstrip()
            yield (
                f"{name}: {number_said(given)} of {asked} are given{_worst(case, period)}, and the "
                f"alliance is said to be {case.alliance.status}"
            )
        if name not in told:
            yield f"{name}: nothing tells how it is covered"
        else:
            yield from _as_told(case, period, told[name], given, short)
    if len(told) != len(case.alliance.coverage) or not told.keys() <= case.periods.keys():
        yield "the coverage tells of a need twice, or of one that the call does not have"


def given_to(case: Case, period: Period) -> float:
    """What a need is given: on its weakest day, in all, or 1 and 0 where it is met or not."""
    given = case.of_need(period.need.need)
    if period.kind == "in_all":
        last = period.last or date.max
        return fsum(one.amount for one in given if (one.ends or one.starts) <= last)
    if period.kind == "whole":
        return 1.0 if any(_from_first_to_last(period, one) for one in given) else 0.0
    return _weakest(period, given).amount


def _from_first_to_last(period: Period, one: Contribution) -> bool:
    ends = one.ends or date.max
    begins = not period.dated or one.starts <= period.first
    return begins and ends >= (period.last or date.max) and near(one.amount, 1.0)


def _weakest(period: Period, given: Sequence[Contribution]) -> Level:
    curve = levels(Stretch(one.amount, one.starts, one.ends) for one in given)
    first = period.first
    if not period.dated:
        # Without a first day a need is met once all have started who give to it.
        first = max([first, *(one.starts for one in given)])
    return lowest(curve, first, period.last)


def _worst(case: Case, period: Period) -> str:
    if period.kind != "level":
        return ""
    return f" on {_weakest(period, case.of_need(period.need.need)).day}"


def _as_told(case: Case, period: Period, told: Coverage, given: float, short: float) -> Problems:
    name = period.need.need
    pairs = (("asked", told.asked, period.amount), ("given", told.given, given))
    for word, said, is_so in (*pairs, ("missing", told.missing, short)):
        if not near(said, is_so):
            yield f"{name}: {number_said(said)} are told as {word}, and it is {number_said(is_so)}"
    if told.unit != period.need.unit:
        yield f"{name}: told in {told.unit!r}, and asked for in {period.need.unit!r}"
    if not not_above(0.0, told.to_spare):
        yield f"{name}: {number_said(told.to_spare)} to spare is less than nothing"
    if period.kind == "level" and told.weakest_day is not None:
        given_then = level_on(
            levels(Stretch(one.amount, one.starts, one.ends) for one in case.of_need(name)),
            told.weakest_day,
        )
        if not near(given_then, given):
            amount = number_said(given_then)
            yield f"{name}: {told.weakest_day} has {amount}, so it is not its weakest day"
