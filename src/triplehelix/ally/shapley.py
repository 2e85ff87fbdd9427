"""What each player adds to a game, over all orders in which they could come together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial, fsum, sqrt

import numpy as np

from triplehelix.errors import InputError

Value = Callable[[frozenset[str]], float]
"""What a group is worth by itself; called with each group at most once by what is here."""
EXACT_TO = 10


@dataclass(frozen=True)
class Shapley:
    """
    The value of each player, with bounds of its 95 % interval.

    Exact values are their own bounds. Sampled ones are means over `n_orders` random orders; their
    bounds are 1.96 standard errors away, and all values still add up to what all are worth
    together.
    """

    values: Mapping[str, float]
    low: Mapping[str, float]
    high: Mapping[str, float]
    exact: bool
    n_orders: int


def shapley(
    players: Sequence[str],
    value: Value,
    *,
    rng: np.random.Generator,
    exact_to: int = EXACT_TO,
    n_orders: int = 1_000,
) -> Shapley:
    """
    The Shapley value: exact to `exact_to` players, from random orders beyond.

    Parameters
    ----------
    players : distinct, in any order.
    value : what a group is worth; that of nobody is taken as it is told.
    rng : where random orders come from; it is not used where the value is exact.
    n_orders : how many random orders, an even number >= 4: each is used backwards as well, which
        makes the errors smaller.

    Raises
    ------
    InputError
        If a player stands there twice, or there are too few orders.

    References
    ----------
    Shapley (1953), A value for n-person games, Contributions to the Theory of Games II, 307-317.
    Castro, Gomez and Tejada (2009), Computers & Operations Research 36(5), 1726-1730.
    doi:10.1016/j.cor.2008.04.004

    Examples
    --------
    One left glove, two right ones; a pair is worth 1 (Shapley and Shubik 1969):

    >>> pair = lambda group: float("left" in group and len(group) > 1)
    >>> found = shapley(["left", "right 1", "right 2"], pair, rng=np.random.default_rng(0))
    >>> [round(share, 4) for share in found.values.values()]
    [0.6667, 0.1667, 0.1667]
    """
    names = sorted(players)
    if len(set(names)) < len(names):
        raise InputError(f"{names[-1]!r} or another player stands there twice; name each once")
    if len(names) <= exact_to:
        values = _exact(names, remembered(value))
        return Shapley(values, values, values, True, 0)
    if n_orders < 4 or n_orders % 2:
        raise InputError(f"n_orders is {n_orders}; give an even number from 4 up, such as 1,000")
    return _sampled(names, remembered(value), rng, n_orders)


def remembered(value: Value) -> Value:
    """The same values, each worked out once."""
    known: dict[frozenset[str], float] = {}

    def ask(group: frozenset[str]) -> float:
        if group not in known:
            known[group] = float(value(group))
        return known[group]

    return ask


def _exact(names: Sequence[str], value: Value) -> dict[str, float]:
    n = len(names)
    weights = [factorial(k) * factorial(n - k - 1) / factorial(n) for k in range(n)]
    return {
        name: fsum(
            weights[k] * (value(frozenset(group) | {name}) - value(frozenset(group)))
            for k in range(n)
            for group in combinations([other for other in names if other != name], k)
        )
        for name in names
    }


def _sampled(
    names: Sequence[str], value: Value, rng: np.random.Generator, n_orders: int
) -> Shapley:
    n_pairs = n_orders // 2
    added = np.zeros((n_pairs, len(names)))
    for pair in range(n_pairs):
        order = rng.permutation(len(names))
        for way in (order, order[::-1]):
            added[pair, way] += _added(names, value, way) / 2
    means = added.mean(axis=0)
    errors = 1.96 * added.std(axis=0, ddof=1) / sqrt(n_pairs)
    return Shapley(
        dict(zip(names, means.tolist(), strict=True)),
        dict(zip(names, (means - errors).tolist(), strict=True)),
        dict(zip(names, (means + errors).tolist(), strict=True)),
        False,
        n_orders,
    )


def _added(names: Sequence[str], value: Value, order: np.ndarray) -> np.ndarray:
    """What each adds in turn, in the order given."""
    groups = [frozenset(names[i] for i in order[:k]) for k in range(len(order) + 1)]
    return np.diff([value(group) for group in groups])
