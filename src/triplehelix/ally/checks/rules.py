"""Whether the rules of a call are kept: who is in, how mixed, how much from one, for how much."""

from collections.abc import Iterator
from itertools import combinations
from math import fsum

from triplehelix.ally.call import MemberCap
from triplehelix.ally.checks.caps import cap_on
from triplehelix.ally.checks.case import Case, Period, Problems, near, not_above
from triplehelix.ally.checks.coverage import MET
from triplehelix.ally.checks.mix import mix_problems
from triplehelix.ally.checks.price import assumed_cost
from triplehelix.ally.curves import Stretch, level_on, levels, lowest
from triplehelix.ally.said import number_said


def rule_problems(case: Case) -> Problems:
    """
    Each rule that is not kept, in words.

    What could not be met is told to be `infeasible`: then rules that ask for more (of a helix, of
    countries, of a member) may be what is in the way, and only those that forbid are looked at.
    """
    yield from _partners(case)
    if case.alliance.status in MET:
        yield from mix_problems(case, case.alliance.partners)
        yield from _required(case)
        yield from _fixed(case)
    yield from _forbidden(case)
    for cap in case.rules.member_caps:
        yield from _cap(case, cap)
    yield from _budget(case)


def _partners(case: Case) -> Problems:
    partners, rules = case.alliance.partners, case.rules
    giving = {one.member for one in case.alliance.contributions}
    for name in sorted(giving - set(partners)):
        yield f"{name} gives something and is not among the partners"
    # One that has nothing to do until another drops out is a partner too.
    waiting = case.alliance.robust or {"robust", "recoverable"} & case.alliance.said.keys()
    for name in [] if waiting else sorted(set(partners) - giving - set(rules.include)):
        yield f"{name} is among the partners and gives nothing"
    if list(partners) != sorted(set(partners)):
        yield "the partners are not told once each, by id"
    if rules.most_partners is not None and len(partners) > rules.most_partners:
        yield f"{len(partners)} partners, and at most {rules.most_partners} are allowed"


def _required(case: Case) -> Problems:
    here = _here(case)
    for name in sorted(case.rules.include):
        if name not in here:
            yield f"{name} must be in, and is not"


def _forbidden(case: Case) -> Problems:
    here, rules = _here(case), case.rules
    for name in sorted(rules.exclude):
        if name in set(case.alliance.partners):
            yield f"{name} is excluded, and is a partner"
    for group in rules.never_together:
        for one, other in combinations(sorted(set(group)), 2):
            if one in here and other in here:
                yield f"{one} and {other} are never to be together"


def _here(case: Case) -> set[str]:
    """The ids of partners, of what is part of them, and of assets that give something."""
    held = (case.held(name) for name in case.alliance.partners)
    return set().union(*held) | {one.asset for one in case.alliance.contributions}


def _fixed(case: Case) -> Problems:
    for rule in case.rules.fixed:
        given = [one for one in case.of_need(rule.need) if one.asset == rule.asset]
        period = case.periods[rule.need]
        if not given:
            yield f"{rule.asset} is promised to {rule.need}, and gives nothing to it"
        elif rule.amount is not None and not not_above(
            rule.amount,
            _least(period, [Stretch(one.amount, one.starts, one.ends) for one in given]),
        ):
            amount = number_said(rule.amount or 0.0)
            yield f"{rule.asset} is promised to {rule.need} with {amount}, and gives less"


def _least(period: Period, parts: list[Stretch]) -> float:
    if period.kind != "level":
        return fsum(one.amount for one in parts)
    first = period.first if period.dated else max(one.first for one in parts)
    return lowest(levels(parts), first, period.last).amount


def _cap(case: Case, cap: MemberCap) -> Problems:
    for name, period in case.periods.items():
        limit = cap_on(case, cap, period)
        if limit is None:
            continue
        for member, most in _by_member(case, period):
            if not not_above(most, limit):
                yield (
                    f"{member} gives {number_said(most)} {period.need.unit} to {name}, and at most "
                    f"{number_said(limit)} may come from one member"
                )


def _by_member(case: Case, period: Period) -> Iterator[tuple[str, float]]:
    """The most that each member gives to a need on any day, or in all."""
    given = case.of_need(period.need.need)
    for member in sorted({one.member for one in given}):
        parts = [Stretch(one.amount, one.starts, one.ends) for one in given if one.member == member]
        if period.kind == "in_all":
            yield member, fsum(one.amount for one in parts)
        else:
            curve = levels(parts)
            yield member, max(level_on(curve, level.day) for level in curve)


def _budget(case: Case) -> Problems:
    if case.rules.budget is None:
        return
    paid = fsum(
        one.cost if one.cost is not None else assumed_cost(case, one)
        for one in case.alliance.contributions
        if one.asset in case.assets and one.need in case.periods
    )
    if not not_above(paid, case.rules.budget) and not near(paid, case.rules.budget):
        yield f"it costs {paid:,.2f}, and the budget is {case.rules.budget:,.2f}"
