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

from dataclasses import replace

import numpy as np

from triplehelix.optimise.highs.mip import OnProgress
from triplehelix.optimise.highs.pooling import exactly
from triplehelix.optimise.highs.pooling_dropouts import Task, alone, task_of, with_condition
from triplehelix.optimise.highs.pooling_losses import worst
from triplehelix.optimise.outcome import Limits, Status
from triplehelix.optimise.pooling import Floats, Ints, Pooled, Pooling
from triplehelix.optimise.pooling_checking import checked
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
    goes_with: Ints | None = None,
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
    goes_with : shape (n_supplies,)
        The partner whose loss takes the supply along, beside its owner's; -1: nobody's. One who is
        not in cannot be lost.
    on_progress : as for `solve_pooling`.

    Returns
    -------
    Pooled
        `infeasible` where no choice of partners survives; `unknown` where time ended before one
        was found. `objective` is the cost of the plan without a loss.

    Raises
    ------
    InputError
        If `losses`, `share`, `weights` or `goes_with` make no sense, a whole demand needs several
        pieces, or a lasting condition is no upper bound of amounts.

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
    task = task_of(
        checked(problem), losses=losses, share=share, weights=weights, goes_with=goes_with
    )
    return _generated(task, limits, on_progress)


def _generated(task: Task, limits: Limits, on_progress: OnProgress | None) -> Pooled:
    """Solve, look for the worst loss, add its condition, until no loss is bad enough."""
    n_extras, spent = len(task.problem.extras), 0.0
    grown = task.problem
    for d in np.flatnonzero(task.weights).tolist() if task.share == 1.0 else []:
        grown = with_condition(task, grown, alone(task, d))
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
        shown = worst(task, found, limits.seconds)
        if shown is None:
            break
        spent += shown.seconds
        if shown.covered >= task.wanted * (1 - _ENOUGH) - 1e-12:
            plan = plan_of(task.problem, replace(found, extras=found.extras[:n_extras]))
            return pooled(task.problem, plan, bound=bound, seconds=spent)
        grown = with_condition(task, grown, shown)
        if not held and spent > _FREE_SHARE * limits.seconds:
            grown, held = _holding(grown, found), True
    return nothing("unknown", bound=bound, seconds=spent)


def _holding(grown: Pooling, found: Pooled) -> Pooling:
    """With the partners found held in, few more make a plan that survives, if not the cheapest."""
    at_least = grown.at_least.copy()
    at_least[list(found.partners)] = 1
    return replace(grown, at_least=at_least)
