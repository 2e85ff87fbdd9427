"""Names of countries as people use them."""

from functools import lru_cache

import pycountry

# Where ISO 3166 has a formal name and no common one, or has no entry at all.
_COMMON = {"XK": "Kosovo", "PS": "Palestine", "CD": "DR Congo", "CG": "Congo",
           "RU": "Russia", "GB": "United Kingdom", "TR": "Türkiye", "BN": "Brunei",
           "FK": "Falkland Islands", "CI": "Côte d’Ivoire"}  # fmt: skip

_THE = frozenset({"GB", "US", "NL", "AE", "PH", "BS", "GM", "MV", "CF", "DO", "CD", "CG"})


@lru_cache(maxsize=512)
def country_name(code: str | None) -> str:
    """
    Name of a country in English; the code itself where it is not known, a dash for None.

    Examples
    --------
    >>> country_name("KR"), country_name("GB"), country_name("ZZ"), country_name(None)
    ('South Korea', 'United Kingdom', 'ZZ', '–')
    """
    if not code:
        return "–"
    if code in _COMMON:
        return _COMMON[code]
    found = pycountry.countries.get(alpha_2=code)
    if found is None:
        return code
    return str(getattr(found, "common_name", None) or found.name.split(",")[0])


def country_within(code: str | None) -> str:
    """
    Name of a country as it stands after "in" or "to".

    Examples
    --------
    >>> country_within("GB"), country_within("FR")
    ('the United Kingdom', 'France')
    """
    return f"the {country_name(code)}" if code in _THE else country_name(code)
