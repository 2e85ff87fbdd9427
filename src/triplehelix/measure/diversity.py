"""Over how many fields a region's activity is spread."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import logsumexp, stdtrit

from triplehelix.errors import InputError
from triplehelix.stats import effective_size, wilson_interval

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


def hill_number_interval(
    totals: ArrayLike,
    products: ArrayLike,
    q: float,
    *,
    draws: int,
    draws_of: ArrayLike,
    confidence: float = 0.95,
) -> tuple[float, float]:
    """
    Interval of one region's Hill number, from draws that may carry several fields each.

    The draws (activities) are taken as independent, what one of them brings to the fields as
    belonging together. The logarithm of the number is expanded to the second order in the
    totals: the first order gives its variance, the second what is added to that, and how far
    the number falls short because rare fields are missed (for draws of one field each and
    order 1 by (S - 1) / 2 (n - 1), in essence as Miller has it). The bounds are
    Student's around the number so corrected, with the effective number of draws (Kish) less
    one degrees of freedom, and take in the plain number. The upper bound also grants the
    fields not seen an even part of what was probably missed: the share of the draws that are
    alone in a field (Good), or where all lies in one field, whose variance is nothing, as much
    as Wilson's interval leaves open.

    Parameters
    ----------
    totals : shape (n_fields,)
        Activity >= 0 per field: the sum of the draws.
    products : shape (n_fields, n_fields)
        For each two fields, the sum over the draws of what they bring to the one times what
        they bring to the other; a diagonal of `totals` for draws of one unit in one field.
    q : float
        Order, above 0 and finite: a bound on fields never seen needs more than the draws.
    draws : int
        Number of draws, >= 0.
    draws_of : shape (n_fields,)
        How many of the draws carry each field.
    confidence : float
        Above 0, below 1.

    Returns
    -------
    low, high : floats
        Bounds from 1 to n_fields, both of them from a single draw in several fields. NaN
        without any activity.

    Raises
    ------
    InputError
        If shapes do not agree, a number is negative or not finite, or q is not above 0.

    References
    ----------
    Miller (1955), Note on the bias of information estimates, in Quastler (ed.), Information
    Theory in Psychology, 95-100.
    Good (1953), Biometrika 40(3-4), 237-264, on the share missed.
    doi:10.1093/biomet/40.3-4.237
    Chao and Jost (2015), Methods in Ecology and Evolution 6(8), 873-882, on why the plain
    number is too low. doi:10.1111/2041-210X.12349

    Examples
    --------
    Forty projects, each in one of four themes:

    >>> n = [28, 4, 4, 4]
    >>> low, high = hill_number_interval(n, np.diag(n), 1, draws=40, draws_of=n)
    >>> print(round(low, 2), round(high, 2))
    1.98 3.58
    """
    activity, moments = _checked_moments(totals, products)
    order = float(_checked_orders(q))
    if not 0 < order < np.inf:
        raise InputError(f"q is {q}; an interval needs an order above 0 and below inf, such as 1")
    whole, n_fields = activity.sum(), len(activity)
    if whole == 0:
        return np.nan, np.nan
    plain = float(hill_numbers(activity, order))
    trials = float(effective_size(whole, moments.sum()))
    present = activity > 0
    n_unseen = n_fields - int(present.sum())
    if n_unseen == n_fields - 1:
        missed = float(wilson_interval(0, trials, confidence=confidence)[1])
        return 1.0, _with_unseen(1.0, missed, n_unseen, order)
    if draws < 2 or trials <= 1:
        return 1.0, float(n_fields)
    seen = activity[present]
    spread = moments[np.ix_(present, present)] - np.outer(seen, seen) / draws
    centre, deviation = _expanded(seen, spread * draws / (draws - 1), order)
    width = float(stdtrit(trials - 1, (1 + confidence) / 2)) * deviation
    # Bounds far outside the possible would only overflow.
    low, high = np.exp(np.clip([centre - width, centre + width], 0.0, np.log(n_fields)))
    missed = np.count_nonzero(np.asarray(draws_of) == 1) / draws
    widened = _with_unseen(max(float(high), plain), missed, n_unseen, order)
    return min(float(low), plain), min(widened, float(n_fields))


def _expanded(seen: Reals, covariance: Reals, q: float) -> tuple[float, float]:
    """Logarithm of the Hill number to the second order: its centre and standard deviation."""
    whole = seen.sum()
    log_number = float(np.log(hill_numbers(seen, q)))
    if q == 1:
        slope = (-np.log(seen / whole) - log_number) / whole
        bend = (1 / whole - slope[:, None] - slope - np.diag(1 / seen)) / whole
    else:
        share = seen / whole
        first, power = share ** (q - 1), (share**q).sum()
        slope = q / (1 - q) * (first / power - 1) / whole
        bend = q / (1 - q) * (
            (q - 1) * np.diag(share ** (q - 2)) / power
            - q * np.outer(first, first) / power**2 + 1
        ) / whole**2  # fmt: skip
    turned = bend @ covariance
    variance = slope @ covariance @ slope + (turned * turned.T).sum() / 2
    return log_number - float(np.trace(turned)) / 2, float(np.sqrt(max(variance, 0.0)))


def _with_unseen(number: float, missed: float, n_unseen: int, q: float) -> float:
    """A Hill number once a share `missed` lies evenly in fields unseen, if that makes it more."""
    if n_unseen == 0 or missed == 0:
        return number
    # Spread over all fields alike, it can be no more than this.
    missed = min(missed, n_unseen / (n_unseen + number))
    share = np.array([1 - missed, missed])
    apart = np.array([number, n_unseen])
    if q == 1:
        return float(np.exp((share * (np.log(apart) - np.log(share))).sum()))
    return float((share**q * apart ** (1 - q)).sum() ** (1 / (1 - q)))


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


def _checked_moments(totals: ArrayLike, products: ArrayLike) -> tuple[Reals, Reals]:
    activity, moments = _checked_counts(totals), np.asarray(products, dtype=float)
    if activity.ndim != 1 or moments.shape != activity.shape * 2:
        raise InputError(
            f"totals have shape {activity.shape} and products {moments.shape}; give one number "
            "per field, and one per pair of fields"
        )
    if not (np.isfinite(moments) & (moments >= 0)).all():
        raise InputError("products hold a negative or non-finite value; sum products of counts")
    return activity, moments


def _checked_orders(q: ArrayLike) -> Reals:
    orders = np.asarray(q, dtype=float)
    bad = orders[np.isnan(orders) | (orders < 0)]
    if bad.size or orders.ndim > 1:
        what = f"q is {bad[0]}" if bad.size else f"q has shape {orders.shape}"
        raise InputError(f"{what}; an order is a number >= 0 (inf allowed), or a list of such")
    return orders
