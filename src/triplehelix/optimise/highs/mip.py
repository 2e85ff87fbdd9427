"""A mixed-integer programme handed to HiGHS as arrays, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from triplehelix.errors import InputError, SolverError
from triplehelix.optimise.outcome import Limits, Progress, Status

Floats = NDArray[np.float64]
OnProgress = Callable[[Progress], object]
Clock = Callable[[], float]

_FOUND = highspy.HighsModelStatus.kOptimal
_NOTHING_THERE = highspy.HighsModelStatus.kInfeasible
_ONE_OF_TWO = highspy.HighsModelStatus.kUnboundedOrInfeasible
_ENDLESS = highspy.HighsModelStatus.kUnbounded
_STOPPED = {
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kInterrupt,
    highspy.HighsModelStatus.kIterationLimit,
    highspy.HighsModelStatus.kSolutionLimit,
    highspy.HighsModelStatus.kObjectiveBound,
    highspy.HighsModelStatus.kObjectiveTarget,
}


class Silent(highspy.Highs):
    """
    HiGHS that prints nothing, not even its name when the first one of a process is made.

    Examples
    --------
    >>> Silent().getNumCol()
    0
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS's name, and what prints its banner
        """Turn output off first."""
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Programme:
    """
    Minimise `cost` times v, where low <= v <= high and row_low <= matrix times v <= row_high.

    `whole` marks the variables that must be integers; `matrix` has a row for each condition.
    """

    cost: Floats
    low: Floats
    high: Floats
    whole: NDArray[np.bool_]
    matrix: sparse.csr_array
    row_low: Floats
    row_high: Floats


@dataclass(frozen=True, slots=True)
class Ran:
    """
    What HiGHS said: the best values found (None: none), a proven lower bound (None: none yet).

    `duals` of the rows are there for linear programmes alone. `stopped` tells that the caller
    ended it.
    """

    status: Status
    values: Floats | None
    bound: float | None
    seconds: float
    duals: Floats | None = None
    stopped: bool = False


def run(
    programme: Programme,
    limits: Limits,
    *,
    on_progress: OnProgress | None = None,
    start: Floats | None = None,
    options: dict[str, Any] | None = None,
) -> Ran:
    """
    Solve; `on_progress` hears of the bounds as they move, and ends the run by a true answer.

    Raises
    ------
    InputError
        If costs fall without end.
    SolverError
        If HiGHS fails, or has too little memory.
    """
    highs = Silent()
    for name, value in _options(limits, options).items():
        highs.setOptionValue(name, value)
    pass_model(highs, programme)
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        highs.setSolution(solution)
    listener = _Listener(on_progress)
    listener.hear(highs)
    highs.run()
    listener.raise_again()
    return _told(highs, programme, listener)


def _options(limits: Limits, more: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "time_limit": max(0.0, float(limits.seconds)),
        "mip_rel_gap": float(limits.gap),
        "mip_abs_gap": 1e-7,
        **(more or {}),
    }


def pass_model(highs: highspy.Highs, programme: Programme) -> None:
    """Hand a programme over, as it stands."""
    matrix = programme.matrix.tocsr()
    highs.passModel(
        len(programme.cost),
        len(programme.row_low),
        matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        programme.cost,
        programme.low,
        programme.high,
        programme.row_low,
        programme.row_high,
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data.astype(np.float64),
        programme.whole.astype(np.int32),
    )


class _Listener:
    """Passes progress on, and keeps an error of the caller's: HiGHS would swallow it."""

    def __init__(self, on_progress: OnProgress | None) -> None:
        self.on_progress = on_progress
        self.last: tuple[float, float] | None = None
        self.stopped = False
        self.error: Exception | None = None

    def hear(self, highs: highspy.Highs) -> None:
        if self.on_progress is not None:
            highs.cbMipInterrupt.subscribe(self.on_event)

    def on_event(self, event: Any) -> None:
        try:
            self.stopped = self.stopped or bool(self._tell(event.data_out))
        except Exception as error:
            self.error, self.stopped = error, True
        if self.stopped:
            event.interrupt()

    def _tell(self, out: Any) -> object:
        assert self.on_progress is not None
        found, bound = out.mip_primal_bound, out.mip_dual_bound
        return self.on_progress(Progress(out.running_time, _finite(found), _finite(bound)))

    def raise_again(self) -> None:
        if self.error is not None:
            raise self.error


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) and abs(value) < 1e30 else None


def _told(highs: highspy.Highs, programme: Programme, listener: _Listener) -> Ran:
    status, info, seconds = highs.getModelStatus(), highs.getInfo(), highs.getRunTime()
    if status == _ONE_OF_TWO and _can_fall_without_end(programme):
        status = _ENDLESS
    if status in (_NOTHING_THERE, _ONE_OF_TWO):
        return Ran("infeasible", None, None, seconds)
    if status == _ENDLESS:
        raise InputError(
            "costs fall without end: an extra variable of negative cost has no upper bound that "
            "holds it; give it one"
        )
    if status == highspy.HighsModelStatus.kModelEmpty:
        return Ran("optimal", np.zeros(len(programme.cost)), 0.0, seconds)
    if status != _FOUND and status not in _STOPPED:
        raise SolverError(
            f"HiGHS ended with {highs.modelStatusToString(status)!r} on {len(programme.cost)} "
            f"variables and {len(programme.row_low)} conditions; ask for less, or allow more memory"
        )
    solution = highs.getSolution()
    there = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(solution.col_value) if there else None
    if programme.whole.any():
        bound, duals = _finite(info.mip_dual_bound), None
    else:
        bound = float(info.objective_function_value) if status == _FOUND else None
        duals = np.array(solution.row_dual) if status == _FOUND else None
    said: Status = "unknown" if values is None else "optimal" if status == _FOUND else "feasible"
    return Ran(said, values, bound, seconds, duals, listener.stopped)


def _can_fall_without_end(programme: Programme) -> bool:
    down = (programme.cost > 0) & ~np.isfinite(programme.low)
    up = (programme.cost < 0) & ~np.isfinite(programme.high)
    return bool((down | up).any())
