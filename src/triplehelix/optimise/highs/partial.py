"""
Partially robust coverings: conditions are added as losses are found that break the best.

There are too many conditions of partial robustness to write down (see `partial_lifted`). Those
that the linear relaxation breaks come first. Then the cheapest covering that heeds all known ones
is looked for, and the losses that break it give more. As every partially robust choice keeps
them all, the cost of that covering is a lower bound throughout; each one found is mended into a
choice that is partially robust, and where the costs meet it is optimal.

CP-SAT in place of HiGHS took about a hundred times as long for the first of these coverings
(568 members, 71 requirements, two losses, 95 %: 49 s of processor time against 0.5 s).
"""

from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from triplehelix.optimise.covering import Floats, Ints, can_be, in_order
from triplehelix.optimise.highs.covering import options, programme
from triplehelix.optimise.highs.mip import Programme, Ran, run
from triplehelix.optimise.outcome import Limits, Outcome
from triplehelix.optimise.partial import Partial, mended, partial_cost_of, worst_losses
from triplehelix.optimise.partial_lifted import Weights, broken_by, violated, weights_of
from triplehelix.optimise.partial_search import cheaper
from triplehelix.optimise.steps import raised, step_of
from triplehelix.optimise.watch import Clock, OnProgress, Watch

MOST_RELAXED = 60
MOST_EXCHANGES = 40
MOST_TRIES = 3
PERTURBED = 4
PERTURBATION = 0.15
MOST_PERTURBED = 6


@dataclass
class _Known:
    """A problem, the conditions known so far, and what their linear relaxation says."""

    problem: Partial
    weights: Weights
    step: float
    rows: dict[bytes, Floats] = field(default_factory=dict)
    values: Floats | None = None
    bound: float = 0.0
    reduced: Floats | None = None

    def add(self, rows: list[Floats]) -> bool:
        """Whether one of them is new."""
        before = len(self.rows)
        self.rows |= {row.tobytes(): row for row in rows}
        return len(self.rows) > before

    def programme(self, *, whole: bool) -> Programme:
        """The covering that heeds all known conditions."""
        base = programme(self.problem.cover, whole=whole)
        if not self.rows:
            return base
        rows = np.array(list(self.rows.values()))
        need = np.full(len(rows), self.problem.losses + 1.0)
        return replace(
            base,
            matrix=sparse.csr_array(sparse.vstack([base.matrix, sparse.csr_array(rows)])),
            row_low=np.r_[base.row_low, need],
            row_high=np.r_[base.row_high, np.full(len(rows), np.inf)],
        )


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
    _relax(known, watch)
    widened = False
    while known.values is not None and not (watch.over() or watch.infeasible or watch.proven()):
        chosen = _cheapest(known, watch)
        if chosen is None:
            break
        _mend(known, chosen, watch)
        if not widened and not watch.proven():
            _widen(known, watch)
            widened = True
        new = known.add(broken_by(problem, known.weights, chosen, known.values))
        # A robust one that is not proven best was found before HiGHS was done: it goes on.
        if not new and len(worst_losses(problem, chosen)):
            break
    return watch.outcome()


def _mend(known: _Known, chosen: Ints, watch: Watch) -> None:
    """Make it partially robust, then cheaper by exchanges, as long as that goes."""
    problem = known.problem
    better = mended(problem, chosen) if len(worst_losses(problem, chosen)) else chosen
    if better is None:
        return
    watch.found(partial_cost_of(problem, better), better)
    # From another choice each time, and by other moves: where one search ends another may go on.
    rng = np.random.default_rng(len(known.rows))
    start: Ints | None = chosen
    tries = 0
    while tries < MOST_TRIES and not (watch.over() or watch.proven()):
        assert watch.objective is not None and start is not None
        most = watch.objective - (known.step or 1e-6 * watch.objective)
        found = cheaper(problem, start, most, free=_core(known, watch.objective),
                        steps=MOST_EXCHANGES, rng=rng)  # fmt: skip
        if found is None:
            tries, start = tries + 1, _ints(watch.chosen or ())
        else:
            watch.found(partial_cost_of(problem, found), found)
            start = found


