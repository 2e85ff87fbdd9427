"""
Conditions under which a choice of partners bears losses, each from the prices that show it.

A supply is gone with its owner, and with the partner that it goes with (`goes_with`) where that
is another: what a network brings of a member's goes with the member. A condition counts each such
supply as lost either with its owner or, where a loss showed that, with the other; the second costs
no more than y(owner) + y(other) - 1 of what it earns, at least 0.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from triplehelix.errors import InputError
from triplehelix.optimise.highs.pooling_model import most
from triplehelix.optimise.pooling import Extra, Floats, Ints, Pooling, Row
from triplehelix.optimise.pooling_relaxed import Layout, knapsacks

NAME = "dropouts"


@dataclass(frozen=True)
class Task:
    """
    What is to be borne.

    `weights` of demands, of which `share` must be covered after any `losses`. `goes_with`, shape
    (n_supplies,): whose loss takes the supply along beside its owner's; -1 where nobody's.
    `lasting`: coefficients of conditions that hold after losses, shape (n_rows, n_arcs), and their
    upper bounds `most_of_rows`.
    """

    problem: Pooling
    layout: Layout
    losses: int
    share: float
    weights: Floats
    goes_with: Ints
    lasting: sparse.csr_array
    most_of_rows: Floats

    @property
    def wanted(self) -> float:
        """The weight that must be covered after a loss."""
        return self.share * float(self.weights.sum())

    @property
    def unit(self) -> Floats:
        """What a unit of each demand counts for."""
        return np.asarray(self.weights / self.problem.demand)


@dataclass(frozen=True, slots=True)
class Shown:
    """
    What is left after the worst loss: the weight `covered`, and what proves it.

    `prices` of demands, `of_rows` of lasting conditions, `lost` partners. `seconds` it took.
    """

    covered: float
    prices: Floats
    of_rows: Floats
    lost: Ints
    seconds: float = 0.0


def task_of(
    problem: Pooling, *, losses: int, share: float, weights: Floats | None, goes_with: Ints | None
) -> Task:
    """
    A checked problem with what it must bear.

    Raises
    ------
    InputError
        As `solve_robust`.
    """
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
    other = _goes_with(problem, goes_with)
    layout = Layout(problem, most(problem))
    return Task(problem, layout, losses, share, some.astype(float), other, lasting, high)


def _goes_with(problem: Pooling, given: Ints | None) -> Ints:
    n, n_partners = len(problem.capacity), len(problem.partner_cost)
    if given is None:
        return np.full(n, -1)
    found = np.asarray(given, dtype=np.int64)
    if found.shape != (n,) or not ((found >= -1) & (found < n_partners)).all():
        raise InputError(
            f"goes_with must be {n} numbers, one for each supply: a partner's (below "
            f"{n_partners}), or -1"
        )
    return np.where(found == problem.owner, -1, found)


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


def alone(task: Task, demand: int) -> Shown:
    """What one demand needs by itself: its price is 0, and any partner may be lost."""
    prices = np.where(np.arange(len(task.weights)) == demand, 0.0, task.unit)
    return Shown(0.0, prices, np.zeros(len(task.most_of_rows)), np.zeros(0, np.int64))


def with_condition(task: Task, grown: Pooling, shown: Shown) -> Pooling:
    """
    One more condition: what the chosen earn, less the largest `losses` of it, reaches the target.

    The sum of the k largest is k t plus what each exceeds t by, at the best t: t and the excess of
    each partner are extra variables. No partner need earn more than the target.
    """
    target = task.wanted - float(task.problem.demand @ shown.prices)
    target -= float(task.most_of_rows @ shown.of_rows)
    if target <= 0:
        return grown
    earned, along = _earned(task, shown, target)
    some = np.flatnonzero(earned > 1e-12)
    if not along and (earned[some] > 1 - 1e-9).all():
        row = Row(NAME, low=task.losses + 1.0, partners=dict.fromkeys(some.tolist(), 1.0))
        return replace(grown, rows=(*grown.rows, row))
    grown, both = _both_in(grown, along)
    taken: dict[int, dict[int, float]] = {int(p): {} for p in some}
    own = earned.copy()
    for (owner, other), much in along.items():
        own[owner] -= much
        taken.setdefault(other, {})[both[owner, other]] = much
    t = len(grown.extras)
    excess = {p: t + 1 + i for i, p in enumerate(sorted(taken))}
    whole = Row(
        NAME,
        low=1.0,
        partners={int(p): float(earned[p]) for p in some},
        extras={t: -float(task.losses), **dict.fromkeys(excess.values(), -1.0)},
    )
    each = tuple(
        Row(
            NAME,
            low=0.0,
            partners={p: -float(own[p])},
            extras={t: 1.0, e: 1.0, **{w: -much for w, much in taken[p].items()}},
        )
        for p, e in excess.items()
    )
    extras = (Extra(0.0, high=max(1.0, float(earned.max()))),) * (1 + len(excess))
    return replace(grown, rows=(*grown.rows, whole, *each), extras=(*grown.extras, *extras))


def _earned(task: Task, shown: Shown, target: float) -> tuple[Floats, dict[tuple[int, int], float]]:
    """
    What each partner earns at the prices, as a part of the target; and what of it goes along with
    another who is lost, by (owner, other).
    """
    layout = task.layout
    gain = (task.unit - shown.prices)[layout.demand]
    gain = gain - (task.lasting.T @ shown.of_rows)[layout.order]
    arcs, taken = knapsacks(layout, -gain)
    much, owner = taken * gain[arcs] / target, layout.owner[arcs]
    other = task.goes_with[layout.supply[arcs]]
    goes = np.isin(other, shown.lost) & ~np.isin(owner, shown.lost) & (much > 1e-12)
    along: dict[tuple[int, int], float] = {}
    for o, h, m in zip(owner[goes].tolist(), other[goes].tolist(), much[goes], strict=True):
        along[o, h] = along.get((o, h), 0.0) + float(m)
    earned = np.bincount(owner, much, layout.n_partners)
    shared = np.zeros(layout.n_partners, bool)
    shared[[o for o, _ in along]] = True
    return np.where(shared, earned, np.minimum(1.0, earned)), along


def _both_in(
    grown: Pooling, along: dict[tuple[int, int], float]
) -> tuple[Pooling, dict[tuple[int, int], int]]:
    """With a variable for each pair that is 1 where both are in."""
    first = len(grown.extras)
    both = {pair: first + i for i, pair in enumerate(sorted(along))}
    rows = tuple(
        Row(NAME, high=1.0, partners={owner: 1.0, other: 1.0}, extras={w: -1.0})
        for (owner, other), w in both.items()
    )
    extras = (Extra(0.0),) * len(both)
    return replace(grown, rows=(*grown.rows, *rows), extras=(*grown.extras, *extras)), both
