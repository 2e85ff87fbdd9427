"""Poolings that are mended after losses: what is left to keep, and what mending one loss is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from triplehelix.errors import InputError
from triplehelix.optimise.pooling import Bools, Floats, Ints, Pooling, Row
from triplehelix.optimise.pooling_value import Plan


@dataclass(frozen=True, slots=True)
class Recovery:
    """
    A pooling whose plan is mended after up to `losses` of its partners are lost.

    What those who stay give is kept; what must be met and is not is covered by more of theirs and
    by new partners, who are no lost ones. Every side condition holds again, but for lower bounds
    that only lost partners could keep. Mending costs what is added: partners and amounts, not what
    else stays unmet. `goes_with` as in `solve_robust`.
    """

    problem: Pooling
    losses: int
    goes_with: Ints

    def gone(self, lost: Ints) -> Bools:
        """The arcs that a loss takes; shape (n_arcs,)."""
        of_arc = self.problem.arc_supply
        owner, other = self.problem.owner[of_arc], self.goes_with[of_arc]
        return np.asarray(np.isin(owner, lost) | np.isin(other, lost))


def recovery(problem: Pooling, losses: int, goes_with: Ints | None = None) -> Recovery:
    """
    The pooling with mending after so many losses.

    Raises
    ------
    InputError
        If `losses` is negative.
    """
    if losses < 0:
        raise InputError(f"losses is {losses}; give the number of partners that may drop out, >= 0")
    other = np.full(len(problem.capacity), -1) if goes_with is None else np.asarray(goes_with)
    return Recovery(problem, losses, np.where(other == problem.owner, -1, other))


def losses_of(task: Recovery, plan: Plan) -> Iterator[Ints]:
    """Every loss that a plan's partners can have, the larger ones first."""
    chosen = np.flatnonzero(plan.partners > 0.5)
    for size in range(min(task.losses, len(chosen)), 0, -1):
        for lost in combinations(chosen.tolist(), size):
            yield np.array(lost, dtype=np.int64)


def after(task: Recovery, lost: Ints) -> Pooling:
    """The problem as it is put after a loss, before anything is said of what stays."""
    problem = task.problem
    gone = task.gone(lost)
    at_least = problem.at_least.copy()
    at_least[lost] = 0
    return replace(
        problem, at_least=at_least, rows=tuple(r for r in problem.rows if not _moot(r, gone)),
        short_cost=np.where(np.isinf(problem.short_cost), np.inf, 0.0),
        extras=tuple(replace(one, cost=0.0) for one in problem.extras),
    )  # fmt: skip


def _moot(row: Row, gone: Bools) -> bool:
    """Whether only what is gone could keep a lower bound of amounts: who was promised is lost."""
    return row.low > 0 and bool(row.arcs) and all(gone[a] for a in row.arcs)


def mending(task: Recovery, plan: Plan, lost: Ints) -> tuple[Pooling, float]:
    """The pooling that mends a plan after a loss, and what of its cost was spent before."""
    problem, gone = after(task, lost), task.gone(lost)
    stay = plan.partners > 0.5
    stay[lost] = False
    at_most = problem.at_most.copy()
    at_most[lost] = 0
    kept: Floats = np.where(gone, 0.0, plan.amount)
    held = tuple(
        Row("kept", low=float(kept[a]), arcs={int(a): 1.0}) for a in np.flatnonzero(kept > 0)
    )
    mended = replace(
        problem, partner_cost=np.where(stay, 0.0, problem.partner_cost),
        at_least=np.where(stay, 1, problem.at_least), at_most=at_most,
        arc_most=np.where(gone, 0.0, problem.arc_most), rows=(*problem.rows, *held),
    )  # fmt: skip
    return mended, float(problem.arc_cost @ kept)
