"""Shapley values, nucleoli and least cores against textbooks, other programs and laws."""

import random
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triplehelix.ally.least_core import least_core
from triplehelix.ally.nucleolus import prenucleolus
from triplehelix.ally.shapley import shapley
from triplehelix.ally.stable_split import stable_split
from triplehelix.errors import InputError

RNG = np.random.default_rng(7)


def game(seed: int, n: int) -> tuple[str, dict[frozenset[str], float]]:
    """Any worths, those of nobody 0."""
    chance = random.Random(seed)
    names = "abcdefgh"[:n]
    groups = [frozenset(g) for k in range(n + 1) for g in combinations(names, k)]
    return names, {g: float(chance.randint(0, 40) if g else 0) for g in groups}


def groups_of(names: str) -> list[frozenset[str]]:
    return [frozenset(g) for k in range(1, len(names)) for g in combinations(names, k)]


# Shapley


@pytest.mark.parametrize("seed", range(12))
def test_the_mean_over_all_orders(seed: int) -> None:
    names, worth = game(seed, 2 + seed % 5)
    added = dict.fromkeys(names, 0.0)
    orders = list(permutations(names))
    for order in orders:
        for k, name in enumerate(order):
            added[name] += worth[frozenset(order[: k + 1])] - worth[frozenset(order[:k])]
    mean = {name: total / len(orders) for name, total in added.items()}
    assert shapley(names, worth.__getitem__, rng=RNG).values == pytest.approx(mean)


def test_the_airport_game_of_littlechild_and_owen() -> None:
    """Runways of 12, 20 and 33: the first 12 by all three, the next 8 by two, the last 13 by one."""
    needs = {"small": 12.0, "middle": 20.0, "large": 33.0}
    found = shapley(list(needs), lambda g: max((needs[p] for p in g), default=0.0), rng=RNG)
    assert found.exact
    assert found.values == pytest.approx({"small": 4, "middle": 8, "large": 21})


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 6))
def test_laws(seed: int, n: int) -> None:
    """All is shared; who adds nothing gets nothing; who are alike get the same."""
    names, worth = game(seed, n)
    twin, idle = "y", "z"

    def wider(group: frozenset[str]) -> float:
        plain = group - {idle}
        return worth[frozenset(names[0] if p == twin else p for p in plain)] + 5 * (
            names[0] in plain and twin in plain
        )

    found = shapley([*names, twin, idle], wider, rng=RNG)
    assert sum(found.values.values()) == pytest.approx(wider(frozenset([*names, twin, idle])))
    assert found.values[idle] == pytest.approx(0)
    assert found.values[twin] == pytest.approx(found.values[names[0]])


def test_sampled_values_are_near_the_exact_and_their_bars_hold() -> None:
    """Of 60 bars of 95 % at least 50 hold: fewer has a chance of less than 1 in 1,000."""
    held = 0
    for seed in range(10):
        names, worth = game(seed, 6)
        exact = shapley(names, worth.__getitem__, rng=RNG).values
        drawn = shapley(
            names, worth.__getitem__, rng=np.random.default_rng(seed), exact_to=2, n_orders=200
        )
        assert not drawn.exact and drawn.n_orders == 200
        assert sum(drawn.values.values()) == pytest.approx(worth[frozenset(names)])
        held += sum(drawn.low[p] <= exact[p] <= drawn.high[p] for p in names)
    assert held >= 50


def test_the_same_draws_give_the_same_values_whatever_the_order_of_players() -> None:
    names, worth = game(3, 6)
    drawn = [
        shapley(order, worth.__getitem__, rng=np.random.default_rng(5), exact_to=2, n_orders=20)
        for order in (names, names[::-1])
    ]
    assert drawn[0] == drawn[1]


def test_a_player_twice_and_too_few_orders() -> None:
    with pytest.raises(InputError, match="stands there twice; name each once"):
        shapley(["a", "a"], lambda g: 0.0, rng=RNG)
    with pytest.raises(InputError, match="n_orders is 3; give an even number from 4 up"):
        shapley("abc", lambda g: 0.0, rng=RNG, exact_to=1, n_orders=3)


# Nucleolus


@pytest.mark.parametrize(
    ("left", "shares"),
    [(100, (100 / 3, 100 / 3, 100 / 3)), (200, (50, 75, 75)), (300, (50, 100, 150))],
)
def test_the_three_widows_of_the_talmud(left: float, shares: tuple[float, ...]) -> None:
    """Kethubot 93a: the debts are 100, 200 and 300."""
    owed = {"a": 100.0, "b": 200.0, "c": 300.0}
    found = prenucleolus(
        list(owed), lambda g: max(0.0, left - sum(owed[p] for p in owed if p not in g))
    )
    assert list(found.values()) == pytest.approx(shares)


def contested(owed: list[float], left: float) -> list[float]:
    """The split that halves what two contest, consistently (Aumann and Maschler, Theorem A)."""
    half = sum(owed) / 2
    if left > half:
        return [o - share for o, share in zip(owed, contested(owed, sum(owed) - left), strict=True)]
    low, high = 0.0, max(owed)
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if sum(min(o / 2, middle) for o in owed) < left else (low, middle)
        )
    return [min(o / 2, low) for o in owed]


