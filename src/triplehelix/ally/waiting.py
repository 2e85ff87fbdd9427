"""Why a contribution cannot give (more) before a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from triplehelix.ally.alliance import Contribution
from triplehelix.ally.assets import Capacity
from triplehelix.ally.call import Rules
from triplehelix.ally.curves import after
from triplehelix.ally.said import day_said

Reason = Literal["surge", "starts", "promised", "lead", "lead not stated", "asked", "ready"]


@dataclass(frozen=True, slots=True)
class Wait:
    """
    More that is still to come from an asset, from a day on, and what it waits for.

    `amount` is by how much more than now, in the need's unit. `why` are all reasons that end on
    the eve of `day`; `said` the same in words.
    """

    asset: str
    member: str
    day: date
    amount: float
    why: tuple[Reason, ...]
    said: str


def why_until(
    day: date,
    contributions: Iterable[Contribution],
    capacities: Iterable[Capacity | None],
    rules: Rules,
    as_of: date,
) -> tuple[tuple[Reason, ...], str]:
    """
    The reasons why nothing (more) comes before a day, as words for programs and for people.

    `contributions` are those of one asset to one need; `capacities` theirs, None where the asset
    gives by yes or no, or where it cannot be seen.

    Examples
    --------
    >>> slow = Capacity("c", "pcr", 100, "tests", "day", lead_days=11)
    >>> why_until(date(2020, 12, 12), [], [slow], Rules(), date(2020, 12, 1))
    (('lead',), 'needs 11 days of notice')
    """
    found = [
        reason
        for capacity in capacities
        if capacity is not None
        for reason in _of_the_capacity(day, capacity, rules, as_of)
    ]
    given = list(contributions)
    if not found and any(one.ready == day for one in given):
        found.append(("ready", f"ready on {day_said(day)}"))
    if not found and any(one.starts == day for one in given):
        found.append(("asked", f"asked for from {day_said(day)} on"))
    if not found:
        found.append(("ready", f"from {day_said(day)} on"))
    return tuple(reason for reason, _ in found), "; ".join(words for _, words in found)


def _of_the_capacity(
    day: date, capacity: Capacity, rules: Rules, as_of: date
) -> list[tuple[Reason, str]]:
    found: list[tuple[Reason, str]] = []
    waited = (day - as_of).days
    if capacity.surge_amount is not None and capacity.surge_lead_days == waited > 0:
        found.append(("surge", f"its surge amount needs {_days(waited)}"))
    if capacity.starts == day:
        found.append(("starts", f"exists from {day_said(day)} on"))
    if any(after(one.ends) == day for one in capacity.promised):
        found.append(("promised", f"promised to others until {day_said(day - timedelta(days=1))}"))
    if waited > 0 and capacity.lead_days == waited:
        found.append(("lead", f"needs {_days(waited)} of notice"))
    if waited > 0 and capacity.lead_days is None and waited == rules.unknown_lead_days:
        found.append(("lead not stated", f"its notice is not stated; {_days(waited)} were assumed"))
    return found


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number:,} days"
