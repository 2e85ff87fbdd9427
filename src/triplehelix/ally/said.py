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


def gap_said(gap: float) -> str:
    """
    How far something may be from the best possible; what is not nothing never reads as 0.

    Examples
    --------
    >>> gap_said(0.00003), gap_said(0.0123), gap_said(0.873), gap_said(1.0)
    ('<0.01 %', '1.2 %', '87 %', '100 %')
    """
    percent = gap * 100
    if percent < 0.01:
        return "<0.01 %"
    return f"{percent:.2g} %" if percent < 10 else f"{percent:.0f} %"
