"""Whom one node should seek: its candidates, ranked by reasons, in equal or in learned parts."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from triplehelix.errors import InputError
from triplehelix.link.evidence import EVIDENCE, evidence
from triplehelix.link.past import Past

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]
Weights = Mapping[str, float]

BETWEEN_CLUSTERS = (
    "shortfall", "common_partners", "related_themes", "complementary", "helix_balance",
)  # fmt: skip
BETWEEN_ORGANISATIONS = ("common_partners", "alike", "related_themes", "near", "helix")
_COLUMNS = {
    "common_partners": "common_partners", "alike": "shared_themes", "helix": "helix_bridge",
    "related_themes": "related_themes", "complementary": "complementary", "size": "partners",
}  # fmt: skip
_DECIMALS = 9


class Ranked(NamedTuple):
    """
    Candidates, the most promising first; of equal scores the one first in the past.

    `score` is the mean of the ranks in equal parts (0 to 1), or the logarithm of the expected
    ties in learned ones. `ranks` has a column per reason, in the order of `reasons`: the share
    of the candidates that one is above in it, ties counting half; NaN where it cannot be told.
    """

    node: Wholes
    score: Reals
    reasons: tuple[str, ...]
    ranks: Reals

    def first(self, n: int) -> "Ranked":
        """The best n of them."""
        return Ranked(self.node[:n], self.score[:n], self.reasons, self.ranks[:n])

    def kept(self, these: ArrayLike) -> "Ranked":
        """Those whose node is one of these, in the same order; their ranks stay as they were."""
        here = np.isin(self.node, np.asarray(these))
        return Ranked(self.node[here], self.score[here], self.reasons, self.ranks[here])


def ranked(
    so_far: Past,
    node: int,
    candidates: ArrayLike,
    *,
    reasons: tuple[str, ...] = BETWEEN_ORGANISATIONS,
    weights: Weights | None = None,
    given: Mapping[str, ArrayLike] | None = None,
) -> Ranked:
    """
    The candidates of one node, ranked.

    Parameters
    ----------
    so_far : Past
    node : index of the one that seeks.
    candidates : indices of those it may meet, each once, without itself.
    reasons : those that are looked at; without weights all count, in equal parts.
    weights : per column of `EVIDENCE`, as learned from how earlier ties came; a column without
        one has 0.
    given : values of reasons that the past does not hold (such as `shortfall`), one per
        candidate, larger for a better match, NaN where they cannot be told.

    Returns
    -------
    Ranked
        Empty without candidates.

    Raises
    ------
    InputError
        If a weight is of no column, or a reason neither the past's nor given.

    Examples
    --------
    >>> from triplehelix.link.past import Traits, past
    >>> traits = Traits(list("abcd"), [0.0] * 4, [0.0] * 4, ["GB"] * 4, ["academia"] * 4)
    >>> so_far = past(list("ppqqr"), list("abbcd"), traits)
    >>> found = ranked(so_far, 0, [2, 3], reasons=("common_partners",))
    >>> so_far.node[found.node].tolist(), found.score.tolist()  # b works with a and with c
    (['c', 'd'], [0.75, 0.25])
    """
    j = np.asarray(candidates, dtype=np.int64)
    i = np.full(len(j), node, dtype=np.int64)
    columns = evidence(so_far, i, j) if len(j) else np.zeros((0, len(EVIDENCE)))
    return ranked_by(j, columns, reasons=reasons, weights=weights, given=given)


def ranked_by(
    candidates: ArrayLike,
    columns: Reals,
    *,
    reasons: tuple[str, ...] = BETWEEN_ORGANISATIONS,
    weights: Weights | None = None,
    given: Mapping[str, ArrayLike] | None = None,
) -> Ranked:
    """
    As `ranked`, of candidates whose rows of `evidence` are at hand.

    Examples
    --------
    >>> rows = np.zeros((2, len(EVIDENCE)))
    >>> rows[:, EVIDENCE.index("closeness")] = 1, 2
    >>> ranked_by([4, 9], rows, weights={"closeness": 0.5}).node.tolist()
    [9, 4]
    """
    j = np.asarray(candidates, dtype=np.int64)
    apart = {name: np.asarray(v, dtype=float) for name, v in (given or {}).items()}
    ranks = np.column_stack([_ranks(each) for each in _values(columns, apart, reasons)])
    score = _mean(ranks) if weights is None else columns @ _in_order(weights)
    score = np.round(score, _DECIMALS)
    best = np.lexsort((j, -score))
    return Ranked(j[best], score[best], reasons, ranks[best])


def _values(
    columns: Reals, given: Mapping[str, Reals], reasons: tuple[str, ...]
) -> Iterator[Reals]:
    own = {name: columns[:, EVIDENCE.index(column)] for name, column in _COLUMNS.items()}
    unplaced = columns[:, EVIDENCE.index("unplaced")] > 0
    own["near"] = np.where(unplaced, np.nan, -columns[:, EVIDENCE.index("distance")])
    for name in reasons:
        if name not in given and name not in own:
            raise InputError(
                f"reason {name!r} is neither given nor one of {', '.join(own)}; give its values"
            )
        yield given[name] if name in given else own[name]


def _in_order(weights: Weights) -> Reals:
    unknown = [name for name in weights if name not in EVIDENCE]
    if unknown:
        raise InputError(f"no column {unknown[0]!r}; the columns are {', '.join(EVIDENCE)}")
    return np.array([weights.get(name, 0.0) for name in EVIDENCE])


def _mean(ranks: Reals) -> Reals:
    told = np.isfinite(ranks)
    return np.asarray(np.where(told, ranks, 0).sum(axis=1) / np.maximum(told.sum(axis=1), 1))


def _ranks(values: Reals) -> Reals:
    # Rounded, so that equal values stay equal however they were summed.
    told = np.isfinite(values)
    ranks = np.full(len(values), np.nan)
    if told.any():
        ranks[told] = (rankdata(np.round(values[told], _DECIMALS)) - 0.5) / told.sum()
    return ranks
