"""A linear programme that is solved again and again after small changes, from where it stood."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import highspy
import numpy as np

from triplehelix.errors import SolverError
from triplehelix.optimise.highs.mip import Floats, Programme, Silent, pass_model

_MOST_ITERATIONS = 2**31 - 1
_NONE_SO_CHEAP = {
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kObjectiveBound,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
}


class Warm:
    """
    The linear relaxation of a programme, kept in HiGHS with its last basis.

    Bounds of variables move and conditions are added; as neither harms a dual feasible basis,
    each solve goes on by the dual simplex.

    Examples
    --------
    >>> from scipy import sparse
    >>> one = sparse.csr_array(np.ones((1, 2)))
    >>> free, whole = np.zeros(2), np.ones(2, dtype=bool)
    >>> warm = Warm(Programme(np.array([3.0, 2.0]), free, np.ones(2), whole, one,
    ...                       np.ones(1), np.full(1, np.inf)))
    >>> warm.solve(), warm.values().tolist()
    (2.0, [0.0, 1.0])
    >>> warm.within(free, np.array([1.0, 0.0]))
    >>> warm.solve()
    3.0
    """

    def __init__(self, programme: Programme) -> None:
        self._highs = Silent()
        for name, value in (("output_flag", False), ("presolve", "off"), ("solver", "simplex")):
            self._highs.setOptionValue(name, value)
        pass_model(self._highs, replace(programme, whole=np.zeros_like(programme.whole)))
        self._low, self._high = programme.low.copy(), programme.high.copy()
        self.n_rows = len(programme.row_low)

    def within(self, low: Floats, high: Floats) -> None:
        """Give the variables other bounds."""
        moved = np.flatnonzero((low != self._low) | (high != self._high)).astype(np.int32)
        if len(moved):
            self._highs.changeColsBounds(len(moved), moved, low[moved], high[moved])
            self._low, self._high = low.copy(), high.copy()

    def add(self, rows: Sequence[Floats]) -> None:
        """Add conditions: each, summed over the variables, must be 1 or more."""
        places = [np.flatnonzero(row).astype(np.int32) for row in rows]
        ends = np.cumsum([0] + [len(one) for one in places]).astype(np.int32)
        self._highs.addRows(
            len(rows), np.ones(len(rows)), np.full(len(rows), highspy.kHighsInf), int(ends[-1]),
            ends[:-1], np.concatenate(places),
            np.concatenate([row[at] for row, at in zip(rows, places, strict=True)]),
        )  # fmt: skip
        self.n_rows += len(rows)

    def solve(self, *, most: float = np.inf, iterations: int = _MOST_ITERATIONS) -> float:
        """
        The least cost: inf where there is no solution, or none of cost up to `most`.

        After so many `iterations` it ends with a lower bound on it.

        Raises
        ------
        SolverError
            If HiGHS fails.
        """
        highs = self._highs
        highs.setOptionValue("simplex_iteration_limit", iterations)
        highs.setOptionValue("objective_bound", most if np.isfinite(most) else highspy.kHighsInf)
        highs.run()
        status = highs.getModelStatus()
        if status in _NONE_SO_CHEAP:
            return np.inf
        if status == highspy.HighsModelStatus.kOptimal:
            self.ended = True
        elif status == highspy.HighsModelStatus.kIterationLimit:
            self.ended = False
        else:
            raise SolverError(
                f"HiGHS ended with {highs.modelStatusToString(status)!r} on a linear programme "
                f"of {len(self._low)} variables and {self.n_rows} conditions; allow more memory"
            )
        return float(highs.getInfo().objective_function_value)

    def values(self) -> Floats:
        """Of the variables, where the last solve ended."""
        return np.array(self._highs.getSolution().col_value)

    def reduced(self) -> Floats:
        """Reduced costs of the variables, where the last solve ended."""
        return np.array(self._highs.getSolution().col_dual)

    def activities(self) -> Floats:
        """What each condition sums to, where the last solve ended."""
        return np.array(self._highs.getSolution().row_value)

    def duals(self) -> Floats:
        """Multipliers of the conditions, where the last solve ended."""
        return np.array(self._highs.getSolution().row_dual)

    def basis(self) -> Any:
        """Where it stands, to come back to."""
        return self._highs.getBasis()

    def back_to(self, basis: Any) -> None:
        """Stand again where it stood."""
        self._highs.setBasis(basis)
