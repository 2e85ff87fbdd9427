"""
Partially robust coverings: conditions are added as losses are found that break the best.

A choice keeps enough weight after every loss if and only if, for every set of requirements that
weighs too much, more members than are lost cover one of them. There are too many such sets to
write down; the cheapest covering that heeds those known so far is looked at, and of the losses
that break it each gives more. As all are conditions that every partially robust choice keeps,
the cost of that covering is a lower bound throughout; each one found is mended into a choice that
keeps them all, and where the costs meet it is optimal.
"""

import numpy as np

from triplehelix.optimise.covering import Covering, Ints, can_be
from triplehelix.optimise.highs.covering import programme, search
from triplehelix.optimise.highs.mip import run
from triplehelix.optimise.outcome import Limits, Outcome
from triplehelix.optimise.partial import (
    Partial,
    conditions_on,
    mended,
    partial_cost_of,
    violated,
    worst_losses,
)
from triplehelix.optimise.steps import step_of
from triplehelix.optimise.watch import Clock, OnProgress, Watch

MOST_AT_ONCE = 100
MOST_RELAXED = 40


def solve_partial(
    problem: Partial, limits: Limits, *, clock: Clock, on_progress: OnProgress | None = None
) -> Outcome:
    """
    Find the cheapest partially robust covering, with proof.

    References
    ----------
    Schwind, Demirović, Inoue and Lagniez (2021), Partial robustness in team formation, AAMAS
    2021: the problem.
    """
    watch = Watch(clock, limits, on_progress)
    known: dict[bytes, Ints] = {}
    _relaxed(problem, known, watch)
    while not watch.over():
        cover = _with(problem, known)
        inside = Watch(clock, watch.left(), watch.inner(feasible=False))
        search(cover, inside, below=_useful(problem, watch))
        watch.infeasible = inside.infeasible
        watch.proved(inside.bound)
        if inside.chosen is None or watch.infeasible:
            break
        chosen = np.array(inside.chosen, dtype=np.int64)
        if (better := mended(problem, chosen)) is not None:
            watch.found(partial_cost_of(problem, better), better)
        broken = worst_losses(problem, chosen)
        if not len(broken) or watch.proven():
            break
        # The smallest sets of requirements say most.
        for uncovered in sorted(broken, key=lambda one: (one.sum(), one.tobytes()))[:MOST_AT_ONCE]:
            known |= {one.tobytes(): one for one in conditions_on(problem, uncovered)}
    return watch.outcome()


def _useful(problem: Partial, watch: Watch) -> float:
    """The most that a covering may cost to be cheaper than the best known."""
    step = step_of(problem.cover.cost)
    return np.inf if watch.objective is None or not step else watch.objective - step


def _relaxed(problem: Partial, known: dict[bytes, Ints], watch: Watch) -> None:
    """Conditions that the linear relaxation breaks, until it breaks none that is easily found."""
    for _ in range(MOST_RELAXED):
        cover = _with(problem, known)
        if watch.over() or not can_be(cover):
            return
        ran = run(programme(cover, whole=False), watch.left())
        if ran.values is None or not (new := violated(problem, ran.values)):
            return
        known |= {one.tobytes(): one for one in new}


def _with(problem: Partial, known: dict[bytes, Ints]) -> Covering:
    cover = problem.cover
    times = np.r_[cover.times, np.full(len(known), problem.losses + 1)].astype(np.int64)
    return Covering(cover.cost, (*cover.who, *known.values()), times, cover.apart)
