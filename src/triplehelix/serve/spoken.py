"""Pages in the reader's language, which the address names: no cookie, no guess from a browser."""

from typing import Any

from markupsafe import Markup, escape

from triplehelix.app.offers.wordings import country_in, offered_languages
from triplehelix.draw.numbers import interval, shown
from triplehelix.draw.said import hint
from triplehelix.offer.document import Document
from triplehelix.offer.labels import labels
from triplehelix.offer.wording import Wording
from triplehelix.serve.map_words import level_names, map_words


def said(text: str, **parts: Any) -> Markup:
    """
    A text for a page, with its fields filled.

    Examples
    --------
    >>> said("{town} & more", town=Markup("<b>York</b>"))
    Markup('<b>York</b> &amp; more')
    """
    return Markup(escape(text)).format(**parts)  # noqa: S704


def spoken(words: Wording) -> dict[str, Any]:
    """
    What a template needs to speak: its catalogue, its language, and those it could be read in.

    `_` gives a text in the language, `say` one with its fields filled, `spoken` is the wording.

    Examples
    --------
    >>> spoken(Wording())["say"]("{town} is near", town=Markup("<b>York</b>"))
    Markup('<b>York</b> is near')
    """
    about = Document("", "", (), words.language, words.direction, (), labels(words))

    return {
        "_": words.gettext, "say": lambda text, **parts: said(words(text), **parts),
        "spoken": words, "lang": words.language, "direction": words.direction,
        "languages": offered_languages(),
        "country": lambda code: country_in(words.language, code),
        "shown": lambda figure: shown(figure, words.language),
        "interval": lambda figure: interval(figure, words.language),
        "map_words": map_words(words),
        "level_names": {} if words.language == "en" else level_names(words),
        "hint": lambda figure: hint(figure, about),
    }  # fmt: skip
