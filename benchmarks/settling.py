"""
Where the assets of a made-up world stand, whose they are, what they can give and at which price.

Most live in a few towns, and most assets are of a few owners.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Settled(NamedTuple):
    """By asset: its owner (growing numbers), its place in the units of towns, amount, price."""

    owner: NDArray[np.int64]
    spot: Floats
    amount: Floats
    price: Floats


def settled(
    rng: np.random.Generator, towns: Floats, *, n_owners: int, n_assets: int, spread: float
) -> Settled:
    """Assets around the towns (n, 2) of their owners, `spread` the deviation from a town."""
    people = rng.pareto(1.1, len(towns)) + 1
    homes = rng.choice(len(towns), n_owners, p=people / people.sum())
    size = rng.pareto(1.5, n_owners) + 1
    owner = np.sort(rng.choice(n_owners, n_assets, p=size / size.sum()))
    spot = towns[homes[owner]] + rng.normal(0, spread, (n_assets, 2))
    amount = np.round(rng.lognormal(3, 1, n_assets)) + 1
    return Settled(owner, spot, amount, rng.lognormal(1.5, 0.4, n_assets))


def uneven(n: int, power: float = 1.0) -> Floats:
    """Shares of n things, the k-th as 1/k to this power (Zipf's law); they sum to 1."""
    weight = 1.0 / np.arange(1, n + 1) ** power
    return np.asarray(weight / weight.sum())
