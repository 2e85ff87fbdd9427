"""Partial robustness: after any so many losses, enough of the weight stays covered."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from triplehelix.errors import InputError
from triplehelix.optimise.covering import Covering, Floats, Ints, cost_of

# Sets of losses that are looked at in one piece.
PIECE = 20_000


@dataclass(frozen=True, slots=True)
class Partial:
    """
    A covering of which, after any `losses`, requirements of enough weight stay covered.

    Without losses all of them are covered. `weight` has shape (n_requirements,), >= 0; more than
    `may_be_lost` of it must never go uncovered.
    """

    cover: Covering
    weight: Floats
    losses: int
    may_be_lost: float


def partially_robust(cover: Covering, weight: Floats, losses: int, percent: float) -> Partial:
    """
    The covering that keeps a percentage of the total weight after any so many losses.

    Raises
    ------
    InputError
        If `losses` is negative or `percent` not from 0 to 100.
    """
    if losses < 0:
        raise InputError(f"losses is {losses}; it must be 0 or more")
    if not 0 <= percent <= 100:
        raise InputError(f"percent is {percent}; it must be from 0 to 100")
    total = float(weight.sum())
    return Partial(cover, weight, losses, total * (1 - percent / 100) + 1e-9 * max(1.0, total))


def worst_losses(problem: Partial, chosen: Ints) -> NDArray[np.bool_]:
    """
    The sets of requirements, a row each, that some losses leave uncovered and that weigh too much.

    No row where the choice is partially robust: every set of losses is looked at. Only members
    whom a requirement hangs on (`losses` of the choice or fewer cover it) need be combined, since
    losing any other uncovers nothing.
    """
    skills = _skills(problem.cover, chosen)
    covered = skills.sum(axis=0)
    weak = np.flatnonzero(covered <= problem.losses)
    none = np.zeros((0, len(problem.weight)), dtype=bool)
    if problem.weight[weak].sum() <= problem.may_be_lost:
        return none
    skills = skills[skills[:, weak].any(axis=1)][:, weak]
    found = [none]
    lost = combinations(range(len(skills)), min(problem.losses, len(skills)))
    while piece := [one for one, _ in zip(lost, range(PIECE), strict=False)]:
        gone = skills[np.array(piece, dtype=np.int64)].sum(axis=1) == covered[weak]
        gone = np.unique(gone[gone @ problem.weight[weak] > problem.may_be_lost], axis=0)
        rows = np.zeros((len(gone), len(problem.weight)), dtype=bool)
        rows[:, weak] = gone
        found.append(rows)
    return np.unique(np.concatenate(found), axis=0)


def _skills(cover: Covering, chosen: Ints) -> NDArray[np.int64]:
    """Which of the chosen cover which requirement, shape (n_chosen, n_requirements), 0 or 1."""
    place = np.full(len(cover.cost), -1)
    place[chosen] = np.arange(len(chosen))
    skills = np.zeros((len(chosen), len(cover.who)), dtype=np.int64)
    for at, who in enumerate(cover.who):
        mine = place[who]
        skills[mine[mine >= 0], at] = 1
    return skills


def _members(problem: Partial, requirements: Ints) -> Ints:
    return np.unique(np.concatenate([problem.cover.who[at] for at in requirements]))


def mended(problem: Partial, chosen: Ints) -> Ints | None:
    """
    A partially robust covering made from a choice by adding and dropping; None if none is found.
    """
    there = np.zeros(len(problem.cover.cost), dtype=bool)
    there[chosen] = True
    while len(broken := _broken(problem, np.flatnonzero(there))):
        gain = np.zeros(len(there))
        for uncovered in broken:
            gain[_members(problem, np.flatnonzero(uncovered))] += 1
        gain[there | _shut_out(problem.cover, there)] = 0
        worth = gain / np.maximum(problem.cover.cost, 1e-9)
        if not worth.any():
            return None
        there[int(np.argmax(worth))] = True
    return _without_spare(problem, there)


def _broken(problem: Partial, chosen: Ints) -> NDArray[np.bool_]:
    """The sets of requirements that losses leave open; each one that is open now for itself."""
    open_ = np.flatnonzero(~_skills(problem.cover, chosen).any(axis=0))
    now = np.zeros((len(open_), len(problem.weight)), dtype=bool)
    now[np.arange(len(open_)), open_] = True
    return np.concatenate([worst_losses(problem, chosen), now])


def _shut_out(cover: Covering, there: NDArray[np.bool_]) -> NDArray[np.bool_]:
    out = np.zeros(len(there), dtype=bool)
    for group in cover.apart:
        if there[group].any():
            out[group] = True
    return out


def _without_spare(problem: Partial, there: NDArray[np.bool_]) -> Ints:
    members = np.flatnonzero(there)
    for member in members[np.argsort(-problem.cover.cost[members], kind="stable")]:
        rest = np.setdiff1d(members, [member])
        if _skills(problem.cover, rest).any(axis=0).all() and not len(worst_losses(problem, rest)):
            members = rest
    return members


def partial_cost_of(problem: Partial, chosen: Ints) -> float:
    """
    What a choice costs; InputError if it is no covering or not partially robust.

    Examples
    --------
    >>> cover = Covering(np.ones(2), (np.array([0, 1]),), np.array([1]))
    >>> partial_cost_of(partially_robust(cover, np.array([5.0]), 1, 90), np.array([0, 1]))
    2.0
    """
    if len(worst := worst_losses(problem, chosen)):
        lost = np.flatnonzero(worst[0]).tolist()
        raise InputError(f"losses leave the requirements {lost} uncovered")
    return cost_of(problem.cover, chosen)
