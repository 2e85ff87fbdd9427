"""
The plan whose cost plus dearest mending is least, losses added one by one.

The programme knows some losses and has, for each, variables of a mended plan. Others are left out,
so its bound is a bound of the whole. Of the plan that it proposes every loss is tried; the dearest
mending makes an upper bound, and its loss is added. There are finitely many losses, so the two
meet.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from triplehelix.optimise.highs.mip import OnProgress, Programme, run
from triplehelix.optimise.highs.pooling import exactly
from triplehelix.optimise.highs.pooling_model import most, programme
from triplehelix.optimise.highs.pooling_rounding import rounded
from triplehelix.optimise.outcome import Limits, Progress, Status
from triplehelix.optimise.pooling import Floats, Ints, Pooled, Pooling
from triplehelix.optimise.pooling_checking import checked
from triplehelix.optimise.pooling_recovery import Recovery, after, losses_of, mending, recovery
from triplehelix.optimise.pooling_value import Plan, cost_of, kept, nothing, pooled, proven

_PATIENT = Limits()


def solve_recoverable(
    problem: Pooling,
    limits: Limits = _PATIENT,
    *,
    losses: int,
    goes_with: Ints | None = None,
    on_progress: OnProgress | None = None,
) -> Pooled:
    """
    The plan whose cost and the dearest mending after up to `losses` losses together are least.

    Parameters
    ----------
    problem : Pooling
    limits : Limits
        Of seconds those count that HiGHS takes.
    losses : how many partners may be lost, >= 0, whichever they are.
    goes_with : as for `solve_robust`.
    on_progress : as for `solve_pooling`.

    Returns
    -------
    Pooled
        Its `objective` is that sum: what it is beyond the plan's own cost is the dearest mending.
        `infeasible` where no plan can be mended after every loss.

    References
    ----------
    Zeng and Zhao (2013), Operations Research Letters 41(5), 457-461.
    doi:10.1016/j.orl.2013.05.003

    Examples
    --------
    The first partner costs 1, and 6 to replace by the second. Both together cost 7, and nothing
    more; the third alone costs 4, and 1 to replace by the first.

    >>> from triplehelix.optimise.pooling import small
    >>> problem = small(demand=[2], capacity=[2, 2, 2], owner=[0, 1, 2], partner_cost=[1, 6, 4],
    ...                 arcs=[(0, 0, 0), (0, 1, 0), (0, 2, 0)])
    >>> found = solve_recoverable(problem, losses=1)
    >>> found.status, found.objective, found.partners in ((0,), (2,), (0, 2))
    ('optimal', 5.0, True)
    """
    search = _Search(recovery(checked(problem), losses, goes_with), limits, on_progress)
    search.go()
    return search.told()


class _Search:
    def __init__(self, task: Recovery, limits: Limits, on_progress: OnProgress | None) -> None:
        self.task, self.limits, self.on_progress = task, limits, on_progress
        self.spent, self.bound = 0.0, -np.inf
        self.plan: Plan | None = None
        self.sum = np.inf
        self.infeasible = self.stopped = False

    def go(self) -> None:
        known: list[Ints] = []
        while not (self.stopped or self.left() <= 0):
            plan = self._proposed(known)
            worst = None if plan is None else self._worst(plan)
            if plan is None or worst is None:
                return
            value = cost_of(self.task.problem, plan) + worst.cost
            if value < self.sum:
                self.plan, self.sum = plan, value
            if worst.lost is None or self._near():
                return
            known.append(worst.lost)

    def _near(self) -> bool:
        if not np.isfinite(self.sum):
            return False
        close = self.sum - self.bound <= self.limits.gap * abs(self.sum)
        return bool(close or proven(self.sum, self.bound))

    def told(self) -> Pooled:
        bound = float(self.bound) if np.isfinite(self.bound) else None
        if self.infeasible:
            return nothing("infeasible", seconds=self.spent)
        if self.plan is None:
            return nothing("unknown", bound=bound, seconds=self.spent)
        found = pooled(self.task.problem, self.plan, bound=None, seconds=self.spent)
        held = None if bound is None else min(bound, self.sum)
        status: Status = "optimal" if proven(self.sum, held) else "feasible"
        return replace(found, status=status, objective=float(self.sum), bound=held)

    def left(self) -> float:
        return self.limits.seconds - self.spent

    def _proposed(self, known: list[Ints]) -> Plan | None:
        """The best plan where only the known losses are feared."""
        problem = self.task.problem
        model = _Programme(self.task, known).whole()
        limits = Limits(self.left(), self.limits.gap)
        ran = run(model, limits, on_progress=self._listen)
        self.spent += ran.seconds
        self.stopped = self.stopped or ran.stopped
        self.infeasible = ran.status == "infeasible"
        if ran.bound is not None:
            self.bound = max(self.bound, ran.bound)
        if ran.values is None:
            return None
        first = programme(problem)
        own = replace(ran, values=ran.values[: len(first.cost)])
        plan = rounded(problem, first, own)
        return plan if kept(problem, plan) else None

    def _worst(self, plan: Plan) -> "_Worst | None":
        """The dearest mending; None if time ran out before every loss was tried."""
        worst = _Worst(0.0, None)
        for lost in losses_of(self.task, plan):
            if self.left() <= 0:
                return None
            mended, before = mending(self.task, plan, lost)
            found = exactly(mended, Limits(self.left()))
            self.spent += found.seconds
            if found.objective is None and found.status != "infeasible":
                return None
            cost = np.inf if found.objective is None else max(0.0, found.objective - before)
            if worst.lost is None or cost > worst.cost:
                worst = _Worst(cost, lost)
            if np.isinf(cost):
                return worst
        return worst

    def _listen(self, progress: Progress) -> object:
        if self.on_progress is None:
            return None
        bound = max(self.bound, progress.bound if progress.bound is not None else -np.inf)
        sum_ = float(self.sum) if np.isfinite(self.sum) else None
        said = Progress(
            self.spent + progress.seconds, sum_, float(bound) if np.isfinite(bound) else None
        )
        return self.on_progress(said)


@dataclass(frozen=True, slots=True)
class _Worst:
    """What the dearest mending costs and after which loss; infinite where none is possible."""

    cost: float
    lost: Ints | None


class _Programme:
    """
    The plan, a mended plan for each known loss, and the dearest mending, as one programme.

    A mended plan has partners Y, shares X of arcs and the rest as the plan has (y, x). Whoever
    stays is in (Y >= y) and gives as much (X >= x). Somebody of a known loss who is not chosen is
    not lost: Y <= 1 - y. What goes with a lost partner h of another's is gone if h is in:
    X <= 1 - y(h), X >= x - y(h); there Q >= X - x, Q >= 0, is what is added.
    """

    def __init__(self, task: Recovery, known: list[Ints]) -> None:
        self.task, self.known = task, known
        self.first = programme(task.problem)
        self.n = len(self.first.cost)
        self.n_partners, self.n_arcs = len(task.problem.partner_cost), len(task.problem.arc_cost)

    def whole(self) -> Programme:
        """The programme; its first variables are the plan's."""
        parts = [self._of_loss(lost) for lost in self.known]
        n, sizes = self.n, [len(part.low) for part in parts]
        size = n + sum(sizes) + 1
        blocks, lows, highs, at = [_padded(self.first.matrix, size, 0)], [], [], n
        for part, width in zip(parts, sizes, strict=True):
            own = _padded(part.matrix, size, at)
            link = _padded(part.to_plan, size, 0) + _padded(part.links, size, at)
            last = sparse.csr_array(
                (-np.ones(1), (np.array([0]), np.array([size - 1]))), shape=(1, size)
            )
            dearest = _padded(part.cost_plan, size, 0) + _padded(part.cost, size, at) + last
            blocks += [own, link, dearest]
            lows += [part.row_low, part.link_low, np.array([-np.inf])]
            highs += [part.row_high, np.full(len(part.link_low), np.inf), np.zeros(1)]
            at += width
        cost = np.zeros(size)
        cost[:n], cost[-1] = self.first.cost, 1.0
        low = np.concatenate([self.first.low, *(part.low for part in parts), [0.0]])
        high = np.concatenate([self.first.high, *(part.high for part in parts), [np.inf]])
        whole = np.concatenate([self.first.whole, *(part.whole for part in parts), [False]])
        matrix = sparse.csr_array(sparse.vstack(blocks, format="csr"))
        return Programme(
            cost, low, high, whole, matrix,
            np.concatenate([self.first.row_low, *lows]),
            np.concatenate([self.first.row_high, *highs]),
        )  # fmt: skip

    def _of_loss(self, lost: Ints) -> "_Part":
        task, n = self.task, self.n
        own = programme(after(task, lost))
        of_arc = task.problem.arc_supply
        owner, other = task.problem.owner[of_arc], task.goes_with[of_arc]
        with_owner = np.isin(owner, lost)
        along = np.flatnonzero(np.isin(other, lost) & ~with_owner)
        stay = np.setdiff1d(np.arange(self.n_partners), lost)
        keep = np.flatnonzero(~task.gone(lost))
        p, a, q = self.n_partners, self.n_arcs, n + np.arange(len(along))
        rows = _Rows(n, n + len(along))
        rows.add([(stay, 1.0)], [(stay, -1.0)], 0.0)
        rows.add([(lost, -1.0)], [(lost, -1.0)], -1.0)
        rows.add([(p + keep, 1.0)], [(p + keep, -1.0)], 0.0)
        rows.add([(p + along, -1.0)], [(other[along], -1.0)], -1.0)
        rows.add([(p + along, 1.0)], [(p + along, -1.0), (other[along], 1.0)], 0.0)
        rows.add([(q, 1.0), (p + along, -1.0)], [(p + along, 1.0)], 0.0)
        per_arc = task.problem.arc_cost * most(task.problem)
        cost, plan = np.zeros(n + len(along)), np.zeros(n)
        cost[:p] = task.problem.partner_cost
        plan[stay] = -task.problem.partner_cost[stay]
        cost[p : p + a] = per_arc
        cost[p + along] = 0.0
        cost[q] = per_arc[along]
        plan[p + keep] = -per_arc[keep]
        more = np.zeros(len(along))
        return _Part(
            sparse.csr_array(
                sparse.hstack([own.matrix, sparse.csr_array((own.matrix.shape[0], len(along)))])
            ),
            own.row_low, own.row_high, np.r_[own.low, more], np.r_[own.high, more + 1.0],
            np.r_[own.whole, more > 0], *rows.matrices(), np.array(rows.low),
            sparse.csr_array(cost[None, :]), sparse.csr_array(plan[None, :]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Part:
    """The variables of one mended plan: rows of its own, links to the plan, what mending costs."""

    matrix: sparse.csr_array
    row_low: Floats
    row_high: Floats
    low: Floats
    high: Floats
    whole: Floats
    links: sparse.csr_array
    to_plan: sparse.csr_array
    link_low: Floats
    cost: sparse.csr_array
    cost_plan: sparse.csr_array


class _Rows:
    """Rows over the variables of a mended plan and those of the plan, each with a lower bound."""

    def __init__(self, n_plan: int, n_own: int) -> None:
        self.n_plan, self.n_own = n_plan, n_own
        self.own: list[tuple[int, int, float]] = []
        self.plan: list[tuple[int, int, float]] = []
        self.low: list[float] = []

    def add(
        self, own: list[tuple[Ints, float]], plan: list[tuple[Ints, float]], low: float
    ) -> None:
        """One row for each place in the columns: own and plan terms add up to at least `low`."""
        first = len(self.low)
        for terms, into in ((own, self.own), (plan, self.plan)):
            for columns, much in terms:
                into += [(first + i, int(c), much) for i, c in enumerate(columns)]
        self.low += [low] * len(own[0][0])

    def matrices(self) -> tuple[sparse.csr_array, sparse.csr_array]:
        return self._matrix(self.own, self.n_own), self._matrix(self.plan, self.n_plan)

    def _matrix(self, terms: list[tuple[int, int, float]], n: int) -> sparse.csr_array:
        at, columns, values = (np.array(one) for one in zip(*terms, strict=True))
        return sparse.csr_array((values, (at, columns)), shape=(len(self.low), n))


def _padded(matrix: sparse.csr_array, size: int, at: int) -> sparse.csr_array:
    """The matrix with its columns from `at` on, among so many."""
    some = sparse.coo_array(matrix)
    return sparse.csr_array(
        (some.data, (some.row, some.col + at)), shape=(matrix.shape[0], size)
    )  # fmt: skip
