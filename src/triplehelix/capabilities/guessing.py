"""What a few words are most likely about, where no phrase of the list stands in them."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from triplehelix.capabilities.listed import Capabilities, Capability
from triplehelix.capabilities.words import ASKING, stem, unmarked, words

_PASSED_OVER = frozenset(stem(word) for word in ASKING)


class Guess(NamedTuple):
    """A capability, how much the words tell of it, and the stems that do."""

    capability: str
    score: float
    telling: frozenset[str]


class Guesser:
    """
    Capabilities by the single words of their names, signs and definitions.

    A word counts the logarithm of how many capabilities there are over how many have it, after
    Spärck Jones (1972), Journal of Documentation 28(1), doi:10.1108/eb026526.

    Examples
    --------
    >>> beds = Capability("beds", "Hospital beds", signs=("ward|nurse patient",))
    >>> vials = Capability("filling", "Filling of vials")
    >>> guesser = Guesser(Capabilities((beds, vials)))
    >>> guesser.guess(words("nurses on a ward"), enough=1.0, margin=1.3).capability
    'beds'
    >>> guesser.guess(words("something else"), enough=1.0, margin=1.3) is None
    True
    """

    def __init__(self, capabilities: Capabilities) -> None:
        self._capabilities = capabilities
        every = list(capabilities)
        held: dict[str, list[str]] = {}
        for one in every:
            for word in sorted(_words_of(one) - _PASSED_OVER):
                held.setdefault(word, []).append(one.capability)
        self._tells = {
            word: (math.log(len(every) / len(slugs)), slugs) for word, slugs in held.items()
        }

    def guess(self, said: Sequence[str], enough: float, margin: float) -> Guess | None:
        """
        What stems are most likely about; None where that is not clear.

        Clear is a score of `enough`, `margin` times that of the next which is no kin of it.
        """
        scores: dict[str, float] = {}
        for word in sorted(set(said) & self._tells.keys()):
            tells, slugs = self._tells[word]
            for slug in slugs:
                scores[slug] = scores.get(slug, 0.0) + tells
        ranked = sorted(scores.items(), key=lambda each: (-each[1], each[0]))
        if not ranked or ranked[0][1] < enough:
            return None
        slug, score = ranked[0]
        kin = {*self._capabilities.broader(slug), *self._capabilities.narrower(slug)}
        others = [other for name, other in ranked[1:] if name not in kin]
        if others and score < margin * others[0]:
            return None
        telling = frozenset(word for word in said if slug in self._tells.get(word, (0.0, []))[1])
        return Guess(slug, score, telling)


def _words_of(one: Capability) -> set[str]:
    spoken: Iterable[str] = (one.label, one.definition, *one.synonyms)
    found = {word for text in spoken for word in words(text)}
    in_signs = (word for sign in one.signs for group in sign.split() for word in group.split("|"))
    return found | {stem(unmarked(word)) for word in in_signs}
