"""Which fields go together, and how much of what goes with a field a region has."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.errors import InputError
from triplehelix.measure.counts import checked_counts

Reals = NDArray[np.float64]


def proximity(counts: ArrayLike) -> Reals:
    """
    How often those that are at home in one field are at home in another, both ways.

    A row is at home in a field that takes a larger part of it than of all rows together. The
    proximity of two fields is the smaller of the two chances that a row at home in the one is
    at home in the other.

    Parameters
    ----------
    counts : shape (n_rows, n_fields)
        Activity >= 0 of regions, organisations or whatever holds several fields.

    Returns
    -------
    shape (n_fields, n_fields)
        Symmetric, 0 to 1, the diagonal 0: a field does not speak for itself. NaN for a field
        in which no row is at home.

    Raises
    ------
    InputError
        If counts is not 2-D, or holds a negative or non-finite value.

    References
    ----------
    Hidalgo, Klinger, Barabasi and Hausmann (2007), Science 317(5837), 482-487.
    doi:10.1126/science.1144581

    Examples
    --------
    Two rows do the first two fields, one the third:

    >>> proximity([[5, 5, 0], [4, 6, 0], [0, 0, 9]])
    array([[0., 1., 0.],
           [1., 0., 0.],
           [0., 0., 0.]])
    """
    return co_presence(at_home(counts).astype(float))


def at_home(counts: ArrayLike) -> NDArray[np.bool_]:
    """
    Whether each field takes a larger part of a row than of all rows together.

    Examples
    --------
    >>> at_home([[8, 2], [5, 5]])
    array([[ True, False],
           [False,  True]])
    """
    activity = checked_counts(counts)
    # Multiplied out, so that a part that is just that of all rows is no rounding error above.
    mine = activity * activity.sum()
    return np.asarray(mine > activity.sum(axis=1, keepdims=True) * activity.sum(axis=0))


def co_presence(present: ArrayLike) -> Reals:
    """
    The proximity of fields of which each row has or has not each (see `proximity`).

    Examples
    --------
    Both fields are in two rows of the three that have either; the first is in three:

    >>> co_presence([[1, 1], [1, 1], [1, 0]]).round(2)
    array([[0.  , 0.67],
           [0.67, 0.  ]])
    """
    rows = np.asarray(present, dtype=float)
    return nearness(rows.T @ rows)


def nearness(together: ArrayLike) -> Reals:
    """
    Proximity from how many rows have both fields; the diagonal counts those that have the one.

    Several tables at once may be given: shape (..., n_fields, n_fields).
    """
    both = np.asarray(together, dtype=float)
    each = np.diagonal(both, axis1=-2, axis2=-1)
    more = np.maximum(each[..., :, None], each[..., None, :])
    known = (each[..., :, None] > 0) & (each[..., None, :] > 0)
    near = np.divide(both, more, out=np.full(both.shape, np.nan), where=known)
    fields = np.arange(both.shape[-1])
    near[..., fields, fields] = np.where(each > 0, 0.0, np.nan)
    return np.asarray(near)


def relatedness_density(counts: ArrayLike, near: ArrayLike | None = None) -> Reals:
    """
    How much of all that is near to a field each region is at home in.

    Parameters
    ----------
    counts : shape (n_regions, n_fields)
        Activity >= 0.
    near : shape (n_fields, n_fields), optional
        Proximities >= 0, NaN where unknown; those of `proximity(counts)` unless given. To
        learn them from others than the regions themselves is safer.

    Returns
    -------
    shape (n_regions, n_fields)
        0 to 1. NaN for a field that is near to none.

    Raises
    ------
    InputError
        As `proximity`, and if the proximities do not fit.

    References
    ----------
    Hidalgo and others (2007), as in `proximity`. Boschma, Balland and Kogler (2015),
    Industrial and Corporate Change 24(1), 223-250: entry of regions. doi:10.1093/icc/dtu012

    Examples
    --------
    The third field is near to both others; the first region is at home in one of them:

    >>> relatedness_density([[9, 0, 1], [0, 9, 1]], [[0, 0, .5], [0, 0, .5], [.5, .5, 0]])
    array([[0. , 0. , 0.5],
           [0. , 0. , 0.5]])
    """
    home = at_home(counts).astype(float)
    given = proximity(counts) if near is None else np.asarray(near, dtype=float)
    n = home.shape[1]
    if given.shape != (n, n) or bool((given < 0).any()):
        raise InputError(
            f"near has shape {given.shape} for {n} fields, or a value below 0; give one row and "
            "column per field"
        )
    return density(home, given)


def density(home: Reals, near: Reals) -> Reals:
    """`relatedness_density` of regions whose homes are known; `near` may be one per region."""
    near = np.nan_to_num(near)
    whole = near.sum(axis=-1)
    mine = (near @ home[..., None])[..., 0] if near.ndim == 3 else home @ near
    return np.asarray(np.divide(mine, whole, out=np.full(mine.shape, np.nan), where=whole > 0))
