"""The curves against the definition in docs/methods/readiness.md, one day at a time."""

import random
from datetime import date

import pytest

from tests.ally import testing_call as case
from tests.ally.testing_call import AS_OF, CAPABILITIES, day
from triplehelix.ally.alliance import Alliance, Contribution
from triplehelix.ally.assets import Asset, Promised
from triplehelix.ally.readiness import readiness

LAST = 45


def _world(seed: int) -> tuple[Alliance, dict[str, Asset]]:
    chance = random.Random(seed)
    assets = {}
    for name in "abc":
        promised = tuple(
            Promised(
                chance.choice([10, 30, 60]),
                day(chance.randint(-3, 12)),
                chance.choice([None, day(18)]),
            )
            for _ in range(chance.randint(0, 2))
        )
        starts = chance.choice([None, day(6)])
        assets[name] = case.asset(name, 100, lead_days=0, promised=promised, starts=starts)
    given = []
    for need in ("n0", "n1"):
        for name in chance.sample("abc", chance.randint(1, 3)):
            first, ready = chance.choice([15, 20]), chance.randint(1, 14)
            cut = chance.choice([None, 30])
            given.append(case.contribution(
                name, chance.choice([20.0, 50.0]), ready, need=need, starts=day(first),
                ends=cut and day(cut),
            ))  # fmt: skip
            if cut and chance.random() < 0.5:
                given.append(case.contribution(
                    name, 35.0, ready, need=need, starts=day(cut + 1), ends=None
                ))  # fmt: skip
    needs = [
        {
            "need": need,
            "capability": "pcr-testing",
            "amount": 60,
            "unit": "tests/day",
            "by": day(20),
        }
        for need in ("n0", "n1")
    ]
    return case.alliance(tuple(given), case.call(needs=needs)), assets


def _covers(one: Contribution, on: date) -> bool:
    return one.starts <= on and (one.ends is None or on <= one.ends)


def _waits(one: Contribution, given: tuple[Contribution, ...], on: date) -> bool:
    """Ready, not asked for yet, and the first stretch of its asset and need."""
    mine = [o.starts for o in given if (o.need, o.asset) == (one.need, one.asset)]
    return one.ready <= on < one.starts and one.starts == min(mine)


def _amount(alliance: Alliance, assets: dict[str, Asset], need: str, on: date) -> float:
    total, given = 0.0, alliance.contributions
    for one in given:
        if one.need != need:
            continue
        if _covers(one, on):
            total += one.amount
        elif _waits(one, given, on):
            capacity = assets[one.asset].capacities[0]
            free = capacity.amount if capacity.starts is None or on >= capacity.starts else 0.0
            free -= sum(
                p.amount
                for p in capacity.promised
                if p.starts <= on and (p.ends is None or on <= p.ends)
            )
            free = max(0.0, free)
            free -= sum(o.amount for o in given if o.asset == one.asset and _covers(o, on))
            wanted = sum(o.amount for o in given if o.asset == one.asset and _waits(o, given, on))
            total += one.amount * min(1.0, max(0.0, free) / wanted)
    return total


@pytest.mark.parametrize("seed", range(60))
def test_every_day(seed: int) -> None:
    alliance, assets = _world(seed)
    ready = readiness(alliance, case.landscape(tuple(assets.values())), CAPABILITIES, today=AS_OF)
    for need in ready.needs:
        by_day = [_amount(alliance, assets, need.need, day(n)) for n in range(1, LAST)]
        assert [need.planned.on(day(n)) for n in range(1, LAST)] == pytest.approx(by_day)
        first = next((day(n + 1) for n, a in enumerate(by_day) if a >= 60 - 1e-6), None)
        assert need.expected.reached == first
        assert need.kept == all(a >= 60 - 1e-6 for a in by_day[19:])
        for step in need.steps:
            told = sum(wait.amount for wait in step.waits)
            assert step.amount == pytest.approx(_amount(alliance, assets, need.need, step.day))
            assert told >= 0 and all(wait.day > step.day for wait in step.waits)
