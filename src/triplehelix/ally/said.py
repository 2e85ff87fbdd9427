"""Amounts in words."""


def number_said(amount: float) -> str:
    """
    An amount as people write it.

    Examples
    --------
    >>> number_said(20500.0), number_said(2.5), number_said(3_000_000.0)
    ('20,500', '2.5', '3,000,000')
    """
    return f"{amount:,.0f}" if abs(amount) >= 1e6 else f"{amount:,.6g}"
