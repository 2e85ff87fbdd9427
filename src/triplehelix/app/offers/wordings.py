"""The languages in which an offer can be written."""

from triplehelix.errors import UnknownName
from triplehelix.offer.wording import Wording
from triplehelix.read.catalogues import languages, translations

_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


def wording(language: str = "en") -> Wording:
    """
    How an offer speaks in a language: English, or one that has a catalogue.

    Raises
    ------
    UnknownName
        If there is no catalogue of it.

    Examples
    --------
    >>> wording("en").language
    'en'
    """
    if language == "en":
        return Wording()
    if language not in languages():
        offered = ", ".join(["en", *languages()])
        raise UnknownName(f"no catalogue is in {language!r}; give one of {offered}")
    found = translations(language)
    direction = "rtl" if language.split("_")[0] in _RIGHT_TO_LEFT else "ltr"
    return Wording(language, direction, found.gettext, found.ngettext)
