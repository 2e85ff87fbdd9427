"""Amounts and days in words."""

from datetime import date

# Not by strftime, which speaks the language of the machine.
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def number_said(amount: float) -> str:
    """
    An amount as people write it.

    Examples
    --------
    >>> number_said(20500.0), number_said(2.5), number_said(3_000_000.0)
    ('20,500', '2.5', '3,000,000')
    """
    return f"{amount:,.0f}" if abs(amount) >= 1e6 else f"{amount:,.6g}"


def day_said(day: date) -> str:
    """
    A day as people write it.

    Examples
    --------
    >>> day_said(date(2021, 3, 1))
    '1 March 2021'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
