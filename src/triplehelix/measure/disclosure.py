"""When a total says too much of those it is made of, and how a figure is rounded."""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from triplehelix.errors import InputError

TOO_FEW = "too few contributors"
DOMINATED = "one contributor dominates"
ALL_ZERO = "every contributor is zero"


class Contribution(NamedTuple):
    """What one unit (a site) adds to a total, and whose it is; `value` >= 0 in the total's unit."""

    owner: str
    value: float


class Rule(NamedTuple):
    """
    When a total may not be shown.

    `threshold` is the fewest owners a shown total may have; 0 or 1 asks for no such number.
    `p_percent` is how near the largest contribution may be guessed by the second largest
    contributor, in percent of the largest; None for a plain count, which tells nobody's size.
    """

    threshold: int = 5
    p_percent: float | None = None


def sensitivity(
    units: Iterable[str], contributions: Mapping[str, Contribution], rule: Rule
) -> str | None:
    """
    Say why the total of some units may not be shown, or None if it may.

    With contributions x1 >= x2 >= ... of the owners and their total X, it may not when there
    are fewer owners than the threshold; when X - x1 - x2 < p/100 x1, since the second owner
    could then tell x1 within p percent; or when X is 0, which tells every contribution.

    Parameters
    ----------
    units : the units that are added up, each with an entry in `contributions`
        Units of one owner count as one contributor. No units: nothing is shown, so None.
    contributions : each unit's owner and value
    rule : threshold and percentage

    Returns
    -------
    str or None
        `TOO_FEW`, `DOMINATED`, `ALL_ZERO`, or None.

    Raises
    ------
    InputError
        If the threshold or the percentage is negative, or a value is negative or not finite.

    References
    ----------
    Hundepool, Domingo-Ferrer, Franconi, Giessing, Schulte Nordholt, Spicer and de Wolf (2012),
    Statistical Disclosure Control, Wiley, chapter 4 (the p% rule). doi:10.1002/9781118348239

    Examples
    --------
    >>> staff = {"s1": Contribution("big", 900), "s2": Contribution("b", 60),
    ...          "s3": Contribution("c", 50), "s4": Contribution("d", 20)}
    >>> sensitivity(staff, staff, Rule(threshold=3, p_percent=10))
    'one contributor dominates'
    >>> sensitivity(staff, staff, Rule(threshold=3, p_percent=5)) is None
    True
    """
    _check(rule)
    of_owner: dict[str, list[float]] = {}
    for unit in units:
        owner, value = contributions[unit]
        if not (math.isfinite(value) and value >= 0):
            raise InputError(
                f"the contribution of {unit} is {value}; it must be finite and >= 0: leave a "
                "unit out whose figure is not known"
            )
        of_owner.setdefault(owner, []).append(value)
    if not of_owner:
        return None
    if len(of_owner) < rule.threshold:
        return TOO_FEW
    return _dominance([math.fsum(v) for v in of_owner.values()], rule.p_percent)


def _dominance(values: list[float], p_percent: float | None) -> str | None:
    if p_percent is None:
        return None
    first, *others = sorted(values, reverse=True)
    if first == 0:
        return ALL_ZERO
    return DOMINATED if math.fsum(others[1:]) < p_percent / 100 * first else None


def total(units: Iterable[str], contributions: Mapping[str, Contribution]) -> float:
    """
    Add up what some units contribute; the same in whatever order they come.

    Examples
    --------
    >>> total(["a", "b"], {"a": Contribution("x", 0.1), "b": Contribution("y", 0.2)})
    0.30000000000000004
    """
    return math.fsum(contributions[unit].value for unit in units)


def rounded(value: float, base: int) -> float:
    """
    Round to the nearest multiple of a base, halves up.

    What is shown depends on the value alone, so a rounded table tells nothing that the same
    table unrounded would not. Each figure is rounded by itself: rounded parts need not add
    up to their rounded total.

    Parameters
    ----------
    value : float
        >= 0, finite.
    base : int
        5 or 10, say; 0 or 1 leaves the value as it is.

    Returns
    -------
    float
        A multiple of the base. NaN where a value above 0 would become 0: "almost none" is
        never reported as "none".

    Raises
    ------
    InputError
        If the base is negative, or the value is negative or not finite.

    Examples
    --------
    >>> [rounded(n, 5) for n in (0, 2, 7, 7.5, 12)]
    [0.0, nan, 5.0, 10.0, 10.0]
    """
    if base < 0:
        raise InputError(f"figures cannot be rounded to {base}; give a whole number such as 5")
    if not (math.isfinite(value) and value >= 0):
        raise InputError(f"{value} cannot be rounded; a figure must be finite and >= 0")
    if base <= 1 or value == 0:
        return float(value)
    nearest = math.floor(value / base + 0.5) * base
    return float(nearest) if nearest else math.nan


def _check(rule: Rule) -> None:
    if rule.threshold < 0:
        raise InputError(
            f"the threshold is {rule.threshold}; give the fewest contributors a figure may have, "
            "such as 5, or 0 for no suppression"
        )
    if rule.p_percent is not None and not rule.p_percent >= 0:
        raise InputError(f"p_percent is {rule.p_percent}; give a percentage such as 10, or None")
