"""How much pairs of groups work together, each activity counting once."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.errors import InputError
from triplehelix.link.numbered import numbered

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]

_LEAST = 1e-100


class Collaboration(NamedTuple):
    """
    Ties between groups, one entry per unordered pair that shares an activity.

    `first` and `second` hold the groups, first <= second, sorted; where they are equal the
    tie is inside the group. `weight` is fractional, `n_activities` the full count.
    """

    first: NDArray[np.generic]
    second: NDArray[np.generic]
    weight: Reals
    n_activities: Wholes


class Shared(NamedTuple):
    """What each activity adds to each tie: sorted by activity; names of activities, groups."""

    activities: NDArray[np.generic]
    groups: NDArray[np.generic]
    activity: Wholes
    first: Wholes
    second: Wholes
    weight: Reals


class _Cells(NamedTuple):
    """The participants of one activity in one group, taken together."""

    activity: Wholes
    group: Wholes
    share: Reals
    square: Reals
    n: Wholes


def collaboration(
    activity: ArrayLike, group: ArrayLike, share: ArrayLike | None = None
) -> Collaboration:
    """
    Fractional weight and full count of the ties between groups.

    An activity with two or more participants spreads a weight of one over all its pairs of
    participants, in proportion to the product of their shares: with equal shares, each of
    the n (n - 1) / 2 pairs gets 2 / (n (n - 1)). A pair inside one group is a tie inside
    that group. So the weights add up to the number of activities with two or more
    participants, and one very large activity does not drown the rest.

    Parameters
    ----------
    activity : shape (n_participants,)
        Which activity each participant takes part in; numbers or text.
    group : shape (n_participants,)
        The group (cluster, country) it belongs to. Give participants outside all groups one
        label of their own, or the ties they take part in are not counted.
    share : shape (n_participants,), optional
        Part of the activity, >= 0, in any unit; equal by default. A participant with share
        0 (a funder) takes no part in any tie.

    Returns
    -------
    Collaboration
        Arrays of one length; empty if no activity has two participants. The order of the
        participants changes no bit of it.

    Raises
    ------
    InputError
        If the arrays are not 1-D and of one length, or a share is negative or not finite.

    References
    ----------
    Batagelj and Cerinsek (2013), Scientometrics 96(3), 845-864: Newman's normalisation, of
    which this is the half without direction. doi:10.1007/s11192-012-0940-1
    Perianes-Rodriguez, Waltman and van Eck (2016), Journal of Informetrics 10(4), 1178-1195:
    the case for fractional counting; their pairs weigh n / 2 times as much.
    doi:10.1016/j.joi.2016.10.006

    Examples
    --------
    Leeds and York share a project of three (two of them in Leeds) and one of two:

    >>> ties = collaboration(["p", "p", "p", "q", "q"],
    ...                      ["Leeds", "Leeds", "York", "Leeds", "York"])
    >>> for first, second, weight, n in zip(*ties):
    ...     print(first, second, round(float(weight), 3), n)
    Leeds Leeds 0.333 1
    Leeds York 1.667 2
    """
    _, names, cells = _cells(*_checked(activity, group, share))
    numbers, at = np.unique(cells.activity, return_inverse=True)
    cells = cells._replace(activity=at)
    inside = _inside(cells)
    total = _sums(at, inside, len(numbers)) + _across(cells, len(numbers))
    # Of an activity of one there is no pair, and its worth does not matter.
    worth = np.divide(1.0, total, out=np.ones(len(total)), where=total > 0)
    return _added_up(cells, names, worth, inside * worth[at])


def shared_work(activity: ArrayLike, group: ArrayLike, share: ArrayLike | None = None) -> Shared:
    """The parts that `collaboration` adds up, one per activity and tie; arguments as there."""
    activities, names, cells = _cells(*_checked(activity, group, share))
    return Shared(activities, names, *_pairs(cells))


def _cells(
    activity: NDArray[np.generic], group: NDArray[np.generic], share: Reals
) -> tuple[NDArray[np.generic], NDArray[np.generic], _Cells]:
    """Names of the activities and groups, and the cells sorted by activity, then group."""
    taking_part = share > 0
    kept_activities, activities = numbered(activity[taking_part])
    names, groups = numbered(group[taking_part])
    # Over the largest of the activity, lest the product of two be too small for a number.
    largest = np.zeros(len(kept_activities))
    np.maximum.at(largest, activities, share[taking_part])
    share = np.maximum(share[taking_part] / largest[activities], _LEAST)
    if share.size and share.min() == share.max():
        return kept_activities, names, _equal_cells(activities * max(len(names), 1) + groups,
                                                    max(len(names), 1))  # fmt: skip
    # The share is part of the order, so that floating-point sums do not depend on the rows'.
    order = np.lexsort((share, groups, activities))
    key = (activities * max(len(names), 1) + groups)[order]
    kept, place = np.unique(key, return_inverse=True)
    parts = share[order]
    return (
        kept_activities,
        names,
        _Cells(
            kept // max(len(names), 1),
            kept % max(len(names), 1),
            _sums(place, parts, len(kept)),
            _sums(place, parts**2, len(kept)),
            np.bincount(place, minlength=len(kept)),
        ),
    )


def _equal_cells(key: Wholes, n_groups: int) -> _Cells:
    """Of participants with equal shares: these need only be counted."""
    key = np.sort(key)
    at = np.flatnonzero(np.append(True, np.diff(key) != 0))
    n = np.diff(np.append(at, len(key)))
    return _Cells(key[at] // n_groups, key[at] % n_groups, n.astype(float), n.astype(float), n)


def _pairs(cells: _Cells) -> tuple[Wholes, Wholes, Wholes, Reals]:
    """Activity, both groups and weight of each tie of each activity, ties inside first."""
    numbers, start, activity, size = np.unique(
        cells.activity, return_index=True, return_inverse=True, return_counts=True
    )
    inside = _inside(cells)
    n_after = (start + size)[activity] - np.arange(len(activity)) - 1
    left = np.repeat(np.arange(len(activity)), n_after)
    run = np.arange(len(left)) - np.repeat(np.cumsum(n_after) - n_after, n_after)
    right = left + 1 + run
    across = cells.share[left] * cells.share[right]
    total = _sums(activity, inside, len(size)) + _sums(activity[left], across, len(size))
    within = np.flatnonzero(cells.n > 1)
    return (
        numbers[np.concatenate([activity[within], activity[left]])],
        np.concatenate([cells.group[within], cells.group[left]]),
        np.concatenate([cells.group[within], cells.group[right]]),
        np.concatenate([inside[within] / total[activity[within]], across / total[activity[left]]]),
    )


def _inside(cells: _Cells) -> Reals:
    """Sum of s_i s_j over the pairs inside each cell."""
    return np.where(cells.n > 1, np.maximum(cells.share**2 - cells.square, 0.0) / 2, 0.0)


def _across(cells: _Cells, n_activities: int) -> Reals:
    """Sum of s_i s_j over the pairs of cells of each activity; all parts >= 0: no cancellation."""
    size = np.bincount(cells.activity, minlength=n_activities)
    start = np.cumsum(size) - size
    order = np.argsort(-size, kind="stable")
    so_far, across = np.zeros(n_activities), np.zeros(n_activities)
    # The k-th cell of all activities that have one, at once.
    for k in range(int(size.max(initial=0))):
        here = order[: np.searchsorted(-size[order], -k)]
        share = cells.share[start[here] + k]
        across[here] += so_far[here] * share
        so_far[here] += share
    return across


def _added_up(
    cells: _Cells, names: NDArray[np.generic], worth: Reals, inside: Reals
) -> Collaboration:  # fmt: skip
    """The ties of each group, first with itself and then with those after it."""
    # Numba is slow to import: only where ties are made.
    from triplehelix.link.pairing import count_pairs, fill_pairs

    n_groups = len(names)
    inner = np.flatnonzero(cells.n > 1)
    own = _sums(cells.group[inner], inside[inner], n_groups)
    n_own = np.bincount(cells.group[inner], minlength=n_groups)
    there = (
        np.concatenate([[0], np.cumsum(np.bincount(cells.activity, minlength=len(worth)))]),
        cells.activity, cells.group, np.argsort(cells.group, kind="stable"),
        np.concatenate([[0], np.cumsum(np.bincount(cells.group, minlength=n_groups))]),
    )  # fmt: skip
    start = np.concatenate([[0], np.cumsum(count_pairs(*there, n_own))])
    second = np.empty(start[-1], dtype=np.int32)
    weight, n = np.empty(start[-1]), np.empty(start[-1], dtype=np.int64)
    fill_pairs(*there, n_own, own, cells.share, worth, start, second, weight, n)
    return Collaboration(np.repeat(names, np.diff(start)), names[second], weight, n)


def _sums(place: Wholes, values: Reals, n_places: int) -> Reals:
    return np.asarray(np.bincount(place, weights=values, minlength=n_places), dtype=float)


def _checked(
    activity: ArrayLike, group: ArrayLike, share: ArrayLike | None
) -> tuple[NDArray[np.generic], NDArray[np.generic], Reals]:
    activities, groups = np.asarray(activity), np.asarray(group)
    shares = np.ones(activities.shape) if share is None else np.asarray(share, dtype=float)
    shapes = (activities.shape, groups.shape, shares.shape)
    if activities.ndim != 1 or len(set(shapes)) > 1:
        raise InputError(
            "activity, group and share must be 1-D and of one length, got shapes "
            f"{', '.join(map(str, shapes))}; give one entry per participant"
        )
    bad = np.flatnonzero(~np.isfinite(shares) | (shares < 0))
    if len(bad):
        raise InputError(
            f"share[{bad[0]}] is {shares[bad[0]]} ({len(bad)} such); shares must be finite "
            "and >= 0: use 0 for a participant that does no work, such as a funder"
        )
    return activities, groups, shares
