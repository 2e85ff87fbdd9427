"""Sentences with figures and names in them, in the language of whoever reads."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from triplehelix.errors import InputError
from triplehelix.offer.figures import Figure

_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Name:
    """The name of something, as it is called; `path` is its page in the atlas, if it has one."""

    text: str
    path: str = ""


Run = str | Name | Figure
Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Wording:
    """
    How an offer speaks: a language, and what turns an English text into it.

    `gettext` and `ngettext` are a catalogue's; the texts themselves without one.

    Examples
    --------
    >>> ours = Wording()
    >>> ours.say("{town} is near", town=Name("York"))
    (Name(text='York', path=''), ' is near')
    """

    language: str = "en"
    direction: str = "ltr"
    gettext: Callable[[str], str] = str
    ngettext: Callable[[str, str, int], str] = lambda one, many, n: one if n == 1 else many

    def __call__(self, text: str) -> str:
        """The text in this language."""
        return self.gettext(text)

    def say(self, text: str, **parts: Run | Runs) -> Runs:
        """
        The text in this language, with its `{fields}` filled by names and figures.

        Raises
        ------
        InputError
            If a field is not given.
        """
        return _filled(self.gettext(text), parts)

    def count(self, one: str, many: str, n: Figure, **parts: Run | Runs) -> Runs:
        """As `say`, in the form of the number of `n`, which fills the field `{n}`."""
        text = self.ngettext(one, many, int(n.value or 0))
        return _filled(text, {**parts, "n": n})

    def listed(self, names: list[Name]) -> Runs:
        """Names one after the other, as `A, B and C`."""
        runs: list[Run] = []
        for at, name in enumerate(names):
            if at:
                runs.append(self.gettext(" and ") if at == len(names) - 1 else self.gettext(", "))
            runs.append(name)
        return tuple(runs)


def _filled(text: str, parts: dict[str, "Run | Runs"]) -> Runs:
    runs: list[Run] = []
    for at, piece in enumerate(_FIELD.split(text)):
        if at % 2 == 0:
            if piece:
                runs.append(piece)
            continue
        if piece not in parts:
            raise InputError(f"the text {text!r} has the field {piece!r}, which is not given")
        part = parts[piece]
        runs.extend(part if isinstance(part, tuple) else (part,))
    return tuple(runs)
