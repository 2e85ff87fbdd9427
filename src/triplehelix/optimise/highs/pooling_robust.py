"""
Poolings that survive dropouts: whoever is lost, those who stay can still cover what they must.

After a loss the amounts may be shifted among the partners chosen. By the duality of what they can
then cover, a choice survives all losses of k partners if and only if for every vector d of demand
prices, sum of u(p) over the partners chosen, less the k largest of them, reaches a target, where
u(p) is what partner p's supplies earn at these prices. The conditions are found one at a time: a
mixed-integer programme looks for the worst loss and its prices (row generation as in Zeng and Zhao
2013, Operations Research Letters 41(5), but in the space of partners alone), so the bound of the
relaxation in hand is a bound of the whole.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from triplehelix.errors import InputError
from triplehelix.optimise.highs.mip import OnProgress, Programme, run
from triplehelix.optimise.highs.pooling import exactly
from triplehelix.optimise.highs.pooling_model import most
from triplehelix.optimise.outcome import Limits, Status
from triplehelix.optimise.pooling import Extra, Floats, Pooled, Pooling, Row
from triplehelix.optimise.pooling_checking import checked
from triplehelix.optimise.pooling_relaxed import Layout, knapsacks
from triplehelix.optimise.pooling_value import nothing, plan_of, pooled

_ENOUGH = 1e-7
_FREE_SHARE = 0.6
_PATIENT = Limits()


def solve_robust(
    problem: Pooling,
    limits: Limits = _PATIENT,
    *,
    losses: int,
    share: float = 1.0,
    weights: Floats | None = None,
    on_progress: OnProgress | None = None,
) -> Pooled:
    """
    The cheapest plan that still covers enough if any `losses` of its partners drop out.

    Parameters
    ----------
    problem : Pooling
        Its side conditions are kept by the plan itself; those that are `lasting` also by what is
        left after a loss.
    limits : Limits
    losses : how many partners may be lost, >= 0, whichever they are.
    share : in (0, 1]: of the weight of all demands, what must still be covered.
    weights : shape (n_demands,), >= 0
        A demand half covered counts half its weight. Without them every demand that must be met
        counts 1 and the others nothing.
    on_progress : as for `solve_pooling`.

    Returns
    -------
    Pooled
        `infeasible` where no choice of partners survives; `unknown` where time ended before one
        was found. `objective` is the cost of the plan without a loss.

    Raises
    ------
    InputError
        If `losses`, `share` or `weights` make no sense, a whole demand needs several pieces, or
        a lasting condition is no upper bound of amounts.

    Examples
    --------
    Three partners could each meet a demand; two of them are needed to bear the loss of one.

    >>> from triplehelix.optimise.pooling import small
    >>> problem = small(demand=[2], capacity=[3, 3, 3], owner=[0, 1, 2], partner_cost=[4, 1, 2],
    ...                 arcs=[(0, 0, 1), (0, 1, 1), (0, 2, 1)])
    >>> found = solve_robust(problem, losses=1)
    >>> found.status, found.objective, found.partners
    ('optimal', 5.0, (1, 2))
    >>> solve_robust(problem, losses=3).status
    'infeasible'
    """
    sound = checked(problem)
    task = _task(sound, losses, share, weights)
    return _generated(task, limits, on_progress)


@dataclass(frozen=True)
class _Task:
    problem: Pooling
    layout: Layout
    losses: int
    share: float
    weights: Floats
    lasting: sparse.csr_array
    most_of_rows: Floats

    @property
    def wanted(self) -> float:
        """The weight that must be covered after a loss."""
        return self.share * float(self.weights.sum())


def _task(problem: Pooling, losses: int, share: float, weights: Floats | None) -> _Task:
    if losses < 0:
        raise InputError(f"losses is {losses}; give the number of partners that may drop out, >= 0")
    if not 0 < share <= 1:
        raise InputError(f"share is {share:g}; give a part of the weight, above 0 and at most 1")
    n = len(problem.demand)
    some = np.isinf(problem.short_cost).astype(float) if weights is None else np.asarray(weights)
    if some.shape != (n,) or not (np.isfinite(some).all() and (some >= 0).all()):
        raise InputError(f"weights must be {n} finite numbers >= 0, one for each demand")
    _single_pieces(problem, some)
    lasting, high = _lasting(problem)
    layout = Layout(problem, most(problem))
    return _Task(problem, layout, losses, share, some.astype(float), lasting, high)


def _lasting(problem: Pooling) -> tuple[sparse.csr_array, Floats]:
    """Conditions that hold after losses: coefficients, shape (n_rows, n_arcs), and upper bounds."""
    rows = [row for row in problem.rows if row.lasting]
    for row in rows:
        others = row.partners or row.short or row.extras or np.isfinite(row.low)
        if others or min(row.arcs.values(), default=0.0) < 0:
            raise InputError(
                f"the condition {row.name!r} is said to last after losses; such a condition may "
                "only hold amounts down: arcs with coefficients >= 0 and no lower bound"
            )
    at = np.repeat(np.arange(len(rows)), [len(row.arcs) for row in rows])
    arcs = np.array([a for row in rows for a in row.arcs], dtype=np.int64)
    values = np.array([value for row in rows for value in row.arcs.values()], dtype=float)
    shape = (len(rows), len(problem.arc_cost))
    return sparse.csr_array((values, (at, arcs)), shape=shape), np.array([r.high for r in rows])


def _single_pieces(problem: Pooling, weights: Floats) -> None:
    """What whole demands can be given after a loss is exact only where a single piece is enough."""
    arcs = np.flatnonzero(problem.whole[problem.arc_demand] & (weights[problem.arc_demand] > 0))
    could = np.bincount(problem.arc_supply, most(problem), len(problem.capacity))
    shared = could[problem.arc_supply[arcs]] > problem.capacity[problem.arc_supply[arcs]]
    pieces = most(problem)[arcs] < problem.demand[problem.arc_demand[arcs]]
    bad = arcs[(shared | pieces) & (most(problem)[arcs] > 0)]
    if len(bad):
        raise InputError(
            f"demand {problem.arc_demand[bad[0]]} is whole and supply {problem.arc_supply[bad[0]]} "
            "gives it a part or must choose between demands; dropouts are worked out only for "
            "amounts that may be split, or demands that one piece meets"
        )


def _generated(task: _Task, limits: Limits, on_progress: OnProgress | None) -> Pooled:
    """Solve, look for the worst loss, add its condition, until no loss is bad enough."""
    n_extras, spent = len(task.problem.extras), 0.0
    grown = task.problem
    for d in np.flatnonzero(task.weights) if task.share == 1.0 else []:
        alone = np.where(np.arange(len(task.weights)) == d, 0.0, _unit(task))
        grown = _with_condition(task, grown, alone, np.zeros(len(task.most_of_rows)))
    bound: float | None = None
    held = False
    while spent < limits.seconds:
        left = replace(limits, seconds=limits.seconds - spent)
        found = exactly(grown, left, on_progress=on_progress)
        spent += found.seconds
        if not held and found.bound is not None:
            bound = found.bound
        if found.objective is None:
            status: Status = "unknown" if held else found.status
            return nothing(status, bound=bound, seconds=spent)
        covered, prices, of_rows, seconds = _worst(task, found, limits.seconds)
        spent += seconds
        if covered is None:
            break
        if covered >= task.wanted * (1 - _ENOUGH) - 1e-12:
            plan = plan_of(task.problem, replace(found, extras=found.extras[:n_extras]))
            return pooled(task.problem, plan, bound=bound, seconds=spent)
        grown = _with_condition(task, grown, prices, of_rows)
        if not held and spent > _FREE_SHARE * limits.seconds:
            grown, held = _holding(grown, found), True
    return nothing("unknown", bound=bound, seconds=spent)


def _holding(grown: Pooling, found: Pooled) -> Pooling:
    """With the partners found held in, few more make a plan that survives, if not the cheapest."""
    at_least = grown.at_least.copy()
    at_least[list(found.partners)] = 1
    return replace(grown, at_least=at_least)


def _unit(task: _Task) -> Floats:
    """What a unit of each demand counts for."""
    return task.weights / task.problem.demand


def _worst(
    task: _Task, found: Pooled, seconds: float
) -> tuple[float | None, Floats, Floats, float]:
    """
    The least weight covered after any loss from a plan's partners, and the prices that show it:
    of demands, and of lasting conditions.

    Variables: the price of each demand, supply, arc and lasting condition, and who is lost. An
    arc's demand counts no more than all of these are priced at, unless its partner is lost.
    """
    problem, chosen = task.problem, np.zeros(len(task.problem.partner_cost), dtype=bool)
    chosen[list(found.partners)] = True
    arcs = np.flatnonzero(chosen[problem.owner[problem.arc_supply]] & (most(problem) > 0))
    lost = np.asarray(found.partners, dtype=np.int64)
    at_partner = np.full(len(chosen), -1)
    at_partner[lost] = np.arange(len(lost))
    supplies, at_supply = np.unique(problem.arc_supply[arcs], return_inverse=True)
    n_d, n_s, n_a, n_l = len(problem.demand), len(supplies), len(arcs), len(lost)
    held = sparse.coo_array(task.lasting[:, arcs])
    n_r = len(task.most_of_rows)
    first_row, first_lost = n_d + n_s + n_a, n_d + n_s + n_a + n_r
    unit = _unit(task)[problem.arc_demand[arcs]]
    each = np.arange(n_a)
    owner = at_partner[problem.owner[problem.arc_supply[arcs]]]
    rows = np.r_[each, each, each, each, np.full(n_l, n_a), held.col]
    columns = np.r_[
        problem.arc_demand[arcs], n_d + at_supply, n_d + n_s + each, first_lost + owner,
        first_lost + np.arange(n_l), first_row + held.row,
    ]  # fmt: skip
    values = np.r_[np.ones(3 * n_a), unit, np.ones(n_l), held.data]
    shape = (n_a + 1, first_lost + n_l)
    capacity = problem.capacity[supplies]
    endless = ~np.isfinite(capacity)
    ones = np.r_[
        _unit(task), np.where(endless, 0.0, np.inf), np.full(n_a + n_r, np.inf), np.ones(n_l)
    ]
    cost = np.r_[
        problem.demand, np.where(endless, 0.0, capacity), most(problem)[arcs],
        task.most_of_rows, np.zeros(n_l),
    ]  # fmt: skip
    model = Programme(
        cost,
        np.zeros(shape[1]),
        ones,
        np.arange(shape[1]) >= shape[1] - n_l,
        sparse.csr_array((values, (rows, columns)), shape=shape),
        np.r_[unit, -np.inf],
        np.r_[np.full(n_a, np.inf), task.losses],
    )
    ran = run(model, Limits(seconds=seconds))
    if ran.values is None or ran.status != "optimal":
        return None, np.zeros(n_d), np.zeros(n_r), ran.seconds
    prices = np.clip(ran.values[:n_d], 0.0, _unit(task))
    of_rows = np.maximum(0.0, ran.values[first_row:first_lost])
    return float(cost @ ran.values), prices, of_rows, ran.seconds


def _with_condition(task: _Task, grown: Pooling, prices: Floats, of_rows: Floats) -> Pooling:
    """
    One more condition: what the chosen earn, less the largest `losses` of it, reaches the target.

    The sum of the k largest is k t plus what each exceeds t by, at the best t: t and the excess of
    each partner are extra variables. No partner need earn more than the target.
    """
    problem, layout = task.problem, task.layout
    target = task.wanted - float(problem.demand @ prices) - float(task.most_of_rows @ of_rows)
    if target <= 0:
        return grown
    gain = (_unit(task) - prices)[layout.demand] - (task.lasting.T @ of_rows)[layout.order]
    arcs, taken = knapsacks(layout, -gain)
    earned = np.bincount(layout.owner[arcs], taken * gain[arcs], layout.n_partners)
    earned = np.minimum(1.0, earned / target)
    some = np.flatnonzero(earned > 1e-12)
    name = "dropouts"
    if (earned[some] > 1 - 1e-9).all():
        row = Row(name, low=task.losses + 1.0, partners=dict.fromkeys(some.tolist(), 1.0))
        return replace(grown, rows=(*grown.rows, row))
    t = len(grown.extras)
    excess = {int(p): t + 1 + i for i, p in enumerate(some)}
    whole = Row(
        name,
        low=1.0,
        partners={int(p): float(earned[p]) for p in some},
        extras={t: -float(task.losses), **dict.fromkeys(excess.values(), -1.0)},
    )
    each = tuple(
        Row(name, low=0.0, partners={p: -float(earned[p])}, extras={t: 1.0, e: 1.0})
        for p, e in excess.items()
    )
    extras = (Extra(0.0),) * (1 + len(some))
    return replace(grown, rows=(*grown.rows, whole, *each), extras=(*grown.extras, *extras))
