"""The alliance for a call: put the question, solve it, prove the answer, say what is missing."""

from dataclasses import replace
from datetime import date

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Landscape
from triplehelix.ally.build import alliance_of
from triplehelix.ally.call import Call
from triplehelix.ally.check import check
from triplehelix.ally.gaps import Explaining, partly, unmet_wishes
from triplehelix.ally.model import compile_model
from triplehelix.ally.question import Question, put
from triplehelix.ally.recoverably import less_recoverable, recoverable_alliance
from triplehelix.ally.recoverably import recoverable as recoverable_plan
from triplehelix.ally.robustly import less_robust, partly_robust, survives
from triplehelix.ally.solver import Solver, in_process, nothing
from triplehelix.ally.timing import Clock, Within
from triplehelix.ally.words import status_said
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import InputError
from triplehelix.optimise.outcome import Limits


def solve(
    call: Call, landscape: Landscape, capabilities: Capabilities, *, today: date,
    limits: Limits | None = None, robust: int = 0, share: float = 1.0, recoverable: int = 0,
    solver: Solver = in_process, clock: Clock | None = None,
) -> Alliance:  # fmt: skip
    """
    Choose assets and amounts that meet every need of a call and keep its rules, at least cost.

    Parameters
    ----------
    landscape : what the caller may see; nothing else is looked at.
    today : the day it is looked at from, where the call has no `as_of`.
    limits : when the solver stops with the best it has; None is 60 s. With a clock they hold for
        the whole, building included; without one for each solve.
    robust : how many members may drop out with every need still met by the others.
    share : in (0, 1]: of the weight of all needs that must be met, what stays covered after those
        losses, where less than all will do.
    recoverable : how many members may drop out so that the alliance's own sum and its dearest
        mending after that are together least (`objective`; `terms["mending"]` is the latter).
    solver : who solves the pooling; HiGHS in this process unless told otherwise.
    clock : gives seconds, as `time.monotonic` does.

    Returns
    -------
    Alliance
        `optimal` only where the bound proves it. Where no alliance meets every need, it is
        `infeasible`, covers what can be covered, and `gaps` tell what is missing.

    Raises
    ------
    InputError
        If the rules contradict each other or a need cannot be read.
    UnknownName
        If a capability, a member or an asset that is asked for is not known.
    SolverError
        If the solver died or ran out of memory.
    """
    if robust < 0:
        raise InputError(f"robust is {robust}; give how many members may drop out, 0 or more")
    if not 0 < share <= 1:
        raise InputError(f"share is {share:g}; give a number above 0 and at most 1")
    if recoverable < 0 or (recoverable and robust):
        raise InputError(
            f"recoverable is {recoverable} and robust {robust}; give one of the two, 0 or more"
        )
    limits = limits or Limits()
    timed = Within(solver, limits.seconds, clock)

    def asked(changed: Call) -> Question:
        return put(changed, landscape, capabilities, today=today)

    model = compile_model(asked(call))
    pooled = nothing("infeasible")
    if not model.broken:
        pooled = (
            recoverable_plan(model, recoverable, timed, limits) if recoverable
            else survives(model, robust, timed, limits, share=share)
        )  # fmt: skip
    if pooled.status == "infeasible" and (robust or recoverable) and not model.broken:
        weaker = (
            less_recoverable(model, recoverable, timed, limits) if recoverable
            else less_robust(model, robust, timed, limits, share)
        )  # fmt: skip
        if weaker is not None:
            return weaker
    if pooled.status == "infeasible":
        alliance = partly(model, Explaining(asked, timed, limits, timed.over))
    elif recoverable:
        alliance = recoverable_alliance(model, pooled, recoverable)
    else:
        alliance = alliance_of(model, pooled, robust=robust or None)
    if robust and share < 1 and alliance.objective is not None:
        alliance = partly_robust(alliance, robust, share)
    if alliance.objective is not None:
        problems = check(alliance, landscape, capabilities, today=today)
        alliance = replace(
            alliance, gaps=unmet_wishes(model, pooled), checked=not problems, problems=problems
        )
    return replace(alliance, said={**alliance.said, "status": status_said(alliance)})
