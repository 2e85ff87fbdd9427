"""Ties by theme or period, each with what chance leaves open; inside a group against outside."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.errors import InputError
from triplehelix.link.collaboration import Shared, shared_work
from triplehelix.link.pairs import sums
from triplehelix.stats import effective_size, sum_interval, wilson_interval

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]
Names = NDArray[np.generic]


class Labels(NamedTuple):
    """Which themes or periods activities have, one entry per activity and label."""

    activity: ArrayLike
    label: ArrayLike
    weight: ArrayLike | None = None


class Ties(NamedTuple):
    """
    Ties of one label between groups, sorted by first, second, label; first <= second.

    `weight` is fractional, `low` and `high` its 95 % interval, `n_activities` the full count.
    """

    first: Names
    second: Names
    label: Names
    weight: Reals
    low: Reals
    high: Reals
    n_activities: Wholes


class InsideShare(NamedTuple):
    """How much of each group's collaboration stays inside it, with a 95 % interval."""

    group: Names
    inside: Reals
    outside: Reals
    share: Reals
    low: Reals
    high: Reals


def ties(
    activity: ArrayLike,
    group: ArrayLike,
    share: ArrayLike | None = None,
    *,
    labels: Labels | None = None,
) -> Ties:
    """
    The ties of `collaboration`, split by theme or period, with intervals.

    Parameters
    ----------
    activity, group, share : as for `collaboration`. The groups may be organisations,
        clusters, countries or helices.
    labels : Labels, optional
        The theme or period of each activity, and how much of it (weight >= 0, 1 by default).
        An activity without a label is in no tie; with several it is in the ties of each. By
        default all are `all`.

    Returns
    -------
    Ties
        The interval takes activities as events that came by chance, each with its own weight.
        It does not hold what the source leaves out.

    Raises
    ------
    InputError
        As `collaboration`, or if the columns of labels are not of one length, or a weight is
        negative or not finite.

    References
    ----------
    Fay and Feuer (1997), Statistics in Medicine 16(7), 791-801: the interval.

    Examples
    --------
    >>> found = ties(["p", "p", "q", "q"], ["Leeds", "York", "Leeds", "York"],
    ...              labels=Labels(["p", "q"], ["2015", "2016"]))
    >>> for row in zip(found.label, found.weight, found.low, found.high):
    ...     print(row[0], *(round(float(v), 2) for v in row[1:]))
    2015 1.0 0.03 5.57
    2016 1.0 0.03 5.57
    """
    shared = shared_work(activity, group, share)
    names, part, number, weight = _labelled(shared, labels)
    n, m = max(len(shared.groups), 1), max(len(names), 1)
    key, place = np.unique(
        (shared.first[part] * n + shared.second[part]) * m + number, return_inverse=True
    )
    # The place of each part is fixed by its activity, so sums do not depend on row order.
    value = shared.weight[part] * weight
    total, squares = (sums(place, v, len(key)) for v in (value, value**2))
    low, high = sum_interval(total, squares, _largest(place, value, len(key)))
    pair = key // m
    return Ties(
        shared.groups[pair // n], shared.groups[pair % n], names[key % m], total, low, high,
        np.bincount(place, minlength=len(key)),
    )  # fmt: skip


def inside_share(activity: ArrayLike, group: ArrayLike) -> InsideShare:
    """
    The share of each group's fractional collaboration that stays inside it.

    Parameters
    ----------
    activity, group : as for `collaboration`.

    Returns
    -------
    InsideShare
        One entry per group with a tie. The interval is Wilson's on the effective number of
        activities (Kish): the parts of one activity are not independent.

    Raises
    ------
    InputError
        As `collaboration`.

    Examples
    --------
    >>> found = inside_share(["p", "p", "p", "q", "q"], ["A", "A", "B", "A", "B"])
    >>> [round(float(each), 3) for each in (found.inside[0], found.outside[0], found.share[0])]
    [0.333, 1.667, 0.167]
    """
    shared = shared_work(activity, group)
    within = shared.first == shared.second
    end = np.concatenate([shared.first, shared.second[~within]])
    of = np.concatenate([shared.activity, shared.activity[~within]])
    inner = np.concatenate([np.where(within, shared.weight, 0.0), np.zeros((~within).sum())])
    outer = np.concatenate([np.where(within, 0.0, shared.weight), shared.weight[~within]])
    n = len(shared.groups)
    inside, outside = (sums(end, v, n) for v in (inner, outer))
    key, place = np.unique(end * max(len(shared.activities), 1) + of, return_inverse=True)
    per_activity = sums(place, inner + outer, len(key))
    squares = sums(key // max(len(shared.activities), 1), per_activity**2, n)
    tied = np.flatnonzero(inside + outside > 0)
    total = (inside + outside)[tied]
    share = inside[tied] / total
    draws = effective_size(total, squares[tied])
    low, high = wilson_interval(share * draws, draws)
    return InsideShare(shared.groups[tied], inside[tied], outside[tied], share, low, high)


def _labelled(shared: Shared, labels: Labels | None) -> tuple[Names, Wholes, Wholes, Reals]:
    """Names of labels; and per part and label: which part, which label, with what weight."""
    if labels is None:
        every = np.arange(len(shared.weight))
        return np.array(["all"]), every, np.zeros_like(every), np.ones(len(every))
    activity, label, weight = _checked(labels)
    names, number = np.unique(label, return_inverse=True)
    known = np.isin(activity, shared.activities) & (weight > 0)
    at = np.searchsorted(shared.activities, activity[known])
    order = np.lexsort((weight[known], number[known], at))
    at, number, weight = at[order], number[known][order], weight[known][order]
    start, end = (np.searchsorted(at, shared.activity, side) for side in ("left", "right"))
    n_labels = end - start
    part = np.repeat(np.arange(len(shared.activity)), n_labels)
    run = np.arange(len(part)) - np.repeat(np.cumsum(n_labels) - n_labels, n_labels)
    row = start[part] + run
    return names, part, number[row], weight[row]


def _largest(place: Wholes, value: Reals, n: int) -> Reals:
    largest = np.zeros(n)
    np.maximum.at(largest, place, value)
    return largest


def _checked(labels: Labels) -> tuple[Names, Names, Reals]:
    activity, label = np.asarray(labels.activity), np.asarray(labels.label)
    weight = np.ones(label.shape) if labels.weight is None else np.asarray(labels.weight, float)
    if not activity.shape == label.shape == weight.shape or activity.ndim != 1:
        raise InputError(
            f"labels have columns of shapes {activity.shape}, {label.shape}, {weight.shape}; "
            "give one entry per activity and label"
        )
    bad = np.flatnonzero(~np.isfinite(weight) | (weight < 0))
    if len(bad):
        raise InputError(
            f"labels.weight[{bad[0]}] is {weight[bad[0]]} ({len(bad)} such); weights are finite "
            "and >= 0: leave out a label that an activity does not have"
        )
    return activity, label, weight
