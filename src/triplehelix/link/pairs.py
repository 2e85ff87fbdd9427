"""A network as a list of weighted pairs, checked and put into one order."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.errors import InputError

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]


class Pairs(NamedTuple):
    """
    Pairs of nodes in the order of their names, each once, first < second.

    `first` and `second` index `names`; `order` says which given row each pair came from.
    """

    names: NDArray[np.generic]
    first: Wholes
    second: Wholes
    weight: Reals
    order: Wholes

    def as_given(self, values: Reals) -> Reals:
        """Values per pair, in the order in which the pairs were given."""
        given = np.empty_like(values)
        given[self.order] = values
        return given

    def strength(self) -> Reals:
        """The sum of each node's weights."""
        ends = np.concatenate([self.first, self.second])
        return sums(ends, np.tile(self.weight, 2), len(self.names))


def sums(place: Wholes, values: NDArray[Any], n_places: int) -> Reals:
    """The sum of the values at each place, added in the order given."""
    return np.asarray(np.bincount(place, weights=values, minlength=n_places), dtype=float)


def checked_pairs(first: ArrayLike, second: ArrayLike, weight: ArrayLike | None = None) -> Pairs:
    """
    Pairs of nodes with their weights (1 by default), whatever the order they come in.

    Raises
    ------
    InputError
        If the arrays are not 1-D and of one length, a weight is not finite and above 0, a
        node is paired with itself, or a pair comes twice.

    Examples
    --------
    >>> pairs = checked_pairs(["b", "c"], ["a", "a"], [2, 1])
    >>> pairs.names[pairs.first].tolist(), pairs.names[pairs.second].tolist()
    (['a', 'a'], ['b', 'c'])
    """
    one, other = np.asarray(first), np.asarray(second)
    weights = np.ones(one.shape) if weight is None else np.asarray(weight, dtype=float)
    if one.ndim != 1 or not one.shape == other.shape == weights.shape:
        raise InputError(
            f"first, second and weight have shapes {one.shape}, {other.shape}, {weights.shape}; "
            "give one entry per pair"
        )
    _check_weights(weights)
    names, ends = np.unique(np.concatenate([one, other]), return_inverse=True)
    low, high = np.sort(ends.reshape(2, -1), axis=0)
    order = np.lexsort((high, low))
    low, high = low[order], high[order]
    _check_pairs(names, low, high)
    return Pairs(names, low, high, weights[order], order)


def _check_weights(weights: Reals) -> None:
    bad = np.flatnonzero(~(np.isfinite(weights) & (weights > 0)))
    if len(bad):
        raise InputError(
            f"weight[{bad[0]}] is {weights[bad[0]]} ({len(bad)} such); weights are finite and "
            "above 0: leave out pairs that are not tied"
        )


def _check_pairs(names: NDArray[np.generic], low: Wholes, high: Wholes) -> None:
    own = np.flatnonzero(low == high)
    if len(own):
        raise InputError(
            f"{names[low[own[0]]]!r} is paired with itself ({len(own)} such pairs); leave out "
            "ties inside a group"
        )
    twice = np.flatnonzero((np.diff(low) == 0) & (np.diff(high) == 0))
    if len(twice):
        a, b = names[low[twice[0]]], names[high[twice[0]]]
        raise InputError(
            f"the pair {a!r}, {b!r} comes twice ({len(twice)} such); ties have no direction: "
            "add the two up first"
        )
