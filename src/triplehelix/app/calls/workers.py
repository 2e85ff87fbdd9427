"""The solver of alliances in a worker process: bounded, watched, stopped when asked."""

from collections.abc import Callable
from typing import Any

from triplehelix.ally.solver import Solver
from triplehelix.app import jobs
from triplehelix.optimise.outcome import Limits, Progress
from triplehelix.optimise.pooling import Pooled, Pooling

OnProgress = Callable[[Progress], object]
_PLAIN = "triplehelix.optimise.highs.pooling:solve_pooling"
_ROBUST = "triplehelix.optimise.highs.pooling_robust:solve_robust"
_RECOVERABLE = "triplehelix.optimise.highs.pooling_recoverable:solve_recoverable"


def in_worker(on_progress: OnProgress | None = None) -> Solver:
    """
    A solver for `ally.solve` that runs in the worker process for HiGHS.

    `on_progress` hears how far it is; a true answer stops it with the best it has.
    """

    def solver(
        problem: Pooling, limits: Limits, *, losses: int = 0, recoverable: bool = False,
        **more: Any,
    ) -> Pooled:  # fmt: skip
        bearing = _RECOVERABLE if recoverable else _ROBUST
        function, options = (bearing, {"losses": losses, **more}) if losses else (_PLAIN, {})
        found: Pooled = jobs.run(
            "highs", function, problem, limits, options=options, on_progress=on_progress
        )
        return found

    return solver
