"""Tables of counts that measures are given, checked before anything is worked out."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.errors import InputError


def checked_counts(
    counts: ArrayLike, *, of: str = "fields", zero: str = "for no activity, or drop the region"
) -> NDArray[np.float64]:
    """
    Counts of regions by something else, as numbers.

    Parameters
    ----------
    counts : shape (n_regions, n), finite and >= 0.
    of : what the columns are, for the messages.
    zero : when to write 0 instead, for the messages.

    Raises
    ------
    InputError
        If the shape is another, or a count is negative or not finite; the first is quoted.

    Examples
    --------
    >>> checked_counts([[2, 0]])
    array([[2., 0.]])
    """
    table = np.asarray(counts, dtype=float)
    if table.ndim != 2:
        raise InputError(
            f"counts must be regions x {of} (2-D), got shape {table.shape}; for a single region "
            "pass [counts]"
        )
    bad = np.argwhere(~np.isfinite(table) | (table < 0))
    if len(bad):
        i, j = bad[0]
        raise InputError(
            f"counts[{i}, {j}] is {table[i, j]} ({len(bad)} such cells); counts must be finite "
            f"and >= 0: use 0 {zero}"
        )
    return table
