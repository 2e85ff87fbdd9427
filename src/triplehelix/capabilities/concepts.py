"""
From the words of a question to the capabilities it asks for.

The statistics are those of the capability list alone, which is public; no record moves them.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from triplehelix.capabilities.listed import Capabilities, Capability
from triplehelix.capabilities.words import ASKING, kin, stem, unmarked, words

# How much a word tells of a capability by where it stands.
DEFINED = 0.35
OFTEN = 0.15
# A whole phrase of two words and more tells more than its words.
WHOLE = 0.8
# What is narrower than what was asked for is asked for too; what is broader, hardly.
NARROWER, BROADER = 0.55, 0.2
ENOUGH, MOST = 0.35, 12
_SAME_START, _MOST_KEPT = 5, 10_000
# Words that fit nearly everything a registry holds.
GENERAL = frozenset(
    stem(word)
    for word in (
        "machine equipment instrument device facility facilities service services lab labs "
        "laboratory laboratories centre unit place room rooms people person team group kit tool "
        "company university hospital work working do doing new big large small test testing "
        "research study studies science scientific national high able access available hire rent "
        "borrow share done run offer provide time site day week many much thing someone's help "
        "system technology method methods specialist expert experts project made take "
        "support capacity local uk first human supply best country contract firm partner open "
        "commercial private public good quality own".split()
    )
)
GENERAL_WEIGHT = 0.45


@dataclass(frozen=True, slots=True)
class Asked:
    """A word of a question: the stems it may stand for, each with how surely, and its weight."""

    typed: str
    stands_for: tuple[tuple[str, float], ...]
    weight: float = 1.0


class Concepts:
    """
    A capability list made ready to be asked.

    Examples
    --------
    >>> pcr = Capability("pcr", "PCR testing", synonyms=("gene copying machine",))
    >>> concepts = Concepts(Capabilities((pcr, Capability("mri", "MRI"))))
    >>> list(concepts.asked_for(concepts.read("a machine for gene copying")))
    ['pcr']
    """

    def __init__(self, capabilities: Capabilities) -> None:
        self.capabilities = capabilities
        self._telling: dict[str, dict[str, float]] = {}
        self._kin: dict[str, list[str]] = {}
        self._phrases: dict[str, list[tuple[frozenset[str], str]]] = {}
        spoken = {one.capability: _phrases_of(one) for one in capabilities}
        self._rarity = _rarities({slug: set().union(*all_) for slug, all_ in spoken.items()})
        for one in capabilities:
            self._add(one, spoken[one.capability])

    @property
    def vocabulary(self) -> Collection[str]:
        """The stems that the list uses."""
        return self._telling.keys()

    @cached_property
    def surfaces(self) -> dict[str, str]:
        """A word as people write it for each stem of the list."""
        found: dict[str, str] = {}
        for one in self.capabilities:
            for text in (one.label, *one.synonyms, one.definition):
                for word in unmarked(text).replace("-", " ").split():
                    for each in words(word):
                        found.setdefault(each, word.strip("(),.;:'"))
        return found

    def knows(self, word: str) -> bool:
        """Whether a stem stands in the list."""
        return word in self._telling

    def telling(self, word: str) -> Mapping[str, float]:
        """Capabilities that a stem tells of, and how much; nothing for a stem not in the list."""
        return self._telling.get(word, {})

    def kin(self, word: str) -> list[str]:
        """Stems of the list of the same family, by letter."""
        found = self._kin.get(word)
        if found is None:
            # All of a family begin alike.
            start = word[:_SAME_START]
            found = [other for other in self._by_start.get(start, ()) if kin(word, other)]
            if len(self._kin) >= _MOST_KEPT:
                self._kin.clear()
            self._kin[word] = found
        return list(found)

    @cached_property
    def _by_start(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for word in sorted(self._telling):
            found.setdefault(word[:_SAME_START], []).append(word)
        return found

    def rarity(self, word: str) -> float:
        """How rare a stem is in the list (BM25's inverse document frequency)."""
        return self._rarity.get(word, 0.0)

    def read(self, question: str) -> list[Asked]:
        """The words of a question that the list knows, without corrections."""
        found = [word for word in words(question) if word not in ASKING]
        return [Asked(w, ((w, 1.0),), general_weight(w)) for w in dict.fromkeys(found)]

    def asked_for(self, question: Iterable[Asked]) -> dict[str, float]:
        """
        Capabilities a question asks for, and how strongly, above 0; the strongest first.

        Each word gives a capability its rarity times how much it tells of it (`DEFINED`,
        `OFTEN`); each whole phrase adds `WHOLE` of its words' rarity. Of these the best are kept
        (`ENOUGH` of the best, `MOST` of them), and then passed on to what is `NARROWER` and
        `BROADER`.
        """
        asked = list(question)
        scores = self._by_words(asked)
        self._add_phrases(asked, scores)
        best = max(scores.values(), default=0.0)
        kept = sorted(((-score, slug) for slug, score in scores.items() if score >= ENOUGH * best))
        return self._passed_on({slug: -score for score, slug in kept[:MOST]})

    def _by_words(self, asked: list[Asked]) -> dict[str, float]:
        scores: dict[str, float] = {}
        for each in asked:
            given: dict[str, float] = {}
            for word, surely in each.stands_for:
                for slug, telling in self._telling.get(word, {}).items():
                    score = surely * each.weight * telling * self._rarity[word]
                    given[slug] = max(given.get(slug, 0.0), score)
            for slug, score in given.items():
                scores[slug] = scores.get(slug, 0.0) + score
        return scores

    def _add_phrases(self, asked: list[Asked], scores: dict[str, float]) -> None:
        held = {word: surely for each in asked for word, surely in each.stands_for}
        best: dict[str, float] = {}
        for first in sorted(held):
            for phrase, slug in self._phrases.get(first, ()):
                if phrase <= held.keys():
                    whole = sum(held[w] * self._rarity[w] * general_weight(w)
                                for w in sorted(phrase))  # fmt: skip
                    best[slug] = max(best.get(slug, 0.0), WHOLE * whole)
        for slug, bonus in best.items():
            scores[slug] = scores.get(slug, 0.0) + bonus

    def _passed_on(self, scores: Mapping[str, float]) -> dict[str, float]:
        passed = dict(scores)
        for slug, score in scores.items():
            for below in self.capabilities.narrower(slug):
                if below != slug:
                    passed[below] = max(passed.get(below, 0.0), NARROWER * score)
            for n, above in enumerate(self.capabilities.broader(slug), 1):
                passed[above] = max(passed.get(above, 0.0), BROADER**n * score)
        return dict(sorted(passed.items(), key=lambda each: (-each[1], each[0])))

    def _add(self, one: Capability, phrases: list[frozenset[str]]) -> None:
        slug, told = one.capability, dict.fromkeys(words(one.definition), DEFINED)
        times: dict[str, int] = {}
        for phrase in phrases:
            whole = sum(self._rarity[w] for w in sorted(phrase)) or 1.0
            for word in phrase:
                times[word] = times.get(word, 0) + 1
                telling = math.sqrt(self._rarity[word] / whole)
                told[word] = max(told.get(word, 0.0), telling)
            if phrase:
                self._phrases.setdefault(min(phrase), []).append((phrase, slug))
        for word, telling in told.items():
            if word not in ASKING:
                more = OFTEN * math.log(max(times.get(word, 1), 1))
                self._telling.setdefault(word, {})[slug] = telling + more
                self._rarity.setdefault(word, max(self._rarity.values(), default=1.0))


def general_weight(word: str) -> float:
    """What a word weighs in a question: less where it fits nearly everything."""
    return GENERAL_WEIGHT if word in GENERAL else 1.0


def _phrases_of(one: Capability) -> list[frozenset[str]]:
    texts = (one.label, *one.synonyms)
    sets = (frozenset(word for word in words(text) if word not in ASKING) for text in texts)
    return [each for each in dict.fromkeys(sets) if each]


def _rarities(spoken: Mapping[str, set[str]]) -> dict[str, float]:
    times: dict[str, int] = {}
    for found in spoken.values():
        for word in found:
            times[word] = times.get(word, 0) + 1
    n = len(spoken)
    return {word: math.log(1 + (n - t + 0.5) / (t + 0.5)) for word, t in sorted(times.items())}
