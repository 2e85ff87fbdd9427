"""Over how many fields a region's activity is spread."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import logsumexp

from triplehelix.errors import InputError

Reals = NDArray[np.float64]

# Closer to order 1 than this, the general formula divides two numbers that both vanish.
_NEAR_ONE = 0.1


def hill_numbers(counts: ArrayLike, q: ArrayLike) -> Reals:
    """
    Effective number of fields: how many equally common ones would be as diverse.

    Order 0 counts the fields present, order 1 is the exponential of Shannon's entropy,
    order 2 the inverse of Simpson's concentration, order inf the inverse of the largest
    share. The higher the order, the less a rare field counts.

    Parameters
    ----------
    counts : shape (n_fields,) or (n_regions, n_fields)
        Activity >= 0, all of a region's in one unit.
    q : a number, or shape (n_orders,)
        Order >= 0; `inf` is allowed.

    Returns
    -------
    shape of counts without its last axis, followed by the shape of q
        Numbers from 1 to n_fields. NaN for a region without any activity (or with no fields
        at all): of nothing, there is no diversity.

    Raises
    ------
    InputError
        If counts is neither 1-D nor 2-D or holds a negative or non-finite value, or if an
        order is negative or NaN.

    References
    ----------
    Hill (1973), Ecology 54(2), 427-432, equation 1. doi:10.2307/1934352
    Jost (2006), Oikos 113(2), 363-375. doi:10.1111/j.2006.0030-1299.14714.x

    Examples
    --------
    >>> hill_numbers([[5, 5, 0, 0], [7, 1, 1, 1]], [0, 1, 2]).round(2)
    array([[2.  , 2.  , 2.  ],
           [4.  , 2.56, 1.92]])
    >>> float(hill_numbers([3, 3, 3], 2).round(6))
    3.0
    """
    activity, orders = _checked_counts(counts), _checked_orders(q)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = activity / activity.sum(axis=-1, keepdims=True)
        numbers = [_hill_number(share, order) for order in orders.ravel().tolist()]
    shape = activity.shape[:-1] + orders.shape
    stacked = np.stack(numbers, axis=-1) if numbers else np.empty(0)
    # [()] makes a number of an array without axes.
    return stacked.reshape(shape)[()]


def _hill_number(share: Reals, q: float) -> Reals:
    present = share > 0
    nothing = ~present.any(axis=-1)
    if q == 0:
        number = present.sum(axis=-1).astype(float)
    elif q == np.inf:
        number = 1 / share.max(axis=-1, initial=0)
    else:
        log_share = np.where(present, np.log(share), 0.0)
        number = np.exp(_renyi_entropy(share, log_share, present, q))
    return np.where(nothing, np.nan, number)


def _renyi_entropy(share: Reals, log_share: Reals, present: NDArray[np.bool_], q: float) -> Reals:
    """Logarithm of the Hill number: log(sum p^q) / (1 - q), in a form fit for each q."""
    if q == 1:
        return np.asarray(np.where(present, -share * log_share, 0.0).sum(axis=-1))
    if abs(q - 1) < _NEAR_ONE:
        # sum p^q - 1 = sum p (p^(q-1) - 1), without the cancellation.
        excess = np.where(present, share * np.expm1((q - 1) * log_share), 0.0).sum(axis=-1)
        return np.asarray(np.log1p(excess) / (1 - q))
    # In logarithms, so that p^q does not vanish at high orders.
    return np.asarray(logsumexp(np.where(present, q * log_share, -np.inf), axis=-1) / (1 - q))


def _checked_counts(counts: ArrayLike) -> Reals:
    activity = np.asarray(counts, dtype=float)
    if activity.ndim not in (1, 2):
        raise InputError(
            f"counts must be fields (1-D) or regions x fields (2-D), got shape "
            f"{activity.shape}; pass one number per field"
        )
    bad = np.argwhere(~np.isfinite(activity) | (activity < 0))
    if len(bad):
        where = ", ".join(map(str, bad[0]))
        raise InputError(
            f"counts[{where}] is {activity[tuple(bad[0])]} ({len(bad)} such cells); counts "
            "must be finite and >= 0: use 0 for no activity, or drop the region"
        )
    return activity


def _checked_orders(q: ArrayLike) -> Reals:
    orders = np.asarray(q, dtype=float)
    bad = orders[np.isnan(orders) | (orders < 0)]
    if bad.size or orders.ndim > 1:
        what = f"q is {bad[0]}" if bad.size else f"q has shape {orders.shape}"
        raise InputError(f"{what}; an order is a number >= 0 (inf allowed), or a list of such")
    return orders
