"""How sure a finding is, from its chance and from how many others were looked for."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.errors import InputError
from triplehelix.stats import benjamini_hochberg

Reals = NDArray[np.float64]

STRONG, MODERATE, WEAK = 0.01, 0.05, 0.05
EVIDENCE = ("strong", "moderate", "weak", "none")


def evidence_of(
    p_value: ArrayLike, q_value: ArrayLike, there: ArrayLike = True
) -> NDArray[np.str_]:
    """
    The evidence for each of many findings, in a word.

    Parameters
    ----------
    p_value, q_value : shape (n,)
        The chance of so much were there nothing to find, alone and among all looked at.
    there : shape (n,)
        Whether the finding is of a size that counts, whatever its chance.

    Returns
    -------
    shape (n,)
        `strong`: q at most 0.01; `moderate`: q at most 0.05; `weak`: p at most 0.05, so that it
        may be chance as so many were looked at; `none` otherwise.

    Raises
    ------
    InputError
        If the chances are not of one length.

    Examples
    --------
    >>> evidence_of([0.001, 0.01, 0.04, 0.2, 0.001], [0.005, 0.05, 0.1, 0.4, 0.005],
    ...             [True, True, True, True, False]).tolist()
    ['strong', 'moderate', 'weak', 'none', 'none']
    """
    p, q = np.asarray(p_value, dtype=float), np.asarray(q_value, dtype=float)
    if p.shape != q.shape:
        raise InputError(f"there are {p.shape} p-values and {q.shape} q-values; give one of each")
    found = np.select([q <= STRONG, q <= MODERATE, p <= WEAK], EVIDENCE[:3], EVIDENCE[3])
    return np.where(np.asarray(there, dtype=bool), found, EVIDENCE[3])


def q_within(p_value: Reals, *family: Iterable[object]) -> Reals:
    """
    The q-values (Benjamini and Hochberg) of tests, each among those of its family alone.

    Examples
    --------
    >>> q_within(np.array([0.01, 0.02, 0.04]), [0, 0, 1]).tolist()
    [0.02, 0.02, 0.04]
    """
    q = np.full(len(p_value), np.nan)
    members: dict[tuple[object, ...], list[int]] = {}
    for i, key in enumerate(zip(*family, strict=True)):
        members.setdefault(key, []).append(i)
    for rows in members.values():
        q[rows] = benjamini_hochberg(p_value[rows])
    return q
