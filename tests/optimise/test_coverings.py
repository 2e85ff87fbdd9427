"""Coverings against every subset of small cases; their laws; what they refuse."""

from time import perf_counter

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, milp

from tests.optimise.small_cases import (
    RANDOM_CASES,
    least_partial,
    least_recoverable,
    least_robust,
    some_covering,
)
from triplehelix.errors import InputError
from triplehelix.optimise.covering import Covering, cost_of, robust
from triplehelix.optimise.highs.covering import conditions, solve_covering
from triplehelix.optimise.highs.partial import solve_partial
from triplehelix.optimise.highs.recoverable import solve_recoverable
from triplehelix.optimise.instances.team import read_team_formation
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.partial import Partial, partial_cost_of, partially_robust, worst_losses
from triplehelix.optimise.recoverable import recoverable
from triplehelix.optimise.teams import covering_of

LIMITS = Limits(30)


def agrees(outcome, least):
    """The outcome is the known optimum, proven; or infeasible where there is none."""
    if least is None:
        assert (outcome.status, outcome.objective, outcome.chosen) == ("infeasible", None, ())
    else:
        assert (outcome.status, outcome.objective) == ("optimal", pytest.approx(least))
        assert outcome.bound == pytest.approx(least)


@pytest.mark.parametrize("losses", [0, 1, 2])
def test_robust_is_the_least_of_all_subsets(losses):
    """Enough cover for each skill is the same as surviving each loss, exclusions or not."""
    found = set()
    for seed in range(RANDOM_CASES):
        cover, _, _ = some_covering(seed)
        outcome = solve_covering(robust(cover, losses), LIMITS, clock=perf_counter)
        agrees(outcome, least_robust(cover, losses))
        found.add(outcome.status)
    assert found == {"optimal", "infeasible"}


@pytest.mark.parametrize(("losses", "percent"), [(0, 50), (1, 50), (1, 80), (2, 60), (3, 95.5)])
def test_partial_is_the_least_of_all_subsets(losses, percent):
    found = set()
    for seed in range(RANDOM_CASES):
        cover, weight, _ = some_covering(seed)
        problem = partially_robust(cover, weight, losses, percent)
        outcome = solve_partial(problem, LIMITS, clock=perf_counter)
        agrees(outcome, least_partial(cover, weight, losses, percent))
        found.add(outcome.status)
    assert found == {"optimal", "infeasible"}


@pytest.mark.parametrize("losses", [0, 1, 2])
def test_recoverable_is_the_least_of_all_subsets(losses):
    found = set()
    for seed in range(60):
        cover, _, repair = some_covering(seed, most=7)
        problem = recoverable(cover, repair, losses)
        outcome = solve_recoverable(problem, LIMITS, clock=perf_counter)
        agrees(outcome, least_recoverable(cover, repair, losses))
        found.add(outcome.status)
    assert found == {"optimal", "infeasible"}


def larger(seed, n=400, m=40):
    rng = np.random.default_rng(seed)
    has = rng.random((m, n)) < 0.03
    has[np.arange(m), rng.integers(0, n, m)] = True
    cost = rng.integers(1, 100, n).astype(float)
    apart = tuple(np.sort(rng.choice(n, 3, replace=False)) for _ in range(30))
    who = tuple(np.flatnonzero(row) for row in has)
    return Covering(cost, who, np.ones(m, dtype=np.int64), apart)


@pytest.mark.parametrize("seed", range(5))
def test_cores_of_larger_coverings_lose_nothing(seed):
    """Against the whole model in SciPy's solver, without a core."""
    cover = robust(larger(seed), seed % 3)
    matrix, low, high = conditions(cover)
    whole = milp(cover.cost, constraints=LinearConstraint(matrix, low, high), integrality=1,
                 bounds=(0, 1))  # fmt: skip
    outcome = solve_covering(cover, LIMITS, clock=perf_counter)
    assert whole.status in (0, 2)
    agrees(outcome, whole.fun if whole.status == 0 else None)


def test_shuffled_members_and_requirements_give_the_same_objective():
    cover = larger(11)
    rng = np.random.default_rng(1)
    order = rng.permutation(len(cover.cost))
    place = np.argsort(order)
    shuffled = Covering(
        cover.cost[order],
        tuple(np.sort(place[cover.who[at]]) for at in rng.permutation(len(cover.who))),
        cover.times, tuple(np.sort(place[group]) for group in cover.apart[::-1]),
    )  # fmt: skip
    here, there = (solve_covering(c, LIMITS, clock=perf_counter) for c in (cover, shuffled))
    assert here.status == there.status == "optimal"
    assert here.objective == there.objective


def shuffled_rows(cover, rng):
    """The same covering, its requirements and sets apart in another order; and that order."""
    order = rng.permutation(len(cover.who))
    apart = tuple(cover.apart[at] for at in rng.permutation(len(cover.apart)))
    who = tuple(cover.who[at] for at in order)
    return Covering(cover.cost, who, cover.times[order], apart), order


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_never_changes_who_is_chosen(seed):
    """Costs of 1 to 3 leave many equal optima."""
    rng = np.random.default_rng(seed)
    who = tuple(np.flatnonzero(rng.random(60) < 0.2) for _ in range(12))
    cover = Covering(rng.integers(1, 4, 60).astype(float), who, np.ones(12, dtype=np.int64),
                     tuple(np.sort(rng.choice(60, 3, replace=False)) for _ in range(9)))  # fmt: skip
    weight = rng.integers(1, 5, 12).astype(float)
    other, order = shuffled_rows(cover, rng)
    for here, there in (
        (solve_covering(cover, LIMITS, clock=perf_counter),
         solve_covering(other, LIMITS, clock=perf_counter)),
        (solve_partial(partially_robust(cover, weight, 1, 80), LIMITS, clock=perf_counter),
         solve_partial(partially_robust(other, weight[order], 1, 80), LIMITS,
                       clock=perf_counter)),
    ):  # fmt: skip
        assert here.status == there.status == "optimal"
        assert here.chosen == there.chosen


