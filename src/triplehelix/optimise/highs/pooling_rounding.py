"""From a solver's values to a plan whose integers are integers."""

import numpy as np

from triplehelix.optimise.highs.mip import Programme, Ran, run
from triplehelix.optimise.highs.pooling_model import plan_from
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Pooling
from triplehelix.optimise.pooling_value import Plan


def rounded(problem: Pooling, model: Programme, ran: Ran) -> Plan:
    """
    The plan behind a solution: integers rounded, and the amounts then worked out once more.

    A solver's integers are off by up to 1e-6, and amounts that hang on them likewise.
    """
    assert ran.values is not None
    at = model.whole
    integers = np.round(ran.values[at])
    if np.abs(ran.values[at] - integers).max(initial=0.0) > 0:
        low, high = model.low.copy(), model.high.copy()
        low[at] = high[at] = integers
        fixed = Programme(
            model.cost, low, high, np.zeros_like(at), model.matrix, model.row_low, model.row_high
        )
        again = run(fixed, Limits(seconds=60.0))
        if again.values is not None:
            return plan_from(problem, again.values)
    return plan_from(problem, ran.values)
