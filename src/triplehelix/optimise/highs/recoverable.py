"""
Recoverable coverings by adding losses one by one, each with its own repair (columns and rows).

The model knows some sets of losses and has, for each, variables for a repair. It is a relaxation,
as other losses are left out; so its optimum is a lower bound. For the team it proposes every loss
is tried, the dearest repair makes an upper bound, and the loss that causes it is added. There are
finitely many losses, so the two meet.

CP-SAT in place of HiGHS had no bound above 0 after 15 s of processor time, where HiGHS took 0.3 s
(568 members, 71 requirements, seven losses known).
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from triplehelix.optimise.covering import Covering, Floats, Ints, can_be, cost_of, in_order
from triplehelix.optimise.highs.covering import conditions, options, search
from triplehelix.optimise.highs.mip import Programme, run
from triplehelix.optimise.outcome import Limits, Outcome
from triplehelix.optimise.recoverable import Recoverable, losses_that_matter, repair_problem
from triplehelix.optimise.steps import raised, step_of
from triplehelix.optimise.watch import Clock, OnProgress, Watch


def solve_recoverable(
    problem: Recoverable, limits: Limits, *, clock: Clock, on_progress: OnProgress | None = None
) -> Outcome:
    """
    Find the covering whose cost plus dearest repair is least, with proof.

    The objective is that sum; `chosen` is the covering before any loss.

    References
    ----------
    Zeng and Zhao (2013), Solving two-stage robust optimization problems using a
    column-and-constraint generation method, Operations Research Letters 41(5), 457-461.
    doi:10.1016/j.orl.2013.05.003. The problem: Demirović, Schwind, Okimoto and Inoue (2018),
    Recoverable team formation, AAMAS 2018, 1362-1370.
    """
    watch = Watch(clock, limits, on_progress)
    problem = replace(problem, cover=in_order(problem.cover)[0])
    watch.infeasible = not can_be(problem.cover)
    step = step_of(np.r_[problem.cover.cost, _finite(problem.repair_cost)])
    losses: list[Ints] = []
    while not (watch.over() or watch.infeasible):
        model = _model(problem, losses)
        ran = run(
            model, watch.left(), options=options(step), on_progress=watch.inner(feasible=False)
        )
        watch.stopped = watch.stopped or ran.stopped
        watch.infeasible = ran.status == "infeasible"
        watch.proved(None if ran.bound is None else raised(ran.bound, step))
        if ran.values is None:
            break
        chosen = np.flatnonzero(ran.values[: len(problem.cover.cost)] > 0.5)
        worst = _worst(problem, chosen, watch)
        if worst is None:
            break
        if np.isfinite(worst.cost):
            watch.found(cost_of(problem.cover, chosen) + worst.cost, chosen)
        if watch.proven() or worst.lost is None:
            break
        losses.append(worst.lost)
    return watch.outcome()


@dataclass(frozen=True, slots=True)
class _Worst:
    """The dearest cheapest repair, and after which loss; infinite where none repairs it."""

    cost: float
    lost: Ints | None


def _worst(problem: Recoverable, chosen: Ints, watch: Watch) -> _Worst | None:
    """None if time ran out before every loss was tried."""
    worst = _Worst(0.0, None)
    known: dict[tuple[bytes, ...], float] = {}
    for lost in losses_that_matter(problem, chosen):
        repair, free = repair_problem(problem, chosen, lost)
        same = (free.tobytes(), *(who.tobytes() for who in repair.who), repair.times.tobytes())
        if same not in known:
            inside = Watch(watch.clock, watch.left())
            search(repair, inside)
            if not (inside.infeasible or inside.proven()):
                return None
            known[same] = np.inf if inside.objective is None else inside.objective
        if worst.lost is None or known[same] > worst.cost:
            worst = _Worst(known[same], lost)
        if np.isinf(worst.cost):
            return worst
    return worst


def _finite(values: Floats) -> Floats:
    return values[np.isfinite(values)]


def _model(problem: Recoverable, losses: list[Ints]) -> Programme:
    """
    Who is chosen, who repairs after each known loss, and the dearest repair.

    Variables: x for all, y for those who can be hired for each loss, and the dearest repair. Where
    somebody of a loss is not chosen, that loss is a smaller one; so they may repair then.
    """
    cover, free = problem.cover, np.flatnonzero(np.isfinite(problem.repair_cost))
    n, m = len(cover.cost), len(free)
    matrix, low, high = conditions(cover)
    blocks = [[matrix, *(None for _ in losses), None]]
    lows, highs = [low], [high]
    place = np.full(n, -1)
    place[free] = np.arange(m)
    for at, lost in enumerate(losses):
        stay = np.ones(n)
        stay[lost] = 0
        ours = [None] * len(losses)
        ours[at] = matrix[:, free]
        blocks.append([matrix @ sparse.diags_array(stay), *ours, None])
        both = np.intersect1d(lost, free)
        picks = _units(both, n), _units(place[both], m)
        ours = [None] * len(losses)
        ours[at] = picks[1]
        blocks.append([picks[0], *ours, None])
        ours = [None] * len(losses)
        ours[at] = sparse.csr_array(problem.repair_cost[free][None, :])
        blocks.append([None, *ours, sparse.csr_array([[-1.0]])])
        lows += [low, np.full(len(both), -np.inf), np.array([-np.inf])]
        highs += [high, np.ones(len(both)), np.zeros(1)]
    return _programme(problem, blocks, np.concatenate(lows), np.concatenate(highs), len(losses))


def _units(at: Ints, n: int) -> sparse.csr_array:
    """A row for each of some positions, with 1 there."""
    return sparse.csr_array((np.ones(len(at)), (np.arange(len(at)), at)), shape=(len(at), n))


def _programme(
    problem: Recoverable, blocks: list[list[sparse.csr_array | None]], low: Floats, high: Floats,
    n_losses: int,
) -> Programme:  # fmt: skip
    cover: Covering = problem.cover
    n, m = len(cover.cost), int(np.isfinite(problem.repair_cost).sum())
    size = n + n_losses * m + 1
    most = float(_finite(problem.repair_cost).sum())
    if not n_losses:
        matrix = sparse.hstack([blocks[0][0], sparse.csr_array((len(low), 1))])
    else:
        matrix = sparse.block_array(blocks)
    cost = np.zeros(size)
    cost[:n], cost[-1] = cover.cost, 1.0
    top = np.ones(size)
    top[-1] = most
    whole = np.ones(size, dtype=bool)
    whole[-1] = False
    return Programme(cost, np.zeros(size), top, whole, sparse.csr_array(matrix), low, high)
