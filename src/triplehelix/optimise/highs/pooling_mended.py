"""A plan, a mended plan for each of some losses, and the dearest mending, as one programme."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from triplehelix.optimise.highs.mip import Programme
from triplehelix.optimise.highs.pooling_model import most, programme
from triplehelix.optimise.pooling import Floats, Ints
from triplehelix.optimise.pooling_recovery import Recovery, after


class Mended:
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
