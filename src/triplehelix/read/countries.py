"""
Countries as people and datasets write them, as ISO 3166-1 alpha-2.

Codes are those of ISO 3166-1 with one more, `XK` for Kosovo, which the Commission and ROR
use. `UK` and `EL`, the Commission's own codes, become `GB` and `GR`. What ISO has retired
(`AN`, `YU`, `CS`) names no country of today and stays unknown.

References
----------
ISO 3166-1:2020; Interinstitutional style guide of the European Union, annex A5.
"""

import unicodedata
from functools import cache, lru_cache
from typing import Any

# What ISO's list does not say, or says only at length. Keys as `_key` leaves them.
_ALSO = {
    "uk": "GB", "el": "GR", "xkx": "XK", "u s": "US", "u s a": "US", "u k": "GB", "uae": "AE",
    "america": "US", "united states of america": "US", "bolivia": "BO", "bosnia": "BA",
    "britain": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "brunei": "BN", "burma": "MM", "cape verde": "CV",
    "czech republic": "CZ", "dr congo": "CD", "democratic republic of the congo": "CD",
    "democratic republic of congo": "CD", "republic of the congo": "CG", "east timor": "TL",
    "deutschland": "DE", "espana": "ES", "italia": "IT", "osterreich": "AT", "schweiz": "CH",
    "suisse": "CH", "hellas": "GR", "holland": "NL", "hong kong sar": "HK",
    "hong kong sar china": "HK", "iran": "IR", "ivory coast": "CI", "korea": "KR",
    "south korea": "KR", "north korea": "KP", "kosovo": "XK", "lao": "LA", "laos": "LA",
    "macau": "MO", "macao sar": "MO", "macedonia": "MK", "fyr macedonia": "MK",
    "former yugoslav republic of macedonia": "MK", "micronesia": "FM", "moldova": "MD",
    "netherlands": "NL", "palestine": "PS", "palestinian territories": "PS", "china pr": "CN",
    "pr china": "CN", "mainland china": "CN", "republic of ireland": "IE", "eire": "IE",
    "reunion": "RE", "russia": "RU", "swaziland": "SZ", "syria": "SY", "taiwan": "TW",
    "tanzania": "TZ", "turkey": "TR", "turkiye": "TR", "vatican": "VA", "vatican city": "VA",
    "venezuela": "VE", "viet nam": "VN", "vietnam": "VN", "falkland islands": "FK",
    "saint martin": "MF", "sint maarten": "SX", "st lucia": "LC", "cote divoire": "CI",
    "st kitts and nevis": "KN", "st vincent and the grenadines": "VC",
}  # fmt: skip

# Short English names where ISO's own is formal.
_SHORT = {
    "BN": "Brunei", "BO": "Bolivia", "CD": "DR Congo", "CG": "Congo", "CZ": "Czechia",
    "FK": "Falkland Islands", "FM": "Micronesia", "GB": "United Kingdom", "IR": "Iran",
    "KP": "North Korea", "KR": "South Korea", "LA": "Laos", "MD": "Moldova",
    "MF": "Saint Martin", "PS": "Palestine", "RU": "Russia", "SX": "Sint Maarten",
    "SY": "Syria", "TR": "Türkiye", "TW": "Taiwan", "TZ": "Tanzania", "US": "United States",
    "VA": "Vatican City", "VE": "Venezuela", "VG": "British Virgin Islands",
    "VI": "US Virgin Islands", "VN": "Vietnam", "XK": "Kosovo",
}  # fmt: skip


@lru_cache(maxsize=10_000)
def code_of(written: str) -> str | None:
    """
    Return the ISO 3166-1 alpha-2 code of a country however it is written.

    Parameters
    ----------
    written
        A two- or three-letter code or an English name, in any case, with or without
        accents and full stops. `Korea` is taken to be the South, a part of the United
        Kingdom to be the whole.

    Returns
    -------
    The code, or None where no country is so written (also for an empty text).

    Examples
    --------
    >>> [code_of(each) for each in ("UK", "el", "DEU", "South Korea", "Côte d'Ivoire", "ZZ")]
    ['GB', 'GR', 'DE', 'KR', 'CI', None]
    """
    return _codes().get(_key(written))


@lru_cache(maxsize=1_000)
def name_of(code: str) -> str | None:
    """
    Return the English short name of an alpha-2 code, None for a code that is none.

    Examples
    --------
    >>> name_of("GB"), name_of("KR"), name_of("UK")
    ('United Kingdom', 'South Korea', None)
    """
    if code in _SHORT:
        return _SHORT[code]
    country = _listed().get(code)
    return None if country is None else str(getattr(country, "common_name", country.name))


def _key(written: str) -> str:
    """Small letters without accents, signs, a leading `the`; words parted by one blank."""
    plain = unicodedata.normalize("NFKD", written.replace("&", " and "))
    letters = (c for c in plain.casefold() if not unicodedata.combining(c) and c not in "'’")
    words = "".join(c if c.isalnum() else " " for c in letters).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


@cache
def _listed() -> dict[str, Any]:
    import pycountry

    return {country.alpha_2: country for country in pycountry.countries}


@cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for code, country in _listed().items():
        names = [getattr(country, kind, "") for kind in ("name", "official_name", "common_name")]
        for written in (code, country.alpha_3, *names, *map(_turned, names)):
            codes.setdefault(_key(written), code)
    codes |= {_key(name): code for code, name in _SHORT.items()}
    codes |= {"xk": "XK", **_ALSO}
    codes.pop("", None)
    return codes


def _turned(name: str) -> str:
    """`Korea, Republic of` the other way round: `Republic of Korea`."""
    first, comma, rest = name.partition(", ")
    return f"{rest} {first}" if comma else ""
