"""What an amount of a need takes of a capacity, in the capacity's own unit."""

from collections.abc import Mapping
from datetime import date
from math import isclose
from typing import Any

from triplehelix.capabilities.listed import Capabilities, Unit, read_unit
from triplehelix.errors import InputError


def held_of(
    capabilities: Capabilities, capacity: Mapping[str, Any] | None, amount: float | None,
    unit: str | None, *, starts: date, ends: date | None,
) -> float | None:  # fmt: skip
    """
    How much of a capacity is held, on each day, for an amount in a need's unit.

    A plain count of things that are made, from a capacity that is a rate, is spread evenly over
    the days.

    Parameters
    ----------
    capacity : its fields; None, or no amount, holds nothing.

    Raises
    ------
    InputError
        If the units do not convert, or a count has no last day to be made by.

    Examples
    --------
    >>> from triplehelix.read.capabilities import read_capabilities
    >>> a_day = {"capability": "pcr-testing", "amount": 500.0, "unit": "samples", "per": "day"}
    >>> held_of(read_capabilities(), a_day, 700, "tests/week", starts=date(2026, 1, 1), ends=None)
    100.0
    """
    if capacity is None or amount is None or unit is None:
        return None
    given, own = read_unit(unit), Unit(capacity["unit"], capacity.get("per"))
    if given.per is None and own.per is not None:
        if ends is None:
            raise InputError(
                f"{amount:g} {unit} are made in all by some day, and no last day is given; give one"
            )
        amount, given = amount / ((ends - starts).days + 1), Unit(given.unit, "day")
    held = capabilities.convert(capacity["capability"], amount, given, own)
    most = float(capacity["amount"])
    # Rounding must not ask for more than there is.
    return most if isclose(held, most, rel_tol=1e-9) else held
