"""Dropouts: against every choice and every loss tried, and by hand."""

from dataclasses import replace

import numpy as np
import pytest

from tests.optimise.poolings import brute_force_robust, is_sound, random_pooling
from triplehelix.errors import InputError
from triplehelix.optimise.highs.pooling import solve_pooling
from triplehelix.optimise.highs.pooling_robust import solve_robust
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Pooling, Row, small

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


def shared(seed: int) -> Pooling:
    """As `plentiful`, with stocks that several partners could bring, each to be counted once."""
    problem, rng = plentiful(seed), np.random.default_rng(seed)
    rows = []
    for _ in range(2):
        arcs = rng.choice(len(problem.arc_cost), min(6, len(problem.arc_cost)), replace=False)
        held = {int(a): float(rng.integers(1, 4)) for a in arcs}
        rows.append(Row("a shared stock", high=float(rng.integers(6, 30)), arcs=held, lasting=True))
    return replace(problem, rows=tuple(rows))


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("losses", [1, 2])
def test_a_stock_that_several_could_bring_counts_once_after_a_loss_too(
    seed: int, losses: int
) -> None:
    problem = shared(seed)
    best = brute_force_robust(problem, losses, share=1.0, weights=np.ones(3))
    found = solve_robust(problem, LIMITS, losses=losses)
    if np.isinf(best):
        assert found.status == "infeasible"
    else:
        assert (found.status, found.objective) == ("optimal", pytest.approx(best))


def test_a_shared_stock_by_hand() -> None:
    """Two of three partners bring one and the same stock of 3: losing the third leaves 3 of 4."""
    problem = small(
        demand=[4],
        capacity=[3, 3, 4],
        owner=[0, 1, 2],
        partner_cost=[1, 1, 1],
        arcs=[(0, 0, 1), (0, 1, 1), (0, 2, 1)],
    )
    assert solve_robust(problem, LIMITS, losses=1).status == "optimal"
    once = Row("a shared stock", high=3.0, arcs={0: 1.0, 1: 1.0}, lasting=True)
    assert solve_robust(replace(problem, rows=(once,)), LIMITS, losses=1).status == "infeasible"


def test_only_upper_bounds_of_amounts_can_last() -> None:
    odd = Row("a strange rule", low=1.0, arcs={0: 1.0}, lasting=True)
    with pytest.raises(InputError, match="'a strange rule' is said to last after losses"):
        solve_robust(replace(plentiful(0), rows=(odd,)), LIMITS, losses=1)


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


@pytest.mark.parametrize("seed", range(24))
@pytest.mark.parametrize("losses", [1, 2])
def test_what_goes_with_another_is_lost_with_it(seed: int, losses: int) -> None:
    """Half of the supplies go with another partner too, if that one is in."""
    problem, rng = shared(seed), np.random.default_rng(100 + seed)
    other = rng.integers(0, 5, len(problem.capacity))
    goes_with = np.where(rng.random(len(other)) < 0.5, other, -1)
    best = brute_force_robust(
        problem, losses, share=1.0, weights=np.ones(3), goes_with=goes_with
    )  # fmt: skip
    found = solve_robust(problem, LIMITS, losses=losses, goes_with=goes_with)
    if np.isinf(best):
        assert found.status == "infeasible"
    else:
        assert (found.status, found.objective) == ("optimal", pytest.approx(best))
        assert is_sound(problem, found)


def test_who_stays_out_takes_nothing_along() -> None:
    """
    A network (1) brings 4 of partner 0's, and 2 has 4. With 0 in, its loss takes both its own and
    the network's, so 0 and 1 are no pair; where 0 is dear and stays out, 1 and 2 are.
    """
    problem = small(
        demand=[4], capacity=[4, 4, 4], owner=[0, 1, 2], partner_cost=[1, 2, 3],
        arcs=[(0, 0, 0), (0, 1, 0), (0, 2, 0)],
    )  # fmt: skip
    assert solve_robust(problem, LIMITS, losses=1).partners == (0, 1)
    along = np.array([-1, 0, -1])
    found = solve_robust(problem, LIMITS, losses=1, goes_with=along)
    assert (found.status, found.partners, found.objective) == ("optimal", (0, 2), 4.0)
    dear = replace(problem, partner_cost=np.array([9.0, 2.0, 3.0]))
    assert solve_robust(dear, LIMITS, losses=1, goes_with=along).partners == (1, 2)
    with pytest.raises(InputError, match="goes_with must be 3 numbers, one for each supply"):
        solve_robust(problem, LIMITS, losses=1, goes_with=np.array([5, 0, 0]))
