"""How many of the hits are of which kind, have which capability, belong to which member."""

from heapq import nsmallest
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from triplehelix.registry.pieces import CONCEPT
from triplehelix.store.registry.search_gains import Eyes, Slots
from triplehelix.store.registry.search_memory import Snapshot
from triplehelix.store.registry.search_segments import Segment

MOST_VALUES = 20
# From this share of a segment's records on, it is quicker to go through all of them.
_MANY = 0.1
Counts = list[tuple[str, int]]


class Facets:
    """Values of hits, at slots ascending, with their numbers; of what a viewer sees of them."""

    def __init__(self, held: Snapshot, eyes: Eyes, hits: Slots) -> None:
        self._held, self._eyes, self._hits = held, eyes, hits

    def kinds(self) -> Counts:
        """Kinds of assets."""
        texts = self._held.shared.asset_kinds.texts
        times = np.bincount(self._held.columns["asset_kind"][self._hits], minlength=len(texts))
        return _most(times, texts)

    def capabilities(self) -> Counts:
        """Capabilities, by slug."""
        words = self._held.shared.vocabulary.words
        times = np.zeros(self._held.n_with.shape[1], np.int64)
        lows = np.searchsorted(self._hits, [s.low for s in self._held.segments])
        edges = pairwise([*lows.tolist(), len(self._hits)])
        for segment, (start, end) in zip(self._held.segments, edges, strict=True):
            if end > start:
                places = self._places(segment, self._hits[start:end])
                if not self._eyes.everything:
                    places = places[self._eyes.met[segment.concepts.condition[places]]]
                times += np.bincount(segment.concept_of[places], minlength=len(times))
        return _most(times, words, CONCEPT)

    def members(self, shown: Slots) -> Counts:
        """Members that the viewer sees, at these slots, by id."""
        texts, columns = self._held.shared.holders.texts, self._held.columns
        # Numbers begin at -1, for none.
        of_all = np.bincount(columns["member"][self._hits] + 1, minlength=len(texts) + 1)[1:]
        times = np.zeros_like(of_all)
        itself = columns["itself"][shown]
        times[itself] = of_all[itself]
        return _most(times, texts)

    def _places(self, segment: Segment, hits: Slots) -> NDArray[np.intp]:
        """Places of the hits' capabilities in the segment."""
        if len(hits) > _MANY * (segment.high - segment.low):
            flags = np.zeros(segment.high - segment.low, bool)
            flags[hits - segment.low] = True
            return np.flatnonzero(flags[segment.concepts.slot - segment.low])
        starts = segment.concept_starts[hits - segment.low]
        n = segment.concept_starts[hits - segment.low + 1] - starts
        before = np.cumsum(n) - n
        return np.asarray(np.repeat(starts - before, n) + np.arange(int(n.sum())))


def _most(times: NDArray[np.int64], texts: list[str], prefix: str = "") -> Counts:
    """The most frequent, ties by value."""
    there = np.flatnonzero(times)
    n = times[there]
    if len(there) > MOST_VALUES:
        least = np.partition(n, len(n) - MOST_VALUES)[len(n) - MOST_VALUES]
        there, n = there[n >= least], n[n >= least]
    named = [(texts[at].removeprefix(prefix), more)
             for at, more in zip(there.tolist(), n.tolist(), strict=True)]  # fmt: skip
    return nsmallest(MOST_VALUES, named, key=lambda each: (-each[1], each[0]))
