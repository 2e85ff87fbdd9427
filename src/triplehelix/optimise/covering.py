"""Covering: each requirement met by enough of those that can, at most one of some, least cost."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triplehelix.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Covering:
    """
    Choose members so that every requirement is covered, at least cost.

    Parameters
    ----------
    cost : shape (n,), >= 0
    who : for each requirement the members that cover it, ascending, none twice.
    times : shape (n_requirements,)
        By how many different members it must be covered.
    apart : sets of members of which at most one may be chosen.
    """

    cost: Floats
    who: tuple[Ints, ...]
    times: Ints
    apart: tuple[Ints, ...] = ()


def robust(cover: Covering, losses: int) -> Covering:
    """
    The covering that still holds after any so many losses.

    Each requirement must be covered by `losses` more different members: were it covered by fewer,
    losing all of these would break it; and no loss breaks an exclusion, which only limits who is
    there.

    Raises
    ------
    InputError
        If `losses` is negative.

    Examples
    --------
    >>> one = Covering(np.ones(3), (np.array([0, 1, 2]),), np.array([1]))
    >>> robust(one, 2).times
    array([3])
    """
    if losses < 0:
        raise InputError(f"losses is {losses}; it must be 0 or more")
    return Covering(cover.cost, cover.who, cover.times + losses, cover.apart)


def in_order(cover: Covering, weight: Floats | None = None) -> tuple[Covering, Ints]:
    """
    The same covering with its requirements and sets apart in an order by content; and that order.

    Which of several equal optima a solver finds depends on the order of its rows; so that must
    not be the order in which they came. `weight` tells requirements of the same members apart.

    Examples
    --------
    >>> rows = (np.array([1, 2]), np.array([0]))
    >>> in_order(Covering(np.ones(3), rows, np.array([1, 1])))[1]
    array([1, 0])
    """
    weights = np.zeros(len(cover.who)) if weight is None else weight
    keys = [
        (len(who), who.tolist(), int(times), float(at))
        for who, times, at in zip(cover.who, cover.times, weights, strict=True)
    ]
    order = np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)
    apart = tuple(sorted(cover.apart, key=lambda group: (len(group), group.tolist())))
    who = tuple(cover.who[at] for at in order)
    return Covering(cover.cost, who, cover.times[order], apart), order


def cost_of(cover: Covering, chosen: Ints) -> float:
    """
    What a choice costs; InputError if it does not cover all or breaks an exclusion.

    Examples
    --------
    >>> one = Covering(np.array([3.0, 4.0]), (np.array([0, 1]),), np.array([1]))
    >>> cost_of(one, np.array([1]))
    4.0
    """
    there = np.zeros(len(cover.cost), dtype=bool)
    there[chosen] = True
    for at, (who, times) in enumerate(zip(cover.who, cover.times, strict=True)):
        if there[who].sum() < times:
            raise InputError(f"requirement {at} is covered {there[who].sum()} times of {times}")
    for group in cover.apart:
        if there[group].sum() > 1:
            raise InputError(f"members {group[there[group]].tolist()} may not be chosen together")
    return float(cover.cost[there].sum())


def can_be(cover: Covering) -> bool:
    """
    Whether each requirement, taken alone, has enough members; False proves infeasibility.

    Examples
    --------
    >>> can_be(Covering(np.ones(1), (np.array([0]),), np.array([2])))
    False
    """
    return all(len(who) >= times for who, times in zip(cover.who, cover.times, strict=True))
