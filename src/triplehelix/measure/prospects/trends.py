"""Whether a cluster takes a larger part of all work in a theme than it did, or a smaller one."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.stats import stratified_hypergeometric_tail, stratified_ratio

Reals = NDArray[np.float64]

# A part that has changed by less than a tenth is not worth a word, however sure.
LEAST_CHANGE = 1.1


class Trend(NamedTuple):
    """
    How the parts of clusters have changed; arrays of shape (n_clusters,).

    `ratio`: part since over part before, with `low` and `high` (95 %). `p_value`: of a change
    as large either way. `there`: whether the change is of a size that counts.
    """

    ratio: Reals
    low: Reals
    high: Reals
    p_value: Reals
    there: NDArray[np.bool_]


def trend(
    before: ArrayLike, since: ArrayLike, all_before: ArrayLike, all_since: ArrayLike
) -> Trend:
    """
    The change of each cluster's part in all activities of one theme.

    The part is that of the activities in which the cluster takes part, among activities of
    about as many organisations: so neither more activities in the data nor larger ones make a
    trend.

    Parameters
    ----------
    before, since : shape (n_clusters, n_sizes)
        The clusters' activities of the earlier and of the later time, per size.
    all_before, all_since : shape (n_sizes,)
        All activities of these times, the clusters' among them.

    Returns
    -------
    Trend
        The ratio is Mantel and Haenszel's over sizes; the test is exact and given the sizes:
        the activities of each size are dealt to the two times at random, and the chance of the
        nearer tail is doubled. It counts where the ratio is 1.1 or more, or its inverse or less.

    Raises
    ------
    InputError
        If counts are negative, not whole, or a cluster has more than there are.

    Examples
    --------
    Of ten activities each time, a cluster was in one and is in six:

    >>> found = trend([[1]], [[6]], [10], [10])
    >>> found.ratio.tolist(), found.p_value.round(4).tolist()
    ([6.0], [0.0573])
    """
    early, late = np.asarray(before, dtype=float), np.asarray(since, dtype=float)
    of_early, of_late = np.asarray(all_before, dtype=float), np.asarray(all_since, dtype=float)
    ratio = stratified_ratio(
        late, np.broadcast_to(of_late, late.shape), early, np.broadcast_to(of_early, early.shape)
    )
    up, down = (
        stratified_hypergeometric_tail(
            mine.sum(axis=1), early + late, np.broadcast_to(marked, early.shape), of_early + of_late
        )
        for mine, marked in ((late, of_late), (early, of_early))
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        there = np.maximum(ratio.ratio, 1 / ratio.ratio) >= LEAST_CHANGE
    # The stratified ratio may point one way and the tails the other only where neither is sure.
    p_value = np.where(ratio.ratio > 1, up, down)
    return Trend(*ratio, np.minimum(1.0, 2 * p_value), there)
