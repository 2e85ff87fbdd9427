"""Conditions of partial robustness: kept by every robust choice, broken by every other."""

import numpy as np
import pytest

from tests.optimise.small_cases import after_losses, covers, some_covering, subsets
from triplehelix.optimise.covering import Covering
from triplehelix.optimise.partial import partially_robust
from triplehelix.optimise.partial_lifted import (
    Weights,
    broken_by,
    coefficients,
    lowered,
    violated,
    weights_of,
)


def is_robust(cover, weight, team, losses, percent):
    """Every loss tried, without the code under test."""
    kept = (
        sum(w for w, who in zip(weight, cover.who, strict=True) if set(who.tolist()) & set(left))
        for left, _ in after_losses(team, losses)
    )
    return covers(cover, team) and all(100 * each >= percent * weight.sum() for each in kept)


@pytest.mark.parametrize(("losses", "percent"), [(0, 60), (1, 50), (1, 80), (2, 60), (3, 70)])
def test_every_robust_choice_keeps_the_condition_of_every_heavy_set(losses, percent):
    """All teams of small cases against all sets of requirements."""
    checked = 0
    for seed in range(25):
        cover, weight, _ = some_covering(seed, most=7)
        weights = weights_of(partially_robust(cover, weight, losses, percent))
        robust = [team for team in subsets(range(len(cover.cost)))
                  if is_robust(cover, weight, team, losses, percent)]  # fmt: skip
        for some in subsets(range(len(weight))):
            inside = np.isin(np.arange(len(weight)), some)
            if weight[inside].sum() > weights.spare:
                row = coefficients(weights, inside)
                for team in robust:
                    assert row[list(team)].sum() >= losses + 1 - 1e-9
                    checked += 1
    assert checked > 100


@pytest.mark.parametrize(("losses", "percent"), [(1, 50), (1, 80), (2, 60)])
def test_a_covering_breaks_one_exactly_when_it_is_not_robust(losses, percent):
    seen = set()
    for seed in range(25):
        cover, weight, _ = some_covering(seed, most=7)
        problem = partially_robust(cover, weight, losses, percent)
        relaxed = np.random.default_rng(seed).random(len(cover.cost))
        for team in subsets(range(len(cover.cost))):
            if not covers(cover, team):
                continue
            chosen = np.array(team, dtype=np.int64)
            rows = broken_by(problem, weights_of(problem), chosen, relaxed)
            robust = is_robust(cover, weight, team, losses, percent)
            assert bool(rows) != robust
            assert all(row[chosen].sum() < losses + 1 - 1e-4 for row in rows)
            seen.add(robust)
    assert seen == {True, False}


def test_coefficients_by_hand():
    """
    Two skills of weight 2; nothing may be lost, one member is.

    Together they weigh d = 4. Members 0 and 1 bring 2 of it: 2 * 2 / (2 + 4) = 2/3; member 2
    brings 4: 2 * 4 / (4 + 4) = 1. Members 0, 1 and 2 sum to 7/3, 2 or more; 0 and 1 to 4/3.
    """
    cover = Covering(np.ones(3), (np.array([0, 2]), np.array([1, 2])), np.array([1, 1]))
    weights = weights_of(partially_robust(cover, np.array([2.0, 2.0]), 1, 100))
    row = coefficients(weights, np.array([True, True]))
    np.testing.assert_allclose(row, [2 / 3, 2 / 3, 1])


def test_what_may_be_lost_is_rounded_to_sums_of_weights():
    """Of 30, 10 % are 3; weights are even, so 2 can be lost at most."""
    cover = Covering(np.ones(1), (np.array([0]),) * 3, np.ones(3, dtype=np.int64))
    assert weights_of(partially_robust(cover, np.array([10.0, 12, 8]), 1, 90)).spare == 2.0


def test_lowering_never_raises_the_sum_and_stays_heavy():
    rng = np.random.default_rng(3)
    for seed in range(25):
        cover, weight, _ = some_covering(seed)
        weights = weights_of(partially_robust(cover, weight, 1, 70))
        values, every = rng.random(len(cover.cost)), np.ones((2, len(weight)), dtype=bool)
        if weight.sum() <= weights.spare:
            continue
        less = lowered(weights, every, values)
        assert (less @ weight > weights.spare).all()
        before, after = (coefficients(weights, one) @ values for one in (every, less))
        assert (after <= before + 1e-9).all()


def test_violated_tells_broken_conditions_alone():
    """Half of each of two members who share one heavy skill is 1 of the 2 that are needed."""
    weights = Weights(np.array([[5.0, 5.0]]), np.array([5.0]), 0.0, 1)
    (row,) = violated(weights, np.array([0.5, 0.5]))
    assert row.tolist() == [1.0, 1.0]
    assert violated(weights, np.array([1.0, 1.0])) == []
