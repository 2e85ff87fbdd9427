"""How much of a group's collaboration is local, national, international; against chance."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.errors import InputError
from triplehelix.link.numbered import numbered_text
from triplehelix.link.pairs import sums
from triplehelix.stats import effective_size, wilson_interval

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]
Names = NDArray[np.generic]

SCOPES = ("local", "national", "international")


class Role(NamedTuple):
    """
    The reach of each group; arrays of shape (n_groups, 3) in the order of `SCOPES`.

    `share`, with `low` and `high` (95 %): of the group's fractional collaboration, what goes
    to its own members, to others of its members' countries, and abroad; the rest, where it
    is less than 1, to partners whose country is unknown. `by_size`: what the same would be if
    every organisation chose partners at random by how much they collaborate. `effective`: the
    number of equal activities that would tell as much.
    """

    group: Names
    share: Reals
    low: Reals
    high: Reals
    by_size: Reals
    n_activities: Wholes
    effective: Reals


class _Participants(NamedTuple):
    activity: Wholes
    organisation: Wholes
    group: Wholes
    country: Wholes
    groups: Names
    unknown: int
    outside: int


def role(
    activity: ArrayLike, organisation: ArrayLike, group: ArrayLike, country: ArrayLike
) -> Role:
    """
    Local, national and international shares of each group's work, beside the configuration null.

    Parameters
    ----------
    activity, organisation, group, country : shape (n_participants,)
        One entry per participant of an activity; group and country as text. An empty group means
        outside all groups; an empty country, unknown. Leave funders out, and give a participant
        once. For one theme give that theme's activities.

    Returns
    -------
    Role
        One entry per group with a shared activity, sorted. Each activity of two or more
        counts one in all, spread evenly over its pairs. Intervals are Wilson's on the
        effective number of the group's activities (Kish).

    Raises
    ------
    InputError
        If the columns are not of one length.

    Notes
    -----
    The null keeps what each organisation collaborates and deals out its partners: the chance
    of one is its part of all the collaboration but the organisation's own (Chung and Lu's
    configuration model without ties to oneself).

    References
    ----------
    Chung and Lu (2002), Annals of Combinatorics 6, 125-145. doi:10.1007/PL00012580

    Examples
    --------
    Leeds works once with itself and once with Paris:

    >>> found = role(["p", "p", "q", "q"], ["a", "b", "a", "c"], ["Leeds", "Leeds", "Leeds", ""],
    ...              ["GB", "GB", "GB", "FR"])
    >>> found.share.round(3).tolist()
    [[0.667, 0.0, 0.333]]
    """
    given = _coded(activity, organisation, group, country)
    ends = _ends(given)
    inside = given.group != given.outside
    group_of = given.group[inside]
    n = len(given.groups)
    totals = np.column_stack([sums(group_of, ends[inside, k], n) for k in range(4)])
    draws, n_activities = _draws(given, ends.sum(axis=1), n)
    tied = np.flatnonzero((totals.sum(axis=1) > 0) & (np.arange(n) != given.outside))
    share = totals[tied, :3] / totals[tied].sum(axis=1, keepdims=True)
    low, high = wilson_interval(share * draws[tied, None], draws[tied, None])
    return Role(
        given.groups[tied], share, low, high, _by_size(given, ends)[tied],
        n_activities[tied], draws[tied],
    )  # fmt: skip


def expected_shares(
    first: ArrayLike, second: ArrayLike, expected: ArrayLike, country: dict[str, str]
) -> tuple[Names, Reals]:
    """
    The shares of `SCOPES` that expected ties would give each group: the gravity null.

    Parameters
    ----------
    first, second : groups of each pair; one of them twice is a tie inside it.
    expected : what each pair's weight is to be, >= 0, as from `gravity`.
    country : of each group.

    Returns
    -------
    groups : sorted
    shares : shape (n_groups, 3)
        NaN where nothing is expected. Without pairs of a group with itself the local share is
        0: the others are then shares of what goes out.

    Raises
    ------
    InputError
        If a group has no country.

    Examples
    --------
    >>> groups, shares = expected_shares(["a", "a"], ["b", "c"], [1, 3],
    ...                                  {"a": "GB", "b": "GB", "c": "FR"})
    >>> shares.round(2).tolist()
    [[0.0, 0.25, 0.75], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    one, other, mean = np.asarray(first), np.asarray(second), np.asarray(expected, dtype=float)
    groups, number = np.unique(np.concatenate([one, other]), return_inverse=True)
    missing = [str(g) for g in groups if str(g) not in country]
    if missing:
        raise InputError(f"no country for {missing[0]!r} ({len(missing)} such); give one to each")
    of = np.array([country[str(g)] for g in groups])
    i, j = number.reshape(2, -1)
    scope = np.where(i == j, 0, np.where(of[i] == of[j], 1, 2))
    # Either end counts once; a tie inside has both ends in the group.
    sums = np.zeros((len(groups), 3))
    order = np.lexsort((mean, j, i))
    np.add.at(sums, (i[order], scope[order]), mean[order])
    np.add.at(sums, (j[order], scope[order]), mean[order])
    total = sums.sum(axis=1, keepdims=True)
    return groups, np.divide(sums, total, out=np.full_like(sums, np.nan), where=total > 0)


def _ends(given: _Participants) -> Reals:
    """Per participant its fractional ties: local, national, international, unknown."""
    size = np.bincount(given.activity)[given.activity]
    mates = _together(given.activity, given.group) - 1
    own = np.where(given.group == given.outside, 0, mates)
    compatriots = _together(given.activity, given.country) - 1
    both = _together(given.activity, given.group, given.country) - 1
    both = np.where(given.group == given.outside, 0, both)
    unknown_there = sums(given.activity, given.country == given.unknown, 0)[given.activity]
    unknown_here = given.country == given.unknown
    same_unknown = _together(given.activity, given.group, unknown_here)
    mates_unknown = np.where(given.group == given.outside, 0, own + 1 - same_unknown)
    others = size - 1 - own
    national = np.where(unknown_here, 0, compatriots - both)
    # Of somebody whose own country is unknown, nobody else can be said to be near or far.
    unsure = np.where(unknown_here, others, unknown_there - mates_unknown)
    # Each of the n (n - 1) / 2 pairs weighs 2 / (n (n - 1)), and has two ends.
    pair = np.divide(2.0, size * (size - 1), out=np.zeros(len(size)), where=size > 1)
    scopes = np.column_stack([own, national, others - national - unsure, unsure])
    return np.asarray(scopes * pair[:, None] / 2)


def _by_size(given: _Participants, ends: Reals) -> Reals:
    """What shares the groups would have if partners were dealt out by how much they do."""
    # An organisation at work in several groups is divided by what it does in each.
    n = len(given.groups) + 1
    key, at, place = np.unique(
        given.organisation * n + given.group, return_index=True, return_inverse=True
    )
    done = sums(place, ends.sum(axis=1), len(key))
    organisation, group, country = given.organisation[at], given.group[at], given.country[at]
    chance = _chances(organisation, group, np.where(country == given.unknown, -1, country), done)
    expected = np.column_stack([sums(group, done * each, n - 1) for each in chance])
    whole = sums(group, done, n - 1)[:, None]
    return np.divide(expected, whole, out=np.full_like(expected, np.nan), where=whole > 0)


def _chances(
    organisation: Wholes, group: Wholes, country: Wholes, done: Reals
) -> tuple[Reals, Reals, Reals]:
    """That a partner drawn by what it does is local, national, abroad; country -1: unknown."""
    unknown = country == -1
    own = _together(organisation, weight=done)
    local = _together(group, weight=done) - _together(organisation, group, weight=done)
    compatriots = _together(country, weight=done) - _together(organisation, country, weight=done)
    near = _together(group, country, weight=done) - _together(
        organisation, group, country, weight=done
    )
    national = np.where(unknown, 0, compatriots - near)
    unplaced = done * unknown
    unsure = unplaced.sum() - _together(group, weight=unplaced)
    left = done.sum() - own
    abroad = np.where(unknown, 0, np.maximum(left - local - national - unsure, 0))
    none = np.zeros_like(left)
    local, national, abroad = (
        np.divide(each, left, out=none.copy(), where=left > 0) for each in (local, national, abroad)
    )
    return local, national, abroad


def _draws(given: _Participants, ends: Reals, n: int) -> tuple[Reals, Wholes]:
    """The effective and the full number of shared activities of each group."""
    key, place = np.unique(given.group * (given.activity.max(initial=0) + 1) + given.activity,
                           return_inverse=True)  # fmt: skip
    part = sums(place, ends, len(key))
    group = key // (given.activity.max(initial=0) + 1)
    total, squares = (sums(group, v, n) for v in (part, part**2))
    return effective_size(total, squares), np.bincount(group[part > 0], minlength=n)


def _together(*columns: NDArray[Any], weight: Reals | None = None) -> Reals:
    """Per row, how many rows (or how much weight) have the same values in all columns."""
    first, *others = (np.asarray(column).astype(np.int64) for column in columns)
    place = first - first.min(initial=0)
    for column in others:
        number = column - column.min(initial=0)
        key = place * (number.max(initial=0) + 1) + number
        _, place = np.unique(key, return_inverse=True)
    found = sums(place, np.ones(len(place)) if weight is None else weight, 0)
    return np.asarray(found[place])


def _coded(*columns: ArrayLike) -> _Participants:
    """The participants sorted by all they are, so that sums do not depend on row order."""
    texts = [np.asarray(column) for column in columns]
    if len({each.shape for each in texts}) > 1 or texts[0].ndim != 1:
        raise InputError(
            "activity, organisation, group and country have shapes "
            f"{', '.join(str(t.shape) for t in texts)}; give one entry each per participant"
        )
    coded = [_with_empty(*numbered_text(each)) for each in texts]
    one, organisation_, group_, country_ = (number for _, number in coded)
    order = np.lexsort((country_, group_, organisation_, one))
    return _Participants(
        one[order], organisation_[order], group_[order], country_[order], coded[2][0], 0, 0
    )


def _with_empty(names: Names, number: Wholes) -> tuple[Names, Wholes]:
    """The same with the empty text as number 0; it sorts before all others."""
    if len(names) and not names[0]:
        return names, number
    return np.concatenate([[""], names]), number + 1
