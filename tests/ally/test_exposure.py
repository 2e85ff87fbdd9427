"""How often who was chosen: by hand, by every way of choosing, and where a favourite is planted."""

import random
from itertools import combinations, product
from math import isnan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triplehelix.ally.exposure import Exposure, Seen, exposure
from triplehelix.errors import InputError


def one(found: tuple[Exposure, ...], who: str) -> Exposure:
    return next(each for each in found if each.who == who)


def call(name: str, candidates: str, proposed: str, **regions: str) -> list[Seen]:
    rows = [Seen(name, who, regions.get(who), "candidate") for who in candidates]
    return rows + [Seen(name, who, regions.get(who), "proposed") for who in proposed]


ROWS = [
    *call("c1", "abc", "a"),
    *call("c2", "abd", "ab"),
    *call("c3", "ad", ""),
    Seen("c1", "a", None, "invited"),
    Seen("c2", "a", None, "accepted"),
    Seen("c2", "b", None, "invited"),
]


def test_worked_by_hand() -> None:
    """a: candidate 3 times, proposed 2 of 1/3 + 2/3 + 0 expected, invited twice, accepted once."""
    found = exposure(ROWS)
    a = one(found, "a")
    assert (a.calls, a.candidate, a.proposed.n, a.invited.n) == (3, 3, 2, 2)
    assert (a.accepted.n, a.accepted.of, a.accepted.share) == (1, 2, 0.5)
    assert a.expected == pytest.approx(1.0)
    assert a.proposed.share == pytest.approx(2 / 3)
    assert one(found, "d").proposed.n == 0 and isnan(one(found, "d").accepted.share)


def test_the_interval_is_wilsons() -> None:
    """2 of 3 by his formula with z = 1.959964: 0.2077 to 0.9385."""
    proposed = one(exposure(ROWS), "a").proposed
    assert (round(proposed.low, 4), round(proposed.high, 4)) == (0.2077, 0.9385)


def _every_way(calls: list[tuple[str, int]], group: set[str], seen: int) -> float:
    """Twice the lesser chance of as many and as few, over every way of choosing so many."""
    ways = [
        sum(len(group & set(chosen)) for chosen in choice)
        for choice in product(*(combinations(names, n) for names, n in calls))
    ]
    as_many = sum(n >= seen for n in ways) / len(ways)
    return min(1.0, 2 * min(as_many, sum(n <= seen for n in ways) / len(ways)))


@pytest.mark.parametrize("seed", range(20))
def test_chance_against_every_way_of_choosing(seed: int) -> None:
    chance = random.Random(seed)
    region = {name: chance.choice(["north", "south"]) for name in "abcdef"}
    calls, rows = [], []
    for n in range(3):
        names = "".join(sorted(chance.sample("abcdef", chance.randint(2, 5))))
        proposed = "".join(chance.sample(names, chance.randint(0, len(names))))
        calls.append((names, len(proposed)))
        rows += call(f"c{n}", names, proposed, **region)
    for each in exposure(rows):
        assert each.p_value == pytest.approx(_every_way(calls, {each.who}, each.proposed.n))
    for each in exposure(rows, by="region"):
        group = {name for name, where in region.items() if where == each.who}
        assert each.p_value == pytest.approx(_every_way(calls, group, each.proposed.n))


def test_a_planted_favourite_is_found_and_nobody_else() -> None:
    """a is proposed in 30 of 40 calls of ten candidates, two proposed in each."""
    chance, rows = random.Random(4), []
    for n in range(40):
        others = chance.sample("bcdefghij", 2)
        rows += call(f"c{n}", "abcdefghij", "".join(["a", others[0]] if n < 30 else others))
    found = exposure(rows)
    assert [each.who for each in found if each.q_value < 0.05] == ["a"]
    assert one(found, "a").expected == pytest.approx(8)


# The first run of a machine that is busy takes long.
@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_order_and_repeats_change_nothing(chance: random.Random) -> None:
    mixed = [*ROWS, *chance.sample(ROWS, 4)]
    chance.shuffle(mixed)
    # NaN is not equal to itself, so what is written is compared.
    assert repr(exposure(mixed)) == repr(exposure(ROWS))


def test_members_of_a_region_count_each() -> None:
    rows = call("c", "abc", "ab", a="north", b="north", c="south")
    north = one(exposure(rows, by="region"), "north")
    assert (north.calls, north.candidate, north.proposed.n, north.expected) == (
        1,
        2,
        2,
        pytest.approx(4 / 3),
    )
    assert one(exposure(call("c", "a", "")), "a").who == "a"
    assert exposure(call("c", "a", ""), by="region")[0].who == "unknown"


def test_what_makes_no_sense() -> None:
    with pytest.raises(InputError, match="a is 'liked' in c; use candidate, proposed"):
        exposure([Seen("c", "a", None, "liked")])  # type: ignore[arg-type]
    with pytest.raises(InputError, match="a is in north and in south in the call c; keep one"):
        exposure([Seen("c", "a", "north", "candidate"), Seen("c", "a", "south", "invited")])


def test_nothing_gives_nothing() -> None:
    assert exposure([]) == ()
