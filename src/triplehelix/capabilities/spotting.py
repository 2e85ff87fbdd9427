"""
Capabilities that running text speaks of: phrases found with their words apart and in any order.

Search (`concepts.py`) reads questions of a few words, all of which are asked; in a text most words
are about something else, so here each finding says which words led to it and how much they tell.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from triplehelix.capabilities.common_words import COMMON_WORDS
from triplehelix.capabilities.guessing import Guesser
from triplehelix.capabilities.listed import Capabilities, Capability
from triplehelix.capabilities.words import ASKING, stem, unmarked, words

# What a single word tells: one that belongs to one capability, an abbreviation in capitals, and
# one that is common in any text. Phrases of two words and more count from WHOLE up.
ALONE, ABBREVIATION, COMMON, WHOLE = 0.75, 0.9, 0.2, 1.0
PARTLY = 0.5
OF_COMMON, MORE_WORDS, GAP = 0.8, 0.15, 0.06
# Words of a phrase stand within this many words more than it has.
NAME_GAP, SIGN_GAP = 2, 6
_ASKED = frozenset(stem(word) for word in ASKING)
_ABBREVIATION = re.compile(r"[A-Z][A-Za-z]?[A-Z0-9]{0,5}(?:-[A-Z0-9]+)*s?")


@dataclass(frozen=True, slots=True)
class Spotted:
    """A capability that words of a text tell of, by their places, and how strongly (about 0-2)."""

    capability: str
    places: tuple[int, ...]
    strength: float


@dataclass(frozen=True, slots=True)
class _Phrase:
    """What must stand together: for each of its words the stems that will do."""

    capability: str
    groups: tuple[frozenset[str], ...]
    strength: float
    gap: int
    written: str = ""


class Spotter:
    """
    A list of capabilities made ready to be spotted in sentences.

    Examples
    --------
    >>> vials = Capability("filling", "Filling", signs=("fill|put vial|glass",))
    >>> spotter = Spotter(Capabilities((vials,)))
    >>> [(s.capability, s.places) for s in spotter.spot("put it into sterile glass".split())]
    [('filling', (0, 4))]
    """

    def __init__(self, capabilities: Capabilities) -> None:
        self.capabilities = capabilities
        self._by_first: dict[str, list[_Phrase]] = {}
        spoken = [phrase for one in capabilities for phrase in _names_of(one)]
        shared: dict[tuple[frozenset[str], ...], set[str]] = {}
        for phrase in spoken:
            shared.setdefault(phrase.groups, set()).add(phrase.capability)
        for phrase in spoken:
            self._keep(phrase, len(self._distinct(shared[phrase.groups])))
        for one in capabilities:
            for phrase in _signs_of(one):
                self._keep(phrase, 1)

    def spot(self, typed: Sequence[str], stems: Sequence[tuple[str, ...]] = ()) -> list[Spotted]:
        """
        What the words of one sentence tell of, the strongest first; equals by slug and place.

        Parameters
        ----------
        typed : the words as they stand, which tells abbreviations.
        stems : for each of them the stems it is compared by; read from `typed` if left out.
        """
        stems = stems or [tuple(words(word)) for word in typed]
        held: dict[str, list[int]] = {}
        for place, own in enumerate(stems):
            for word in own:
                held.setdefault(word, []).append(place)
        found = [
            spotted
            for first in sorted(held)
            for phrase in self._by_first.get(first, ())
            for spotted in _find(phrase, held, typed)
        ]
        best: dict[tuple[str, tuple[int, ...]], Spotted] = {}
        for each in found:
            key = (each.capability, each.places)
            if key not in best or each.strength > best[key].strength:
                best[key] = each
        return sorted(best.values(), key=lambda s: (-s.strength, s.capability, s.places))

    @cached_property
    def guesser(self) -> Guesser:
        """For the words in which nothing is spotted."""
        return Guesser(self.capabilities)

    def _keep(self, phrase: _Phrase, belongs_to: int) -> None:
        shared = phrase.strength / math.sqrt(belongs_to)
        kept = _Phrase(phrase.capability, phrase.groups, shared, phrase.gap, phrase.written)
        fewest = min(len(group) for group in phrase.groups)
        least = min(sorted(group) for group in phrase.groups if len(group) == fewest)
        for first in least:
            self._by_first.setdefault(first, []).append(kept)

    def _distinct(self, slugs: Iterable[str]) -> set[str]:
        """Without those that another is narrower than: what names both names the narrower."""
        every = set(slugs)
        return every - {above for slug in every for above in self.capabilities.broader(slug)}


def _find(phrase: _Phrase, held: dict[str, list[int]], typed: Sequence[str]) -> Iterator[Spotted]:
    choices = [
        sorted({place for word in group for place in held.get(word, ())}) for group in phrase.groups
    ]
    if not all(choices):
        return
    widest = len(choices) + phrase.gap
    last = -1
    for anchor in min(choices, key=len):
        places = _nearest(anchor, choices)
        if places is None or places[0] <= last:
            continue
        gap = places[-1] - places[0] + 1 - len(choices)
        if places[-1] - places[0] + 1 > widest or not _written_so(phrase, typed, places):
            continue
        if len({typed[place].lower() for place in places}) < len(places):
            continue
        last = places[-1]
        yield Spotted(phrase.capability, places, phrase.strength * (1 - GAP * max(gap, 0)))


def _nearest(anchor: int, choices: list[list[int]]) -> tuple[int, ...] | None:
    """A place for each word of the phrase, the nearest to the anchor; no place twice."""
    taken: list[int] = []
    for own in choices:
        free = [place for place in own if place not in taken]
        if not free:
            return None
        taken.append(min(free, key=lambda place: (abs(place - anchor), place)))
    return tuple(sorted(taken))


def _written_so(phrase: _Phrase, typed: Sequence[str], places: tuple[int, ...]) -> bool:
    """An abbreviation must be written as one: "IT" is not "it"."""
    if not phrase.written:
        return True
    said = typed[places[0]]
    return said[:1].isupper() and (said.rstrip("s").isupper() or said == phrase.written)


def _names_of(one: Capability) -> Iterator[_Phrase]:
    for text in dict.fromkeys((one.label, *one.synonyms)):
        said = [word for word in dict.fromkeys(_simple(text)) if word not in ASKING]
        if not said or not any(re.search(r"[a-z]|\d{5}", word) for word in said):
            continue
        groups = tuple(frozenset((word,)) for word in said)
        if len(said) > 1:
            joint = stem("".join(re.findall(r"\w+", unmarked(text))))
            if joint in COMMON_WORDS:
                yield _Phrase(one.capability, groups, COMMON, NAME_GAP)
                continue
            common = all(word in COMMON_WORDS for word in said)
            strength = (OF_COMMON if common else WHOLE) + MORE_WORDS * (len(said) - 2)
            yield _Phrase(one.capability, groups, strength, NAME_GAP)
            continue
        # "make parts" is left with a word that is anybody's.
        common = said[0] in COMMON_WORDS or len(_simple(text)) > 1
        abbreviation = _ABBREVIATION.fullmatch(text) is not None and len(text) <= 8
        strength = COMMON if common else ABBREVIATION if abbreviation else ALONE
        yield _Phrase(one.capability, groups, strength, 0, text if abbreviation else "")


def _simple(text: str) -> list[str]:
    """Stems of a phrase, of a short compound the joint one: it is one word in a text as well."""
    found: list[str] = []
    for written in unmarked(text).split():
        parts = [part for part in re.split(r"[^\w]+", written) if part and part != "s"]
        found += [stem(part) for part in parts]
    return found


def _signs_of(one: Capability) -> Iterator[_Phrase]:
    for sign in one.signs:
        groups = tuple(
            frozenset(stem(unmarked(word)) for word in group.split("|")) for group in sign.split()
        )
        if len(groups) == 1:
            yield from _signs_alone(one, groups[0])
            continue
        strength = WHOLE + MORE_WORDS * (len(groups) - 2)
        yield _Phrase(one.capability, groups, strength, SIGN_GAP)
        if len(groups) > 2 and PARTLY:
            for left_out in range(len(groups)):
                rest = groups[:left_out] + groups[left_out + 1 :]
                if any(group <= _ASKED for group in rest):
                    continue
                yield _Phrase(one.capability, rest, PARTLY, SIGN_GAP // 2)


def _signs_alone(one: Capability, words_of_it: frozenset[str]) -> Iterator[_Phrase]:
    """Single words; "vaccinators" is read as "vaccine" is, which tells little."""
    common = words_of_it & COMMON_WORDS
    for own, strength in ((words_of_it - common, ALONE), (common, COMMON)):
        if own:
            yield _Phrase(one.capability, (own,), strength, 0)
