"""Words of records as arrays: by word, which records have it, under which condition, how much."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from triplehelix.registry.pieces import CONCEPT

Whole = NDArray[np.int32]


_BYTES_PER_RECORD = 1_200
_LEAST_BYTES = 1_000_000
_MOST_ASKED = 4_000


class _Sized(Protocol):
    @property
    def size(self) -> int: ...


Kept = TypeVar("Kept", bound=_Sized)


class Memo:
    """What has been worked out from a segment; what was used longest ago makes room."""

    def __init__(self, most: int) -> None:
        self._most, self._bytes, self._lock = most, 0, Lock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What is kept under a key; made if there is nothing."""
        with self._lock:
            found: Kept | None = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._bytes += made.size
            while self._bytes > self._most and len(self._kept) > 1:
                self._bytes -= self._kept.popitem(last=False)[1].size
        return made


class PieceRow(NamedTuple):
    """One piece of the record at a slot, under a condition (by number)."""

    slot: int
    condition: int
    words: str
    weights: bytes


class Postings(NamedTuple):
    """Records that have a word: slots ascending, the condition of each piece, its weight there."""

    slot: Whole
    condition: Whole
    weight: NDArray[np.float32]

    def at(self, places: Any) -> "Postings":
        """Those at some places: a slice, numbers, or whether each is wanted."""
        return Postings(self.slot[places], self.condition[places], self.weight[places])


class Segment(NamedTuple):
    """
    The postings of the slots from `low` up to `high`, immutable.

    `starts[n]:starts[n + 1]` are those of `words[n]`, numbers of the vocabulary, ascending.
    `concepts` has the postings of those words that are capabilities, slot by slot, `concept_of`
    which; those of slot n from `concept_starts[n - low]`.
    `by_slot` has the postings' places slot by slot, those of slot n from `slot_starts[n - low]`.
    """

    low: int
    high: int
    words: Whole
    starts: NDArray[np.int64]
    postings: Postings
    word_of: Whole
    concepts: Postings
    concept_of: Whole
    concept_starts: NDArray[np.int64]
    by_slot: Whole
    slot_starts: NDArray[np.int64]
    memo: Memo

    def of(self, word: int) -> Postings | None:
        """The postings of a word; None if no record here has it."""
        n = int(np.searchsorted(self.words, word))
        if n == len(self.words) or self.words[n] != word:
            return None
        here = slice(int(self.starts[n]), int(self.starts[n + 1]))
        return self.postings.at(here)

    def at(self, slots: Sequence[int]) -> Whole:
        """The places of all postings of some of its slots."""
        starts = self.slot_starts
        runs = [self.by_slot[starts[s - self.low] : starts[s - self.low + 1]] for s in slots]
        return np.concatenate(runs) if runs else np.empty(0, np.int32)


class Vocabulary:
    """Words and their numbers, in the order they were met; it only grows."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.words: list[str] = []
        self.by_length: dict[int, list[str]] = {}
        self.concepts: dict[str, int] = {}
        self._close: OrderedDict[str, tuple[int, list[int]]] = OrderedDict()
        self._lock = Lock()

    def number(self, word: str) -> int:
        """The number of a word, a new one if it has none."""
        found = self.numbers.get(word)
        if found is None:
            found = len(self.words)
            # In this order, for others read meanwhile: what is in `words` is in the rest, too.
            self.numbers[word] = found
            if word.startswith(CONCEPT):
                self.concepts[word.removeprefix(CONCEPT)] = found
            else:
                self.by_length.setdefault(len(word), []).append(word)
            self.words.append(word)
        return found

    def close_to(self, word: str, most: int) -> list[int]:
        """
        Words, by number, that are at most so many typing errors away.

        They are kept, so that next time only words that are new meanwhile are gone through.
        """
        with self._lock:
            upto, found = self._close.pop(word, (0, []))
            now = len(self.words)
            if upto < now:
                new = self._of_length(word, most) if upto == 0 else self.words[upto:now]
                close = extract(word, new, scorer=OSA.distance, score_cutoff=most, limit=None)
                numbers = (self.numbers[other] for other, *_ in close)
                found = found + sorted(n for n in numbers if upto <= n < now)
            self._close[word] = now, found
            if len(self._close) > _MOST_ASKED:
                self._close.popitem(last=False)
        return found

    def _of_length(self, word: str, most: int) -> list[str]:
        lengths = range(len(word) - most, len(word) + most + 1)
        return [each for length in lengths for each in list(self.by_length.get(length, ()))]


def segment(rows: Sequence[PieceRow], vocabulary: Vocabulary, low: int, high: int) -> Segment:
    """The segment of pieces whose slots lie from `low` up to `high`."""
    rows = [row for row in rows if row.words]
    lists = pc.split_pattern(pa.array([row.words for row in rows], pa.large_string()), " ")
    counts = np.asarray(pc.list_value_length(lists), np.int64)
    coded = pc.list_flatten(lists).dictionary_encode()
    numbers = np.array([vocabulary.number(w) for w in coded.dictionary.to_pylist()], np.int32)
    word = numbers[np.asarray(coded.indices)] if len(rows) else np.empty(0, np.int32)
    slot = np.repeat(np.array([row.slot for row in rows], np.int32), counts)
    condition = np.repeat(np.array([row.condition for row in rows], np.int32), counts)
    weight = np.frombuffer(b"".join(row.weights for row in rows), "<f4").astype(np.float32)
    return _sorted(low, high, word, Postings(slot, condition, weight), vocabulary)


def merged(
    segments: Sequence[Segment], alive: NDArray[np.bool_], vocabulary: Vocabulary
) -> Segment:
    """Neighbouring segments as one, without the records that are gone."""
    word = np.concatenate([each.word_of for each in segments])
    columns = [np.concatenate(c) for c in zip(*(s.postings for s in segments), strict=True)]
    kept = alive[columns[0]]
    postings = Postings(*columns).at(kept)
    return _sorted(segments[0].low, segments[-1].high, word[kept], postings, vocabulary)


def _sorted(low: int, high: int, word: Whole, found: Postings, vocabulary: Vocabulary) -> Segment:
    # Stable, so that pieces of one record stay in the order of their conditions' names, and sums
    # are the same whatever else there is.
    order = np.argsort(word, kind="stable")
    word, found = word[order], found.at(order)
    words, first = np.unique(word, return_index=True)
    starts = np.append(first, len(word)).astype(np.int64)
    wanted = np.zeros(len(vocabulary.words), bool)
    wanted[list(vocabulary.concepts.values())] = True
    by_slot = np.argsort(found.slot, kind="stable").astype(np.int32)
    edges = np.arange(low, high + 1)
    slot_starts = np.searchsorted(found.slot[by_slot], edges)
    of_concept = by_slot[wanted[word[by_slot]]] if len(word) else by_slot
    concepts = found.at(of_concept)
    memo = Memo(_LEAST_BYTES + _BYTES_PER_RECORD * (high - low))
    return Segment(low, high, words.astype(np.int32), starts, found, word, concepts,
                   word[of_concept], np.searchsorted(concepts.slot, edges), by_slot, slot_starts,
                   memo)  # fmt: skip
