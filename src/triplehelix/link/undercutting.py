"""Ways over one other node, all at once, by Numba; imported when first needed."""

import numpy as np
from numba import types
from numpy.typing import NDArray

from triplehelix.compiling import compiled

Reals = NDArray[np.float64]

_TABLE = types.float64[:, ::1]


@compiled(_TABLE(_TABLE))
def over_one_node(lengths: Reals) -> Reals:
    """
    The shortest way over one other node, for first < second.

    `lengths` is nodes x nodes, symmetric, infinite where there is no tie. A way that is longer
    than every tie of the first node may be left out: it undercuts none of them.
    """
    n = len(lengths)
    shortest = np.full((n, n), np.inf)
    for i in range(n):
        longest = 0.0
        for j in range(n):
            if lengths[i, j] < np.inf:
                longest = max(longest, lengths[i, j])
        for k in range(n):
            step = lengths[i, k]
            if step <= longest:
                for j in range(i + 1, n):
                    way = step + lengths[k, j]
                    shortest[i, j] = way if way < shortest[i, j] else shortest[i, j]
    return shortest
