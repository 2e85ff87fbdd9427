"""Dropouts: against every choice and every loss tried, and by hand."""

import numpy as np
import pytest

from tests.optimise.poolings import brute_force_robust, is_sound, random_pooling
from triplehelix.errors import InputError
from triplehelix.optimise.highs.pooling import solve_pooling
from triplehelix.optimise.highs.pooling_robust import solve_robust
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Pooling, small

LIMITS = Limits(seconds=20)


def plentiful(seed: int) -> Pooling:
    """Five partners with more to give than is asked, so that some losses can be borne."""
    rng = np.random.default_rng(seed)
    owner = np.repeat(np.arange(5), rng.integers(1, 3, 5))
    arcs = [
        (d, s, float(rng.integers(0, 9)))
        for d in range(3)
        for s in range(len(owner))
        if rng.random() < 0.8
    ]
    return small(
        demand=rng.integers(2, 9, 3).tolist(),
        capacity=rng.integers(3, 14, len(owner)).tolist(),
        owner=owner.tolist(),
        partner_cost=rng.integers(1, 30, 5).tolist(),
        arcs=arcs,
    )


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("losses", [1, 2])
def test_every_loss_is_borne_at_the_least_cost(seed: int, losses: int) -> None:
    problem = plentiful(seed)
    best = brute_force_robust(problem, losses, share=1.0, weights=np.ones(3))
    found = solve_robust(problem, LIMITS, losses=losses)
    if np.isinf(best):
        assert found.status == "infeasible"
    else:
        assert found.status == "optimal"
        assert found.objective == pytest.approx(best)
        assert is_sound(problem, found)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("share", [0.6, 0.9])
def test_a_share_of_the_weight_is_kept_at_the_least_cost(seed: int, share: float) -> None:
    problem, weights = plentiful(seed), np.array([1.0, 2.0, 5.0])
    best = brute_force_robust(problem, 1, share=share, weights=weights)
    found = solve_robust(problem, LIMITS, losses=1, share=share, weights=weights)
    if np.isinf(best):
        assert found.status == "infeasible"
    else:
        assert (found.status, found.objective) == ("optimal", pytest.approx(best))


@pytest.mark.parametrize("seed", range(20))
def test_no_loss_is_the_plain_problem(seed: int) -> None:
    problem = random_pooling(seed, side=False)
    plain, found = solve_pooling(problem, LIMITS), solve_robust(problem, LIMITS, losses=0)
    assert found.status == plain.status
    assert found.objective == (None if plain.objective is None else pytest.approx(plain.objective))


def test_side_conditions_hold_and_extras_of_the_caller_come_back() -> None:
    problem = random_pooling(3)
    found = solve_robust(problem, LIMITS, losses=0)
    assert len(found.extras) == len(problem.extras)
    assert is_sound(problem, found)


def test_more_losses_never_cost_less() -> None:
    costs = [solve_robust(plentiful(7), LIMITS, losses=k).objective or np.inf for k in range(4)]
    assert costs == sorted(costs)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"losses": -1}, "losses is -1; give the number of partners"),
        ({"losses": 1, "share": 1.5}, "share is 1.5; give a part of the weight"),
        ({"losses": 1, "weights": np.array([1.0])}, "weights must be 3 finite numbers"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict, words: str) -> None:
    with pytest.raises(InputError, match=words):
        solve_robust(plentiful(0), LIMITS, **wrong)
