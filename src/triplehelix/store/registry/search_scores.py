"""The scores of a question, record by record, as docs/methods/registry-search.md has them."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from triplehelix.capabilities.concepts import Asked, Concepts
from triplehelix.registry.pieces import CONCEPT, STATUS
from triplehelix.registry.questions import Question
from triplehelix.registry.ranking import (
    INHERITED,
    OF_CAPABILITY,
    OF_MEMBER,
    POWER,
    STATUS_COUNTS,
    Floats,
    rarity,
)
from triplehelix.store.registry.search_gains import Eyes, Having, Slots, ability, gain, summed
from triplehelix.store.registry.search_memory import KINDS, Snapshot
from triplehelix.store.registry.search_segments import Segment


class Scores:
    """
    What each record scores for one question, to one viewer, before status, place and rounding.

    Words are as rare as they are among the public records of the record's kind.
    """

    def __init__(self, held: Snapshot, eyes: Eyes, concepts: Concepts, question: Question) -> None:
        self._held, self._eyes, self._concepts = held, eyes, concepts
        self._question = question

    def of_assets(self, members: Slots) -> Floats:
        """Scores by slot; those of other kinds mean nothing. `members` are those seen."""
        score, others = self._of_words
        score = score.copy()
        for segment in self._held.segments:
            able = [(ability(segment, self._number(CONCEPT + slug), self._eyes), strength)
                    for slug, strength in self._question.capabilities.items()]  # fmt: skip
            capability = summed(segment, able, POWER)
            if capability is not None:
                score[segment.low : segment.high] += OF_CAPABILITY * capability ** (1 / POWER)
        of_members = others[np.searchsorted(self._held.others, members)]
        if of_members.any():
            columns = self._held.columns
            by_holder = np.zeros(len(self._held.shared.holders.texts) + 1)
            by_holder[columns["itself"][members]] = of_members
            score += OF_MEMBER * by_holder[columns["member"]]
        return score

    @cached_property
    def of_others(self) -> tuple[Slots, Floats]:
        """Slots of members and networks, and their scores."""
        return self._held.others, self._of_words[1]

    @cached_property
    def by_status(self) -> Floats:
        """By slot, what a score is multiplied by for what is closed or planned."""
        counts = np.ones(self._held.n)
        for status, share in STATUS_COUNTS.items():
            number = self._number(STATUS + status)
            for segment in self._held.segments:
                slots = ability(segment, number, self._eyes).slots
                counts[segment.low : segment.high][slots] = share
        return counts

    @cached_property
    def _of_words(self) -> tuple[Floats, Floats]:
        score, others = np.zeros(self._held.n), np.zeros(len(self._held.others))
        rare = {word: self._rarity(word) for one in self._question.asked
                for word, _ in one.stands_for}  # fmt: skip
        for asked in self._question.asked:
            for segment in self._held.segments:
                gains = [self._gain(segment, word) for word, _ in asked.stands_for]
                self._add(asked, gains, rare, score[segment.low : segment.high])
                self._add_others(asked, gains, rare, segment, others)
        return score, others

    def _add(
        self, asked: Asked, gains: Sequence[Having], rare: dict[str, Floats], score: Floats
    ) -> None:
        times = [surely * rare[word][0] for word, surely in asked.stands_for]
        if len(gains) == 1:
            gains[0].add_to(score, times[0], asked.weight)
            return
        best = np.zeros(len(score))
        for one, more in zip(gains, times, strict=True):
            one.raise_to(best, more)
        score += asked.weight * best

    def _add_others(
        self, asked: Asked, gains: Sequence[Having], rare: dict[str, Floats], segment: Segment,
        others: Floats,
    ) -> None:  # fmt: skip
        slots = self._held.others
        here = slice(*np.searchsorted(slots, [segment.low, segment.high]).tolist())
        at = slots[here]
        if not len(at):
            return
        kind = self._held.columns["kind"][at]
        best = np.zeros(len(at))
        for (word, surely), one in zip(asked.stands_for, gains, strict=True):
            best = np.maximum(best, (surely * rare[word])[kind] * one.at(at - segment.low))
        others[here] += asked.weight * best

    def _gain(self, segment: Segment, word: str) -> Having:
        telling = [(self._number(CONCEPT + slug), INHERITED * told)
                   for slug, told in self._concepts.telling(word).items()]  # fmt: skip
        return gain(segment, self._number(word), telling, self._eyes, (self._concepts, word))

    def _number(self, word: str) -> int | None:
        number = self._held.shared.vocabulary.numbers.get(word)
        return number if number is not None and number < self._held.n_with.shape[1] else None

    def _rarity(self, word: str) -> NDArray[np.float64]:
        """How rare a word is among the public records of each kind."""
        number = self._number(word)
        times = np.zeros(len(KINDS)) if number is None else self._held.n_with[:, number]
        rare = rarity(times, self._held.n_public)
        if self._concepts.knows(word):
            listed = np.full(len(KINDS), self._concepts.rarity(word))
            rare = np.minimum(listed, rare) if times.any() else listed
        return rare
