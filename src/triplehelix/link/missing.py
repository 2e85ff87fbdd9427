"""Pairs that could work together and do not, or hardly: ranked by published reasons."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from triplehelix.errors import InputError
from triplehelix.link.evidence import adamic_adar, common_partners, evidence
from triplehelix.link.gravity import COLUMNS
from triplehelix.link.mixing import gain
from triplehelix.link.past import Past
from triplehelix.link.ppml import ppml

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]

REASONS = ("shortfall", "common_partners", "related_themes", "complementary", "helix_balance")
_USED = (*COLUMNS, "related_themes", "complementary")
# Of more nodes than this all pairs are not looked at in one go.
MOST_NODES = 4000


class Missing(NamedTuple):
    """
    Pairs of nodes below what gravity expects, the most promising first.

    `first`, `second` index the nodes. `score`, 0 to 1, is the mean of the `ranks` of the
    reasons; `values` and `ranks` have one column per reason, in the order of `REASONS`: a
    rank is the share of the candidates that the pair is above, ties counting half, NaN where
    a reason cannot be told. `weight` and `expected` are in activities; `n_common` counts
    common partners.
    """

    first: Wholes
    second: Wholes
    score: Reals
    values: Reals
    ranks: Reals
    weight: Reals
    expected: Reals
    n_common: Wholes


def missing_links(
    so_far: Past,
    weight: tuple[ArrayLike, ArrayLike, ArrayLike],
    *,
    helix_mix: ArrayLike | None = None,
) -> Missing:
    """
    All pairs with less collaboration than gravity expects, ranked by five reasons in equal parts.

    Parameters
    ----------
    so_far : Past
        Of at most 4,000 nodes: clusters, or the organisations of one.
    weight : first and second (indices of nodes, each pair once) and the fractional weight of
        each tie; other pairs have 0.
    helix_mix : shape (n_nodes, n_helices), optional
        Members or work per helix, >= 0.

    Returns
    -------
    Missing
        Equal scores in the order of the nodes. Reasons, each larger for a better match:

        - `shortfall`: expected - weight;
        - `common_partners`: Adamic and Adar's sum;
        - `related_themes`, `complementary`: as in `evidence`;
        - `helix_balance`: how much more even the two are together than apart, over helices
          (Jensen and Shannon's divergence, 0 to 1); not told without `helix_mix`.

    Raises
    ------
    InputError
        If there are too many nodes, or no ties from which to tell what to expect.

    References
    ----------
    Balland and Boschma (2021), Regional Studies 55(6), 1059-1070: complementary links between
    regions. doi:10.1080/00343404.2020.1861240
    Lin (1991), IEEE Transactions on Information Theory 37(1), 145-151. doi:10.1109/18.61115
    """
    n = len(so_far.node)
    if n > MOST_NODES:
        raise InputError(
            f"{n:,} nodes make too many pairs; give at most {MOST_NODES:,}, such as one country's"
        )
    i, j = np.triu_indices(n, 1)
    columns = evidence(so_far, i, j, _USED)
    gravity = columns[:, : len(COLUMNS)]
    seen = _table(n, weight)[i, j]
    expected = np.exp(ppml(seen, gravity).log_expected(gravity))
    short = np.flatnonzero(expected > seen)
    first, second = i[short].astype(np.int64), j[short].astype(np.int64)
    seen, expected = seen[short], expected[short]
    values = _values(so_far, (first, second), columns[short], expected - seen, helix_mix)
    ranks = np.column_stack([_ranks(each) for each in values.T])
    told = np.isfinite(ranks)
    score = np.round(np.where(told, ranks, 0.0).sum(axis=1) / np.maximum(told.sum(axis=1), 1), 12)
    o = np.lexsort((second, first, -score))
    n_common = common_partners(so_far, first, second).astype(np.int64)
    return Missing(
        first[o], second[o], score[o], values[o], ranks[o], seen[o], expected[o], n_common[o]
    )


def _values(
    so_far: Past, pairs: tuple[Wholes, Wholes], columns: Reals, short: Reals,
    helix_mix: ArrayLike | None,
) -> Reals:  # fmt: skip
    first, second = pairs
    even = np.full(len(first), np.nan)
    if helix_mix is not None:
        even = gain(np.asarray(helix_mix, dtype=float), first, second)
    return np.column_stack([
        short, adamic_adar(so_far, first, second),
        columns[:, _USED.index("related_themes")], columns[:, _USED.index("complementary")],
        even,
    ])  # fmt: skip


def _ranks(values: Reals) -> Reals:
    # Rounded, so that equal values stay equal however they were summed.
    told = np.isfinite(values)
    ranks = np.full(len(values), np.nan)
    if told.any():
        ranks[told] = (rankdata(np.round(values[told], 9)) - 0.5) / told.sum()
    return ranks


def _table(n: int, weight: tuple[ArrayLike, ArrayLike, ArrayLike]) -> Reals:
    first, second = (np.asarray(each, dtype=np.int64) for each in weight[:2])
    values = np.asarray(weight[2], dtype=float)
    table = np.zeros((n, n))
    table[np.minimum(first, second), np.maximum(first, second)] = values
    return table
