"""Which languages are official in which country, by the Unicode locale data."""

import pycountry
from babel.languages import get_official_languages


def official_languages() -> dict[str, tuple[str, ...]]:
    """
    The languages official in each country, in law or in fact, by its ISO 3166-1 alpha-2 code.

    Regional languages are not among them: Italian and German make no pair of Italy and Austria.

    Examples
    --------
    >>> official_languages()["BE"], official_languages()["AT"]
    (('nl', 'fr', 'de'), ('de',))
    """
    codes = sorted(country.alpha_2 for country in pycountry.countries)
    return {code: tuple(get_official_languages(code, de_facto=True)) for code in codes}