@pytest.mark.parametrize("seed", range(15))
def test_bankruptcies_of_any_size(seed: int) -> None:
    """Aumann and Maschler (1985), Theorem C: the nucleolus is the consistent split."""
    chance = random.Random(seed)
    owed = {name: float(chance.randint(1, 90)) for name in "abcdef"[: chance.randint(2, 6)]}
    left = chance.uniform(0.1, 1) * sum(owed.values())
    found = prenucleolus(
        list(owed), lambda g: max(0.0, left - sum(owed[p] for p in owed if p not in g))
    )
    assert list(found.values()) == pytest.approx(contested(list(owed.values()), left), abs=1e-5)


def test_two_left_gloves_and_three_right_ones() -> None:
    """The core is one point: the scarce side has it all."""
    pairs = lambda g: float(min(sum(p[0] == "l" for p in g), sum(p[0] == "r" for p in g)))  # noqa: E731
    found = prenucleolus(["l1", "l2", "r1", "r2", "r3"], pairs)
    assert list(found.values()) == pytest.approx([1, 1, 0, 0, 0], abs=1e-7)


@pytest.mark.parametrize("seed", range(25))
def test_kohlbergs_criterion(seed: int) -> None:
    """
    Groups of any excess or more are balanced: Kohlberg (1971), as Sobolev has it for all splits.

    Balanced: some weights above 0 make every player's weights 1, which a linear program finds.
    """
    from scipy.optimize import linprog

    names, worth = game(seed + 500, 3 + seed % 3)
    shares = prenucleolus(names, worth.__getitem__)
    assert sum(shares.values()) == pytest.approx(worth[frozenset(names)])
    excess = {g: worth[g] - sum(shares[p] for p in g) for g in groups_of(names)}
    for level in sorted({round(e, 6) for e in excess.values()}, reverse=True):
        rows = np.array(
            [[float(p in g) for g, e in excess.items() if e >= level - 1e-5] for p in names]
        )
        n = rows.shape[1]
        found = linprog(
            np.append(np.zeros(n), -1.0), A_ub=np.hstack([-np.eye(n), np.ones((n, 1))]), b_ub=np.zeros(n),
            A_eq=np.hstack([rows, np.zeros((len(names), 1))]), b_eq=np.ones(len(names)),
        )  # fmt: skip
        assert found.status == 0 and -found.fun > 1e-9, (seed, level)


def test_too_many_players() -> None:
    with pytest.raises(InputError, match="13 players; give 1 to 12, or ask for the least core"):
        prenucleolus([str(n) for n in range(13)], lambda g: 0.0)


# Least core


def enumerated(names: str, worth: dict[frozenset[str], float]):
    return lambda split: max(
        groups_of(names), key=lambda g: (worth[g] - sum(split[p] for p in g), sorted(g))
    )


@pytest.mark.parametrize("seed", range(15))
def test_groups_made_as_needed_reach_the_least_excess_of_all(seed: int) -> None:
    """The first of the nucleolus's programs, over all groups at once."""
    names, worth = game(seed + 900, 3 + seed % 4)
    near = dict.fromkeys(names, worth[frozenset(names)] / len(names))
    found = least_core(names, worth.__getitem__, enumerated(names, worth), near=near)
    exact = prenucleolus(names, worth.__getitem__)
    greatest = max(worth[g] - sum(exact[p] for p in g) for g in groups_of(names))
    assert found.excess == pytest.approx(greatest, abs=1e-5)
    reached = max(worth[g] - sum(found.shares[p] for p in g) for g in groups_of(names))
    assert reached <= found.excess + 1e-4
    assert sum(found.shares.values()) == pytest.approx(worth[frozenset(names)])
    far = max(abs(found.shares[p] - near[p]) for p in names)
    assert far <= max(abs(exact[p] - near[p]) for p in names) + 1e-4


# In words


def test_a_stable_split_and_one_that_cannot_be() -> None:
    worth = {"": 0.0, "a": 1.0, "b": 1.0, "ab": 4.0}
    found = stable_split("ab", lambda g: worth["".join(sorted(g))], lambda s: frozenset("a"), near={},
                         words=lambda v: f"{v:g}")  # fmt: skip
    assert found.stable and found.shares == pytest.approx({"a": 2, "b": 2})
    assert found.said == "Stable: no group does better by itself. The nearest to leaving: a."
    assert found.grievances[0].said == "a: 1 alone, 2 here"
    worth["a"] = worth["b"] = 3.0
    found = stable_split("ab", lambda g: worth["".join(sorted(g))], lambda s: frozenset("a"), near={},
                         words=lambda v: f"{v:g}")  # fmt: skip
    assert not found.stable and found.excess == pytest.approx(1)
    assert found.said.startswith("No split is stable: by itself a would have 1 more than here")
