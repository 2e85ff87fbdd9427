"""A search by exchanges for a partially robust choice that costs no more than is said."""

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from triplehelix.optimise.covering import Floats, Ints
from triplehelix.optimise.partial import Partial, worst_losses

# Where a choice has more sets of losses (39 members and three losses have 9,139), the search would
# be slow, and is left out.
MOST_LOSSES = 10_000
# Members taken out by turns at each step, drawn at random.
TRIED_OUT = 4
# How much a requirement that nobody covers counts beside weight lost.
UNCOVERED = 5.0


@dataclass(frozen=True, slots=True)
class _Space:
    """Who may be chosen, what each covers, and what still is lost if each joins."""

    problem: Partial
    free: Ints
    has: NDArray[np.float64]
    lost_with: Floats
    open_with: Floats
    apart: NDArray[np.bool_]


def cheaper(
    problem: Partial, start: Ints, most: float, *, free: Ints, steps: int, rng: np.random.Generator
) -> Ints | None:
    """
    Look for a partially robust covering of cost up to `most`, from a choice on; None if not found.

    At each step somebody goes, comes, or both: whichever leaves the least weight lost beyond what
    may be, summed over all losses. Who has gone stays out for some steps (a tabu search). Of
    equal ones the cheaper is taken, then the first.

    Parameters
    ----------
    start : a choice; need not cover, nor cost so little.
    free : the members who may be chosen, ascending; others of `start` are left out.
    """
    space = _space(problem, free)
    cost = problem.cover.cost[free]
    team = [int(at) for at in np.flatnonzero(np.isin(free, start))]
    out_until = np.zeros(len(free), dtype=np.int64)
    for step in range(steps):
        while team and cost[team].sum() > most + 1e-9:
            team.pop(int(rng.integers(len(team))))
        if comb(len(team), min(problem.losses, len(team))) > MOST_LOSSES:
            return None
        over, out, into = _best_move(space, team, most, out_until <= step, rng)
        if into is None and out is None:
            return None
        if out is not None:
            team.remove(out)
            out_until[out] = step + 3 + int(rng.integers(5))
        if into is not None:
            team.append(into)
        if over <= 1e-9 and _is_one(problem, chosen := np.sort(free[team])):
            return chosen
    return None


def _space(problem: Partial, free: Ints) -> _Space:
    has = np.zeros((len(problem.cover.cost), len(problem.weight)))
    for at, who in enumerate(problem.cover.who):
        has[who, at] = 1
    has = has[free]
    place = np.full(len(problem.cover.cost), -1)
    place[free] = np.arange(len(free))
    apart = np.zeros((len(free), len(free)), dtype=bool)
    for group in problem.cover.apart:
        here = place[group][place[group] >= 0]
        apart[np.ix_(here, here)] = True
    np.fill_diagonal(apart, False)
    open_with = np.ascontiguousarray((1 - has).T)
    return _Space(problem, free, has, open_with * problem.weight[:, None], open_with, apart)


_Move = tuple[float, int | None, int | None]


def _best_move(
    space: _Space, team: list[int], most: float, allowed: NDArray[np.bool_],
    rng: np.random.Generator,
) -> _Move:  # fmt: skip
    """What would be lost too much, who goes, who comes."""
    moves: list[_Move] = [_joining(space, team, most, allowed, None)]
    for at in rng.permutation(len(team))[:TRIED_OUT]:
        rest = [member for member in team if member != team[at]]
        moves.append(_joining(space, rest, most, allowed, team[at]))
    return min(moves, key=lambda move: (move[0], -1 if move[1] is None else move[1]))


def _joining(
    space: _Space, rest: list[int], most: float, allowed: NDArray[np.bool_], out: int | None
) -> _Move:
    """Who best joins those who rest."""
    cost = space.problem.cover.cost[space.free]
    can = allowed & (cost <= most - cost[rest].sum() + 1e-9) & ~space.apart[rest].any(axis=0)
    can[rest] = False
    if out is not None:
        can[out] = False
    if not can.any():
        return (_lost_too_much(space, rest), out, None) if out is not None else (np.inf, None, None)
    who = np.flatnonzero(can)
    over = _with_each(space, rest, who)
    best = int(np.lexsort((who, cost[who], over))[0])
    return float(over[best]), out, int(who[best])


def _lost(space: _Space, team: list[int], losses: int) -> NDArray[np.float64]:
    """Requirements uncovered, 1 or 0, after each loss of so many: shape (n_losses, n)."""
    covered = space.has[team].sum(axis=0)
    lost = np.array(list(combinations(team, min(losses, len(team)))), dtype=np.int64)
    return np.asarray(space.has[lost].sum(axis=1) == covered, dtype=float)


def _with_each(space: _Space, team: list[int], who: Ints) -> Floats:
    """What is lost too much, summed over all losses, if one joins: for each of `who`."""
    problem = space.problem
    lost = _lost(space, team, problem.losses)
    # One more can only lower what is lost, so the rest need not be looked at.
    lost = lost[lost @ problem.weight > problem.may_be_lost]
    over = np.maximum(lost @ space.lost_with[:, who] - problem.may_be_lost, 0).sum(axis=0)
    if problem.losses:
        # Where the one who joins is lost too, it is as if one fewer of the others were.
        fewer = _lost(space, team, problem.losses - 1) @ problem.weight
        over = over + np.maximum(fewer - problem.may_be_lost, 0).sum()
    uncovered = (space.has[team].sum(axis=0) == 0).astype(float)
    return np.asarray(
        over + UNCOVERED * (uncovered @ (space.lost_with + space.open_with)[:, who])
    )  # fmt: skip


def _lost_too_much(space: _Space, team: list[int]) -> float:
    problem = space.problem
    lost = _lost(space, team, problem.losses) @ problem.weight
    uncovered = space.has[team].sum(axis=0) == 0
    open_ = float((problem.weight + 1) @ uncovered)
    return float(np.maximum(lost - problem.may_be_lost, 0).sum()) + UNCOVERED * open_


def _is_one(problem: Partial, chosen: Ints) -> bool:
    covers = all(np.isin(who, chosen).any() for who in problem.cover.who)
    return covers and not len(worst_losses(problem, chosen))
