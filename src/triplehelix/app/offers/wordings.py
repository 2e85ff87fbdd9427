"""The languages in which an offer can be written."""

from functools import lru_cache

from babel import Locale

from triplehelix.app.countries import country_name, country_within
from triplehelix.errors import UnknownName
from triplehelix.offer.wording import Separators, Wording
from triplehelix.read.catalogues import languages, translations

# Scripts that set no space between sentences.
_UNSPACED = frozenset({"ja", "km", "lo", "my", "th", "zh"})
# Where the people of a language write another name than CLDR's: for Japanese, as the country's
# own ministries do.
_AS_USED = {("ja", "GB"): "英国", ("ja", "US"): "米国"}


@lru_cache(maxsize=16)
def wording(language: str = "en") -> Wording:
    """
    How an offer speaks in a language: English, or one that has a catalogue.

    Raises
    ------
    UnknownName
        If there is no catalogue of it.

    Examples
    --------
    >>> wording("en").language, wording("ja").lists.two
    ('en', '、')
    """
    if language == "en":
        return Wording()
    if language not in languages():
        offered = ", ".join(["en", *languages()])
        raise UnknownName(f"no catalogue is in {language!r}; give one of {offered}")
    found, locale = translations(language), Locale.parse(language)
    space = "" if locale.language in _UNSPACED else " "
    return Wording(
        language, locale.text_direction, found.gettext, found.ngettext, _separators(locale), space
    )  # fmt: skip


def _separators(locale: Locale) -> Separators:
    """What stands between the places of CLDR's list patterns."""
    patterns = locale.list_patterns["standard"]
    return Separators(*(
        patterns[name].partition("{0}")[2].partition("{1}")[0]
        for name in ("2", "start", "middle", "end")
    ))  # fmt: skip


def offered_languages() -> dict[str, str]:
    """
    Every language that an offer can be written in, by its code, as it calls itself.

    Examples
    --------
    >>> offered_languages()
    {'en': 'English', 'ja': '日本語'}
    """
    return {code: _own_name(code) for code in ("en", *languages())}


def _own_name(code: str) -> str:
    return str(Locale.parse(code).get_display_name(code) or code)


def country_in(language: str, code: str, *, within: bool = False) -> str:
    """
    Name of a country in a language; `within`: as it stands after "in" or "to".

    Examples
    --------
    >>> country_in("ja", "KR"), country_in("ja", "GB"), country_in("en", "GB", within=True)
    ('韓国', '英国', 'the United Kingdom')
    """
    if language == "en":
        return country_within(code) if within else country_name(code)
    known = Locale.parse(language).territories
    return _AS_USED.get((language, code)) or str(known.get(code) or country_name(code))
