"""Names of countries as people use them."""

from functools import lru_cache

import pycountry

# Where ISO 3166 has a formal name and no common one, or has no entry at all.
_COMMON = {"XK": "Kosovo", "PS": "Palestine", "CD": "DR Congo", "CG": "Congo",
           "RU": "Russia", "GB": "United Kingdom", "TR": "Türkiye", "BN": "Brunei",
           "FK": "Falkland Islands", "CI": "Côte d’Ivoire"}  # fmt: skip


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
