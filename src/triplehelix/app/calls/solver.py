"""Alliances computed in worker processes: watched, and stopped when asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from typing import Any

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Landscape
from triplehelix.ally.call import Call
from triplehelix.app import jobs
from triplehelix.capabilities.listed import Capabilities
from triplehelix.optimise.outcome import Limits, Progress

OnProgress = Callable[[Progress], object]
_PLAIN = "triplehelix.optimise.highs.pooling:solve_pooling"
_ROBUST = "triplehelix.optimise.highs.robust:solve_robust"


@dataclass(frozen=True, slots=True)
class Question:
    """
    What is to be computed.

    `robust`: so many members may drop out. `losses` and `old`: a repair of an alliance that these
    members have left. `said` are words on how the question was put, added to the answer's notes.
    """

    call: Call
    landscape: Landscape
    capabilities: Capabilities
    today: date
    limits: Limits
    robust: int = 0
    old: Alliance | None = None
    losses: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    asked: Mapping[str, Any] = field(default_factory=dict)


Solve = Callable[[Question, OnProgress], Alliance]


def in_worker(question: Question, on_progress: OnProgress) -> Alliance:
    """
    The answer, its model built here and solved in a worker process.

    Raises
    ------
    InputError
        If the call contradicts itself, or its units do not match.
    SolverError
        If the worker died, ran out of memory or could not be stopped.
    """

    def solver(problem: Any, limits: Limits, *, losses: int = 0) -> Any:
        function, options = (_ROBUST, {"losses": losses}) if losses else (_PLAIN, {})
        return jobs.run("highs", function, problem, limits, options=options,
                        on_progress=on_progress)  # fmt: skip

    # By name: they are made only when asked for.
    if question.old is not None:
        repair: Any = import_module("triplehelix.ally.repair")
        mended: Alliance = repair.repair(
            question.old, question.losses, question.landscape, question.capabilities,
            today=question.today, limits=question.limits, solver=solver,
        )  # fmt: skip
        return mended
    solve: Any = import_module("triplehelix.ally.solve")
    found: Alliance = solve.solve(
        question.call, question.landscape, question.capabilities, today=question.today,
        limits=question.limits, robust=question.robust, solver=solver,
    )  # fmt: skip
    return found
