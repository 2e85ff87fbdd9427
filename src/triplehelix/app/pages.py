"""Cutting a long answer into pages."""

from typing import NamedTuple

from triplehelix.errors import InputError

PER_PAGE = 200
MOST_PER_PAGE = 1000


class Cut(NamedTuple):
    """One page of a longer answer; pages count from 1."""

    page: int
    per_page: int

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.page - 1) * self.per_page


def cut(page: int, per_page: int = PER_PAGE) -> Cut:
    """
    Check a page number and size.

    Raises
    ------
    InputError
        If the page is below 1, or the size not within 1 to 1000.

    Examples
    --------
    >>> cut(3, 50).offset
    100
    """
    if not 1 <= page <= 1_000_000:
        raise InputError(f"page is {page}; pages count from 1")
    if not 1 <= per_page <= MOST_PER_PAGE:
        raise InputError(f"per_page is {per_page}; give a number from 1 to {MOST_PER_PAGE}")
    return Cut(page, per_page)


def pages_of(total: int, per_page: int = PER_PAGE) -> int:
    """
    Pages that `total` rows fill; at least one.

    Examples
    --------
    >>> pages_of(0), pages_of(200), pages_of(201)
    (1, 1, 2)
    """
    return max(1, -(-total // per_page))
