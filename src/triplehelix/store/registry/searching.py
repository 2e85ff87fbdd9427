"""
Search through a viewer's eyes: hits, their order, facets and totals of what the viewer sees.

All statistics (how rare a word is, which words may have been meant) come from what everybody
sees; what a viewer sees further is found by them, and ranked with the same statistics.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from heapq import nsmallest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triplehelix.capabilities.concepts import Concepts
from triplehelix.registry.pieces import CONCEPT
from triplehelix.registry.questions import MOST_ERRORS, Question, read_question
from triplehelix.registry.ranking import CUT, DECIMALS, Floats
from triplehelix.registry.whereabouts import Where
from triplehelix.sphere import chord, distance_km
from triplehelix.store.registry.search_facets import Facets
from triplehelix.store.registry.search_gains import Eyes, Flags, Slots, ability
from triplehelix.store.registry.search_memory import KINDS, Snapshot, snapshot
from triplehelix.store.registry.search_places import factors, vectors
from triplehelix.store.registry.search_scores import Scores
from triplehelix.store.registry.sight import Sight

_ASSET, _MEMBER, _NETWORK = range(len(KINDS))
_FAR = 1e-9
# Above it by this much more than rounding: for what is left out before it is worked out.
_ROUNDING = 1e-5
_BLOCK = 64


@dataclass(frozen=True, slots=True)
class Narrowing:
    """
    What hits must be besides found; None where it does not matter.

    `capabilities` is one of these at least; `holders` are ids of members and networks, one of
    which holds it; `ids` are those of the assets themselves; `near` is (lat, lon) with
    `within_km`.
    """

    kind: str | None = None
    capabilities: tuple[str, ...] | None = None
    holders: frozenset[str] | None = None
    ids: frozenset[str] | None = None
    near: tuple[float, float] | None = None
    within_km: float | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """
    The hits of one page as (id, score, distance in km or None), and facets of all of them.

    Facets are (value, hits with it), the 20 most frequent, ties by value; `members` by id.
    """

    hits: list[tuple[str, float, float | None]]
    total: int
    kinds: list[tuple[str, int]] = field(default_factory=list)
    capabilities: list[tuple[str, int]] = field(default_factory=list)
    members: list[tuple[str, int]] = field(default_factory=list)


class Search:
    """The search of one viewer at one moment."""

    def __init__(self, sight: Sight, concepts: Concepts) -> None:
        self.sight, self.concepts = sight, concepts
        self._held: Snapshot = snapshot(sight.connection)
        self._n_with = self._held.n_with
        self._columns = self._held.columns
        self._scored: tuple[Question, Scores] | None = None
        self._slot_of: dict[str, int] = {}

    def read(self, text: str, where: Where | None = None) -> Question:
        """What a question says, to this viewer; `where` is the place it names."""
        return read_question(text, self.concepts, self._is_known, self._similar, where)

    def assets(self, question: Question, narrowing: Narrowing, *, first: int, most: int) -> Ranked:
        """Assets that answer a question: `most` from number `first` (0 is the best) on."""
        mask = self._fits(narrowing, self._seen(_ASSET))
        slots, scores = self._answering(question, mask)
        page = self._page(slots, scores, narrowing.near, first, most)
        facets = Facets(self._held, self._eyes, slots)
        shown = self._seen_others(_MEMBER)
        return Ranked(page, len(slots), facets.kinds(), facets.capabilities(),
                      facets.members(shown))  # fmt: skip

    def holders(self, question: Question, *, most: int) -> list[tuple[str, str]]:
        """(kind, id) of members and networks that a question names, the best first."""
        if question.is_empty:
            return []
        others, text = self._scores(question).of_others
        scores = np.round(text, DECIMALS)
        hits = self._sees[others] & (scores > 0)
        hits &= scores >= 0.5 * scores[hits].max(initial=0.0)
        page = self._page(others[hits], scores[hits], None, 0, most)
        kinds = self._columns["kind"]
        return [(KINDS[kinds[self._slot_of[id_]]], id_) for id_, _, _ in page]

    def says(self, record_id: str, words: Iterable[str]) -> set[str]:
        """Those of some words that a record on a page says, as far as the viewer sees."""
        slot = self._slot_of[record_id]
        numbers = {n: word for word in words if (n := self._word(word)) is not None}
        if not numbers:
            return set()
        segment = next(each for each in self._held.segments if each.low <= slot < each.high)
        places = segment.at([slot])
        places = places[self._eyes.met[segment.postings.condition[places]]]
        said = segment.word_of[places].tolist()
        return {numbers[n] for n in said if n in numbers}

    def begins(self, prefix: str, *, most: int) -> list[tuple[str, str, str]]:
        """(kind, id, name) of public records whose name begins so, by name and id."""
        folded = prefix.casefold()
        if not folded:
            return []
        start = folded.encode(errors="replace")[:8]
        low = int.from_bytes(start.ljust(8, b"\0"), "big")
        high = int.from_bytes(start.ljust(8, b"\xff"), "big")
        key = self._columns["name_key"]
        public = self._held.alive & (self._columns["condition"] == 0)
        slots = np.flatnonzero(public & (key >= np.uint64(low)) & (key <= np.uint64(high)))
        shared = self._held.shared
        found = sorted(
            (shared.names[s].casefold(), shared.names[s], shared.ids[s], int(s)) for s in slots
            if shared.names[s].casefold().startswith(folded)
        )  # fmt: skip
        return [(KINDS[self._columns["kind"][s]], i, name) for _, name, i, s in found[:most]]

    @cached_property
    def _eyes(self) -> Eyes:
        numbers = self._held.shared.conditions.numbers
        met = self.sight.met
        seen = np.full(len(self._held.shared.conditions.texts) + 1, met is None)
        seen[-1] = False
        seen[[numbers[name] for name in met or () if name in numbers]] = True
        return Eyes(seen, met is None, met is not None and not seen[1:].any())

    @cached_property
    def _sees(self) -> Flags:
        condition = self._columns["condition"]
        if self._eyes.everything:
            return self._held.alive
        met = condition == 0 if self._eyes.only_public else self._eyes.met[condition]
        return np.asarray(self._held.alive & met)

    def _seen(self, kind: int) -> Flags:
        of_kind: Flags = self._columns["kind"] == kind
        return self._sees & of_kind

    def _seen_others(self, kind: int) -> Slots:
        """The slots that the viewer sees of members, or networks."""
        others = self._held.others
        of_kind = self._columns["kind"][others] == kind
        return np.asarray(others[self._sees[others] & of_kind])

    def _word(self, word: str) -> int | None:
        number = self._held.shared.vocabulary.numbers.get(word)
        return number if number is not None and number < self._n_with.shape[1] else None

    def _is_known(self, word: str) -> bool:
        number = self._word(word)
        if number is None or self._n_with[:, number].any():
            return number is not None
        found = (each.of(number) for each in self._held.segments)
        return any(
            (self._eyes.met[some.condition] & self._held.alive[some.slot]).any()
            for some in found if some is not None
        )  # fmt: skip

    def _similar(self, word: str) -> list[tuple[str, int]]:
        vocabulary = self._held.shared.vocabulary
        close = np.array(vocabulary.close_to(word, MOST_ERRORS), int)
        close = close[close < self._n_with.shape[1]]
        times = self._n_with[:, close].sum(axis=0)
        pairs = zip(close.tolist(), times.tolist(), strict=True)
        return [(vocabulary.words[n], n_times) for n, n_times in pairs if n_times]

    def _scores(self, question: Question) -> Scores:
        if self._scored is None or self._scored[0] is not question:
            self._scored = question, Scores(self._held, self._eyes, self.concepts, question)
        return self._scored[1]

    def _answering(self, question: Question, mask: Flags) -> tuple[Slots, Floats]:
        """The slots that answer, of those that may, and their scores."""
        if question.is_empty:
            slots = np.flatnonzero(mask)
            return slots, self._counts(question, slots)
        raw = self._scores(question).of_assets(self._seen_others(_MEMBER))
        raw *= mask
        if not len(raw):
            return np.empty(0, np.intp), raw
        # One hit's score is at most the best one: what is far below a tenth of it is no hit.
        sure = self._counted(question, np.array([raw.argmax()]), raw)[0]
        slots = np.flatnonzero(raw > max(CUT * sure - _ROUNDING, 0.0))
        scores = self._counted(question, slots, raw)
        hits = (scores > 0) & (scores >= CUT * scores.max(initial=0.0))
        return slots[hits], scores[hits]

    def _counted(self, question: Question, slots: Slots, raw: Floats) -> Floats:
        counts = self._counts(question, slots)
        return np.asarray(np.round(np.round(raw[slots], DECIMALS) * counts, DECIMALS))

    def _counts(self, question: Question, slots: Slots) -> Floats:
        """What a record's score is multiplied by for its status and its place."""
        counts = np.ones(len(slots))
        if not question.of_the_past:
            counts = self._scores(question).by_status[slots]
        if question.where is not None:
            shown = self._eyes.met[self._columns["place_condition"][slots]]
            counts *= factors(self._held, question.where, slots, shown)
        return counts

    def _fits(self, narrowing: Narrowing, fits: Flags) -> Flags:
        shared = self._held.shared
        if narrowing.kind is not None:
            number = shared.asset_kinds.numbers.get(narrowing.kind, -2)
            fits &= self._columns["asset_kind"] == number
        if narrowing.capabilities is not None:
            able = np.zeros(self._held.n, bool)
            for segment in self._held.segments:
                for slug in narrowing.capabilities:
                    slots = ability(segment, self._word(CONCEPT + slug), self._eyes).slots
                    able[segment.low : segment.high][slots] = True
            fits &= able
        if narrowing.holders is not None:
            wanted = self._numbered(narrowing.holders)
            fits &= wanted[self._columns["member"]] | wanted[self._columns["network"]]
        if narrowing.ids is not None:
            fits &= self._numbered(narrowing.ids)[self._columns["itself"]]
        if narrowing.near is not None and narrowing.within_km is not None:
            fits &= self._within(narrowing.near, narrowing.within_km, fits)
        return fits

    def _numbered(self, ids: Iterable[str]) -> NDArray[np.bool_]:
        """By number of a record, whether it is one of these; the last is for none at all."""
        numbers = self._held.shared.holders.numbers
        wanted = np.zeros(len(self._held.shared.holders.texts) + 1, bool)
        wanted[[numbers[each] for each in ids if each in numbers]] = True
        return wanted

    def _within(self, near: tuple[float, float], km: float, wanted: Flags) -> Flags:
        slots = np.flatnonzero(wanted)
        slots = slots[self._eyes.met[self._columns["place_condition"][slots]]]
        if km < 20_000:
            # Straight lines first, for they cost little; then the distance itself.
            apart = 2 - 2 * vectors(self._held, slots, near)
            slots = slots[apart <= (chord(km) + _FAR) ** 2 + _FAR]
        lat, lon = self._columns["lat"][slots], self._columns["lon"][slots]
        within = np.zeros(self._held.n, bool)
        within[slots[distance_km(*near, lat, lon) <= km]] = True
        return within

    def _page(
        self, slots: Slots, scores: Floats, near: tuple[float, float] | None, first: int, most: int
    ) -> list[tuple[str, float, float | None]]:
        best = self._best(slots, scores, first + most)
        shared = self._held.shared

        def order(at: int) -> tuple[float, str, str, str]:
            name = shared.names[slots[at]]
            return -float(scores[at]), name.casefold(), name, shared.ids[slots[at]]

        page = nsmallest(first + most, best.tolist(), key=order)[first:]
        found = [(int(slots[at]), float(scores[at])) for at in page]
        self._slot_of.update((shared.ids[slot], slot) for slot, _ in found)
        return [(shared.ids[s], score, self._distance(s, near)) for s, score in found]

    def _best(self, slots: Slots, scores: Floats, most: int) -> Slots:
        """Which of the slots may be among the first `most`, by score and the name's beginning."""
        if len(slots) <= most:
            return np.arange(len(slots))
        least = _largest(scores, most)
        sure, tied = np.flatnonzero(scores > least), np.flatnonzero(scores == least)
        left = most - len(sure)
        key = ~self._columns["name_key"][slots[tied]]
        return np.concatenate([sure, tied[key >= _largest(key, left)]])

    def _distance(self, slot: int, near: tuple[float, float] | None) -> float | None:
        if near is None or not self._eyes.met[self._columns["place_condition"][slot]]:
            return None
        place = self._columns["lat"][slot], self._columns["lon"][slot]
        return round(float(distance_km(*near, *place)), 1)


def _largest(values: NDArray[Any], nth: int) -> Any:
    """The nth largest value (1 is the largest), of at least so many."""
    n = len(values) // _BLOCK
    if n > nth:
        # The nth largest of the blocks' best is no larger than the nth largest of all.
        bests = values[: n * _BLOCK].reshape(n, _BLOCK).max(axis=1)
        values = values[values >= np.partition(bests, n - nth)[n - nth]]
    return np.partition(values, len(values) - nth)[len(values) - nth]