@pytest.mark.parametrize("seed", range(6))
def test_recoverable_choices_do_not_hang_on_the_order_of_rows(seed):
    cover, _, repair = some_covering(seed, most=7)
    other, _ = shuffled_rows(cover, np.random.default_rng(seed))
    here, there = (
        solve_recoverable(recoverable(each, repair, 1), LIMITS, clock=perf_counter)
        for each in (cover, other)
    )
    assert (here.status, here.chosen) == (there.status, there.chosen)


def test_costs_in_pence_are_exact():
    cover = Covering(np.array([0.1, 0.2, 0.35]), (np.array([0, 2]), np.array([1, 2])),
                     np.array([1, 1]))  # fmt: skip
    outcome = solve_covering(cover, LIMITS, clock=perf_counter)
    assert (outcome.status, outcome.chosen) == ("optimal", (0, 1))
    assert outcome.objective == pytest.approx(0.3)


def test_partial_at_the_ends_is_plain_and_robust():
    """0 % asks for nothing after losses; 100 % for everything."""
    for seed in range(30):
        cover, weight, _ = some_covering(seed)
        weight = weight + 1
        for percent, same in ((0, cover), (100, robust(cover, 1))):
            partial = solve_partial(
                partially_robust(cover, weight, 1, percent), LIMITS, clock=perf_counter
            )
            plain = solve_covering(same, LIMITS, clock=perf_counter)
            assert (partial.status, partial.objective) == (plain.status, plain.objective)


def test_worst_losses_by_hand():
    """Agents 0 and 1 share skill 0; agent 2 alone has skills 1 and 2, which weigh 7 of 10."""
    cover = Covering(np.ones(3), (np.array([0, 1]), np.array([2]), np.array([2])),
                     np.array([1, 1, 1]))  # fmt: skip
    problem = partially_robust(cover, np.array([3.0, 5.0, 2.0]), 1, 50)
    assert worst_losses(problem, np.array([0, 1, 2])).tolist() == [[False, True, True]]
    assert not len(worst_losses(Partial(cover, problem.weight, 1, 7.0), np.array([0, 1, 2])))
    with pytest.raises(InputError, match=r"requirements \[1, 2\] uncovered"):
        partial_cost_of(problem, np.array([0, 1, 2]))


@pytest.mark.parametrize(
    ("chosen", "words"),
    [([0], "requirement 1 is covered 0 times of 1"), ([0, 1], "may not be chosen together")],
)
def test_what_is_no_covering_is_told(chosen, words):
    cover = Covering(np.ones(2), (np.array([0]), np.array([1])), np.array([1, 1]),
                     (np.array([0, 1]),))  # fmt: skip
    with pytest.raises(InputError, match=words):
        cost_of(cover, np.array(chosen))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda c, w, r: robust(c, -1), "losses is -1; it must be 0 or more"),
        (
            lambda c, w, r: partially_robust(c, w, 1, 101),
            "percent is 101; it must be from 0 to 100",
        ),
        (lambda c, w, r: partially_robust(c, w, -2, 50), "losses is -2"),
        (lambda c, w, r: recoverable(c, r, -3), "losses is -3"),
    ],
)
def test_what_is_refused(make, words):
    with pytest.raises(InputError, match=words):
        make(*some_covering(1))


def test_a_stop_keeps_the_best_and_the_bound_is_no_more():
    cover = robust(larger(3, n=600, m=80), 1)
    outcome = solve_covering(cover, LIMITS, clock=perf_counter, on_progress=lambda p: True)
    assert outcome.status in ("unknown", "feasible", "optimal")
    if outcome.objective is not None and outcome.bound is not None:
        assert outcome.bound <= outcome.objective


def test_without_time_nothing_is_claimed():
    outcome = solve_covering(robust(larger(3), 1), Limits(0.0), clock=perf_counter)
    assert outcome.status != "optimal"
    assert outcome.status != "infeasible"


def test_lines_of_a_team_file_in_any_order_give_the_same_team():
    """Thirty agents of cost 1 or 2 and eight skills; many teams cost the same."""
    rng = np.random.default_rng(4)
    lines = ["p 30 8", *(f"s {at} {rng.integers(1, 5)}" for at in range(8)), "e 3 4 5", "e 9 2"]
    for agent in range(30):
        skills = " ".join(map(str, rng.choice(8, 3, replace=False)))
        lines.append(f"a {agent} {rng.integers(1, 3)} 1 {skills}")
    chosen = set()
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(len(lines))
        team = read_team_formation("\n".join(lines[at] for at in order))
        cover = covering_of(team)
        robustly = solve_covering(robust(cover, 1), LIMITS, clock=perf_counter)
        partly = solve_partial(
            partially_robust(cover, team.weight, 1, 75), LIMITS, clock=perf_counter
        )
        mended = solve_recoverable(
            recoverable(cover, team.repair_cost, 1), LIMITS, clock=perf_counter
        )
        chosen.add((robustly.chosen, partly.chosen, mended.chosen))
    assert len(chosen) == 1
    assert all(chosen.pop())
