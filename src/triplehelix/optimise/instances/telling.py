"""Which of the formats a file is in, told by its content and never by its name."""

from collections.abc import Callable

from triplehelix.errors import InputError
from triplehelix.optimise.instances.facility import FacilityLocation, read_facility_location
from triplehelix.optimise.instances.p_median import PMedian, read_p_median
from triplehelix.optimise.instances.set_cover import SetCover, read_set_cover
from triplehelix.optimise.instances.team import TeamFormation, read_team_formation

Instance = TeamFormation | SetCover | FacilityLocation | PMedian


def read_instance(text: str, name: str = "the file", *, capacity: float | None = None) -> Instance:
    """
    Read a published instance in whichever of the four formats it is.

    A file is of the format whose counts account for every number in it.

    Parameters
    ----------
    text : the content of the file.
    name : what errors call it.
    capacity : of warehouses, where the file has a word in its place.

    Raises
    ------
    InputError
        If it is none of them, with what the likeliest format lacks.

    Examples
    --------
    >>> type(read_instance("2 3  1 2 3  2 1 2  1 3")).__name__
    'SetCover'
    >>> type(read_instance("p 1 1\\na 0 1 -1 0\\ns 0 1")).__name__
    'TeamFormation'
    """
    first = text.split(None, 1)[0] if text.strip() else ""
    if not first:
        raise InputError(f"{name}: it is empty; fetch it again")
    if "\0" in text:
        raise InputError(f"{name}: it is no text; unpack it first, if it is an archive")
    if first in ("p", "a", "s", "e") or first.startswith("c"):
        return read_team_formation(text, name)
    readers = _in_likely_order(text, capacity)
    problems = []
    for read in readers:
        try:
            return read(text, name)
        except InputError as err:
            problems.append(err)
    raise problems[0]


def _in_likely_order(text: str, capacity: float | None) -> list[Callable[[str, str], Instance]]:
    """The readers of files of numbers, first the one whose complaint would help most."""

    def facility(text: str, name: str) -> FacilityLocation:
        return read_facility_location(text, name, capacity=capacity)

    head = next(line for line in text.splitlines() if line.strip()).split()
    if len(head) == 3:
        return [read_p_median, read_set_cover, facility]
    if "." in text[:2000] or "capacity" in text[:2000]:
        return [facility, read_set_cover, read_p_median]
    return [read_set_cover, facility, read_p_median]
