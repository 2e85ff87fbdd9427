"""What partners add and cost: by hand, and the games against each other."""

import random
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from tests.ally import testing_call as case
from tests.ally.testing_call import AS_OF, CAPABILITIES, day
from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Asset, Landscape
from triplehelix.ally.checks.case import Case
from triplehelix.ally.coverable import Coverable
from triplehelix.ally.sharing import Sharing, share_benefit, share_cost
from triplehelix.ally.sharing_game import SharingGame
from triplehelix.errors import InputError


def asked(*needs: dict[str, Any], **more: Any) -> Alliance:
    usual = {"capability": "pcr-testing", "unit": "tests/day", "by": day(1), "until": day(10)}
    listed = [{"need": f"n{n}", **usual, **need} for n, need in enumerate(needs)]
    call = case.call(needs=listed, **more)
    return Alliance(call, "optimal", None, None, {}, (), (), ())


def benefit(alliance: Alliance, landscape: Landscape) -> Sharing:
    return share_benefit(
        alliance, landscape, CAPABILITIES, today=AS_OF, rng=np.random.default_rng(1)
    )  # fmt: skip


def test_who_adds_up_without_overlap_gets_what_is_theirs() -> None:
    """The testing call needs all four to the last test, so each adds its own."""
    found = benefit(case.alliance(), case.landscape())
    own = {"campus-m": 4_000, "hospital-m": 6_000, "spinout-m": 500, "works-m": 10_000}
    shares = {name: amount / 20_500 for name, amount in own.items()}
    assert found.whole == pytest.approx(1)
    assert found.shapley.values == pytest.approx(shares)
    assert found.split.shares == pytest.approx(shares)
    assert found.split.method == "nucleolus" and found.split.stable


def test_two_that_could_each_do_it_alone() -> None:
    """10 are needed, and a and b have 10 each: half each, and no split is stable."""
    here = case.landscape(tuple(case.asset(name, 10, lead_days=0) for name in "ab"))
    found = benefit(replace(asked({"amount": 10}), partners=("a-m", "b-m")), here)
    assert found.shapley.values == pytest.approx({"a-m": 0.5, "b-m": 0.5})
    assert not found.split.stable and found.split.excess == pytest.approx(0.5)
    assert found.split.said.startswith("No split is stable: by itself a-m would have 50.0% more")


def _random(seed: int, n: int, *, shared: bool = True) -> tuple[Alliance, Landscape]:
    """`shared`: whether some capacities serve two needs."""
    chance = random.Random(seed)
    names = "abcdefghijklmn"[:n]
    assets = [
        case.asset(f"x{k}", chance.randint(1, 12), names[k % n], lead_days=chance.choice([0, 4]))
        for k in range(2 * n)
    ]
    kinds = ("pcr-testing", "diagnostic-testing")
    assets = [
        replace(one, capacities=(replace(one.capacities[0], capability=chance.choice(kinds)),))
        for one in assets
    ]
    advisers = [Asset(f"v{k}", "V", chance.choice(names), ("regulatory-advice",)) for k in range(2)]
    needs: list[dict[str, Any]] = [
        {"amount": 3 * n, "weight": 3},
        {"capability": "regulatory-advice", "unit": None, "by": day(20), "until": None},
    ]
    if shared:
        needs.insert(1, {"amount": 2 * n, "capability": "diagnostic-testing"})
    alliance, here = asked(*needs), case.landscape((*assets, *advisers))
    return replace(alliance, partners=tuple(sorted({one.member for one in here.assets}))), here


def _case(alliance: Alliance, landscape: Landscape) -> Case:
    return Case(alliance, landscape, CAPABILITIES, AS_OF)


@pytest.mark.parametrize("seed", range(6))
def test_the_game_agrees_with_what_is_coverable_and_finds_the_worst_group(seed: int) -> None:
    """Two programs for the same worth; the worst group against all there are."""
    alliance, here = _random(seed, 5)
    players = alliance.partners
    weight = {"n0": 3 / 5, "n1": 1 / 5, "n2": 1 / 5}
    game = SharingGame(_case(alliance, here), players, lambda need, *_: weight[need])
    able = Coverable(_case(alliance, here), players)
    split = {name: 0.1 + 0.05 * k for k, name in enumerate(players)}
    beyond = {}
    for k in range(1, len(players)):
        for group in map(frozenset, combinations(players, k)):
            assert game.value(group) == pytest.approx(able.share(group), abs=1e-9)
            beyond[group] = able.share(group) - sum(split[name] for name in group)
    assert beyond[game.worst(split)] == pytest.approx(max(beyond.values()), abs=1e-7)


