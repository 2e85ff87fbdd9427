"""What is left of a pooling beside amounts that stand: the whole with these held, and by hand."""

from dataclasses import replace

import numpy as np
import pytest

from tests.optimise.poolings import is_sound, random_pooling
from triplehelix.optimise.highs.pooling import solve_pooling
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Row
from triplehelix.optimise.pooling_rest import rest_of, unmet

LIMITS = Limits(seconds=20)


@pytest.mark.parametrize("seed", range(60))
def test_the_rest_costs_what_the_whole_does_with_the_same_held(seed: int) -> None:
    """Half of a plan stands: the cheapest addition, against the whole with those arcs held."""
    problem = random_pooling(seed)
    found = solve_pooling(problem, LIMITS)
    if found.objective is None or not len(found.amount):
        return
    rng = np.random.default_rng(seed)
    split = ~problem.whole[problem.arc_demand]
    fixed = np.where(split & (rng.random(len(found.amount)) < 0.5), found.amount, 0.0)
    rest = rest_of(problem, fixed)
    added = solve_pooling(rest.problem, LIMITS)
    held = tuple(
        Row("stands", low=float(fixed[a]), arcs={int(a): 1.0}) for a in np.flatnonzero(fixed)
    )
    whole = solve_pooling(replace(problem, rows=(*problem.rows, *held)), LIMITS)
    assert whole.objective is not None
    if added.objective is None:
        return
    standing = float(problem.arc_cost @ fixed)
    assert added.objective + standing >= whole.objective - 1e-6
    back = rest.whole_of(added)
    assert (back.amount >= fixed - 1e-9).all()
    short = np.zeros(len(problem.demand))
    short[rest.demands] = added.short
    full = replace(back, short=short, objective=added.objective + standing)
    assert is_sound(problem, full)


def test_traces_of_rounding_are_met() -> None:
    problem = random_pooling(0, side=False)
    nearly = solve_pooling(problem, LIMITS).amount * (1 - 1e-8)
    assert not unmet(problem, nearly)[np.isinf(problem.short_cost)].any()
