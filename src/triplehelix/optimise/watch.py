"""The time and the progress of a solve that takes several steps."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from triplehelix.optimise.outcome import Limits, Outcome, Progress, Status

Clock = Callable[[], float]
OnProgress = Callable[[Progress], object]


@dataclass
class Watch:
    """
    How long a solve has gone on, what it has found, and whether it must end.

    `objective` and `chosen` are of the best solution found, `bound` is the highest proven lower
    bound; None until there is one. `infeasible`: it is proven that there is no solution.
    """

    clock: Clock
    limits: Limits
    on_progress: OnProgress | None = None
    objective: float | None = None
    chosen: tuple[int, ...] | None = None
    bound: float | None = None
    infeasible: bool = False
    stopped: bool = False
    began: float = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.clock()

    def seconds(self) -> float:
        """Since it began."""
        return self.clock() - self.began

    def left(self) -> Limits:
        """What is left of the time, with the same gap."""
        return Limits(max(0.0, self.limits.seconds - self.seconds()), self.limits.gap)

    def over(self) -> bool:
        """Whether it was stopped, or its time is over."""
        return self.stopped or self.seconds() >= self.limits.seconds

    def found(self, objective: float, chosen: Iterable[int]) -> None:
        """Tell of a solution; it is kept if it is the best so far."""
        if self.objective is None or objective < self.objective:
            self.objective, self.chosen = objective, tuple(sorted(map(int, chosen)))
        self._tell(self.objective)

    def proved(self, bound: float | None) -> None:
        """Tell of a lower bound."""
        if bound is not None and math.isfinite(bound):
            self.bound = bound if self.bound is None else max(self.bound, bound)
        self._tell(self.objective)

    def inner(self, *, feasible: bool, most: float = math.inf) -> OnProgress:
        """
        What a solver inside is to tell.

        `feasible`: its solutions are solutions of the whole. `most`: bounds of the part that it
        solves hold for the whole up to this.
        """

        def tell(progress: Progress) -> bool:
            best = self.objective
            if feasible and progress.objective is not None:
                best = progress.objective if best is None else min(best, progress.objective)
            if progress.bound is not None:
                self.bound = max(min(progress.bound, most), self.bound or 0.0)
            self._tell(best)
            return self.stopped or self.over()

        return tell

    def proven(self) -> bool:
        """Whether the best solution is proven to be the best there is."""
        if self.objective is None or self.bound is None:
            return False
        return _status(self.objective, self.bound) == "optimal"

    def outcome(self) -> Outcome:
        """The end, as far as it came."""
        if self.infeasible:
            return Outcome("infeasible", None, None, (), self.seconds())
        if self.objective is None or self.chosen is None:
            return Outcome("unknown", None, self.bound, (), self.seconds())
        bound = None if self.bound is None else min(self.bound, self.objective)
        status = _status(self.objective, bound)
        return Outcome(status, self.objective, bound, self.chosen, self.seconds())

    def _tell(self, objective: float | None) -> None:
        if self.on_progress is not None and self.on_progress(
            Progress(self.seconds(), objective, self.bound)
        ):
            self.stopped = True


def _status(objective: float, bound: float | None) -> Status:
    if bound is None:
        return "feasible"
    close = objective - bound <= max(1e-6, 1e-9 * abs(objective))
    return "optimal" if close else "feasible"
