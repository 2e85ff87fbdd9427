"""Pooling solved: the least cost at which demands are met, with a proven bound."""

from triplehelix.optimise.highs.mip import Clock, OnProgress, run
from triplehelix.optimise.highs.pooling_large import EXACT_ARCS, solve_large
from triplehelix.optimise.highs.pooling_model import programme, values_of
from triplehelix.optimise.highs.pooling_rounding import rounded
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Pooled, Pooling
from triplehelix.optimise.pooling_checking import checked
from triplehelix.optimise.pooling_value import kept, nothing, plan_of, pooled

_PATIENT = Limits()


def solve_pooling(
    problem: Pooling,
    limits: Limits = _PATIENT,
    *,
    on_progress: OnProgress | None = None,
    start: Pooled | None = None,
    clock: Clock | None = None,
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
    clock : gives seconds, as `time.monotonic` does: a large problem keeps to its time by it.
        Without it only HiGHS's own seconds are known exactly, and the rest is reckoned.

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
    return solve_checked(
        checked(problem), limits, on_progress=on_progress, start=start, clock=clock
    )


def solve_checked(
    problem: Pooling,
    limits: Limits = _PATIENT,
    *,
    on_progress: OnProgress | None = None,
    start: Pooled | None = None,
    clock: Clock | None = None,
) -> Pooled:
    """As `solve_pooling`, for a problem that was checked; two arcs may join one pair here."""
    if len(problem.arc_cost) <= EXACT_ARCS:
        return exactly(problem, limits, on_progress=on_progress, start=start)
    begin = plan_of(problem, start) if start is not None and len(start.amount) else None
    return solve_large(problem, limits, on_progress=on_progress, start=begin, clock=clock)


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
