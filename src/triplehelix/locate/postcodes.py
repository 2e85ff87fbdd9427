"""From a British postcode to a point, and how precise that point is."""

import re

_POSTCODE = re.compile(r"^([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})?$")


def postcode_levels(written: str) -> tuple[tuple[str, str], ...]:
    """
    The keys to look a written postcode up under, the most precise first.

    Each is (level, postcode without blanks); the empty tuple if it is no British postcode.
    An outcode alone is looked up as such.

    Examples
    --------
    >>> postcode_levels("nw1 1at")
    (('postcode', 'NW11AT'), ('sector', 'NW11'), ('outcode', 'NW1'))
    >>> postcode_levels("CB2")
    (('outcode', 'CB2'),)
    >>> postcode_levels("75015")
    ()
    """
    bare = re.sub(r"[^A-Z0-9]", "", written.upper())
    # The inward part is a digit and two letters: it decides where the outward part ends.
    split = re.match(r"^(.{2,4})(\d[A-Z]{2})$", bare)
    outward, inward = (split[1], split[2]) if split else (bare, "")
    if not _POSTCODE.match(outward + inward) or not re.match(r"^[A-Z]{1,2}\d[A-Z\d]?$", outward):
        return ()
    outcode = (("outcode", outward),)
    if not inward:
        return outcode
    return (("postcode", outward + inward), ("sector", outward + inward[0]), *outcode)
