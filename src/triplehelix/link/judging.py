"""How well scores foretold: average precision and the first ones, over very many pairs."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]

# Scores are told apart to 9 binary digits of their mantissa: 1 part in 1,000.
_DROPPED = 14
_BINS = 1 << (32 - _DROPPED)
FIRST, THOUSAND = 100, 1000


class Judged(NamedTuple):
    """
    Over the pairs judged: how many, how many came, and how they were ranked.

    `average_precision` and the precision in the first 100 and the first 1,000 (all, if there
    are fewer) are 0 to 1; NaN if no tie came. Equal scores count as one step. `lift` is average
    precision over what a random order would give.
    """

    n_pairs: int
    n_came: int
    average_precision: float
    precision_at_100: float
    precision_at_1000: float

    @property
    def lift(self) -> float:
        """Average precision over the share of pairs that came."""
        return self.average_precision / (self.n_came / self.n_pairs) if self.n_came else np.nan


class Judge:
    """
    Takes scores a portion at a time and never holds more than their histogram.

    Examples
    --------
    >>> judge = Judge()
    >>> judge.add(np.array([0.9, 0.8, 0.7]), np.array([True, False, True]))
    >>> round(judge.judged().average_precision, 3)  # (1 + 2/3) / 2
    0.833
    """

    def __init__(self) -> None:
        self._all = np.zeros(_BINS, dtype=np.int64)
        self._came = np.zeros(_BINS, dtype=np.int64)
        self._best: tuple[Reals, NDArray[np.bool_]] = (np.zeros(0), np.zeros(0, dtype=bool))

    def add(self, score: Reals, came: NDArray[np.bool_]) -> None:
        """Scores of further pairs in the order of their ids, and whether their tie came."""
        place = _bin(score)
        self._all += np.bincount(place, minlength=_BINS)
        self._came += np.bincount(place[came], minlength=_BINS)
        self._keep_best(score, came)

    @classmethod
    def of(cls, judges: Iterable["Judge"]) -> "Judge":
        """One judge of all that several were given."""
        whole = cls()
        for each in judges:
            whole._all += each._all
            whole._came += each._came
            whole._keep_best(*each._best)
        return whole

    def _keep_best(self, score: Reals, came: NDArray[np.bool_]) -> None:
        if len(self._best[0]) == THOUSAND:
            # One that is no better than the last of those kept comes after it.
            kept = np.flatnonzero(score > self._best[0][-1])
            score, came = score[kept], came[kept]
        if len(score) > THOUSAND:
            least = np.partition(score, -THOUSAND)[-THOUSAND]
            kept = np.flatnonzero(score >= least)
            score, came = score[kept], came[kept]
        scores, all_came = np.append(self._best[0], score), np.append(self._best[1], came)
        # Stable, so that of equal scores the earlier ids come first.
        order = np.argsort(-scores, kind="stable")[:THOUSAND]
        self._best = (scores[order], all_came[order])

    def judged(self) -> Judged:
        """What can be said of all that was added."""
        n, came = self._all[::-1].cumsum(), self._came[::-1].cumsum()
        n_came = int(came[-1])
        if not n_came:
            return Judged(int(n[-1]), 0, np.nan, np.nan, np.nan)
        here = np.flatnonzero(self._came[::-1])
        precision = came[here] / n[here]
        average = float(np.sum(precision * self._came[::-1][here]) / n_came)
        best = self._best[1]
        return Judged(int(n[-1]), n_came, average, float(best[:FIRST].mean()), float(best.mean()))


def _bin(score: Reals) -> Wholes:
    """A number that grows with the score: its bits as a float, the sign mended."""
    bits = np.asarray(score, dtype=np.float32).view(np.int32).astype(np.int64)
    # Of negative floats the bits run backwards.
    ordered = np.where(bits < 0, -(bits & 0x7FFFFFFF), bits) + (1 << 31)
    return ordered >> _DROPPED
