"""Weights to resample with: how often each thing is drawn in each run of a bootstrap."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtr

from triplehelix.errors import InputError

# One digest of SHA-256 has 32 bytes: 8 runs of 4.
_RUNS_PER_DIGEST = 8


def poisson_weights(ids: Sequence[str], *, n_runs: int, seed: int = 0) -> NDArray[np.uint8]:
    """
    How often each thing is drawn in each run of a bootstrap: independent Poisson(1) numbers.

    They are read off SHA-256 of the seed, the run and the id. So a thing's weights depend on
    nothing else: not on the order of the ids, nor on which others are there; more runs keep
    those of fewer.

    Parameters
    ----------
    ids : n_ids strings
        Equal ids get equal weights.
    n_runs : at least 0
    seed : integer
        Another seed, other weights.

    Returns
    -------
    shape (n_runs, n_ids)
        0 to 12; the mean is 1. Probabilities are those of Poisson(1) to within 2^-32.

    Raises
    ------
    InputError
        If n_runs is negative, n_runs or seed is not an integer, or an id is not a string.

    References
    ----------
    Oza and Russell (2001), AISTATS, 229-236: Poisson(1) in place of drawing with replacement.
    Owen and Eckles (2012), Annals of Applied Statistics 6(3), 895-927: products of such
    weights for tables of two ways or more. doi:10.1214/12-AOAS547

    Examples
    --------
    >>> first = poisson_weights(["a", "b", "c"], n_runs=3)
    >>> alone = poisson_weights(["c"], n_runs=3)
    >>> bool((first[:, 2] == alone[:, 0]).all())
    True
    """
    _check_whole("n_runs", n_runs)
    _check_whole("seed", seed)
    if n_runs < 0:
        raise InputError(f"n_runs is {n_runs}; give the number of runs, such as 200")
    texts = [_encoded(each, i) for i, each in enumerate(ids)]
    # The number is how many of P(X <= 0), P(X <= 1), ... the uniform draw has reached.
    steps = (pdtr(np.arange(12), 1.0) * 2.0**32).astype(np.uint32)
    weights = np.empty((-(-n_runs // _RUNS_PER_DIGEST), _RUNS_PER_DIGEST, len(texts)), np.uint8)
    for block in range(len(weights)):
        prefix = f"{seed} {block} ".encode()
        digests = b"".join([hashlib.sha256(prefix + text).digest() for text in texts])
        draws = np.frombuffer(digests, dtype=">u4").astype(np.uint32)
        number = np.searchsorted(steps, draws, side="right").astype(np.uint8)
        weights[block] = number.reshape(len(texts), _RUNS_PER_DIGEST).T
    return weights.reshape(len(weights) * _RUNS_PER_DIGEST, len(texts))[:n_runs]


def _check_whole(name: str, value: object) -> None:
    if not isinstance(value, int | np.integer) or isinstance(value, bool):
        raise InputError(f"{name} is {value!r}; give a whole number")


def _encoded(given: object, i: int) -> bytes:
    if not isinstance(given, str):
        raise InputError(f"ids[{i}] is {given!r}; ids must be strings, so that they hash alike")
    return given.encode("utf-8", "surrogatepass")
