"""What a catalogue must keep to, whatever its language."""

import re
from io import BytesIO
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from triplehelix.read.catalogues import FOLDER
from triplehelix.read.texts_to_translate import template


def wanted() -> Catalog:
    """The template of today."""
    return read_po(BytesIO(template()))


def catalogue(language: str) -> Catalog:
    """The catalogue of a language as it stands in the package."""
    return read_po(BytesIO((FOLDER / f"{language}.po").read_bytes()), locale=language)


def fields(text: str) -> set[str]:
    """
    The fields of a text, without braces; a text whose braces do not pair raises ValueError.

    Examples
    --------
    >>> sorted(fields("{a} is near {b}"))
    ['a', 'b']
    """
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def forms(text: "str | tuple[str, ...] | list[str]") -> list[str]:
    """A message or a translation as a list of its forms."""
    return [text] if isinstance(text, str) else list(text)


def faults(own: Catalog, of_today: Catalog) -> list[str]:
    """What is missing, left over, unsure, or has other fields than the English text."""
    found = []
    for message in of_today:
        if not message.id:
            continue
        said = own.get(forms(message.id)[0])
        if said is None:
            found.append(f"not in the catalogue: {message.id!r}")
            continue
        translated = forms(said.string)
        if isinstance(message.id, tuple) and len(translated) != own.num_plurals:
            found.append(f"{len(translated)} forms, not {own.num_plurals}: {message.id!r}")
        if not all(translated):
            found.append(f"not translated: {message.id!r}")
        elif said.fuzzy:
            found.append(f"unsure (fuzzy): {message.id!r}")
        elif any(fields(each) != fields(forms(message.id)[-1]) for each in translated):
            found.append(f"other fields: {message.id!r} {translated!r}")
    known = {forms(message.id)[0] for message in of_today if message.id}
    return found + [f"no longer said: {m.id!r}" for m in own if forms(m.id)[0] not in known | {""}]


def latin_words(text: str, names: "set[str] | frozenset[str]" = frozenset()) -> set[str]:
    """
    Words of two Latin letters or more that are in none of the names.

    Examples
    --------
    >>> latin_words("York大学はnearです", {"York"})
    {'near'}
    """
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return set(re.findall(r"[A-Za-z][A-Za-z’'-]+", text))
