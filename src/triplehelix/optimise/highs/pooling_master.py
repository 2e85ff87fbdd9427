"""The linear relaxation over some of the arcs, with its cuts, and the prices it sets for all."""

from dataclasses import dataclass, replace

import highspy
import numpy as np
from scipy import sparse

from triplehelix.optimise.highs.mip import Programme, Silent, pass_model
from triplehelix.optimise.highs.pooling_model import blocks, side_block, stacked
from triplehelix.optimise.pooling import Floats, Ints, Pooling
from triplehelix.optimise.pooling_cuts import Cut, terms
from triplehelix.optimise.pooling_relaxed import Layout, Prices
from triplehelix.optimise.pooling_rest import restricted


@dataclass(frozen=True, slots=True)
class Point:
    """
    A solution of the relaxation.

    `value` of the restricted relaxation, no bound of the whole; `partners` in how far each is in;
    `flow` what each pair of the layout carries; `short` what each demand lacks; `duals` by row;
    `values` of the programme's variables.
    """

    value: float
    partners: Floats
    flow: Floats
    short: Floats
    duals: Floats
    values: Floats


class Master:
    """
    HiGHS holding the relaxation over `kept` arcs (indices of the problem's), warm between solves.

    Rows, in this order: the blocks of the model (demands, supplies, pairs, arcs, conditions), then
    the cuts as they were added. `before` is the master it grew from: its last basis is the start.
    `dear` is a price at which a unit of what must be met may be left unmet.
    """

    def __init__(
        self,
        layout: Layout,
        kept: Ints,
        before: "Master | None" = None,
        *,
        dear: Floats | None = None,
    ) -> None:
        self.layout, self.kept, self.dear = layout, kept, dear
        place = np.empty(len(layout.order), dtype=np.int64)
        place[layout.order] = np.arange(len(layout.order))
        self.at = place[kept]
        self.problem = restricted(layout.problem, kept)
        self.blocks = blocks(self.problem)
        self.n_variables = self.blocks[0].matrix.shape[1]
        self.starts = np.cumsum([0, *(len(block.ids) for block in self.blocks)])
        self.side = side_block(layout.problem)
        self.cuts: list[Cut] = []
        model = stacked(self.problem, self.blocks)
        self.highs = Silent()
        pass_model(self.highs, self._eased(replace(model, whole=np.zeros_like(model.whole))))
        if before is not None:
            self.add(before.cuts)
            self.highs.setBasis(self._basis_from(before))

    def _eased(self, model: Programme) -> Programme:
        """What must be met may be left unmet at a price, so that few arcs are not infeasible."""
        if self.dear is None:
            return model
        cost, high = model.cost.copy(), model.high.copy()
        must = np.flatnonzero(np.isinf(self.layout.problem.short_cost))
        at = self.layout.n_partners + len(self.kept) + must
        cost[at], high[at] = (self.dear * self.layout.problem.demand)[must], 1.0
        return replace(model, cost=cost, high=high)

    def _names(self) -> Ints:
        """A number for each row that is the same in every master; cuts by their order."""
        links = self.kept[self.blocks[3].ids]
        ids = [b.ids if i != 3 else links for i, b in enumerate(self.blocks)]
        ids.append(np.arange(len(self.cuts)))
        return np.concatenate([each * 8 + kind for kind, each in enumerate(ids)])

    def _basis_from(self, before: "Master") -> highspy.HighsBasis:
        """What was basic stays so; new arcs rest at 0, and new rows hold nothing back."""
        old = before.highs.getBasis()
        columns, rows = (
            np.array(old.col_status, dtype=object),
            np.array(old.row_status, dtype=object),
        )
        n_partners, n_old = self.layout.n_partners, len(before.kept)
        arcs = np.full(len(self.kept), highspy.HighsBasisStatus.kLower, dtype=object)
        arcs[np.searchsorted(self.kept, before.kept)] = columns[n_partners : n_partners + n_old]
        status = dict(zip(before._names().tolist(), rows, strict=True))
        basis = highspy.HighsBasis()
        basis.valid = True
        basis.col_status = [*columns[:n_partners], *arcs, *columns[n_partners + n_old :]]
        slack = highspy.HighsBasisStatus.kBasic
        basis.row_status = [status.get(name, slack) for name in self._names().tolist()]
        return basis

    def add(self, cuts: list[Cut]) -> None:
        """More cuts; the last solution stays the start of the next."""
        if not cuts:
            return
        matrix = self.cut_rows(cuts)
        self.highs.addRows(
            len(cuts),
            np.ones(len(cuts)),
            np.full(len(cuts), np.inf),
            matrix.nnz,
            matrix.indptr.astype(np.int32),
            matrix.indices.astype(np.int32),
            matrix.data,
        )
        self.cuts = self.cuts + cuts

    def cut_rows(self, cuts: list[Cut]) -> sparse.csr_array:
        """The cuts over the programme's variables, each divided by its residual."""
        layout = self.layout
        by_pair = np.argsort(layout.pair[self.at], kind="stable")
        starts = np.searchsorted(
            layout.pair[self.at][by_pair], np.arange(len(layout.pair_most) + 1)
        )
        parts = [self._cut_row(cut, by_pair, starts) for cut in cuts]
        sizes = [len(columns) for columns, _ in parts]
        return sparse.csr_array(
            (
                np.concatenate([values for _, values in parts]),
                np.concatenate([columns for columns, _ in parts]),
                np.r_[0, np.cumsum(sizes)],
            ),
            shape=(len(cuts), self.n_variables),
        )

    def _cut_row(self, cut: Cut, by_pair: Ints, starts: Ints) -> tuple[Ints, Floats]:
        layout = self.layout
        pairs, by_flow, by_partner = terms(layout, cut)
        span = by_pair[starts[pairs.start] : starts[pairs.stop]]
        arcs = span[by_flow[layout.pair[self.at[span]] - pairs.start]]
        partners = np.flatnonzero(by_partner)
        short = layout.n_partners + len(self.kept) + cut.demand
        columns = np.r_[layout.n_partners + arcs, layout.pair_partner[pairs][partners], [short]]
        values = np.r_[
            layout.most[self.at[arcs]],
            by_partner[partners],
            [layout.problem.demand[cut.demand]],
        ]
        return columns.astype(np.int64), values / cut.residual

    def hold(self, least: Floats) -> None:
        """In how far each partner is in at least, shape (n_partners,), for the solves to come."""
        n = self.layout.n_partners
        at, high = np.arange(n, dtype=np.int32), self.layout.problem.at_most.astype(np.float64)
        self.highs.changeColsBounds(n, at, np.minimum(least, high), high)

    def solve(self, seconds: float) -> Point | None:
        """The relaxation solved; None where it is infeasible or time ran out."""
        self.highs.setOptionValue("time_limit", self.highs.getRunTime() + max(0.1, seconds))
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        layout, solution = self.layout, self.highs.getSolution()
        values, n_arcs = np.array(solution.col_value), len(self.kept)
        arcs = values[layout.n_partners : layout.n_partners + n_arcs]
        rest = values[layout.n_partners + n_arcs :][: layout.n_demands]
        return Point(
            float(self.highs.getInfo().objective_function_value),
            values[: layout.n_partners],
            self._flow(arcs),
            rest * layout.problem.demand,
            np.array(solution.row_dual),
            values,
        )

    def _flow(self, arcs: Floats) -> Floats:
        layout = self.layout
        amount = arcs * layout.most[self.at]
        flow = np.bincount(layout.pair[self.at], amount, len(layout.pair_most))
        return flow.astype(np.float64)

    def is_infeasible(self) -> bool:
        """Whether the last solve proved that these arcs allow no solution."""
        status = self.highs.getModelStatus()
        return bool(status == highspy.HighsModelStatus.kInfeasible)

    def prices(self, point: Point) -> Prices:
        """What the relaxation's duals say, for all arcs and partners of the whole problem."""
        layout, problem = self.layout, self.layout.problem
        pair = np.zeros(len(layout.pair_most))
        partner, short = np.zeros(layout.n_partners), np.zeros(layout.n_demands)
        full = np.minimum(0.0, point.duals[self.starts[2] : self.starts[3]])
        pairs = np.searchsorted(layout.pair_keys, self.blocks[2].ids)
        pair[pairs] += full / problem.demand[layout.pair_demand[pairs]]
        np.add.at(partner, layout.pair_partner[pairs], -full)
        constant = 0.0
        for cut, dual in zip(self.cuts, point.duals[self.starts[5] :].tolist(), strict=True):
            if dual > 0:
                span, by_flow, by_partner = terms(layout, cut)
                price = dual / cut.residual
                pair[span] += price * by_flow
                np.add.at(partner, layout.pair_partner[span], price * by_partner)
                short[cut.demand] += price
                constant += dual
        demand = np.maximum(0.0, point.duals[: layout.n_demands]) / problem.demand
        plain = Prices(demand, pair[layout.pair], partner, short, constant)
        return self._with_side(plain, point.duals[self.starts[4] : self.starts[5]])

    def _with_side(self, plain: Prices, duals: Floats) -> Prices:
        """Side conditions' prices; none where an endless extra would make the bound endless."""
        layout, problem = self.layout, self.layout.problem
        if not len(duals) and not problem.extras:
            return plain
        matrix, low, high = self.side.matrix, self.side.low, self.side.high
        duals = np.where(np.isfinite(low), np.maximum(duals, 0), 0) + np.where(
            np.isfinite(high), np.minimum(duals, 0), 0
        )
        worst = -np.inf
        for sides in (duals, np.zeros_like(duals)):
            relief = matrix.T @ sides
            worst = _least_extras(problem, relief[len(relief) - len(problem.extras) :])
            if np.isfinite(worst):
                break
        arcs = relief[layout.n_partners : layout.n_partners + len(layout.order)][layout.order]
        demands = relief[layout.n_partners + len(layout.order) :][: layout.n_demands]
        met = np.where(sides > 0, low, np.where(sides < 0, high, 0.0))
        assert plain.arc is not None and plain.partner is not None and plain.short is not None
        return Prices(
            plain.demand,
            plain.arc
            + np.divide(arcs, layout.most, out=np.zeros_like(arcs), where=layout.most > 0),
            plain.partner + relief[: layout.n_partners],
            plain.short + demands / problem.demand,
            plain.constant + float(sides @ met) + worst,
        )


def _least_extras(problem: Pooling, relief: Floats) -> float:
    """The least that extras can cost at these prices."""
    total = 0.0
    for extra, less in zip(problem.extras, relief.tolist(), strict=True):
        cost = extra.cost - less
        total += cost * (extra.low if cost > 0 else extra.high) if cost else 0.0
    return total
