"""Whether demands could be met, against a linear programme of SciPy's."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from triplehelix.optimise.pooling import small
from triplehelix.optimise.pooling_flow import could_be_met


def _drawn(rng):
    n, m = int(rng.integers(1, 6)), int(rng.integers(1, 7))
    arcs = [(d, s, 1.0) for d in range(n) for s in range(m) if rng.random() < 0.6]
    return small(demand=rng.integers(1, 9, n), capacity=rng.integers(0, 8, m), owner=range(m),
                 partner_cost=[1.0] * m, arcs=arcs)  # fmt: skip


def _flows(problem, demands):
    """All that the demands ask for, by a linear programme over their arcs."""
    n = len(problem.arc_cost)
    if not n:
        return False
    asked = [-(problem.arc_demand == d).astype(float) for d in demands]
    given = [(problem.arc_supply == s).astype(float) for s in range(len(problem.capacity))]
    limits = [*(-problem.demand[demands]), *problem.capacity]
    found = linprog(np.zeros(n), np.array([*asked, *given]), np.array(limits, dtype=float),
                    bounds=np.c_[np.zeros(n), problem.arc_most])  # fmt: skip
    return found.status == 0


def test_a_flow_is_there_exactly_where_a_linear_programme_finds_one():
    rng, seen = np.random.default_rng(4), []
    for _ in range(150):
        problem = _drawn(rng)
        some = np.flatnonzero(rng.random(len(problem.demand)) < 0.7)
        if len(some):
            seen.append(_flows(problem, some))
            assert could_be_met(problem, some) == seen[-1]
    assert 30 < sum(seen) < len(seen) - 30


def test_demands_of_very_different_size_are_weighed_alike():
    """Of 1,000,000 all is there, of 2 one is missing; or of neither."""
    for has, met in ((1.0, False), (2.0, True)):
        problem = small(demand=[1e6, 2.0], capacity=[1e6, has], owner=[0, 1],
                        partner_cost=[1, 1], arcs=[(0, 0, 1), (1, 1, 1)])  # fmt: skip
        assert could_be_met(problem, np.arange(2)) == met


@pytest.mark.parametrize(("at_most", "met"), [((1, 1), True), ((1, 0), False)])
def test_partners_who_may_not_be_in_do_not_count(at_most, met):
    problem = small(demand=[5], capacity=[3, 2], owner=[0, 1], partner_cost=[1, 1],
                    arcs=[(0, 0, 1), (0, 1, 1)])  # fmt: skip
    problem = replace(problem, at_most=np.array(at_most))
    assert could_be_met(problem, np.array([0])) == met


def test_what_may_stay_unmet_counts_as_met():
    problem = small(demand=[5], capacity=[3], owner=[0], partner_cost=[1], arcs=[(0, 0, 1)],
                    short_cost=2.0)  # fmt: skip
    assert could_be_met(problem, np.array([0]))
