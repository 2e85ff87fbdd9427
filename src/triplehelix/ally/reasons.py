"""Why an asset does not count for a need: one bit for each reason, and the words for it."""

from collections.abc import Iterable
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray


class Reason(IntFlag):
    """A condition that an offer fails; several may hold at once."""

    UNIT = 1
    NO_AMOUNT = 2
    CLOSED = 4
    STATUS = 8
    STATE = 16
    LATE = 32
    ENDS = 64
    FAR = 128
    NO_PLACE = 256
    CONTAINMENT = 512
    ACCREDITATION = 1024
    COUNTRY = 2048
    ACCESS = 4096
    EXCLUDED = 8192
    PROMISED = 16384
    NATION = 32768


WORDS = {
    Reason.UNIT: "the unit does not convert to the need's",
    Reason.NO_AMOUNT: "no capacity is stated; it could be asked",
    Reason.CLOSED: "closed",
    Reason.STATUS: "planned or not confirmed",
    Reason.STATE: "the capacity is stated, planned or past, not available",
    Reason.LATE: "not ready in time",
    Reason.ENDS: "not there in these days",
    Reason.FAR: "too far",
    Reason.NO_PLACE: "no position is known, so no distance",
    Reason.CONTAINMENT: "the containment is lower or not stated",
    Reason.ACCREDITATION: "the accreditation is not stated",
    Reason.COUNTRY: "another country, or none stated",
    Reason.NATION: "another nation of the country, or none known",
    Reason.ACCESS: "the terms of access do not name who asks",
    Reason.EXCLUDED: "excluded by the call",
    Reason.PROMISED: "nothing free: promised already, or none at all",
}


def said(fails: int) -> tuple[str, ...]:
    """
    The reasons of an offer in words.

    Examples
    --------
    >>> said(Reason.FAR | Reason.CLOSED)
    ('closed', 'too far')
    """
    return tuple(WORDS[one] for one in Reason if fails & one)


def counted(fails: NDArray[np.int64], only: Iterable[Reason] = Reason) -> dict[str, int]:
    """
    How many fail for each reason, in words, most first.

    Examples
    --------
    >>> counted(np.array([4, 4, 132]))
    {'closed': 3, 'too far': 1}
    """
    times = {WORDS[one]: int(np.count_nonzero(fails & int(one))) for one in only}
    return {words: n for words, n in sorted(times.items(), key=lambda t: (-t[1], t[0])) if n}
