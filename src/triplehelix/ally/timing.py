"""One time limit for a whole question: what building and earlier solves took is taken off."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from triplehelix.ally.solver import Solver, in_process
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Pooled, Pooling

Clock = Callable[[], float]
# A solve that is asked for late still looks whether there is a plan that needs no search.
LEAST_S = 0.2


@dataclass
class Within:
    """
    A solver whose solves, with all that is done between them, end within `seconds` together.

    Seconds count from when it is made, by `clock`; without one each solve has its own limit.

    Examples
    --------
    >>> ticks = iter([0.0, 4.0, 11.0])
    >>> timed = Within(in_process, 10.0, lambda: next(ticks))
    >>> timed.left(), timed.over()
    (6.0, True)
    """

    solver: Solver
    seconds: float
    clock: Clock | None = None
    begun: float = field(init=False)

    def __post_init__(self) -> None:
        self.begun = self.clock() if self.clock else 0.0

    def left(self) -> float:
        """Seconds left; without a clock always all of them."""
        return self.seconds - (self.clock() - self.begun if self.clock else 0.0)

    def over(self) -> bool:
        """Whether the time is gone."""
        return self.left() <= 0

    def shared(self, limits: Limits, n: int) -> Limits:
        """Limits for one of `n` things still to be done; without a clock they are as they were."""
        if self.clock is None:
            return limits
        return replace(limits, seconds=max(LEAST_S, min(limits.seconds, self.left() / max(1, n))))

    def __call__(
        self, problem: Pooling, limits: Limits, *, losses: int = 0, **more: Any
    ) -> Pooled:  # fmt: skip
        """As the solver, in the time that is left."""
        if self.clock and self.solver is in_process and not losses:
            more = {**more, "clock": self.clock}
        left = self.left()
        # Putting the answer together and checking it takes about what building took.
        after = min(self.seconds - left, 0.2 * left)
        seconds = min(limits.seconds, max(LEAST_S, left - after))
        return self.solver(problem, replace(limits, seconds=seconds), losses=losses, **more)