def _relax(known: _Known, watch: Watch) -> None:
    """Add conditions that the linear relaxation breaks, until it breaks none that is found."""
    for _ in range(MOST_RELAXED):
        if watch.over() or watch.infeasible:
            return
        model = known.programme(whole=False)
        ran = run(model, watch.left())
        watch.infeasible = ran.status == "infeasible"
        if ran.values is None or ran.duals is None:
            return
        known.values = ran.values
        known.bound, known.reduced = _lagrangian(model, ran.duals)
        watch.proved(raised(known.bound, known.step))
        if not known.add(violated(known.weights, ran.values)):
            return


def _widen(known: _Known, watch: Watch) -> None:
    """Add conditions that relaxations of slightly other costs break: many more near the best."""
    rng = np.random.default_rng(0)
    for _ in range(PERTURBED):
        factor = 1 + PERTURBATION * rng.random(len(known.problem.cover.cost))
        for _ in range(MOST_PERTURBED):
            model = known.programme(whole=False)
            ran = run(replace(model, cost=model.cost * factor), watch.left())
            if watch.over() or ran.values is None:
                return
            if not known.add(violated(known.weights, ran.values)):
                break
    _relax(known, watch)


def _lagrangian(model: Programme, duals: Floats) -> tuple[float, Floats]:
    """A bound that holds for any multipliers of the right sign, and reduced costs (0 or more)."""
    at_least = np.isneginf(model.row_low)
    multipliers = np.where(at_least, np.minimum(duals, 0), np.maximum(duals, 0))
    reduced = model.cost - model.matrix.T @ multipliers
    sides = np.where(at_least, model.row_high, model.row_low)
    return float(multipliers @ sides + np.minimum(reduced, 0).sum()), np.maximum(reduced, 0)


def _cheapest(known: _Known, watch: Watch) -> Ints | None:
    """
    The cheapest covering under the known conditions, or one as cheap as the bound.

    None if there is none cheaper than the best known, or time is over. Only members who can be in
    a cheaper one are tried, by their reduced costs.
    """
    core = np.union1d(_core(known, watch.objective), _ints(watch.chosen or ()))
    model = _part(known.programme(whole=True), core)
    most = np.inf if watch.objective is None else watch.objective
    # The best known one, which keeps all conditions, lets HiGHS leave out what is no cheaper.
    start = None if watch.chosen is None else np.isin(core, watch.chosen).astype(float)
    ran = run(model, watch.left(), options=_options(known, watch), start=start,
              on_progress=watch.inner(feasible=False, most=most))  # fmt: skip
    watch.stopped = watch.stopped or ran.stopped
    _learn(ran, known, watch, most)
    return None if ran.values is None else core[ran.values > 0.5]


def _ints(chosen: tuple[int, ...]) -> Ints:
    return np.array(chosen, dtype=np.int64)


def _options(known: _Known, watch: Watch) -> dict[str, object]:
    chosen = options(known.step)
    if known.step and watch.bound is not None:
        chosen["objective_target"] = watch.bound + 0.5 * known.step
    return chosen


def _core(known: _Known, best: float | None) -> Ints:
    if best is None or known.reduced is None:
        return np.arange(len(known.problem.cover.cost))
    return np.flatnonzero(known.reduced <= best - known.step - known.bound + 1e-9)


def _part(model: Programme, core: Ints) -> Programme:
    return replace(
        model, cost=model.cost[core], low=model.low[core], high=model.high[core],
        whole=model.whole[core], matrix=sparse.csr_array(model.matrix[:, core]),
    )  # fmt: skip


def _learn(ran: Ran, known: _Known, watch: Watch, most: float) -> None:
    """`most`: what a covering with anybody outside the core costs at least, inf if none is."""
    if ran.status == "infeasible":
        watch.infeasible = np.isinf(most)
        watch.proved(most)
    elif ran.bound is not None:
        watch.proved(min(raised(ran.bound, known.step), most))
