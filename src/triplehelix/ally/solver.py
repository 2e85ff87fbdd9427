"""Who solves a pooling: HiGHS in this process, or whatever a caller passes in instead."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol

import numpy as np

from triplehelix.optimise.outcome import Limits, Status
from triplehelix.optimise.pooling import Pooled, Pooling


class Solver(Protocol):
    """
    Solves a pooling within limits; with `losses`, so that any so many partners may drop out.

    With `more` (`share`, `weights` and `goes_with` of
    `optimise.highs.pooling_robust.solve_robust`) a part of the demands must be covered after
    losses; with `recoverable` the cost and the dearest mending after losses are least. A worker
    process can stand behind it: what goes in and comes out are numbers alone.
    """

    def __call__(
        self, problem: Pooling, limits: Limits, *, losses: int = 0, **more: Any
    ) -> Pooled:  # fmt: skip
        """The best found, with a proven bound."""


def in_process(
    problem: Pooling, limits: Limits, *, losses: int = 0,
    clock: Callable[[], float] | None = None, recoverable: bool = False, **more: Any,
) -> Pooled:  # fmt: skip
    """
    HiGHS in this process, which then cannot import OR-Tools any more.

    Without a `clock` a large pooling reckons the seconds that HiGHS does not count.
    """
    # By name, so that whoever only reads alliances does not load a solver.
    highs: Any = import_module("triplehelix.optimise.highs.pooling")
    if recoverable:
        mending: Any = import_module("triplehelix.optimise.highs.pooling_recoverable")
        mended: Pooled = mending.solve_recoverable(problem, limits, losses=losses, **more)
        return mended
    if losses:
        robust: Any = import_module("triplehelix.optimise.highs.pooling_robust")
        found: Pooled = robust.solve_robust(problem, limits, losses=losses, **more)
        return found
    plain: Pooled = highs.solve_pooling(problem, limits, clock=clock)
    return plain


def nothing(status: Status, bound: float | None = None) -> Pooled:
    """The end of a pooling that found nothing."""
    none = np.zeros(0)
    return Pooled(status, None, bound, (), none, none, none)
