"""A need in words: which themes, and which roles of their value chains, it seems to ask for."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from triplehelix.offer.chain import Chain, SharedAsset

MOST_THEMES = 3
_WORD = re.compile(r"\w+")


class Phrases(NamedTuple):
    """What tells a theme or a role: its slug, its label, and phrases."""

    slug: str
    label: str
    phrases: tuple[str, ...]


class AbilityTold(NamedTuple):
    """Capabilities that the text asks for, with the broader ones, and the words that say so."""

    can: frozenset[str]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A theme or a role, and the words of the text that led to it."""

    slug: str
    label: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text seems to ask for: a suggestion, for a person to change. No roles: all."""

    themes: tuple[Told, ...]
    roles: tuple[Told, ...]


def understood(
    text: str, themes: Sequence[Phrases], chain: Chain, abilities: Iterable[AbilityTold] = ()
) -> Understood:
    """
    Read a need.

    A phrase counts where its words stand in the text one after the other, capitals, accents and a
    plural's s aside. Each word is used once, by the longest phrase it is part of. Themes come from
    the one with the most words on, of equals by slug; at most three. A role is told by its own
    phrases and by capabilities that are evidence of it.

    Examples
    --------
    >>> scheme = [Phrases("vaccines", "Vaccines", ("vaccine",))]
    >>> found = understood("Somebody to fill new vaccines", scheme, Chain("", "", (), ()))
    >>> found.themes
    (Told(slug='vaccines', label='Vaccines', words=('vaccines',)),)
    """
    found = _phrases_in(text, themes)
    ranked = sorted(found, key=lambda one: (-_weight(found[one]), one.slug))[:MOST_THEMES]
    told = tuple(Told(one.slug, one.label, tuple(found[one])) for one in ranked)
    return Understood(told, _roles(text, chain, [one.slug for one in told], list(abilities)))


def _roles(
    text: str, chain: Chain, themes: list[str], abilities: list[AbilityTold]
) -> tuple[Told, ...]:
    named = [Phrases(r.role, r.label, (r.label, *r.words)) for r in chain.roles]
    by_words = _phrases_in(text, named)
    every = [role.role for role in chain.roles]
    roles = []
    for one in named:
        words = list(by_words.get(one, ()))
        for ability in abilities:
            asset = SharedAsset("", "", "", "", ability.can)
            if any(one.slug in chain.of_asset(asset, theme, every) for theme in themes or [""]):
                words += [word for word in ability.words if word not in words]
        if words:
            roles.append(Told(one.slug, one.label, tuple(words)))
    return tuple(roles)


def _phrases_in(text: str, named: Sequence[Phrases]) -> dict[Phrases, list[str]]:
    """Of each that is told by the text, the words that tell it, in their order."""
    spans = [match.span() for match in _WORD.finditer(text)]
    folded = [_folded(text[start:end]) for start, end in spans]
    looked_for = sorted(
        {(tuple(map(_folded, _WORD.findall(phrase))), one)
         for one in named for phrase in one.phrases},
        key=lambda each: (-len(each[0]), each[0], each[1].slug),
    )  # fmt: skip
    used: set[int] = set()
    places: dict[Phrases, list[tuple[int, str]]] = {}
    for phrase, one in looked_for:
        for at in range(len(folded) - len(phrase) + 1 if phrase else 0):
            here = range(at, at + len(phrase))
            if tuple(folded[at : at + len(phrase)]) == phrase and used.isdisjoint(here):
                used.update(here)
                said = text[spans[at][0] : spans[at + len(phrase) - 1][1]]
                places.setdefault(one, []).append((at, said))
    return {one: [said for _, said in sorted(where)] for one, where in places.items()}


def _weight(words: list[str]) -> int:
    return sum(len(_WORD.findall(one)) for one in words)


def _folded(word: str) -> str:
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", word.casefold())
        if not unicodedata.combining(letter)
    )  # fmt: skip
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") and plain[-2] != "s" else plain
