"""
The plan whose cost plus dearest mending is least, losses added one by one.

The programme knows some losses and has, for each, variables of a mended plan. Others are left out,
so its bound is a bound of the whole. Of the plan that it proposes every loss is tried; the dearest
mending makes an upper bound, and its loss is added. There are finitely many losses, so the two
meet.
"""

from dataclasses import dataclass, replace

import numpy as np

from triplehelix.optimise.highs.mip import Clock, OnProgress, run
from triplehelix.optimise.highs.pooling import exactly
from triplehelix.optimise.highs.pooling_mended import Mended
from triplehelix.optimise.highs.pooling_model import programme
from triplehelix.optimise.highs.pooling_rounding import rounded
from triplehelix.optimise.outcome import Limits, Progress, Status
from triplehelix.optimise.pooling import Ints, Pooled, Pooling
from triplehelix.optimise.pooling_checking import checked
from triplehelix.optimise.pooling_recovery import Recovery, losses_of, mending, recovery
from triplehelix.optimise.pooling_value import Plan, cost_of, kept, nothing, pooled, proven

_PATIENT = Limits()
AFTER_STOP_S = 8.0
FIRST = 0.4


def solve_recoverable(
    problem: Pooling,
    limits: Limits = _PATIENT,
    *,
    losses: int,
    goes_with: Ints | None = None,
    on_progress: OnProgress | None = None,
    clock: Clock | None = None,
) -> Pooled:
    """
    The plan whose cost and the dearest mending after up to `losses` losses together are least.

    Parameters
    ----------
    problem : Pooling
    limits : Limits
        Of seconds those count that HiGHS takes, or all of them where there is a clock.
    losses : how many partners may be lost, >= 0, whichever they are.
    goes_with : as for `solve_robust`.
    on_progress : as for `solve_pooling`; it is asked between losses as well.
    clock : gives seconds, as `time.monotonic` does.

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
    task = recovery(checked(problem), losses, goes_with)
    search = _Search(task, limits, on_progress, clock)
    search.go()
    return search.told()


class _Search:
    def __init__(
        self, task: Recovery, limits: Limits, on_progress: OnProgress | None, clock: Clock | None
    ) -> None:
        self.task, self.limits, self.on_progress = task, limits, on_progress
        self.clock, self.began, self.until = clock, clock() if clock else 0.0, limits.seconds
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
        return self.until - (self.clock() - self.began if self.clock else self.spent)

    def _stop(self) -> None:
        """Whoever asked to stop waits no longer than this for the first plan to be tried."""
        if not self.stopped:
            self.stopped = True
            self.until -= max(0.0, self.left() - AFTER_STOP_S)

    def _proposed(self, known: list[Ints]) -> Plan | None:
        """The best plan where only the known losses are feared."""
        problem = self.task.problem
        model = Mended(self.task, known).whole()
        # A plan is of use once it was tried against every loss: the first leaves time for that.
        share = 1.0 if known else FIRST
        ran = run(model, Limits(share * self.left(), self.limits.gap), on_progress=self._listen)
        self.spent += ran.seconds
        if ran.values is None and ran.status == "unknown" and not (known or ran.stopped):
            ran = run(model, Limits(self.left(), self.limits.gap), on_progress=self._listen)
            self.spent += ran.seconds
        if ran.stopped:
            self._stop()
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
        """The dearest mending; None if time or patience ran out before every loss was tried."""
        worst = _Worst(0.0, None)
        for lost in losses_of(self.task, plan):
            if self._listen(Progress(0.0, None, None)):
                self._stop()
            # Asked to stop, the first plan is still tried: without that there is no answer.
            if (self.stopped and self.plan is not None) or self.left() <= 0:
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
