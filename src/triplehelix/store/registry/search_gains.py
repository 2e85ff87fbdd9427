"""
What a word gives the records of a segment, worked out once for what everybody sees.

A segment never changes, so neither does how much of a word a record has; how rare the word is
does, and is counted in later. Viewers who see more of a word than everybody get it worked out anew.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from triplehelix.registry.ranking import Floats, saturated
from triplehelix.store.registry.search_segments import Segment

Flags = NDArray[np.bool_]
Slots = NDArray[np.intp]
# A word that more than this share of the records have is kept with a place for each record.
_DENSE = 0.25


class Having(NamedTuple):
    """
    Records of a segment that have a word, by place in it, and how much of it.

    `slots` is None where `values` has one for each record. `hidden` has the conditions, each
    once, of what not everybody sees.
    """

    slots: Slots | None
    values: Floats
    hidden: NDArray[np.int32]

    @property
    def size(self) -> int:
        """Bytes."""
        slots = 0 if self.slots is None else self.slots.nbytes
        return slots + self.values.nbytes + self.hidden.nbytes + 500

    def at(self, slots: Slots) -> Floats:
        """The values at some places, 0 where there is none."""
        if self.slots is None:
            return np.asarray(self.values[slots])
        if not len(self.slots):
            return np.zeros(len(slots))
        n = np.minimum(np.searchsorted(self.slots, slots), len(self.slots) - 1)
        return np.where(self.slots[n] == slots, self.values[n], 0.0)

    def add_to(self, sums: Floats, times: float, again: float) -> None:
        """Add the values times a number, times another."""
        more = times * self.values
        if again != 1.0:
            more = again * more
        if self.slots is None:
            sums += more
        else:
            sums[self.slots] += more

    def raise_to(self, best: Floats, times: Any) -> None:
        """Let what is less than the values times a number be that."""
        more = times * self.values
        if self.slots is None:
            np.maximum(best, more, out=best)
        else:
            best[self.slots] = np.maximum(best[self.slots], more)


class Eyes(NamedTuple):
    """By number of a condition, whether the viewer meets it; the last is for none at all."""

    met: Flags
    everything: bool
    only_public: bool

    def may_have_more(self, hidden: NDArray[np.int32]) -> bool:
        """Whether the viewer sees something under one of these conditions."""
        return not self.only_public and bool(self.met[hidden].any())


def weights(segment: Segment, word: int | None, eyes: Eyes) -> tuple[Slots, Floats, Any]:
    """Places in a segment of the records that have a word, once each, and its weight there."""
    found = segment.of(word) if word is not None else None
    if found is None:
        return np.empty(0, np.intp), np.empty(0), np.empty(0, np.int32)
    hidden = np.unique(found.condition[found.condition != 0])
    if len(hidden):
        found = found.at(eyes.met[found.condition])
    slots = found.slot.astype(np.intp) - segment.low
    values = found.weight.astype(np.float64)
    if len(slots) and not (slots[1:] > slots[:-1]).all():
        slots, first = np.unique(slots, return_index=True)
        values = np.add.reduceat(values, first)
    return slots, values, hidden


def ability(segment: Segment, word: int | None, eyes: Eyes) -> Having:
    """The weights of a capability, for a viewer."""

    def make(seen_by: Eyes) -> Having:
        return Having(*weights(segment, word, seen_by))

    return _for(eyes, segment, ("ability", word), make)


def gain(
    segment: Segment, word: int | None, telling: Sequence[tuple[int | None, float]], eyes: Eyes,
    key: Hashable,
) -> Having:  # fmt: skip
    """
    What a word counts in each record: of its own text, and of its capabilities'.

    Parameters
    ----------
    telling : capabilities that the word tells of, by number, and what their weights count.
    key : names the word and the list that tells of it.
    """

    def make(seen_by: Eyes) -> Having:
        slots, own, hidden = weights(segment, word, seen_by)
        all_, values, unseen = [slots], [own], [hidden]
        for number, times in telling:
            able = ability(segment, number, seen_by)
            if able.slots is not None and len(able.slots):
                all_.append(able.slots)
                values.append(times * able.values)
            unseen.append(able.hidden)
        return _counted(segment, all_, values, np.unique(np.concatenate(unseen)))

    return _for(eyes, segment, ("gain", key), make)


def _counted(
    segment: Segment, slots: list[Slots], values: list[Floats], hidden: NDArray[np.int32]
) -> Having:
    if len(slots) == 1:
        return Having(slots[0], saturated(values[0]), hidden)
    size = segment.high - segment.low
    # Sums in the order of the list, as each record's own are.
    weight = np.bincount(np.concatenate(slots), np.concatenate(values), size)
    there = np.flatnonzero(weight)
    if len(there) > _DENSE * size:
        return Having(None, saturated(weight), hidden)
    return Having(there, saturated(weight[there]), hidden)


def _public(segment: Segment) -> Eyes:
    """The eyes of somebody who sees what everybody does."""
    most = int(segment.postings.condition.max(initial=0))
    return Eyes(np.arange(most + 2) == 0, False, True)


def _for(
    eyes: Eyes, segment: Segment, key: tuple[Hashable, ...], make: Callable[[Eyes], Having]
) -> Having:
    memo = segment.memo
    if eyes.everything:
        return memo.get((*key, "all"), lambda: make(eyes))
    public = memo.get(key, lambda: make(_public(segment)))
    return make(eyes) if eyes.may_have_more(public.hidden) else public


def summed(segment: Segment, of: Iterable[tuple[Having, float]], power: float) -> Floats | None:
    """For each record the sum of its values times a number, each to a power; None if all are 0."""
    given = [(one.slots, (times * one.values) ** power) for one, times in of
             if one.slots is not None and len(one.slots)]  # fmt: skip
    if not given:
        return None
    slots, values = (np.concatenate(each) for each in zip(*given, strict=True))
    return np.asarray(np.bincount(slots, values, segment.high - segment.low))
