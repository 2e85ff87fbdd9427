"""What a solver found out, in numbers alone."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["optimal", "feasible", "infeasible", "unknown"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a solver may go on: seconds, and the relative gap at which it may stop."""

    seconds: float = 60.0
    gap: float = 0.0


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a running solver stands; None where it has none yet."""

    seconds: float
    objective: float | None
    bound: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    The end of a minimisation.

    `status` is `optimal` only if `bound` proves it (gap 0 to 1e-9 relative, or 1e-6 absolute),
    `feasible` if a solution is known, `infeasible` if it is proven that there is none, `unknown`
    if time ran out first. `objective` was worked out anew from the rounded solution; `bound` is
    a proven lower bound. `chosen` are the indices chosen, ascending.
    """

    status: Status
    objective: float | None
    bound: float | None
    chosen: tuple[int, ...] = ()
    seconds: float = 0.0

    @property
    def gap(self) -> float | None:
        """(objective - bound) / objective, 0 or more; None while one of them is unknown."""
        if self.objective is None or self.bound is None:
            return None
        return max(0.0, self.objective - self.bound) / max(abs(self.objective), 1e-9)
