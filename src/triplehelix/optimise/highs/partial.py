"""
Partially robust coverings: conditions are added as losses are found that break a choice.

There are too many conditions of partial robustness to write down (see `partial_lifted`). Those
that the linear relaxation breaks come first, then those that relaxations at the nodes of a branch
and cut break, and last those that its solutions do. As every partially robust choice keeps them
all, what the relaxation costs is a lower bound throughout. Solutions that break some are mended.

Before conditions were added at the nodes, coverings under those known so far were solved by HiGHS
one after the other: 9 s of processor time, not 3, for the published instance of 568 members and
71 requirements with two losses and 90 %. CP-SAT in place of HiGHS took a hundred times as long.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from triplehelix.optimise.covering import Floats, Ints, can_be, in_order
from triplehelix.optimise.highs.branching import Cuts, grow
from triplehelix.optimise.highs.covering import programme
from triplehelix.optimise.highs.mip import Programme
from triplehelix.optimise.highs.rising import next_cost, rise
from triplehelix.optimise.highs.warm import Warm
from triplehelix.optimise.outcome import Limits, Outcome
from triplehelix.optimise.partial import Partial, mended, partial_cost_of
from triplehelix.optimise.partial_lifted import Weights, broken_by, violated, weights_of
from triplehelix.optimise.partial_search import cheaper
from triplehelix.optimise.steps import raised, step_of
from triplehelix.optimise.watch import Clock, OnProgress, Watch

MOST_RELAXED = 150
# How often no broken condition may be found, starting from more and more sets.
FEW_IN_VAIN, MOST_IN_VAIN = 2, 6
# Conditions further from breaking than this are left out until they are found again.
SLACK = 0.1
MOST_EXCHANGES = 40
MOST_TRIES = 2
DIVES = 2
# Up to which share of those who could be in a search among those seen is worth its nodes.
MOST_SEEN = 0.6
MOST_NODES = 60


@dataclass
class _Known:
    """A problem, the conditions known so far, and what their linear relaxation says."""

    problem: Partial
    weights: Weights
    step: float
    rows: list[Floats] = field(default_factory=list)
    values: Floats | None = None
    bound: float = 0.0
    reduced: Floats | None = None
    # Who has been chosen, in part at least, by some relaxation.
    seen: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.seen = np.zeros(len(self.problem.cover.cost), dtype=bool)

    @property
    def need(self) -> int:
        """What each condition must sum to."""
        return self.problem.losses + 1

    def core(self, most: float) -> Ints:
        """The members who can be in a choice of cost up to `most`."""
        assert self.reduced is not None
        return np.flatnonzero(self.reduced <= most - self.bound + 1e-6 * max(1.0, self.bound))

    def programme(self, core: Ints) -> Programme:
        """The covering among some members that heeds all known conditions."""
        base = programme(self.problem.cover)
        rows = np.array(self.rows).reshape(-1, len(base.cost)) / self.need
        matrix = sparse.vstack([base.matrix, sparse.csr_array(rows)], format="csc")
        return Programme(
            base.cost[core], base.low[core], base.high[core], base.whole[core],
            sparse.csr_array(matrix[:, core]), np.r_[base.row_low, np.ones(len(rows))],
            np.r_[base.row_high, np.full(len(rows), np.inf)],
        )  # fmt: skip


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
    cover, order = in_order(problem.cover, problem.weight)
    problem = replace(problem, cover=cover, weight=problem.weight[order])
    watch.infeasible = not can_be(cover)
    known = _Known(problem, weights_of(problem), step_of(cover.cost))
    if not watch.infeasible:
        _relax(known, watch, FEW_IN_VAIN)
    if known.values is None or watch.infeasible:
        return watch.outcome()
    starts = [_dive(known, watch, turn) for turn in range(DIVES) if not watch.proven()]
    if not watch.proven():
        _relax(known, watch, MOST_IN_VAIN)
    for start in starts:
        _exchange(known, start, watch)

    def asked(most: float) -> tuple[Programme, Ints, Cuts]:
        _try_seen(known, most, watch)
        core = known.core(most)
        return known.programme(core), core, _cuts(known, core, watch)

    first = known.bound + max(known.step, 0.02 * known.bound)
    rise(watch, asked, first=first, step=known.step, total=float(cover.cost.sum()))
    return watch.outcome()


def _relax(known: _Known, watch: Watch, most_in_vain: int) -> None:
    """Add conditions that the linear relaxation breaks, until none was found so many times."""
    base = known.programme(np.arange(len(known.problem.cover.cost)))
    warm, rng, in_vain = Warm(base), np.random.default_rng(most_in_vain), 0
    for _ in range(MOST_RELAXED):
        value = warm.solve()
        watch.infeasible = np.isinf(value)
        if watch.infeasible or watch.over():
            break
        known.values = warm.values()
        watch.proved(raised(value, known.step))
        found = violated(known.weights, known.values, rng if in_vain else None)
        in_vain += not found
        if in_vain == most_in_vain:
            break
        if found:
            known.rows += found
            warm.add([row / known.need for row in found])
    if not watch.infeasible:
        _conclude(known, warm)


def _conclude(known: _Known, warm: Warm) -> None:
    """
    Keep a bound that holds for any multipliers, reduced costs (0 or more), and tight conditions.
    """
    n = len(known.rows)
    model = known.programme(np.arange(len(known.problem.cover.cost)))
    warm.solve()
    duals, activities = warm.duals(), warm.activities()
    at_most = np.isneginf(model.row_low)
    multipliers = np.where(at_most, np.minimum(duals, 0), np.maximum(duals, 0))
    reduced = model.cost - model.matrix.T @ multipliers
    sides = np.where(at_most, model.row_high, model.row_low)
    known.bound = float(multipliers @ sides + np.minimum(reduced, 0).sum())
    known.reduced = np.maximum(reduced, 0)
    tight = activities[-n:] < 1 + SLACK
    known.rows = [known.rows[at] for at in range(n) if tight[at]]


def _dive(known: _Known, watch: Watch, turn: int) -> Ints:
    """
    Choose one member after the other whom the relaxation has most of, and mend what results.

    Returns who had been chosen before it was mended.
    """
    assert known.values is not None
    rng = np.random.default_rng(turn)
    most = float(known.problem.cover.cost.sum())
    if watch.objective is not None:
        most = watch.objective - known.step
    core = known.core(most)
    model = known.programme(core)
    warm, low, cuts = Warm(model), np.zeros(len(core)), _cuts(known, core, watch)
    values = known.values[core]
    favour = np.exp(0.5 * turn * rng.normal(size=len(core)))
    while len(core) and not watch.over() and warm.solve(most=most) <= most:
        values = warm.values()
        part = (values > 1e-6) & (values < 1 - 1e-6)
        if found := cuts(values, not part.any()):
            warm.add(found)
            if warm.solve(most=most) > most:
                break
            values = warm.values()
            part = (values > 1e-6) & (values < 1 - 1e-6)
        if not part.any():
            break
        low[int(np.argmax(np.where(part, values * favour, 0)))] = 1.0
        warm.within(low, np.ones(len(core)))
    chosen = core[values > 0.5]
    _mend(known, chosen, watch)
    return chosen


def _cuts(known: _Known, core: Ints, watch: Watch) -> Cuts:
    """Conditions that values of the members of a core break."""

    def cuts(values: Floats, whole: bool) -> list[Floats]:
        assert known.values is not None
        everybody = np.zeros(len(known.values))
        everybody[core] = values
        known.seen |= everybody > 1e-6
        if whole:
            chosen = core[values > 0.5]
            found = broken_by(known.problem, known.weights, chosen, known.values)
            if found:
                _mend(known, chosen, watch)
        else:
            found = violated(known.weights, everybody)
        known.rows += found
        return [row[core] / known.need for row in found]

    return cuts


def _try_seen(known: _Known, most: float, watch: Watch) -> None:
    """Look for a choice among those whom relaxations have chosen: they are few, and likely."""
    core = known.core(most)
    few = core[known.seen[core]]
    n_nodes = 0

    def told(bound: float, chosen: Ints | None) -> bool:
        nonlocal n_nodes
        n_nodes += chosen is None
        if chosen is not None:
            watch.found(partial_cost_of(known.problem, few[chosen]), few[chosen])
        return n_nodes >= MOST_NODES or chosen is not None or watch.stopped or watch.over()

    if len(few) < MOST_SEEN * len(core):
        cuts = _cuts(known, few, watch)
        grow(known.programme(few), most=most, step=known.step, told=told, cuts=cuts)


def _mend(known: _Known, chosen: Ints, watch: Watch) -> None:
    """Make a choice partially robust, if that goes."""
    better = mended(known.problem, chosen)
    if better is not None:
        watch.found(partial_cost_of(known.problem, better), better)


def _exchange(known: _Known, start: Ints, watch: Watch) -> None:
    """Look for a cheaper choice by exchanges, at first for a much cheaper one."""
    rng, tries = np.random.default_rng(len(known.rows)), 0
    while (
        watch.objective is not None and tries < MOST_TRIES and not (watch.over() or watch.proven())
    ):
        last = watch.objective - (known.step or 1e-6 * watch.objective)
        most = last if tries else next_cost(watch.bound or 0.0, watch.objective, last, known.step)
        found = cheaper(
            known.problem, start, most, free=known.core(most), steps=MOST_EXCHANGES, rng=rng
        )  # fmt: skip
        if found is None:
            tries += 1
        else:
            watch.found(partial_cost_of(known.problem, found), found)
            start = found
