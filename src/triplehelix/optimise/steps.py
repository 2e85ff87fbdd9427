"""What sums of costs can be: multiples of a step, by which bounds may be raised."""

import math

import numpy as np
from numpy.typing import ArrayLike

_LARGEST = 2**52


def step_of(costs: ArrayLike) -> float:
    """
    Largest number of which every sum of these costs is a multiple; 0 where there is none.

    Parameters
    ----------
    costs : any shape
        Finite, >= 0. Decimals to four places count; finer ones give 0.

    Examples
    --------
    >>> step_of([4, 6]), step_of([0.5, 2]), step_of([1 / 3])
    (2.0, 0.5, 0.0)
    """
    values = np.unique(np.asarray(costs, dtype=float))
    for scale in (1, 10, 100, 1_000, 10_000):
        scaled = values * scale
        whole = np.round(scaled)
        if np.abs(scaled - whole).max(initial=0) <= 1e-9 * scale and whole.sum() < _LARGEST:
            return math.gcd(*whole.astype(np.int64).tolist()) / scale
    return 0.0


def raised(bound: float, step: float) -> float:
    """
    The least multiple of `step` that a lower bound allows, rounding errors aside.

    Examples
    --------
    >>> raised(16.2, 1.0), raised(17.0000001, 1.0), raised(16.2, 0.0)
    (17.0, 17.0, 16.2)
    """
    if step <= 0:
        return bound
    slack = 1e-6 * max(1.0, abs(bound)) / step
    return math.ceil(bound / step - min(slack, 0.01)) * step
