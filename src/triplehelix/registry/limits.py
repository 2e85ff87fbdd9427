"""
How often something may be tried: some times freely, then after waits that grow.

These are the published limits; docs/how-to/sign-in-through-your-institution.md repeats those of
accounts, docs/methods/enquiries.md those of enquiries.
"""

from typing import NamedTuple


class Limit(NamedTuple):
    """
    How often, and how long one waits afterwards.

    `free` attempts go without a wait; the next waits `first_s` seconds, each further one twice as
    long as the one before, at most `longest_s`. After `forgotten_s` without an attempt all is
    forgotten.
    """

    free: int
    first_s: int
    longest_s: int
    forgotten_s: int


MINUTE, HOUR, DAY = 60, 3_600, 86_400
SIGN_IN_OF_ACCOUNT = Limit(5, 30, 15 * MINUTE, DAY)
SIGN_IN_FROM_ADDRESS = Limit(30, 10, 15 * MINUTE, HOUR)
RESET_OF_ACCOUNT = Limit(3, 5 * MINUTE, 6 * HOUR, DAY)
RESET_FROM_ADDRESS = Limit(20, MINUTE, HOUR, HOUR)
START_FROM_ADDRESS = Limit(60, 5, 5 * MINUTE, 10 * MINUTE)
ENQUIRY_FROM_ADDRESS = Limit(10, 5 * MINUTE, 6 * HOUR, DAY)
ENQUIRY_OF_ACCOUNT = Limit(5, 10 * MINUTE, 6 * HOUR, DAY)


def wait_after(limit: Limit, attempts: int) -> int:
    """
    Seconds to wait after so many attempts in a row.

    Examples
    --------
    >>> [wait_after(Limit(2, 10, 60, 3600), n) for n in range(1, 8)]
    [0, 10, 20, 40, 60, 60, 60]
    """
    if attempts < limit.free:
        return 0
    doublings = min(attempts - limit.free, 40)
    return min(limit.first_s << doublings, limit.longest_s)
