"""Pooling solved: the least cost at which demands are met, with a proven bound."""

import numpy as np

from triplehelix.optimise.highs.mip import OnProgress, Programme, Ran, run
from triplehelix.optimise.highs.pooling_model import plan_from, programme, values_of
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Pooled, Pooling
from triplehelix.optimise.pooling_checking import checked
from triplehelix.optimise.pooling_value import Plan, kept, nothing, plan_of, pooled

_PATIENT = Limits()


def solve_pooling(
    problem: Pooling,
    limits: Limits = _PATIENT,
    *,
    on_progress: OnProgress | None = None,
    start: Pooled | None = None,
) -> Pooled:
    """
    Choose partners and amounts so that all demands are met at the least cost.

    Parameters
    ----------
    problem : Pooling
    limits : Limits
        Seconds, and the relative gap at which to stop.
    on_progress : called with Progress as incumbent and bound move; a true answer stops the run.
    start : a plan to begin from; it may break conditions, and is then of no use but of no harm.

    Returns
    -------
    Pooled
        `optimal` only where the bound proves it; `infeasible` where no plan can meet all
        conditions; `unknown` where time ended before a plan was found.

    Raises
    ------
    InputError
        If the problem contradicts itself, or its costs fall without end.
    SolverError
        If HiGHS fails.

    References
    ----------
    Balinski (1965), Management Science 12(3); Cornuejols, Sridharan and Thizy (1991), EJOR 50(3).

    Examples
    --------
    Two partners could meet a demand of 2; the one of the dearer amounts costs less to bring in.

    >>> from triplehelix.optimise.pooling import small
    >>> problem = small(demand=[2], capacity=[3, 3], owner=[0, 1], partner_cost=[10, 1],
    ...                 arcs=[(0, 0, 1), (0, 1, 3)])
    >>> found = solve_pooling(problem)
    >>> found.status, found.objective, found.partners
    ('optimal', 7.0, (1,))
    """
    sound = checked(problem)
    return exactly(sound, limits, on_progress=on_progress, start=start)


def exactly(
    problem: Pooling,
    limits: Limits,
    *,
    on_progress: OnProgress | None = None,
    start: Pooled | None = None,
) -> Pooled:
    """A checked problem, given to HiGHS whole."""
    model = programme(problem)
    begin = None
    if start is not None and len(start.amount):
        begin = values_of(problem, plan_of(problem, start))
    ran = run(model, limits, on_progress=on_progress, start=begin)
    if ran.values is None:
        return nothing(ran.status, bound=ran.bound, seconds=ran.seconds)
    plan = rounded(problem, model, ran)
    if not kept(problem, plan):
        return nothing("unknown", bound=ran.bound, seconds=ran.seconds)
    return pooled(problem, plan, bound=ran.bound, seconds=ran.seconds)


def rounded(problem: Pooling, model: Programme, ran: Ran) -> Plan:
    """
    The plan behind a solution: integers rounded, and the amounts then worked out once more.

    A solver's integers are off by up to 1e-6, and amounts that hang on them likewise.
    """
    assert ran.values is not None
    at = model.whole
    integers = np.round(ran.values[at])
    if np.abs(ran.values[at] - integers).max(initial=0.0) > 0:
        low, high = model.low.copy(), model.high.copy()
        low[at] = high[at] = integers
        fixed = Programme(
            model.cost, low, high, np.zeros_like(at), model.matrix, model.row_low, model.row_high
        )
        again = run(fixed, Limits(seconds=60.0))
        if again.values is not None:
            return plan_from(problem, again.values)
    return plan_from(problem, ran.values)
