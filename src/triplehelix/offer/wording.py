"""Sentences with figures and names in them, in the language of whoever reads."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from triplehelix.errors import InputError
from triplehelix.offer.figures import Figure

_FIELD = re.compile(r"\{(\w+)\}")
_YEARS = re.compile(r"(\d{4})/(\d{4})")


@dataclass(frozen=True, slots=True)
class Name:
    """The name of something, as it is called; `path` is its page in the atlas, if it has one."""

    text: str
    path: str = ""


Run = str | Name | Figure
Runs = tuple[Run, ...]


class Separators(NamedTuple):
    """What stands between two that are listed; between the first, middle, last of more."""

    two: str = " and "
    start: str = ", "
    middle: str = ", "
    end: str = " and "


@dataclass(frozen=True)
class Wording:
    """
    How an offer speaks: a language, and what turns an English text into it.

    `gettext` and `ngettext` are a catalogue's; the texts themselves without one. `lists` stand
    between what is listed, `space` between sentences.

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
    lists: Separators = Separators()
    space: str = " "

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
        return filled(self.gettext(text), **parts)

    def count(self, one: str, many: str, n: Figure, **parts: Run | Runs) -> Runs:
        """As `say`, in the form of the number of `n`, which fills the field `{n}`."""
        text = self.ngettext(one, many, int(n.value or 0))
        return filled(text, **{**parts, "n": n})

    def listed(self, names: Sequence[Name]) -> Runs:
        """
        Names one after the other, as `A, B and C`.

        Examples
        --------
        >>> [run if isinstance(run, str) else run.text
        ...  for run in Wording().listed([Name("A"), Name("B"), Name("C")])]
        ['A', ', ', 'B', ' and ', 'C']
        """
        last = len(names) - 1
        runs: list[Run] = []
        for at, name in enumerate(names):
            if at:
                runs.append(self._between(at, last))
            runs.append(name)
        return tuple(runs)

    def _between(self, at: int, last: int) -> str:
        if last == 1:
            return self.lists.two
        if at == last:
            return self.lists.end
        return self.lists.start if at == 1 else self.lists.middle

    def joined(self, texts: Iterable[str]) -> str:
        """Short texts one after the other, as `A, B, C`."""
        return self.lists.middle.join(texts)

    def sentences(self, said: Iterable[Runs]) -> Runs:
        """Whole sentences one after the other."""
        runs: list[Run] = []
        for each in said:
            runs += [self.space] if runs and each and self.space else []
            runs += each
        return tuple(runs)

    def years(self, period: str) -> str:
        """
        A period as people read it; what is no pair of years as it is.

        Examples
        --------
        >>> Wording().years("2014/2020"), Wording().years("2014/2014"), Wording().years("always")
        ('2014–2020', '2014', 'always')
        """
        return years(period, self.gettext("{first}–{last}"), self.gettext("{year}"))


def years(period: str, span: str, single: str) -> str:
    """
    A pair of years written by a pattern, or by that of a single year where they are the same.

    Examples
    --------
    >>> years("2014/2020", "{first} to {last}", "{year}"), years("2014/2014", "", "in {year}")
    ('2014 to 2020', 'in 2014')
    """
    found = _YEARS.fullmatch(period)
    if found is None:
        return period
    first, last = found.groups()
    return single.format(year=first) if first == last else span.format(first=first, last=last)


def filled(text: str, **parts: Run | Runs) -> Runs:
    """
    A text of whatever language with its `{fields}` filled.

    Raises
    ------
    InputError
        If a field is not given.

    Examples
    --------
    >>> filled("{town} is near", town=Name("York"))
    (Name(text='York', path=''), ' is near')
    """
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
