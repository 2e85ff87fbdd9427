"""The order of rows never matters, and nobody is favoured over many calls."""

import hashlib
import random
from dataclasses import replace

import pytest

from tests.ally.test_brute import _world
from tests.ally.worlds import OURS, TODAY, asset, call, landscape
from triplehelix.ally.assets import Landscape
from triplehelix.ally.order import PublishedOrder
from triplehelix.ally.solve import solve


def _shuffled(offered: Landscape, seed: int) -> Landscape:
    rng = random.Random(seed)
    members, assets = list(offered.members), list(offered.assets)
    rng.shuffle(members)
    rng.shuffle(assets)
    mixed = tuple(
        replace(one, capacities=tuple(rng.sample(one.capacities, len(one.capacities))),
                capabilities=tuple(rng.sample(one.capabilities, len(one.capabilities))))
        for one in assets
    )  # fmt: skip
    ties = list(offered.familiar.items())
    rng.shuffle(ties)
    return Landscape(
        tuple(members),
        tuple(replace(one, capabilities=one.capabilities) for one in mixed),
        dict(ties),
    )


@pytest.mark.parametrize("seed", range(0, 400, 9))
def test_shuffled_rows_give_the_same_answer(seed: int) -> None:
    asked, offered = _world(seed)
    first = solve(asked, offered, OURS, today=TODAY)
    again = solve(asked, _shuffled(offered, seed), OURS, today=TODAY)
    assert replace(again, seconds=first.seconds) == first


def test_the_order_is_the_published_one() -> None:
    """SHA-256 over the lines title, organiser, opening day, day of the answer, id."""
    asked = call(title="A call", organiser="A body", opens="2026-02-01")
    names = [f"asset-{n}" for n in range(20)]
    lines = "A call\nA body\n2026-02-01\n2026-03-01\n"
    by_hand = sorted(names, key=lambda name: hashlib.sha256((lines + name).encode()).digest())
    assert PublishedOrder(asked, TODAY).sorted(reversed(names)) == by_hand


def test_swapping_all_facts_of_two_owners_swaps_the_answer() -> None:
    """One is better by price: whoever has its facts is chosen, whatever they are called."""
    good = {"price": 1, "currency": "GBP", "price_unit": "test"}
    poor = {**good, "price": 2}
    for mine, theirs, chosen in ((good, poor, "a"), (poor, good, "b")):
        offered = landscape(asset("a-line", "a", 100, **mine), asset("b-line", "b", 100, **theirs))
        assert solve(call(), offered, OURS, today=TODAY).partners == (chosen,)


def test_of_identical_owners_each_is_chosen_about_equally_often() -> None:
    """Four equal owners over 120 calls: 30 each, within four standard deviations (4.7 each)."""
    offered = landscape(*(asset(f"{name}-line", name, 100) for name in "abcd"))
    chosen = [
        solve(call(title=f"Call {n}"), offered, OURS, today=TODAY).partners for n in range(120)
    ]
    counts = [chosen.count((name,)) for name in "abcd"]
    assert sum(counts) == 120
    assert max(abs(n - 30) for n in counts) <= 19


def test_of_identical_owners_the_one_chosen_follows_the_order() -> None:
    """Each call's choice is the one that stands at the same place of its published order."""
    offered = landscape(*(asset(f"{name}-line", name, 100) for name in "abcd"))
    places = set()
    for n in range(40):
        asked = call(title=f"Call {n}")
        (chosen,) = solve(asked, offered, OURS, today=TODAY).contributions
        order = PublishedOrder(asked, TODAY).sorted(f"{name}-line" for name in "abcd")
        places.add(order.index(chosen.asset))
    assert len(places) == 1
