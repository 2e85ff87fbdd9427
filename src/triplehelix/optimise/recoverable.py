"""Recoverable teams: what the dearest repair after some losses costs, and what is least in all."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from triplehelix.errors import InputError
from triplehelix.optimise.covering import Covering, Floats, Ints


@dataclass(frozen=True, slots=True)
class Recoverable:
    """
    A covering that is repaired after up to `losses` members are lost.

    Members who were neither in it nor lost can be brought in at `repair_cost`, shape (n,), >= 0,
    infinite where they cannot; the repaired one covers everything and keeps the exclusions. To
    minimise: the cost plus that of the dearest cheapest repair over all losses.
    """

    cover: Covering
    repair_cost: Floats
    losses: int


def recoverable(cover: Covering, repair_cost: Floats, losses: int) -> Recoverable:
    """
    The covering with repairs after any up to so many losses.

    Raises
    ------
    InputError
        If `losses` is negative.
    """
    if losses < 0:
        raise InputError(f"losses is {losses}; it must be 0 or more")
    return Recoverable(cover, repair_cost, losses)


def losses_that_matter(problem: Recoverable, chosen: Ints) -> Iterator[Ints]:
    """
    Every set of up to `losses` of the chosen whose loss leaves something uncovered.

    The larger ones come first: they are the dearer ones, most often. Smaller ones count too:
    somebody who stays can shut a cheap repair out.
    """
    most = min(problem.losses, len(chosen))
    for size in range(most, 0, -1):
        for lost in combinations(chosen.tolist(), size):
            gone = np.array(lost, dtype=np.int64)
            if uncovered(problem.cover, np.setdiff1d(chosen, gone)).size:
                yield gone


def uncovered(cover: Covering, chosen: Ints) -> Ints:
    """The requirements that a choice does not cover often enough."""
    there = np.zeros(len(cover.cost), dtype=bool)
    there[chosen] = True
    short = [
        there[who].sum() < times for who, times in zip(cover.who, cover.times, strict=True)
    ]  # fmt: skip
    return np.flatnonzero(short)


def repairers(problem: Recoverable, chosen: Ints, stay: Ints) -> Ints:
    """Who could be brought in: not chosen, can be hired, shut out by nobody who stays."""
    free = np.isfinite(problem.repair_cost)
    free[chosen] = False
    left = np.zeros(len(free), dtype=bool)
    left[stay] = True
    for group in problem.cover.apart:
        if left[group].any():
            free[group] = False
    return np.flatnonzero(free)


def repair_problem(problem: Recoverable, chosen: Ints, lost: Ints) -> tuple[Covering, Ints]:
    """The covering that the cheapest repair after a loss is, over the repairers given beside it."""
    stay = np.setdiff1d(chosen, lost)
    free = repairers(problem, chosen, stay)
    place = np.full(len(problem.cover.cost), -1)
    place[free] = np.arange(len(free))
    there = np.zeros(len(place), dtype=bool)
    there[stay] = True
    open_ = uncovered(problem.cover, stay)
    who = tuple(place[problem.cover.who[at]] for at in open_)
    still = [int(problem.cover.times[at] - there[problem.cover.who[at]].sum()) for at in open_]
    apart = (place[group][place[group] >= 0] for group in problem.cover.apart)
    repair = Covering(
        problem.repair_cost[free], tuple(one[one >= 0] for one in who),
        np.array(still, dtype=np.int64), tuple(one for one in apart if len(one) > 1),
    )  # fmt: skip
    return repair, free
