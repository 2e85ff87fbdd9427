"""The formula by which search ranks; docs/methods/registry-search.md says it in prose."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

SATURATION = 1.2
# Of an asset's capabilities that were asked for, the strongest counts most: a norm of this power.
POWER = 2.0
OF_CAPABILITY, OF_MEMBER = 0.5, 0.5
# A capability's words are its assets' words too: this is their weight, beside a name's 3.
INHERITED = 2.0
# What is closed, or not open yet, answers no need of today.
STATUS_COUNTS = {"closed": 0.3, "planned": 0.7}
# Hits that score under this share of the best are left out.
CUT = 0.1
DECIMALS = 6


def rarity(n_with: ArrayLike, n_all: ArrayLike) -> Floats:
    """
    How much a word weighs that n of all public records have (inverse document frequency, > 0).

    References
    ----------
    Robertson and Zaragoza (2009), section 3.4.1; 1 is added so that no word counts against.
    doi:10.1561/1500000019

    Examples
    --------
    >>> rarity([1, 9], 9).round(3)
    array([1.897, 0.051])
    """
    n, total = np.asarray(n_with, float), np.asarray(n_all, float)
    return np.asarray(np.log1p((total - n + 0.5) / (n + 0.5)))


def saturated(weight: ArrayLike) -> Floats:
    """
    What a word's weight in a record counts: from 0 towards `SATURATION` + 1.

    Examples
    --------
    >>> saturated([0.0, 1.2, 1e9]).round(3)
    array([0. , 1.1, 2.2])
    """
    value = np.asarray(weight, float)
    return np.asarray(value * (SATURATION + 1) / (value + SATURATION))


def total(text: ArrayLike, capability: ArrayLike, member: ArrayLike) -> Floats:
    """
    The score of assets: of their words, of their capabilities, of their members' words.

    Examples
    --------
    >>> float(total(1.0, 2.0, 3.0))
    3.5
    """
    parts = np.asarray(text, float) + OF_CAPABILITY * np.asarray(capability, float)
    return np.asarray(np.round(parts + OF_MEMBER * np.asarray(member, float), DECIMALS))
