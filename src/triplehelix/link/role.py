"""How much of a group's collaboration is local, national, international; against chance."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.errors import InputError
from triplehelix.link.numbered import numbered, numbered_text
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


class Taking(NamedTuple):
    """
    Participants as numbers, sorted by activity: `start` is where each activity's rows begin.

    Group 0 is outside all groups, country 0 unknown.
    """

    start: Wholes
    organisation: Wholes
    group: Wholes
    country: Wholes


class Dealt(NamedTuple):
    """What each organisation does in each group: how much, and in which country."""

    organisation: Wholes
    group: Wholes
    country: Wholes
    done: Reals


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
    taking, groups = _coded(activity, organisation, group, country)
    return role_of(taking, groups)


def role_of(taking: Taking, groups: Names) -> Role:
    """The role of each group, `groups` being their names by number; see `role`."""
    # Numba is slow to import: only where roles are told.
    from triplehelix.link.reaching import reach

    n = len(groups)
    totals, part, squares, n_activities = (
        np.zeros((n, 4)), np.zeros(n), np.zeros(n), np.zeros(n, np.int64)
    )  # fmt: skip
    reach(*taking[:1], *taking[2:], int(taking.country.max(initial=0)), totals, part, squares,
          n_activities)  # fmt: skip
    tied = np.flatnonzero(part > 0)
    share = totals[tied, :3] / totals[tied].sum(axis=1, keepdims=True)
    draws = effective_size(part, squares)[tied]
    low, high = wilson_interval(share * draws[:, None], draws[:, None])
    return Role(
        groups[tied], share, low, high, _by_size(dealt(taking, n), n)[tied],
        n_activities[tied], draws,
    )  # fmt: skip


def dealt(taking: Taking, n_groups: int) -> Dealt:
    """How much each organisation does in each group: 1 / n of every activity that n share."""
    from triplehelix.link.reaching import per_organisation

    row, done = per_organisation(
        taking.start, taking.organisation, taking.group,
        int(taking.organisation.max(initial=-1)) + 1, n_groups,
    )  # fmt: skip
    return Dealt(taking.organisation[row], taking.group[row], taking.country[row], done)


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


def _by_size(given: Dealt, n_groups: int) -> Reals:
    """What shares the groups would have if partners were dealt out by how much they do."""
    chance = _chances(given, n_groups)
    expected = np.column_stack([sums(given.group, given.done * p, n_groups) for p in chance])
    whole = sums(given.group, given.done, n_groups)[:, None]
    return np.divide(expected, whole, out=np.full_like(expected, np.nan), where=whole > 0)


def _chances(given: Dealt, n_groups: int) -> tuple[Reals, Reals, Reals]:
    """That a partner drawn by what it does is local, national, abroad."""
    organisation, group, country, done = given
    unknown, n_countries = country == 0, int(country.max(initial=0)) + 1
    own = _together(organisation, done)
    local = _together(group, done) - done
    at_home = _together(organisation * n_countries + country, done)
    near = _together(group * n_countries + country, done) - done
    national = np.where(unknown, 0, _together(country, done) - at_home - near)
    unplaced = done * unknown
    unsure = unplaced.sum() - sums(group, unplaced, n_groups)[group]
    left = done.sum() - own
    abroad = np.where(unknown, 0, np.maximum(left - local - national - unsure, 0))
    none = np.zeros_like(left)
    local, national, abroad = (
        np.divide(each, left, out=none.copy(), where=left > 0) for each in (local, national, abroad)
    )
    return local, national, abroad


def _together(number: Wholes, weight: Reals) -> Reals:
    """Per row, the weight of all rows with the same number."""
    if number.max(initial=0) > 4 * len(number):
        _, number = np.unique(number, return_inverse=True)
    return sums(number, weight, 0)[number]


def _coded(*columns: ArrayLike) -> tuple[Taking, Names]:
    """The participants sorted by all they are, so that sums do not depend on row order."""
    given = [np.asarray(column) for column in columns]
    if len({each.shape for each in given}) > 1 or given[0].ndim != 1:
        raise InputError(
            "activity, organisation, group and country have shapes "
            f"{', '.join(str(each.shape) for each in given)}; give one entry each per participant"
        )
    one, organisation = (numbered(each)[1] for each in given[:2])
    (groups, group), (_, country) = (_with_empty(*numbered_text(each)) for each in given[2:])
    order = np.lexsort((country, group, organisation, one))
    start = np.concatenate([[0], np.cumsum(np.bincount(one))])
    return Taking(start, organisation[order], group[order], country[order]), groups


def _with_empty(names: Names, number: Wholes) -> tuple[Names, Wholes]:
    """The same with the empty text as number 0; it sorts before all others."""
    if len(names) and not names[0]:
        return names, number
    return np.concatenate([[""], names]), number + 1