def test_beyond_ten_partners_it_is_sampled_and_of_the_least_core() -> None:
    """The greatest excess against all groups of eleven, by what is coverable."""
    alliance, here = _random(99, 11, shared=False)
    assert len(alliance.partners) == 11
    found = benefit(alliance, here)
    assert not found.shapley.exact and found.split.method == "least core"
    assert sum(found.split.shares.values()) == pytest.approx(found.whole)
    able = Coverable(_case(alliance, here), alliance.partners)
    greatest = max(
        able.share(group) - sum(found.split.shares[name] for name in group)
        for k in range(1, 11)
        for group in combinations(alliance.partners, k)
    )
    assert greatest == pytest.approx(found.split.excess, abs=1e-5)


def test_costs_by_hand() -> None:
    """
    10 tests a day for 10 days; elsewhere that costs 1,000. a has 5 at 2 each, so 100 for half of
    it, b has 10 at 4 each, so 400 for all. Alone a pays 100 + 500, b 400; together a's 5 cost 100
    and b's 5 200: 300. Joining saves 600 + 400 - 300 = 700, half of it each: a pays 600 - 350 = 250
    and b 400 - 350 = 50.
    """
    priced = [
        replace(
            case.asset(name, amount, lead_days=0), price=price, currency="GBP", price_unit="test"
        )
        for name, amount, price in (("a", 5, 2.0), ("b", 10, 4.0))
    ]
    alliance = replace(asked({"amount": 10}), partners=("a-m", "b-m"))
    found = share_cost(
        alliance, case.landscape(tuple(priced)), CAPABILITIES, {"n0": 1_000.0}, today=AS_OF,
        rng=np.random.default_rng(1),
    )  # fmt: skip
    assert found.whole == pytest.approx(300)
    assert found.shapley.values == pytest.approx({"a-m": 250, "b-m": 50})
    assert found.split.shares == pytest.approx({"a-m": 250, "b-m": 50})
    assert found.split.stable and found.split.excess == pytest.approx(-350)
    assert found.split.grievances[0].said == "a-m: 600 alone, 250 here"


def test_what_is_met_by_yes_or_no_is_paid_once() -> None:
    """Advice costs 500 elsewhere and nothing from a: alone a pays 0, b 500; together 0."""
    adviser = Asset("a", "A", "a-m", ("regulatory-advice",))
    here = case.landscape((adviser, case.asset("b", 1)))
    alliance = replace(
        asked({"capability": "regulatory-advice", "unit": None, "by": day(20), "until": None}),
        partners=("a-m", "b-m"),
    )
    found = share_cost(
        alliance, here, CAPABILITIES, {"n0": 500.0}, today=AS_OF, rng=np.random.default_rng(1)
    )
    assert found.shapley.values == pytest.approx({"a-m": -250, "b-m": 250})


@pytest.mark.parametrize(
    ("outside", "words"),
    [
        ({}, "outside has no price for n0; give what 10 tests/day would cost elsewhere"),
        ({"n0": -1.0}, r"outside\['n0'\] is -1.0; give a price from 0 up"),
    ],
)
def test_a_price_that_is_missing_or_wrong(outside: dict[str, float], words: str) -> None:
    alliance = replace(asked({"amount": 10}), partners=("a-m",))
    with pytest.raises(InputError, match=words):
        share_cost(alliance, case.landscape((case.asset("a", 1),)), CAPABILITIES, outside,
                   today=AS_OF, rng=np.random.default_rng(1))  # fmt: skip


def test_nobody_to_share_with() -> None:
    with pytest.raises(InputError, match="no partners, so there is nobody to share with"):
        benefit(asked({"amount": 10}), case.landscape())
